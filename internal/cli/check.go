package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	urfave "github.com/urfave/cli/v2"

	"lintel/analyzer"
	"lintel/internal/baseline"
	"lintel/internal/report"
	"lintel/rules"
	"lintel/schema"
)

var checkCommand = &command{
	name: "check", args: "[PATH…]", takes: design, maxArgs: -1,
	summary: "Check designs and report what is wrong with them",
	about: `PATH is a file (CUE, JSON, YAML), a folder, a CUE package, a pattern such as
./..., or - for stdin; the working folder if none is given.

The exit code is 0 when nothing is found at or above --fail-on, 1 when
something is, 2 for bad input, settings or usage, 3 for a bug in lintel.`,
	flags: []flagSpec{
		{name: "format", short: "f", value: "FORMAT[=FILE]", many: true, takes: choice, choices: formats, initial: "text",
			usage: "What to print, and where: text, concise, json, sarif, github, gitlab, junit, checkstyle or markdown; to stdout, or to FILE (- is stdout). May be repeated; only one goes to stdout."},
		{name: "fail-on", value: "SEVERITY", takes: choice, choices: []string{"error", "warning", "info", "never"}, initial: "error",
			usage: "Exit with 1 from this severity on: error, warning, info or never."},
		ruleFlag, onlyFlag, skipFlag, configFlag,
		{name: "baseline", value: "FILE", takes: path,
			usage: "Count the findings that FILE holds and fail for new ones only; lintel baseline write makes it."},
		{name: "strict-baseline",
			usage: "Fail, too, for what the baseline holds and is no longer found."},
		{name: "staged",
			usage: "Read the designs as they are in git's index: what the next commit holds."},
		{name: "changed-since", value: "REVISION", takes: anything,
			usage: "Check only designs of which a file, imported ones and settings too, differs from a revision of git."},
		{name: "changed-files",
			usage: "The arguments are files that changed, and need not be designs: check the designs in this folder and below that take in one of them."},
		{name: "stdin-filename", value: "NAME", takes: path,
			usage: "The name to report for -; its ending says the format."},
		{name: "suggest", value: "HOW", takes: choice, choices: []string{"none", "quick", "full"}, initial: "quick",
			usage: "What suggestions tell of their effect: quick computes it as far as a fixed amount of work goes, full for all, with availability; none leaves suggestions out."},
		{name: "quiet", short: "q",
			usage: "Leave out the closing notes, and progress."},
	},
	examples: []example{
		{"lintel check", "the design in this folder"},
		{"lintel check ./... --fail-on warning", "all designs below it, strictly"},
		{"lintel check --format github --format sarif=lintel.sarif", "for a CI run"},
		{"lintel check shop.cue --only RES,single-point-of-failure", "some of the rules"},
		{"lintel check ./... --baseline .lintel-baseline.json", "only what is new"},
		{"lintel check --staged --changed-since HEAD ./...", "what the next commit changes"},
		{"cat shop.yaml | lintel check - --stdin-filename shop.yaml", "from a pipe"},
	},
	run: runCheck,
}

// The flags that say which rules run, and how. Other commands that run them have the same.
var (
	ruleFlag = flagSpec{name: "rule", value: "RULE=SEVERITY", many: true, takes: ruleSeverity,
		usage: "Set a rule's severity: off, info, warning or error. Wins over the settings of the design. May be repeated."}
	onlyFlag = flagSpec{name: "only", value: "RULES", many: true, takes: ruleOrCategory,
		usage: "Run only these rules: ids, names or categories, separated by commas. May be repeated."}
	skipFlag = flagSpec{name: "skip", value: "RULES", many: true, takes: ruleOrCategory,
		usage: "Leave these rules out. As --only."}
	configFlag = flagSpec{name: "config", value: "FILE", takes: path,
		usage: "Read the settings from FILE and not from the nearest .lintel.cue of each design."}
)

// checkOptions are the flags of check, read.
type checkOptions struct {
	outputs  []output
	failOn   rules.Severity
	settings rules.Settings
	config   string
	suggest  rules.Suggest
	quiet    bool
	load     schema.LoadOptions
	paths    []string
	baseline string // file, or ""
	strict   bool   // stale entries of the baseline fail
	staged   bool
	since    string // revision, or ""
	scope    *scope // nil: all designs that the paths name
}

