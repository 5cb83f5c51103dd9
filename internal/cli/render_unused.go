package cli

import (
	"slices"

	urfave "github.com/urfave/cli/v2"

	"lintel/internal/diagram"
)

// Formats by what they take from the command line.
var (
	coloured  = []string{"svg", "png", "pdf", "html"}
	pictures  = []string{"svg", "png", "pdf", "json"} // of one layout
	frameless = []string{"neato", "sfdp", "circo", "twopi"}
)

func (o *renderOptions) writes(formats ...string) bool {
	return slices.ContainsFunc(o.outputs, func(d drawingOutput) bool { return slices.Contains(formats, d.format) })
}

// laysOut reports whether the layout engine has something to do: a page holds views of every kind, a matrix needs none.
func (o *renderOptions) laysOut() bool {
	return o.writes("html") || o.diagram.View != diagram.ViewMatrix && o.writes(pictures...)
}

// refuseUnused fails where a flag would change nothing, which is hardly what its user wants.
func (o *renderOptions) refuseUnused(c *urfave.Context) error {
	d := &o.diagram
	for _, f := range []struct {
		names []string
		used  bool
		with  string // what the flag goes with
		help  string
	}{
		{[]string{"depth", "direction"}, len(d.Focus) > 0, "--focus", "name a module: --focus MODULE"},
		{[]string{"rest"}, len(d.Focus) > 0 || d.Journey != "" || d.View == diagram.ViewJourney, "--journey and --focus", "name one: --journey NAME or --focus MODULE"},
		{[]string{"config"}, o.wantsFindings(), "--findings and the format html", "add --findings"},
		{[]string{"stdin-filename"}, slices.Contains(o.paths, "-"), "the path -", "lintel render - reads the design from stdin"},
		{[]string{"scale"}, o.writes("png"), "the format png", "the other formats are sharp at every size; for a PNG: -o diagram.png"},
		{[]string{"theme"}, o.writes(coloured...), "the formats svg, png, pdf and html", "the programs that draw the other formats have themes of their own"},
		{[]string{"layout", "layout-timeout"}, o.laysOut(), "the formats svg, png, pdf, json and html", "the other formats are laid out by the programs that draw them"},
	} {
		for _, name := range f.names {
			switch {
			case !c.IsSet(name) || f.used:
			case d.View == diagram.ViewMatrix && o.writes(pictures...) && f.names[0] == "layout":
				return usagef("--%s does nothing for a matrix", name).hint("leave it out, or choose another --view")
			default:
				return usagef("--%s goes with %s", name, f.with).hint("%s", f.help)
			}
		}
	}
	return nil
}

// checkFrames fails where frames are asked for and the layout has none.
func (o *renderOptions) checkFrames() error {
	d := &o.diagram
	if !slices.Contains(frameless, o.engine.Layout) || !o.laysOut() {
		return nil
	}
	const help = "use dot, fdp or osage, or --group-by none"
	switch {
	case d.View == diagram.ViewDeployment:
		return usagef("--layout %s draws no frames, and --view deployment is made of them", o.engine.Layout).hint("use dot, fdp or osage")
	case d.View == diagram.ViewOverview: // its groups are boxes
	case d.GroupBy != diagram.GroupByAuto && d.GroupBy != diagram.GroupByNone:
		return usagef("--layout %s draws no frames", o.engine.Layout).hint(help)
	}
	return nil
}
