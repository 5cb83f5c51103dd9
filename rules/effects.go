package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// Suggest says how much is computed about suggestions.
type Suggest uint8

// The depths.
const (
	SuggestQuick Suggest = iota // effects within a fixed amount of work
	SuggestFull                 // all effects, with availability
	SuggestNone                 // no suggestions at all
)

// ParseSuggest reads "none", "quick" or "full".
func ParseSuggest(s string) (Suggest, bool) {
	switch s {
	case "quick":
		return SuggestQuick, true
	case "full":
		return SuggestFull, true
	case "none":
		return SuggestNone, true
	}
	return SuggestQuick, false
}

// quickWork is the work that SuggestQuick does for one design, in modules and dependencies of all changed designs that
// are analysed. It counts what is done, not the time, so that the same design gives the same report on every machine:
// 40 changes of a design of 100 modules and dependencies, and none of one of 2,000.
const quickWork = 4000

// Effects fills in what the remedies of the open findings of a run achieve: each change is made on a copy of the design,
// which is analysed anew. It returns the number of remedies whose effect was left out because it would be too much
// work. With SuggestNone the findings lose their suggestions.
func Effects(res *Result, depth Suggest) (left int) {
	if depth == SuggestNone {
		for i := range res.Findings {
			res.Findings[i].Suggestions, res.Findings[i].Remedies = nil, nil
		}
		return 0
	}
	if !slices.ContainsFunc(res.Findings, func(f Finding) bool { return len(f.Remedies) > 0 }) {
		return 0
	}
	a := res.Analysis
	e := &effects{res: res, base: a, work: quickWork, full: depth == SuggestFull, states: map[string]*state{}}
	// The grave findings first: they are what the work is for.
	for s := Error; s > Off; s-- {
		for i := range res.Findings {
			f := &res.Findings[i]
			if f.Severity != s {
				continue
			}
			for k := range f.Remedies {
				r := &f.Remedies[k]
				var ok bool
				if r.Effect, ok = e.of(f, r); !ok {
					left++
				}
			}
		}
	}
	return left
}

// effects computes the effects of remedies of one run.
type effects struct {
	res    *Result
	base   *analyzer.Analysis
	work   int // what is left of it
	full   bool
	before *state
	states map[string]*state // by change
}

// state is a design, changed or not, as far as it was asked about.
type state struct {
	analysis *analyzer.Analysis
	points   map[string]int // single points of failure by journey
	system   *resilience.System
}

// of gives the effect of a remedy, "" where there is nothing to tell; ok is false where the work is spent.
func (e *effects) of(f *Finding, r *Remedy) (effect string, ok bool) {
	if f.Rule != singlePointOfFailure && f.Rule != externalWithoutFallback {
		return e.ofModule(f, r), true
	}
	if e.before == nil {
		if !e.afford() {
			return "", false
		}
		e.before = e.analyse(e.base)
	}
	key := fmt.Sprint(r.Changes)
	after := e.states[key]
	if after == nil {
		if !e.afford() {
			return "", false
		}
		d, err := change.Apply(e.base.Design, r.Changes...)
		if err != nil {
			return "", true // it names what the design does not have: another rule's finding
		}
		after = e.analyse(analyzer.New(d))
		e.states[key] = after
	}
	effect = e.onJourneys(f, after)
	if e.full {
		effect += e.availability(f.Journeys, after)
	}
	return effect, true
}

// afford takes the work of one analysis.
func (e *effects) afford() bool {
	if e.full {
		return true
	}
	size := e.base.Modules() + len(e.base.Dependencies())
	if size > e.work {
		return false
	}
	e.work -= size
	return true
}

func (e *effects) analyse(a *analyzer.Analysis) *state {
	s := &state{analysis: a, points: map[string]int{}}
	pass := &Pass{Rule: singlePointOfFailure, Design: a.Design, Analysis: a, settings: e.res.effective, shared: &shared{}}
	found := findSinglePoints(pass)
	for _, list := range [][]singlePoint{found.modules, found.outside, found.domains} {
		for _, p := range list {
			for _, j := range p.lost {
				s.points[a.Journeys()[j].Name]++
			}
		}
	}
	return s
}

// onJourneys tells of the single points of failure of a finding's journeys, and of a failure domain whether they survive
// its loss.
func (e *effects) onJourneys(f *Finding, after *state) string {
	survives := ""
	if f.Subject.Kind == OfFailureDomain && len(f.Journeys) > 0 {
		if !after.losesAnyOf(f.Journeys, f.Subject.Name) {
			if survives = f.Journeys[0] + " survives the loss of " + f.Subject.Name; len(f.Journeys) > 1 {
				survives = fmt.Sprintf("all %d journeys survive the loss of %s", len(f.Journeys), f.Subject.Name)
			}
		}
	}
	var free, dead, rest []string
	for _, j := range f.Journeys {
		switch {
		case after.points[j] > 0:
			rest = append(rest, j)
		case down(after.analysis, j):
			dead = append(dead, j)
		default:
			free = append(free, j)
		}
	}
	var parts []string
	if survives != "" {
		parts = append(parts, survives)
	}
	if len(free) > 0 {
		parts = append(parts, "no single point of failure left on "+enumerate(free))
	}
	if len(rest) > 0 {
		parts = append(parts, "single points of failure: "+e.points(rest, after))
	}
	if len(dead) > 0 {
		parts = append(parts, enumerate(dead)+": down all the same")
	}
	return strings.Join(parts, "; ")
}

