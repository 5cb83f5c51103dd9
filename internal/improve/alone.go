package improve

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// alone gives for each option of a variable how likely it is to fail by itself, with all that it depends on perfect: the
// module has no capacity, the external module and its alternative fail. A dependency fails unless it is soft. It is a
// measure of what options are worth; what they do together, with failure domains in common, only the whole design tells.
func (x *availabilitySearch) alone(v int32) ([]float64, error) {
	for len(x.worth) < len(x.s.vars) {
		x.worth = append(x.worth, nil)
	}
	if x.worth[v] != nil {
		return x.worth[v], nil
	}
	is := &x.s.vars[v]
	var out []float64
	var err error
	switch {
	case is.dependency >= 0:
		out = []float64{1, 0}
	case x.s.a.Module(is.module).Kind == schema.External:
		q, e := x.aloneOf(x.s.a.Module(is.module), [][]change.Change{nil})
		if err = e; err == nil {
			out = []float64{q[0], q[0] * q[0]}
		}
	default:
		var changes [][]change.Change
		for _, o := range is.options {
			changes = append(changes, o.changes)
		}
		out, err = x.aloneOf(x.s.a.Module(is.module), changes)
	}
	x.worth[v] = out
	return out, err
}

// aloneOf gives how likely a module by itself is to fail after each of some changes.
func (x *availabilitySearch) aloneOf(m *schema.Module, options [][]change.Change) ([]float64, error) {
	d := &schema.Design{FailureDomains: x.s.a.Design.FailureDomains}
	for i, changes := range options {
		own := *m
		own.DependsOn = nil
		changed, err := change.Apply(&schema.Design{Modules: []*schema.Module{&own}, FailureDomains: d.FailureDomains}, changes...)
		if err != nil {
			return nil, err
		}
		one := *changed.Modules[0]
		one.Name = fmt.Sprintf("%02d", i)
		d.Modules = append(d.Modules, &one)
	}
	system, err := resilience.New(analyzer.New(d), x.s.settings.Assume, x.s.settings.Limits)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(options))
	for i := range options {
		p, err := system.Probability(analyzer.OfModule(int32(i)), 1-x.s.settings.Assume.Pessimistic/100)
		if err != nil {
			return nil, err
		}
		out[i] = p.Low
	}
	return out, nil
}

// bound is a capacity that is at least as good as each of the options of a variable that may be taken: of each failure domain
// it has as many replicas as the one that has most there.
func (v *variable) bound() capacity {
	first := bits.TrailingZeros64(v.allowed)
	out := v.options[first].capacity
	out.stands = slices.Clone(out.stands)
	free := func(c *capacity) int {
		n := c.replicas
		for _, s := range c.stands {
			n -= s.count
		}
		return n
	}
	most := free(&out)
	for o := first + 1; o < len(v.options); o++ {
		if v.allowed>>o&1 == 0 {
			continue
		}
		c := &v.options[o].capacity
		out.need = min(out.need, c.need)
		out.manual = out.manual && c.manual && out.primary == c.primary
		most = max(most, free(c))
		for _, s := range c.stands {
			if i := slices.IndexFunc(out.stands, func(t stand) bool { return t.domain == s.domain }); i >= 0 {
				out.stands[i].count = max(out.stands[i].count, s.count)
			} else {
				out.stands = append(out.stands, s)
			}
		}
	}
	out.replicas = most
	for _, s := range out.stands {
		out.replicas += s.count
	}
	return out
}

// mostBounding is up to how many failure domains modules are bounded by their capacity: what stands in all of them at once
// makes large diagrams.
const mostBounding = 16

// bounding gives a module the capacity that bounds its options. ok is false where that cannot be written down as a module,
// or takes too much work.
func (s *system) bounding(v int32) (m *schema.Module, ok bool) {
	is := &s.vars[v]
	c := is.bound()
	placed := 0
	for _, st := range c.stands {
		placed += st.count
	}
	if len(s.a.Design.FailureDomains) > mostBounding || c.manual || placed > 0 && placed < c.replicas {
		return nil, false
	}
	clone := *s.a.Module(is.module)
	clone.Replicas, clone.Autoscaling, clone.Placement = c.replicas, nil, nil
	clone.Redundancy = schema.Redundancy{Mode: schema.ActiveActive, Failover: schema.AutomaticFailover, Need: new(c.need)}
	if placed > 0 {
		clone.Placement = &schema.Placement{}
		for _, st := range c.stands {
			ref := schema.Ref{Name: s.a.Design.FailureDomains[st.domain].Name}
			clone.Placement.Counts = append(clone.Placement.Counts, schema.PlacementCount{Domain: ref, Count: st.count})
		}
		slices.SortFunc(clone.Placement.Counts, func(a, b schema.PlacementCount) int { return strings.Compare(a.Domain.Name, b.Domain.Name) })
	}
	return &clone, true
}

