// Package generate makes designs of the size and shape of real systems, for benchmarks and tests.
// The same spec and seed give the same design.
package generate

import (
	"fmt"
	"math/rand/v2"

	"lintel/schema"
)

// Spec is the size of a design.
type Spec struct {
	Name         string
	Modules      int
	Dependencies int // pairs of caller and target; an anyOf counts for each alternative
	Journeys     int
	Regions      int // with three zones each
	Racks        int // in each zone
}

// The tiers of size: a demo application, a large open-source one, a bank (Monzo: 2,000 services and
// 9,300 pairs, InfoQ), and Meta (18,571 services and about 200,000 pairs, USENIX ATC'23).
var (
	T0 = Spec{"T0", 12, 16, 1, 1, 0}
	T1 = Spec{"T1", 60, 230, 6, 1, 0}
	T2 = Spec{"T2", 2000, 10_000, 40, 2, 2}
	T3 = Spec{"T3", 18_571, 200_000, 200, 3, 4}
)

// Tiers lists the tiers, smallest first.
var Tiers = []Spec{T0, T1, T2, T3}

// Design returns a design of the given size. T0 is always the same: the shape of Online Boutique,
// Google's demo shop.
//
// The others have the degrees and instance counts of Meta's services, scaled to the spec, see
// degrees.go. Most calls lead down from gateways to stores; some hard ones lead back and make
// cycles. Modules are placed in zones and racks, belong to teams and groups, and state enough of
// timeouts, retries, peaks and objectives, some of it wrongly, to give every rule work.
func Design(spec Spec, seed uint64) *schema.Design {
	if spec == T0 {
		return boutique()
	}
	g := &generator{
		Rand: rand.New(rand.NewPCG(seed, uint64(spec.Modules))),
		spec: spec,
		d:    &schema.Design{System: "generated-" + spec.Name},
	}
	g.network()
	g.domains()
	g.modules()
	g.dependencies()
	g.relations()
	g.journeys()
	g.d.Normalize()
	return g.d
}

type generator struct {
	*rand.Rand
	spec Spec
	d    *schema.Design

	// The modules in order from callers to what they call.
	targets [][]int32         // sorted
	back    map[[2]int32]bool // calls that close a cycle
	kinds   []schema.Kind
	list    []*schema.Module
	zones   []string
}

// chance is true with probability p.
func (g *generator) chance(p float64) bool { return g.Float64() < p }

func some[T any](g *generator, of ...T) T { return of[g.IntN(len(of))] }

func (g *generator) ref(i int32) schema.Ref { return schema.Ref{Name: g.list[i].Name} }

// domains makes regions of three zones each, with racks in them.
func (g *generator) domains() {
	add := func(name string, kind schema.DomainKind, in string, availability float64) {
		g.d.FailureDomains = append(g.d.FailureDomains, &schema.FailureDomain{
			Name: name, Kind: kind, In: schema.Ref{Name: in}, Availability: &availability,
		})
	}
	for r := range g.spec.Regions {
		region := fmt.Sprintf("region-%d", r+1)
		add(region, schema.Region, "", 99.999)
		for z := range 3 {
			zone := fmt.Sprintf("%s%c", region, 'a'+z)
			add(zone, schema.Zone, region, 99.99)
			g.zones = append(g.zones, zone)
			for k := range g.spec.Racks {
				add(fmt.Sprintf("%s-rack-%d", zone, k+1), schema.Rack, zone, 99.9)
			}
		}
	}
}

// relations adds what modules are to each other besides dependencies.
func (g *generator) relations() {
	n := len(g.list)
	other := func(i int) int32 {
		k := g.IntN(n - 1)
		if k >= i {
			k++
		}
		return int32(k)
	}
	for i, m := range g.list {
		switch {
		case m.Kind == schema.Monitoring:
			m.Monitors = []schema.Ref{g.ref(other(i))}
		case m.Kind == schema.Job && g.chance(0.3):
			m.Recovers = []schema.Ref{g.ref(other(i))}
		case m.Kind == schema.Database && g.chance(0.8):
			m.Backup = &schema.Backup{To: g.ref(other(i)), Every: some(g, minutes(60), minutes(24*60)), Tested: some(g, new(true), new(true), new(false))}
		case m.State == schema.SessionKeeper:
			m.Session = &schema.Session{Kept: some(g, "local", "sticky", "shared", "shared")}
			if m.Session.Kept == "shared" {
				m.Session.In = g.ref(other(i))
			}
		}
	}
	for k := range n / 100 {
		t := &schema.Transaction{Name: fmt.Sprintf("transaction-%04d", k), Coordination: some(g, "saga", "saga", "outbox", "2pc", "none")}
		first := g.IntN(n)
		t.Spans = []schema.Ref{g.ref(int32(first)), g.ref(other(first))}
		g.d.Transactions = append(g.d.Transactions, t)
	}
}

// journeys lead in at the modules that users call, the gateways at the top first.
func (g *generator) journeys() {
	var entries []int32
	for i, m := range g.list {
		if m.Entry {
			entries = append(entries, int32(i))
		}
	}
	for k := range g.spec.Journeys {
		e := entries[k%len(entries)]
		j := &schema.Journey{Name: fmt.Sprintf("journey-%04d", k), Entry: g.ref(e)}
		if targets := g.targets[e]; k >= len(entries)/2 && len(targets) > 1 {
			j.HasUses = true
			for _, t := range targets {
				if g.chance(0.5) {
					j.Uses = append(j.Uses, g.ref(t))
				}
			}
		}
		j.Peak = new(float64(10 * (1 + g.IntN(1000))))
		if g.chance(0.7) {
			j.SLO = schema.SLO{Availability: new(some(g, 99.0, 99.5, 99.9, 99.95)), Latency: milliseconds(100 * (1 + g.IntN(50)))}
		}
		g.d.Journeys = append(g.d.Journeys, j)
	}
}