// points tells how many single points of failure journeys have before and after: "browse and login 4 → 3, cart still 6",
// or of many journeys the sum.
func (e *effects) points(journeys []string, after *state) string {
	const most = 4
	type figures struct{ was, is int }
	var order []figures
	var sum figures
	names := map[figures][]string{}
	for _, j := range journeys {
		p := figures{e.before.points[j], after.points[j]}
		if names[p] == nil {
			order = append(order, p)
		}
		names[p] = append(names[p], j)
		sum.was, sum.is = sum.was+p.was, sum.is+p.is
	}
	tell := func(what string, p figures) string {
		if p.was == p.is {
			return fmt.Sprintf("%s still %d", what, p.is)
		}
		return fmt.Sprintf("%s %d → %d", what, p.was, p.is)
	}
	switch n := len(journeys); {
	case n > most && len(order) == 1:
		return tell(fmt.Sprintf("each of %d journeys", n), order[0])
	case n > most:
		return tell(fmt.Sprintf("%d journeys in all", n), sum)
	}
	var parts []string
	for _, p := range order {
		parts = append(parts, tell(enumerate(names[p]), p))
	}
	return strings.Join(parts, ", ")
}

// down reports whether a journey does not work before anything fails.
func down(a *analyzer.Analysis, journey string) bool {
	for _, j := range a.Failures().Before.Lost {
		if a.Journeys()[j].Name == journey {
			return true
		}
	}
	return false
}

// losesAnyOf reports whether the loss of a failure domain brings one of the journeys down.
func (s *state) losesAnyOf(journeys []string, domain string) bool {
	a := s.analysis
	d, ok := a.DomainIndex(domain)
	if !ok {
		return true
	}
	f := a.Failures()
	for i, e := range f.Events {
		if e.Kind != analyzer.DomainEvent || e.Domain != d {
			continue
		}
		for _, j := range slices.Concat(f.Outcomes[i].Lost, f.Before.Lost) {
			if slices.Contains(journeys, a.Journeys()[j].Name) {
				return true
			}
		}
	}
	return false
}

// ofModule tells what one module, which alone the changes are about, can lose afterwards.
func (e *effects) ofModule(f *Finding, r *Remedy) string {
	if len(r.Changes) != 1 {
		return ""
	}
	c := r.Changes[0]
	i, ok := e.base.ModuleIndex(c.Module)
	if !ok || c.Kind == change.Soften || c.Kind == change.Alternative {
		return ""
	}
	// The module alone: what it can lose depends on no other.
	d, err := change.Apply(&schema.Design{Modules: []*schema.Module{e.base.Module(i)}, FailureDomains: e.base.Design.FailureDomains}, c)
	if err != nil {
		return ""
	}
	m := d.Modules[0]
	var can []string
	spare := m.ReliableReplicas() - m.Need()
	switch {
	case byHand(m) || spare < 1:
	case spare == 1:
		can = append(can, "any one replica")
	default:
		can = append(can, fmt.Sprintf("any %s replicas", smallNumber(spare)))
	}
	// Of the failure domains in which it stands, those of one kind are told when it survives each of them.
	for _, kind := range []schema.DomainKind{schema.Host, schema.Rack, schema.Zone, schema.Region} {
		all, n := true, 0
		for _, at := range domainsOf(e.base, m) {
			if e.base.Design.FailureDomains[at].Kind == kind {
				n++
				all = all && keepsCapacity(e.base, m, at)
			}
		}
		if n > 0 && all {
			can = append(can, "any one "+string(kind))
		}
	}
	if len(can) == 0 {
		return ""
	}
	return m.Name + " survives the loss of " + strings.Join(can, ", and of ")
}

// availability tells how available the journeys are before and after, where all that takes part is stated and the figure is exact.
func (e *effects) availability(journeys []string, after *state) string {
	const most = 3
	var parts []string
	for _, j := range journeys[:min(len(journeys), most)] {
		was, ok1 := e.before.available(j)
		is, ok2 := after.available(j)
		if !ok1 || !ok2 {
			continue
		}
		x, y := percentages(was, is)
		parts = append(parts, fmt.Sprintf("%s %s → %s", j, x, y))
	}
	if len(parts) == 0 {
		return ""
	}
	return "; " + strings.Join(parts, ", ")
}

// available gives the probability that a journey fails; ok is false where it is not known exactly.
func (s *state) available(journey string) (fails float64, ok bool) {
	i := slices.IndexFunc(s.analysis.Journeys(), func(j analyzer.Journey) bool { return j.Name == journey })
	if i < 0 {
		return 0, false
	}
	if s.system == nil {
		system, err := resilience.New(s.analysis, resilience.Assumptions{Pessimistic: 99}, resilience.Limits{})
		if err != nil {
			return 0, false
		}
		s.system = system
	}
	v, err := s.system.Availability(analyzer.OfJourney(int32(i)))
	if err != nil || len(v.Unknown) > 0 || v.Best.Method != resilience.Exact {
		return 0, false
	}
	return v.Best.Low, true
}

// percentages writes two availabilities with as many digits as tell them apart, two at least.
func percentages(fails, failsThen float64) (string, string) {
	text := func(q float64, digits int) string {
		return strconv.FormatFloat(100*(1-q), 'f', digits, 64) + " %"
	}
	const most = 9
	for digits := 2; digits < most; digits++ {
		x, y := text(fails, digits), text(failsThen, digits)
		// What is not certain must not read 100 %.
		if (x != y || fails == failsThen) && (fails == 0 || !strings.HasPrefix(x, "100")) && (failsThen == 0 || !strings.HasPrefix(y, "100")) {
			return x, y
		}
	}
	return text(fails, most), text(failsThen, most)
}
