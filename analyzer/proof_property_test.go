package analyzer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/schema"
)

// noEnd is what tells of a module that it does not end a way.
const noEnd = 1 << 20

// checkProof holds a proof to the sentences of the model: each step is along a hard runtime dependency that is not
// satisfied, over modules that are down, to a module that has a reason of its own. It returns the length:
// the modules, and one more for a cut.
func (r *reference) checkProof(t *rapid.T, what string, a *analyzer.Analysis, p *analyzer.Proof, counts []*schema.Dependency, s refScenario, failed map[string]bool) int {
	path := names(a, p.Path)
	for i := range path {
		m := r.modules[path[i]]
		own := m.DependsOn
		if i == 0 {
			own = counts
		} else if !failed[path[i]] {
			t.Fatalf("%s: %v: %s works", what, path, path[i])
		}
		if i == len(path)-1 {
			switch {
			case p.Dependency < 0:
				if r.hasCapacity(m, s) {
					t.Fatalf("%s: %v: the last has capacity", what, path)
				}
			default:
				d := a.Dependencies()[p.Dependency]
				if !slices.Contains(own, d.Dependency) || !refHard(d.Dependency) || !refRuntime(d.Dependency) || r.satisfied(m, d.Dependency, failed, s) {
					t.Fatalf("%s: %v ends at dependency %s, which is no reason", what, path, d.Key)
				}
				if p.Target >= 0 && s.reaches(m, d.Dependency, a.Module(p.Target).Name) {
					t.Fatalf("%s: %v: %s is not cut off", what, path, a.Module(p.Target).Name)
				}
				if p.Target < 0 && len(r.targets(d.Dependency)) >= d.Need {
					t.Fatalf("%s: %v: %s could be satisfied", what, path, d.Key)
				}
			}
			continue
		}
		if !slices.ContainsFunc(own, func(d *schema.Dependency) bool {
			return refHard(d) && refRuntime(d) && !r.satisfied(m, d, failed, s) && r.targets(d)[path[i+1]]
		}) {
			t.Fatalf("%s: %v: no step from %s to %s", what, path, path[i], path[i+1])
		}
	}
	if p.Target >= 0 {
		return len(path) + 1
	}
	return len(path)
}

// shortest is the length of the shortest way, over modules that fail as only tells, to one that ends tells of: by how much
// that makes it longer.
func (r *reference) shortest(entry string, counts []*schema.Dependency, s refScenario, failed map[string]bool, only func(name string) bool, ends func(m *schema.Module, counts []*schema.Dependency) int) int {
	best := 1 + ends(r.modules[entry], counts)
	level := map[string]bool{}
	step := func(m *schema.Module, deps []*schema.Dependency, out map[string]bool) {
		for _, d := range deps {
			if refHard(d) && refRuntime(d) && !r.satisfied(m, d, failed, s) {
				for t := range r.targets(d) {
					if failed[t] && only(t) && s.reaches(m, d, t) {
						out[t] = true
					}
				}
			}
		}
	}
	step(r.modules[entry], counts, level)
	for n := 2; n < len(r.modules)+3; n++ {
		next := map[string]bool{}
		for name := range level {
			best = min(best, n+ends(r.modules[name], r.modules[name].DependsOn))
			step(r.modules[name], r.modules[name].DependsOn, next)
		}
		level = next
	}
	return best
}

