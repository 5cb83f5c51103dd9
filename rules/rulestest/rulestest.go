// Package rulestest runs the rules on designs that state in comments what is to be found in them,
// in the manner of golang.org/x/tools/go/analysis/analysistest.
//
// A comment on a line expects findings located on that line:
//
//	orders: {replicas: 1} // want RES001 "single point of failure" REP001 "fewer"
//
// Each pair is a rule's id and a regular expression that must match the message, in double quotes
// or backquotes. Every finding must be expected and every expectation met. Only the rule that the
// folder is named after is looked at, unless a comment before the first other line of the file says
// otherwise (in a package, of any of its files):
//
//	// rules: RES001 REP001
//	// rules: all
//
// A design may also state what could not be checked; where it does, it must state all of it for the
// rules that are looked at, one rule and list of fields a line:
//
//	// unchecked: REP006 1 backup
package rulestest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/schema"
)

// Today is the day of all runs, by which waivers expire.
var Today = time.Date(2026, time.June, 15, 0, 0, 0, 0, time.UTC)

// Run runs all rules on each design in dir, a folder named after the rule under test, and compares
// what they find with what the designs expect. A design is a file, or a sub-folder that holds a
// package of several files.
func Run(t *testing.T, dir string) {
	t.Helper()
	for _, path := range Designs(t, dir) {
		t.Run(filepath.Base(path), func(t *testing.T) { check(t, filepath.Base(dir), path) })
	}
}

// Designs lists the designs in dir as paths for schema.Load, sorted.
func Designs(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, e := range entries {
		switch filepath.Ext(e.Name()) {
		case ".cue", ".json", ".yaml", ".yml":
		default:
			if !e.IsDir() {
				continue
			}
		}
		paths = append(paths, filepath.Join(dir, e.Name()))
	}
	if len(paths) == 0 {
		t.Fatalf("%s holds no design", dir)
	}
	return paths
}

// Load loads the design at path, which must be valid.
func Load(t *testing.T, path string) *schema.Design {
	t.Helper()
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = "./" + filepath.ToSlash(path)
	}
	designs, err := schema.Load(schema.LoadOptions{}, path)
	return only(t, designs, err)
}

// Parse loads the design that a text in CUE states; its findings are located in "design.cue".
func Parse(t *testing.T, text string) *schema.Design {
	t.Helper()
	designs, err := schema.Load(schema.LoadOptions{Stdin: strings.NewReader(text), StdinFilename: "design.cue"}, "-")
	return only(t, designs, err)
}

func only(t *testing.T, designs []*schema.Design, err error) *schema.Design {
	t.Helper()
	if err != nil {
		t.Fatalf("the design is not valid:\n%v", err)
	}
	if len(designs) != 1 {
		t.Fatalf("got %d designs, want one", len(designs))
	}
	if errs := rules.CheckSettings(&designs[0].Lint); len(errs) > 0 {
		t.Fatalf("the settings are not valid:\n%v", errs)
	}
	return designs[0]
}

// Check runs the rules on a design.
func Check(d *schema.Design, s rules.Settings) *rules.Result {
	return rules.Run(analyzer.New(d), s, Today)
}

// expectation is one pair of a want comment, or an unchecked comment.
type expectation struct {
	file    string
	line    int
	rule    string
	message *regexp.Regexp
	met     bool
}

type expectations struct {
	findings  []*expectation
	unchecked []string
	rules     []string // "all", or ids; empty: the folder's
}

