package cli

import (
	"fmt"
	"slices"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/schema"
)

var renderCommand = &command{
	name: "render", args: "[PATH…]", takes: design, maxArgs: -1,
	summary: "Draw a design as a diagram",
	about: `PATH is as for lintel check; the working folder if none is given. The format
follows the ending of FILE: .svg, .png, .pdf, .html, .json, .dot or .gv, .mmd
or .mermaid, .d2, .puml or .plantuml. Without -o, SVG goes to stdout.

Several designs need {system} in FILE, which stands for the name of each.
A file is replaced as a whole or not at all.

In GROUP and in the values of --only and --hide, * stands for any text.
An EVENT is a failure: orders is the module with all its replicas, orders/2 is
its replica 2, orders:2 any two of its replicas, zone-a a failure domain;
module:NAME and domain:NAME tell two of one name apart.

The exit code is 0 when the design is drawn, whatever its findings, 2 for bad
input, settings or usage, and when the drawing engine, lintel-graphviz, is
missing or runs out of time.`,
	flags: []flagSpec{
		{name: "output", short: "o", value: "FILE", many: true, takes: path,
			usage: "Where to write; - is stdout. May be repeated, to write one drawing in several formats."},
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: drawingFormats,
			usage: "svg, png, pdf, html, json (the drawing with its places), dot, mermaid, d2 or plantuml. Wins over the ending of FILE."},
		{name: "view", value: "VIEW", takes: choice, choices: views, initial: "auto",
			usage: "What to draw: modules, overview (a box for each group), deployment (replicas where they are placed), journey (what one needs) or matrix (who depends on whom); auto is modules, and overview above 150 of them."},
		{name: "group-by", value: "WHAT", takes: choice, choices: groupings, initial: "auto",
			usage: "Draw frames around what belongs together: group, team, layer, zone, region, domain (every failure domain) or none; auto takes the first of group, team and layer that the design states."},
		{name: "flow", value: "WAY", takes: choice, choices: flows, initial: "down",
			usage: "Where dependencies lead: down or right."},
		{name: "focus", value: "MODULE", many: true, takes: moduleOfDesign,
			usage: "Draw this module and what is near it. May be repeated."},
		{name: "depth", value: "N", takes: anything, initial: "1",
			usage: "How many dependencies away from --focus."},
		{name: "direction", value: "WAY", takes: choice, choices: directions, initial: "both",
			usage: "On which side of --focus: up (what needs it), down (what it needs) or both."},
		{name: "journey", value: "NAME", once: true, takes: journeyOfDesign,
			usage: "Draw what this journey needs."},
		{name: "rest", value: "HOW", takes: choice, choices: rests, initial: "drop",
			usage: "Drop or fade what --journey or --focus leaves out."},
		{name: "only", value: "FIELD=VALUE", many: true, takes: selector,
			usage: "Draw the modules that match, by kind, group, team, layer, tag, tier or name; several values with commas (\\, is one in a value). May be repeated: a module must match all."},
		{name: "hide", value: "FIELD=VALUE", many: true, takes: selector,
			usage: "Leave out the modules that match. As --only; one match is enough."},
		{name: "collapse", value: "GROUP", many: true, takes: anything,
			usage: "Draw this group as one box. May be repeated."},
		{name: "findings",
			usage: "Mark what lintel check finds, with numbers, and list it below."},
		{name: "fail", value: "EVENT", many: true, takes: eventOfDesign,
			usage: "Show what goes down with this failure. May be repeated: all happen at once."},
		{name: "theme", value: "THEME", takes: choice, choices: themes, initial: "light",
			usage: "Colours: light, dark or print (black on white)."},
		{name: "scale", value: "N", takes: anything, initial: "2",
			usage: "PNG: pixels for each unit of the drawing."},
		{name: "title", value: "TEXT", takes: anything,
			usage: "The heading, in place of the system's name."},
		{name: "stamp",
			usage: "Add the date and lintel's version. Without it, the same design gives the same bytes."},
		{name: "layout", value: "ALGORITHM", takes: choice, choices: layouts, initial: "dot",
			usage: "How to lay out: dot (layers), neato, fdp, sfdp, circo, twopi or osage."},
		{name: "layout-timeout", value: "TIME", takes: anything, initial: "30s",
			usage: "Give up when the layout takes longer."},
		{name: "config", value: "FILE", takes: path,
			usage: "Read the settings for --findings from FILE and not from the nearest .lintel.cue of each design."},
		{name: "stdin-filename", value: "NAME", takes: path,
			usage: "The name to report for -; its ending says the format."},
		{name: "quiet", short: "q",
			usage: "Leave out notes, warnings and progress."},
	},
	examples: []example{
		{"lintel render -o shop.svg", "the design in this folder"},
		{"lintel render shop.cue -o shop.svg -o shop.png --theme dark", "two files of one drawing"},
		{"lintel render --findings -o findings.pdf", "with what lintel check finds"},
		{"lintel render --fail zone-a --group-by zone -o outage.svg", "what the loss of a zone takes down"},
		{"lintel render --focus orders --depth 2 -f mermaid", "a part, for a Markdown page"},
		{"lintel render ./... -o 'docs/{system}.html'", "pages of all designs below"},
	},
	run: runRender,
}

func runRender(s *session, c *urfave.Context) error {
	o, err := s.readRenderOptions(c)
	if err != nil {
		return err
	}
	p := &progress{}
	if !o.quiet {
		p = s.startProgress()
	}
	defer p.end()
	if o.needsEngine() { // it gets ready meanwhile
		o.engine = o.engine.Ahead(s.ctx)
		defer o.engine.Dismiss()
	}

	p.phase("reading designs", 0)
	designs, err := schema.Load(o.load, o.paths...)
	faults, err := asFaults(err)
	if err != nil {
		return err
	}
	files := newSettingsFiles(o.load, o.config)
	settings, wrong, err := o.settingsOf(designs, files)
	if err != nil {
		return err
	}
	if faults = append(faults, wrong...); len(faults) > 0 {
		p.end()
		s.tellErrors(faults)
		return exit(exitInput)
	}
	targets, err := o.targets(designs)
	if err != nil {
		return err
	}
	if err := checkTargets(targets, inputsOf(designs, nil, files)); err != nil {
		return err
	}

	p.phase("drawing", len(designs))
	done := s.interruptible()
	drawings := make([]drawing, len(designs))
	failures := make([]error, len(designs))
	eachOnAllCores(len(designs), func(i int) {
		drawings[i], failures[i] = o.draw(s.ctx, designs[i], settings[i], targets[i])
		p.step()
	})
	done()
	p.end()
	for i, err := range failures {
		if err != nil {
			return drawingError(err, designs[i], len(designs) > 1)
		}
	}
	if !o.quiet {
		s.tellNotes(designs, drawings)
	}
	return s.writeDrawings(targets, drawings)
}

// tellNotes prints what the reader of a drawing may miss on it, under the design's name where there are several.
func (s *session) tellNotes(designs []*schema.Design, drawings []drawing) {
	for i, d := range drawings {
		of := ""
		if len(drawings) > 1 {
			of = designs[i].System + ": "
		}
		told := map[string]bool{} // two formats may have the same to say
		for _, n := range d.notes {
			if !told[n] {
				fmt.Fprintf(s.stderr, "note: %s\n", printable(of+n))
			}
			told[n] = true
		}
	}
}

// systemNames lists the systems of designs, for a message.
func systemNames(designs []*schema.Design) string {
	var names []string
	for _, d := range designs {
		names = append(names, d.System)
	}
	slices.Sort(names)
	const most = 5
	if more := len(names) - most; more > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(names, ", ")
}