// TestProofsAgreeWithReference holds the ways of Prove to the model, and to be shortest: of journeys and modules, of what
// fails and of what is degraded.
func TestProofsAgreeWithReference(t *testing.T) {
	down, before, cut, degraded := 0, 0, 0, 0
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		a, r := analyzer.New(d), newReference(d)
		s, ref := someScenario(t, a)
		none := refScenario{}
		after, was := r.failed(ref), r.failed(none)
		p := a.Prove(s)
		hold := func(what string, proof *analyzer.Proof, entry string, counts []*schema.Dependency, works, worked bool) {
			if (proof == nil) != works {
				t.Fatalf("%v: %s: works is %t, and the proof %v", s, what, works, proof)
			}
			if proof == nil {
				return
			}
			down++
			if proof.Before != !worked {
				t.Fatalf("%v: %s: Before is %t", s, what, proof.Before)
			}
			if proof.Before {
				before++
				got := r.checkProof(t, what+" before", a, proof, counts, none, was)
				want := r.shortest(entry, counts, none, was, func(string) bool { return true }, func(m *schema.Module, counts []*schema.Dependency) int {
					impossible := func(d *schema.Dependency) bool {
						return refHard(d) && refRuntime(d) && len(d.AnyOf) > 0 && len(r.targets(d)) > 0 && len(r.targets(d)) < d.Need
					}
					if !r.hasCapacity(m, none) || slices.ContainsFunc(counts, impossible) {
						return 0
					}
					return noEnd
				})
				if got != want {
					t.Fatalf("%v: %s: before, the way has %d modules, want %d", s, what, got, want)
				}
				return
			}
			if proof.Target >= 0 {
				cut++
			}
			got := r.checkProof(t, fmt.Sprint(s, what), a, proof, counts, ref, after)
			// A cut of a target that was down before takes nothing away.
			ends := func(m *schema.Module, counts []*schema.Dependency) int {
				if r.hasCapacity(m, none) && !r.hasCapacity(m, ref) {
					return 0
				}
				for _, d := range counts {
					if refHard(d) && refRuntime(d) && !r.satisfied(m, d, after, ref) {
						for to := range r.targets(d) {
							if !ref.reaches(m, d, to) && !was[to] {
								return 1
							}
						}
					}
				}
				return noEnd
			}
			want := r.shortest(entry, counts, ref, after, func(name string) bool { return !was[name] }, ends)
			if got != want {
				t.Fatalf("%v: %s: the way has %d modules, want %d", s, what, got, want)
			}
		}
		soft := func(what string, proof *analyzer.SoftProof, counts []*schema.Dependency, want bool) {
			if (proof != nil) != want {
				t.Fatalf("%v: %s: degraded is %t, and the proof %v", s, what, want, proof)
			}
			if proof == nil {
				return
			}
			degraded++
			path := names(a, proof.Path)
			for i := range path {
				m, own := r.modules[path[i]], r.modules[path[i]].DependsOn
				if i == 0 {
					own = counts
				} else if after[path[i]] {
					t.Fatalf("%v: %s: %v: %s is down", s, what, path, path[i])
				}
				if i == len(path)-1 {
					d := a.Dependencies()[proof.Dependency]
					if !slices.Contains(own, d.Dependency) || refHard(d.Dependency) || !refRuntime(d.Dependency) || r.satisfied(m, d.Dependency, after, ref) {
						t.Fatalf("%v: %s: %v: %s is not the reason", s, what, path, d.Key)
					}
					var missing []string
					for _, miss := range p.Missing(proof.Dependency) {
						missing = append(missing, a.Module(miss.Target).Name)
						if miss.Cut != !ref.reaches(m, d.Dependency, a.Module(miss.Target).Name) || miss.Down != after[a.Module(miss.Target).Name] {
							t.Fatalf("%v: %s: %+v", s, what, miss)
						}
					}
					for to := range r.targets(d.Dependency) {
						if (after[to] || !ref.reaches(m, d.Dependency, to)) != slices.Contains(missing, to) {
							t.Fatalf("%v: %s: missing are %v", s, what, missing)
						}
					}
					continue
				}
				if !slices.ContainsFunc(own, func(d *schema.Dependency) bool {
					return refRuntime(d) && r.targets(d)[path[i+1]] && ref.reaches(m, d, path[i+1])
				}) {
					t.Fatalf("%v: %s: %v: no step from %s", s, what, path, path[i])
				}
			}
		}
		for j, journey := range r.journeys() {
			if journey.entry == "" {
				if p.Journey(j) != nil || p.DegradedJourney(j) != nil {
					t.Fatal("a journey without entry has a proof")
				}
				continue
			}
			works := r.journeyWorks(journey, ref, after)
			hold("journey "+journey.name, p.Journey(j), journey.entry, journey.counts, works, r.journeyWorks(journey, none, was))
			soft("journey "+journey.name, p.DegradedJourney(j), journey.counts, works && r.degraded(journey, after, ref))
		}
		for i, m := range d.Modules {
			hold(m.Name, p.Module(int32(i)), m.Name, m.DependsOn, !after[m.Name], !was[m.Name])
			soft(m.Name, p.DegradedModule(int32(i)), m.DependsOn, !after[m.Name] && r.degraded(refJourney{"", m.Name, m.DependsOn}, after, ref))
		}
		for i, m := range d.Modules {
			up := 0
			for n := 1; n <= refReplicas(m); n++ {
				if r.replicaUp(m, n, ref) && !ref.modules[m.Name] && !ref.externals[m.Name] {
					up++
				}
			}
			if got := a.ReplicasLeft(s)[i]; got != up {
				t.Fatalf("%v: %d replicas of %s are left, want %d", s, got, m.Name, up)
			}
			for k, f := range d.FailureDomains {
				in := 0
				for n := 1; n <= refReplicas(m); n++ {
					if !r.replicaUp(m, n, refScenario{domains: map[string]bool{f.Name: true}}) {
						in++
					}
				}
				if got := a.ReplicasIn(int32(i), int32(k)); got != in {
					t.Fatalf("%d replicas of %s stand in %s, want %d", got, m.Name, f.Name, in)
				}
			}
		}
	})
	if down < 100 || before < 50 || cut < 10 || degraded < 50 {
		t.Errorf("of %d proofs, %d of before, %d of cuts and %d degraded: too few", down, before, cut, degraded)
	}
}

