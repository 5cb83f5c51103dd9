package improve

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lintel/analyzer/change"
	"lintel/schema"
)

// Bounds of what is tried for one module.
const (
	mostOptions = 64 // one word holds them
	mostPlaces  = 6  // failure domains over which replicas are spread
	allSubsets  = 4  // as many domains are combined in every way
)

// ofModule gives the variable of a module's redundancy, and -1 where nothing about it can be changed.
func (s *system) ofModule(m int32) int32 {
	if v, ok := s.moduleVar[m]; ok {
		return v
	}
	options := s.redundancies(m)
	v := int32(-1)
	if len(options) > 1 {
		v = s.addVariable(variable{module: m, dependency: -1, options: options})
	}
	s.moduleVar[m] = v
	return v
}

func (s *system) addVariable(v variable) int32 {
	for i := range v.options {
		if i == 0 {
			v.cost = append(v.cost, 0)
			continue
		}
		v.cost = append(v.cost, units(v.options[i].price))
	}
	v.allowed = all >> (64 - len(v.options))
	s.vars = append(s.vars, v)
	return int32(len(s.vars) - 1)
}

// ofDependency gives the variable that makes a dependency soft, and -1 where that may not be.
func (s *system) ofDependency(i int32) int32 {
	if v, ok := s.softVar[i]; ok {
		return v
	}
	v := int32(-1)
	d := &s.a.Dependencies()[i]
	from := s.a.Module(d.From)
	price := 0.0
	for _, t := range d.Targets {
		price = max(price, s.softPrice(from, s.a.Module(t), d.Access))
	}
	if from.Kind != schema.External && price < Never {
		c := change.Change{Kind: change.Soften, Module: from.Name, Dependency: d.Key}
		if d.Fallback == "" {
			c.Fallback = fmt.Sprintf("TODO: what %s does without %s", from.Name, d.Key)
		}
		v = s.addVariable(variable{module: -1, dependency: i, options: []option{{}, {price: price, changes: []change.Change{c}}}})
	}
	s.softVar[i] = v
	return v
}

// softPrice is what it costs that a module does without one that it needs. What must not get lost silently is never made
// soft unless a price for that very module says so: what is written, what a journey lists as used by its entry, what takes part in
// one business transaction with the caller, and what is of the highest criticality.
func (s *system) softPrice(from, to *schema.Module, access schema.Access) float64 {
	costs := &s.settings.Costs
	price := costs.soft(to, s.settings.AllowSoft)
	if costs.softNamed(to) {
		return price
	}
	// What a journey says that it uses is the journey: without it, little is left of that.
	used := slices.ContainsFunc(s.a.Design.Journeys, func(j *schema.Journey) bool {
		return j.Entry.Name == from.Name && slices.ContainsFunc(j.Uses, func(r schema.Ref) bool { return r.Name == to.Name })
	})
	critical := to.Tier != nil && *to.Tier == 0
	together := slices.ContainsFunc(s.a.Design.Transactions, func(t *schema.Transaction) bool {
		spans := func(m *schema.Module) bool {
			return slices.ContainsFunc(t.Spans, func(r schema.Ref) bool { return r.Name == m.Name })
		}
		return spans(from) && spans(to)
	})
	if access == schema.Write || access == schema.ReadWrite || used || critical || together {
		return Never
	}
	return price
}

// ofExternal gives the variable by which an external module gets an alternative, for all that call it, and -1 where that may
// not be.
func (s *system) ofExternal(m int32) int32 {
	if v, ok := s.otherVar[m]; ok {
		return v
	}
	v := int32(-1)
	mod := s.a.Module(m)
	if price := s.settings.Costs.alternative(mod); price < Never && mod.Kind == schema.External {
		name := mod.Name + "-alternative"
		for i := 2; s.names[name]; i++ {
			name = fmt.Sprintf("%s-alternative-%d", mod.Name, i)
		}
		var changes []change.Change
		seen := map[int32]bool{}
		for _, g := range s.callers[m] {
			if i := s.gates[g].dependency; s.takesAlternative(g) && !seen[i] {
				seen[i] = true
				d := &s.a.Dependencies()[i]
				changes = append(changes, change.Change{Kind: change.Alternative, Module: s.a.Module(d.From).Name, Dependency: d.Key, Alternative: name})
			}
		}
		if len(changes) > 0 {
			s.names[name] = true
			v = s.addVariable(variable{module: m, dependency: -1, options: []option{{}, {price: price, changes: changes}}})
		}
	}
	s.otherVar[m] = v
	return v
}

