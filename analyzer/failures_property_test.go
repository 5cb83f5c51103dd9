package analyzer_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/schema"
)

// checks runs a property over some hundreds of random designs, or over 12,000 with LINTEL_LONG=1.
func checks(t *testing.T, property func(*rapid.T)) {
	n := "300"
	if os.Getenv("LINTEL_LONG") != "" {
		n = "12000"
	}
	f := flag.Lookup("rapid.checks")
	if old := f.Value.String(); old == f.DefValue {
		if err := flag.Set("rapid.checks", n); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { flag.Set("rapid.checks", old) })
	}
	rapid.Check(t, property)
}

// someDesign draws a small design with everything that the failure model speaks of: cycles,
// alternatives, quorums, standbys, nested domains, "uses", and contradictions.
func someDesign(t *rapid.T) *schema.Design {
	// Half of the designs are drawn choice by choice, which lets rapid shrink them but favours small
	// numbers; the others come from a seed, evenly.
	pick := func(label string, n int) int { return rapid.IntRange(0, n-1).Draw(t, label) }
	if seed := rapid.Int64().Draw(t, "seed"); rapid.Bool().Draw(t, "even") {
		even := rand.New(rand.NewPCG(uint64(seed), 0))
		pick = func(_ string, n int) int { return even.IntN(n) }
	}
	oneIn := func(label string, n int) bool { return pick(label, n) == n-1 }
	untidy := oneIn("untidy", 2)
	oddly := func(label string, n int) bool { return untidy && oneIn(label, n) }
	d := &schema.Design{System: "random"}

	domains := pick("domains", 6)
	domainName := func(label string) schema.Ref {
		if domains == 0 || oddly(label+" unknown", 12) {
			return schema.Ref{Name: "nowhere"}
		}
		return schema.Ref{Name: fmt.Sprintf("d%d", pick(label, domains))}
	}
	for i := range domains {
		f := &schema.FailureDomain{Name: fmt.Sprintf("d%d", i), Kind: schema.Zone}
		if i > 0 && !oneIn("root", 3) {
			f.In.Name = fmt.Sprintf("d%d", pick("in", i))
		}
		if oddly("odd parent", 10) {
			f.In = domainName("odd in")
		}
		d.FailureDomains = append(d.FailureDomains, f)
	}

	modules := 1 + pick("modules", 12)
	moduleName := func(label string) schema.Ref {
		if oddly(label+" unknown", 25) {
			return schema.Ref{Name: "nobody"}
		}
		return schema.Ref{Name: fmt.Sprintf("m%d", pick(label, modules))}
	}
	kinds := []schema.Kind{schema.Service, schema.Service, schema.Service, schema.External, schema.Database, schema.Queue}
	cyclic := oneIn("cyclic", 2)
	for i := range modules {
		m := &schema.Module{Name: fmt.Sprintf("m%d", i), Kind: sample(pick, "kind", kinds), Entry: oneIn("entry", 5)}
		m.Replicas = sample(pick, "replicas", []int{1, 1, 1, 2, 2, 3, 3, 4, 5})
		if oddly("no replicas", 20) {
			m.Replicas = 0
		}
		if oneIn("autoscaling", 8) {
			m.Autoscaling = &schema.Autoscaling{Min: 1 + pick("min", 3), Max: 5}
			if oddly("no floor", 3) {
				m.Autoscaling.Min = 0
			}
		}
		m.Redundancy.Mode = sample(pick, "redundancy", []schema.RedundancyMode{"", "", schema.ActiveActive, schema.ActivePassive, schema.ActivePassive, schema.Quorum})
		m.Redundancy.Failover = sample(pick, "failover", []schema.Failover{"", schema.AutomaticFailover, schema.ManualFailover})
		if oneIn("states need", 5) {
			need := 1 + pick("need", 4)
			if need > m.ReliableReplicas() && !oddly("too much need", 3) {
				need = max(m.ReliableReplicas(), 1)
			}
			m.Redundancy.Need = &need
		}
		switch pick("placement", 3) {
		case 1:
			m.Placement = &schema.Placement{}
			for range 1 + pick("spread", 4) {
				m.Placement.Spread = append(m.Placement.Spread, domainName("at"))
			}
		case 2:
			m.Placement = &schema.Placement{}
			seen := map[string]bool{}
			for range pick("counts", 4) {
				at := domainName("at")
				if !seen[at.Name] {
					seen[at.Name] = true
					m.Placement.Counts = append(m.Placement.Counts, schema.PlacementCount{Domain: at, Count: pick("count", 4)})
				}
			}
		}
		for k := range pick("dependencies", 5) {
			dep := &schema.Dependency{Key: fmt.Sprintf("k%d", k)}
			target := func() schema.Ref {
				if cyclic || i == modules-1 || oneIn("back", 15) {
					return moduleName("to")
				}
				return schema.Ref{Name: fmt.Sprintf("m%d", i+1+pick("to later", modules-i-1))}
			}
			if oneIn("anyOf", 3) {
				for range 1 + pick("alternatives", 4) {
					to := target()
					if untidy || !slices.Contains(dep.AnyOf, to) {
						dep.AnyOf = append(dep.AnyOf, to)
					}
				}
				dep.Need = pick("alternatives needed", len(dep.AnyOf)+1)
				if oddly("too many needed", 25) {
					dep.Need = len(dep.AnyOf) + 1
				}
			} else {
				dep.To = target()
			}
			dep.Mode = sample(pick, "mode", []schema.Mode{"", schema.Sync, schema.Async})
			dep.Strength = sample(pick, "strength", []schema.Strength{"", schema.Hard, schema.Soft})
			dep.When = sample(pick, "when", []schema.Phase{"", schema.Runtime, schema.Runtime, schema.Runtime, schema.Startup, schema.Deploys, schema.Recovery})
			m.DependsOn = append(m.DependsOn, dep)
		}
		d.Modules = append(d.Modules, m)
	}
	for i := range max(0, pick("journeys", 6)-1) {
		j := &schema.Journey{Name: fmt.Sprintf("j%d", i), Entry: moduleName("entry")}
		if j.HasUses = oneIn("has uses", 2); j.HasUses {
			for range pick("uses", 4) {
				j.Uses = append(j.Uses, moduleName("use"))
			}
		}
		d.Journeys = append(d.Journeys, j)
	}
	d.Normalize()
	return d
}

