package review

import (
	"testing"

	"pgregory.net/rapid"

	"lintel/internal/generate"
	"lintel/rules"
)

// A design compared with itself, in another order of declaration and at other places, has not changed.
func TestCompareWithItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randomDesign(t)
		old, new := judge(d), judge(shuffle(t, d))
		c := Compare(old, new)
		if c.Status != Unchanged || len(c.Changes)+len(c.Gained)+len(c.Lost)+len(c.Journeys)+len(c.Modules) > 0 {
			t.Errorf("status %s, changes %+v, gained %+v, lost %+v, journeys %+v, modules %+v", c.Status, c.Changes, c.Gained, c.Lost, c.Journeys, c.Modules)
		}
		if f := c.Findings; len(f.New)+len(f.Fixed)+len(f.Changed)+len(f.Unjudged) > 0 || len(f.Unchanged) != len(new.Findings) {
			t.Errorf("findings: %+v", f)
		}
		for _, f := range c.Figures {
			if f.Old != f.New {
				t.Errorf("figure %+v", f)
			}
		}
	})
}

func BenchmarkCompare(b *testing.B) {
	spec := generate.Spec{Name: "1000", Modules: 1000, Dependencies: 5000, Journeys: 40, Regions: 2, Racks: 2}
	old, new := judge(generate.Design(spec, 1)), judge(generate.Design(spec, 1))
	other := judge(generate.Design(spec, 2))
	b.Run("Run", func(b *testing.B) {
		for b.Loop() {
			judge(old.Design)
		}
	})
	b.Run("same", func(b *testing.B) {
		for b.Loop() {
			Compare(old, new)
		}
	})
	b.Run("different", func(b *testing.B) {
		for b.Loop() {
			Compare(old, other)
		}
	})
	b.Run("SinglePoints", func(b *testing.B) {
		for b.Loop() {
			rules.SinglePoints(old.Analysis)
		}
	})
}
