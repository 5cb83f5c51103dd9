package report

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"lintel/rules"
)

// validateJSON holds a text to a JSON Schema.
func validateJSON(t *testing.T, schemaFile string, text []byte) {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// validateXML holds a text to an XML Schema. Go has no validator for it, so xmllint does the work; CI has
// to have it.
func validateXML(t *testing.T, schemaFile string, text []byte) {
	t.Helper()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("xmllint is not installed (Debian: libxml2-utils)")
		}
		t.Skip("xmllint is not installed (Debian: libxml2-utils)")
	}
	cmd := exec.Command(xmllint, "--noout", "--nonet", "--schema", schemaFile, "-")
	cmd.Stdin = bytes.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s\n%s", err, out, text)
	}
}

func written(t *testing.T, format string, r *Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := formats[format](&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestValidAgainstSchemas(t *testing.T) {
	for _, c := range []struct {
		format, schema string
		validate       func(*testing.T, string, []byte)
	}{
		{"json", "../../docs/schemas/check.schema.json", validateJSON},
		{"sarif", "testdata/schemas/sarif-2.1.0.json", validateJSON},
		{"gitlab", "testdata/schemas/gitlab-code-quality.json", validateJSON},
		{"junit", "testdata/schemas/junit-jenkins.xsd", validateXML},
		{"checkstyle", "testdata/schemas/checkstyle.xsd", validateXML},
	} {
		for name, r := range samples(t) {
			t.Run(c.format+"/"+name, func(t *testing.T) { c.validate(t, c.schema, written(t, c.format, r)) })
		}
	}
}

// TestSchemasRefuse makes sure that the schemas are no open doors.
func TestSchemasRefuse(t *testing.T) {
	for schema, text := range map[string]string{
		"../../docs/schemas/check.schema.json":      `{"schemaVersion": 1}`,
		"testdata/schemas/sarif-2.1.0.json":         `{"version": "2.1.0", "runs": [{"results": []}]}`,
		"testdata/schemas/gitlab-code-quality.json": `[{"description": "x", "check_name": "x", "fingerprint": "x", "severity": "bad", "location": {"path": "x", "lines": {"begin": 1}}}]`,
	} {
		s, err := jsonschema.NewCompiler().Compile(schema)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(v) == nil {
			t.Errorf("%s accepts %s", filepath.Base(schema), text)
		}
	}
}

// TestEveryFieldIsPresent holds the JSON to its promise: no null but for waivers.
func TestEveryFieldIsPresent(t *testing.T) {
	for name, r := range samples(t) {
		var v any
		if err := json.Unmarshal(written(t, "json", r), &v); err != nil {
			t.Fatal(err)
		}
		var walk func(path string, v any)
		walk = func(path string, v any) {
			switch v := v.(type) {
			case nil:
				if !strings.HasSuffix(path, ".waiver") {
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

// TestWhatGitHubWants checks the demands on SARIF that its schema does not make.
func TestWhatGitHubWants(t *testing.T) {
	for name, r := range samples(t) {
		var log sarifLog
		if err := json.Unmarshal(written(t, "sarif", r), &log); err != nil {
			t.Fatal(err)
		}
		run := log.Runs[0]
		if run.Results == nil {
			t.Errorf("%s: no results", name)
		}
		seen := map[string]bool{}
		for _, res := range run.Results {
			rule := run.Tool.Driver.Rules[res.RuleIndex]
			if rule.ID != res.RuleID || rule.Help.Text == "" || rule.Help.Markdown == "" || rule.ShortDescription.Text == "" || rule.FullDescription.Text == "" {
				t.Errorf("%s: rule %s is not described", name, res.RuleID)
			}
			for _, key := range []string{"primaryLocationLineHash", "lintel/v1"} {
				if id := key + res.Partial[key]; res.Partial[key] == "" || seen[id] {
					t.Errorf("%s: fingerprint %s is empty or used twice", name, id)
				} else {
					seen[id] = true
				}
			}
			if reg := res.Locations[0].Physical.Region; reg == nil || reg.StartLine < 1 || reg.StartColumn < 1 || reg.EndLine < 1 || reg.EndColumn < 1 {
				t.Errorf("%s: region %+v", name, reg)
			}
			for _, rel := range res.Related {
				if !strings.Contains(res.Message.Text, "]("+string(rune('0'+rel.ID))+")") {
					t.Errorf("%s: related place %d is not linked in %q", name, rel.ID, res.Message.Text)
				}
			}
			for _, l := range append(res.Locations, res.Related...) {
				u, err := url.Parse(l.Physical.Artifact.URI)
				if err != nil {
					t.Errorf("%s: %v", name, err)
				} else if (u.Scheme == "") != (l.Physical.Artifact.URIBaseID == sourceRoot) {
					t.Errorf("%s: address %q", name, u)
				}
			}
		}
	}
}

// TestUTF16Columns: SARIF counts UTF-16 code units, the model bytes.
func TestUTF16Columns(t *testing.T) {
	res := shop(t)
	r := &Report{Results: []*rules.Result{res}}
	lines := newLines(r)
	for _, c := range []struct{ line, column, want int }{
		{7, 2, 2},
		{8, 73, 68},   // past a character of 2 bytes and 1 unit and two of 3 bytes and 1 unit
		{9, 10, 6},    // past two characters of 3 bytes
		{9, 400, 396}, // past the end of the line
		{99, 5, 5},    // no such line
	} {
		if got := lines.utf16Column(res, res.Design.Path, c.line, c.column); got != c.want {
			t.Errorf("line %d, byte column %d: got %d, want %d", c.line, c.column, got, c.want)
		}
	}
}

// TestFingerprintsAreUnique: two designs of one name must not hide each other's findings.
func TestFingerprintsAreUnique(t *testing.T) {
	for name, r := range samples(t) {
		var issues []gitlabIssue
		if err := json.Unmarshal(written(t, "gitlab", r), &issues); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, i := range issues {
			if seen[i.Fingerprint] {
				t.Errorf("%s: fingerprint %s twice", name, i.Fingerprint)
			}
			seen[i.Fingerprint] = true
		}
	}
}

// TestNoControlCharacters: no name or source line reaches a terminal, a log or a page as it is.
func TestNoControlCharacters(t *testing.T) {
	r := samples(t)["many"]
	for format := range formats {
		if format == "text-color" {
			continue
		}
		for _, c := range string(written(t, format, r)) {
			if c < ' ' && c != '\n' || c == 0x7f || c == 0x202e {
				t.Errorf("%s holds %q", format, c)
			}
		}
	}
	for line := range strings.Lines(string(written(t, "github", r))) {
		if strings.HasPrefix(strings.TrimSpace(line), "::error::") && !strings.Contains(line, "designs/a b,c") {
			t.Errorf("a line that GitHub could take for a command: %q", line)
		}
	}
}

// TestFits: no line of the text report is wider than the terminal, but for single words.
func TestFits(t *testing.T) {
	for _, w := range []int{80, 100, 120} {
		for name, r := range samples(t) {
			var b bytes.Buffer
			if err := Text(&b, r, TextOptions{Width: w}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				line = strings.TrimRight(line, "\n")
				if n := width(line); n > w {
					t.Errorf("%s at %d columns: %d in %q", name, w, n, line)
				}
				if strings.TrimRight(line, " ") != line {
					t.Errorf("%s at %d columns: blanks at the end of %q", name, w, line)
				}
			}
		}
	}
}

// TestRulesAreDescribed: the rules of the catalogue carry their pages into SARIF.
func TestRulesAreDescribed(t *testing.T) {
	for _, rule := range rules.All() {
		d := describeRule(rule)
		for _, section := range []string{"## What it means", "## Why it matters", "## How to fix"} {
			if !strings.Contains(d.Help.Markdown, section) {
				t.Errorf("%s: the help has no section %q", rule.ID, section)
			}
		}
	}
}
