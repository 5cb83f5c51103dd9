package cli

import (
	"strconv"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
	"lintel/internal/report/cutsets"
)

var cutSetFormats = []string{"text", "json"}

var cutSetsCommand = &command{
	name: "cutsets", args: "[PATH]", maxArgs: 1, takes: design,
	summary: "List the combinations of failures that bring a journey down",
	about: `Lists the minimal cut sets of each journey: the sets of replicas, failure domains
and external modules that bring it down when all of them fail, and of which no part
does. Those of the fewest events come first, and of those the likeliest; replicas
that stand in for each other are counted but shown once: any 2 of orders/1 …
orders/5 (10). The numbers are exact, also where nobody could list the sets, and so
is the probability that the journey fails.

PATH is one design, as for lintel check, or a file of fault trees in the Open-PSA
model exchange format, which ends in .xml; the design in this folder if none is
given.

What the design states no availability of is taken as perfect and as
available at --pessimistic, and both results are shown. What can't be computed
exactly within --timeout and --memory is an interval or an estimate, and says so.

The exit code is 0 when the answer was given, and 2 for bad input or usage.`,
	flags: append([]flagSpec{
		{name: "journey", value: "NAME", many: true, takes: journeyOfDesign, usage: "Only this journey, or this fault tree of a file. May be repeated."},
		{name: "module", value: "NAME", many: true, takes: moduleOfDesign, usage: "What brings this module down, as those that depend on it see it. May be repeated; without --journey, no journeys are shown."},
		{name: "order", value: "K", takes: anything, initial: "all", usage: "Only the sets of at most K events, and their numbers: far quicker where there are many. The probability is of all."},
		{name: "limit", value: "N", takes: anything, initial: "20", usage: "Show at most N lines of sets for each; 0 shows the figures alone, all shows all."},
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: cutSetFormats, initial: "text", usage: "text or json."},
		{name: "assume", value: "WHAT", takes: choice, choices: []string{"nothing", "typical"}, initial: "nothing", usage: "What to take for availabilities that are not stated: nothing, or typical values (lintel availability tells of them)."},
		{name: "pessimistic", value: "PERCENT", takes: anything, initial: "99", usage: "The availability of what is still unknown, in the worse of the two results."},
	}, append(append([]flagSpec{}, limitFlags...), oneDesignFlags...)...),
	examples: []example{
		{"lintel cutsets", "the design in this folder"},
		{"lintel cutsets shop.cue --journey checkout --order 2", "single failures and pairs that stop the checkout"},
		{"lintel cutsets shop.cue --module orders-db", "what brings one module down"},
		{"lintel cutsets plant.xml --limit 0 --format json", "the figures of a fault tree, for a program"},
	},
	run: runCutSets,
}

// cutSetOptions are the flags of lintel cutsets.
type cutSetOptions struct {
	format            string
	order, limit      int // 0 and -1 are none
	assume            resilience.Assumptions
	journeys, modules []string
}

func readCutSetOptions(c *urfave.Context) (o cutSetOptions, err error) {
	o.format = c.String("format")
	if o.format != "text" && o.format != "json" {
		return o, badChoice("--format", o.format, cutSetFormats)
	}
	if text := c.String("order"); text != "all" {
		if o.order, err = strconv.Atoi(text); err != nil || o.order < 1 {
			return o, usagef("--order %s is no number of events", text).hint("1 for single failures, 2 for pairs as well, or all")
		}
	}
	o.limit = -1
	if text := c.String("limit"); text != "all" {
		if o.limit, err = strconv.Atoi(text); err != nil || o.limit < 0 {
			return o, usagef("--limit %s is no number of lines", text).hint("0 for the figures alone, or all")
		}
	}
	if o.assume.Typical, err = assumesTypical(c); err != nil {
		return o, err
	}
	if o.assume.Pessimistic, err = percentage(c, "pessimistic"); err != nil {
		return o, err
	}
	o.journeys, o.modules = c.StringSlice("journey"), c.StringSlice("module")
	return o, nil
}

func assumesTypical(c *urfave.Context) (bool, error) {
	switch what := c.String("assume"); what {
	case "nothing":
		return false, nil
	case "typical":
		return true, nil
	default:
		return false, badChoice("--assume", what, []string{"nothing", "typical"})
	}
}