func readCheckOptions(s *session, c *urfave.Context) (o checkOptions, err error) {
	if o.outputs, err = parseOutputs(c.StringSlice("format")); err != nil {
		return o, err
	}
	switch v := c.String("fail-on"); v {
	case "never":
		o.failOn = rules.Off
	case "info", "warning", "error":
		o.failOn, _ = rules.ParseSeverity(v)
	default:
		return o, badChoice("--fail-on", v, []string{"error", "warning", "info", "never"})
	}
	if err := o.readRuleFlags(c); err != nil {
		return o, err
	}
	var ok bool
	if o.suggest, ok = rules.ParseSuggest(c.String("suggest")); !ok {
		return o, badChoice("--suggest", c.String("suggest"), []string{"none", "quick", "full"})
	}
	o.quiet = c.Bool("quiet")
	o.baseline, o.strict = c.String("baseline"), c.Bool("strict-baseline")
	switch {
	case c.IsSet("baseline") && o.baseline == "":
		return o, usagef("--baseline names no file")
	case o.strict && o.baseline == "":
		return o, usagef("--strict-baseline wants a baseline").hint("--baseline %s", baseline.FileName)
	}
	o.staged, o.since = c.Bool("staged"), c.String("changed-since")
	if c.IsSet("changed-since") && o.since == "" {
		return o, usagef("--changed-since names no revision").hint("--changed-since HEAD, or check the variable that it came from")
	}
	o.load = s.loadOptions(c.String("stdin-filename"))
	o.paths = pathsOf(c)
	if !c.Bool("changed-files") {
		return o, nil
	}
	switch {
	case o.since != "":
		return o, usagef("--changed-since and --changed-files both say what changed").hint("leave one of them out")
	case c.Args().Len() == 0:
		return o, usagef("--changed-files wants the files that changed").hint("lintel check --changed-files FILE…")
	case slices.Contains(o.paths, "-"):
		return o, usagef("--changed-files takes names of files, and - is stdin").hint("leave one of them out")
	}
	o.scope, err = scopeOfFiles(o.paths)
	o.paths = []string{"./..."}
	return o, err
}

// readRuleFlags reads the flags that say which rules run.
func (o *checkOptions) readRuleFlags(c *urfave.Context) (err error) {
	if o.settings.Override, err = ruleSeverities(c.StringSlice("rule")); err != nil {
		return err
	}
	if o.settings.Only, err = ruleSet("--only", c.StringSlice("only")); err != nil {
		return err
	}
	if o.settings.Skip, err = ruleSet("--skip", c.StringSlice("skip")); err != nil {
		return err
	}
	if o.config = c.String("config"); c.IsSet("config") && o.config == "" {
		return usagef("--config names no file")
	}
	return nil
}

func (s *session) loadOptions(stdinFilename string) schema.LoadOptions {
	return schema.LoadOptions{Stdin: s.stdin, StdinFilename: stdinFilename}
}

// pathsOf returns the paths of the command line, or the working folder.
func pathsOf(c *urfave.Context) []string {
	if paths := c.Args().Slice(); len(paths) > 0 {
		return paths
	}
	return []string{"."}
}

func runCheck(s *session, c *urfave.Context) error {
	o, err := readCheckOptions(s, c)
	if err != nil {
		return err
	}
	p := &progress{}
	if !o.quiet {
		p = s.startProgress()
	}
	defer p.end()
	closing, err := s.fromGit(&o)
	if err != nil {
		return err
	}
	defer closing()
	r, inputs, err := check(o, p)
	if err != nil {
		return err
	}
	p.phase("computing effects", len(r.Results))
	tellEffects(r, o.suggest, p)
	p.end()
	if err := refuseInputs(o.outputs, inputs); err != nil {
		return err
	}
	s.tellErrors(r.Errors)
	if err := s.writeOutputs(o.outputs, r); err != nil {
		return err
	}
	if notesOnStderr(o.outputs) {
		for _, note := range report.ClosingNotes(r) {
			fmt.Fprintln(s.stderr, note)
		}
	}
	switch {
	case len(r.Errors) > 0:
		return exit(exitInput)
	case r.Failed():
		return exit(exitFindings)
	}
	return nil
}

// tellEffects computes what the suggestions of the open findings achieve.
func tellEffects(r *report.Report, how rules.Suggest, p *progress) {
	left := make([]int, len(r.Results))
	eachOnAllCores(len(r.Results), func(i int) {
		left[i] = rules.Effects(r.Results[i], how)
		p.step()
	})
	all := 0
	for _, n := range left {
		all += n
	}
	switch {
	case all == 1:
		r.Remarks = append(r.Remarks, "the effect of 1 suggestion was not computed; --suggest full computes it")
	case all > 1:
		r.Remarks = append(r.Remarks, fmt.Sprintf("the effects of %d suggestions were not computed; --suggest full computes them", all))
	}
}

