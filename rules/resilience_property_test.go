package rules_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

// TestResilienceProperties compares what the resilience rules say of random designs with what one
// simulation for each question says: some hundreds of designs, or 20,000 with LINTEL_LONG=1.
func TestResilienceProperties(t *testing.T) {
	n := 400
	if os.Getenv("LINTEL_LONG") != "" {
		n = 20000
	}
	told := map[string]int{}
	for seed := range n {
		d := randomDesign(rand.New(rand.NewPCG(uint64(seed), 7)))
		a := analyzer.New(d)
		c := &resilienceCheck{t: t, name: fmt.Sprintf("seed %d", seed), a: a, design: d}
		c.res = rules.Run(a, rules.Settings{Only: []string{"RES"}}, rulestest.Today)
		c.before = a.Simulate(analyzer.Scenario{})
		c.counted = countedReference(a)
		c.singlePoints()
		c.alternatives()
		c.protections()
		c.startups()
		c.tiers()
		c.blasts()
		c.recoveries()
		for _, f := range c.res.Findings {
			told[f.Rule.ID]++
			if f.Rule.ID == "RES001" {
				told["RES001 "+string(f.Subject.Kind)]++
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, describe(d))
		}
	}
	for _, id := range []string{"RES001 module", "RES001 failureDomain", "RES002", "RES003", "RES004", "RES005", "RES006", "RES007", "RES008", "RES009", "RES010", "RES011", "RES017"} {
		if told[id] < n/100 {
			t.Errorf("%d findings of %s in %d designs: the designs do not test it", told[id], id, n)
		}
	}
}

type resilienceCheck struct {
	t       *testing.T
	name    string
	a       *analyzer.Analysis
	design  *schema.Design
	res     *rules.Result
	before  *analyzer.Simulation
	counted []bool
}

func (c *resilienceCheck) of(id string) []rules.Finding {
	var out []rules.Finding
	for _, f := range c.res.Findings {
		if f.Rule.ID == id {
			out = append(out, f)
		}
	}
	return out
}

// lost gives the names of the journeys that a scenario brings down beyond those that are down before.
func (c *resilienceCheck) lost(s analyzer.Scenario) []string {
	var out []string
	for _, j := range c.a.Simulate(s).Lost {
		if !slices.Contains(c.before.Lost, j) {
			out = append(out, c.a.Journeys()[j].Name)
		}
	}
	return out
}

func event(k analyzer.EventKind, module int32, replica int, domain int32) analyzer.Scenario {
	return analyzer.Scenario{Events: []analyzer.Event{{Kind: k, Module: module, Replica: replica, Domain: domain}}}
}