func sample[T any](pick func(string, int) int, label string, of []T) T {
	return of[pick(label, len(of))]
}

// named turns an outcome into names.
func named(a *analyzer.Analysis, o analyzer.Outcome) refOutcome {
	out := refOutcome{map[string]bool{}, map[string]bool{}, nil, map[string]bool{}}
	for _, j := range o.Lost {
		out.lost[a.Journeys()[j].Name] = true
	}
	for _, j := range o.Degraded {
		out.degraded[a.Journeys()[j].Name] = true
	}
	for _, k := range o.Unsatisfied {
		d := a.Dependencies()[k]
		out.unsatisfied[a.Module(d.From).Name+" "+d.Key] = true
	}
	return out
}

func describe(s map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(s)), ", ") }

func compare(t interface{ Fatalf(string, ...any) }, what string, a *analyzer.Analysis, o analyzer.Outcome, want refOutcome) {
	got := named(a, o)
	for _, c := range []struct {
		field     string
		got, want map[string]bool
		list      []int32
	}{
		{"Lost", got.lost, want.lost, o.Lost},
		{"Degraded", got.degraded, want.degraded, o.Degraded},
		{"Unsatisfied", got.unsatisfied, want.unsatisfied, o.Unsatisfied},
	} {
		if !maps.Equal(c.got, c.want) {
			t.Fatalf("%s: %s = [%s], want [%s]", what, c.field, describe(c.got), describe(c.want))
		}
		if !slices.IsSorted(c.list) || len(c.list) != len(c.got) {
			t.Fatalf("%s: %s = %v is not sorted or repeats itself", what, c.field, c.list)
		}
	}
	if o.Down != len(want.down) {
		t.Fatalf("%s: Down = %d, want %d [%s]", what, o.Down, len(want.down), describe(want.down))
	}
}

