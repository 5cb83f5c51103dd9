package pdf

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
)

// page is the page in the making.
type page struct {
	file  *file
	theme scene.Theme
	fonts *fonts
	unit  float64 // points in a unit of the page (UserUnit)

	height float64 // in units of the scene
	forms  []object
	alphas []float64 // opacities in use
	links  []link
	tree   tree
}

// content is a stream of drawing operators.
type content struct {
	strings.Builder
	fill, stroke scene.Ink
	width        string
	dash         string
	marked       *element // whose content is open
	marking      bool
	form         bool // a part of the page, whose content can't be marked
}

// link is an area that leads to a place in the web.
type link struct {
	url, title string
	area       area
	element    *element
}

// area is an upright rectangle; the zero value is empty.
type area struct {
	box  layout.Box
	some bool
}

func (a *area) add(x, y float64) {
	if !a.some {
		a.box = layout.Box{Min: layout.Point{X: x, Y: y}, Max: layout.Point{X: x, Y: y}}
		a.some = true
	}
	a.box.Min = layout.Point{X: min(a.box.Min.X, x), Y: min(a.box.Min.Y, y)}
	a.box.Max = layout.Point{X: max(a.box.Max.X, x), Y: max(a.box.Max.Y, y)}
}

func (a *area) include(b area) {
	if b.some {
		a.add(b.box.Min.X, b.box.Min.Y)
		a.add(b.box.Max.X, b.box.Max.Y)
	}
}

func newContent() *content {
	return &content{fill: scene.None, stroke: scene.None}
}

func (p *page) write(s *scene.Scene) {
	f := p.file
	p.height = s.Height
	f.catalog = f.reserve()
	pages, this, body, resources := f.reserve(), f.reserve(), f.reserve(), f.reserve()
	p.tree.root = f.reserve()
	p.tree.document = p.tree.add(f, nil, "Document")

	c := newContent()
	k := pointsPerUnit / p.unit
	c.WriteString(fmt.Sprintf("%.6f 0 0 %.6f 0 %s cm\n1 J 1 j\n", k, -k, number(s.Height*k)))
	p.mark(c, nil)
	p.setFill(c, scene.Paper)
	c.WriteString(numbers(0, 0, s.Width, s.Height) + "re f\n")
	p.group(c, &s.Root, p.tree.document, resources)
	p.unmark(c)
	f.stream(body, "", []byte(c.String()))

	annotations := p.writeLinks(this, k)
	userUnit := ""
	if p.unit > 1 {
		userUnit = "/UserUnit " + number(p.unit)
	}
	f.put(this, fmt.Sprintf("<</Type/Page/Parent %v/MediaBox[0 0 %s]%s/Resources %v/Contents %v/Group<</S/Transparency/CS/DeviceRGB>>/StructParents 0/Tabs/S%s>>",
		pages, numbers(s.Width*k, s.Height*k), userUnit, resources, body, annotations))
	f.put(pages, fmt.Sprintf("<</Type/Pages/Kids[%v]/Count 1>>", this))
	f.put(resources, p.resources())
	p.tree.write(f, this)
	f.put(f.catalog, fmt.Sprintf("<</Type/Catalog/Pages %v/Lang(en)/MarkInfo<</Marked true>>/StructTreeRoot %v/ViewerPreferences<</DisplayDocTitle true>>>>",
		pages, p.tree.root))
	f.info = f.add(fmt.Sprintf("<</Title%s/Subject%s/Creator(lintel)>>", textString(s.Title), textString(s.Description)))
}

func (p *page) resources() string {
	var b strings.Builder
	b.WriteString("<</Font<<")
	for _, f := range p.fonts.list {
		fmt.Fprintf(&b, "/%s %v", f.name, f.write(p.file))
	}
	b.WriteString(">>/ExtGState<<")
	for i, a := range p.alphas {
		fmt.Fprintf(&b, "/G%d<</ca %s/CA %s>>", i, number(a), number(a))
	}
	b.WriteString(">>/XObject<<")
	for i, o := range p.forms {
		fmt.Fprintf(&b, "/X%d %v", i, o)
	}
	b.WriteString(">>>>")
	return b.String()
}

