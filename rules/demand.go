package rules

import (
	"fmt"
	"math"
	mathbits "math/bits"
	"slices"
	"strconv"

	"lintel/analyzer"
	"lintel/schema"
)

// serving is the number of the replicas that are up that take requests: of an active-passive module
// only as many as it needs, of others all.
func serving(m *schema.Module, up int) int {
	if m.Redundancy.Mode == schema.ActivePassive {
		return min(up, m.Need())
	}
	return up
}

// mostReplicas is the number of replicas at peak: the ceiling of autoscaling, or those stated.
func mostReplicas(m *schema.Module) int {
	if m.Autoscaling != nil {
		return m.Autoscaling.Max
	}
	return m.Replicas
}

// exceeds reports whether a demand is above a capacity by more than the error of summation.
func exceeds(demand, capacity float64) bool { return demand > capacity*(1+1e-9) }

// replicasFor is the number of replicas that serve a demand.
func replicasFor(demand, perReplica float64) int {
	n := math.Ceil(demand / perReplica * (1 - 1e-9))
	return int(min(max(n, 1), 1e9))
}

// rate writes requests a second with three digits and more where they are whole.
func rate(f float64) string {
	if f >= 100 {
		return strconv.FormatFloat(math.Round(f), 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', 3, 64)
}

// demandProof tells where the demand on a module comes from.
type demandProof struct {
	a       *analyzer.Analysis
	load    *analyzer.Load
	calls   [][]int32         // by module: the targets of its dependencies that carry demand
	callers [][]int32         // by module: the dependencies on it that carry demand
	entries map[int32][]int32 // by module: those of asking that enter there
	asking  []int32           // the journeys that state a peak above 0
	words   int               // of 64 of them each
	asked   [][]uint64        // by module: a bit for each of those that ask something of it; nil for none
}

func newDemandProof(a *analyzer.Analysis, load *analyzer.Load) *demandProof {
	n := a.Modules()
	d := &demandProof{a: a, load: load, calls: make([][]int32, n), callers: make([][]int32, n), entries: map[int32][]int32{}}
	deps := a.Dependencies()
	incoming := make([]int32, n)
	edges := 0
	for i := range deps {
		for _, t := range deps[i].Targets {
			incoming[t]++
			edges++
		}
	}
	// All lists lie in two arrays.
	to, from := make([]int32, 0, edges), make([]int32, edges)
	for t, size := range incoming {
		d.callers[t], from = from[:0:size], from[size:]
	}
	for i, m := 0, int32(0); m < int32(n); m++ {
		start := len(to)
		for ; i < len(deps) && deps[i].From == m; i++ {
			if a.CarriesDemand(int32(i)) {
				to = append(to, deps[i].Targets...)
				for _, t := range deps[i].Targets {
					d.callers[t] = append(d.callers[t], int32(i))
				}
			}
		}
		d.calls[m] = to[start:]
	}
	journeys := a.Journeys()
	for j := range journeys {
		if peakOf(&journeys[j]) > 0 && journeys[j].Entry >= 0 {
			d.asking = append(d.asking, int32(j))
			d.entries[journeys[j].Entry] = append(d.entries[journeys[j].Entry], int32(j))
		}
	}
	d.words = (len(d.asking) + 63) / 64
	d.spread()
	return d
}

// spread carries the bits of the journeys along the dependencies that carry demand. What a journey
// asks of its entry goes only along the dependencies that it uses.
func (d *demandProof) spread() {
	var queue []int32
	arriving := make([][]uint64, d.a.Modules())
	waits := make([]bool, d.a.Modules())
	add := func(m int32, bits []uint64) {
		if arriving[m] == nil {
			arriving[m] = make([]uint64, d.words)
		}
		changed := false
		for w, b := range bits {
			changed = changed || b&^arriving[m][w] != 0
			arriving[m][w] |= b
		}
		if changed && !waits[m] {
			waits[m] = true
			queue = append(queue, m)
		}
	}
	all := d.a.Dependencies()
	own := make([]uint64, d.words)
	for i, j := range d.asking {
		journey := &d.a.Journeys()[j]
		own[i/64] = 1 << (i % 64)
		if len(journey.Ignored) == 0 {
			add(journey.Entry, own)
		} else {
			deps := d.a.DependenciesOf(journey.Entry)
			for k := range deps {
				if used := !slices.ContainsFunc(journey.Ignored, func(i int32) bool { return &all[i] == &deps[k] }); used && carriesDemand(&deps[k]) {
					for _, t := range deps[k].Targets {
						add(t, own)
					}
				}
			}
		}
		own[i/64] = 0
	}
	for head := 0; head < len(queue); head++ {
		m := queue[head]
		waits[m] = false
		for _, t := range d.calls[m] {
			add(t, arriving[m])
		}
	}
	d.asked = arriving
	for i, j := range d.asking { // those that stop at their entry, too
		e := d.a.Journeys()[j].Entry
		if d.asked[e] == nil {
			d.asked[e] = make([]uint64, d.words)
		}
		d.asked[e][i/64] |= 1 << (i % 64)
	}
}

// add puts the journeys that ask something of module m into a finding, and the way from a journey by
// which most of it comes: from m always back to the caller that asks most.
func (d *demandProof) add(f *Finding, m int32) {
	for w, bits := range d.asked[m] {
		for ; bits != 0; bits &= bits - 1 {
			f.Journeys = append(f.Journeys, d.a.Journeys()[d.asking[w*64+mathbits.TrailingZeros64(bits)]].Name)
		}
	}
	slices.Sort(f.Journeys)
	seen := map[int32]bool{}
	path := []int32{}
	last := int32(-1) // the dependency from the first of the path to its second
	for {
		seen[m] = true
		path = append(path, m)
		journey := d.heaviest(m, last)
		from, asks := int32(-1), 0.0
		for _, i := range d.callers[m] {
			dep := &d.a.Dependencies()[i]
			if seen[dep.From] || dep.Calls == nil {
				continue
			}
			if n := d.load.Demand[dep.From] * *dep.Calls * dep.Share(); n > asks {
				from, asks = i, n
			}
		}
		if journey != nil && (from < 0 || peakOf(journey) >= asks) {
			slices.Reverse(path)
			f.Path = moduleNames(d.a, path)
			f.Paths = []JourneyPath{{journey.Name, f.Path}}
			return
		}
		if from < 0 {
			return
		}
		m, last = d.a.Dependencies()[from].From, from
	}
}

// heaviest returns the journey with the highest peak that enters at module m and goes on along
// dependency next (-1: that ends there), or nil.
func (d *demandProof) heaviest(m, next int32) *analyzer.Journey {
	var best *analyzer.Journey
	for _, j := range d.entries[m] {
		journey := &d.a.Journeys()[j]
		if !slices.Contains(journey.Ignored, next) && (best == nil || peakOf(journey) > peakOf(best)) {
			best = journey
		}
	}
	return best
}

func peakOf(j *analyzer.Journey) float64 {
	if j.Stated == nil || j.Stated.Peak == nil {
		return 0
	}
	return *j.Stated.Peak
}

// carriesDemand reports whether requests go along d.
func carriesDemand(d *analyzer.Dependency) bool {
	return d.When == schema.Runtime && (d.Calls == nil || *d.Calls > 0)
}

// demandProof returns the proofs of the run.
func (p *Pass) demandProof() *demandProof {
	if p.shared.demandProof == nil {
		p.shared.demandProof = newDemandProof(p.Analysis, p.load())
	}
	return p.shared.demandProof
}

// load returns the demand on the modules.
func (p *Pass) load() *analyzer.Load {
	if p.shared.load == nil {
		p.shared.load = p.Analysis.Load()
	}
	return p.shared.load
}

// served says what serves m: "3 replicas of 200".
func served(m *schema.Module, n int) string {
	active := serving(m, n)
	words := counted(active, "replica")
	if active < n {
		words = counted(active, "active replica")
	}
	return fmt.Sprintf("%s of %s each", words, rate(*m.Capacity))
}
