package resilience

import (
	"cmp"
	"math"
	"slices"

	"lintel/analyzer"
	"lintel/analyzer/faulttree"
	"lintel/schema"
)

// Availability is how likely a target is to fail, and why.
type Availability struct {
	Target analyzer.Target
	// Best is with all that is unknown perfect, Worst with all that is unknown at the pessimistic value. They are
	// equal where nothing is unknown.
	Best, Worst Probability
	// Unknown are the failure domains, external modules and first replicas that take part and whose availability is
	// unknown.
	Unknown []analyzer.Event
	Assumed []analyzer.Event // the same for those that have a typical value
	// DownBefore tells that the target fails before anything does.
	DownBefore bool
	// Contributors are the events that make a difference, by falling Fussell-Vesely importance, computed as Worst is; nil
	// where that is not exact. Where the target never fails, only their Birnbaum importance is a number. Where there are very many, the replicas of a module are told by ReplicasEvents: that so many of
	// them fail by themselves, and what that contributes.
	Contributors []Contributor
	// Further is the number of those that are left out: they come last, and there are more than MostContributors.
	Further int
}

// MostContributors bounds the contributors that are told.
const MostContributors = 1000

// Contributor is what an event contributes.
type Contributor struct {
	Event          analyzer.Event
	Unavailability float64
	Source         Source
	faulttree.Importance
}

// Availability computes that of one target.
func (s *System) Availability(t analyzer.Target) (Availability, error) {
	out, tree, model, err := s.between(t)
	if err == nil && out.Worst.Method == Exact {
		out.Contributors, out.Further = s.contributors(t, tree, model, 1-s.assume.Pessimistic/100)
	}
	return out, err
}

// Range computes that of one target without its contributors, which take most of the time.
func (s *System) Range(t analyzer.Target) (Availability, error) {
	out, _, _, err := s.between(t)
	return out, err
}

// between gives besides the folded tree of the target and its model, as Worst is computed.
func (s *System) between(t analyzer.Target) (out Availability, tree *analyzer.FoldedTree, model *faulttree.Model, err error) {
	out.Target = t
	pessimistic := 1 - s.assume.Pessimistic/100
	tree = s.folded(t, pessimistic, analyzer.Fold{Parts: true})
	out.DownBefore = tree.Top == faulttree.True && len(tree.Modules) == 0
	s.sources(&out, tree)
	if out.Worst, model, err = s.ofFolded(t, tree, pessimistic); err != nil {
		return out, nil, nil, err
	}
	out.Best = out.Worst
	if len(out.Unknown) > 0 {
		if out.Best, _, err = s.ofFolded(t, s.folded(t, 0, analyzer.Fold{}), 0); err != nil {
			return out, nil, nil, err
		}
	}
	return out, tree, model, nil
}

// sources lists what takes part and is unknown or assumed: domains, and of each module the first replica.
func (s *System) sources(out *Availability, tree *analyzer.FoldedTree) {
	add := func(e analyzer.Event) {
		switch _, from := s.Unavailability(e); from {
		case Unknown:
			out.Unknown = append(out.Unknown, e)
		case Typical:
			out.Assumed = append(out.Assumed, e)
		}
	}
	for _, m := range tree.Modules {
		switch mod := s.Analysis.Module(m); {
		case mod.Kind == schema.External:
			add(analyzer.Event{Kind: analyzer.ExternalEvent, Module: m, Domain: -1})
		case mod.ReliableReplicas() > 0:
			add(analyzer.Event{Kind: analyzer.ReplicaEvent, Module: m, Replica: 1, Domain: -1})
		}
	}
	for _, d := range tree.Domains {
		add(analyzer.Event{Kind: analyzer.DomainEvent, Module: -1, Domain: d})
	}
	slices.SortFunc(out.Unknown, compareEvents)
	slices.SortFunc(out.Assumed, compareEvents)
}

// mostNamed is the largest number of replicas and domains that are told as contributors one by one. Where there are more,
// the replicas of one module are told together.
const mostNamed = 200

