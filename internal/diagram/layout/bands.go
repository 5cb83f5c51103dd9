package layout

import (
	"cmp"
	"math"
	"slices"

	"lintel/internal/diagram"
)

// bandsFor returns into how many bands, one above the other, frames are put that would lie side by side and make
// the drawing so much wider than ideal. Frames within frames stay as the engine puts them.
func (p *plan) bandsFor(excess float64) int {
	for i, g := range p.d.Groups {
		if g.Parent >= 0 && p.filled[i] {
			return 1
		}
	}
	return int(math.Round(math.Sqrt(excess)))
}

// framesTied reports whether all frames are in one piece of the drawing; pieces are put in their places afterwards.
func (p *plan) framesTied() bool {
	pieces := 0
	for _, piece := range p.components {
		if slices.ContainsFunc(piece, func(v int) bool { return p.d.Nodes[v].Group >= 0 }) {
			pieces++
		}
	}
	return pieces == 1
}

// frame is a piece that is to be put into a band.
type frame struct {
	piece, ranks int
	across       float64
}

// frames returns the pieces with their sizes, those first that would begin first.
func (f *folder) frames(pieces [][]int) []frame {
	var list []frame
	for k, piece := range pieces {
		if len(piece) == 0 {
			continue
		}
		wide := make([]float64, slices.Max(f.ranks[k])+1)
		for i, v := range piece {
			wide[f.ranks[k][i]] += f.across(v)
		}
		list = append(list, frame{k, len(wide), slices.Max(wide) + 2*groupGap})
	}
	slices.SortStableFunc(list, func(a, b frame) int { return cmp.Compare(f.top[a.piece], f.top[b.piece]) })
	return list
}

// ceiling stands for a node above all others.
const ceiling = -1

// stack puts pieces into bands of about the same width. Lines that aren't drawn hold the pieces of a band at the same
// height and below the band above; lines that lead upwards are turned, and those within a band rank nothing.
func (f *folder) stack(s *shape, pieces [][]int, bands int) {
	frames := f.frames(pieces)
	sum := 0.0
	for _, fr := range frames {
		sum += fr.across
	}
	band := slices.Repeat([]int{-1}, len(pieces))
	rows := make([][]frame, bands)
	gone := 0.0
	for _, fr := range frames {
		b := min(int((gone+fr.across/2)/sum*float64(bands)), bands-1)
		gone += fr.across
		band[fr.piece] = b
		rows[b] = append(rows[b], fr)
	}
	rows = slices.DeleteFunc(rows, func(row []frame) bool { return len(row) == 0 })
	first := func(fr frame) int {
		return pieces[fr.piece][slices.Index(f.ranks[fr.piece], slices.Min(f.ranks[fr.piece]))]
	}
	last := func(fr frame) int { return pieces[fr.piece][slices.Index(f.ranks[fr.piece], fr.ranks-1)] }
	lines := make([]int, len(pieces))
	for _, e := range f.p.d.Edges {
		if a, b := f.piece[e.From], f.piece[e.To]; a >= 0 && b >= 0 && band[a] != band[b] {
			lines[a]++
			lines[b]++
		}
	}
	weight := func(fr frame) int { return 10 + lines[fr.piece] }
	for b, row := range rows {
		for _, fr := range row {
			if b == 0 {
				s.stays = append(s.stays, stay{ceiling, first(fr), 1, weight(fr)})
				continue
			}
			longest := slices.MaxFunc(rows[b-1], func(x, y frame) int { return cmp.Compare(x.ranks, y.ranks) })
			s.stays = append(s.stays, stay{last(longest), first(fr), 1, weight(fr)})
		}
	}
	if s.turns == nil {
		s.turns = make([]bool, len(f.p.d.Edges))
	}
	s.free = make([]bool, len(f.p.d.Edges))
	for i, e := range f.p.d.Edges {
		a, b := f.piece[e.From], f.piece[e.To]
		switch {
		case a < 0 || b < 0 || a == b:
		case band[a] == band[b]:
			s.free[i] = true
		default:
			s.turns[i] = band[a] > band[b]
		}
	}
}

// foresee returns about how much wider than ideal the drawing becomes. The engine moves
// frames up and down to keep the lines between them short; those that then share ranks lie side by side.
func (f *folder) foresee(pieces [][]int) float64 {
	f.top = make([]float64, len(pieces))
	top := f.top
	pull, pulls := make([]float64, len(pieces)), make([]float64, len(pieces))
	rank := func(v int) float64 {
		if f.piece[v] < 0 {
			return 0
		}
		return float64(f.ranks[f.piece[v]][f.at[v]])
	}
	for range 12 {
		clear(pull)
		clear(pulls)
		for _, e := range f.p.d.Edges {
			a, b := f.piece[e.From], f.piece[e.To]
			if a == b || a < 0 || b < 0 {
				continue
			}
			want := top[a] + rank(e.From) + 1 - top[b] - rank(e.To)
			weight := 1.0
			if want > 0 {
				weight = 4 // it would lead upwards
			}
			pull[b] += want * weight
			pull[a] -= want * weight
			pulls[a] += weight
			pulls[b] += weight
		}
		for k := range pieces {
			if pulls[k] > 0 {
				top[k] += pull[k] / pulls[k] / 2
			}
		}
	}
	highest := math.Inf(1)
	for k, piece := range pieces {
		if len(piece) > 0 {
			highest = min(highest, top[k])
		}
	}
	if math.IsInf(highest, 1) {
		return 0
	}
	across, along := []float64{}, []float64{}
	for k, piece := range pieces {
		if len(piece) == 0 {
			continue
		}
		ranks := slices.Max(f.ranks[k]) + 1
		wide := make([]float64, ranks)
		first := int(math.Round(top[k] - highest))
		for len(across) < first+ranks {
			across, along = append(across, 0), append(along, 0)
		}
		for i, v := range piece {
			r := f.ranks[k][i]
			wide[r] += f.across(v)
			along[first+r] = max(along[first+r], f.along(v))
		}
		for r := range ranks {
			across[first+r] += slices.Max(wide) + 2*groupGap
		}
	}
	long := 0.0
	for r := range along {
		long += along[r] + f.gap
	}
	if f.p.d.Flow == diagram.FlowRight {
		return slices.Max(across) / long * idealAspect
	}
	return slices.Max(across) / long / idealAspect
}
