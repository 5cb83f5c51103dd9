package analyzer_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// failing gives the probability of every journey and module to fail, unknown parts at 99 %.
func failing(t interface{ Fatal(...any) }, d *schema.Design, l resilience.Limits) (journeys, modules map[string]resilience.Probability) {
	a := analyzer.New(d)
	system, err := resilience.New(a, resilience.Assumptions{Pessimistic: 99}, l)
	if err != nil {
		t.Fatal(err)
	}
	probability := func(target analyzer.Target) resilience.Probability {
		p, err := system.Probability(target, 0.01)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	journeys, modules = map[string]resilience.Probability{}, map[string]resilience.Probability{}
	for j, journey := range a.Journeys() {
		journeys[journey.Name] = probability(analyzer.OfJourney(int32(j)))
	}
	for m := range int32(a.Modules()) {
		modules[a.Module(m).Name] = probability(analyzer.OfModule(m))
	}
	return journeys, modules
}

// One more replica never lowers an availability, where need stays what it was: not of a quorum that states none, whose
// majority grows; and where it takes nothing from the others: the primary of a manual failover that counts place is
// somewhere else, or nobody knows where, once there are more.
func TestOneMoreReplicaNeverLowersAvailability(t *testing.T) {
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		someAvailabilities(t, d)
		m := d.Modules[rapid.IntRange(0, len(d.Modules)-1).Draw(t, "module")]
		if m.Redundancy.Mode == schema.Quorum && m.Redundancy.Need == nil || refManual(m) && m.Placement != nil && len(m.Placement.Counts) > 0 {
			t.Skip("need or the primary changes")
		}
		journeys, modules := failing(t, d, resilience.Limits{})
		if m.Autoscaling != nil {
			m.Autoscaling.Min++
		} else {
			m.Replicas++
		}
		moreJourneys, moreModules := failing(t, d, resilience.Limits{})
		for name, p := range journeys {
			if q := moreJourneys[name]; q.Low > p.Low*(1+1e-12) {
				t.Fatalf("with one more replica of %s, journey %s fails with %g instead of %g", m.Name, name, q.Low, p.Low)
			}
		}
		for name, p := range modules {
			if q := moreModules[name]; q.Low > p.Low*(1+1e-12) {
				t.Fatalf("with one more replica of %s, %s fails with %g instead of %g", m.Name, name, q.Low, p.Low)
			}
		}
	})
}

func TestNamesAndOrderDoNotChangeAvailability(t *testing.T) {
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		someAvailabilities(t, d)
		for _, m := range d.Modules {
			if m.Placement == nil || len(m.Placement.Counts) == 0 {
				continue
			}
			sum := 0
			for _, c := range m.Placement.Counts {
				sum += c.Count
			}
			if sum > m.ReliableReplicas() || refManual(m) {
				t.Skip("names decide which counts are filled, and where replica 1 stands")
			}
		}
		names := identity{}.of(d)
		back := map[string]string{}
		for old := range names {
			if n := len(old); n > 1 && old != "nobody" && old != "nowhere" {
				names[old] = old[:1] + "x" + string('z'-(old[n-1]-'0')) + old[1:] // in reverse order
			}
			back[names[old]] = old
		}
		for _, j := range d.Journeys {
			names[j.Name], back["x"+j.Name] = "x"+j.Name, j.Name
		}
		other := renamed(d, names)
		slices.Reverse(other.Modules)
		slices.Reverse(other.FailureDomains)
		other.Normalize()
		journeys, modules := failing(t, d, resilience.Limits{})
		otherJourneys, otherModules := failing(t, other, resilience.Limits{})
		if len(journeys) != len(otherJourneys) || len(modules) != len(otherModules) {
			t.Fatalf("%d journeys and %d modules, then %d and %d", len(journeys), len(modules), len(otherJourneys), len(otherModules))
		}
		for name, p := range otherJourneys {
			if q := journeys[back[name]]; !near(p.Low, q.Low, 1e-12) {
				t.Fatalf("journey %s: %g, renamed %g", back[name], q.Low, p.Low)
			}
		}
		for name, p := range otherModules {
			if q := modules[back[name]]; !near(p.Low, q.Low, 1e-12) {
				t.Fatalf("%s: %g, renamed %g", back[name], q.Low, p.Low)
			}
		}
	})
}

