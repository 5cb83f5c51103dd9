package rules_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

func TestCatalogueHasNoGaps(t *testing.T) {
	if err := rules.Validate(rules.All()); err != nil {
		t.Error(err)
	}
	for _, r := range rules.All() {
		for _, name := range []string{r.ID, r.Name} {
			if got, ok := rules.Find(name); !ok || got != r {
				t.Errorf("Find(%q) does not give %s", name, r.ID)
			}
		}
	}
}

func TestNoPageOrFolderWithoutRule(t *testing.T) {
	for _, pattern := range []string{"pages/*", "testdata/*"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			id := strings.TrimSuffix(filepath.Base(path), ".md")
			if r, ok := rules.Find(id); id != failedCases && (!ok || r.ID != id) {
				t.Errorf("%s: there is no rule %s", path, id)
			}
		}
	}
}

// TestEveryRule holds each rule to what the framework promises of it, on the designs of its page
// and its folder.
func TestEveryRule(t *testing.T) {
	for _, r := range rules.All() {
		t.Run(r.ID, func(t *testing.T) {
			page, err := rules.ReadPage(r)
			if err != nil {
				t.Fatal(err)
			}
			t.Run("bad design", func(t *testing.T) { testBadDesign(t, r, page.Bad) })
			t.Run("good design", func(t *testing.T) { testGoodDesign(t, r, page.Good) })
			t.Run("waived", func(t *testing.T) { testWaived(t, r, page.Bad) })
			t.Run("settings", func(t *testing.T) { testSettings(t, r, page.Bad) })
			t.Run("fixtures", func(t *testing.T) { testFixtures(t, r) })
			if !strings.Contains(rules.Doc(r), "`lintel check --format concise` finds:") {
				t.Error("the documentation lacks what lintel says about the bad design")
			}
		})
	}
}

// of returns the findings of a rule.
func of(r *rules.Rule, list []rules.Finding) []rules.Finding {
	var out []rules.Finding
	for _, f := range list {
		if f.Rule == r {
			out = append(out, f)
		}
	}
	return out
}

func testBadDesign(t *testing.T, r *rules.Rule, design string) {
	all := rulestest.Check(rulestest.Parse(t, design), rules.Settings{}).Findings
	found := of(r, all)
	if len(found) == 0 {
		t.Fatal("no finding in the page's bad design")
	}
	fingerprints := map[string]bool{}
	for i := range all {
		f := &all[i]
		if fingerprints[f.Fingerprint()] {
			t.Errorf("the fingerprint of %q is not unique", f.Message)
		}
		fingerprints[f.Fingerprint()] = true
	}
	for _, f := range found {
		if !f.Location.IsKnown() || f.Location.StartLine != f.Location.EndLine {
			t.Errorf("%q: located at %+v, which is not one line", f.Message, f.Location)
		}
		for _, line := range append([]string{f.Message}, f.Suggestions...) {
			if strings.TrimSpace(line) == "" || strings.ContainsAny(line, "\n\t") || strings.HasSuffix(strings.TrimSuffix(line, "..."), ".") {
				t.Errorf("%q is not one plain line without a full stop", line)
			}
		}
		if f.Message != "" && !strings.ContainsAny(f.Message[:1], "abcdefghijklmnopqrstuvwxyz0123456789\"") {
			t.Errorf("%q does not begin with a name or in lower case", f.Message)
		}
		if len(f.Suggestions) == 0 {
			t.Errorf("%q: no suggestion", f.Message)
		}
		if f.Subject.Kind == "" || f.Subject.Name == "" {
			t.Errorf("%q: no subject", f.Message)
		}
		if !slices.IsSorted(f.Journeys) {
			t.Errorf("%q: the journeys %q are not sorted", f.Message, f.Journeys)
		}
		if f.Severity == rules.Off {
			t.Errorf("%q: no severity", f.Message)
		}
		for _, rel := range f.Related {
			if rel.Message == "" || !rel.Location.IsKnown() {
				t.Errorf("%q: a related place without a place or a message: %+v", f.Message, rel)
			}
		}
	}
}

func testGoodDesign(t *testing.T, r *rules.Rule, design string) {
	for _, f := range rulestest.Check(rulestest.Parse(t, design), rules.Settings{}).Findings {
		if f.Rule == r || f.Severity >= rules.Warning {
			t.Errorf("a finding in the page's good design: %s: %s %s: %s", f.Location, f.Severity, f.Rule.ID, f.Message)
		}
	}
}

