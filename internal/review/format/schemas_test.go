package format

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"lintel/internal/report"
)

func written(t *testing.T, format string, r *Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := formats[format](&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestValidAgainstSchemas holds JSON to the schema that docs/ promises, and SARIF to the standard's.
func TestValidAgainstSchemas(t *testing.T) {
	for format, file := range map[string]string{
		"json":  "../../../docs/schemas/review.schema.json",
		"sarif": "../../report/testdata/schemas/sarif-2.1.0.json",
	} {
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		s, err := c.Compile(file)
		if err != nil {
			t.Fatal(err)
		}
		for name, r := range samples(t) {
			text := written(t, format, r)
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if err := s.Validate(v); err != nil {
				t.Errorf("%s %s: %v", name, format, err)
			}
		}
		v, _ := jsonschema.UnmarshalJSON(strings.NewReader(`{"schemaVersion": 1, "version": "2.1.0", "runs": [{"results": []}]}`))
		if s.Validate(v) == nil {
			t.Errorf("%s accepts anything", file)
		}
	}
}

// TestEveryFieldIsPresent holds the JSON to its promise: null stands only for figures of a state without them, and for
// no waiver.
func TestEveryFieldIsPresent(t *testing.T) {
	allowed := regexp.MustCompile(`\.waiver$|\.(journeys|figures|modules)\[\]\.(old|new)$`)
	for name, r := range samples(t) {
		var v any
		if err := json.Unmarshal(written(t, "json", r), &v); err != nil {
			t.Fatal(err)
		}
		var walk func(path string, v any)
		walk = func(path string, v any) {
			switch v := v.(type) {
			case nil:
				if !allowed.MatchString(path) {
					t.Errorf("%s: %s is null", name, path)
				}
			case []any:
				for _, e := range v {
					walk(path+"[]", e)
				}
			case map[string]any:
				for k, e := range v {
					walk(path+"."+k, e)
				}
			}
		}
		walk("", v)
	}
}

// TestSARIFHoldsNewFindings: what is as before, fixed or waived is no result, and all results are new.
func TestSARIFHoldsNewFindings(t *testing.T) {
	for name, r := range samples(t) {
		var log struct {
			Runs []struct {
				Results []struct{ BaselineState, RuleID string }
			}
		}
		if err := json.Unmarshal(written(t, "sarif", r), &log); err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, d := range r.Designs {
			for _, f := range slices.Concat(d.Findings.New, d.Findings.NewlyKnown) {
				want = append(want, f.Rule.ID)
			}
		}
		var got []string
		for _, res := range log.Runs[0].Results {
			got = append(got, res.RuleID)
			if res.BaselineState != "new" {
				t.Errorf("%s: baselineState %q", name, res.BaselineState)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: results %v, want %v", name, got, want)
		}
	}
}

// TestGitHubAnnotatesNewFindings: one command for each new finding and fault, and no other text is read for commands.
func TestGitHubAnnotatesNewFindings(t *testing.T) {
	for name, r := range samples(t) {
		commands, text, _ := strings.Cut(string(written(t, "github", r)), "::stop-commands::")
		want := len(r.New.Errors)
		for _, d := range r.Designs {
			want += len(d.Findings.New) + len(d.Findings.NewlyKnown)
		}
		if got := strings.Count(commands, "\n"); got != want {
			t.Errorf("%s: %d annotations, want %d:\n%s", name, got, want, commands)
		}
		token, _, _ := strings.Cut(text, "\n")
		if !strings.HasSuffix(text, "\n::"+token+"::\n") {
			t.Errorf("%s: commands are not read again:\n%s", name, text)
		}
	}
}

// TestFits: no line of the text is wider than the terminal, but for single words.
func TestFits(t *testing.T) {
	for _, w := range []int{40, 80, 120} {
		for name, r := range samples(t) {
			var b bytes.Buffer
			if err := Text(&b, r, TextOptions{Width: w}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				line = strings.TrimRight(line, "\n")
				if n := report.TextWidth(line); n > w && w >= 80 {
					t.Errorf("%s at %d columns: %d in %q", name, w, n, line)
				}
				if strings.TrimRight(line, " ") != line {
					t.Errorf("%s at %d columns: blanks at the end of %q", name, w, line)
				}
			}
		}
	}
}

// TestFailed holds the meaning of --fail-on.
func TestFailed(t *testing.T) {
	for name, want := range map[string]map[FailOn]bool{
		"shop": {NewError: true, NewWarning: true, Any: true, Never: false},
		"same": {NewError: false, NewWarning: false, Any: false, Never: false},
	} {
		r := samples(t)[name]
		for on, failed := range want {
			if r.FailOn = on; r.Failed() != failed {
				t.Errorf("%s, %s: %t", name, on, r.Failed())
			}
		}
	}
}
