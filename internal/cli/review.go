package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/internal/report"
	"lintel/internal/review/format"
	"lintel/internal/vcs"
	"lintel/rules"
)

var reviewCommand = &command{
	name: "review", args: "[BASE] [HEAD] [PATH…]", takes: revisionOrDesign, maxArgs: -1,
	summary: "Compare designs of two revisions and report what changed",
	about: `BASE and HEAD are revisions that git knows: branches, tags, commits. What is no
revision is a PATH, as for lintel check; ./... if none is given. After -- come
only paths.

Without BASE, the working tree is compared with the point where it left the
default branch; with BASE, with the point where it left BASE. With HEAD, that
revision takes the place of the working tree. BASE...HEAD is the same, and
BASE..HEAD compares with BASE itself. --staged compares the index with BASE
itself, or HEAD. Nothing is checked out.

Both states are judged by the rule settings and policies of the new one, and
each by its own waivers, so that findings are new only where the design is at
fault. What a change of settings hides or brings is told apart.

The exit code is 0 when nothing new is found as --fail-on has it, 1 when
something is, 2 when a design of the new state does not load, for bad settings
or usage, 3 for a bug in lintel.`,
	flags: slices.Concat([]flagSpec{
		{name: "staged", usage: "Compare what is staged, and not the working tree."},
	}, comparisonFlags("lintel review")),
	examples: []example{
		{"lintel review", "all that this branch changes, committed or not"},
		{"lintel review --staged", "what the next commit changes"},
		{"lintel review main feature ./designs/...", "a branch against another one, in a folder"},
		{"lintel review v1.2..v1.3 --fail-on never", "between two releases"},
		{"lintel review origin/main HEAD --format markdown=comment.md", "for a pull request"},
		{"lintel review --diagram changes.svg -- ./shop", "with a picture of what changed"},
	},
	run: runReview,
}

// comparisonFlags are the flags of the commands that compare designs.
func comparisonFlags(command string) []flagSpec {
	return []flagSpec{
		{name: "format", short: "f", value: "FORMAT[=FILE]", many: true, takes: choice, choices: reviewFormats, initial: "text",
			usage: "What to print, and where: text, json, markdown (a comment for a pull request), sarif or github (both with the new findings only); to stdout, or to FILE (- is stdout). May be repeated; only one goes to stdout."},
		{name: "fail-on", value: "WHAT", takes: choice, choices: failOns, initial: "new-error",
			usage: "Exit with 1 for new findings: new-error, new-warning (errors, too), any (new findings of every severity), weaker (those, and old ones that are graver or concern more journeys) or never."},
		{name: "diagram", value: "FILE", many: true, takes: path,
			usage: "Draw what changed; the ending of FILE says the format, as for lintel render. {system} in it stands for the system's name. May be repeated."},
		{name: "tag", value: "NAME", takes: anything, initial: "lintel",
			usage: "The name hidden in the first line of markdown, by which a comment is found again."},
		{name: "baseline", value: "FILE", takes: path,
			usage: "Known findings, as lintel baseline writes them; none of them is new."},
		{name: "rule", value: "RULE=SEVERITY", many: true, takes: ruleSeverity,
			usage: "Set a rule's severity: off, info, warning or error. Wins over the settings of the design. May be repeated."},
		{name: "only", value: "RULES", many: true, takes: ruleOrCategory,
			usage: "Run only these rules: ids, names or categories, separated by commas. May be repeated."},
		{name: "skip", value: "RULES", many: true, takes: ruleOrCategory,
			usage: "Leave these rules out. As --only."},
		{name: "config", value: "FILE", takes: path,
			usage: "Read the settings of both states from FILE and not from the nearest .lintel.cue of each design."},
		{name: "quiet", short: "q",
			usage: "Leave out notes and progress."},
	}
}

var (
	reviewFormats = []string{"text", "json", "markdown", "sarif", "github"}
	failOns       = []string{"new-error", "new-warning", "any", "weaker", "never"}
)

// reviewOptions are the flags of review and diff, read.
type reviewOptions struct {
	outputs  []output
	diagrams []drawingOutput
	failOn   format.FailOn
	tag      string
	settings rules.Settings
	config   string
	baseline string
	quiet    bool
}

