package cli

import (
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	urfave "github.com/urfave/cli/v2"

	"lintel/analyzer"
	"lintel/internal/improve"
	"lintel/rules"
	"lintel/schema"
)

var improveFormats = []string{"text", "json", "patch"}

var improveCommand = &command{
	name: "improve", args: "[PATH]", maxArgs: 1, takes: design,
	summary: "Find the cheapest changes that reach a goal, and prove them",
	about: `Searches for the cheapest changes by which a design reaches a goal:

no-spof: no single event brings a journey down: the loss of one replica, of one
failure domain or of one external module, as RES001 and RES002 of lintel check
count them.

survive:KIND: no single failure domain of that kind does: host, rack, power,
network, zone, region or provider.

slo: the computed availability of each journey, and of each module that promises
one, reaches its SLO, with all that is unknown at --pessimistic.

It may add replicas, spread or move them over the failure domains that the design
has, let a standby take over by itself, and give what calls an external module an
alternative; with --allow soft it also makes dependencies soft. --costs says what
each is worth, and what must not be done. The result is proven by analysing the
changed design, and shown with its patch; --write makes the changes in the files.

Exits with 0 when the goal is reached or was before, 1 when it cannot be reached or
an edit has to be made by hand for it, or when --timeout is over before it is proven
and the patch is made, 2 for bad input, 3 for a bug in lintel.`,
	flags: slices.Concat([]flagSpec{
		{name: "goal", short: "g", value: "GOAL", takes: choice, choices: improve.Goals(), usage: "What to reach: no-spof, survive:KIND or slo."},
		{name: "journey", short: "j", value: "NAME", many: true, takes: journeyOfDesign, usage: "Only for this journey. May be repeated."},
		{name: "costs", value: "FILE", takes: path, usage: "What changes cost, and which are forbidden: CUE, JSON or YAML."},
		{name: "allow", value: "CHANGE", many: true, takes: choice, choices: []string{"soft"}, usage: "Also consider this: soft makes dependencies soft, which changes what users get."},
		{name: "write", usage: "Make the changes in the files, all or none of them."},
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: improveFormats, initial: "text", usage: "text, json or patch (for git apply or patch -p1)."},
		{name: "assume", value: "WHAT", takes: choice, choices: []string{"nothing", "typical"}, initial: "nothing", usage: "What to take for availabilities that are not stated: nothing, or typical values."},
		{name: "pessimistic", value: "PERCENT", takes: anything, initial: "99", usage: "The availability of what is still unknown."},
	}, limitFlags, oneDesignFlags),
	examples: []example{
		{"lintel improve --goal no-spof", "the design in this folder"},
		{"lintel improve shop.cue --goal survive:zone --write", "and change the file"},
		{"lintel improve shop.cue --goal slo --journey checkout --costs costs.cue", "one journey, with your own costs"},
		{"lintel improve shop.cue --goal no-spof --format patch | git apply", "by way of git"},
	},
	run: runImprove,
}

func runImprove(s *session, c *urfave.Context) error {
	format := c.String("format")
	if !slices.Contains(improveFormats, format) {
		return badChoice("--format", format, improveFormats)
	}
	var o improve.Settings
	text := c.String("goal")
	if text == "" {
		return usagef("no goal is given").hint("--goal %s", strings.Join(improve.Goals(), ", --goal "))
	}
	var ok bool
	if o.Goal, ok = improve.ParseGoal(text); !ok {
		if strings.HasPrefix(text, "survive:") {
			return usagef("--goal cannot be %q", text).hint("one of %s", strings.Join(improve.Goals(), ", "))
		}
		return badChoice("--goal", text, improve.Goals())
	}
	for _, what := range c.StringSlice("allow") {
		if what != "soft" {
			return badChoice("--allow", what, []string{"soft"})
		}
		o.AllowSoft = true
	}
	switch what := c.String("assume"); what {
	case "nothing":
	case "typical":
		o.Assume.Typical = true
	default:
		return badChoice("--assume", what, []string{"nothing", "typical"})
	}
	var err error
	if o.Assume.Pessimistic, err = percentage(c, "pessimistic"); err != nil {
		return err
	}
	var done func()
	if o.Limits, done, err = limits(c); err != nil {
		return err
	}
	defer done()
	if timeout, err := time.ParseDuration(c.String("timeout")); err == nil && timeout > 0 {
		o.Deadline = time.Now().Add(timeout)
	}
	if c.Bool("write") && slices.Contains(pathsOf(c), "-") {
		return usagef("--write has no file to change: the design comes from stdin").hint("--format patch shows what to change")
	}
	d, err := s.oneDesign(c)
	if err != nil {
		return err
	}
	if name := c.String("costs"); name != "" {
		if o.Costs, err = s.readCosts(name, d); err != nil {
			return err
		}
	}
	if o.Journeys = c.StringSlice("journey"); len(o.Journeys) > 0 {
		if _, err := targetsOf(analyzer.New(d), o.Journeys, nil); err != nil {
			return err
		}
	}
	files := newSettingsFiles(s.loadOptions(""), "")
	lint, err := files.of(d)
	var faults schema.Errors
	if errors.As(err, &faults) {
		s.tellErrors(faults)
		return exit(exitInput)
	} else if err != nil {
		return err
	}
	o.Lint = lint
	p := s.startProgress()
	p.phase("searching for the cheapest changes", 0)
	plan, err := improve.Find(d, o, rules.Settings{File: lint}, time.Now())
	p.end()
	var nothing *improve.NothingToReach
	if errors.As(err, &nothing) {
		return usagef("%s", nothing.Detail).hint("%s", nothing.Hint)
	} else if err != nil {
		return err
	}
	r, err := editUntil(improvement{plan: plan, settings: o, design: d}, s.loadOptions(c.String("stdin-filename")))
	if err != nil {
		return err
	}
	if c.Bool("write") {
		if err := r.write(s); err != nil {
			return err
		}
	}
	var out string
	switch format {
	case "text":
		out = r.text(s.colored(s.stdout))
	case "json":
		if out, err = r.json(); err != nil {
			return err
		}
	case "patch":
		out = r.patchText()
		r.tellBeside(s)
	}
	if err := s.print(out); err != nil {
		return err
	}
	if !plan.Reached || len(r.byHand) > 0 || r.late {
		return exit(exitFindings)
	}
	return nil
}

// readCosts reads a file of costs and holds its names against the design.
func (s *session) readCosts(name string, d *schema.Design) (improve.Costs, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return improve.Costs{}, explained("read", err)
	}
	costs, faults := improve.ReadCosts(name, text, d)
	if len(faults) > 0 {
		s.tellErrors(faults)
		return costs, exit(exitInput)
	}
	return costs, nil
}
