package analyzer_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/analyzer/faulttree"
	"lintel/schema"
)

// fewEvents cuts a design down to at most most events, replicas first, then modules.
func fewEvents(d *schema.Design, most int) *schema.Design {
	replicasOf := func(m *schema.Module) *int {
		if m.Autoscaling != nil {
			return &m.Autoscaling.Min
		}
		return &m.Replicas
	}
	for {
		events := len(d.FailureDomains)
		var largest *int
		for _, m := range d.Modules {
			if m.Kind == schema.External {
				events++
				continue
			}
			n := replicasOf(m)
			events += *n
			if largest == nil || *n > *largest {
				largest = n
			}
		}
		switch {
		case events <= most:
			return d
		case largest != nil && *largest > 1:
			*largest--
		default:
			d.Modules = d.Modules[:len(d.Modules)-1]
		}
	}
}

// allEvents lists the events of a design, in order of module, then replica; then domain.
func allEvents(a *analyzer.Analysis) (all []analyzer.Event) {
	for i := range int32(a.Modules()) {
		m := a.Module(i)
		if m.Kind == schema.External {
			all = append(all, analyzer.Event{Kind: analyzer.ExternalEvent, Module: i, Domain: -1})
			continue
		}
		for r := range m.ReliableReplicas() {
			all = append(all, analyzer.Event{Kind: analyzer.ReplicaEvent, Module: i, Replica: r + 1, Domain: -1})
		}
	}
	for d := range a.Design.FailureDomains {
		all = append(all, analyzer.Event{Kind: analyzer.DomainEvent, Module: -1, Domain: int32(d)})
	}
	return all
}

// truth tells for every set of events, by its bits, whether a target fails in it.
type truth []bool

// truths simulates every set of events one by one: for each journey, and for each module.
func truths(a *analyzer.Analysis, events []analyzer.Event) (journeys, modules []truth) {
	scenarios := make([]analyzer.Scenario, 1<<len(events))
	for s := range scenarios {
		for i, e := range events {
			if s>>i&1 == 1 {
				scenarios[s].Events = append(scenarios[s].Events, e)
			}
		}
	}
	journeys, modules = make([]truth, len(a.Journeys())), make([]truth, a.Modules())
	for j := range journeys {
		journeys[j] = make(truth, len(scenarios))
	}
	for m := range modules {
		modules[m] = make(truth, len(scenarios))
	}
	a.SimulateAll(scenarios, func(s int, o analyzer.Outcome, down func(int32) bool) {
		for _, j := range o.Lost {
			journeys[j][s] = true
		}
		for m := range modules {
			modules[m][s] = down(int32(m))
		}
	})
	return journeys, modules
}

// treeTruth evaluates a tree in every set of events.
func treeTruth(t interface{ Fatalf(string, ...any) }, tree *analyzer.FaultTree, events []analyzer.Event) truth {
	place := map[analyzer.Event]int{}
	for i, e := range events {
		place[e] = i
	}
	known := map[faulttree.Ref]truth{}
	var of func(r faulttree.Ref) truth
	of = func(r faulttree.Ref) truth {
		if v, ok := known[r]; ok {
			return v
		}
		v := make(truth, 1<<len(events))
		known[r] = v
		if r == faulttree.False {
			return v
		}
		if r == faulttree.True {
			for s := range v {
				v[s] = true
			}
			return v
		}
		if i, ok := r.Event(); ok {
			bit, ok := place[tree.Of[i]]
			if !ok {
				t.Fatalf("the tree has the event %v, which the design has not", tree.Of[i])
			}
			for s := range v {
				v[s] = s>>bit&1 == 1
			}
			return v
		}
		i, _ := r.Gate()
		g := tree.Gates[i]
		count := make([]uint8, len(v))
		for _, in := range g.In {
			for s, occurs := range of(in) {
				if occurs {
					count[s]++
				}
			}
		}
		need := g.K
		switch g.Op {
		case faulttree.And:
			need = len(g.In)
		case faulttree.Or:
			need = 1
		}
		for s := range v {
			v[s] = int(count[s]) >= need
		}
		return v
	}
	return of(tree.Top)
}

func setText(a *analyzer.Analysis, events []analyzer.Event, s int) (text string) {
	for i, e := range events {
		if s>>i&1 == 1 {
			text += " " + a.EventName(e)
		}
	}
	return text
}

// The fault tree of each journey and module occurs in exactly the sets of events in which the simulation finds it down,
// and that follows the sentences of the model.
func TestFaultTreesAgreeWithSimulation(t *testing.T) {
	checks(t, func(t *rapid.T) {
		most := []int{6, 8, 9, 10, 10, 11, 12, 13}[rapid.IntRange(0, 7).Draw(t, "most")]
		if rapid.IntRange(0, 60).Draw(t, "large") == 60 {
			most = 18
		}
		d := fewEvents(someDesign(t), most)
		a, r := analyzer.New(d), newReference(d)
		events := allEvents(a)
		trees, err := a.FaultTrees()
		if err != nil {
			t.Fatal(err)
		}
		journeys, modules := truths(a, events)
		check := func(target analyzer.Target, name string, want truth) {
			tree := trees.Of(target, func(analyzer.Event) float64 { return math.NaN() })
			if err := tree.Validate(); err != nil {
				t.Fatal(err)
			}
			for s, fails := range treeTruth(t, tree, events) {
				if fails != want[s] {
					t.Fatalf("with%s lost, %s fails is %t in the tree, and %t in the simulation", setText(a, events, s), name, fails, want[s])
				}
			}
		}
		for j, want := range journeys {
			check(analyzer.OfJourney(int32(j)), "the journey "+a.Journeys()[j].Name, want)
		}
		for m, want := range modules {
			check(analyzer.OfModule(int32(m)), a.Module(int32(m)).Name, want)
		}
		// The simulation itself, against the sentences of the model, on some of the sets.
		for k := range 40 {
			s := k
			if k >= 10 {
				s = rapid.IntRange(0, 1<<len(events)-1).Draw(t, "set")
			}
			s %= 1 << len(events)
			ref := refScenario{replicas: map[refReplica]bool{}, domains: map[string]bool{}, externals: map[string]bool{}, modules: map[string]bool{}}
			for i, e := range events {
				if s>>i&1 == 0 {
					continue
				}
				switch e.Kind {
				case analyzer.ReplicaEvent:
					ref.replicas[refReplica{a.Module(e.Module).Name, e.Replica}] = true
				case analyzer.DomainEvent:
					ref.domains[d.FailureDomains[e.Domain].Name] = true
				default:
					ref.externals[a.Module(e.Module).Name] = true
				}
			}
			o := r.outcome(ref)
			for m, want := range modules {
				if want[s] != o.down[a.Module(int32(m)).Name] {
					t.Fatalf("with%s lost, %s is down is %t", setText(a, events, s), a.Module(int32(m)).Name, want[s])
				}
			}
			for j, want := range journeys {
				if want[s] != o.lost[a.Journeys()[j].Name] {
					t.Fatalf("with%s lost, %s is lost is %t", setText(a, events, s), a.Journeys()[j].Name, want[s])
				}
			}
		}
	})
}
