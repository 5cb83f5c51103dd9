package report

import (
	"slices"
	"strings"

	"lintel/rules"
)

// proof is a path that shows a finding to be right, and the journeys that take it.
type proof struct {
	journeys string // "browse, checkout"; "" where no journey is concerned
	path     []string
}

// proofs returns the paths of a finding, each once, in order of the first journey that takes it. An entry
// that fails its own journey needs none.
func proofs(f *rules.Finding) []proof {
	if len(f.Paths) == 0 {
		if len(f.Path) == 0 {
			return nil
		}
		return []proof{{shortList(f.Journeys), f.Path}}
	}
	var paths [][]string
	var journeys [][]string
	index := map[string]int{}
	for _, p := range f.Paths {
		key := strings.Join(p.Path, "\x00")
		i, ok := index[key]
		if !ok {
			i = len(paths)
			index[key] = i
			paths, journeys = append(paths, p.Path), append(journeys, nil)
		}
		journeys[i] = append(journeys[i], p.Journey)
	}
	out := make([]proof, len(paths))
	for i := range paths {
		out[i] = proof{shortList(journeys[i]), paths[i]}
	}
	if len(out) == 1 && len(out[0].path) == 1 && out[0].path[0] == out[0].journeys {
		return nil
	}
	return out
}

// label tells a path from a cycle, which ends where it starts.
func (p proof) label() string {
	if len(p.path) > 1 && p.path[0] == p.path[len(p.path)-1] {
		return "cycle"
	}
	return "path"
}

// String gives "web -> orders -> orders-db (checkout)".
func (p proof) String() string {
	s := strings.Join(p.path, " -> ")
	if p.journeys != "" {
		s += " (" + p.journeys + ")"
	}
	return s
}

// restOf tells of paths that are not shown.
func restOf(list []proof) string {
	var journeys []string
	for _, p := range list {
		if p.journeys != "" && !slices.Contains(journeys, p.journeys) {
			journeys = append(journeys, p.journeys)
		}
	}
	s := "and " + plural(len(list), "more", "more")
	if len(journeys) > 0 {
		s += " (" + shortList(journeys) + ")"
	}
	return s
}

// shortList joins names, of which it gives no more than six.
func shortList(names []string) string {
	const most = 6
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most-1], ", ") + " and " + plural(len(names)-most+1, "more", "more")
}