func readReviewOptions(c *urfave.Context) (o reviewOptions, err error) {
	if o.outputs, err = parseOutputsAs(c.StringSlice("format"), reviewFormats); err != nil {
		return o, err
	}
	if v := c.String("fail-on"); !slices.Contains(failOns, v) {
		return o, badFailOn(v)
	}
	o.failOn = format.FailOn(c.String("fail-on"))
	if o.diagrams, err = diagramOutputs(c.StringSlice("diagram")); err != nil {
		return o, err
	}
	if o.settings.Override, err = ruleSeverities(c.StringSlice("rule")); err != nil {
		return o, err
	}
	if o.settings.Only, err = ruleSet("--only", c.StringSlice("only")); err != nil {
		return o, err
	}
	if o.settings.Skip, err = ruleSet("--skip", c.StringSlice("skip")); err != nil {
		return o, err
	}
	o.config, o.baseline, o.tag, o.quiet = c.String("config"), c.String("baseline"), c.String("tag"), c.Bool("quiet")
	for _, name := range []string{"config", "baseline"} {
		if c.IsSet(name) && c.String(name) == "" {
			return o, usagef("--%s names no file", name)
		}
	}
	if err := format.CheckTag(o.tag); err != nil {
		return o, usagef("--tag %q: %v", o.tag, err).hint("for example --tag shop-designs")
	}
	return o, nil
}

// badFailOn tells what --fail-on takes here; lintel check has other words for it.
func badFailOn(v string) error {
	if near := "new-" + v; slices.Contains(failOns, near) {
		return usagef("--fail-on cannot be %q", v).hint("did you mean %q? Only new findings count here", near)
	}
	if v == "info" || v == "new-info" || v == "new-any" {
		return usagef("--fail-on cannot be %q", v).hint("did you mean \"any\"?")
	}
	return badChoice("--fail-on", v, failOns)
}

func runReview(s *session, c *urfave.Context) error {
	o, err := readReviewOptions(c)
	if err != nil {
		return err
	}
	p := &progress{}
	if !o.quiet {
		p = s.startProgress()
	}
	defer p.end()
	p.phase("asking git", 0)
	between, err := s.revisions(c.Args().Slice(), s.beforeDashes, c.Bool("staged"))
	if err != nil {
		return revisionError(err)
	}
	defer between.close()
	r, err := s.compare(o, between.old, between.new, between, p)
	if err != nil {
		return revisionError(err)
	}
	return s.finishReview(o, r, p)
}

// finishReview writes what a comparison gave and decides on the exit code.
func (s *session) finishReview(o reviewOptions, r *compared, p *progress) error {
	if err := refuseInputs(o.outputs, r.inputs); err != nil {
		return err
	}
	for _, d := range o.diagrams {
		if o.baseline != "" && sameFile(d.file, o.baseline) {
			return usagef("--diagram %s would be drawn over the baseline", d.file).hint("name another file")
		}
	}
	drawings, err := s.drawChanges(o, r, p)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(o.outputs, func(out output) bool { return out.format == "markdown" }) {
		drawInComment(r.report)
	}
	p.end()
	if r.report.Strict {
		s.tellErrors(r.report.Old.Errors)
	}
	s.tellErrors(r.report.New.Errors)
	if !r.report.Strict {
		s.tellOldErrors(r.report)
	}
	if err := s.writeReview(o, r.report, drawings); err != nil {
		return err
	}
	if !o.quiet && !slices.ContainsFunc(o.outputs, func(out output) bool { return out.format == "markdown" || out.format == "text" && out.file != "" }) {
		for _, n := range r.report.Notes {
			fmt.Fprintf(s.stderr, "note: %s\n", printable(n))
		}
	}
	switch {
	case r.report.Faulty():
		return exit(exitInput)
	case r.report.Failed():
		return exit(exitFindings)
	}
	return nil
}

// tellOldErrors warns of designs that do not load in the old state, in a line for each fault.
func (s *session) tellOldErrors(r *format.Report) {
	const most = 5
	for i, e := range r.Old.Errors {
		if i == most {
			fmt.Fprintf(s.stderr, "warning: and %d more\n", len(r.Old.Errors)-i)
			return
		}
		fmt.Fprintf(s.stderr, "warning: at %s, %s\n", printable(r.Old.Name), report.Visible(e.Error()))
	}
}

// revisionError gives what git cannot do the form of other faults of the command line.
func revisionError(err error) error {
	if e := (*vcs.Error)(nil); errors.As(err, &e) {
		return &usageError{e.Message, e.Hint}
	}
	return err
}

// pathLike reports whether a word can only be a path.
func pathLike(word string) bool {
	return word == "." || word == ".." || strings.HasPrefix(word, "./") || strings.HasPrefix(word, "../") || strings.HasPrefix(word, "/") ||
		word == "..." || strings.HasSuffix(word, "/...") || strings.HasSuffix(word, "/")
}