// A new module that one needs multiplies that one's availability with its own; a perfect one changes nothing anywhere.
func TestWhatStandsInSeriesMultiplies(t *testing.T) {
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		someAvailabilities(t, d)
		journeys, modules := failing(t, d, resilience.Limits{})
		k := rapid.IntRange(0, len(d.Modules)-1).Draw(t, "module")
		percent := rapid.SampledFrom([]float64{100, 99.9, 95, 50}).Draw(t, "availability")
		copies := rapid.IntRange(1, 3).Draw(t, "copies")
		more := renamed(d, identity{}.withJourneys(d))
		more.Modules = append(more.Modules, &schema.Module{Name: "zz", Kind: schema.Monitoring, Replicas: copies, Availability: &percent})
		caller := more.Modules[k]
		caller.DependsOn = append(caller.DependsOn, &schema.Dependency{Key: "zz", To: schema.Ref{Name: "zz"}})
		if len(d.Journeys) == 0 && !slices.ContainsFunc(d.Modules, func(m *schema.Module) bool { return m.Entry }) {
			journeys = nil // implied ones may be others now
		}
		more.Normalize()
		moreJourneys, moreModules := failing(t, more, resilience.Limits{})
		q := math.Pow((100-percent)/100, float64(copies))
		p := modules[caller.Name].Low
		if got, want := moreModules[caller.Name].Low, p+q-p*q; !near(got, want, 1e-12) {
			t.Fatalf("%s fails with %g, want %g: %g and %g in series", caller.Name, got, want, p, q)
		}
		if percent < 100 {
			return
		}
		for name, p := range modules {
			if got := moreModules[name].Low; !near(got, p.Low, 1e-12) {
				t.Fatalf("%s fails with %g, without the perfect part with %g", name, got, p.Low)
			}
		}
		for name, p := range journeys {
			if got := moreJourneys[name].Low; !near(got, p.Low, 1e-12) {
				t.Fatalf("journey %s fails with %g, without the perfect part with %g", name, got, p.Low)
			}
		}
	})
}

func (i identity) withJourneys(d *schema.Design) map[string]string {
	out := i.of(d)
	for _, j := range d.Journeys {
		out[j.Name] = j.Name
	}
	return out
}

// With next to no room, what comes out is certified, and holds the figure, or is an estimate that says so.
func TestBoundsHoldTheFigure(t *testing.T) {
	missed, estimates, intervals := 0, 0, 0
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		someAvailabilities(t, d)
		exact, _ := failing(t, d, resilience.Limits{})
		bounded, _ := failing(t, d, resilience.Limits{Nodes: 3})
		for name, p := range bounded {
			q := exact[name].Low
			inside := p.Low <= q*(1+1e-12) && q*(1-1e-12) <= p.High
			if p.Method == resilience.Simulated {
				estimates++
				if !inside {
					missed++
				}
				continue
			}
			if p.Method == resilience.Interval {
				intervals++
			}
			if !inside {
				t.Fatalf("%s: %v does not hold %g", name, p, q)
			}
		}
	})
	if intervals == 0 {
		t.Error("all were exact: the test asks nothing")
	}
	if missed > estimates/100+5 {
		t.Errorf("%d of %d estimates miss", missed, estimates)
	}
}

