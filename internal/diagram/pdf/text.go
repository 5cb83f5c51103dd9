package pdf

import (
	"fmt"
	"math"

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
	sin, cos := math.Sincos(t.Angle * math.Pi / 180)
	for _, x := range []float64{left, left + width} {
		for _, y := range []float64{t.At.Y - typeset.Ascent(t.Style), t.At.Y + typeset.Descent(t.Style)} {
			dx, dy := x-t.At.X, y-t.At.Y
			covered.add(t.At.X+dx*cos-dy*sin, t.At.Y+dx*sin+dy*cos)
		}
	}
	if !c.form {
		kind := "Span"
		if of == p.tree.document {
			kind = "P"
		}
		of = p.tree.add(p.file, of, kind)
	}
	p.mark(c, of)
	p.setFill(c, t.Ink)
	if t.Angle != 0 {
		fmt.Fprintf(c, "q %.6f %.6f %.6f %.6f %scm\n", cos, sin, -sin, cos, numbers(t.At.X-t.At.X*cos+t.At.Y*sin, t.At.Y-t.At.X*sin-t.At.Y*cos))
	}
	c.WriteString("BT\n")
	for _, r := range runs {
		p.run(c, r, left, t.At.Y)
	}
	c.WriteString("ET\n")
	if t.Angle != 0 {
		c.WriteString("Q\n")
	}
	return covered
}

// run writes the glyphs of a run, each where it belongs: first those that stand for the text, without a break
// between them, so that readers see whole words, then the marks and dots upon them.
func (p *page) run(c *content, r typeset.Run, x, y float64) {
	f := p.fonts.of(r.Face)
	fmt.Fprintf(c, "/%s %s Tf\n", f.name, number(r.Size))
	bases, marks := parts(r.Glyphs)
	p.glyphs(c, f, r.Size, bases, x, y)
	p.glyphs(c, f, r.Size, marks, x, y)
}

// parts tells the glyphs that stand for something from those that only complete them: of a group of glyphs with one text
// that is the widest.
func parts(glyphs []typeset.Glyph) (bases, marks []typeset.Glyph) {
	for i := 0; i < len(glyphs); {
		end := i + 1
		for end < len(glyphs) && glyphs[end].Text == "" {
			end++
		}
		widest := i
		for k := i; k < end; k++ {
			if glyphs[k].Advance > glyphs[widest].Advance {
				widest = k
			}
		}
		for k := i; k < end; k++ {
			g := glyphs[k]
			g.Text = ""
			if k == widest {
				g.Text = glyphs[i].Text
				bases = append(bases, g)
			} else {
				marks = append(marks, g)
			}
		}
		i = end
	}
	return bases, marks
}

func (p *page) glyphs(c *content, f *font, size float64, glyphs []typeset.Glyph, x, y float64) {
	open := false
	end := func() {
		if open {
			c.WriteString(">]TJ\n")
			open = false
		}
	}
	pen, base := 0.0, 0.0
	for _, g := range glyphs {
		if math.Abs(g.X-pen) > size || g.Y != base {
			end()
		}
		if !open {
			fmt.Fprintf(c, "1 0 0 -1 %sTm\n[<", numbers(x+g.X, y+g.Y))
			open, pen, base = true, g.X, g.Y
		} else if shift := math.Round((pen - g.X) / size * 1000); shift != 0 {
			fmt.Fprintf(c, ">%s<", number(shift))
			pen -= shift * size / 1000
		}
		fmt.Fprintf(c, "%04X", f.number(g.ID, g.Text))
		pen += f.width(g.ID) * size / 1000
	}
	end()
}
