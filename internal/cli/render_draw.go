package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/page"
	"lintel/internal/diagram/pdf"
	"lintel/internal/diagram/raster"
	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/source"
	"lintel/internal/diagram/svg"
	"lintel/rules"
	"lintel/schema"
)

// drawing is a design as it is written, one text for each output, and what to tell about it.
type drawing struct {
	texts [][]byte
	notes []string
}

// draw makes the drawings of one design. Parts that several outputs need are made once.
func (o *renderOptions) draw(ctx context.Context, d *schema.Design, settings rules.Settings, targets []drawingOutput) (out drawing, err error) {
	a := analyzer.New(d)
	var found *rules.Result
	if o.wantsFindings() {
		found = rules.Run(a, settings, time.Now())
	}
	options := o.diagram
	if options.Fail, err = diagram.ParseFailures(a, o.fail...); err != nil {
		return out, err
	}
	for _, f := range options.Fail {
		if len(f.Scenario.Cuts) > 0 && slices.ContainsFunc(targets, func(t drawingOutput) bool { return t.format == "html" }) {
			return out, usagef("--fail: %s is a dependency, which the page can't fail", f.Name).hint("draw it in another format, such as svg, or ask lintel whatif")
		}
	}
	return o.drawFound(ctx, a, found, options, targets)
}

// drawFound makes the drawings of a design that was analyzed, with what was found in it, or nil.
func (o *renderOptions) drawFound(ctx context.Context, a *analyzer.Analysis, found *rules.Result, options diagram.Options, targets []drawingOutput) (out drawing, err error) {
	theme := themeOf(o.theme)
	var drawn *diagram.Diagram
	if slices.ContainsFunc(targets, func(t drawingOutput) bool { return t.format != "html" }) {
		if drawn, err = diagram.Build(a, found, options); err != nil {
			return out, err
		}
		if drawn.Reduced != "" {
			out.notes = append(out.notes, drawn.Reduced)
		}
	}
	var picture *scene.Scene
	var places *layout.Layout
	for _, t := range targets {
		var b bytes.Buffer
		switch t.format {
		case "svg", "png", "pdf", "json":
			if picture == nil {
				if picture, places, err = scene.Draw(ctx, drawn, o.engine); err != nil {
					return out, o.layoutError(err, drawn)
				}
				out.notes = append(out.notes, o.layoutNotes(drawn)...)
				if n, scripts := scene.Missing(picture); n > 0 {
					out.notes = append(out.notes, fmt.Sprintf("no font has all characters of %s: %d of them are drawn as boxes", strings.Join(scripts, ", "), n))
				}
			}
		}
		switch t.format {
		case "svg":
			err = svg.Write(&b, picture, theme)
		case "png":
			err = raster.Write(&b, picture, theme, o.scale)
		case "pdf":
			err = pdf.Write(&b, picture, theme)
		case "json":
			err = layout.JSON(&b, drawn, places)
		case "html":
			err = page.Write(ctx, &b, a, found, page.Options{Diagram: options, Theme: theme}, o.engine)
		case "dot":
			err = source.DOT(&b, drawn)
		case "mermaid":
			err = source.Mermaid(&b, drawn)
		case "d2":
			err = source.D2(&b, drawn)
		case "plantuml":
			err = source.PlantUML(&b, drawn)
		default:
			err = fmt.Errorf("no format %q", t.format)
		}
		if err != nil {
			return out, o.layoutError(err, drawn)
		}
		if drawn != nil {
			out.notes = append(out.notes, source.Warnings(t.format, drawn)...)
		}
		out.texts = append(out.texts, b.Bytes())
	}
	return out, nil
}

// needsEngine reports whether something will surely be laid out.
func (o *renderOptions) needsEngine() bool {
	return slices.ContainsFunc(o.outputs, func(t drawingOutput) bool {
		switch t.format {
		case "svg", "png", "pdf", "json":
			return o.diagram.View != diagram.ViewMatrix
		}
		return t.format == "html"
	})
}

// A drawing is dense above both of these.
const (
	denseLines = 150
	denseShare = 3 // lines for each box
)

// layoutNotes says what a laid-out drawing lacks.
func (o *renderOptions) layoutNotes(d *diagram.Diagram) (notes []string) {
	if len(d.Groups) > 0 && slices.Contains(frameless, o.engine.Layout) {
		notes = append(notes, fmt.Sprintf("--layout %s draws no frames; dot, fdp and osage do", o.engine.Layout))
	}
	if d.Flow == diagram.FlowRight && d.Matrix == nil && o.engine.Layout != "dot" {
		notes = append(notes, fmt.Sprintf("--flow is ignored: --layout %s has no direction, only dot has", o.engine.Layout))
	}
	boxes := 0
	for _, n := range d.Nodes {
		if n.Role != diagram.ChoiceNode {
			boxes++
		}
	}
	if lines := len(d.Edges); d.Matrix == nil && lines > denseLines && lines > denseShare*boxes {
		what, less := "modules", "--view overview, --view matrix, --focus or --journey"
		if d.View == diagram.ViewOverview {
			what, less = "boxes", "--view matrix, --focus or --journey"
		}
		notes = append(notes, fmt.Sprintf("%d lines between %d %s are dense; %s show less", lines, boxes, what, less))
	}
	return notes
}

// layoutError tells what helps against an error of the layout of d; nil for the views of a page.
func (o *renderOptions) layoutError(err error, d *diagram.Diagram) error {
	if late := (*layout.TimeoutError)(nil); errors.As(err, &late) {
		var try []string
		if d == nil || d.View != diagram.ViewOverview {
			try = append(try, "--view overview")
		}
		if len(o.diagram.Collapse) == 0 {
			try = append(try, "--collapse GROUP")
		}
		if len(o.diagram.Focus) == 0 && o.diagram.Journey == "" {
			try = append(try, "--focus MODULE")
		}
		others := slices.DeleteFunc([]string{"osage", "dot"}, func(l string) bool { return l == o.engine.Layout })
		try = append(try, "another --layout such as "+others[0], "a larger --layout-timeout")
		return usagef("laying out the drawing takes longer than %v", late.Limit).hint("try %s or %s", strings.Join(try[:len(try)-1], ", "), try[len(try)-1])
	}
	if missing := (*layout.MissingError)(nil); errors.As(err, &missing) {
		where := "on PATH"
		if missing.Looked != "" {
			where = "at " + missing.Looked + " nor on PATH"
		}
		return usagef("lintel-graphviz, the program that lays out drawings, is not %s", where).
			hint("`go install lintel/cmd/...` and `make build` put it beside lintel; the formats dot, mermaid, d2 and plantuml and --view matrix do without it")
	}
	return err
}

func themeOf(name string) scene.Theme {
	for _, t := range scene.Themes() {
		if t.Name == name {
			return t
		}
	}
	return scene.Theme{Name: name}
}

// drawingError words an error of drawing for the user, and names the design where there are several.
func drawingError(err error, d *schema.Design, several bool) error {
	err = optionError(err)
	if !several {
		return err
	}
	if u := (*usageError)(nil); errors.As(err, &u) {
		return &usageError{d.System + ": " + u.message, u.advice}
	}
	return fmt.Errorf("%s: %w", d.System, err)
}

// optionError gives an option that does not fit the design the form of other faults of the command line.
func optionError(err error) error {
	if e := (*diagram.OptionError)(nil); errors.As(err, &e) {
		return &usageError{"--" + e.Option + ": " + e.Detail, e.Hint}
	}
	return err
}