func check(t *testing.T, rule, path string) {
	d := Load(t, path)
	var want expectations
	for _, file := range d.Files {
		text, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil {
			t.Fatal(err)
		}
		if err := want.read(file, string(text)); err != nil {
			t.Fatal(err)
		}
	}
	looksAt := func(id string) bool {
		if len(want.rules) == 0 {
			return id == rule
		}
		return want.rules[0] == "all" || slices.Contains(want.rules, id)
	}
	for _, e := range want.findings {
		if _, ok := rules.Find(e.rule); !ok || !looksAt(e.rule) {
			t.Errorf("%s:%d: expects a finding of %s, which is not looked at", e.file, e.line, e.rule)
			e.met = true
		}
	}
	res := Check(d, rules.Settings{})
	for i := range res.Findings {
		f := &res.Findings[i]
		if looksAt(f.Rule.ID) && !want.meet(f) {
			t.Errorf("%s: unexpected finding: %s %s: %s", f.Location, f.Severity, f.Rule.ID, f.Message)
		}
	}
	for _, e := range want.findings {
		if !e.met {
			t.Errorf("%s:%d: no finding of %s that matches %q", e.file, e.line, e.rule, e.message)
		}
	}
	if want.unchecked != nil {
		var got []string
		for _, u := range res.Unchecked {
			if looksAt(u.Rule.ID) {
				why := strings.Join(u.Fields, " ")
				if u.Bound != "" {
					why = "bound by " + u.Bound
				}
				got = append(got, fmt.Sprintf("%s %d %s", u.Rule.ID, u.Count, why))
			}
		}
		slices.Sort(got)
		slices.Sort(want.unchecked)
		if !slices.Equal(got, want.unchecked) {
			t.Errorf("could not check:\n\t%s\nwant:\n\t%s", strings.Join(got, "\n\t"), strings.Join(want.unchecked, "\n\t"))
		}
	}
}

// meet marks the first expectation that f meets.
func (want *expectations) meet(f *rules.Finding) bool {
	for _, e := range want.findings {
		if !e.met && e.file == f.Location.File && e.line == f.Location.StartLine && e.rule == f.Rule.ID && e.message.MatchString(f.Message) {
			e.met = true
			return true
		}
	}
	return false
}

var (
	wantComment      = regexp.MustCompile(`(?://|#) want (.*)$`)
	rulesComment     = regexp.MustCompile(`^(?://|#) rules: (.*)$`)
	uncheckedComment = regexp.MustCompile(`^\s*(?://|#) unchecked: (.*)$`)
	ruleOfPair       = regexp.MustCompile(`^\s*([A-Z]{3}[0-9]{3})\s+`)
)

func (want *expectations) read(file, text string) error {
	head := true
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, "\r")
		isComment := strings.HasPrefix(line, "//") || strings.HasPrefix(line, "#")
		if m := rulesComment.FindStringSubmatch(line); m != nil {
			if !head {
				return fmt.Errorf("%s:%d: the rules that are looked at are named before the design begins", file, i+1)
			}
			want.rules = append(want.rules, strings.Fields(m[1])...)
		}
		if m := uncheckedComment.FindStringSubmatch(line); m != nil {
			want.unchecked = append(want.unchecked, strings.Join(strings.Fields(m[1]), " "))
		}
		if m := wantComment.FindStringSubmatch(line); m != nil {
			if err := want.readPairs(file, i+1, m[1]); err != nil {
				return fmt.Errorf("%s:%d: %w", file, i+1, err)
			}
		}
		if !isComment && strings.TrimSpace(line) != "" {
			head = false
		}
	}
	return nil
}

func (want *expectations) readPairs(file string, line int, text string) error {
	for strings.TrimSpace(text) != "" {
		m := ruleOfPair.FindStringSubmatch(text)
		if m == nil {
			return fmt.Errorf("%q does not begin with the id of a rule", text)
		}
		text = text[len(m[0]):]
		quoted, err := strconv.QuotedPrefix(text)
		if err != nil {
			return fmt.Errorf("no quoted regular expression after %s: %w", m[1], err)
		}
		text = text[len(quoted):]
		pattern, err := strconv.Unquote(quoted)
		if err != nil {
			return fmt.Errorf("%s: %w", quoted, err)
		}
		if pattern == "" {
			return fmt.Errorf("the expression after %s is empty and matches anything", m[1])
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			return err
		}
		want.findings = append(want.findings, &expectation{file: file, line: line, rule: m[1], message: re})
	}
	return nil
}
