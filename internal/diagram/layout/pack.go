package layout

import (
	"cmp"
	"math"
	"slices"
)

// pack moves the pieces of the drawing, which nothing ties, into rows, so that the whole comes near the
// ideal aspect: the largest first, and what stands alone below.
func (p *plan) pack(l *Layout) {
	if len(p.components) < 2 {
		return
	}
	piece := make([]int, len(l.Nodes))
	boxes := make([]Box, len(p.components))
	for i, list := range p.components {
		boxes[i] = emptyBox()
		for _, v := range list {
			piece[v] = i
			boxes[i].include(l.Nodes[v].Min, l.Nodes[v].Max)
		}
	}
	// A group belongs to the piece of its nodes; one without nodes has no place.
	groupPiece := make([]int, len(l.Groups))
	for g := range groupPiece {
		groupPiece[g] = -1
	}
	for v, n := range p.d.Nodes {
		for g := n.Group; g >= 0; g = p.d.Groups[g].Parent {
			groupPiece[g] = piece[v]
		}
	}
	for g, b := range l.Groups {
		if groupPiece[g] >= 0 && b != (Box{}) {
			boxes[groupPiece[g]].include(b.Min, b.Max)
		}
	}
	for i, e := range p.d.Edges {
		boxes[piece[e.From]].include(l.Edges[i].Curve...)
	}

	order := make([]int, len(boxes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		// Nodes that stand alone go last, whatever their size; they make rows of the same height.
		alone := func(i int) int { return min(2, len(p.components[i])) }
		if c := cmp.Compare(alone(b), alone(a)); c != 0 {
			return c
		}
		return cmp.Compare(boxes[b].height(), boxes[a].height())
	})
	least := 0.0
	for _, b := range boxes {
		least = max(least, b.width())
	}
	best, score := []Point(nil), math.Inf(1)
	for width := least; ; width *= 1.08 {
		places, size := shelve(boxes, order, width)
		if s := math.Abs(math.Log(size.X/size.Y/idealAspect)) + 0.1*math.Log(size.X*size.Y); s < score {
			best, score = places, s
		}
		if size.X/size.Y > 2*idealAspect || width > 400*least {
			break
		}
	}
	by := make([]Point, len(boxes))
	for i, b := range boxes {
		by[i] = Point{best[i].X - b.Min.X, best[i].Y - b.Min.Y}
	}
	for v := range l.Nodes {
		l.Nodes[v].move(by[piece[v]])
	}
	for g := range l.Groups {
		if groupPiece[g] >= 0 && l.Groups[g] != (Box{}) {
			l.Groups[g].move(by[groupPiece[g]])
		}
	}
	for i, e := range p.d.Edges {
		for k := range l.Edges[i].Curve {
			l.Edges[i].Curve[k] = l.Edges[i].Curve[k].plus(by[piece[e.From]])
		}
	}
}

// shelve puts boxes into rows of at most the given width, and says how large the whole becomes.
func shelve(boxes []Box, order []int, width float64) (places []Point, size Point) {
	places = make([]Point, len(boxes))
	x, y, height := 0.0, 0.0, 0.0
	for _, i := range order {
		b := boxes[i]
		if x > 0 && x+b.width() > width+0.01 {
			x, y, height = 0, y+height+pieceGap, 0
		}
		places[i] = Point{x, y}
		size.X = max(size.X, x+b.width())
		x += b.width() + pieceGap
		height = max(height, b.height())
	}
	size.Y = y + height
	return places, size
}
