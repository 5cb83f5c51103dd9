package improve

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/rules"
	"lintel/schema"
)

// drawDesign makes a small design: a few modules of all forms of redundancy in nested failure domains, alternatives, cycles,
// soft dependencies, journeys that leave some dependencies out.
func drawDesign(t *rapid.T, availabilities bool) *schema.Design {
	d := &schema.Design{System: "s"}
	percent := func(label string) *float64 {
		if !availabilities || rapid.IntRange(0, 3).Draw(t, label) == 0 {
			return nil
		}
		return new(rapid.SampledFrom([]float64{90, 95, 99, 99.9, 100}).Draw(t, label))
	}
	domains := rapid.IntRange(0, 4).Draw(t, "domains")
	for i := range domains {
		f := &schema.FailureDomain{
			Name: fmt.Sprint("d", i), Availability: percent("of domain"),
			Kind: rapid.SampledFrom([]schema.DomainKind{schema.Zone, schema.Zone, schema.Zone, schema.Host, schema.Region}).Draw(t, "kind of domain"),
		}
		if i > 0 && rapid.IntRange(0, 2).Draw(t, "nested") == 0 {
			f.In = schema.Ref{Name: fmt.Sprint("d", rapid.IntRange(0, i-1).Draw(t, "in"))}
		}
		d.FailureDomains = append(d.FailureDomains, f)
	}
	n := rapid.IntRange(1, 4).Draw(t, "modules")
	for i := range n {
		m := &schema.Module{
			Name: fmt.Sprint("m", i), Entry: i == 0, Availability: percent("of module"),
			Kind:     rapid.SampledFrom([]schema.Kind{schema.Service, schema.Service, schema.Database, schema.External, schema.Job}).Draw(t, "kind"),
			Replicas: rapid.SampledFrom([]int{1, 1, 1, 2, 2, 3, 0}).Draw(t, "replicas"),
		}
		if rapid.IntRange(0, 5).Draw(t, "scaled") == 0 {
			m.Autoscaling = &schema.Autoscaling{Min: max(m.Replicas, 1), Max: max(m.Replicas, 1) + 1}
		}
		m.Redundancy.Mode = rapid.SampledFrom([]schema.RedundancyMode{"", schema.ActiveActive, schema.ActivePassive, schema.Quorum}).Draw(t, "mode")
		m.Redundancy.Failover = rapid.SampledFrom([]schema.Failover{"", schema.ManualFailover}).Draw(t, "failover")
		if rapid.IntRange(0, 3).Draw(t, "needs") == 0 {
			m.Redundancy.Need = new(rapid.IntRange(1, 2).Draw(t, "need"))
		}
		if domains > 0 {
			switch rapid.IntRange(0, 3).Draw(t, "placed") {
			case 0:
			case 1:
				m.Placement = &schema.Placement{}
				left := m.ReliableReplicas()
				for k := range domains {
					c := rapid.IntRange(0, left).Draw(t, "count")
					if k == domains-1 {
						c = left
					}
					if c > 0 {
						m.Placement.Counts = append(m.Placement.Counts, schema.PlacementCount{Domain: schema.Ref{Name: fmt.Sprint("d", k)}, Count: c})
					}
					left -= c
				}
			default:
				m.Placement = &schema.Placement{}
				for _, k := range rapid.SliceOfNDistinct(rapid.IntRange(0, domains-1), 1, min(domains, 3), rapid.ID).Draw(t, "spread") {
					m.Placement.Spread = append(m.Placement.Spread, schema.Ref{Name: fmt.Sprint("d", k)})
				}
			}
		}
		d.Modules = append(d.Modules, m)
	}
	for i, m := range d.Modules {
		for k := range rapid.IntRange(0, 2).Draw(t, "dependencies") {
			dep := &schema.Dependency{Key: fmt.Sprint("k", k)}
			targets := rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 1, min(n, 3), rapid.ID).Draw(t, "targets")
			if len(targets) == 1 {
				if targets[0] == i {
					continue
				}
				dep.To = schema.Ref{Name: fmt.Sprint("m", targets[0])}
			} else {
				for _, x := range targets {
					dep.AnyOf = append(dep.AnyOf, schema.Ref{Name: fmt.Sprint("m", x)})
				}
				dep.Need = rapid.IntRange(1, len(targets)).Draw(t, "need of them")
			}
			if rapid.IntRange(0, 4).Draw(t, "soft") == 0 {
				dep.Strength = schema.Soft
			}
			m.DependsOn = append(m.DependsOn, dep)
		}
	}
	if rapid.Bool().Draw(t, "journeys") {
		for i := range rapid.IntRange(1, 2).Draw(t, "number") {
			e := rapid.IntRange(0, n-1).Draw(t, "entry")
			j := &schema.Journey{Name: fmt.Sprint("j", i), Entry: schema.Ref{Name: fmt.Sprint("m", e)}}
			if rapid.IntRange(0, 2).Draw(t, "uses") == 0 {
				j.HasUses = true
				j.Uses = []schema.Ref{{Name: fmt.Sprint("m", rapid.IntRange(0, n-1).Draw(t, "used"))}}
			}
			if availabilities {
				j.SLO.Availability = new(rapid.SampledFrom([]float64{90, 98, 99, 99.9}).Draw(t, "slo"))
			}
			d.Journeys = append(d.Journeys, j)
		}
	} else if availabilities {
		d.Modules[0].SLO.Availability = new(rapid.SampledFrom([]float64{90, 98, 99, 99.9}).Draw(t, "slo of module"))
	}
	d.Normalize()
	return d
}

