package cli

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"time"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/source"
	"lintel/internal/review"
	"lintel/internal/review/format"
	"lintel/rules"
	"lintel/schema"
)

// diagramOutputs reads the values of --diagram.
func diagramOutputs(files []string) ([]drawingOutput, error) {
	if len(files) == 0 {
		return nil, nil
	}
	out, err := parseDrawingOutputs(files, "", false)
	if err != nil {
		return nil, asDiagram(err)
	}
	for _, o := range out {
		if o.file == "" {
			return nil, usagef("--diagram wants a file: stdout is for the report").hint("--diagram changes.svg")
		}
	}
	return out, nil
}

// asDiagram words what render says of -o for --diagram.
func asDiagram(err error) error {
	if u := (*usageError)(nil); errors.As(err, &u) {
		words := strings.NewReplacer("-o ", "--diagram ", "; or say it with --format", "", "try --view overview, --collapse GROUP, --focus MODULE, another --layout such as osage or a larger --layout-timeout", "lintel render draws parts of a design")
		return &usageError{words.Replace(u.message), words.Replace(u.advice)}
	}
	return err
}

// overlay is what both states of a design have, ready to be drawn.
type overlay struct {
	design  *schema.Design
	found   *rules.Result
	changes *diagram.Changes
}

// overlayOf puts both states of a design together.
func overlayOf(d *format.Design, title string) overlay {
	union, marks := d.Union()
	o := overlay{design: union, changes: &diagram.Changes{
		Title: title, Modules: changesOf(marks.Modules), Dependencies: changesOf(marks.Dependencies), FailureDomains: changesOf(marks.FailureDomains), Targets: changesOf(marks.Targets),
		Notes: marks.Notes, NewFindings: map[string]bool{},
	}}
	o.found = &rules.Result{Design: union, Analysis: analyzer.New(union)}
	for i := range d.Changes {
		if name := elsewhere(&d.Changes[i]); name != "" {
			o.changes.Elsewhere = append(o.changes.Elsewhere, name)
		}
	}
	for _, f := range d.Findings.New {
		o.changes.NewFindings[f.Fingerprint()] = true
		o.found.Findings = append(o.found.Findings, *f)
	}
	return o
}

// elsewhere names a change of what is neither a module nor a dependency nor a failure domain: "journey checkout (added)".
func elsewhere(c *review.Change) string {
	switch c.Kind {
	case review.OfModule, review.OfDependency, review.OfFailureDomain:
		return ""
	}
	return string(c.Kind) + " " + c.Name + " (" + string(c.Status) + ")"
}

func changesOf(marks map[string]review.Status) map[string]diagram.Change {
	out := make(map[string]diagram.Change, len(marks))
	for name, s := range marks {
		switch s {
		case review.Added:
			out[name] = diagram.WasAdded
		case review.Removed:
			out[name] = diagram.WasRemoved
		case review.Changed, review.Renamed:
			out[name] = diagram.WasChanged
		}
	}
	return out
}

func (o overlay) options(most int) diagram.Options {
	changes := *o.changes
	if len(o.design.Modules) > most {
		changes.Neighbourhood = 1
	}
	return diagram.Options{Flow: diagram.FlowDown, Findings: true, Changes: &changes}
}

// drawChanges draws the designs that differ, or the only one there is.
func (s *session) drawChanges(o reviewOptions, r *compared, p *progress) ([]written, error) {
	if len(o.diagrams) == 0 {
		return nil, nil
	}
	var overlays []overlay
	var designs []*schema.Design
	for _, d := range r.report.Designs {
		if len(r.report.Designs) > 1 && !d.Differs() {
			continue
		}
		one := overlayOf(d, r.report.Old.Name+" → "+r.report.New.Name)
		overlays, designs = append(overlays, one), append(designs, one.design)
	}
	if len(overlays) == 0 {
		if len(r.report.New.Errors) == 0 {
			r.report.Notes = append(r.report.Notes, "no design has changed: no diagram is drawn")
		}
		return nil, nil
	}
	draw := renderOptions{outputs: o.diagrams, theme: "light", scale: 2, engine: layout.Engine{Layout: "dot", Timeout: 30 * time.Second}}
	targets, err := draw.targets(designs)
	if err == nil {
		err = checkTargets(targets, r.inputs)
	}
	if err != nil {
		return nil, asDiagram(err)
	}
	p.phase("drawing", len(designs))
	done := s.interruptible()
	drawings := make([]drawing, len(designs))
	failures := make([]error, len(designs))
	eachOnAllCores(len(designs), func(i int) {
		one := overlays[i]
		drawings[i], failures[i] = draw.drawFound(s.ctx, one.found.Analysis, one.found, one.options(mostDrawn), targets[i])
		p.step()
	})
	done()
	for i, err := range failures {
		if err != nil {
			return nil, asDiagram(drawingError(err, designs[i], len(designs) > 1))
		}
	}
	var out []written
	for i, list := range targets {
		for k, t := range list {
			out = append(out, written{t.file, drawings[i].texts[k]})
		}
		for _, n := range drawings[i].notes {
			if n = designs[i].System + ": " + n; !slices.Contains(r.report.Notes, n) {
				r.report.Notes = append(r.report.Notes, n)
			}
		}
	}
	return out, nil
}

// mostDrawn is the number of modules up to which all of a design is drawn: in larger ones, changes are hard to find.
const mostDrawn = 40

// Limits of the diagrams in a comment.
const (
	mostInComment = 30 // modules up to which all of a design is drawn
	mostOverlays  = 20 // designs that are drawn: more hardly fit
)

// drawInComment gives the first designs that differ their diagrams for a comment.
func drawInComment(r *format.Report) {
	drawn := 0
	for _, d := range r.Designs {
		if !d.Differs() || drawn == mostOverlays {
			continue
		}
		one := overlayOf(d, r.Old.Name+" → "+r.New.Name)
		if len(one.changes.Modules)+len(one.changes.Dependencies)+len(one.changes.FailureDomains) == 0 {
			continue
		}
		drawn++
		d.Overlay = one.mermaid()
	}
}

// mermaid draws an overlay as code hosts take it, in less detail where it is large; "" where that is still too large.
func (o overlay) mermaid() string {
	options := o.options(mostInComment)
	for _, view := range []diagram.View{diagram.ViewModules, diagram.ViewOverview} {
		options.View = view
		drawn, err := diagram.Build(o.found.Analysis, o.found, options)
		if err != nil || len(source.Warnings("mermaid", drawn)) > 0 {
			continue
		}
		var b bytes.Buffer
		if source.Mermaid(&b, drawn) == nil {
			return b.String()
		}
	}
	return ""
}