// perfectly makes a module one that never fails by itself, where it cannot be bounded.
func perfectly(m *schema.Module) *schema.Module {
	clone := *m
	clone.Placement, clone.Replicas, clone.Autoscaling = nil, 1, nil
	clone.Redundancy = schema.Redundancy{Mode: schema.ActiveActive, Failover: schema.AutomaticFailover}
	clone.Availability, clone.MTBF, clone.MTTR = new(100.0), nil, nil
	return &clone
}

// atBest is how likely a module by itself is to fail with the best of its options.
func (x *availabilitySearch) atBest(m int32) (float64, error) {
	v, ok := x.s.moduleVar[m]
	if x.s.a.Module(m).Kind == schema.External {
		v, ok = x.s.otherVar[m]
	}
	if !ok || v < 0 {
		q, err := x.aloneOf(x.s.a.Module(m), [][]change.Change{nil})
		if err != nil {
			return 0, err
		}
		return q[0], nil
	}
	worth, err := x.alone(v)
	best := math.Inf(1)
	for o, q := range worth {
		if x.s.vars[v].allowed>>o&1 != 0 {
			best = min(best, q)
		}
	}
	return best, err
}

// least gives for each target how likely it is to fail at least, whatever is changed: by the replicas of the modules that
// it cannot do without, which fail independently of each other, and by external ones. Failure domains are left out.
func (x *availabilitySearch) least() ([]float64, error) {
	s := x.s
	// Soft and with alternatives, as far as may be.
	choice := make([]uint8, len(s.vars))
	for v := range s.vars {
		if !s.isModule(v) && s.vars[v].allowed>>1&1 != 0 {
			choice[v] = 1
		}
	}
	st := s.state(choice)
	works := slices.Repeat([]float64{1}, len(s.targets))
	st.simulate(nil, nil)
	for i := range s.targets {
		if st.rank[x.nodeOf(i)] > 0 {
			works[i] = 0
		}
	}
	for m := range s.a.Modules() {
		if !s.reached[m] {
			continue
		}
		st.simulate([]int32{int32(m)}, nil)
		q := -1.0
		for i := range s.targets {
			if st.rank[x.nodeOf(i)] == 0 {
				continue
			}
			if q < 0 {
				var err error
				if q, err = x.unplaced(int32(m)); err != nil {
					return nil, err
				}
			}
			works[i] *= 1 - q
		}
	}
	for i := range works {
		works[i] = (1 - works[i]) * (1 - 1e-9) // what rounding may bring
	}
	return works, nil
}

// unplaced is how likely a module is to fail by its own replicas, with the option by which that is least likely.
func (x *availabilitySearch) unplaced(m int32) (float64, error) {
	own := *x.s.a.Module(m)
	own.Placement = nil
	v, ok := x.s.moduleVar[m]
	if !ok || v < 0 {
		q, err := x.aloneOf(&own, [][]change.Change{nil})
		if err != nil {
			return 0, err
		}
		return q[0], nil
	}
	is := &x.s.vars[v]
	var changes [][]change.Change
	type form struct {
		replicas, need int
		manual         bool
	}
	known := map[form]bool{}
	for o, option := range is.options {
		f := form{option.replicas, option.need, option.manual}
		if is.allowed>>o&1 == 0 || known[f] {
			continue
		}
		known[f] = true
		var here []change.Change
		for _, c := range option.changes {
			c.Placement, c.Counts = nil, nil
			here = append(here, c)
		}
		changes = append(changes, here)
	}
	qs, err := x.aloneOf(&own, changes)
	if err != nil {
		return 0, err
	}
	return slices.Min(qs), nil
}