// check loads the designs, runs the rules over them on all cores, gathers the results and takes out what the baseline
// knows. It also returns the files that it has read.
func check(o checkOptions, p *progress) (*report.Report, []string, error) {
	if o.baseline == "" {
		r, _, inputs, err := checkDesigns(o, p)
		return r, inputs, err
	}
	known, err := openBaseline(o.load, o.baseline)
	if err != nil {
		r := o.report()
		return r, []string{placeBaseline(o.load, o.baseline).path(o.load)}, takeErrors(r, err)
	}
	r, designs, inputs, err := checkDesigns(o, p)
	if err != nil {
		return nil, nil, err
	}
	known.apply(o.load, r, designs, o.strict)
	return r, append(inputs, known.path(o.load)), nil
}

// report gives an empty report.
func (o *checkOptions) report() *report.Report {
	return &report.Report{Version: versionOf().Version, FailOn: o.failOn, Prefix: repositoryPrefix(), Sources: map[string][]byte{}, Quiet: o.quiet}
}

// checkDesigns is check without a baseline. It also returns the designs that were checked.
func checkDesigns(o checkOptions, p *progress) (*report.Report, []*schema.Design, []string, error) {
	r := o.report()
	p.phase("reading designs", 0)
	designs, err := o.scope.load(o)
	if err := takeErrors(r, err); err != nil {
		return nil, nil, nil, err
	}
	files := newSettingsFiles(o.load, o.config)
	settings := make([]rules.Settings, 0, len(designs))
	ready := designs[:0:0]
	var lints []*schema.Lint
	for _, d := range designs {
		// A design whose settings are wrong is left out: its verdict would not be the one they ask for.
		lint, err := files.of(d)
		if err != nil {
			if err := takeErrors(r, err); err != nil {
				return nil, nil, nil, err
			}
			continue
		}
		if faults := rules.CheckSettings(&d.Lint, lint); len(faults) > 0 {
			r.Errors = append(r.Errors, withSnippets(faults, d.Sources)...)
			continue
		}
		own := o.settings
		own.File = lint
		ready, settings, lints = append(ready, d), append(settings, own), append(lints, &d.Lint, lint)
	}
	if len(ready) > 0 && len(r.Errors) == 0 {
		if err := refuseUnknownRules(o.settings, lints); err != nil {
			return nil, nil, nil, err
		}
	}
	if len(designs) == 0 && len(r.Errors) == 0 {
		none := "there is no design in " + strings.Join(o.paths, " ")
		if o.scope != nil {
			none = o.scope.none
		}
		r.Remarks = append(r.Remarks, none)
	}
	p.phase("checking designs", len(ready))
	today := time.Now()
	r.Results = make([]*rules.Result, len(ready))
	eachOnAllCores(len(ready), func(i int) {
		r.Results[i] = rules.Run(analyzer.New(ready[i]), settings[i], today)
		p.step()
	})
	r.Sort()
	for _, f := range files.used() {
		if len(f.lint.Waivers)+len(f.lint.Policies) > 0 {
			whole := o.config == "" && len(r.Errors) == 0 && checkedAll(f.path, ready, o.load.Dir)
			r.Settings = append(r.Settings, rules.StaleWaivers(f.lint, o.settings, r.Results, whole, today)...)
		}
	}
	for name, text := range files.sources {
		r.Sources[name] = text
	}
	return r, ready, inputsOf(designs, r.Errors, files), nil
}

// takeErrors adds the faults of the input to the report and returns any other error.
func takeErrors(r *report.Report, err error) error {
	faults, other := asFaults(err)
	r.Errors = append(r.Errors, faults...)
	return other
}

// asFaults tells the faults of the input from any other error.
func asFaults(err error) (schema.Errors, error) {
	var faults schema.Errors
	if errors.As(err, &faults) {
		return faults, nil
	}
	return nil, err
}

// tellErrors prints the faults of the input on stderr, each with its place, source line and hint.
func (s *session) tellErrors(faults schema.Errors) {
	report.Errors(s.stderr, faults, report.TextOptions{Width: widthOf(s.stderr), Color: s.colored(s.stderr)})
}

// eachOnAllCores calls do(0) … do(n-1), several at a time. A panic in one of them is passed on to the caller
// with its own stack.
func eachOnAllCores(n int, do func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	var failure atomic.Pointer[taskPanic]
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					failure.CompareAndSwap(nil, &taskPanic{p, debug.Stack()})
				}
			}()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	group.Wait()
	if p := failure.Load(); p != nil {
		panic(p)
	}
}

// taskPanic carries a panic from one goroutine to another.
type taskPanic struct {
	value any
	stack []byte
}

func (p *taskPanic) Error() string { return fmt.Sprint(p.value) }

// repositoryPrefix returns the working folder below the nearest folder that holds .git, slash-separated,
// and "" where there is none.
func repositoryPrefix() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for root := dir; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, ".git")); err == nil {
			rel, err := filepath.Rel(root, dir)
			if err != nil || rel == "." {
				return ""
			}
			return filepath.ToSlash(rel)
		}
		if root == filepath.Dir(root) {
			return ""
		}
	}
}
