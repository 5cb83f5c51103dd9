package scene

import (
	"math"

	"lintel/internal/diagram/layout"
)

// boxIndex finds the boxes near a place, by squares of the sheet.
type boxIndex map[[2]int32][]layout.Box

func (x boxIndex) add(b layout.Box) {
	lo, hi := squareOf(b.Min), squareOf(b.Max)
	for i := lo[0]; i <= hi[0]; i++ {
		for j := lo[1]; j <= hi[1]; j++ {
			q := [2]int32{i, j}
			x[q] = append(x[q], b)
		}
	}
}

// free says whether b lies clear of all boxes.
func (x boxIndex) free(b layout.Box) bool {
	lo, hi := squareOf(b.Min), squareOf(b.Max)
	for i := lo[0]; i <= hi[0]; i++ {
		for j := lo[1]; j <= hi[1]; j++ {
			for _, t := range x[[2]int32{i, j}] {
				if overlap(t, b) {
					return false
				}
			}
		}
	}
	return true
}

// lineIndex finds the lines near a place. It holds points of the lines, by squares of the sheet.
type lineIndex map[[2]int32][]linePoint

type linePoint struct {
	edge int
	at   layout.Point
}

const indexSquare = 48.0

func squareOf(p layout.Point) [2]int32 {
	return [2]int32{int32(math.Floor(p.X / indexSquare)), int32(math.Floor(p.Y / indexSquare))}
}

func indexLines(ways []spline) lineIndex {
	x := lineIndex{}
	total := 0.0
	for _, w := range ways {
		if w != nil {
			total += w.length()
		}
	}
	step := max(5, total/500_000) // very many lines are looked at less closely
	for i, w := range ways {
		if w == nil {
			continue
		}
		points := w.samples()
		for k := 1; k < len(points); k++ {
			a, b := points[k-1], points[k]
			steps := int(min(distance(a, b)/step, 4000)) + 1
			for j := range steps {
				p := mix(a, b, float64(j)/float64(steps))
				q := squareOf(p)
				x[q] = append(x[q], linePoint{i, p})
			}
		}
	}
	return x
}

// crossing returns how many lines, edge's own left out, run through b.
func (x lineIndex) crossing(b layout.Box, edge int) int {
	lo, hi := squareOf(b.Min), squareOf(b.Max)
	var found []int
	for i := lo[0]; i <= hi[0]; i++ {
		for j := lo[1]; j <= hi[1]; j++ {
			for _, p := range x[[2]int32{i, j}] {
				if p.edge != edge && p.at.X > b.Min.X && p.at.X < b.Max.X && p.at.Y > b.Min.Y && p.at.Y < b.Max.Y && !contained(found, p.edge) {
					found = append(found, p.edge)
				}
			}
		}
	}
	return len(found)
}