// singlePoints holds RES001 and RES002 to one simulation an event: modules exactly; of domains, that
// each journey lost is told of the domain, of one in it, or of a module that is lost with it.
func (c *resilienceCheck) singlePoints() {
	modules, domains := map[string]rules.Finding{}, map[string]rules.Finding{}
	for _, f := range append(c.of("RES001"), c.of("RES002")...) {
		into := modules
		if f.Subject.Kind == rules.OfFailureDomain {
			into = domains
		}
		if _, twice := into[f.Subject.Name]; twice {
			c.t.Errorf("%s: %s is told twice", c.name, f.Subject.Name)
		}
		into[f.Subject.Name] = f
	}
	for i, m := range c.design.Modules {
		var want []string
		if m.Kind == schema.External {
			want = c.lost(event(analyzer.ExternalEvent, int32(i), 0, -1))
		} else {
			for r := 1; r <= m.ReliableReplicas(); r++ {
				for _, j := range c.lost(event(analyzer.ReplicaEvent, int32(i), r, -1)) {
					if !slices.Contains(want, j) {
						want = append(want, j)
					}
				}
			}
		}
		f := modules[m.Name]
		if !slices.Equal(f.Journeys, want) {
			c.t.Errorf("%s: %s: told of %q, lost are %q", c.name, m.Name, f.Journeys, want)
		}
		c.paths(&f, func(last string) bool { return last == m.Name })
	}
	for d, domain := range c.design.FailureDomains {
		lost := c.lost(event(analyzer.DomainEvent, -1, 0, int32(d)))
		f, told := domains[domain.Name]
		if told && (!c.counted[d] || len(lost) == 0) {
			c.t.Errorf("%s: %s is told without a cause", c.name, domain.Name)
		}
		if told && !slices.Equal(f.Journeys, lost) {
			c.t.Errorf("%s: %s: told of %q, lost are %q", c.name, domain.Name, f.Journeys, lost)
		}
		victim := func(name string) bool {
			i, _ := c.a.ModuleIndex(name)
			return !c.before.NoCapacity[i] && !c.a.SurvivesDomain(i, int32(d))
		}
		c.paths(&f, victim)
		if !c.counted[d] {
			continue
		}
		var explained []string
		others := false
		for name, f := range modules {
			if victim(name) {
				explained = append(explained, f.Journeys...)
			}
		}
		for i, m := range c.design.Modules {
			if _, ok := modules[m.Name]; !ok && !c.before.NoCapacity[i] && victim(m.Name) {
				others = true
			}
		}
		byModules := slices.Clone(explained)
		for name, f := range domains {
			if k, _ := c.a.DomainIndex(name); c.a.InDomain(k, int32(d)) {
				explained = append(explained, f.Journeys...)
			}
		}
		covers := func(list []string) bool {
			return !slices.ContainsFunc(lost, func(j string) bool { return !slices.Contains(list, j) })
		}
		if !covers(explained) {
			c.t.Errorf("%s: %s brings down %q, told are %q", c.name, domain.Name, lost, explained)
		}
		if told && !others && covers(byModules) {
			c.t.Errorf("%s: %s repeats what is told of its modules", c.name, domain.Name)
		}
	}
}

// paths holds the paths of a finding to be ways from the entry of the journey along hard runtime
// dependencies to a culprit.
func (c *resilienceCheck) paths(f *rules.Finding, culprit func(string) bool) {
	for _, p := range f.Paths {
		for _, j := range c.a.Journeys() {
			if j.Name == p.Journey && c.a.Module(j.Entry).Name != p.Path[0] {
				c.t.Errorf("%s: the path %v of %s begins elsewhere", c.name, p.Path, p.Journey)
			}
		}
		if !culprit(p.Path[len(p.Path)-1]) {
			c.t.Errorf("%s: the path %v does not end at a culprit", c.name, p.Path)
		}
		c.hardWay(p.Path)
	}
	if len(f.Journeys) > 0 && len(f.Paths) != len(f.Journeys) {
		c.t.Errorf("%s: %d paths for %d journeys", c.name, len(f.Paths), len(f.Journeys))
	}
}

func (c *resilienceCheck) hardWay(path []string) {
	for k := 0; k+1 < len(path); k++ {
		from, _ := c.a.ModuleIndex(path[k])
		to, _ := c.a.ModuleIndex(path[k+1])
		if !slices.ContainsFunc(c.a.DependenciesOf(from), func(d analyzer.Dependency) bool {
			return d.HardRuntime() && slices.Contains(d.Targets, to)
		}) {
			c.t.Errorf("%s: no hard dependency %s -> %s in %v", c.name, path[k], path[k+1], path)
		}
	}
}

// unsatisfied is the definition in model.md, section 4.
func unsatisfied(d *analyzer.Dependency, down []bool) bool {
	work := 0
	for _, t := range d.Targets {
		if !down[t] {
			work++
		}
	}
	need := 1
	if len(d.AnyOf) > 0 {
		need = d.Need
	}
	return len(d.Targets) > 0 && work < need
}

func (c *resilienceCheck) edge(name string) *analyzer.Dependency {
	for i := range c.a.Dependencies() {
		d := &c.a.Dependencies()[i]
		if c.a.Module(d.From).Name+" -> "+d.Key == name {
			return d
		}
	}
	c.t.Fatalf("%s: no dependency %s", c.name, name)
	return nil
}