// group writes g as a part of the element and returns what it covers.
func (p *page) group(c *content, g *scene.Group, of *element, resources object) area {
	if (g.Title != "" || g.Description != "") && !c.form {
		of = p.tree.add(p.file, of, "Figure")
		of.alternative = strings.Trim(g.Title+". "+g.Description, ". ")
	}
	var covered area
	before := len(p.links)
	if g.Opacity > 0 && g.Opacity < 1 {
		covered = p.layer(c, g, of, resources)
	} else {
		covered = p.items(c, g, of, resources)
	}
	if address := address(g.URL); address != "" && covered.some && !c.form {
		l := link{url: address, title: g.Title, area: covered, element: p.tree.add(p.file, of, "Link")}
		p.links = slices.Insert(p.links, before, l) // beneath the links within it
	}
	return covered
}

func (p *page) items(c *content, g *scene.Group, of *element, resources object) area {
	var covered area
	for _, item := range g.Items {
		switch item := item.(type) {
		case *scene.Group:
			if item != nil {
				covered.include(p.group(c, item, of, resources))
			}
		case *scene.Path:
			if item != nil {
				covered.include(p.path(c, item, of))
			}
		case *scene.Text:
			if item != nil {
				covered.include(p.text(c, item, of))
			}
		}
	}
	return covered
}

// layer writes a group that is laid over the page as a whole.
func (p *page) layer(c *content, g *scene.Group, of *element, resources object) area {
	inner := newContent()
	inner.form = true
	covered := p.items(inner, g, of, resources)
	if !covered.some {
		return covered
	}
	form := p.file.reserve()
	box := covered.box
	p.file.stream(form, fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[%s]/Group<</S/Transparency/CS/DeviceRGB>>/Resources %v",
		numbers(box.Min.X-1, box.Min.Y-1, box.Max.X+1, box.Max.Y+1), resources), []byte(inner.String()))
	p.forms = append(p.forms, form)
	state := -1
	for i, a := range p.alphas {
		if a == g.Opacity {
			state = i
		}
	}
	if state < 0 {
		state = len(p.alphas)
		p.alphas = append(p.alphas, g.Opacity)
	}
	if of == p.tree.document {
		of = p.tree.add(p.file, of, "Figure")
		of.alternative = strings.Join(words(nil, g), "; ")
	}
	p.mark(c, of)
	fmt.Fprintf(c, "q /G%d gs [] 0 d /X%d Do Q\n", state, len(p.forms)-1)
	return covered
}

// words appends what a group says: the titles and texts in it.
func words(all []string, g *scene.Group) []string {
	for _, item := range g.Items {
		switch item := item.(type) {
		case *scene.Group:
			if item != nil && item.Title != "" {
				all = append(all, item.Title)
			} else if item != nil {
				all = words(all, item)
			}
		case *scene.Text:
			if item != nil {
				all = append(all, item.String)
			}
		}
	}
	return all
}

// address returns s where a reader may follow it, in ASCII, else "".
func address(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "mailto":
		var b strings.Builder
		for _, c := range []byte(u.String()) {
			if c <= ' ' || c > '~' {
				fmt.Fprintf(&b, "%%%02X", c)
			} else {
				b.WriteByte(c)
			}
		}
		return b.String()
	}
	return ""
}

// writeLinks writes the links and returns the page's entry for them.
func (p *page) writeLinks(this object, k float64) string {
	if len(p.links) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("/Annots[")
	for _, l := range p.links {
		box := l.area.box
		title := l.title
		if title == "" {
			title = l.url
		}
		rectangle := numbers(box.Min.X*k, (p.height-box.Max.Y)*k, box.Max.X*k, (p.height-box.Min.Y)*k)
		o := p.file.add(fmt.Sprintf("<</Type/Annot/Subtype/Link/Rect[%s]/Border[0 0 0]/F 4/Contents%s/StructParent %d/P %v/A<</S/URI/URI%s>>>>",
			rectangle, textString(title), p.tree.annotation(l.element), this, byteString(l.url)))
		l.element.annotation = o
		fmt.Fprintf(&b, "%v ", o)
	}
	return b.String() + "]"
}

