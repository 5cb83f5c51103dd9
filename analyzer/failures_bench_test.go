package analyzer_test

import (
	"testing"

	"lintel/analyzer"
	"lintel/internal/generate"
)

// BenchmarkFailures runs the whole failure analysis of a design, each time anew: preparation, single
// events, and modules as a whole.
func BenchmarkFailures(b *testing.B) {
	for _, spec := range generate.Tiers {
		d := generate.Design(spec, 1)
		b.Run(spec.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a := analyzer.New(d)
				a.Failures()
				a.ModuleFailures()
			}
		})
	}
}

// BenchmarkSimulate runs one scenario of a prepared analysis.
func BenchmarkSimulate(b *testing.B) {
	for _, spec := range generate.Tiers {
		a := analyzer.New(generate.Design(spec, 1))
		a.Failures()
		b.Run(spec.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a.Simulate(analyzer.Scenario{Modules: []int32{int32(a.Modules() / 2)}})
			}
		})
	}
}

// BenchmarkPath finds the proof of each event for each journey that it brings down.
func BenchmarkPath(b *testing.B) {
	for _, spec := range generate.Tiers {
		a := analyzer.New(generate.Design(spec, 1))
		f := a.Failures()
		b.Run(spec.Name, func(b *testing.B) {
			b.ReportAllocs()
			paths := 0
			for b.Loop() {
				paths = 0
				for i, e := range f.Events {
					for _, j := range f.Outcomes[i].Lost {
						a.Path(e, int(j))
						paths++
					}
				}
			}
			b.ReportMetric(float64(paths), "paths")
		})
	}
}
