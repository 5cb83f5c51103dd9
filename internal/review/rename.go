package review

import "lintel/schema"

// A thing of the new design is taken for one of the old design under another name where the old name is gone, the new
// one was not there, both are of one kind, and they are alike: of what the two state and how they are connected, three
// quarters are the same, a likeness of their names counting for up to one of these quarters (see likeness). Among several
// that are alike, one has to be clearly the best of both sides; where none is, there is no rename. A wrong pair is worse
// than none: what is left is told as removed and added.
//
// The things around a renamed one may be renamed themselves. So the search goes in rounds, and each pair that is found
// makes the next ones surer:
//
//   - exact ones first: things that state the same and stand in the same surroundings, by colour refinement (Weisfeiler
//     and Leman, 1968; see colours.go), which finds them even where everything was renamed at once;
//   - then those that changed beside, by how alike they are;
//   - at the end, each pair is looked at once more, with the names that all others have got.

// findRenames finds out what has another name in the new design.
func findRenames(old, new *schema.Design) *renames {
	r := &renames{oldSystem: old.System, newSystem: new.System}
	if !mayRename(old, new) {
		return r
	}
	s := newRenameSearch(old, new)
	s.run()
	r.modules, r.domains, r.journeys, r.transactions = s.found(ofModules), s.found(ofDomains), s.found(ofJourneys), s.found(ofTransactions)
	return r
}

// mayRename reports whether names of one sort both came and went.
func mayRename(old, new *schema.Design) bool {
	return cameAndWent(old.Modules, new.Modules, func(m *schema.Module) string { return m.Name }) ||
		cameAndWent(old.FailureDomains, new.FailureDomains, func(f *schema.FailureDomain) string { return f.Name }) ||
		cameAndWent(old.Journeys, new.Journeys, func(j *schema.Journey) string { return j.Name }) ||
		cameAndWent(old.Transactions, new.Transactions, func(t *schema.Transaction) string { return t.Name })
}

func cameAndWent[T any](old, new []T, name func(T) string) bool {
	came, went := 0, 0
	for len(old) > 0 && len(new) > 0 {
		switch o, n := name(old[0]), name(new[0]); {
		case o < n:
			went++
			old = old[1:]
		case n < o:
			came++
			new = new[1:]
		default:
			old, new = old[1:], new[1:]
		}
	}
	return came+len(new) > 0 && went+len(old) > 0
}

// maxRounds bounds the rounds of the search. Most designs need two or three.
const maxRounds = 32

// renameSearch looks for the things of the old graph in the new one.
type renameSearch struct {
	old, new *graph
	// partner by thing: that of the other graph, or -1.
	oldPartner, newPartner []int32
}

func newRenameSearch(old, new *schema.Design) *renameSearch {
	s := &renameSearch{old: newGraph(old), new: newGraph(new)}
	s.oldPartner, s.newPartner = alone(len(s.old.things)), alone(len(s.new.things))
	for i := range s.old.things {
		o := &s.old.things[i]
		if n, ok := s.new.index[o.sort][o.name]; ok {
			s.pair(int32(i), n)
		}
	}
	s.old.describe(s.oldPartner)
	s.new.describe(s.newPartner)
	return s
}

func alone(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = -1
	}
	return out
}

func (s *renameSearch) pair(o, n int32) { s.oldPartner[o], s.newPartner[n] = n, o }

func (s *renameSearch) run() {
	for range maxRounds {
		if !s.pairExact() && !s.pairAlike() {
			break
		}
	}
	s.verify()
}

// verify takes back the pairs that are not alike enough by the names that all things have got.
func (s *renameSearch) verify() {
	for again := true; again; {
		again = false
		j := s.comparer(true)
		for o, n := range s.oldPartner {
			if n < 0 || !s.renamed(int32(o)) {
				continue
			}
			if l := j.likeness(int32(o), n); !l.enough() {
				s.oldPartner[o], s.newPartner[n] = -1, -1
				again = true
			}
		}
	}
}

// renamed reports whether thing o of the old graph has a partner of another name.
func (s *renameSearch) renamed(o int32) bool {
	n := s.oldPartner[o]
	return n >= 0 && s.old.things[o].name != s.new.things[n].name
}

// found gives the new names of what was renamed, of one sort.
func (s *renameSearch) found(of sort) map[string]string {
	out := map[string]string{}
	for o := range s.old.things {
		if s.old.things[o].sort == of && s.renamed(int32(o)) {
			out[s.old.things[o].name] = s.new.things[s.oldPartner[o]].name
		}
	}
	return out
}
