package improve

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/rules"
	"lintel/schema"
)

// What is proposed where promises cannot be reached makes nothing worse, and each step of it is needed.
func TestFallback(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDesign(t, true)
		goal, _ := ParseGoal("slo")
		settings := Settings{Goal: goal, Costs: drawCosts(t), AllowSoft: rapid.Bool().Draw(t, "allow soft")}
		settings.Assume.Pessimistic = 97
		p, err := Find(d, settings, rules.Settings{Only: []string{"TXN001"}}, time.Time{})
		if _, nothing := err.(*NothingToReach); nothing {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Reached {
			return
		}
		for i, f := range p.After.Figures {
			if f.Worst.High > p.Before.Figures[i].Worst.High*(1+1e-9) {
				t.Fatalf("%s gets worse: %v → %v", f.Name, p.Before.Figures[i].Worst.High, f.Worst.High)
			}
		}
		_, whole := p.After.missed()
		for i := range p.Steps {
			var others []change.Change
			for k, step := range p.Steps {
				if k != i {
					others = append(others, step.Changes...)
				}
			}
			without, err := change.Apply(d, others...)
			if err != nil {
				t.Fatal(err)
			}
			m, err := Prove(without, settings)
			if err != nil {
				t.Fatal(err)
			}
			worse := false
			for k, f := range m.Figures {
				worse = worse || f.Worst.High > p.Before.Figures[k].Worst.High
			}
			if _, by := m.missed(); by < whole+nothing/2 && !worse {
				t.Fatalf("step %d is not needed: %v with it, %v without", i+1, whole, by)
			}
		}
		was, is := analyzer.New(d), analyzer.New(p.New)
		for i, m := range d.Modules {
			changed, _ := is.ModuleIndex(m.Name)
			after := capacityOf(is, is.Module(changed))
			for _, st := range capacityOf(was, was.Module(int32(i))).stands {
				if !slices.ContainsFunc(after.stands, func(a stand) bool { return a.domain == st.domain }) {
					t.Fatalf("%s leaves %s", m.Name, d.FailureDomains[st.domain].Name)
				}
			}
		}
	})
}

// Two modules that stand in one zone are both spread, although to spread one brings nothing; the one that is spread stays so.
func TestFallbackSpreads(t *testing.T) {
	module := func(name string, replicas int, availability float64, in []string, needs ...string) *schema.Module {
		m := &schema.Module{Name: name, Kind: schema.Service, Replicas: replicas, Availability: new(availability), Entry: name == "web"}
		for _, d := range in {
			if m.Placement == nil {
				m.Placement = &schema.Placement{}
			}
			m.Placement.Spread = append(m.Placement.Spread, schema.Ref{Name: d})
		}
		for _, n := range needs {
			m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: n, To: schema.Ref{Name: n}})
		}
		return m
	}
	pay := module("pay", 1, 99.9, nil)
	pay.Kind = schema.External
	d := &schema.Design{
		System: "t",
		FailureDomains: []*schema.FailureDomain{
			{Name: "za", Kind: schema.Zone, Availability: new(99.95)},
			{Name: "zb", Kind: schema.Zone, Availability: new(99.95)},
		},
		Modules: []*schema.Module{
			module("web", 2, 99, []string{"za", "zb"}, "api", "pay"), module("api", 1, 99, []string{"za"}, "db"), module("db", 2, 99.9, []string{"za"}), pay,
		},
		Journeys: []*schema.Journey{{Name: "buy", Entry: schema.Ref{Name: "web"}}},
	}
	d.Journeys[0].SLO.Availability = new(99.9)
	d.Normalize()
	goal, _ := ParseGoal("slo")
	settings := Settings{Goal: goal, Costs: Costs{Prices: Prices{Alternative: new(Never)}}}
	settings.Assume.Pessimistic = 99
	p, err := Find(d, settings, rules.Settings{Only: []string{"TXN001"}}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Reached || !p.Impossible {
		t.Fatal("said to be possible")
	}
	for _, m := range p.New.Modules {
		if m.Placement != nil && len(m.Placement.Spread) != 2 {
			t.Errorf("%s is not spread", m.Name)
		}
	}
	if q := p.After.Figures[0].Worst.High; q > 0.00102 || p.Price > 5 {
		t.Errorf("unavailable with %v at a cost of %v", q, p.Price)
	}
}
