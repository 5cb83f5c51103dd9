package review

import (
	"slices"
	"strings"

	"lintel/rules"
)

// States of a finding in one of the designs.
const (
	open = iota // of the old design, also those that a baseline holds
	known
	waived
	states
)

// moves are the ways in which a finding of the old design can go on in the new one. What is in the same state on both
// sides goes first, so that of several that are alike no more than needed seem to have changed theirs.
var moves = [...]struct{ from, to int }{{open, open}, {open, known}, {waived, waived}, {open, waived}, {waived, open}, {waived, known}}

// matchFindings tells which findings of the two states are the same. One of them may be nil. With onlyRenamed, the designs
// differ in nothing but names, and are judged alike.
func matchFindings(old, new *rules.Result, m *match, onlyRenamed bool) Findings {
	var f Findings
	if new != nil {
		f.Known = all(new.Known)
	}
	if old == nil {
		f.New, f.Waived = all(new.Findings), all(new.Waived)
		return f
	}
	if new == nil {
		f.Fixed = append(all(old.Findings), all(old.Known)...)
		inOrder(f.Fixed)
		return f
	}
	f.Counterparts = map[*rules.Finding]*rules.Finding{}
	before := [states][]*rules.Finding{open: append(all(old.Findings), all(old.Known)...), waived: all(old.Waived)}
	after := [states][]*rules.Finding{open: all(new.Findings), known: all(new.Known), waived: all(new.Waived)}
	names := newFindingNames(m)
	names.onlyRenamed = onlyRenamed && !names.nothingRenamed
	names.match(&before, &after, names.identities, func(move struct{ from, to int }, o, n *rules.Finding) {
		switch move.to {
		case open:
			f.Counterparts[n] = o
			if move.from == waived {
				f.New = append(f.New, n)
				return
			}
			f.Unchanged = append(f.Unchanged, n)
			if c, ok := names.change(o, n); ok {
				f.Changed = append(f.Changed, c)
			}
		case waived:
			if move.from == open {
				f.Fixed = append(f.Fixed, o)
				f.Counterparts[o] = n
			}
		}
	})
	if names.onlyRenamed {
		f.Unchanged = append(f.Unchanged, after[open]...)
		before[open], after[open] = nil, nil
	}
	f.New = append(f.New, after[open]...)
	for _, o := range before[open] {
		if ran, _ := new.Ran(o.Rule.ID); ran {
			f.Fixed = append(f.Fixed, o)
		} else {
			f.Unjudged = append(f.Unjudged, o)
		}
	}
	f.Waived = after[waived]
	for _, list := range [][]*rules.Finding{f.New, f.Fixed, f.Unchanged, f.Unjudged} {
		inOrder(list)
	}
	slices.SortStableFunc(f.Changed, func(a, b FindingChange) int { return compareFindings(a.New, b.New) })
	return f
}

func all(list []rules.Finding) []*rules.Finding {
	out := make([]*rules.Finding, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

func inOrder(list []*rules.Finding) { slices.SortStableFunc(list, compareFindings) }

func compareFindings(a, b *rules.Finding) int {
	if c := a.Location.Compare(b.Location); c != 0 {
		return c
	}
	return strings.Compare(identity(a.Rule, a.Subject.Kind, a.Subject.Name, a.Key), identity(b.Rule, b.Subject.Kind, b.Subject.Name, b.Key))
}

// identity is what a fingerprint is made of, but for the system: the designs are the same.
func identity(rule *rules.Rule, kind rules.SubjectKind, name, key string) string {
	return rule.ID + "\x00" + string(kind) + "\x00" + name + "\x00" + key
}