func refEventOf(a *analyzer.Analysis, e analyzer.Event, alike int) refEvent {
	r := refEvent{kind: int(e.Kind), number: e.Replica, alike: alike}
	if e.Module >= 0 {
		r.module = a.Module(e.Module).Name
	}
	if e.Domain >= 0 {
		r.domain = a.Design.FailureDomains[e.Domain].Name
	}
	return r
}

func eventOf(a *analyzer.Analysis, e refEvent) analyzer.Event {
	out := analyzer.Event{Kind: analyzer.EventKind(e.kind), Module: -1, Domain: -1, Replica: e.number}
	if e.module != "" {
		out.Module, _ = a.ModuleIndex(e.module)
	}
	if e.domain != "" {
		out.Domain, _ = a.DomainIndex(e.domain)
	}
	return out
}

func names(a *analyzer.Analysis, modules []int32) []string {
	var out []string
	for _, m := range modules {
		out = append(out, a.Module(m).Name)
	}
	return out
}

func TestFailuresAgreeWithReference(t *testing.T) {
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		a, r := analyzer.New(d), newReference(d)
		f := a.Failures()
		before := r.outcome(refScenario{})
		compare(t, "before", a, f.Before, before)

		listed, harmless := r.events()
		var got []refEvent
		for i, e := range f.Events {
			got = append(got, refEventOf(a, e, f.Alike[i]))
		}
		if !slices.Equal(got, listed) {
			t.Fatalf("events = %v, want %v", got, listed)
		}
		journeys := r.journeys()
		if len(journeys) != len(a.Journeys()) {
			t.Fatalf("%d journeys, want %d", len(a.Journeys()), len(journeys))
		}
		for i, e := range listed {
			s := e.scenario()
			compare(t, fmt.Sprint(e), a, f.Outcomes[i], r.outcome(s).beyond(before))
			for j, journey := range journeys {
				if got, want := names(a, a.Path(f.Events[i], j)), r.path(journey, s); !slices.Equal(got, want) {
					t.Fatalf("%v: Path(%s) = %v, want %v", e, journey.name, got, want)
				}
			}
		}
		for _, e := range harmless {
			o := r.outcome(e.scenario()).beyond(before)
			if len(o.lost)+len(o.degraded)+len(o.down)+len(o.unsatisfied) > 0 {
				t.Fatalf("%v is not among the events, but brings down %v", e, o)
			}
			for j := range journeys {
				if p := a.Path(eventOf(a, e), j); p != nil {
					t.Fatalf("%v brings nothing down, but has the path %v", e, names(a, p))
				}
			}
		}
	})
}

func TestModuleFailuresAgreeWithReference(t *testing.T) {
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		compareModuleFailures(t, d)
	})
}

func compareModuleFailures(t interface{ Fatalf(string, ...any) }, d *schema.Design) {
	a, r := analyzer.New(d), newReference(d)
	f := a.ModuleFailures()
	before := r.outcome(refScenario{})
	for i, m := range d.Modules {
		want := r.outcome(refScenario{modules: map[string]bool{m.Name: true}}).beyond(before)
		delete(want.down, m.Name)
		want.degraded, want.unsatisfied = nil, nil
		compare(t, m.Name+" as a whole", a, analyzer.Outcome{Lost: f.Lost[i], Down: f.Down[i]}, want)
	}
}