// alternatives holds RES006 to be right in what it says: one event takes two alternatives that worked
// before, and more than can be spared; and not to be silent where a module outside the
// alternatives is what two of them need directly and its one replica takes all down.
func (c *resilienceCheck) alternatives() {
	toldOf := map[string]bool{}
	for _, f := range c.of("RES006") {
		toldOf[f.Subject.Name] = true
		d := c.edge(f.Subject.Name)
		found := false
		try := func(s analyzer.Scenario) {
			sim := c.a.Simulate(s)
			lost := 0
			for _, t := range d.Targets {
				if sim.ModuleDown[t] && !c.before.ModuleDown[t] {
					lost++
				}
			}
			found = found || lost >= 2 && unsatisfied(d, sim.ModuleDown) && !unsatisfied(d, c.before.ModuleDown)
		}
		for i, m := range c.design.Modules {
			try(event(analyzer.ExternalEvent, int32(i), 0, -1))
			for r := 1; r <= m.ReliableReplicas(); r++ {
				try(event(analyzer.ReplicaEvent, int32(i), r, -1))
			}
		}
		for i := range c.design.FailureDomains {
			if c.counted[i] {
				try(event(analyzer.DomainEvent, -1, 0, int32(i)))
			}
		}
		if !found {
			c.t.Errorf("%s: no event does what is said: %s", c.name, f.Message)
		}
		if len(d.Targets) <= max(d.Need, 1) {
			c.t.Errorf("%s: no alternatives: %s", c.name, f.Message)
		}
	}
	for i := range c.a.Dependencies() {
		d := &c.a.Dependencies()[i]
		if len(d.AnyOf) == 0 || len(d.Targets) <= d.Need || unsatisfied(d, c.before.ModuleDown) || slices.ContainsFunc(d.Targets, func(t int32) bool { return c.before.ModuleDown[t] }) {
			continue
		}
		for m := range c.design.Modules {
			needs := func(t int32) bool {
				return slices.ContainsFunc(c.a.DependenciesOf(t), func(e analyzer.Dependency) bool {
					return e.HardRuntime() && len(e.AnyOf) == 0 && slices.Equal(e.Targets, []int32{int32(m)})
				})
			}
			all := !slices.ContainsFunc(d.Targets, func(t int32) bool { return t == int32(m) || !needs(t) })
			if all && int32(m) != d.From && c.a.Spare(int32(m)) == 0 && c.a.Module(int32(m)).Kind != schema.External && !toldOf[c.a.Module(d.From).Name+" -> "+d.Key] {
				c.t.Errorf("%s: silent about %s -> %s, whose alternatives all need %s", c.name, c.a.Module(d.From).Name, d.Key, c.a.Module(int32(m)).Name)
			}
		}
	}
}

// protections holds RES007 to one simulation for each relation, and for each domain and relation.
func (c *resilienceCheck) protections() {
	got := map[string]bool{}
	for _, f := range c.of("RES007") {
		got[f.Key+" "+f.Subject.Name] = true
		if len(f.Path) > 0 {
			c.hardWay(f.Path)
		}
	}
	want := map[string]bool{}
	relate := func(key string, protector, subject int32) {
		if c.before.ModuleDown[protector] || c.before.ModuleDown[subject] {
			return
		}
		if c.a.Simulate(analyzer.Scenario{Modules: []int32{subject}}).ModuleDown[protector] {
			for _, d := range c.a.DependenciesOf(subject) {
				if strings.HasPrefix(key, "recovers") && d.Strength == schema.Hard && d.When == schema.Recovery && slices.Equal(d.Targets, []int32{protector}) {
					return // RES017 tells it
				}
			}
			want[key] = true
		}
		for d := range c.design.FailureDomains {
			if !c.counted[d] {
				continue
			}
			sim := c.a.Simulate(event(analyzer.DomainEvent, -1, 0, int32(d)))
			if sim.ModuleDown[protector] && sim.ModuleDown[subject] {
				want[key] = true
			}
		}
	}
	for i, m := range c.design.Modules {
		for _, r := range m.Monitors {
			t, _ := c.a.ModuleIndex(r.Name)
			relate("monitors "+m.Name, int32(i), t)
		}
		for _, r := range m.Recovers {
			t, _ := c.a.ModuleIndex(r.Name)
			relate("recovers "+m.Name, int32(i), t)
		}
		if m.Backup != nil {
			t, _ := c.a.ModuleIndex(m.Backup.To.Name)
			relate("backup "+m.Name, t, int32(i))
		}
	}
	for key := range want {
		if !got[key] {
			c.t.Errorf("%s: RES007 is silent about %s", c.name, key)
		}
	}
	for key := range got {
		if !want[key] {
			c.t.Errorf("%s: RES007 speaks without a cause of %s", c.name, key)
		}
	}
}

