package review

import (
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/internal/generate"
	"lintel/rules"
	"lintel/schema"
)

var today = time.Date(2026, time.June, 15, 0, 0, 0, 0, time.UTC)

func judge(d *schema.Design) *rules.Result {
	return rules.Run(analyzer.New(d), rules.Settings{}, today)
}

func TestSame(t *testing.T) {
	c := Compare(judge(generate.Design(generate.T1, 1)), judge(generate.Design(generate.T1, 1)))
	if c.Status != Unchanged || len(c.Changes)+len(c.Findings.New)+len(c.Findings.Fixed)+len(c.Gained)+len(c.Lost)+len(c.Journeys)+len(c.Modules) > 0 {
		t.Errorf("%+v", c)
	}
}
func BenchmarkCompare(b *testing.B) {
	spec := generate.Spec{Name: "1000", Modules: 1000, Dependencies: 5000, Journeys: 40, Regions: 2, Racks: 2}
	old, new := judge(generate.Design(spec, 1)), judge(generate.Design(spec, 1))
	b.Run("check", func(b *testing.B) {
		for b.Loop() {
			judge(old.Design)
		}
	})
	b.Run("compare", func(b *testing.B) {
		for b.Loop() {
			Compare(old, new)
		}
	})
	b.Run("points", func(b *testing.B) {
		for b.Loop() {
			rules.SinglePoints(old.Analysis)
		}
	})
}