// someScenario draws several failures at once.
func someScenario(t *rapid.T, a *analyzer.Analysis) (analyzer.Scenario, refScenario) {
	s := analyzer.Scenario{}
	ref := refScenario{map[refReplica]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[refCut]bool{}}
	for range rapid.IntRange(0, 4).Draw(t, "failures") {
		i := int32(rapid.IntRange(0, a.Modules()-1).Draw(t, "module"))
		m := a.Module(i)
		switch rapid.IntRange(0, 5).Draw(t, "what") {
		case 0:
			replica := rapid.IntRange(0, 6).Draw(t, "replica")
			s.Events = append(s.Events, analyzer.Event{Kind: analyzer.ReplicaEvent, Module: i, Replica: replica, Domain: -1})
			if m.Kind != schema.External {
				ref.replicas[refReplica{m.Name, replica}] = true
			}
		case 1:
			domain := rapid.IntRange(-1, len(a.Design.FailureDomains)).Draw(t, "domain")
			s.Events = append(s.Events, analyzer.Event{Kind: analyzer.DomainEvent, Module: -1, Domain: int32(domain)})
			if domain >= 0 && domain < len(a.Design.FailureDomains) {
				ref.domains[a.Design.FailureDomains[domain].Name] = true
			}
		case 2:
			s.Events = append(s.Events, analyzer.Event{Kind: analyzer.ExternalEvent, Module: i, Domain: -1})
			if m.Kind == schema.External {
				ref.externals[m.Name] = true
			}
		case 3:
			s.Modules = append(s.Modules, i)
			ref.modules[m.Name] = true
		default:
			if len(a.Dependencies()) == 0 {
				continue
			}
			k := rapid.IntRange(0, len(a.Dependencies())-1).Draw(t, "dependency")
			d := &a.Dependencies()[k]
			c := analyzer.Cut{Dependency: int32(k), Target: -1}
			targets := d.Targets
			if len(targets) > 0 && rapid.Bool().Draw(t, "one target") {
				targets = []int32{targets[rapid.IntRange(0, len(targets)-1).Draw(t, "target")]}
				c.Target = targets[0]
			}
			s.Cuts = append(s.Cuts, c)
			for _, to := range targets {
				ref.cuts[refCut{a.Module(d.From).Name, d.Key, a.Module(to).Name}] = true
			}
		}
	}
	return s, ref
}

func TestSimulationsAgreeWithReference(t *testing.T) {
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		a, r := analyzer.New(d), newReference(d)
		var scenarios []analyzer.Scenario
		var want []refOutcome
		for range rapid.IntRange(1, 6).Draw(t, "scenarios") {
			s, ref := someScenario(t, a)
			o := r.outcome(ref)
			scenarios, want = append(scenarios, s), append(want, o)

			got := a.Simulate(s)
			compare(t, fmt.Sprint(s), a, got.Outcome, o)
			for i, m := range d.Modules {
				if got.ModuleDown[i] != o.down[m.Name] {
					t.Fatalf("%v: ModuleDown[%s] = %t", s, m.Name, got.ModuleDown[i])
				}
				if got.NoCapacity[i] == r.hasCapacity(m, ref) {
					t.Fatalf("%v: NoCapacity[%s] = %t", s, m.Name, got.NoCapacity[i])
				}
			}
			for i, f := range d.FailureDomains {
				if got.DomainDown[i] != r.domainDown(f.Name, ref) {
					t.Fatalf("%v: DomainDown[%s] = %t", s, f.Name, got.DomainDown[i])
				}
			}
		}
		// Many more scenarios than a block holds, told apart by the place of the real ones.
		n := len(scenarios)
		if rapid.IntRange(0, 9).Draw(t, "many") == 0 {
			for len(scenarios) < 2500 {
				scenarios = append(scenarios, scenarios[len(scenarios)*7%n])
				want = append(want, want[(len(want))*7%n])
			}
		}
		visited := 0
		a.SimulateAll(scenarios, func(i int, o analyzer.Outcome, down func(int32) bool) {
			if i != visited {
				t.Fatalf("scenario %d visited in place of %d", i, visited)
			}
			visited++
			compare(t, fmt.Sprint(scenarios[i]), a, o, want[i])
			for k, m := range d.Modules {
				if down(int32(k)) != want[i].down[m.Name] {
					t.Fatalf("%v: down(%s) = %t", scenarios[i], m.Name, down(int32(k)))
				}
			}
		})
		if visited != len(scenarios) {
			t.Fatalf("%d of %d scenarios visited", visited, len(scenarios))
		}
	})
}

