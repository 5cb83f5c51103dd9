package layout

import (
	"math"
	"slices"
)

// Lines finds the lines near a place. It holds short pieces of them, by squares of the drawing. It
// is not for use by several goroutines at once.
type Lines struct {
	origin        Point
	side          float64 // of a square
	columns, rows int
	first         []int32 // by square: its first in pieces
	pieces        []linePiece
	seen          []int // by line: the last question that it was an answer to
	question      int
}

type linePiece struct {
	line, square int32
	a, b         Point
}

// NewLines returns an index of the curves, Bézier splines such as those of routes, by their numbers.
func NewLines(curves [][]Point) *Lines {
	whole := emptyBox()
	for _, c := range curves {
		whole.include(c...)
	}
	x := &Lines{origin: whole.Min, side: 48, seen: make([]int, len(curves))}
	if !(whole.width() >= 0) {
		return x
	}
	const mostSquares = 100_000
	x.side = max(x.side, math.Sqrt(whole.width()*whole.height()/mostSquares), max(whole.width(), whole.height())/mostSquares)
	x.columns, x.rows = int(whole.width()/x.side)+1, int(whole.height()/x.side)+1
	number := 0
	for _, c := range curves {
		for k := 0; k+3 < len(c); k += 3 {
			number += piecesOf(c[k], c[k+1], c[k+2], c[k+3])
		}
	}
	unsorted := make([]linePiece, 0, number+number*3/4) // some are in two squares
	for i, c := range curves {
		for k := 0; k+3 < len(c); k += 3 {
			unsorted = x.add(unsorted, int32(i), c[k], c[k+1], c[k+2], c[k+3])
		}
	}
	x.first = make([]int32, x.columns*x.rows+1)
	for _, p := range unsorted {
		x.first[p.square+1]++
	}
	for i := range x.columns * x.rows {
		x.first[i+1] += x.first[i]
	}
	x.pieces = make([]linePiece, len(unsorted))
	next := slices.Clone(x.first)
	for _, p := range unsorted {
		x.pieces[next[p.square]] = p
		next[p.square]++
	}
	return x
}

// add cuts a curve into pieces so short that none crosses more than two squares but at their corners.
func (x *Lines) add(list []linePiece, line int32, a, b, c, d Point) []linePiece {
	n := piecesOf(a, b, c, d)
	from, start := a, x.squareOf(a)
	for k := 1; k <= n; k++ {
		to := cubic(a, b, c, d, float64(k)/float64(n))
		end := x.squareOf(to)
		list = append(list, linePiece{line, start, from, to})
		if end != start {
			list = append(list, linePiece{line, end, from, to})
		}
		from, start = to, end
	}
	return list
}

func piecesOf(a, b, c, d Point) int {
	return 1 + int(min(1000, (dist(a, b)+dist(b, c)+dist(c, d))/20))
}

func (x *Lines) squareOf(p Point) int32 {
	column, row := x.at(p)
	return int32(row*x.columns + column)
}

// at returns the square of p, or the one nearest to it.
func (x *Lines) at(p Point) (column, row int) {
	within := func(f float64, n int) int { return int(max(0, min(f/x.side, float64(n-1)))) }
	return within(p.X-x.origin.X, x.columns), within(p.Y-x.origin.Y, x.rows)
}

// Crossing returns how many lines other than the given one run through b; it counts to enough and no further.
func (x *Lines) Crossing(b Box, except, enough int) int {
	if len(x.pieces) == 0 {
		return 0
	}
	x.question++
	n := 0
	left, top := x.at(b.Min)
	right, bottom := x.at(b.Max)
	for row := top; row <= bottom; row++ {
		for column := left; column <= right; column++ {
			square := row*x.columns + column
			for i := x.first[square]; i < x.first[square+1]; i++ {
				piece := &x.pieces[i]
				if int(piece.line) != except && x.seen[piece.line] != x.question && b.cut(piece.a, piece.b) {
					x.seen[piece.line] = x.question
					if n++; n >= enough {
						return n
					}
				}
			}
		}
	}
	return n
}

// cut reports whether some of the straight line from p to q is within b.
func (b Box) cut(p, q Point) bool {
	from, to := 0.0, 1.0
	// Source: Y.-D. Liang and B. A. Barsky, A new concept and method for line clipping, ACM Transactions on Graphics 3 (1984).
	clip := func(start, way, low, high float64) bool {
		if way == 0 {
			return start > low && start < high
		}
		s, t := (low-start)/way, (high-start)/way
		from, to = max(from, min(s, t)), min(to, max(s, t))
		return from < to
	}
	return clip(p.X, q.X-p.X, b.Min.X, b.Max.X) && clip(p.Y, q.Y-p.Y, b.Min.Y, b.Max.Y)
}
