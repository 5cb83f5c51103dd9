package whatif_test

import (
	"io"
	"testing"

	"lintel/analyzer"
	"lintel/internal/generate"
	"lintel/internal/report/whatif"
)

// BenchmarkEach makes a table of a design that was read, analysis and all.
func BenchmarkEach(b *testing.B) {
	for _, spec := range generate.Tiers {
		d := generate.Design(spec, 1)
		for _, kind := range []string{"zone", "replica", "module"} {
			b.Run(spec.Name+"/"+kind, func(b *testing.B) {
				for b.Loop() {
					if err := whatif.TableText(io.Discard, whatif.Each(analyzer.New(d), []string{kind}), whatif.TextOptions{Width: 80, Limit: 20}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkAsk answers one question about a design that was read.
func BenchmarkAsk(b *testing.B) {
	for _, spec := range generate.Tiers {
		d := generate.Design(spec, 1)
		for what, s := range map[string]analyzer.Scenario{
			"domain": {Events: []analyzer.Event{{Kind: analyzer.DomainEvent, Module: -1}}},
			"cut":    {Cuts: []analyzer.Cut{{Dependency: 0, Target: -1}}},
		} {
			b.Run(spec.Name+"/"+what, func(b *testing.B) {
				for b.Loop() {
					a := analyzer.New(d)
					if err := whatif.Text(io.Discard, whatif.Ask(a, s, nil), whatif.TextOptions{Width: 80}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
