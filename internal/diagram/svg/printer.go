package svg

import (
	"bufio"

	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
)

// printer writes the elements of a scene. The writer beneath keeps the first error.
type printer struct {
	out    *bufio.Writer
	prefix string
	color  func(scene.Ink) string
}

func (p *printer) raw(s string) { p.out.WriteString(s) }

func (p *printer) attribute(name, value string) {
	p.raw(" " + name + `="` + text(value) + `"`)
}

// group writes g; one that has nothing to say of itself leaves no element.
func (p *printer) group(g *scene.Group) {
	if len(g.Items) == 0 {
		return
	}
	bare := g.ID == "" && g.Class == "" && g.Title == "" && g.Description == "" && g.URL == "" && (g.Opacity == 0 || g.Opacity == 1)
	if !bare {
		p.raw("\n<g")
		if g.ID != "" {
			p.attribute("id", p.prefix+g.ID)
		}
		if g.Class != "" {
			p.attribute("class", g.Class)
		}
		if g.Opacity != 0 && g.Opacity != 1 {
			p.attribute("opacity", number(g.Opacity))
		}
		p.raw(">")
		if g.Title != "" {
			p.raw("<title>" + text(g.Title) + "</title>")
		}
		if g.Description != "" {
			p.raw("<desc>" + text(g.Description) + "</desc>")
		}
	}
	url := scene.SafeURL(g.URL)
	open := false
	for _, it := range g.Items {
		// Links within a link stand beside it.
		inner, ok := it.(*scene.Group)
		if own := ok && inner.URL != ""; url != "" && own == open {
			if open = !own; open {
				p.raw("<a")
				p.attribute("href", url)
				p.raw(` target="_blank" rel="noopener">`)
			} else {
				p.raw("</a>")
			}
		}
		switch it := it.(type) {
		case *scene.Group:
			p.group(it)
		case *scene.Path:
			p.path(it)
		case *scene.Text:
			p.text(it)
		}
	}
	if open {
		p.raw("</a>")
	}
	if !bare {
		p.raw("</g>")
	}
}

func (p *printer) path(v *scene.Path) {
	stroked := v.Stroke != scene.None && v.Width > 0
	if len(v.Segments) == 0 || v.Fill == scene.None && !stroked {
		return
	}
	p.raw(`<path d="` + pathData(v.Segments) + `"`)
	if v.Fill != scene.None {
		p.attribute("fill", p.color(v.Fill))
	}
	if stroked {
		p.attribute("stroke", p.color(v.Stroke))
		if v.Width != 1 {
			p.attribute("stroke-width", number(v.Width))
		}
		if len(v.Dash) > 0 {
			p.raw(` stroke-dasharray="`)
			for i, d := range v.Dash {
				if i > 0 {
					p.raw(" ")
				}
				p.raw(number(d))
			}
			p.raw(`"`)
		}
	}
	p.raw("/>")
}

// text writes one line. A line that is read from right to left starts at its right end for SVG, but anchors are
// meant as left and right.
func (p *printer) text(t *scene.Text) {
	s := typeset.Clean(t.String)
	if s == "" || t.Ink == scene.None {
		return
	}
	p.raw(`<text x="` + number(t.At.X) + `" y="` + number(t.At.Y) + `" font-size="` + number(t.Style.Size) + `"`)
	if t.Angle != 0 {
		p.raw(` transform="rotate(` + number(t.Angle) + " " + number(t.At.X) + " " + number(t.At.Y) + `)"`)
	}
	if t.Style.Bold {
		p.raw(` font-weight="600"`)
	}
	anchor := t.Anchor
	if typeset.RightToLeft(s) {
		p.raw(` direction="rtl" unicode-bidi="isolate"`)
		switch anchor {
		case scene.Start:
			anchor = scene.End
		case scene.End:
			anchor = scene.Start
		}
	}
	switch anchor {
	case scene.Middle:
		p.raw(` text-anchor="middle"`)
	case scene.End:
		p.raw(` text-anchor="end"`)
	}
	if spaced(s) {
		p.raw(` xml:space="preserve"`)
	}
	p.attribute("fill", p.color(t.Ink))
	p.raw(">" + text(s) + "</text>")
}

// spaced says whether s has spaces that XML's readers would drop.
func spaced(s string) bool {
	if s[0] == ' ' || s[len(s)-1] == ' ' {
		return true
	}
	for i := 1; i < len(s); i++ {
		if s[i] == ' ' && s[i-1] == ' ' {
			return true
		}
	}
	return false
}