// Of one event, the ways are those of Path.
func TestProofsAgreeWithPath(t *testing.T) {
	checks(t, func(t *rapid.T) {
		a := analyzer.New(someDesign(t))
		for i, e := range a.Failures().Events {
			p := a.Prove(analyzer.Scenario{Events: []analyzer.Event{e}})
			for _, j := range a.Failures().Outcomes[i].Lost {
				if got, want := p.Journey(int(j)).Path, a.Path(e, int(j)); !slices.Equal(got, want) {
					t.Fatalf("%v: %v, and Path gives %v", e, names(a, got), names(a, want))
				}
			}
		}
	})
}

func TestParseCut(t *testing.T) {
	dep := func(key string) *schema.Dependency { return &schema.Dependency{Key: key, To: schema.Ref{Name: key}} }
	choice := func(key string, of ...string) *schema.Dependency {
		return &schema.Dependency{Key: key, AnyOf: refs(of), Need: 1}
	}
	late := dep("late")
	late.When = schema.Startup
	renamed := dep("store")
	renamed.To.Name = "db"
	gone := dep("gone")
	d := &schema.Design{
		System: "s",
		Modules: []*schema.Module{
			{Name: "web", Replicas: 2, DependsOn: []*schema.Dependency{dep("orders"), choice("pay", "bank", "card"), choice("any", "orders", "bank"), late, renamed, gone}},
			{Name: "orders", Replicas: 2, DependsOn: []*schema.Dependency{choice("bank", "bank", "card")}},
			{Name: "bank"}, {Name: "card"}, {Name: "late"}, {Name: "db"},
			{Name: "a", DependsOn: []*schema.Dependency{dep("b -> c"), dep("b")}},
			{Name: "a -> b", Replicas: 3, DependsOn: []*schema.Dependency{dep("c")}},
			{Name: "b -> c"}, {Name: "b", DependsOn: []*schema.Dependency{dep("c")}}, {Name: "c"},
			{Name: "module:m", DependsOn: []*schema.Dependency{dep("c")}},
			{Name: `"q"`, DependsOn: []*schema.Dependency{dep(`"c"`)}}, {Name: `"c"`},
		},
		FailureDomains: []*schema.FailureDomain{{Name: "zone"}},
	}
	d.Normalize()
	a := analyzer.New(d)
	for text, want := range map[string]string{
		"web -> orders":         "web any orders, web orders *",
		"web -> bank":           "web any bank, web pay bank",
		"web -> card":           "web pay card",
		"web -> pay":            "web pay *",
		"web -> any":            "web any *",
		"web -> store":          "web store *",
		"web -> db":             "web store *",
		"orders -> bank":        "orders bank bank", // the alternative, not the choice of its name
		"orders -> card":        "orders bank card",
		"b -> c":                "", // a module
		`"b" -> "c"`:            "b c *",
		"a -> b":                "", // a module
		`"a" -> "b"`:            "a b *",
		`"a" -> "b -> c"`:       "a b -> c *",
		`"a -> b" -> "c"`:       "a -> b c *",
		"module:m -> c":         "module:m c *",
		`"q" -> "c"`:            `"q" "c" *`, // names with quotes of their own
		`"\"q\"" -> "\"c\""`:    `"q" "c" *`,
		"a -> b -> c":           `error: "a -> b -> c" can be read in 2 ways: write the names in quotes, such as "a" -> "b -> c"`,
		"web -> late":           "error: web needs late at startup only: what is cut is a dependency at run time: the others fail nothing that runs",
		"web -> gone":           "error: web -> gone leads to no module of the design: there is nothing to cut",
		"web -> ordrs":          `error: web does not depend on "ordrs": did you mean "web -> orders"?`,
		"web -> zone":           `error: web does not depend on "zone": it depends on any, bank, card, db and 2 more`,
		"wbe -> orders":         `error: no module "wbe": did you mean "web -> orders"?`,
		"wbe -> x":              `error: no module "wbe": did you mean "web"?`,
		"orders -> web":         `error: orders does not depend on "web": web depends on it: write "web -> orders"`,
		"zone -> web":           `error: no module "zone": it is a failure domain, which depends on nothing`,
		"c -> b":                `error: c does not depend on "b": b depends on it: write "b -> c"`,
		"bank -> card":          `error: bank does not depend on "card": it depends on nothing at run time`,
		"web->orders":           `error: no module or failure domain "web->orders": did you mean "web -> orders"?`,
		"web → orders":          `error: no module or failure domain "web → orders": did you mean "web -> orders"?`,
		" -> ":                  `error: no module ""`,
		"web -> ":               `error: web does not depend on "": it depends on any, bank, card, db and 2 more`,
		`"web" -> "orders`:      `error: no module "\"web\"": did you mean "web"?`,
		"a -> b/2":              "", // a replica
		"domain:web -> orders":  `error: no module "domain:web"`,
		"web -> orders -> bank": `error: web does not depend on "orders -> bank": did you mean "web -> orders"?`,
	} {
		s, err := a.ParseEvent(text)
		var got []string
		for _, c := range s.Cuts {
			dep := a.Dependencies()[c.Dependency]
			to := "*"
			if c.Target >= 0 {
				to = a.Module(c.Target).Name
			}
			got = append(got, a.Module(dep.From).Name+" "+dep.Key+" "+to)
		}
		if err != nil {
			got = []string{"error: " + err.Error()}
		}
		if out := strings.Join(got, ", "); out != want {
			t.Errorf("%s:\n got %s\nwant %s", text, out, want)
		}
	}
}

// What is offered as an example can be asked, and each module has a name of its own.
func TestExampleEvents(t *testing.T) {
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		for _, m := range d.Modules { // names that could be read as something else
			if rapid.IntRange(0, 3).Draw(t, "odd") == 0 {
				m.Name = rapid.SampledFrom([]string{"d0", "module:d0", "m1 -> m2", "m1/1", "domain:d0"}).Draw(t, "name")
			}
		}
		slices.SortFunc(d.Modules, func(x, y *schema.Module) int { return strings.Compare(x.Name, y.Name) })
		d.Modules = slices.CompactFunc(d.Modules, func(x, y *schema.Module) bool { return x.Name == y.Name })
		a := analyzer.New(d)
		for _, text := range a.ExampleEvents() {
			if _, err := a.ParseEvent(text); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
		}
		for i, m := range d.Modules {
			s, err := a.ParseEvent(a.ModuleEventName(int32(i)))
			if m.ReliableReplicas() < 1 || m.Kind == schema.External {
				continue
			}
			if err != nil || !slices.Equal(s.Modules, []int32{int32(i)}) {
				t.Fatalf("%q means %v, %v", a.ModuleEventName(int32(i)), s, err)
			}
		}
	})
}