// percentage reads a flag from 0 to 100, with or without the sign; what designs refuse is refused here.
func percentage(c *urfave.Context, name string) (float64, error) {
	number, signed := strings.CutSuffix(strings.TrimSpace(c.String(name)), "%")
	number = strings.TrimSpace(number)
	p, err := strconv.ParseFloat(number, 64)
	switch {
	case err != nil || !(p >= 0 && p <= 100):
		return 0, usagef("--%s %s is no percentage", name, c.String(name)).hint("a number from 0 to 100, such as 99.9")
	case p > 0 && p <= 1 && !signed:
		// As in designs: it is most often meant as a fraction.
		return 0, usagef("--%s %s is most often meant as a fraction, where a percentage is asked for", name, number).
			hint("write %s for %[1]s %%, or %s%% if that is meant", strconv.FormatFloat(p*100, 'g', 12, 64), number)
	}
	return p, nil
}

func runCutSets(s *session, c *urfave.Context) error {
	o, err := readCutSetOptions(c)
	if err != nil {
		return err
	}
	l, err := readLimits(c)
	if err != nil {
		return err
	}
	defer l.end()
	var list []cutSetQuestion
	r := cutsets.Report{Limit: o.limit, MaxOrder: o.order, Pessimistic: o.assume.Pessimistic}
	if file, ok := s.faultTreeFile(c); ok {
		r.Path = file
		list, err = s.questionsOfTrees(c, file, o, l)
	} else {
		list, err = s.questionsOfDesign(c, o, l, &r)
	}
	if err != nil {
		return err
	}
	return s.answer(list, o, l, r)
}

// questionsOfDesign gives what is asked of a design.
func (s *session) questionsOfDesign(c *urfave.Context, o cutSetOptions, l *boundedWork, r *cutsets.Report) ([]cutSetQuestion, error) {
	d, err := s.oneDesign(c)
	if err != nil {
		return nil, err
	}
	a := analyzer.New(d)
	r.System, r.Path = d.System, d.Path
	targets, err := targetsOf(a, o.journeys, o.modules)
	if err != nil {
		return nil, err
	}
	system, err := resilience.New(a, o.assume, l.limits)
	if err != nil {
		return nil, err
	}
	s.tellContradictions(a)
	list := make([]cutSetQuestion, len(targets))
	for i, t := range targets {
		list[i] = cutSetQuestion{kind: cutsets.Journey, solve: func() (*cutsets.Target, error) { return cutSetsOfDesign(system, t, o, l) }}
		if t.Module >= 0 {
			list[i].kind = cutsets.Module
		}
	}
	return list, nil
}

// targetsOf finds what --journey and --module name: all journeys where neither is given.
func targetsOf(a *analyzer.Analysis, journeys, modules []string) (list []analyzer.Target, err error) {
	all := a.Journeys()
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].Name
	}
	seen := map[analyzer.Target]bool{}
	add := func(t analyzer.Target) {
		if !seen[t] {
			seen[t] = true
			list = append(list, t)
		}
	}
	if len(journeys)+len(modules) == 0 {
		for i := range all {
			add(analyzer.OfJourney(int32(i)))
		}
		if len(all) == 0 {
			return nil, usagef("%s has no journey", a.Design.Path).hint("state journeys, or entry: true of a module; --module NAME asks about a module")
		}
	}
	for _, name := range journeys {
		i, err := indexOfName(name, names, "--journey", "journey")
		if err != nil {
			return nil, err
		}
		add(analyzer.OfJourney(int32(i)))
	}
	for _, name := range modules {
		i, ok := a.ModuleIndex(name)
		if !ok {
			known := make([]string, a.Modules())
			for m := range known {
				known[m] = a.Module(int32(m)).Name
			}
			_, err := indexOfName(name, known, "--module", "module")
			return nil, err
		}
		add(analyzer.OfModule(i))
	}
	return list, nil
}

// indexOfName finds a name that a flag gives; kind says of what.
func indexOfName(name string, names []string, flag, kind string) (int, error) {
	for i, n := range names {
		if n == name {
			return i, nil
		}
	}
	e := usagef("%s %s: there is no such %s", flag, name, kind)
	if near, ok := nearest(name, names); ok {
		return 0, e.hint("did you mean %q?", near)
	}
	const most = 8
	switch {
	case len(names) == 0:
		return 0, e
	case len(names) > most:
		return 0, e.hint("one of %s and %d more", quoted(names[:most]), len(names)-most)
	}
	return 0, e.hint("one of %s", quoted(names))
}