func (p *page) setFill(c *content, ink scene.Ink) {
	if c.fill != ink {
		c.WriteString(p.rgb(ink) + "rg\n")
		c.fill = ink
	}
}

func (p *page) rgb(ink scene.Ink) string {
	v := p.theme.Color(ink)
	return numbers(float64(v.R)/255, float64(v.G)/255, float64(v.B)/255)
}

// path writes v and returns what it covers.
func (p *page) path(c *content, v *scene.Path, of *element) area {
	stroked := v.Stroke != scene.None && v.Width > 0 && v.Width < farthest
	filled := v.Fill != scene.None
	outline, covered := outline(v.Segments)
	if outline == "" || !filled && !stroked {
		return area{}
	}
	if of == p.tree.document {
		of = nil
	}
	p.mark(c, of)
	operator := "S\n"
	if filled {
		p.setFill(c, v.Fill)
		operator = "f\n"
	}
	if stroked {
		if c.stroke != v.Stroke {
			c.WriteString(p.rgb(v.Stroke) + "RG\n")
			c.stroke = v.Stroke
		}
		if width := number(v.Width); width != c.width {
			c.WriteString(width + " w\n")
			c.width = width
		}
		if dash := dash(v.Dash); dash != c.dash {
			c.WriteString("[" + dash + "] 0 d\n")
			c.dash = dash
		}
		if filled {
			operator = "B\n"
		}
		covered.add(covered.box.Min.X-v.Width/2, covered.box.Min.Y-v.Width/2)
		covered.add(covered.box.Max.X+v.Width/2, covered.box.Max.Y+v.Width/2)
	}
	c.WriteString(outline + operator)
	return covered
}

// dash returns the lengths of a dashed line; "" for a solid one, which SVG also draws where they make no sense.
func dash(lengths []float64) string {
	sum := 0.0
	for _, d := range lengths {
		if !(d >= 0) {
			return ""
		}
		sum += d
	}
	if !(sum > 0.01) || sum > farthest {
		return ""
	}
	return strings.TrimSpace(numbers(lengths...))
}

// outline returns the operators that make a path, and what it covers. Places that are no numbers are left out.
func outline(segments []scene.Segment) (string, area) {
	var b strings.Builder
	var covered area
	place := func(q layout.Point) bool {
		return math.Abs(q.X) <= farthest && math.Abs(q.Y) <= farthest
	}
	var last layout.Point
	begun, moved := false, false
	begin := func() {
		if !begun || moved {
			b.WriteString(numbers(last.X, last.Y) + "m ")
			covered.add(last.X, last.Y)
		}
		begun, moved = true, false
	}
	for _, s := range segments {
		if s.Op != scene.Close && !place(s.P) {
			continue
		}
		switch s.Op {
		case scene.Move:
			last, moved = s.P, true
			continue
		case scene.Line:
			begin()
			b.WriteString(numbers(s.P.X, s.P.Y) + "l ")
		case scene.Curve:
			begin()
			if place(s.C1) && place(s.C2) {
				b.WriteString(numbers(s.C1.X, s.C1.Y, s.C2.X, s.C2.Y, s.P.X, s.P.Y) + "c ")
				covered.add(s.C1.X, s.C1.Y)
				covered.add(s.C2.X, s.C2.Y)
			} else {
				b.WriteString(numbers(s.P.X, s.P.Y) + "l ")
			}
		case scene.Close:
			if begun && !moved {
				b.WriteString("h ")
			}
			continue
		}
		covered.add(s.P.X, s.P.Y)
		last = s.P
	}
	return b.String(), covered
}