// canStart is the least fixed point of what can start, where running modules run already.
func (c *resilienceCheck) canStart(running func(int32) bool) []bool {
	started := make([]bool, c.a.Modules())
	for i, m := range c.design.Modules {
		started[i] = running(int32(i)) || m.Kind == schema.External
	}
	for changed := true; changed; {
		changed = false
		for i := range started {
			if started[i] {
				continue
			}
			ready := true
			for _, d := range c.a.DependenciesOf(int32(i)) {
				if d.Strength != schema.Hard || d.When != schema.Runtime && d.When != schema.Startup || len(d.Targets) == 0 {
					continue
				}
				work, need := 0, 1
				if len(d.AnyOf) > 0 {
					need = min(d.Need, len(d.Targets))
				}
				for _, t := range d.Targets {
					if started[t] || t == int32(i) {
						work++
					}
				}
				ready = ready && work >= need
			}
			if ready {
				started[i], changed = true, true
			}
		}
	}
	return started
}

// startups holds RES008 to the least fixed point: the members of a told cycle are stuck although all
// others run, and once they run, everything can start.
func (c *resilienceCheck) startups() {
	told := map[int32]bool{}
	for _, f := range c.of("RES008") {
		members := map[int32]bool{}
		for _, name := range append([]string{f.Subject.Name}, f.Aliases...) {
			i, _ := c.a.ModuleIndex(name)
			if told[i] {
				c.t.Errorf("%s: %s is told in two cycles", c.name, name)
			}
			members[i], told[i] = true, true
		}
		started := c.canStart(func(m int32) bool { return !members[m] })
		for m := range members {
			if started[m] {
				c.t.Errorf("%s: %s can start: %s", c.name, c.a.Module(m).Name, f.Message)
			}
		}
		if n := len(f.Path); n < 3 || f.Path[0] != f.Path[n-1] {
			c.t.Errorf("%s: no cycle: %v", c.name, f.Path)
		}
	}
	for i, ok := range c.canStart(func(m int32) bool { return told[m] }) {
		if !ok {
			c.t.Errorf("%s: %s can't start, and nobody says so", c.name, c.a.Module(int32(i)).Name)
		}
	}
}

func (c *resilienceCheck) tiers() {
	got := map[string]bool{}
	for _, f := range c.of("RES009") {
		got[f.Subject.Name] = true
	}
	for i := range c.a.Dependencies() {
		d := &c.a.Dependencies()[i]
		from := c.a.Module(d.From)
		want := false
		if d.HardRuntime() && from.Tier != nil && len(d.Targets) > 0 {
			may := 0 // targets that are, or may be, of the right tier
			lesser := 0
			for _, t := range d.Targets {
				if tier := c.a.Module(t).Tier; t == d.From || tier == nil || *tier <= *from.Tier {
					may++
				} else {
					lesser++
				}
			}
			need := 1
			if len(d.AnyOf) > 0 {
				need = min(d.Need, len(d.Targets))
			}
			want = may < need && lesser > 0
		}
		if name := from.Name + " -> " + d.Key; got[name] != want {
			c.t.Errorf("%s: RES009 of %s: %v, want %v", c.name, name, got[name], want)
		}
	}
}

