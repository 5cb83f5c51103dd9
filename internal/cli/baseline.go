package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/internal/baseline"
	"lintel/internal/report"
	"lintel/schema"
)

var baselineFileFlag = flagSpec{name: "file", short: "o", value: "FILE", takes: path, initial: baseline.FileName, usage: "The baseline."}

var baselineQuietFlag = flagSpec{name: "quiet", short: "q", usage: "Do not say what was done, and show no progress."}

var baselineCommand = &command{
	name: "baseline", summary: "Keep the findings that are known, so that only new ones fail",
	about: `A baseline is a file with the findings that a team knows of and has not mended
yet. lintel check --baseline FILE counts these and fails for new ones only. The
file belongs into git: it is sorted, has a line for each finding, and merges.

A finding stays known when lines move, declarations change their order or files
are renamed.`,
	parts: []*command{baselineWriteCommand, baselinePruneCommand, baselineShowCommand},
	examples: []example{
		{"lintel baseline write ./...", "take down what is found now"},
		{"lintel check ./... --baseline .lintel-baseline.json", "fail for new findings only"},
		{"lintel baseline prune ./...", "take out what was mended"},
	},
}

var baselineWriteCommand = &command{
	name: "baseline write", args: "[PATH…]", takes: design, maxArgs: -1,
	summary: "Write all that is found into a baseline",
	about: `Checks the designs as lintel check does and writes what it finds, of every
severity but what is waived, into FILE. Of a baseline that is there already, the
entries of designs that were not checked and of rules that did not run stay. A file
that is no baseline is not written over, and nothing is written where a design does
not load.`,
	flags: []flagSpec{baselineFileFlag, ruleFlag, onlyFlag, skipFlag, configFlag, baselineQuietFlag},
	examples: []example{
		{"lintel baseline write ./...", "of all designs below this folder"},
		{"lintel baseline write legacy -o legacy/baseline.json", "of one, to a file of its own"},
	},
	run: runBaselineWrite,
}

var baselinePruneCommand = &command{
	name: "baseline prune", args: "[PATH…]", takes: design, maxArgs: -1,
	summary: "Take out of a baseline what is no longer found",
	about: `Checks the designs as lintel check does and takes the findings that are no longer
there out of FILE; nothing is added. Entries of designs that were not checked and of
rules that did not run stay.`,
	flags: []flagSpec{baselineFileFlag, ruleFlag, onlyFlag, skipFlag, configFlag, baselineQuietFlag},
	examples: []example{
		{"lintel baseline prune ./...", "after some findings were mended"},
	},
	run: runBaselinePrune,
}

var baselineShowCommand = &command{
	name: "baseline show", args: "[PATH…]", takes: design, maxArgs: -1,
	summary: "Show what a baseline holds",
	about: `Prints a line for each known finding: the path of its design from the folder of
the baseline, the rule, and what was found when it was written. With PATH, only those of
the designs at these paths and below. The designs themselves are not read.`,
	flags: []flagSpec{baselineFileFlag, baselineQuietFlag},
	examples: []example{
		{"lintel baseline show", "all of it"},
		{"lintel baseline show shop --file old.json", "of one design, from another file"},
	},
	run: runBaselineShow,
}

// readBaselineOptions reads the flags of the commands that check designs against a baseline.
func readBaselineOptions(s *session, c *urfave.Context) (o checkOptions, err error) {
	if err := o.readRuleFlags(c); err != nil {
		return o, err
	}
	o.quiet = c.Bool("quiet")
	o.load, o.paths = s.loadOptions(""), pathsOf(c)
	o.baseline, err = fileOfBaseline(c)
	return o, err
}

func fileOfBaseline(c *urfave.Context) (string, error) {
	if c.String("file") == "" {
		return "", usagef("--file names no file")
	}
	return c.String("file"), nil
}

// found judges the designs for a baseline. The faults of the input are told, and end the command.
func (s *session) found(o checkOptions) (*report.Report, []*schema.Design, error) {
	p := &progress{}
	if !o.quiet {
		p = s.startProgress()
	}
	defer p.end()
	r, designs, inputs, err := checkDesigns(o, p)
	if err != nil {
		return nil, nil, err
	}
	p.end()
	if len(r.Errors) > 0 {
		s.tellErrors(r.Errors)
		return nil, nil, exit(exitInput)
	}
	if over := overInput(o.baseline, inputs); over != "" {
		return nil, nil, usagef("--file %s would write the baseline over %s", o.baseline, over).hint("name another file")
	}
	return r, designs, nil
}

