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
func matchFindings(old, new *rules.Result, m *match, onlyRenamed bool, dead map[string]bool) Findings {
	var f Findings
	if new != nil {
		f.Known = all(new.Known)
	}
	if old == nil {
		f.New, f.Waived, f.NewlyKnown = all(new.Findings), all(new.Waived), all(new.Known)
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
	names.dead = dead
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
	f.reveal(old, names, &after)
	f.cover(new, names, &before)
	f.New = append(f.New, after[open]...)
	for _, o := range before[open] {
		if ran, _ := new.Ran(o.Rule.ID); ran && !names.onlyDead(o) {
			f.Fixed = append(f.Fixed, o)
		} else {
			f.Unjudged = append(f.Unjudged, o)
		}
	}
	f.Waived, f.NewlyKnown = after[waived], after[known]
	for _, list := range [][]*rules.Finding{f.New, f.Fixed, f.Unchanged, f.Unjudged, f.Revealed, f.Covered} {
		inOrder(list)
	}
	slices.SortStableFunc(f.Changed, func(a, b FindingChange) int { return compareFindings(a.New, b.New) })
	return f
}

// reveal takes those out of what is new that the old design had and was silent about. Of a waived or known one it takes
// the old finding for its counterpart and no more.
func (f *Findings) reveal(old *rules.Result, names *findingNames, after *[states][]*rules.Finding) {
	before := [states][]*rules.Finding{open: silentOf(old, after[open], after[known], after[waived])}
	if len(before[open]) == 0 {
		return
	}
	names.match(&before, after, names.identities, func(move struct{ from, to int }, o, n *rules.Finding) {
		if move.to != open {
			return
		}
		f.Unchanged, f.Revealed = append(f.Unchanged, n), append(f.Revealed, n)
		f.Counterparts[n] = o
		if c, ok := names.change(o, n); ok {
			f.Changed = append(f.Changed, c)
		}
	})
}

// cover takes those out of what is fixed about which the new design is silent.
func (f *Findings) cover(new *rules.Result, names *findingNames, before *[states][]*rules.Finding) {
	after := [states][]*rules.Finding{open: silentOf(new, before[open])}
	if len(after[open]) == 0 {
		return
	}
	gone := [states][]*rules.Finding{open: before[open]}
	names.match(&gone, &after, names.identities, func(_ struct{ from, to int }, o, _ *rules.Finding) { f.Covered = append(f.Covered, o) })
	before[open] = gone[open]
}

// silentOf gives what the rules of these findings are silent about in a design.
func silentOf(res *rules.Result, lists ...[]*rules.Finding) []*rules.Finding {
	var out []*rules.Finding
	asked := map[string]bool{}
	for _, list := range lists {
		for _, f := range list {
			if !asked[f.Rule.ID] {
				asked[f.Rule.ID] = true
				out = append(out, all(res.Silent(f.Rule.ID))...)
			}
		}
	}
	return out
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