func (c *resilienceCheck) blasts() {
	got := map[string]bool{}
	for _, f := range c.of("RES011") {
		got[f.Subject.Name] = true
	}
	others := c.a.Modules() - 1
	taken := make([]map[int]bool, c.a.Modules()) // by module: what it takes down
	large := func(i int) bool { return len(taken[i]) >= 5 && len(taken[i])*10 > others*3 }
	for i := range taken {
		taken[i] = map[int]bool{}
		for k, x := range c.a.Simulate(analyzer.Scenario{Modules: []int32{int32(i)}}).ModuleDown {
			if x && k != i && !c.before.ModuleDown[k] && !c.before.ModuleDown[i] {
				taken[i][k] = true
			}
		}
	}
	for i, m := range c.design.Modules {
		callers := map[int]bool{}
		for k := range c.a.Dependencies() {
			if d := &c.a.Dependencies()[k]; d.HardRuntime() && int(d.From) != i && slices.Contains(d.Targets, int32(i)) {
				callers[int(d.From)] = true
			}
		}
		behind := false
		for hub := range callers {
			same := maps.Clone(taken[hub])
			same[hub] = true
			behind = behind || len(callers) == 1 && large(hub) && maps.Equal(taken[i], same)
		}
		if want := large(i) && !behind; got[m.Name] != want {
			c.t.Errorf("%s: RES011 of %s, which takes %d of %d down: %v", c.name, m.Name, len(taken[i]), others, got[m.Name])
		}
	}
}

func (c *resilienceCheck) recoveries() {
	got := map[string]bool{}
	for _, f := range c.of("RES017") {
		got[f.Subject.Name] = true
		c.hardWay(f.Path[1:])
		if f.Path[0] != f.Path[len(f.Path)-1] {
			c.t.Errorf("%s: does not lead back: %v", c.name, f.Path)
		}
	}
	for i := range c.a.Dependencies() {
		d := &c.a.Dependencies()[i]
		name := c.a.Module(d.From).Name + " -> " + d.Key
		if d.Strength != schema.Hard || d.When != schema.Recovery && d.When != schema.Deploys {
			if got[name] {
				c.t.Errorf("%s: RES017 of %s", c.name, name)
			}
			continue
		}
		if c.before.ModuleDown[d.From] || unsatisfied(d, c.before.ModuleDown) {
			continue // down for another reason
		}
		if want := unsatisfied(d, c.a.Simulate(analyzer.Scenario{Modules: []int32{d.From}}).ModuleDown); got[name] != want {
			c.t.Errorf("%s: RES017 of %s: %v, want %v", c.name, name, got[name], want)
		}
	}
}

// countedReference tells which domains count by default.
func countedReference(a *analyzer.Analysis) []bool {
	used := map[schema.DomainKind]map[string]bool{}
	for _, m := range a.Design.Modules {
		if m.Kind == schema.External {
			continue
		}
		for _, name := range m.ReplicaDomains() {
			d, ok := a.DomainIndex(name)
			if !ok {
				continue
			}
			met := map[schema.DomainKind]bool{}
			for ; d >= 0; d = a.DomainParent(d) {
				f := a.Design.FailureDomains[d]
				if met[f.Kind] {
					continue // a region in a region is one region
				}
				met[f.Kind] = true
				if used[f.Kind] == nil {
					used[f.Kind] = map[string]bool{}
				}
				used[f.Kind][f.Name] = true
			}
		}
	}
	out := make([]bool, len(a.Design.FailureDomains))
	for i, f := range a.Design.FailureDomains {
		out[i] = f.Kind != schema.Region && f.Kind != schema.Provider || len(used[f.Kind]) > 1
	}
	return out
}

