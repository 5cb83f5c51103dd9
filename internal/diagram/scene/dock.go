package scene

import (
	"cmp"
	"math"
	"slices"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/schema"
)

// Lengths of the ends of lines.
const (
	dockGap    = 11.0  // between the ends of lines on one side of a node
	pairGap    = 12.0  // between the strokes of lines that join the same two nodes
	dockCorner = 14.0  // from an end to a corner: the corner's radius and some more
	dockReach  = 44.0  // of the last part of a line, in which it turns towards its end
	shortLine  = 130.0 // up to which a line is one bend from end to end
	loopReach  = 36.0  // of the bend of a line back to its node
)

// side is one side of a node, by the direction in which it is left.
type side struct{ x, y float64 }

// along is the coordinate of p on the side, off its distance from b's.
func (s side) along(p layout.Point) float64 {
	if s.y != 0 {
		return p.X
	}
	return p.Y
}

func (s side) off(b layout.Box, p layout.Point) float64 {
	switch {
	case s.y < 0:
		return b.Min.Y - p.Y
	case s.y > 0:
		return p.Y - b.Max.Y
	case s.x < 0:
		return b.Min.X - p.X
	}
	return p.X - b.Max.X
}

// away returns the point that is d before p, for one who stands off the side.
func (s side) away(p layout.Point, d float64) layout.Point { return pt(p.X+s.x*d, p.Y+s.y*d) }

var (
	upwards   = side{0, -1}
	downwards = side{0, 1}
	leftwards = side{-1, 0}
	rightward = side{1, 0}
)

// dock is one end of a line at a node.
type dock struct {
	edge   int
	head   bool // the end of the line, not its start
	node   int
	side   side
	key    float64      // by which the ends on a side are ordered: where the line would be somewhat away from it
	wish   float64      // the place on the side that suits the line
	width  float64      // of the stroke
	other  int          // the node at the other end
	at     layout.Point // on the outline
	arrive float64      // length of the part of the line that turns towards it
}

// body is the box of the outlines of a node.
func (p *picture) body(node int) layout.Box {
	c := &p.cards[node]
	b := c.front(p.lay.Nodes[node])
	off := float64(c.stack) * stackStep
	b.Max.X, b.Max.Y = b.Max.X+off, b.Max.Y+off
	return b
}

// dockLines has lines end on the outlines of their nodes, side by side, and arrive there upright.
func (p *picture) dockLines(ways []spline) {
	var docks []dock
	for i, w := range ways {
		if w == nil {
			continue
		}
		e := p.d.Edges[i]
		width := strokeOf(p.d, e).width
		docks = append(docks, p.dockOf(w.reversed(), dock{edge: i, node: e.From, other: e.To, width: width}),
			p.dockOf(w, dock{edge: i, head: true, node: e.To, other: e.From, width: width}))
	}
	slices.SortFunc(docks, func(a, b dock) int {
		return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.side.x, b.side.x), cmp.Compare(a.side.y, b.side.y),
			cmp.Compare(a.key, b.key), cmp.Compare(a.wish, b.wish), cmp.Compare(a.edge, b.edge), compareBool(a.head, b.head))
	})
	for i := 0; i < len(docks); {
		j := i + 1
		for j < len(docks) && docks[j].node == docks[i].node && docks[j].side == docks[i].side {
			j++
		}
		p.spread(docks[i:j])
		i = j
	}
	starts := make([]dock, len(ways))
	for _, d := range docks {
		if !d.head {
			starts[d.edge] = d
		}
	}
	for _, d := range docks {
		if !d.head {
			continue
		}
		from, w := starts[d.edge], ways[d.edge]
		switch {
		case d.node == d.other:
			w = loop(from, d)
		case w.reach() < shortLine:
			l := 0.42 * distance(from.at, d.at)
			w = spline{from.at, from.side.away(from.at, l), d.side.away(d.at, l), d.at}
		default:
			whole := w
			w = whole.docked(d).reversed().docked(from).reversed()
			if p.hits(w, d.node, d.other) > 0 { // by cutting a bend short
				d.arrive, from.arrive = min(d.arrive, 18), min(from.arrive, 18)
				if closer := whole.docked(d).reversed().docked(from).reversed(); p.hits(closer, d.node, d.other) < p.hits(w, d.node, d.other) {
					w = closer
				}
			}
		}
		if d.node != d.other {
			w = w.ended(p.silhouette(d.node), p.lay.Nodes[d.node]).reversed()
			w = w.ended(p.silhouette(from.node), p.lay.Nodes[from.node]).reversed()
		}
		ways[d.edge] = w
	}
}

