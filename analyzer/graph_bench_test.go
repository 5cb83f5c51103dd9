package analyzer_test

import (
	"testing"

	"lintel/analyzer"
	"lintel/internal/generate"
)

func benchmark(b *testing.B, run func(a *analyzer.Analysis)) {
	for _, tier := range generate.Tiers {
		a := analyzer.New(generate.Design(tier, 1))
		b.Run(tier.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				run(a)
			}
		})
	}
}

// The metrics are computed once for an analysis, so its making is part of this.
func BenchmarkMetrics(b *testing.B) {
	benchmark(b, func(a *analyzer.Analysis) { analyzer.New(a.Design).Metrics() })
}

func BenchmarkNew(b *testing.B) { benchmark(b, func(a *analyzer.Analysis) { analyzer.New(a.Design) }) }
func BenchmarkNeighbours(b *testing.B) {
	benchmark(b, func(a *analyzer.Analysis) { a.Neighbours(nil) })
}
func BenchmarkCycles(b *testing.B)  { benchmark(b, func(a *analyzer.Analysis) { a.Cycles(nil) }) }
func BenchmarkChains(b *testing.B)  { benchmark(b, func(a *analyzer.Analysis) { a.Chains(nil) }) }
func BenchmarkLoad(b *testing.B)    { benchmark(b, func(a *analyzer.Analysis) { a.Load() }) }
func BenchmarkLatency(b *testing.B) { benchmark(b, func(a *analyzer.Analysis) { a.Latency() }) }

func BenchmarkRetryAmplification(b *testing.B) {
	benchmark(b, func(a *analyzer.Analysis) { a.RetryAmplification() })
}
