package pdf

import (
	"fmt"
	"math"
	"strings"

	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
)

// text writes one line and returns what it covers.
func (p *page) text(c *content, t *scene.Text, of *element) area {
	var covered area
	size := t.Style.Size
	if t.Ink == scene.None || !(size > 0 && size < farthest) || !(math.Abs(t.At.X) < farthest && math.Abs(t.At.Y) < farthest) {
		return covered
	}
	runs := typeset.Shape(t.String, t.Style)
	width := 0.0
	for _, r := range runs {
		width += r.Width
	}
	if len(runs) == 0 {
		return covered
	}
	left := t.At.X
	switch t.Anchor {
	case scene.Middle:
		left -= width / 2
	case scene.End:
		left -= width
	}
	covered.add(left, t.At.Y-typeset.Ascent(t.Style))
	covered.add(left+width, t.At.Y+typeset.Descent(t.Style))
	if !c.form {
		kind := "Span"
		if of == p.tree.document {
			kind = "P"
		}
		of = p.tree.add(p.file, of, kind)
	}
	p.mark(c, of)
	p.setFill(c, t.Ink)
	c.WriteString("BT\n")
	for _, r := range runs {
		p.run(c, r, left, t.At.Y)
	}
	c.WriteString("ET\n")
	return covered
}

// run writes the glyphs of a run, each where it belongs.
func (p *page) run(c *content, r typeset.Run, x, y float64) {
	f := p.fonts.of(r.Face)
	fmt.Fprintf(c, "/%s %s Tf\n", f.name, number(r.Size))
	var b strings.Builder
	open := false
	end := func() {
		if open {
			b.WriteString(">]TJ\n")
			open = false
		}
	}
	pen, base := math.Inf(1), 0.0
	for _, g := range r.Glyphs {
		if math.Abs(g.X-pen) > r.Size || g.Y != base {
			end()
		}
		if !open {
			fmt.Fprintf(&b, "1 0 0 -1 %sTm\n[<", numbers(x+g.X, y+g.Y))
			open, pen, base = true, g.X, g.Y
		} else if shift := (pen - g.X) / r.Size * 1000; math.Abs(shift) >= 1 {
			shift = math.Round(shift)
			fmt.Fprintf(&b, ">%s<", number(shift))
			pen -= shift * r.Size / 1000
		}
		fmt.Fprintf(&b, "%04X", f.number(g.ID, g.Text))
		pen += f.width(g.ID) * r.Size / 1000
	}
	end()
	c.WriteString(b.String())
}