func TestCapacityAgreesWithReference(t *testing.T) {
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		a, r := analyzer.New(d), newReference(d)
		for i, m := range d.Modules {
			if got, want := a.Spare(int32(i)), r.spare(m); got != want {
				t.Fatalf("Spare(%s) = %d, want %d", m.Name, got, want)
			}
			for k, f := range d.FailureDomains {
				want := r.hasCapacity(m, refScenario{domains: map[string]bool{f.Name: true}})
				if got := a.SurvivesDomain(int32(i), int32(k)); got != want {
					t.Fatalf("SurvivesDomain(%s, %s) = %t", m.Name, f.Name, got)
				}
			}
		}
	})
}

// In a different order of declaration and with other names, the same things fail.
func TestFailuresDoNotDependOnNamesOrOrder(t *testing.T) {
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		numbers := func(label string, n int) []int {
			all := make([]int, n)
			for i := range all {
				all[i] = i
			}
			return rapid.Permutation(all).Draw(t, label)
		}
		rename := map[string]string{"nobody": "nobody", "nowhere": "nowhere", "": ""}
		back := map[string]string{}
		for prefix, n := range map[string]int{"m": len(d.Modules), "d": len(d.FailureDomains), "j": len(d.Journeys)} {
			for i, k := range numbers("names "+prefix, n) {
				rename[fmt.Sprint(prefix, i)] = fmt.Sprint(prefix, "x", k)
				back[fmt.Sprint(prefix, "x", k)] = fmt.Sprint(prefix, i)
			}
		}
		other := renamed(d, rename)
		slices.Reverse(other.Modules)
		slices.Reverse(other.Journeys)
		slices.Reverse(other.FailureDomains)
		other.Normalize()

		a, b := analyzer.New(d), analyzer.New(other)
		tell := func(a *analyzer.Analysis, back map[string]string) (out []string) {
			old := func(name string) string { return cmp.Or(back[name], name) }
			f := a.Failures()
			for i, e := range f.Events {
				text := func(s map[string]bool) string {
					var all []string
					for k := range s {
						module, key, _ := strings.Cut(k, " ")
						all = append(all, old(module)+" "+key)
					}
					slices.Sort(all)
					return strings.Join(all, ", ")
				}
				// Which replica is the first in its domain depends on the domains' names.
				r, o := refEventOf(a, e, f.Alike[i]), named(a, f.Outcomes[i])
				out = append(out, fmt.Sprint(r.kind, old(r.module), old(r.domain), r.alike, " ", text(o.lost), "|", text(o.degraded), "|", text(o.unsatisfied), "|", f.Outcomes[i].Down))
			}
			slices.Sort(out)
			return out
		}
		// Nothing says which of the replicas that counts deal to several domains is the primary, and
		// which sets of alike replicas the others form depends on names.
		for _, m := range d.Modules {
			if refManual(m) && m.Placement != nil && len(m.Placement.Counts) > 1 {
				t.Skip("which replica is the primary depends on names")
			}
			if m.Placement != nil && len(m.Placement.Counts) > 0 {
				sum := 0
				for _, c := range m.Placement.Counts {
					sum += c.Count
				}
				if sum > m.ReliableReplicas() {
					t.Skip("which of too many counts are filled depends on names")
				}
			}
		}
		if got, want := tell(b, back), tell(a, nil); !slices.Equal(got, want) {
			t.Fatalf("renamed:\n%s\nas it was:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// renamed copies a design under other names.
func renamed(d *schema.Design, name map[string]string) *schema.Design {
	ref := func(r schema.Ref) schema.Ref { return schema.Ref{Name: name[r.Name]} }
	refs := func(list []schema.Ref) (out []schema.Ref) {
		for _, r := range list {
			out = append(out, ref(r))
		}
		return out
	}
	out := &schema.Design{System: d.System}
	for _, f := range d.FailureDomains {
		c := *f
		c.Name, c.In = name[f.Name], ref(f.In)
		out.FailureDomains = append(out.FailureDomains, &c)
	}
	for _, j := range d.Journeys {
		c := *j
		c.Name, c.Entry, c.Uses = name[j.Name], ref(j.Entry), refs(j.Uses)
		out.Journeys = append(out.Journeys, &c)
	}
	for _, m := range d.Modules {
		c := *m
		c.Name, c.DependsOn = name[m.Name], nil
		if m.Placement != nil {
			c.Placement = &schema.Placement{Spread: refs(m.Placement.Spread)}
			for _, pc := range m.Placement.Counts {
				c.Placement.Counts = append(c.Placement.Counts, schema.PlacementCount{Domain: ref(pc.Domain), Count: pc.Count})
			}
		}
		for _, dep := range m.DependsOn {
			e := *dep
			e.To, e.AnyOf = ref(dep.To), refs(dep.AnyOf)
			c.DependsOn = append(c.DependsOn, &e)
		}
		out.Modules = append(out.Modules, &c)
	}
	return out
}

// One more active replica, in a place of its own, never costs a journey.
func TestAddingAReplicaLosesNothing(t *testing.T) {
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		i := rapid.IntRange(0, len(d.Modules)-1).Draw(t, "module")
		m := d.Modules[i]
		m.Autoscaling, m.Redundancy.Mode = nil, schema.ActiveActive
		if m.Placement != nil && len(m.Placement.Spread) > 0 {
			// One more in the same round of the list changes no other replica's place.
			m.Placement.Spread = slices.Repeat(m.Placement.Spread, 6)
		}
		less := analyzer.New(d)
		before, events := named(less, less.Failures().Before).lost, map[string]map[string]bool{}
		for k, e := range less.Failures().Events {
			e := refEventOf(less, e, 0)
			if e.kind == 0 && e.module == m.Name {
				continue // another replica may be the first of its kind now
			}
			lost := named(less, less.Failures().Outcomes[k]).lost
			maps.Copy(lost, before)
			events[fmt.Sprint(e)] = lost
		}

		more := renamed(d, identity{}.of(d))
		more.Modules[i].Replicas++
		more.Normalize()
		a := analyzer.New(more)
		f := a.Failures()
		after := named(a, f.Before).lost
		for j := range after {
			if !before[j] {
				t.Fatalf("with one more replica of %s, %s is down before anything fails", m.Name, j)
			}
		}
		for k, e := range f.Events {
			e := refEventOf(a, e, 0)
			was, ok := events[fmt.Sprint(e)]
			if !ok {
				continue
			}
			for j := range named(a, f.Outcomes[k]).lost {
				if !was[j] {
					t.Fatalf("with one more replica of %s, %v takes %s down", m.Name, e, j)
				}
			}
		}
	})
}

type identity struct{}

func (identity) of(d *schema.Design) map[string]string {
	out := map[string]string{"nobody": "nobody", "nowhere": "nowhere", "": ""}
	for _, m := range d.Modules {
		out[m.Name] = m.Name
	}
	for _, f := range d.FailureDomains {
		out[f.Name] = f.Name
	}
	for _, j := range d.Journeys {
		out[j.Name] = j.Name
	}
	return out
}
