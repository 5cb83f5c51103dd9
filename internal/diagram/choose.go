package diagram

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// chooseModules finds out which modules are drawn, and which of them faintly. What the options choose is
// taken together: a module must be chosen by all of them.
func (b *builder) chooseModules() error {
	n := b.a.Modules()
	b.shown, b.faded = make([]bool, n), make([]bool, n)
	for i := range b.shown {
		b.shown[i] = true
	}
	if err := b.chooseBySelectors(); err != nil {
		return err
	}
	about := slices.Clone(b.shown)
	if err := b.chooseJourney(about); err != nil {
		return err
	}
	if err := b.chooseFocus(about); err != nil {
		return err
	}
	if err := b.chooseChanged(about); err != nil {
		return err
	}
	for i := range b.shown {
		switch {
		case !b.shown[i] || about[i]:
		case b.o.Rest == FadeRest:
			b.faded[i] = true
		default:
			b.shown[i] = false
		}
		if b.shown[i] {
			b.count++
		}
	}
	b.all = b.count == n
	return nil
}

// keep clears in set what keep does not hold, and fails where nothing is left.
func keep(set, keep []bool, option, detail string) error {
	left := false
	for i := range set {
		set[i] = set[i] && keep[i]
		left = left || set[i]
	}
	if !left {
		return &OptionError{Option: option, Detail: detail + " leaves nothing to draw"}
	}
	return nil
}

func (b *builder) chooseBySelectors() error {
	for _, s := range b.o.Only {
		in, err := b.selected("only", s)
		if err != nil {
			return err
		}
		if err := keep(b.shown, in, "only", s.String()); err != nil {
			return err
		}
		b.subtitle = append(b.subtitle, "only "+s.String())
	}
	for _, s := range b.o.Hide {
		out, err := b.selected("hide", s)
		if err != nil {
			return err
		}
		for i := range out {
			out[i] = !out[i]
		}
		if err := keep(b.shown, out, "hide", s.String()); err != nil {
			return err
		}
		b.subtitle = append(b.subtitle, "without "+s.String())
	}
	return nil
}

// chooseJourney keeps in about what the chosen journey needs, where one is.
func (b *builder) chooseJourney(about []bool) error {
	b.journey = -1
	if b.o.Journey == "" && b.o.View != ViewJourney {
		return nil
	}
	journeys := b.a.Journeys()
	names := make([]string, len(journeys))
	for j := range journeys {
		names[j] = journeys[j].Name
		if names[j] == b.o.Journey {
			b.journey = j
		}
	}
	switch {
	case b.journey >= 0:
	case len(journeys) == 0:
		return &OptionError{Option: "journey", Detail: "the design has no journeys", Hint: "state them under journeys, or entry: true at modules that users call"}
	case b.o.Journey != "":
		return unknown("journey", "no journey %q", b.o.Journey, names)
	case len(journeys) == 1:
		b.journey = 0
	default:
		e := &OptionError{Option: "journey", Detail: fmt.Sprintf("the design has %d journeys", len(journeys))}
		e.Hint = "name one: " + enumerate(names)
		return e
	}
	j := &journeys[b.journey]
	if j.Entry < 0 {
		return &OptionError{Option: "journey", Detail: fmt.Sprintf("%s starts at %q, which is no module", j.Name, j.Stated.Entry.Name)}
	}
	b.o.Journey = j.Name
	needed, way := closure(b.a, j)
	b.way = way
	b.subtitle = append(b.subtitle, "journey "+j.Name)
	return keep(about, needed, "journey", j.Name+", with what else was chosen,")
}

// closure tells which modules a journey needs at run time, hard or soft, and along which dependencies:
// those of its entry that count for it, and all of what they lead to. All alternatives count.
func closure(a *analyzer.Analysis, j *analyzer.Journey) (modules, way []bool) {
	modules, way = make([]bool, a.Modules()), make([]bool, len(a.Dependencies()))
	modules[j.Entry] = true
	deps := a.Dependencies()
	first := firstDependencies(a)
	queued := make([]bool, a.Modules()) // all of its dependencies count
	var queue []int32
	follow := func(k int32) {
		if d := &deps[k]; d.When == schema.Runtime {
			way[k] = true
			for _, t := range d.Targets {
				if modules[t] = true; !queued[t] {
					queued[t] = true
					queue = append(queue, t)
				}
			}
		}
	}
	for k := first[j.Entry]; k < first[j.Entry+1]; k++ {
		if _, ignored := slices.BinarySearch(j.Ignored, k); !ignored {
			follow(k)
		}
	}
	for len(queue) > 0 {
		m := queue[0]
		queue = queue[1:]
		for k := first[m]; k < first[m+1]; k++ {
			follow(k)
		}
	}
	return modules, way
}

// firstDependencies gives for each module the index of its first dependency, and the number of all
// dependencies at the end.
func firstDependencies(a *analyzer.Analysis) []int32 {
	first := make([]int32, a.Modules()+1)
	for m := range int32(a.Modules()) {
		first[m+1] = first[m] + int32(len(a.DependenciesOf(m)))
	}
	return first
}

// chooseFocus keeps in about what lies within some steps of the modules in focus: of both directions,
// what they need and what needs them, not what else needs the same.
func (b *builder) chooseFocus(about []bool) error {
	if len(b.o.Focus) == 0 {
		return nil
	}
	depth := max(b.o.Depth, 1)
	var start []int32
	for _, name := range b.o.Focus {
		m, ok := b.a.ModuleIndex(name)
		if !ok {
			return unknown("focus", "no module %q", name, b.statedValues("name"))
		}
		start = append(start, m)
	}
	near := make([]bool, b.a.Modules())
	n := b.a.Neighbours(nil)
	if b.o.Direction != Up {
		within(start, n.DependsOn, depth, near)
	}
	if b.o.Direction != Deep {
		within(start, n.Dependents, depth, near)
	}
	names := slices.Clone(b.o.Focus)
	slices.Sort(names)
	names = slices.Compact(names)
	needs := "needs"
	if len(names) > 1 {
		needs = "need"
	}
	list := enumerate(names)
	var what string
	switch b.o.Direction {
	case Up:
		what = "what needs " + list
	case Deep:
		what = "what " + list + " " + needs
	default:
		what = "around " + list
	}
	b.subtitle = append(b.subtitle, what+", "+counted(depth, "step"))
	return keep(about, near, "focus", list+", with what else was chosen,")
}

// within marks what can be reached from start in at most depth steps.
func within(start []int32, next [][]int32, depth int, mark []bool) {
	seen := make([]bool, len(next))
	level := start
	for _, m := range start {
		seen[m], mark[m] = true, true
	}
	for ; depth > 0 && len(level) > 0; depth-- {
		var further []int32
		for _, m := range level {
			for _, t := range next[m] {
				if !seen[t] {
					seen[t], mark[t] = true, true
					further = append(further, t)
				}
			}
		}
		level = further
	}
}
