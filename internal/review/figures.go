package review

import (
	"cmp"
	"slices"

	"lintel/analyzer"
)

// figureKinds are the figures of a design as a whole, in the order in which they are told.
var figureKinds = [...]struct {
	id, name, unit string
	moreIs         Effect
	of             func(s *side) float64
}{
	{"modules", "modules", "", Neutral, func(s *side) float64 { return float64(s.a.Metrics().System.Modules) }},
	{"dependencies", "dependencies", "", Neutral, func(s *side) float64 { return float64(s.a.Metrics().System.Dependencies) }},
	{"journeys", "journeys", "", Neutral, func(s *side) float64 { return float64(len(s.a.Journeys())) }},
	{"singlePoints", "single points of failure", "", Weakens, func(s *side) float64 { return float64(len(s.points)) }},
	{"largestBlastRadius", "largest blast radius", "modules", Weakens, func(s *side) float64 {
		if down := s.a.ModuleFailures().Down; len(down) > 0 {
			return float64(slices.Max(down))
		}
		return 0
	}},
	{"meanBlastRadius", "mean blast radius", "modules", Weakens, func(s *side) float64 {
		sum, down := 0, s.a.ModuleFailures().Down
		for _, n := range down {
			sum += n
		}
		return float64(sum) / float64(max(len(down), 1))
	}},
	{"largestFanIn", "largest fan-in", "", Weakens, func(s *side) float64 {
		return float64(largest(s.a.Metrics().Modules, func(m *analyzer.ModuleMetrics) int { return m.Ca }))
	}},
	{"largestFanOut", "largest fan-out", "", Weakens, func(s *side) float64 {
		return float64(largest(s.a.Metrics().Modules, func(m *analyzer.ModuleMetrics) int { return m.Ce }))
	}},
	{"propagationCost", "propagation cost", "%", Weakens, func(s *side) float64 { return 100 * s.a.Metrics().System.PropagationCost }},
	{"nccd", "normalized cumulative component dependency (NCCD)", "", Weakens, func(s *side) float64 { return s.a.Metrics().System.NCCD }},
	{"cyclicality", "modules in cycles", "%", Weakens, func(s *side) float64 { return 100 * s.a.Metrics().System.Cyclicality }},
	{"mutualDependencies", "pairs that depend on each other", "", Weakens, func(s *side) float64 { return float64(s.a.Metrics().System.SIY) }},
}

func largest(list []analyzer.ModuleMetrics, of func(*analyzer.ModuleMetrics) int) int {
	n := 0
	for i := range list {
		n = max(n, of(&list[i]))
	}
	return n
}

// figures gives those of the whole design. Either side may be nil.
func figures(old, new *side) []Figure {
	out := make([]Figure, len(figureKinds))
	for i, k := range figureKinds {
		f := Figure{ID: k.id, Name: k.name, Unit: k.unit, MoreIs: k.moreIs, OldKnown: old != nil, NewKnown: new != nil}
		if old != nil {
			f.Old = k.of(old)
		}
		if new != nil {
			f.New = k.of(new)
		}
		out[i] = f
	}
	return out
}

// praiseNothing says of no figure about failures that it got better or worse: where a journey is gone, or down before
// anything fails, nothing takes it down any more, and what is down goes down with nothing.
func praiseNothing(list []Figure, down bool) {
	for i := range list {
		switch list[i].ID {
		case "singlePoints":
			list[i].MoreIs = Neutral
		case "largestBlastRadius", "meanBlastRadius":
			if down {
				list[i].MoreIs = Neutral
			}
		}
	}
}

// moduleFigures gives those of the modules for which they differ, where both sides are there.
func (m *match) moduleFigures(old, new *side) []ModuleFigures {
	var out []ModuleFigures
	for _, p := range m.modules {
		f := ModuleFigures{Name: p.any().Name, OldBlast: -1, NewBlast: -1, OldFanIn: -1, NewFanIn: -1, OldFanOut: -1, NewFanOut: -1, OldInstability: -1, NewInstability: -1}
		if p.old != nil {
			f.OldBlast, f.OldFanIn, f.OldFanOut, f.OldInstability = old.figuresOf(p.old.Name)
			if p.old.Name != f.Name {
				f.OldName = p.old.Name
			}
		}
		if p.new != nil {
			f.NewBlast, f.NewFanIn, f.NewFanOut, f.NewInstability = new.figuresOf(p.new.Name)
		}
		if f.OldBlast != f.NewBlast || f.OldFanIn != f.NewFanIn || f.OldFanOut != f.NewFanOut || f.OldInstability != f.NewInstability {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b ModuleFigures) int {
		return cmp.Or(cmp.Compare(b.growth(), a.growth()), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// growth is by how much the blast radius grew; what is not there takes nothing down.
func (f *ModuleFigures) growth() int { return max(f.NewBlast, 0) - max(f.OldBlast, 0) }

func (s *side) figuresOf(module string) (blast, fanIn, fanOut int, instability float64) {
	i, ok := s.a.ModuleIndex(module)
	if !ok {
		return -1, -1, -1, -1
	}
	m := &s.a.Metrics().Modules[i]
	return s.a.ModuleFailures().Down[i], m.Ca, m.Ce, m.Instability
}
