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
	class := "f" + strconv.Itoa(int(p.Fill)) + " s" + strconv.Itoa(int(p.Stroke))
	// What the page paints otherwise while a node is faded: the tile that its icon stands on, and the icon.
	if strings.HasSuffix(p.Fill.String(), "-tile") {
		class += " tile"
	}
	if strings.HasSuffix(p.Fill.String(), "-icon") {
		class += " ifill"
	}
	if strings.HasSuffix(p.Stroke.String(), "-icon") {
		class += " iline"
	}
	m.WriteString("<path")
	m.attribute("class", class)
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
	m.segments(p.Segments)
	m.WriteString(`"/>`)
}

// segments writes a path in relative coordinates, in hundredths, which are shorter. What is rounded is the place, so
// that errors do not add up.
func (m *markup) segments(list []scene.Segment) {
	var x, y, startX, startY int64 // in hundredths
	to := func(px, py float64) [2]int64 { return [2]int64{hundredths(px) - x, hundredths(py) - y} }
	for _, s := range list {
		p := to(s.P.X, s.P.Y)
		switch s.Op {
		case scene.Move:
			m.command('m', p)
			startX, startY = x+p[0], y+p[1]
		case scene.Line:
			switch {
			case p[1] == 0:
				m.WriteByte('h')
				m.coordinate(p[0], true)
			case p[0] == 0:
				m.WriteByte('v')
				m.coordinate(p[1], true)
			default:
				m.command('l', p)
			}
		case scene.Curve:
			m.command('c', to(s.C1.X, s.C1.Y), to(s.C2.X, s.C2.Y), p)
		case scene.Close:
			m.WriteByte('z')
			x, y = startX, startY
			continue
		}
		x, y = x+p[0], y+p[1]
	}
}

func (m *markup) command(c byte, points ...[2]int64) {
	m.WriteByte(c)
	for i, p := range points {
		m.coordinate(p[0], i == 0)
		m.coordinate(p[1], false)
	}
}

// coordinate writes a number of hundredths, set off from the one before it, if there is one.
func (m *markup) coordinate(n int64, first bool) {
	if n >= 0 && !first {
		m.WriteByte(' ')
	}
	if n < 0 {
		m.WriteByte('-')
		n = -n
	}
	whole, rest := n/100, n%100
	if whole > 0 || rest == 0 {
		m.WriteString(strconv.FormatInt(whole, 10))
	}
	switch {
	case rest == 0:
	case rest%10 == 0:
		m.WriteString("." + strconv.FormatInt(rest/10, 10))
	case rest < 10:
		m.WriteString(".0" + strconv.FormatInt(rest, 10))
	default:
		m.WriteString("." + strconv.FormatInt(rest, 10))
	}
}

// hundredths rounds a length; one that is no number, or absurd, becomes 0.
func hundredths(f float64) int64 {
	if !(math.Abs(f) < 1e9) {
		return 0
	}
	return int64(math.Round(f * 100))
}

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
	if t.Angle != 0 {
		m.attribute("transform", "rotate("+decimal(t.Angle)+" "+decimal(t.At.X)+" "+decimal(t.At.Y)+")")
	}
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
