package rules

import (
	"slices"

	"lintel/schema"
)

// owner says who is behind a module: the group (bounded context) and the team, "" where not stated.
type owner struct{ group, team string }

func ownerOf(m *schema.Module) owner { return owner{m.Group, m.Team} }

func (o owner) swapped() owner { return owner{o.team, o.group} }

// verdict is what can be said about several owners.
type verdict uint8

const (
	sameOwner verdict = iota
	differentOwners
	unknownOwners // not known to differ, and not known to be the same
)

// compareOwners tells whether modules belong together. Two differ when both state a group and the
// groups differ, or when one of them states no group and the teams, both stated, differ. They are
// the same when the first of these that both state is the same. The group weighs first; swap the
// owners to weigh the team first.
func compareOwners(owners []owner) verdict {
	if len(owners) < 2 {
		return sameOwner
	}
	var groups, teams, teamsWithout []string // distinct; the last of those that state no group
	grouped, unnamed := true, false
	add := func(list *[]string, name string) {
		if name != "" && !slices.Contains(*list, name) && len(*list) < 3 {
			*list = append(*list, name) // two names suffice for the verdict
		}
	}
	for _, o := range owners {
		add(&groups, o.group)
		add(&teams, o.team)
		if o.group == "" {
			grouped = false
			add(&teamsWithout, o.team)
		}
		unnamed = unnamed || o.team == ""
	}
	switch {
	case len(groups) >= 2, len(teamsWithout) >= 1 && len(teams) >= 2:
		return differentOwners
	case !grouped && unnamed:
		return unknownOwners
	}
	return sameOwner
}

// distinct returns the sorted, distinct, non-empty names that name gives for each of list.
func distinct[T any](list []T, name func(T) string) []string {
	var out []string
	for _, x := range list {
		if n := name(x); n != "" {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