func runBaselineWrite(s *session, c *urfave.Context) error {
	o, err := readBaselineOptions(s, c)
	if err != nil {
		return err
	}
	old, err := openOldBaseline(o)
	if err != nil {
		return s.refuseBaseline(o.baseline, err)
	}
	r, designs, err := s.found(o)
	if err != nil {
		return err
	}
	m, run := old.match(o.load, r, designs)
	renewed := m.Renewed(run)
	if err := s.writeBaseline(old, o, renewed); err != nil {
		return err
	}
	if !o.quiet {
		gone := 0
		for _, e := range m.Stale {
			gone += e.Gone
		}
		total := renewed.Findings()
		line := fmt.Sprintf("%s: %s", o.baseline, counted(total, "known finding"))
		if old.text != nil {
			fresh := total - (old.Findings() - gone)
			line += fmt.Sprintf(" (%d new, %d gone)", fresh, gone)
		}
		fmt.Fprintln(s.stderr, printable(line))
	}
	return nil
}

// openOldBaseline reads the baseline that is about to be written anew. One that is not there, or an empty file, is an
// empty baseline.
func openOldBaseline(o checkOptions) (*baselineFile, error) {
	b := placeBaseline(o.load, o.baseline)
	info, err := os.Stat(b.path(o.load))
	if errors.Is(err, os.ErrNotExist) || err == nil && (info.Size() == 0 || !info.Mode().IsRegular() && !info.IsDir()) {
		return b, nil
	}
	return openBaseline(o.load, o.baseline)
}

// refuseBaseline tells why a baseline cannot be worked with.
func (s *session) refuseBaseline(name string, err error) error {
	faults, other := asFaults(err)
	if other != nil {
		return other
	}
	s.tellErrors(faults)
	return exit(exitInput)
}

func (s *session) writeBaseline(old *baselineFile, o checkOptions, b *baseline.Baseline) error {
	return s.writeAll([]written{{old.path(o.load), b.Format()}}, nil)
}

func runBaselinePrune(s *session, c *urfave.Context) error {
	o, err := readBaselineOptions(s, c)
	if err != nil {
		return err
	}
	old, err := openBaseline(o.load, o.baseline)
	if err != nil {
		return s.refuseBaseline(o.baseline, err)
	}
	r, designs, err := s.found(o)
	if err != nil {
		return err
	}
	m, _ := old.match(o.load, r, designs)
	pruned := m.Pruned()
	if len(m.Stale) > 0 {
		if err := s.writeBaseline(old, o, pruned); err != nil {
			return err
		}
	}
	if !o.quiet {
		left := pruned.Findings()
		fmt.Fprintln(s.stderr, printable(fmt.Sprintf("%s: %s gone, %d left", o.baseline, counted(old.Findings()-left, "finding"), left)))
	}
	return nil
}

func runBaselineShow(s *session, c *urfave.Context) error {
	name, err := fileOfBaseline(c)
	if err != nil {
		return err
	}
	load := s.loadOptions("")
	b, err := openBaseline(load, name)
	if err != nil {
		return s.refuseBaseline(name, err)
	}
	entries := b.Entries
	if paths := c.Args().Slice(); len(paths) > 0 {
		if entries, err = b.below(load, paths); err != nil {
			return err
		}
	}
	var text strings.Builder
	designs, total := map[string]bool{}, 0
	for i := range entries {
		e := &entries[i]
		times := ""
		if n := e.Findings(); n > 1 {
			times = fmt.Sprintf(" (%d times)", n)
		}
		fmt.Fprintf(&text, "%s: %s %s%s\n", report.Visible(e.Design), report.Visible(e.Rule), report.Visible(e.Message), times)
		designs[e.Design] = true
		total += e.Findings()
	}
	if err := s.print(text.String()); err != nil {
		return err
	}
	if !c.Bool("quiet") {
		fmt.Fprintf(s.stderr, "%s in %s\n", counted(total, "known finding"), counted(len(designs), "design"))
	}
	return nil
}

// below gives the entries of the designs at paths and below.
func (b *baselineFile) below(load schema.LoadOptions, paths []string) ([]baseline.Entry, error) {
	var roots []string
	for _, p := range paths {
		p = strings.TrimSuffix(filepath.ToSlash(p), "/...")
		abs := filepath.FromSlash(p)
		if !filepath.IsAbs(abs) {
			abs = filepath.Join(load.Dir, abs)
		}
		rel, err := filepath.Rel(b.folder, resolved(abs))
		if err != nil {
			return nil, usagef("%s lies on another volume than the baseline", p)
		}
		root := filepath.ToSlash(rel)
		if !slices.ContainsFunc(b.Entries, func(e baseline.Entry) bool { return isBelow(e.Design, root) }) {
			return nil, usagef("the baseline %s holds nothing of %s", b.name, p).hint("lintel baseline show without a path shows all that it holds")
		}
		roots = append(roots, root)
	}
	return slices.DeleteFunc(slices.Clone(b.Entries), func(e baseline.Entry) bool {
		return !slices.ContainsFunc(roots, func(root string) bool { return isBelow(e.Design, root) })
	}), nil
}

// isBelow reports whether a slash-separated path is the root or lies below it.
func isBelow(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/") || root == "." && !strings.HasPrefix(path, "../")
}

// counted gives "1 finding" or "2 findings".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
