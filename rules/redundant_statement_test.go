package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

// TestRedundantStatementsCanBeDropped drops what HYG005 tells, line by line, from designs of all sorts: every other finding
// stays.
func TestRedundantStatementsCanBeDropped(t *testing.T) {
	dropped := 0
	for _, pattern := range []string{"testdata/*/*.cue", "testdata/*/*.yaml", "../testdata/designs/*/design.cue", "../testdata/outages/*/*.cue"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dropped += dropRedundant(t, path, string(text))
		}
	}
	if dropped < 15 {
		t.Errorf("%d statements were dropped", dropped)
	}
}

func dropRedundant(t *testing.T, path, text string) int {
	all := map[string]rules.Severity{"HYG005": rules.Info}
	load := func(text string) *rules.Result {
		designs, err := schema.Load(schema.LoadOptions{Stdin: strings.NewReader(text), StdinFilename: "design" + filepath.Ext(path)}, "-")
		if err != nil || len(designs) != 1 {
			t.Fatalf("%s: %v\n%s", path, err, text)
		}
		return rulestest.Check(designs[0], rules.Settings{Override: all})
	}
	others := func(res *rules.Result) string {
		var out []string
		for i := range res.Findings {
			if f := &res.Findings[i]; f.Rule.ID != "HYG005" {
				out = append(out, fmt.Sprint(f.Rule.ID, f.Severity, f.Subject, f.Message, f.Suggestions, f.Path, f.Journeys))
			}
		}
		for _, u := range res.Unchecked {
			out = append(out, fmt.Sprint(u.Rule.ID, u.Fields, u.Count))
		}
		slices.Sort(out)
		return strings.Join(out, "\n")
	}
	designs, err := schema.Load(schema.LoadOptions{Stdin: strings.NewReader(text), StdinFilename: "design" + filepath.Ext(path)}, "-")
	if err != nil || len(designs) != 1 {
		return 0 // one of several files
	}
	before := rulestest.Check(designs[0], rules.Settings{Override: all})
	lines := strings.SplitAfter(text, "\n")
	var whole []int // lines that state nothing else
	for i := range before.Findings {
		f := &before.Findings[i]
		name := f.Key[strings.LastIndex(f.Key, ".")+1:]
		if line := f.Location.StartLine - 1; f.Rule.ID == "HYG005" && strings.HasPrefix(strings.TrimSpace(lines[line]), name+":") && !strings.ContainsAny(strings.SplitN(lines[line], "//", 2)[0], ",{") {
			whole = append(whole, line)
		}
	}
	for _, set := range append(sets(whole), whole) {
		without := slices.Clone(lines)
		for _, l := range set {
			without[l] = "\n"
		}
		if want, got := others(before), others(load(strings.Join(without, ""))); got != want {
			t.Errorf("%s without line %v: got\n%s\nwant\n%s", path, set, got, want)
		}
	}
	return len(whole)
}

// sets gives the sets of one element each.
func sets(list []int) (out [][]int) {
	for _, x := range list {
		out = append(out, []int{x})
	}
	return out
}