// takesAlternative reports whether a dependency is the design's own to change, and needed.
func (s *system) takesAlternative(g int32) bool {
	from := s.nodeModule[s.gates[g].owner]
	return s.a.Module(from).Kind != schema.External && s.reached[from]
}

// redundancies lists what can be done about the redundancy of a module, the cheapest first, after what it is now.
func (s *system) redundancies(m int32) []option {
	mod := s.a.Module(m)
	now := option{capacity: capacityOf(s.a, mod)}
	out := []option{now}
	n := now.replicas
	if n == 0 || mod.Kind == schema.External || !now.works() {
		return out
	}
	pool, current := s.pool(&now.capacity)
	known := map[string]bool{}
	add := func(c change.Change) {
		o, ok := s.optionOf(mod, &now, c)
		if !ok {
			return
		}
		if k := s.mark(&o); !known[k] {
			known[k] = true
			out = append(out, o)
		} else if i := slices.IndexFunc(out, func(x option) bool { return s.mark(&x) == k }); i > 0 && units(out[i].price) > units(o.price) {
			out[i] = o
		}
	}
	if s.settings.Goal.kind != slo {
		known[s.mark(&now)] = true
	}
	for _, x := range s.numbers(mod, n, len(pool)) {
		places := append([][]int32{nil}, s.placements(pool, current, x)...)
		for _, p := range places {
			c := change.Change{Module: mod.Name}
			if x > n {
				c.Replicas = x
			}
			for _, d := range p {
				c.Placement = append(c.Placement, s.a.Design.FailureDomains[d].Name)
			}
			if x > n && p == nil && mod.Placement != nil && len(mod.Placement.Counts) > 0 {
				continue // the counts would not add up
			}
			s.complete(mod, &c, n)
			if x == n {
				c.Kind = change.Place
				if p == nil {
					c.Kind = change.Redundancy
				}
			}
			add(c)
		}
	}
	for _, counts := range s.counts(mod, &now.capacity, pool, current) {
		c := change.Change{Module: mod.Name, Kind: change.Place, Counts: counts}
		x := 0
		for _, p := range counts {
			x += p.Replicas
		}
		if x > n {
			c.Kind, c.Replicas = change.Replicas, x
		}
		s.complete(mod, &c, n)
		add(c)
	}
	rest := out[1:]
	slices.SortStableFunc(rest, func(a, b option) int {
		switch x, y := units(a.price), units(b.price); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return out[:min(len(out), mostOptions)]
}

// complete adds to a change of replicas or places what has to change along: a standby takes over by itself, a quorum keeps
// its majority, and a database that had one replica gets a standby, not a second master, unless the design says how its copies
// stand in for each other.
func (s *system) complete(m *schema.Module, c *change.Change, n int) {
	r := m.Redundancy
	if r.Mode == schema.ActivePassive && r.Failover == schema.ManualFailover {
		c.Failover = schema.AutomaticFailover
	}
	if r.Mode == schema.Quorum && r.Need != nil && c.Replicas > n && *r.Need <= c.Replicas/2 {
		c.Need = c.Replicas/2 + 1
	}
	if _, stated := m.Places.Of("redundancy.mode"); !stated && n == 1 && c.Replicas > 1 && r.Mode == schema.ActiveActive {
		switch {
		case agrees(m):
			c.Mode = schema.Quorum
		case hasOneMaster(m):
			c.Mode = schema.ActivePassive
		}
	}
}

// agrees reports whether copies of m decide by majority, by what the design says it is made of: two of these survive less
// than one.
func agrees(m *schema.Module) bool {
	if m.State != schema.Stateful {
		return false
	}
	made := strings.ToLower(m.Technology + " " + m.Name)
	return slices.ContainsFunc([]string{"etcd", "consul", "zookeeper"}, func(t string) bool { return strings.Contains(made, t) })
}

// hasOneMaster reports whether copies of m are no equals unless the design says so: databases, and services that keep state.
// Caches, queues, search indexes and the like come as clusters.
func hasOneMaster(m *schema.Module) bool {
	return m.Kind == schema.Database || m.State == schema.Stateful && m.Kind.DefaultState() != schema.Stateful
}

// optionOf makes an option of a change; ok is false where it changes nothing, is forbidden, or makes no sense.
func (s *system) optionOf(m *schema.Module, now *option, c change.Change) (o option, ok bool) {
	part := &schema.Design{Modules: []*schema.Module{m}, FailureDomains: s.a.Design.FailureDomains}
	changed, err := change.Apply(part, c)
	if err != nil || len(c.Fields(part)) == 0 {
		return o, false
	}
	o.capacity = capacityOf(s.a, changed.Modules[0])
	o.changes = []change.Change{c}
	if o.replicas < o.need || o.replicas > 1_000_000 {
		return o, false
	}
	costs := &s.settings.Costs
	price := func(unit, times float64) {
		if times > 0 {
			o.price += unit * times
		}
	}
	price(costs.replica(m), float64(o.replicas-now.replicas))
	if c.Placement != nil || c.Counts != nil {
		price(costs.move(m), float64(moved(&now.capacity, &o.capacity)))
	}
	if c.Mode != "" && now.replicas > 1 {
		price(costs.mode(m), 1)
	}
	if c.Failover != "" {
		price(costs.failover(m), 1)
	}
	return o, !math.IsInf(o.price, 0) && o.price < 1000*MaxPrice
}

// moved counts the replicas that stand elsewhere afterwards.
func moved(was, is *capacity) int {
	kept, placed := 0, 0
	for _, s := range was.stands {
		placed += s.count
		for _, t := range is.stands {
			if t.domain == s.domain {
				kept += min(s.count, t.count)
			}
		}
	}
	return max(min(placed, is.replicas)-kept, 0)
}

// mark tells options apart as far as the goal does.
func (s *system) mark(o *option) string {
	if s.settings.Goal.kind == slo {
		stands := slices.Clone(o.stands)
		slices.SortFunc(stands, func(a, b stand) int { return int(a.domain - b.domain) })
		return fmt.Sprint(o.replicas, o.need, o.manual, o.manual && o.primary >= 0, stands)
	}
	var b strings.Builder
	fmt.Fprint(&b, o.sparesOne())
	for d := range s.counted {
		if s.counted[d] && !o.survives(s.a, int32(d)) {
			fmt.Fprint(&b, " ", d)
		}
	}
	return b.String()
}

// numbers lists the numbers of replicas that are tried.
func (s *system) numbers(m *schema.Module, n, places int) []int {
	if m.Kind == schema.Job {
		return []int{n} // two would do the work twice
	}
	need := m.Need()
	out := []int{n}
	_, stated := m.Places.Of("redundancy.mode")
	if m.Redundancy.Mode == schema.Quorum || !stated && n == 1 && agrees(m) {
		least := n + 1
		if least%2 == 0 {
			least++
		}
		least = max(least, 3)
		return append(out, least, least+2)
	}
	out = append(out, n+1, n+2)
	if s.settings.Goal.kind == slo {
		out = append(out, n+3)
	}
	for k := 2; k <= min(places, mostPlaces); k++ {
		out = append(out, (need*k+k-2)/(k-1)) // the least that leaves need when one of k domains is lost
	}
	out = append(out, need+1)
	out = slices.DeleteFunc(out, func(x int) bool { return x < n })
	slices.Sort(out)
	return slices.Compact(out)
}

// pool lists the failure domains over which a module could be spread, those where it stands first, and how many these are.
// They are of the kind of the first one, and for goals that are about larger ones also such that hold none of these. Zones and
// what is smaller are sought in the same region only, unless the goal is about regions.
func (s *system) pool(c *capacity) (pool []int32, current int) {
	a := s.a
	for _, st := range c.stands {
		pool = append(pool, st.domain)
	}
	current = len(pool)
	if current == 0 {
		return nil, 0
	}
	home := pool[0]
	kind := a.Design.FailureDomains[home].Kind
	// Where regions and providers do not count, using more than one would only make them count.
	wide := s.settings.Goal.kind == slo
	for d, f := range a.Design.FailureDomains {
		wide = wide || s.counted[d] && isWide(f.Kind)
	}
	add := func(kind schema.DomainKind) {
		if isWide(kind) && !wide {
			return
		}
		for i, f := range a.Design.FailureDomains {
			d := int32(i)
			if f.Kind != kind || slices.ContainsFunc(pool, func(p int32) bool { return a.InDomain(p, d) || a.InDomain(d, p) }) {
				continue
			}
			if wide || s.enclosing(d, schema.Region) == s.enclosing(home, schema.Region) {
				pool = append(pool, d)
			}
		}
	}
	add(kind)
	if g := s.settings.Goal; g.kind == survive && g.domain != kind {
		add(g.domain)
	}
	return pool, current
}

func isWide(k schema.DomainKind) bool { return k == schema.Region || k == schema.Provider }

// placements lists the ways to spread x replicas over domains of the pool.
func (s *system) placements(pool []int32, current, x int) [][]int32 {
	var out [][]int32
	add := func(p []int32) {
		if len(p) > 0 && len(p) <= min(x, mostPlaces) && !slices.ContainsFunc(out, func(o []int32) bool { return slices.Equal(o, p) }) {
			out = append(out, slices.Clone(p))
		}
	}
	if len(pool) <= allSubsets {
		// The larger ones first: of two that cost the same and are as good, the wider spread is taken.
		for size := len(pool); size > 0; size-- {
			for set := 1; set < 1<<len(pool); set++ {
				var p []int32
				for i, d := range pool {
					if set>>i&1 != 0 {
						p = append(p, d)
					}
				}
				if len(p) == size {
					add(p)
				}
			}
		}
		return out
	}
	for _, kind := range s.kinds() {
		order := s.spreadOver(pool, kind)
		for k := min(len(order), mostPlaces); k > 0; k-- {
			add(order[:k])
		}
	}
	others := pool[current:]
	for c := min(current, mostPlaces); c >= 0; c-- {
		for k := min(len(others), mostPlaces); k >= 0; k-- {
			add(slices.Concat(pool[:c], others[:k]))
		}
	}
	return out
}

// kinds lists the kinds of the domains that the goal is about, those of all for an SLO.
func (s *system) kinds() []schema.DomainKind {
	var out []schema.DomainKind
	for i, f := range s.a.Design.FailureDomains {
		if (s.counted[i] || s.settings.Goal.kind == slo) && !slices.Contains(out, f.Kind) {
			out = append(out, f.Kind)
		}
	}
	slices.SortFunc(out, func(a, b schema.DomainKind) int {
		return slices.Index(surviveKinds, b) - slices.Index(surviveKinds, a)
	})
	return out
}

// spreadOver puts the domains of a pool in an order in which those of a kind that hold them take turns.
func (s *system) spreadOver(pool []int32, kind schema.DomainKind) []int32 {
	left := slices.Clone(pool)
	used := map[int32]int{}
	var out []int32
	for len(left) > 0 {
		best := 0
		for i, d := range left {
			if used[s.enclosing(d, kind)] < used[s.enclosing(left[best], kind)] {
				best = i
			}
		}
		used[s.enclosing(left[best], kind)]++
		out = append(out, left[best])
		left = slices.Delete(left, best, best+1)
	}
	return out
}
