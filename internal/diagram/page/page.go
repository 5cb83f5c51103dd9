// Package page writes a design as one self-contained interactive HTML page.
package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
	"lintel/rules"
)

// Options says how the page starts.
type Options struct {
	Diagram diagram.Options
	// Theme is what the page starts with. With light, or none, it follows the reader's own preference;
	// the page offers all.
	Theme scene.Theme
}

// Write writes the page of the design that a analyses, with the findings in r. It contains every view
// that fits the design, its facts and a simulation of failures, and loads nothing from elsewhere.
//
// Journeys, failures and findings of the options are what the page starts with; their drawings are not
// narrowed to them.
func Write(ctx context.Context, w io.Writer, a *analyzer.Analysis, r *rules.Result, o Options, e layout.Engine) error {
	// What does not fit the design is refused here as it is for every other format.
	reduced, err := diagram.Build(a, r, o.Diagram)
	if err != nil {
		return err
	}
	first := string(reduced.View)
	list := wantedViews(a, o.Diagram)
	if !slices.ContainsFunc(list, func(w wanted) bool { return w.id == first }) {
		first = list[0].id // a journey, which the page shows in the drawing of all modules
		if i := slices.IndexFunc(list, func(w wanted) bool { return w.id == string(diagram.ViewModules) }); i >= 0 {
			first = list[i].id
		}
	}
	views, notes, err := draw(ctx, a, list, first, e)
	if err != nil {
		return err
	}
	d := newData(a, r, o.Diagram.Changes)
	d.Start = startData{Theme: "auto", View: first, Journey: o.Diagram.Journey, Marks: o.Diagram.Findings}
	if o.Theme.Name == "dark" || o.Theme.Name == "print" {
		d.Start.Theme = o.Theme.Name
	}
	var chosen analyzer.Scenario
	for _, f := range o.Diagram.Fail {
		chosen.Events = append(chosen.Events, f.Scenario.Events...)
		chosen.Modules = append(chosen.Modules, f.Scenario.Modules...)
	}
	d.Start.Fail = newScenario(chosen)
	for _, v := range views {
		d.Views = append(d.Views, v.data)
	}
	p := page{data: d, views: views, notes: notes, stamp: o.Diagram.Stamp, title: o.Diagram.Title}
	if p.title == "" {
		p.title = d.System
	}
	if err := p.write(); err != nil {
		return err
	}
	_, err = w.Write(p.out.Bytes())
	return err
}

// page is a page that is being written.
type page struct {
	out   bytes.Buffer
	data  *data
	views []*view
	notes []string
	title string
	stamp string
}

func (p *page) write() error {
	// encoding/json writes <, >, &, U+2028 and U+2029 as escapes, so that no name can end the element.
	facts, err := json.Marshal(p.data)
	if err != nil {
		return err
	}
	style := stylesheet() + p.fonts()
	script := program()
	policy := "default-src 'none'; script-src '" + hash(script) + "'; style-src '" + hash(style) + "'; font-src data:; img-src data:; " +
		"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	p.print(`<!DOCTYPE html>
<html lang="en" data-theme="`, escape(p.data.Start.Theme), `">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="`, escape(policy), `">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="lintel">
<title>`, escape(p.title), `</title>
<link rel="icon" href="data:,">
<style>`, style, `</style>
</head>
<body>
`)
	p.chrome()
	p.print(`<script type="application/json" id="design">`, string(facts), "</script>\n<script>", script, "</script>\n</body>\n</html>\n")
	return nil
}

func (p *page) print(parts ...string) {
	for _, s := range parts {
		p.out.WriteString(s)
	}
}

// hash is the name of an inline script or style in a Content-Security-Policy.
func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// fonts embeds what the drawings and the page's own words need.
func (p *page) fonts() string {
	var texts []typeset.StyledText
	for _, v := range p.views {
		texts = append(texts, v.texts...)
	}
	var ascii strings.Builder
	for r := ' '; r <= '~'; r++ {
		ascii.WriteRune(r)
	}
	for _, bold := range []bool{false, true} {
		texts = append(texts, typeset.StyledText{Text: ascii.String() + "·×…–“”", Style: typeset.Style{Size: 12, Bold: bold}})
		for _, m := range p.data.Modules {
			texts = append(texts, typeset.StyledText{Text: typeset.Clean(m.Name), Style: typeset.Style{Size: 12, Bold: bold}})
		}
	}
	var b strings.Builder
	for _, f := range typeset.WebFonts(texts) {
		fmt.Fprintf(&b, "@font-face{font-family:'%s';font-weight:%s;src:url(data:font/ttf;base64,%s)}\n", f.Family, f.Weight, base64.StdEncoding.EncodeToString(f.Data))
	}
	return b.String()
}
