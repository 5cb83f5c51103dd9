package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lintel/rules"
	"lintel/schema"
)

const (
	galleryBegin = "<!-- generated from docs/policies: begin -->\n"
	galleryEnd   = "<!-- generated from docs/policies: end -->\n"
)

// TestPolicyGallery holds the gallery of docs/policies.md to the files of docs/policies. With -update it writes it.
func TestPolicyGallery(t *testing.T) {
	files, err := filepath.Glob("../../docs/policies/*.cue")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d policies, %v", len(files), err)
	}
	var gallery bytes.Buffer
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, code, ok := strings.Cut(string(text), "package policies\n")
		if !ok {
			t.Fatalf("%s is not of package policies", file)
		}
		lines := strings.Split(strings.TrimSpace(head), "\n")
		for i := range lines {
			lines[i] = strings.TrimSpace(strings.TrimPrefix(lines[i], "//"))
		}
		title, prose := lines[0], strings.TrimSpace(strings.Join(lines[1:], "\n"))
		prose = strings.Replace(prose, "\nSource: ", "\n\nSource: ", 1)
		fmt.Fprintf(&gallery, "\n### %s\n\n%s\n\n```cue gallery/%s\npackage policies\n%s```\n", title, prose, filepath.Base(file), code)
	}
	gallery.WriteByte('\n')
	const page = "../../docs/policies.md"
	source, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(source), galleryBegin)
	shown, tail, ok2 := strings.Cut(rest, galleryEnd)
	if !ok || !ok2 {
		t.Fatalf("%s has no marks", page)
	}
	if shown == gallery.String() {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date: go test ./internal/cli -run TestPolicyGallery -update", page)
	}
	if err := os.WriteFile(page, []byte(head+galleryBegin+gallery.String()+galleryEnd+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestPoliciesOfGallery runs the examples of the gallery. Each policy has both kinds, and its message names what is at
// fault.
func TestPoliciesOfGallery(t *testing.T) {
	sets, err := schema.LoadPolicies(schema.LoadOptions{}, "../../docs/policies")
	if err != nil {
		t.Fatal(err)
	}
	unfilled := regexp.MustCompile(`\{[a-zA-Z.]+\}`)
	results, faults := testPolicies(sets, nil)
	if len(faults) > 0 || len(results) < 10 {
		t.Fatalf("%d policies, %v", len(results), faults)
	}
	for i := range results {
		r := &results[i]
		if len(r.policy.OK) == 0 || len(r.policy.Bad) == 0 {
			t.Errorf("%s lacks examples", r.policy.Name)
		}
		for k := range r.examples {
			e := &r.examples[k]
			if !e.holds() {
				t.Errorf("%s: %s does not hold: %v", r.policy.Name, e.name, e.findings)
			}
			for _, f := range e.findings {
				if unfilled.MatchString(f.Message) || !strings.Contains(f.Message, f.Subject.Name) && f.Subject.Kind != rules.OfDependency {
					t.Errorf("%s: %q does not say what is at fault", r.policy.Name, f.Message)
				}
			}
		}
	}
}
