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

const indexSquare = 48.0

func squareOf(p layout.Point) [2]int32 {
	return [2]int32{int32(math.Floor(p.X / indexSquare)), int32(math.Floor(p.Y / indexSquare))}
}

// at returns the boxes that p lies in.
func (x boxIndex) at(p layout.Point) []layout.Box {
	var list []layout.Box
	for _, b := range x[squareOf(p)] {
		if p.X > b.Min.X && p.X < b.Max.X && p.Y > b.Min.Y && p.Y < b.Max.Y {
			list = append(list, b)
		}
	}
	return list
}
