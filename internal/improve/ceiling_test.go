package improve

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/rules"
	"lintel/schema"
)

// No choice of what is considered reaches more than what is said to be the most.
func TestCeilings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDesign(t, true)
		settings := Settings{Costs: drawCosts(t), AllowSoft: rapid.Bool().Draw(t, "allow soft")}
		settings.Goal, _ = ParseGoal("slo")
		settings.Assume.Pessimistic = 97
		p, err := Find(d, settings, rules.Settings{Only: []string{"TXN001"}}, time.Time{})
		if err != nil || len(p.Ceilings) == 0 {
			return
		}
		s := newSystem(analyzer.New(d), &settings)
		s.addAll()
		choices := 1
		for _, v := range s.vars {
			if choices *= len(v.options); choices > 600 {
				return
			}
		}
		best := map[string]float64{}
		var try func(v int, all []change.Change)
		try = func(v int, all []change.Change) {
			if v < len(s.vars) {
				for _, o := range s.vars[v].options {
					try(v+1, append(all[:len(all):len(all)], o.changes...))
				}
				return
			}
			changed, err := change.Apply(d, all...)
			if err != nil {
				t.Fatal(err)
			}
			m, err := Prove(changed, settings)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range m.Figures {
				if was, ok := best[f.Name]; !ok || f.Worst.High < was {
					best[f.Name] = f.Worst.High
				}
			}
		}
		try(0, nil)
		for _, c := range p.Ceilings {
			if c.Unavailability > best[c.Name]*(1+1e-9) {
				t.Fatalf("%s is said to fail with %v at least, and %v can be reached", c.Name, c.Unavailability, best[c.Name])
			}
			if len(c.Why) == 0 && best[c.Name] > 0 {
				t.Logf("nothing is said to hold %s down", c.Name)
			}
		}
	})
}

// The generated design of 60 modules: many targets that share most of what they need.
func TestManyPromises(t *testing.T) {
	designs, err := schema.Load(schema.LoadOptions{}, "../../testdata/generated/t1.cue")
	if err != nil {
		t.Fatal(err)
	}
	var settings Settings
	settings.Goal, _ = ParseGoal("slo")
	settings.Assume.Pessimistic = 99
	p, err := Find(designs[0], settings, rules.Settings{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if !p.Reached || !p.Cheapest || math.Abs(p.Price-p.AtLeast) > 1e-6 {
		t.Errorf("reached %v at %v, the cheapest %v, at least %v", p.Reached, p.Price, p.Cheapest, p.AtLeast)
	}
	t.Log(p.Price, len(p.Steps))
}