// namedNodes is enough to tell them one by one in designs that are not too entangled.
const namedNodes = 1 << 13

// contributors gives those of the single events, where they are not too many, else those of the parts of the folded tree.
func (s *System) contributors(t analyzer.Target, folded *analyzer.FoldedTree, m *faulttree.Model, unknown float64) (list []Contributor, further int) {
	single := len(folded.Domains)
	for _, i := range folded.Modules {
		single += s.Analysis.Module(i).ReliableReplicas()
	}
	var out []Contributor
	if single <= mostNamed {
		out = s.named(s.Tree(t, unknown))
	}
	if out == nil {
		out = s.parts(folded, m)
	}
	// On cycles there are parts that only fail with what already brings the target down.
	out = slices.DeleteFunc(out, func(c Contributor) bool { return c.Birnbaum <= 0 })
	if further = max(0, len(out)-MostContributors); further > 0 {
		out = likeliest(out)
	}
	slices.SortStableFunc(out, func(a, b Contributor) int {
		return cmp.Or(cmp.Compare(b.FussellVesely, a.FussellVesely), cmp.Compare(b.Birnbaum, a.Birnbaum), compareEvents(a.Event, b.Event))
	})
	return out, further
}

// likeliest keeps MostContributors of those with the largest Fussell-Vesely importance, the first of equal ones.
func likeliest(list []Contributor) []Contributor {
	if math.IsNaN(list[0].FussellVesely) { // and so are all
		return list[:MostContributors]
	}
	shares := make([]float64, len(list))
	for i := range list {
		shares[i] = list[i].FussellVesely
	}
	slices.Sort(shares)
	least := shares[len(shares)-MostContributors]
	room := MostContributors
	for i := range list {
		if list[i].FussellVesely > least {
			room--
		}
	}
	out := make([]Contributor, 0, MostContributors)
	for _, c := range list {
		if c.FussellVesely > least {
			out = append(out, c)
		} else if c.FussellVesely == least && room > 0 {
			room--
			out = append(out, c)
		}
	}
	return out
}

func (s *System) named(tree *analyzer.FaultTree) []Contributor {
	b := s.limits.budget()
	m, err := faulttree.NewWithin(tree.Tree, b)
	if err != nil {
		return nil
	}
	b.Nodes = min(namedNodes, cmp.Or(b.Nodes, namedNodes))
	list, _, ok := m.Importances(b)
	if !ok {
		return nil
	}
	out := make([]Contributor, len(list))
	for i, e := range tree.Of {
		out[i] = s.contributor(e, tree.Events[i].P, list[i])
	}
	return out
}

// parts gives the contributors of a folded tree. An event of the tree occurs when any of its parts does; what a part
// changes is what the event changes while no other part has occurred.
func (s *System) parts(tree *analyzer.FoldedTree, m *faulttree.Model) []Contributor {
	list, top, ok := m.Importances(s.limits.budget())
	if !ok {
		return nil
	}
	out := []Contributor{}
	for i, parts := range tree.Parts {
		for k, part := range parts {
			others := 1.0
			if part.P < 1 {
				others = (1 - tree.Events[i].P) / (1 - part.P)
			} else {
				for j := range parts {
					if j != k {
						others *= 1 - parts[j].P
					}
				}
			}
			importance := faulttree.ImportanceOf(top, part.P, list[i].Birnbaum*others)
			if faulttree.Cancels(importance) {
				without, ok := m.ProbabilityAt(i, 1-others, s.limits.budget())
				if !ok {
					return nil
				}
				importance.RiskReductionWorth = top / without
			}
			out = append(out, s.contributor(part.Event, part.P, importance))
		}
	}
	return out
}

func (s *System) contributor(e analyzer.Event, p float64, i faulttree.Importance) Contributor {
	_, from := s.Unavailability(e)
	return Contributor{e, p, from, i}
}

// compareEvents orders events by kind, then by name, then replicas by number.
func compareEvents(a, b analyzer.Event) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Module, b.Module), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Replica, b.Replica))
}