func drawCosts(t *rapid.T) Costs {
	price := func(label string) *float64 {
		switch x := rapid.IntRange(0, 9).Draw(t, label); x {
		case 0:
			return new(Never)
		case 1, 2, 3:
			return new(float64(x))
		}
		return nil
	}
	return Costs{Prices: Prices{Replica: price("replica"), Move: price("move"), Failover: price("failover"), Alternative: price("alternative"), Soft: price("soft")}}
}

// cheapestOfAll tries all choices of the options that are considered, each by analysis of the changed design. ok is false
// where none reaches the goal; few tells that there were few enough to try.
func cheapestOfAll(t *rapid.T, d *schema.Design, settings Settings) (least float64, ok, few bool) {
	s := newSystem(analyzer.New(d), &settings)
	s.addAll()
	choices := 1
	for _, v := range s.vars {
		if choices *= len(v.options); choices > 600 {
			return 0, false, false
		}
	}
	if settings.Goal.kind != slo && len(s.a.Failures().Before.Lost) > 0 {
		return 0, false, true // a contradiction of the design, which is not mended here
	}
	least = math.Inf(1)
	var try func(v int, all []change.Change, price float64)
	try = func(v int, all []change.Change, price float64) {
		if price >= least {
			return
		}
		if v == len(s.vars) {
			changed, err := change.Apply(d, all...)
			if err != nil {
				t.Fatal(err)
			}
			a := analyzer.New(changed)
			m, err := measure(a, &settings, false)
			if err != nil {
				t.Fatal(err)
			}
			// Regions that count before are not made to count no more by leaving all but one.
			f := a.Failures()
			for i, e := range f.Events {
				if e.Kind == analyzer.DomainEvent && s.counted[e.Domain] && len(f.Outcomes[i].Lost) > 0 {
					return
				}
			}
			if m.Met() {
				least, ok = price, true
			}
			return
		}
		for _, o := range s.vars[v].options {
			try(v+1, append(all[:len(all):len(all)], o.changes...), price+o.price)
		}
	}
	try(0, nil, 0)
	return least, ok, true
}

func checkAgainstAll(t *rapid.T, goals []string, availabilities bool) {
	d := drawDesign(t, availabilities)
	goal, _ := ParseGoal(rapid.SampledFrom(goals).Draw(t, "goal"))
	settings := Settings{Goal: goal, Costs: drawCosts(t), AllowSoft: rapid.Bool().Draw(t, "allow soft")}
	settings.Assume.Pessimistic = 97
	settings.Assume.Typical = availabilities && rapid.Bool().Draw(t, "typical")
	least, possible, few := cheapestOfAll(t, d, settings)
	// Rules are another matter here: a change that they object to is not taken.
	p, err := Find(d, settings, rules.Settings{Only: []string{"TXN001"}}, time.Time{})
	if _, nothing := err.(*NothingToReach); nothing {
		return
	} else if err != nil {
		t.Fatal(err)
	}
	check(t, d, settings, p)
	if !few {
		return
	}
	if p.Reached != possible {
		t.Fatalf("reached: %v, and possible: %v at %v\n%v", p.Reached, possible, least, p.Hopeless)
	}
	if p.Impossible && possible || !possible && !p.Impossible {
		t.Fatalf("impossible: %v, and possible: %v", p.Impossible, possible)
	}
	if !possible {
		return
	}
	if !p.Cheapest {
		t.Logf("cheapest found: %v, at least %v, least of all %v", p.Price, p.AtLeast, least)
	}
	if p.Cheapest && math.Abs(p.Price-least) > 1e-9 {
		t.Fatalf("cheapest: %v, and the least of all is %v", p.Price, least)
	}
	if p.AtLeast > least+1e-9 || p.Price < least-1e-9 {
		t.Fatalf("at least %v, found %v, and the least of all is %v", p.AtLeast, p.Price, least)
	}
}

// check holds a plan against what it says of itself.
func check(t *rapid.T, d *schema.Design, settings Settings, p *Plan) {
	var all []change.Change
	sum := 0.0
	for _, step := range p.Steps {
		all = append(all, step.Changes...)
		sum += step.Price
	}
	changed, err := change.Apply(d, all...)
	if err != nil {
		t.Fatal(err)
	}
	m, err := measure(analyzer.New(changed), &settings, false)
	if err != nil {
		t.Fatal(err)
	}
	if p.Reached && !m.Met() {
		t.Fatalf("said to be reached, and left are %v", m.Points)
	}
	if math.Abs(sum-p.Price) > 1e-9 {
		t.Fatalf("steps cost %v, and the plan %v", sum, p.Price)
	}
	for i := range p.Steps {
		if i > 0 && p.Steps[i].Before.Points != p.Steps[i-1].After.Points {
			t.Fatalf("step %d begins with %d points, and the one before it ends with %d", i, p.Steps[i].Before.Points, p.Steps[i-1].After.Points)
		}
	}
}

func TestCheapestOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkAgainstAll(t, []string{"no-spof", "survive:zone", "survive:region", "survive:host"}, false)
	})
}

func TestCheapestOfAllForAvailability(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkAgainstAll(t, []string{"slo"}, true)
	})
}
