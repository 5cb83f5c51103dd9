package resilience

import (
	"encoding/binary"
	"math"
	"slices"

	"lintel/analyzer"
	"lintel/analyzer/faulttree"
)

// System is a design with what is assumed about it. Its methods must not be called by several goroutines at once.
type System struct {
	Analysis *analyzer.Analysis

	assume Assumptions
	limits Limits
	trees  *analyzer.FaultTrees
	models map[string]cachedModel
}

// cachedModel is the model of a tree, and the tree that it was made of.
type cachedModel struct {
	tree  *faulttree.Tree
	model *faulttree.Model
}

// mostModels bounds the models that are kept.
const mostModels = 256

// model prepares a tree, or takes what was prepared for one of the same form: many journeys of a large design need the
// same modules in the end, but for a few, and their folded trees differ in probabilities alone.
func (s *System) model(t *faulttree.Tree) (*faulttree.Model, error) {
	key := form(t)
	if c, ok := s.models[key]; ok {
		for i := range c.tree.Events {
			c.tree.Events[i].P = t.Events[i].P // the model reads them there
		}
		return c.model, nil
	}
	own := *t
	own.Events = slices.Clone(t.Events)
	m, err := faulttree.New(&own)
	if err == nil && len(s.models) < mostModels {
		if s.models == nil {
			s.models = map[string]cachedModel{}
		}
		s.models[key] = cachedModel{&own, m}
	}
	return m, err
}

// form tells two trees apart that a model tells apart: by their gates, and by which events have equal probabilities.
func form(t *faulttree.Tree) string {
	key := binary.AppendVarint(nil, int64(t.Top))
	for i := range t.Gates {
		g := &t.Gates[i]
		key = append(key, byte(g.Op))
		key = binary.AppendVarint(key, int64(g.K))
		key = binary.AppendVarint(key, int64(len(g.In)))
		for _, in := range g.In {
			key = binary.AppendVarint(key, int64(in))
		}
	}
	first := map[uint64]int{}
	for i, e := range t.Events {
		bits := math.Float64bits(e.P)
		k, ok := first[bits]
		if !ok {
			k = i
			first[bits] = i
		}
		key = binary.AppendVarint(key, int64(k))
	}
	return string(key)
}

// New prepares the computation. The error tells of a design that is too large for it.
func New(a *analyzer.Analysis, assume Assumptions, limits Limits) (*System, error) {
	trees, err := a.FaultTrees()
	if err != nil {
		return nil, err
	}
	return &System{Analysis: a, assume: assume, limits: limits, trees: trees}, nil
}

// Tree is the fault tree of a target, each replica an event of its own. What is unknown has the probability unknown, which
// may be NaN.
func (s *System) Tree(t analyzer.Target, unknown float64) *analyzer.FaultTree {
	return s.trees.Of(t, s.or(unknown))
}

// folded is the tree by which the probability of a target is computed.
func (s *System) folded(t analyzer.Target, unknown float64, how analyzer.Fold) *analyzer.FoldedTree {
	return s.trees.Folded(t, s.or(unknown), how)
}

// or gives the unavailability of events, with a value for what is unknown.
func (s *System) or(unknown float64) func(analyzer.Event) float64 {
	return func(e analyzer.Event) float64 {
		if q, from := s.Unavailability(e); from != Unknown {
			return q
		}
		return unknown
	}
}
