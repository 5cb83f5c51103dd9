package cli

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/analyzer"
	"lintel/internal/report/whatif"
	"lintel/schema"
)

var whatifFormats = []string{"text", "json"}

var whatifCommand = &command{
	name: "whatif", args: "[PATH]", maxArgs: 1, takes: design,
	summary: "Show what goes down when something fails, and what is left",
	about: `Tells which journeys are down, degraded or unaffected when something fails,
each with the way by which it fails and the reason at its end; the modules
that are down; and what is left of capacity against the peak. PATH is as for
lintel check, one design.

An EVENT is a failure: orders is the module with all its replicas, orders/2 is
its replica 2, orders:2 any two of its replicas, zone-a a failure domain,
"web -> orders" the dependency of web on orders. module:NAME and domain:NAME
tell two of one name apart.

The exit code is 0 whatever fails: this is a question, not a judgement; 2 for
bad input or usage, 3 for a bug in lintel.`,
	flags: slices.Concat([]flagSpec{
		{name: "fail", value: "EVENT", many: true, takes: eventOfDesign,
			usage: "What fails. May be repeated: all happen at once."},
		{name: "each", value: "KIND", many: true, takes: choice, choices: whatif.Kinds(),
			usage: "A table of what each host, rack, power, network, zone, region, provider, module or replica takes down by itself, the worst first. May be repeated."},
		{name: "limit", value: "N", takes: anything, initial: "20",
			usage: "--each: show no more than N rows; 0 shows all, as json does unless it is given."},
		{name: "all",
			usage: "--fail: cut no list."},
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: whatifFormats, initial: "text",
			usage: "text or json."},
	}, oneDesignFlags),
	examples: []example{
		{"lintel whatif --fail zone-a", "a failure domain, with all that stands in it"},
		{"lintel whatif --fail orders/1 --fail 'web -> catalogue'", "two failures at once"},
		{"lintel whatif shop.cue --each zone --each region", "which zones and regions matter most"},
	},
	run: runWhatif,
}

func runWhatif(s *session, c *urfave.Context) error {
	format := c.String("format")
	if !slices.Contains(whatifFormats, format) {
		return badChoice("--format", format, whatifFormats)
	}
	events, kinds := c.StringSlice("fail"), c.StringSlice("each")
	for _, k := range kinds {
		if !slices.Contains(whatif.Kinds(), k) {
			return badChoice("--each", k, whatif.Kinds())
		}
	}
	if slices.Contains(events, "") {
		return usagef("--fail names nothing").hint("leave it out, or check the variable that it came from")
	}
	limit, err := rowLimit(c)
	if err != nil {
		return err
	}
	switch {
	case len(events) > 0 && len(kinds) > 0:
		return usagef("--fail and --each are two questions").hint("ask one of them at a time")
	case len(events) > 0 && c.IsSet("limit"):
		return usagef("--limit is for --each").hint("--all shows whole lists")
	case len(kinds) > 0 && c.Bool("all"):
		return usagef("--all is for --fail").hint("--limit 0 shows all rows")
	}
	d, err := s.oneDesign(c)
	if err != nil {
		return err
	}
	a := analyzer.New(d)
	if len(events)+len(kinds) == 0 {
		return nothingAsked(a)
	}
	var b bytes.Buffer
	o := whatif.TextOptions{Color: s.colored(s.stdout), Width: widthOf(s.stdout), TableWidth: tableWidthOf(s.stdout), All: c.Bool("all"), Limit: limit}
	if len(kinds) > 0 {
		t := whatif.Each(a, kinds)
		if format == "json" {
			err = whatif.TableJSON(&b, t, limit)
		} else {
			err = whatif.TableText(&b, t, o)
		}
	} else {
		scenario, named, wrong := a.ParseEvents(events...)
		if wrong != nil {
			return eventError(wrong)
		}
		answer := whatif.Ask(a, scenario, named)
		if format == "json" {
			err = whatif.JSON(&b, answer)
		} else {
			err = whatif.Text(&b, answer, o)
		}
	}
	if err != nil {
		return err
	}
	return s.print(b.String())
}

// eventError tells of a text that names nothing that can fail.
func eventError(err error) error {
	var e *analyzer.EventError
	if !errors.As(err, &e) {
		return err
	}
	u := usagef("--fail: %s", e.Detail)
	if e.Hint != "" {
		u = u.hint("%s", e.Hint)
	}
	return u
}

// nothingAsked shows what can be asked of this very design.
func nothingAsked(a *analyzer.Analysis) error {
	var examples []string
	for _, e := range a.ExampleEvents() {
		examples = append(examples, "--fail "+quoted([]string{e}))
	}
	for _, kind := range []string{"zone", "module"} {
		if kind == "module" || slices.ContainsFunc(a.Design.FailureDomains, func(f *schema.FailureDomain) bool { return string(f.Kind) == kind }) {
			examples = append(examples, "--each "+kind)
			break
		}
	}
	return usagef("nothing is said to fail").hint("%s", fmt.Sprintf("such as %s", strings.Join(examples, ", ")))
}
