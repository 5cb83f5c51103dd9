package rules

import (
	"fmt"
	"slices"
	"strings"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/schema"
)

// remedy is a change to the redundancy of one module.
type remedy struct {
	replicas  int     // 0: as many as it has
	placement []int32 // failure domains over which to spread them evenly; nil: as they stand
	automatic bool    // failover by itself in place of one by hand
}

// applied is m with the change.
func (r remedy) applied(a *analyzer.Analysis, m *schema.Module) *schema.Module {
	changed := *m
	if r.replicas > 0 {
		if m.Autoscaling != nil {
			changed.Autoscaling = &schema.Autoscaling{Min: r.replicas, Max: max(m.Autoscaling.Max, r.replicas)}
		} else {
			changed.Replicas = r.replicas
		}
	}
	if r.placement != nil {
		changed.Placement = &schema.Placement{}
		for _, d := range r.placement {
			changed.Placement.Spread = append(changed.Placement.Spread, schema.Ref{Name: a.Design.FailureDomains[d].Name})
		}
	}
	if r.automatic {
		changed.Redundancy.Failover = schema.AutomaticFailover
	}
	return &changed
}

// change is the same for what changes designs.
func (r remedy) change(a *analyzer.Analysis, m *schema.Module) change.Change {
	c := change.Change{Kind: change.Replicas, Module: m.Name, Replicas: r.replicas}
	if r.placement != nil {
		c.Placement = domainNames(a, r.placement)
	}
	if r.automatic {
		c.Failover = schema.AutomaticFailover
	}
	switch {
	case r.replicas == 0 && r.placement != nil:
		c.Kind = change.Place
	case r.replicas == 0:
		c.Kind = change.Redundancy
	}
	return c
}

// text writes the change in terms of the language: "replicas: 3 in zone-a and zone-b".
func (r remedy) text(a *analyzer.Analysis, m *schema.Module) string {
	var parts []string
	switch {
	case r.replicas > 0 && r.placement != nil:
		parts = append(parts, replicasTo(m, r.replicas)+" in "+allOfNames(domainNames(a, r.placement)))
	case r.replicas > 0:
		parts = append(parts, replicasTo(m, r.replicas))
	case r.placement != nil:
		parts = append(parts, "placement: "+quoteList(domainNames(a, r.placement)))
	}
	if r.automatic {
		parts = append(parts, `redundancy.failover: "automatic"`)
	}
	return strings.Join(parts, ", with ")
}

