package diagram

import (
	"fmt"
	"slices"

	"lintel/schema"
)

const (
	// mostSummaries is the number of boxes above which a summary goes by something coarser, where what it
	// goes by was not asked for.
	mostSummaries = 150
	// mostAlone is the number of modules without a group that an overview draws on their own.
	mostAlone = 30
	// noGroup names the box of modules without a group.
	noGroup = "(no group)"
)

// group sorts the shown modules, or the failure domains that they stand in, into groups.
func (b *builder) group() error {
	if b.placed {
		return b.groupByDomain()
	}
	n := b.a.Modules()
	b.groupOf = make([]int32, n)
	labels := make([]string, n)
	by := b.o.GroupBy
	if by == GroupByAuto {
		by = b.bestGrouping()
	}
	b.d.GroupBy = by
	var names []string
	alone := 0
	for i, m := range b.a.Design.Modules {
		labels[i] = labelOf(m, by)
		switch {
		case !b.shown[i]:
		case labels[i] == "":
			alone++
		default:
			names = append(names, labels[i])
		}
	}
	if len(names) == 0 && b.o.GroupBy != GroupByAuto && by != GroupByNone {
		return &OptionError{Option: "group-by", Detail: fmt.Sprintf("no module that is drawn states its %s", by)}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for _, name := range names {
		b.groups = append(b.groups, Group{Name: name, Kind: string(by), Parent: -1})
	}
	rest := int32(-1)
	if b.summed && alone > mostAlone {
		rest = int32(len(b.groups))
		b.groups = append(b.groups, Group{Name: noGroup, Kind: string(by), Parent: -1})
	}
	for i, name := range labels {
		b.groupOf[i] = rest
		if g, ok := slices.BinarySearch(names, name); ok {
			b.groupOf[i] = int32(g)
		}
	}
	return nil
}

// labelOf returns the name of the group that m lies in; "" for none.
func labelOf(m *schema.Module, by GroupBy) string {
	switch by {
	case GroupByGroup:
		return m.Group
	case GroupByTeam:
		return m.Team
	case GroupByLayer:
		return m.Layer
	case GroupByKind:
		return string(m.Kind)
	}
	return ""
}

// bestGrouping returns the first of group, team and layer that the design states. A summary takes
// the first that makes it small enough, and failing that the kinds.
func (b *builder) bestGrouping() GroupBy {
	var tooMany []string
	for _, by := range []GroupBy{GroupByGroup, GroupByTeam, GroupByLayer} {
		distinct := make(map[string]bool)
		for _, m := range b.a.Design.Modules {
			if name := labelOf(m, by); name != "" {
				distinct[name] = true
			}
		}
		if len(distinct) > 0 && (!b.summed || len(distinct) <= mostSummaries) {
			return by
		}
		if n := len(distinct); n > 0 {
			tooMany = append(tooMany, counted(n, string(by)))
		}
	}
	if b.summed {
		if len(tooMany) > 0 {
			b.note("Grouped by kind, because there are %s.", enumerate(tooMany))
		}
		return GroupByKind
	}
	return GroupByNone
}

// collapse finds out which groups are drawn as one box.
func (b *builder) collapse() error {
	b.collapsed = make([]bool, len(b.groups))
	for _, pattern := range b.o.Collapse {
		found := false
		for g := range b.groups {
			if matches(pattern, b.groups[g].Name) {
				b.collapsed[g], found = true, true
			}
		}
		if found {
			continue
		}
		if len(b.groups) == 0 {
			return &OptionError{Option: "collapse", Detail: "nothing is grouped", Hint: "choose what to group by with --group-by"}
		}
		names := make([]string, len(b.groups))
		for g := range b.groups {
			names[g] = b.groups[g].Name
		}
		return unknown("collapse", "no "+groupWord(b.d.GroupBy)+" %q is drawn", pattern, names)
	}
	if b.summed {
		for g := range b.collapsed {
			b.collapsed[g] = true
		}
	}
	return nil
}

// groupWord says what a group is.
func groupWord(by GroupBy) string {
	if by == GroupByDomain {
		return "failure domain"
	}
	return string(by)
}

// boxOf returns the outermost collapsed group around g, g included; -1 for none.
func (b *builder) boxOf(g int) int {
	box := -1
	for ; g >= 0; g = b.groups[g].Parent {
		if b.collapsed[g] {
			box = g
		}
	}
	return box
}
