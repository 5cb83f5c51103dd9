package resilience

import "lintel/analyzer"

// Floor is what is certain about a target's failure, whatever is unknown.
type Floor struct {
	// Probability is that of failing with all that is unknown perfect; it fails with this probability at least. It is 0
	// where the limits were met.
	Probability float64
	Known       bool // the limits were not met
	Unknown     bool // something that takes part has an unknown availability
	Modules     int  // that take part
	Events      int  // their replicas, and failure domains
}

// Floor computes that of a target. Unlike Probability it does not estimate: it is for asking many targets, in time that is
// bounded by Limits.Nodes.
func (s *System) Floor(t analyzer.Target) (Floor, error) {
	tree := s.folded(t, 0, analyzer.Fold{})
	var parts Availability
	s.sources(&parts, tree)
	out := Floor{Unknown: len(parts.Unknown) > 0, Modules: len(tree.Modules), Events: len(tree.Domains)}
	for _, m := range tree.Modules {
		out.Events += s.Analysis.Module(m).ReliableReplicas()
	}
	m, err := s.model(tree.Tree)
	if err != nil {
		return out, err
	}
	// Of a loose tree, this is the lower bound.
	out.Probability, out.Known = m.Probability(s.limits.budget())
	return out, nil
}
