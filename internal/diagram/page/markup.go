package page

import (
	"html"
	"math"
	"strconv"
	"strings"

	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
)

// markup writes a scene's items as inline SVG. Inks are classes, so that the page's theme decides on the colours; ids
// get a prefix, since the page holds several drawings. Links are left out: in the page, a click on a
// module chooses it, and the panel beside has its links.
type markup struct {
	strings.Builder
	prefix string // of ids
	texts  []typeset.StyledText
}

func (m *markup) items(list []scene.Item) {
	for _, item := range list {
		switch item := item.(type) {
		case *scene.Group:
			m.group(item)
		case *scene.Path:
			m.path(item)
		case *scene.Text:
			m.text(item)
		}
	}
}

func (m *markup) group(g *scene.Group) {
	m.WriteString("<g")
	if g.ID != "" {
		m.attribute("id", m.prefix+g.ID)
	}
	if g.Class != "" {
		m.attribute("class", g.Class)
	}
	if g.Opacity > 0 && g.Opacity < 1 {
		m.attribute("opacity", decimal(g.Opacity))
	}
	m.WriteString(">")
	if g.Title != "" {
		m.WriteString("<title>" + escape(g.Title) + "</title>")
	}
	if g.Description != "" {
		m.WriteString("<desc>" + escape(g.Description) + "</desc>")
	}
	m.items(g.Items)
	m.WriteString("</g>")
}

func (m *markup) path(p *scene.Path) {
	m.WriteString(`<path class="f` + strconv.Itoa(int(p.Fill)) + ` s` + strconv.Itoa(int(p.Stroke)) + `"`)
	if p.Stroke != scene.None && p.Width != 1 {
		m.attribute("stroke-width", decimal(p.Width))
	}
	if len(p.Dash) > 0 && p.Stroke != scene.None {
		var dash []string
		for _, d := range p.Dash {
			dash = append(dash, decimal(d))
		}
		m.attribute("stroke-dasharray", strings.Join(dash, " "))
	}
	m.WriteString(` d="`)
	for _, s := range p.Segments {
		switch s.Op {
		case scene.Move:
			m.WriteString("M")
		case scene.Line:
			m.WriteString("L")
		case scene.Curve:
			m.WriteString("C")
			m.pair(s.C1.X, s.C1.Y)
			m.WriteString(" ")
			m.pair(s.C2.X, s.C2.Y)
			m.WriteString(" ")
		case scene.Close:
			m.WriteString("Z")
			continue
		}
		m.pair(s.P.X, s.P.Y)
	}
	m.WriteString(`"/>`)
}

func (m *markup) pair(x, y float64) { m.WriteString(decimal(x) + " " + decimal(y)) }

func (m *markup) text(t *scene.Text) {
	s := typeset.Clean(t.String)
	m.texts = append(m.texts, typeset.StyledText{Text: s, Style: t.Style})
	class := "f" + strconv.Itoa(int(t.Ink))
	if t.Style.Bold {
		class += " b"
	}
	m.WriteString("<text")
	m.attribute("class", class)
	m.attribute("x", decimal(t.At.X))
	m.attribute("y", decimal(t.At.Y))
	m.attribute("font-size", decimal(t.Style.Size))
	if a := [...]string{scene.Start: "", scene.Middle: "middle", scene.End: "end"}[t.Anchor]; a != "" {
		m.attribute("text-anchor", a)
	}
	m.WriteString(">" + escape(s) + "</text>")
}

func (m *markup) attribute(name, value string) {
	m.WriteString(" " + name + `="` + escape(value) + `"`)
}

// decimal writes a length with at most two decimals.
func decimal(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "0"
	}
	s := strconv.FormatFloat(f, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" || s == "" {
		return "0"
	}
	return s
}

// escape makes text safe in HTML, between tags and in quoted attributes. What HTML does not allow as text at all
// becomes a replacement character.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n':
			return r
		case r < 0x20, r >= 0x7f && r < 0xa0, r == 0xfffe, r == 0xffff:
			return 0xfffd
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return html.EscapeString(s)
}
