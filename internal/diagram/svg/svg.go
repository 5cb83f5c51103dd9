// Package svg writes a scene as SVG.
package svg

import (
	"bufio"
	"io"
	"strings"

	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
)

// Write writes s in the colours of t, with the glyphs that it needs embedded as fonts.
func Write(w io.Writer, s *scene.Scene, t scene.Theme) error {
	colors := make([]string, scene.Inks)
	for i := range colors {
		colors[i] = hex(t.Color(scene.Ink(i)))
	}
	out := bufio.NewWriter(w)
	p := &printer{out: out, color: func(i scene.Ink) string { return colors[i] }}
	p.raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	p.document(s, FontFaces(s))
	p.raw("\n")
	return out.Flush()
}

// Fragment writes s as one svg element to put into an HTML page, which has the rules of FontFaces in its style
// sheet. prefix, made of letters, digits and -, goes before every id, so that several pictures fit into one page.
// color gives each ink's colour in CSS, such as "var(--ink-paper)"; the styles of a page may not depend on the theme then.
func Fragment(w io.Writer, s *scene.Scene, prefix string, color func(scene.Ink) string) error {
	out := bufio.NewWriter(w)
	p := &printer{out: out, prefix: prefix, color: color}
	p.document(s, "")
	return out.Flush()
}

// FontFaces returns the @font-face rules that the texts of the scenes need, with the fonts in them.
func FontFaces(scenes ...*scene.Scene) string {
	var texts []typeset.StyledText
	for _, s := range scenes {
		texts = collect(texts, &s.Root)
	}
	return fontRules(typeset.WebFonts(texts))
}

func collect(texts []typeset.StyledText, g *scene.Group) []typeset.StyledText {
	for _, it := range g.Items {
		switch it := it.(type) {
		case *scene.Group:
			texts = collect(texts, it)
		case *scene.Text:
			texts = append(texts, typeset.StyledText{Text: it.String, Style: it.Style})
		}
	}
	return texts
}

// document writes the svg element. It names itself a document rather than an image: what an image contains,
// such as the titles of nodes and their links, is hidden from screen readers.
func (p *printer) document(s *scene.Scene, rules string) {
	p.raw(`<svg xmlns="http://www.w3.org/2000/svg" version="1.1" role="graphics-document document"`)
	p.attribute("aria-labelledby", strings.TrimSpace(p.prefix+"title "+p.prefix+"desc"))
	p.raw(` viewBox="0 0 ` + number(s.Width) + " " + number(s.Height) + `" width="` + number(s.Width) + `" height="` + number(s.Height) + `"`)
	p.attribute("font-family", typeset.Families())
	p.raw(` fill="none" stroke-linecap="round" stroke-linejoin="round" text-rendering="geometricPrecision">`)
	p.raw("<title")
	p.attribute("id", p.prefix+"title")
	p.raw(">" + text(s.Title) + "</title><desc")
	p.attribute("id", p.prefix+"desc")
	p.raw(">" + text(s.Description) + "</desc>")
	if rules != "" {
		p.raw("<style>" + rules + "</style>")
	}
	p.group(&s.Root)
	p.raw("\n</svg>")
}