// randomDesign draws a small design with all that the resilience rules speak of.
func randomDesign(r *rand.Rand) *schema.Design {
	oneIn := func(n int) bool { return r.IntN(n) == 0 }
	d := &schema.Design{System: "random"}
	domains := r.IntN(7)
	kinds := []schema.DomainKind{schema.Region, schema.Zone, schema.Zone, schema.Rack, schema.Host}
	for i := range domains {
		f := &schema.FailureDomain{Name: fmt.Sprintf("d%d", i), Kind: kinds[min(i, r.IntN(len(kinds)))]}
		if i > 0 && !oneIn(3) {
			f.In.Name = fmt.Sprintf("d%d", r.IntN(i))
		}
		d.FailureDomains = append(d.FailureDomains, f)
	}
	n := 2 + r.IntN(9)
	name := func() schema.Ref { return schema.Ref{Name: fmt.Sprintf("m%d", r.IntN(n))} }
	cyclic := oneIn(2)
	for i := range n {
		m := &schema.Module{Name: fmt.Sprintf("m%d", i), Entry: oneIn(4), Replicas: []int{1, 1, 2, 2, 3, 3, 4}[r.IntN(7)]}
		if oneIn(8) {
			m.Kind = schema.External
		}
		switch r.IntN(7) {
		case 0:
			m.Redundancy.Mode = schema.Quorum
		case 1:
			m.Redundancy = schema.Redundancy{Mode: schema.ActivePassive, Failover: schema.ManualFailover}
		case 2:
			need := 1 + r.IntN(3)
			m.Redundancy.Need = &need
		}
		if oneIn(30) {
			m.Replicas = 0
		}
		if oneIn(2) {
			tier := r.IntN(4)
			m.Tier = &tier
		}
		if domains > 0 && !oneIn(4) {
			m.Placement = &schema.Placement{}
			if oneIn(3) {
				left := m.Replicas
				for k := range domains {
					if c := r.IntN(left + 1); c > 0 && oneIn(2) {
						m.Placement.Counts = append(m.Placement.Counts, schema.PlacementCount{Domain: schema.Ref{Name: fmt.Sprintf("d%d", k)}, Count: c})
						left -= c
					}
				}
			} else {
				for _, k := range r.Perm(domains)[:1+r.IntN(min(domains, 3))] {
					m.Placement.Spread = append(m.Placement.Spread, schema.Ref{Name: fmt.Sprintf("d%d", k)})
				}
			}
		}
		for range r.IntN(4) {
			target := name()
			if !cyclic {
				if i == n-1 {
					break
				}
				target.Name = fmt.Sprintf("m%d", i+1+r.IntN(n-i-1))
			}
			dep := &schema.Dependency{Key: target.Name, To: target}
			if oneIn(3) {
				dep.Key, dep.To = fmt.Sprintf("any%d", len(m.DependsOn)), schema.Ref{}
				dep.AnyOf = []schema.Ref{target, name()}
				if oneIn(2) {
					dep.AnyOf = append(dep.AnyOf, name())
				}
				dep.Need = 1 + r.IntN(2)
			} else if slices.ContainsFunc(m.DependsOn, func(o *schema.Dependency) bool { return o.Key == dep.Key }) {
				continue
			}
			if oneIn(4) {
				dep.Strength = schema.Soft
			}
			if oneIn(4) {
				dep.When = []schema.Phase{schema.Startup, schema.Deploys, schema.Recovery}[r.IntN(3)]
			}
			m.DependsOn = append(m.DependsOn, dep)
		}
		if oneIn(6) {
			m.Monitors = []schema.Ref{name(), name()}
		}
		if oneIn(8) {
			m.Recovers = []schema.Ref{name()}
		}
		if oneIn(8) {
			m.Backup = &schema.Backup{To: name()}
		}
		d.Modules = append(d.Modules, m)
	}
	if oneIn(2) {
		for k := range 1 + r.IntN(3) {
			j := &schema.Journey{Name: fmt.Sprintf("j%d", k), Entry: name()}
			if oneIn(2) {
				j.HasUses = true
				j.Uses = []schema.Ref{name(), name()}
			}
			d.Journeys = append(d.Journeys, j)
		}
	}
	d.Normalize()
	return d
}

// describe prints a design that breaks a property.
func describe(d *schema.Design) string {
	var b strings.Builder
	for _, f := range d.FailureDomains {
		fmt.Fprintf(&b, "%s: %s in %q\n", f.Name, f.Kind, f.In.Name)
	}
	for _, m := range d.Modules {
		fmt.Fprintf(&b, "%s: %s entry=%v replicas=%d need=%d %s %s at %q monitors %v recovers %v backup %v\n", m.Name, m.Kind, m.Entry, m.Replicas, m.Need(), m.Redundancy.Mode, m.Redundancy.Failover, m.ReplicaDomains(), m.Monitors, m.Recovers, m.Backup)
		for _, dep := range m.DependsOn {
			fmt.Fprintf(&b, "\t%s %v need %d %s %s\n", dep.Key, dep.Targets(), dep.Need, dep.Strength, dep.When)
		}
	}
	for _, j := range d.Journeys {
		fmt.Fprintf(&b, "journey %s: %s %v %v\n", j.Name, j.Entry.Name, j.HasUses, j.Uses)
	}
	return b.String()
}