// loop is the line of a node to itself.
func loop(from, to dock) spline {
	a, b := from.side.away(from.at, loopReach), to.side.away(to.at, loopReach)
	wide := max(0, (26-distance(a, b))/2)
	l := max(distance(from.at, to.at), 0.01)
	by := pt((to.at.X-from.at.X)/l*wide, (to.at.Y-from.at.Y)/l*wide)
	return spline{from.at, pt(a.X-by.X, a.Y-by.Y), pt(b.X+by.X, b.Y+by.Y), to.at}
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// dockOf finds the side of its node at which a line ends.
func (p *picture) dockOf(w spline, d dock) dock {
	b := p.body(d.node)
	end := w[len(w)-1]
	length := w.reach()
	d.arrive = 0.42 * length
	from := w.before(min(44, d.arrive))
	if d.node == d.other {
		from = w.even(3)[1]
	}
	sides := []side{upwards, downwards, leftwards, rightward}
	if p.d.Flow == diagram.FlowRight {
		sides = []side{leftwards, rightward, upwards, downwards}
	}
	k := slices.IndexFunc(sides, func(s side) bool { return s.off(b, from) > 1 })
	if k < 0 {
		k = 0
		for i, s := range sides {
			if s.off(b, end) > sides[k].off(b, end) {
				k = i
			}
		}
	}
	d.side = sides[k]
	// Where the line is, or would be if it went on like this, 24 units from the side.
	at := d.side.along(end)
	d.key = at
	if off := d.side.off(b, from); off > 0 {
		d.key = at + (d.side.along(from)-at)*24/max(off, 4)
	}
	d.wish = at + max(-60, min(60, 0.3*(d.key-at)))
	return d
}

// before returns the point that is d before the end, as the crow flies.
func (s spline) before(d float64) layout.Point {
	short := s.shortened(d)
	return short[len(short)-1]
}

// room returns from where to where on a side lines may end.
func (p *picture) room(node int, s side) (lo, hi float64) {
	c := &p.cards[node]
	b := p.body(node)
	lo, hi = b.Min.X, b.Max.X
	if s.x != 0 {
		lo, hi = b.Min.Y, b.Max.Y
	}
	corner := dockCorner
	switch {
	case c.node.Role == diagram.ChoiceNode:
		corner = 0.34 * (hi - lo)
	case s.y != 0 && (c.form.left > 6 || c.form.right > 8):
		corner = 20
	case c.node.Kind == schema.External:
		corner = 18
	}
	if s.y < 0 {
		hi -= float64(c.stack) * stackStep
	}
	lo, hi = lo+corner, hi-corner
	if c.node.Entry && c.node.Role != diagram.ChoiceNode {
		f := c.front(p.lay.Nodes[node])
		switch {
		case s.y < 0 && c.flow != diagram.FlowRight:
			lo = f.Min.X + entryInset + dockGap
		case s.x < 0 && c.flow == diagram.FlowRight:
			hi = f.Min.Y + 0.7*height(f) - dockGap
		}
	}
	if hi < lo {
		lo, hi = (lo+hi)/2, (lo+hi)/2
	}
	return lo, hi
}

// spread gives the ends on one side, in order, places that are apart, each as near as can be to where it would be.
func (p *picture) spread(docks []dock) {
	lo, hi := p.room(docks[0].node, docks[0].side)
	before := make([]float64, len(docks)) // the least distance from the first
	for i := 1; i < len(docks); i++ {
		gap := dockGap
		if a, b := docks[i-1], docks[i]; a.other == b.other {
			gap = pairGap + max(a.width, b.width)
		}
		before[i] = before[i-1] + gap
	}
	if total := before[len(before)-1]; total > hi-lo {
		for i := range before {
			before[i] *= (hi - lo) / total
		}
	}
	// Runs of ends that push each other, by their mean. (Pool adjacent violators.)
	type run struct {
		sum float64
		n   int
	}
	var runs []run
	for i, d := range docks {
		runs = append(runs, run{d.wish - before[i], 1})
		for len(runs) > 1 {
			a, b := runs[len(runs)-2], runs[len(runs)-1]
			if a.sum/float64(a.n) <= b.sum/float64(b.n) {
				break
			}
			runs = append(runs[:len(runs)-2], run{a.sum + b.sum, a.n + b.n})
		}
	}
	i := 0
	for _, r := range runs {
		for range r.n {
			at := max(lo, min(hi-before[len(before)-1], r.sum/float64(r.n))) + before[i]
			docks[i].at = p.surface(docks[i].node, docks[i].side, at)
			docks[i].arrive = min(docks[i].arrive, dockReach+0.6*math.Abs(at-docks[i].wish))
			i++
		}
	}
}

// surface returns the point of a node's outline that is seen first from a side, at a coordinate along it.
func (p *picture) surface(node int, s side, at float64) layout.Point {
	b := p.body(node)
	c := center(b)
	middle := s.along(c)
	for range 8 {
		best, found := c, false
		for _, o := range p.silhouette(node) {
			for _, poly := range o {
				for i, u := range poly {
					v := poly[(i+1)%len(poly)]
					x, y := s.along(u), s.along(v)
					if (x > at) == (y > at) {
						continue
					}
					if q := mix(u, v, (at-x)/(y-x)); !found || s.off(b, q) > s.off(b, best) {
						best, found = q, true
					}
				}
			}
		}
		if found {
			return best
		}
		at += (middle - at) / 4
	}
	return c
}

// docked returns the spline with another end.
func (s spline) docked(d dock) spline {
	rest := s.shortened(d.arrive)
	from, h := rest[len(rest)-1], rest.heading()
	l := distance(from, d.at)
	if l < 0.5 {
		return s
	}
	a := pt(from.X+h.X*0.35*l, from.Y+h.Y*0.35*l)
	return append(slices.Clip(rest), a, d.side.away(d.at, 0.45*l), d.at)
}

// ended returns the spline up to where it enters one of the outlines, all of which lie within b.
func (s spline) ended(outlines [][][]layout.Point, b layout.Box) spline {
	const steps = 16
	for i := 0; i+3 < len(s); i += 3 {
		for k := 1; k <= steps; k++ {
			p := cubic(s[i], s[i+1], s[i+2], s[i+3], float64(k)/steps)
			if p.X < b.Min.X || p.X > b.Max.X || p.Y < b.Min.Y || p.Y > b.Max.Y || !inside(outlines, p) {
				continue
			}
			out, in := float64(k-1)/steps, float64(k)/steps
			for range 20 {
				if t := (out + in) / 2; inside(outlines, cubic(s[i], s[i+1], s[i+2], s[i+3], t)) {
					in = t
				} else {
					out = t
				}
			}
			q := split(s[i], s[i+1], s[i+2], s[i+3], in)
			return append(slices.Clone(s[:i+1]), q[1], q[2], q[3])
		}
	}
	return s
}

// inside says whether p is within one of the outlines.
func inside(outlines [][][]layout.Point, p layout.Point) bool {
	for _, o := range outlines {
		if contains(o, p) {
			return true
		}
	}
	return false
}
