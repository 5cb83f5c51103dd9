package cli

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	urfave "github.com/urfave/cli/v2"

	"lintel/analyzer/resilience"
	"lintel/internal/report/availability"
)

var availabilityFormats = []string{"text", "json"}

var availabilityCommand = &command{
	name: "availability", args: "[PATH]", takes: design, maxArgs: 1,
	summary: "Compute how available journeys and modules can be",
	about: `Computes how much of the time each journey can work, and each module that promises
an availability: the probability that it works while replicas, failure domains and
external modules fail independently of each other, as often as the design states
(availability, or mtbf and mttr). It shows the downtime a year and a month, how much
of the error budget of the SLO the design uses, and which parts contribute most.
The least available come first. PATH is one design, as for lintel check.

What the design does not state is unknown, never perfect: there are two results
then, at best with all that is unknown perfect, and at worst with it at
--pessimistic. --assume typical takes typical values by kind of module and failure
domain, from a documented table, and marks each of them.

Figures are exact; one that could not be computed within --timeout and --memory is
an interval or an estimate, and says so.

Exits with 0 whether promises are kept or not: unachievable-slo of lintel check judges.`,
	flags: slices.Concat([]flagSpec{
		{name: "journey", short: "j", value: "NAME", many: true, takes: journeyOfDesign, usage: "Only this journey. May be repeated."},
		{name: "module", short: "m", value: "NAME", many: true, takes: moduleOfDesign, usage: "Only this module, as those that depend on it see it. May be repeated."},
		{name: "modules", usage: "All modules too, and not only those with an SLO."},
		{name: "assume", value: "WHAT", takes: choice, choices: []string{"nothing", "typical"}, initial: "nothing", usage: "What to take for availabilities that are not stated: nothing, or typical values."},
		{name: "pessimistic", value: "PERCENT", takes: anything, initial: "99", usage: "The availability of what is still unknown, in the worse of the two results."},
		{name: "top", value: "N", takes: anything, initial: "5", usage: "How many contributors to show for each journey and module: a number, or all."},
		{name: "limit", value: "N", takes: anything, initial: "20", usage: "Show no more than N journeys and N modules, the least available; 0 shows all, as json does unless it is given."},
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: availabilityFormats, initial: "text", usage: "text or json."},
	}, limitFlags, oneDesignFlags),
	examples: []example{
		{"lintel availability", "the design in this folder"},
		{"lintel availability shop.cue --assume typical", "with typical values for what is not stated"},
		{"lintel availability shop.cue --journey checkout --top all", "all that contributes to the downtime of one journey"},
		{"lintel availability --modules --format json", "all modules too, for a program"},
	},
	run: runAvailability,
}

// availabilityOptions are the flags of lintel availability.
type availabilityOptions struct {
	assume            resilience.Assumptions
	journeys, modules []string
	allModules        bool
	top               int // contributors to show; -1 for all
	limit             int // journeys to show, and modules; 0 for all
}

func readAvailabilityOptions(c *urfave.Context) (o availabilityOptions, err error) {
	switch what := c.String("assume"); what {
	case "nothing":
	case "typical":
		o.assume.Typical = true
	default:
		return o, badChoice("--assume", what, []string{"nothing", "typical"})
	}
	if o.assume.Pessimistic, err = percentage(c, "pessimistic"); err != nil {
		return o, err
	}
	o.top = -1
	if text := c.String("top"); text != "all" {
		if o.top, err = strconv.Atoi(text); err != nil || o.top < 0 {
			return o, usagef("--top %s is no number of contributors", text).hint("such as 10, or all")
		}
	}
	if o.limit, err = rowLimit(c); err != nil {
		return o, err
	}
	o.journeys, o.modules, o.allModules = c.StringSlice("journey"), c.StringSlice("module"), c.Bool("modules")
	return o, nil
}

// rowLimit reads --limit, the rows of a table; 0 is all. JSON is for programs, and has all unless it is asked for fewer.
func rowLimit(c *urfave.Context) (int, error) {
	limit, err := strconv.Atoi(c.String("limit"))
	if c.String("limit") == "all" {
		limit, err = 0, nil
	}
	if err != nil || limit < 0 {
		return 0, usagef("--limit cannot be %q", c.String("limit")).hint("a whole number; 0 shows all rows")
	}
	if c.String("format") == "json" && !c.IsSet("limit") {
		return 0, nil
	}
	return limit, nil
}

func runAvailability(s *session, c *urfave.Context) error {
	format := c.String("format")
	if format != "text" && format != "json" {
		return badChoice("--format", format, availabilityFormats)
	}
	o, err := readAvailabilityOptions(c)
	if err != nil {
		return err
	}
	work, err := readLimits(c)
	if err != nil {
		return err
	}
	defer work.end()
	d, err := s.oneDesign(c)
	if err != nil {
		return err
	}
	r, err := s.availabilityOf(d, o, work)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if format == "json" {
		err = availability.JSON(&b, r, o.limit)
	} else {
		err = availability.Text(&b, r, availability.TextOptions{Color: s.colored(s.stdout), Width: widthOf(s.stdout), TableWidth: tableWidthOf(s.stdout), Limit: o.limit})
	}
	if err != nil {
		return fmt.Errorf("format %s: %w", format, err)
	}
	return s.print(b.String())
}