// Modules of any size: against the sum over the states of three zones, the replicas of each counted one by one.
func TestManyReplicas(t *testing.T) {
	for _, c := range []struct{ replicas, need int }{{600, 350}, {700, 466}, {700, 467}, {701, 1}, {700, 699}, {1500, 1000}, {900, 595}} {
		for _, down := range []float64{0.0005, 0.02} {
			percent := 100 * (1 - down)
			zone := 99.9
			d := &schema.Design{System: "many", Modules: []*schema.Module{{
				Name: "web", Entry: true, Replicas: c.replicas, Availability: &percent, Redundancy: schema.Redundancy{Need: &c.need},
				Placement: &schema.Placement{Spread: refs([]string{"a", "b", "c"})},
			}}}
			for _, name := range []string{"a", "b", "c"} {
				d.FailureDomains = append(d.FailureDomains, &schema.FailureDomain{Name: name, Kind: schema.Zone, Availability: &zone})
			}
			d.Normalize()
			q, _ := d.Modules[0].Unavailability()
			z, _ := d.FailureDomains[0].Unavailability()
			want := 0.0
			for s := range 8 {
				p, up := 1.0, 0
				for k := range 3 {
					if s>>k&1 == 1 {
						p *= z
					} else {
						p *= 1 - z
						up += (c.replicas - k + 2) / 3
					}
				}
				chance := make([]float64, up+1) // by the number that is down
				chance[0] = 1
				for n := range up {
					for k := n + 1; k >= 1; k-- {
						chance[k] = chance[k]*(1-q) + chance[k-1]*q
					}
					chance[0] *= 1 - q
				}
				for lost, x := range chance {
					if up-lost < c.need {
						want += p * x
					}
				}
			}
			got, _ := failing(t, d, resilience.Limits{})
			if p := got["web"]; p.Method != resilience.Exact || !near(p.Low, want, 1e-11) {
				t.Errorf("%d of %d, each %g: %v, want %g", c.need, c.replicas, q, p, want)
			}
		}
	}
}

// What contributes in a design with too many replicas to name them: against the same design with that part perfect, and
// down.
func TestContributorsOfManyReplicas(t *testing.T) {
	need := 560
	percents := []float64{99, 99.5, 99.9, 99.8}
	build := func() *schema.Design {
		own := slices.Clone(percents)
		d := design(
			module("web", replicas(2), placed("a", "b"), needs("many", "mail")), module("many", replicas(900), placed("a", "b", "c")),
			module("mail", kind(schema.External)), journey("shop", "web"), "a", "b", "c",
		)
		for _, m := range d.Modules {
			switch m.Name {
			case "web":
				m.Availability = &own[0]
			case "many":
				m.Availability, m.Redundancy.Need = &own[1], &need
			case "mail":
				m.Availability = &own[2]
			}
		}
		for _, f := range d.FailureDomains {
			x := own[3]
			f.Availability = &x
		}
		return d
	}
	d := build()
	a := analyzer.New(d)
	system, err := resilience.New(a, resilience.Assumptions{Pessimistic: 99}, resilience.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := system.Availability(analyzer.OfJourney(0))
	if err != nil {
		t.Fatal(err)
	}
	p := got.Worst.Low
	seen := 0
	for _, c := range got.Contributors {
		changed := func(percent float64) float64 {
			other := build()
			if c.Event.Kind == analyzer.DomainEvent {
				other.FailureDomains[c.Event.Domain].Availability = &percent
			} else {
				other.Modules[c.Event.Module].Availability = &percent
			}
			journeys, _ := failing(t, other, resilience.Limits{})
			return journeys["shop"].Low
		}
		if c.Event.Kind == analyzer.ReplicasEvent {
			continue
		}
		seen++
		with, without := changed(0), changed(100)
		if !near(c.FussellVesely, (p-without)/p, 1e-9) || !near(c.RiskAchievementWorth, with/p, 1e-9) || !near(c.Birnbaum, with-without, 1e-9) {
			t.Errorf("%s: %+v; P %g, with it %g, without it %g", a.EventName(c.Event), c.Importance, p, with, without)
		}
	}
	if seen != 4 {
		t.Errorf("%d contributors beside groups of replicas, want mail and three zones", seen)
	}
}
