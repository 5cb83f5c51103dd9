package analyzer

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"lintel/schema"
)

// metaLike returns a design of the size and with about the degrees of Meta's services: fan-out with
// a long tail, half of all dependencies on a hundred modules. One in five leads upwards, which makes
// one large strongly connected component.
func metaLike(modules, dependencies int, upwards float64) *schema.Design {
	random := rand.New(rand.NewPCG(1, 2))
	d := &schema.Design{System: "generated"}
	name := func(i int) string { return fmt.Sprintf("m%05d", i) }
	for i := range modules {
		d.Modules = append(d.Modules, &schema.Module{Name: name(i), Replicas: 1, Group: fmt.Sprintf("g%d", i%200)})
	}
	have := map[[2]int]bool{}
	calls, peak := 0.05, 10.0
	for len(have) < dependencies {
		from := int(float64(modules) * random.Float64() * random.Float64() * random.Float64())
		to := random.IntN(modules)
		if random.Float64() < 0.5 {
			to = modules - 1 - random.IntN(min(100, modules))
		}
		if to < from && random.Float64() >= upwards {
			from, to = to, from
		}
		if from == to || have[[2]int{from, to}] {
			continue
		}
		have[[2]int{from, to}] = true
		m := d.Modules[from]
		m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: name(to), Calls: &calls, Retries: &schema.Retries{Max: random.IntN(3)}})
	}
	for i := range modules / 4 {
		d.Journeys = append(d.Journeys, &schema.Journey{Name: name(i), Entry: schema.Ref{Name: name(i)}, Peak: &peak})
	}
	d.Normalize()
	return d
}

// tiers are the sizes of the project's benchmarks, without and with a large component.
var tiers = []struct {
	name                  string
	modules, dependencies int
	upwards               float64
}{
	{"T1", 60, 230, 0.2}, {"T2", 2000, 10_000, 0.2}, {"T3-acyclic", 18_571, 200_000, 0}, {"T3", 18_571, 200_000, 0.2},
}

func benchmark(b *testing.B, run func(a *Analysis)) {
	for _, t := range tiers {
		a := New(metaLike(t.modules, t.dependencies, t.upwards))
		b.Run(t.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				run(a)
			}
		})
	}
}

func BenchmarkNeighbours(b *testing.B) { benchmark(b, func(a *Analysis) { a.Neighbours(nil) }) }
func BenchmarkCycles(b *testing.B)     { benchmark(b, func(a *Analysis) { a.Cycles(nil) }) }
func BenchmarkChains(b *testing.B)     { benchmark(b, func(a *Analysis) { a.Chains(nil) }) }
func BenchmarkMetrics(b *testing.B)    { benchmark(b, func(a *Analysis) { a.computeMetrics() }) }
func BenchmarkLoad(b *testing.B)       { benchmark(b, func(a *Analysis) { a.Load() }) }
func BenchmarkRetryAmplification(b *testing.B) {
	benchmark(b, func(a *Analysis) { a.RetryAmplification() })
}
func BenchmarkLatency(b *testing.B) { benchmark(b, func(a *Analysis) { a.Latency() }) }