// allOfNames joins names as enumerate does, without leaving any out.
func allOfNames(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

// replicasTo writes the change of the number of replicas that m can rely on to n, with what has to
// change along so that the design does not contradict itself.
func replicasTo(m *schema.Module, n int) string {
	if m.Autoscaling == nil {
		return fmt.Sprintf("replicas: %d", n)
	}
	change := fmt.Sprintf("autoscaling.min: %d", n)
	if m.Autoscaling.Max < n {
		change = fmt.Sprintf("autoscaling: {min: %d, max: %d}", n, n)
	}
	if _, stated := m.Places.Of("replicas"); stated && m.Replicas < n {
		change += fmt.Sprintf(" and replicas: %d", n)
	}
	return change
}

// byHand reports whether m is set to fail over by hand, however many replicas it has.
func byHand(m *schema.Module) bool {
	return m.Redundancy.Mode == schema.ActivePassive && m.Redundancy.Failover == schema.ManualFailover
}

// keepsCapacity is analyzer.SurvivesDomain for a module that the design does not hold: one that a
// remedy has changed.
func keepsCapacity(a *analyzer.Analysis, m *schema.Module, d int32) bool {
	left := m.ReliableReplicas() - replicasIn(a, m, d)
	if m.ReliableReplicas() < 1 || left < m.Need() {
		return false
	}
	if byHand(m) {
		if primary, ok := a.DomainIndex(m.PrimaryDomain()); ok && a.InDomain(primary, d) {
			return false
		}
	}
	return true
}

// losesPrimaryOnly reports whether module m keeps enough replicas when failure domain d is lost, but
// not its primary, which fails over by hand.
func losesPrimaryOnly(a *analyzer.Analysis, m *schema.Module, d int32) bool {
	return byHand(m) && m.ReliableReplicas()-replicasIn(a, m, d) >= m.Need() && !keepsCapacity(a, m, d)
}

// tolerating returns the change by which module m survives the loss of failure domain d and of all
// others of its kind: with the replicas that it has, over the fewest domains that do, or with the
// fewest replicas that the domains of the design make possible. ok is false where the design has too
// few domains of that kind.
func tolerating(a *analyzer.Analysis, m *schema.Module, d int32) (r remedy, ok bool) {
	if losesPrimaryOnly(a, m, d) {
		return remedy{automatic: true}, true
	}
	const most = 6 // domains that are looked at
	var current []int32
	for _, s := range stands(a, m) {
		if s.domain >= 0 && !slices.Contains(current, s.domain) {
			current = append(current, s.domain)
		}
	}
	current = current[:min(len(current), most)]
	var others []int32
	for _, o := range elsewhere(a, d) {
		if len(others) < most && !slices.ContainsFunc(current, func(c int32) bool { return a.InDomain(c, o) }) {
			others = append(others, o)
		}
	}
	kind := a.Design.FailureDomains[d].Kind
	survivedBefore := func(o int32) bool { return keepsCapacity(a, m, o) }
	works := func(changed *schema.Module, strictly bool) bool {
		if !keepsCapacity(a, changed, d) {
			return false
		}
		if voters := changed.ReliableReplicas(); m.Redundancy.Mode == schema.Quorum && voters > m.ReliableReplicas() && (voters%2 == 0 || changed.Need() <= voters/2) {
			return false // RES005 would tell of it
		}
		for _, o := range domainsOf(a, changed) {
			if (a.Design.FailureDomains[o].Kind == kind || strictly && survivedBefore(o)) && !keepsCapacity(a, changed, o) {
				return false
			}
		}
		return true
	}
	n, need := m.ReliableReplicas(), m.Need()
	numbers := []int{n, n + 1, n + 2}
	for k := 2; k <= len(current)+len(others); k++ {
		numbers = append(numbers, (need*k+k-2)/(k-1)) // the least that leaves need when one of k is lost
	}
	numbers = slices.DeleteFunc(numbers, func(x int) bool { return x < n })
	slices.Sort(numbers)
	for _, strictly := range []bool{true, false} {
		for _, x := range slices.Compact(numbers) {
			for k := 0; k <= len(others); k++ {
				for c := len(current); c > 0; c-- {
					r := remedy{placement: slices.Concat(current[:c], others[:k]), automatic: byHand(m)}
					if x > n {
						r.replicas = x
					}
					if works(r.applied(a, m), strictly) {
						return r, true
					}
				}
			}
		}
	}
	return remedy{}, false
}

// surviving names the changes that let the modules survive the loss of failure domain d, those of
// the first modules first. What is external is not the design's: its callers have to do without it.
// Of very many modules only the first are looked at; the rest are counted.
func surviving(a *analyzer.Analysis, modules []int32, d int32) []string {
	texts, _ := survivingBy(a, modules, d)
	return texts
}

// survivingBy gives besides the changes that the suggestions are, all together; none where one of them is more, or
// less, than a change of redundancy.
func survivingBy(a *analyzer.Analysis, modules []int32, d int32) ([]string, []change.Change) {
	var texts []string
	var changes []change.Change
	names := map[string][]string{}
	add := func(text, name string) {
		if len(names[text]) == 0 {
			texts = append(texts, text)
		}
		names[text] = append(names[text], name)
	}
	const most = 24
	rest := len(modules) - most
	for _, i := range modules[:min(len(modules), most)] {
		m := a.Module(i)
		if m.Kind == schema.External {
			add("an alternative (anyOf) or a soft dependency with a fallback, in the modules that call it,", m.Name)
			continue
		}
		if r, ok := tolerating(a, m, d); ok {
			changes = append(changes, r.change(a, m))
			text := r.text(a, m)
			if r.automatic {
				text += ", so that a standby takes over by itself,"
			}
			add(text, m.Name)
			continue
		}
		add(moreDomains(a, m, d), m.Name)
	}
	out := make([]string, min(len(texts), maxShownPlaces))
	for i := range out {
		out[i] = texts[i] + " for " + enumerate(names[texts[i]])
	}
	if rest > 0 {
		out = append(out, fmt.Sprintf("and the like for the other %s", counted(rest, "module")))
	}
	if len(changes) < len(modules) || len(texts) > len(out) {
		changes = nil
	}
	return out, changes
}

// moreDomains says how many failure domains of the kind of d would let m survive the loss of one,
// where the design has too few.
func moreDomains(a *analyzer.Analysis, m *schema.Module, d int32) string {
	kind := a.Design.FailureDomains[d].Kind
	have := len(elsewhere(a, d)) + 1
	n := max(m.ReliableReplicas(), 2)
	if majority := m.Redundancy.Mode == schema.Quorum && m.Redundancy.Need == nil; majority {
		n = max(n, 3)
	}
	least := 0
	for k := 2; k <= min(n, 100); k++ {
		changed := *m
		changed.Replicas, changed.Autoscaling = n, nil
		if n-(n+k-1)/k >= changed.Need() {
			least = k
			break
		}
	}
	if least == 0 { // a need that is stated and cannot be met by as many
		if n, least = 2*m.Need(), 2; m.Redundancy.Mode == schema.Quorum {
			n, least = n-1, 3
		}
	}
	change := fmt.Sprintf("placement over %s %ss", smallNumber(least), kind)
	if n > m.ReliableReplicas() {
		change = fmt.Sprintf("%s in %s %ss", replicasTo(m, n), smallNumber(least), kind)
	}
	if least > have {
		change += fmt.Sprintf(", of which the design has %s,", smallNumber(have))
	} else {
		change += ", none of which holds another,"
	}
	if byHand(m) {
		change += ` and redundancy.failover: "automatic"`
	}
	return change
}
