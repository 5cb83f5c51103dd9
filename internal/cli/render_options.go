package cli

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"time"

	urfave "github.com/urfave/cli/v2"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/rules"
	"lintel/schema"
)

// The values of render's flags. The first of each, where it is no name of its own, is the default.
var (
	views      = []string{"auto", "modules", "overview", "deployment", "journey", "matrix"}
	groupings  = []string{"auto", "group", "team", "layer", "zone", "region", "domain", "none"}
	flows      = []string{"down", "right"}
	directions = []string{"both", "up", "down"}
	rests      = []string{"drop", "fade"}
	themes     = []string{"light", "dark", "print"}
	layouts    = []string{"dot", "neato", "fdp", "sfdp", "circo", "twopi", "osage"}
)

// Bounds of --scale: below, text cannot be read; above, a picture of any size needs gigabytes.
const (
	minScale = 0.1
	maxScale = 10
)

// renderOptions are the flags of render, read.
type renderOptions struct {
	outputs []drawingOutput
	diagram diagram.Options
	fail    []string // as given; what they mean depends on the design
	theme   string
	scale   float64
	engine  layout.Engine
	config  string
	quiet   bool
	load    schema.LoadOptions
	paths   []string
}

func (s *session) readRenderOptions(c *urfave.Context) (o renderOptions, err error) {
	for _, f := range []struct {
		name    string
		choices []string
	}{
		{"view", views}, {"group-by", groupings}, {"flow", flows}, {"direction", directions}, {"rest", rests},
		{"theme", themes}, {"layout", layouts},
	} {
		if v := c.String(f.name); !slices.Contains(f.choices, v) {
			return o, badChoice("--"+f.name, v, f.choices)
		}
	}
	if o.outputs, err = parseDrawingOutputs(c.StringSlice("output"), c.String("format"), c.IsSet("format")); err != nil {
		return o, err
	}
	if err := s.refuseBinaryOnTerminal(o.outputs); err != nil {
		return o, err
	}
	d := &o.diagram
	d.View = diagram.View(unless(c.String("view"), "auto"))
	d.GroupBy = diagram.GroupBy(unless(c.String("group-by"), "auto"))
	d.Flow = diagram.Flow(c.String("flow"))
	d.Direction = diagram.Direction(unless(c.String("direction"), "both"))
	d.Rest = diagram.Rest(unless(c.String("rest"), "drop"))
	d.Title, d.Journey, d.Findings = c.String("title"), c.String("journey"), c.Bool("findings")
	d.Focus, d.Collapse = c.StringSlice("focus"), c.StringSlice("collapse")
	o.fail = c.StringSlice("fail")
	for _, name := range []string{"focus", "collapse", "fail"} {
		if slices.Contains(c.StringSlice(name), "") {
			return o, usagef("--%s names nothing", name).hint("leave it out, or check the variable that it came from")
		}
	}
	for _, name := range []string{"journey", "config"} {
		if c.IsSet(name) && c.String(name) == "" {
			return o, usagef("--%s names nothing", name).hint("leave it out, or check the variable that it came from")
		}
	}
	if d.Only, err = selectors("only", c.StringSlice("only")); err != nil {
		return o, err
	}
	if d.Hide, err = selectors("hide", c.StringSlice("hide")); err != nil {
		return o, err
	}
	if d.Depth, err = strconv.Atoi(c.String("depth")); err != nil || d.Depth < 1 {
		return o, usagef("--depth cannot be %q", c.String("depth")).hint("a whole number from 1 on")
	}
	if o.scale, err = strconv.ParseFloat(c.String("scale"), 64); err != nil || math.IsNaN(o.scale) || o.scale < minScale || o.scale > maxScale {
		return o, usagef("--scale cannot be %q", c.String("scale")).hint("a number from %g to %d, such as 2", minScale, maxScale)
	}
	timeout, err := time.ParseDuration(c.String("layout-timeout"))
	if err != nil || timeout <= 0 {
		return o, usagef("--layout-timeout cannot be %q", c.String("layout-timeout")).hint("a time with its unit, such as 30s or 2m")
	}
	o.engine = layout.Engine{Layout: c.String("layout"), Timeout: timeout}
	if c.Bool("stamp") {
		if d.Stamp, err = stamp(); err != nil {
			return o, err
		}
	}
	o.theme, o.config, o.quiet = c.String("theme"), c.String("config"), c.Bool("quiet")
	o.load = s.loadOptions(c.String("stdin-filename"))
	o.paths = pathsOf(c)
	if err := o.refuseUnused(c); err != nil {
		return o, err
	}
	return o, o.checkFrames()
}

// unless returns v, or "" where it is the word for what the drawing does by itself.
func unless(v, word string) string {
	if v == word {
		return ""
	}
	return v
}

func selectors(flag string, values []string) ([]diagram.Selector, error) {
	var out []diagram.Selector
	for _, v := range values {
		s, err := diagram.ParseSelector(flag, v)
		if err != nil {
			return nil, optionError(err)
		}
		out = append(out, s)
	}
	return out, nil
}

// stamp gives the day and lintel's version. A build that has to give the same bytes again sets SOURCE_DATE_EPOCH, see
// https://reproducible-builds.org/specs/source-date-epoch/.
func stamp() (string, error) {
	now := time.Now()
	if v := os.Getenv("SOURCE_DATE_EPOCH"); v != "" {
		seconds, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return "", fmt.Errorf("SOURCE_DATE_EPOCH cannot be %q: it counts the seconds since 1970", v)
		}
		now = time.Unix(seconds, 0).UTC()
	}
	return now.Format(time.DateOnly) + ", lintel " + versionOf().Version, nil
}

// wantsFindings reports whether the rules have to run.
func (o *renderOptions) wantsFindings() bool {
	return o.diagram.Findings || slices.ContainsFunc(o.outputs, func(d drawingOutput) bool { return d.format == "html" })
}

// settingsOf returns the settings of the rules for each design, or nothing where no rule runs. It also returns the faults
// in them.
func (o *renderOptions) settingsOf(designs []*schema.Design, files *settingsFiles) (list []rules.Settings, faults schema.Errors, err error) {
	list = make([]rules.Settings, len(designs))
	if !o.wantsFindings() {
		return list, nil, nil
	}
	for i, d := range designs {
		lint, err := files.of(d)
		if more, other := asFaults(err); other != nil {
			return nil, nil, other
		} else if err != nil {
			faults = append(faults, more...)
			continue
		}
		faults = append(faults, withSnippets(rules.CheckSettings(&d.Lint, lint), d.Sources)...)
		list[i].File = lint
	}
	return list, faults, nil
}