func testWaived(t *testing.T, r *rules.Rule, text string) {
	d := rulestest.Parse(t, text)
	stale, _ := rules.Find("HYG004")
	before := rulestest.Check(d, rules.Settings{})
	own := of(r, before.Findings)
	waivers := d.Lint.Waivers
	for _, f := range own {
		w := schema.Waiver{Rule: r.Name, At: f.Subject.Name, Reason: "agreed"}
		if !slices.ContainsFunc(d.Lint.Waivers, func(o schema.Waiver) bool { return o.Rule == w.Rule && o.At == w.At }) {
			d.Lint.Waivers = append(d.Lint.Waivers, w)
		}
	}
	after := rulestest.Check(d, rules.Settings{})
	if got := of(r, after.Findings); len(got) != 0 {
		t.Errorf("waived, and found all the same: %q", got[0].Message)
	}
	if got := of(r, after.Waived); len(got) != len(own) {
		t.Errorf("%d findings, %d of them waived", len(own), len(got))
	}
	for _, f := range of(r, after.Waived) {
		if f.Waiver == nil || f.Waiver.Reason != "agreed" {
			t.Errorf("%q: waived by %+v", f.Message, f.Waiver)
		}
	}
	if got, want := len(after.Findings), len(before.Findings)-len(own); got != want {
		t.Errorf("%d other findings with the waiver, %d without", got, want)
	}

	d.Lint.Waivers = append(slices.Clone(waivers), schema.Waiver{Rule: r.ID, At: "nothing of this name", Reason: "agreed"})
	wrong := rulestest.Check(d, rules.Settings{})
	more := 1 // the new waiver matches nothing
	if got, want := len(of(stale, wrong.Findings)), len(of(stale, before.Findings))+more; got != want {
		t.Errorf("%d stale waivers, want %d", got, want)
	}
	if r != stale && len(of(r, wrong.Findings)) != len(own) {
		t.Errorf("a waiver for another place waives a finding")
	}
}

func testSettings(t *testing.T, r *rules.Rule, text string) {
	d := rulestest.Parse(t, text)
	settings := slices.DeleteFunc(d.Lint.Rules, func(s schema.RuleSetting) bool { return s.Rule == r.ID || s.Rule == r.Name })
	own := schema.RuleSetting{Rule: r.Name}
	for _, s := range rulestest.Parse(t, text).Lint.Rules {
		if s.Rule == r.ID || s.Rule == r.Name {
			own = s
		}
	}
	for _, severity := range []rules.Severity{rules.Off, rules.Info, rules.Warning, rules.Error} {
		own.Severity = severity.String()
		d.Lint.Rules = append(slices.Clip(settings), own)
		byDesign := of(r, rulestest.Check(d, rules.Settings{}).Findings)

		own.Severity = ""
		d.Lint.Rules = append(slices.Clip(settings), own)
		byFile := of(r, rulestest.Check(d, rules.Settings{File: &schema.Lint{Rules: []schema.RuleSetting{{Rule: r.ID, Severity: severity.String()}}}}).Findings)
		byFlag := of(r, rulestest.Check(d, rules.Settings{Override: map[string]rules.Severity{r.ID: severity}}).Findings)
		for _, found := range [][]rules.Finding{byDesign, byFile, byFlag} {
			if (len(found) == 0) != (severity == rules.Off) {
				t.Errorf("%d findings with severity %s", len(found), severity)
			}
			for _, f := range found {
				if f.Severity != severity {
					t.Errorf("%q: severity %s, set to %s", f.Message, f.Severity, severity)
				}
			}
		}
	}
}

func testFixtures(t *testing.T, r *rules.Rule) {
	dir := filepath.Join("testdata", r.ID)
	unset := map[string]bool{}
	for _, p := range r.Params {
		unset[p.Name] = true
	}
	for _, path := range rulestest.Designs(t, dir) {
		for _, s := range rulestest.Load(t, path).Lint.Rules {
			if s.Rule == r.ID || s.Rule == r.Name {
				for _, p := range s.Params {
					delete(unset, p.Name)
				}
			}
		}
	}
	for name := range unset {
		t.Errorf("no design in %s sets the parameter %s", dir, name)
	}
	expected := false
	want := regexp.MustCompile(`(?://|#) want .*\b` + r.ID + ` `)
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		expected = expected || want.Match(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !expected {
		t.Errorf("no design in %s expects a finding", dir)
	}
}
