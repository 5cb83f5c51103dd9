package cli

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	urfave "github.com/urfave/cli/v2"

	"lintel/analyzer"
	"lintel/analyzer/faulttree"
	"lintel/analyzer/faulttree/openpsa"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

var exportCommand = &command{
	name: "export", summary: "Write what lintel computes with, for other programs",
	about: `Other programs can confirm what lintel computes: it writes the fault tree of each
journey in a format that they read.`,
	parts: []*command{exportOpenPSACommand},
	examples: []example{
		{"lintel export open-psa -o shop.xml", "the fault trees of the design in this folder"},
	},
}

var exportOpenPSACommand = &command{
	name: "export open-psa", args: "[PATH]", maxArgs: 1, takes: design,
	summary: "Write the journeys as fault trees in the Open-PSA exchange format",
	about: `Writes one model in the Open-PSA model exchange format: a fault tree for each
journey, which occurs when the journey is down, over basic events that the trees
share. lintel cutsets reads it back and gives the same figures; so do other programs
for probabilistic safety assessment.

The format takes few characters in names: orders/2 is written as orders-2, with its
name as label. A basic event has no probability where the design states no
availability; programs list cut sets all the same, and most refuse to compute a
probability. --pessimistic gives such events one.

The file is replaced as a whole or not at all. The exit code is 0 when it was
written, and 2 for bad input or usage.`,
	flags: append([]flagSpec{
		{name: "output", short: "o", value: "FILE", takes: path, usage: "Where to write; - or none is stdout."},
		{name: "journey", value: "NAME", many: true, takes: journeyOfDesign, usage: "Only this journey. May be repeated."},
		{name: "module", value: "NAME", many: true, takes: moduleOfDesign, usage: "The failure of this module. May be repeated; without --journey, no journeys are written."},
		{name: "assume", value: "WHAT", takes: choice, choices: []string{"nothing", "typical"}, initial: "nothing", usage: "What to take for availabilities that are not stated: nothing, or typical values (lintel availability tells of them)."},
		{name: "pessimistic", value: "PERCENT", takes: anything, usage: "The availability to write for what is still unknown; without it, such events have no probability."},
	}, oneDesignFlags...),
	examples: []example{
		{"lintel export open-psa -o shop.xml", "all journeys of the design in this folder"},
		{"lintel export open-psa shop.cue --journey checkout", "one of them, to stdout"},
		{"lintel export open-psa --pessimistic 99 -o shop.xml", "a probability for every event"},
	},
	run: runExportOpenPSA,
}

func runExportOpenPSA(s *session, c *urfave.Context) error {
	file := c.String("output")
	switch {
	case c.IsSet("output") && file == "":
		return usagef("-o names no file").hint("-o FILE, or -o - for stdout")
	case file == "-":
		file = ""
	case file != "" && isFolder(file):
		return usagef("-o %s is a folder", file).hint("name the file in it: -o %s", filepath.Join(file, "design.xml"))
	}
	unknown := math.NaN()
	if c.IsSet("pessimistic") {
		p, err := percentage(c, "pessimistic")
		if err != nil {
			return err
		}
		unknown = 1 - p/100
	}
	typical, err := assumesTypical(c)
	if err != nil {
		return err
	}
	d, err := s.oneDesign(c)
	if err != nil {
		return err
	}
	if over := overInput(file, inputsOf([]*schema.Design{d}, nil, newSettingsFiles(s.loadOptions(c.String("stdin-filename")), ""))); over != "" {
		return usagef("-o %s would write the model over %s", file, over).hint("name another file")
	}
	a := analyzer.New(d)
	targets, err := targetsOf(a, c.StringSlice("journey"), c.StringSlice("module"))
	if err != nil {
		return err
	}
	system, err := resilience.New(a, resilience.Assumptions{Typical: typical}, resilience.Limits{})
	if err != nil {
		return err
	}
	s.tellContradictions(a)
	trees := make([]*faulttree.Tree, len(targets))
	without := map[string]bool{}
	for i, t := range targets {
		tree := system.Tree(t, unknown)
		if tree.Orders < math.MaxInt {
			return usagef("%s rests on a module with more than %d replicas, which a fault tree with an event for each is too large for", tree.Name, analyzer.MaxNamed).
				hint("lintel availability and lintel cutsets compute with such modules")
		}
		trees[i] = namedForExport(tree.Tree, t.Module >= 0)
		for _, e := range tree.Events {
			if math.IsNaN(e.P) {
				without[e.Name] = true
			}
		}
	}
	var b bytes.Buffer
	if err := openpsa.Write(&b, trees...); err != nil {
		return err
	}
	if file == "" {
		err = s.writeAll(nil, [][]byte{b.Bytes()})
	} else {
		err = s.writeAll([]written{{file, b.Bytes()}}, nil)
	}
	if err == nil && len(without) > 0 {
		fmt.Fprintf(s.stderr, "note: %s without a probability, since the design states no availability; --pessimistic 99 gives one\n", counted(len(without), "event"))
	}
	return err
}

// namedForExport gives a tree and its gates names of which no two are alike in a model.
func namedForExport(t *faulttree.Tree, module bool) *faulttree.Tree {
	out := *t
	if module {
		out.Name = "module " + t.Name // a journey may have the name as well
	}
	out.Gates = slices.Clone(t.Gates)
	for i := range out.Gates {
		out.Gates[i].Name = fmt.Sprintf("%s-g%d", out.Name, i+1)
	}
	top, ok := out.Top.Gate()
	if !ok { // an event, or what never or always occurs
		top = len(out.Gates)
		out.Gates = append(out.Gates, faulttree.Gate{Op: faulttree.Or, In: []faulttree.Ref{out.Top}})
		out.Top = faulttree.GateRef(top)
	}
	out.Gates[top].Name = out.Name + "-fails"
	return &out
}
