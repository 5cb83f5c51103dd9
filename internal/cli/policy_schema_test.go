package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"lintel/schema"
)

// TestPolicyTestSchema holds the JSON of "policy test" to the schema that docs/ promises: of the gallery, and of policies
// with and without examples, names, messages and faults.
func TestPolicyTestSchema(t *testing.T) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile("../../docs/schemas/policy-test.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "all.cue")
	if err := os.WriteFile(path, []byte(`package all

all: {
	bare: {modules: {}, count: >=1}
	"of-modules": {modules: kind: "database", forbid: true, severity: "off", ok: [{modules: db: kind: "database"}], bad: [{modules: a: {}}]}
	"of-dependencies": {message: "{from}", dependencies: {}, forbid: true, ok: a: modules: {a: dependsOn: ["b"], b: {}}}
	"of-groups": {message: "m", description: "why", link: "https://example.org", groups: {}, forbid: true, severity: "info", bad: a: modules: a: group: "g"}
	"of-journeys": {journeys: {}, forbid: true, bad: a: {modules: a: {}, journeys: j: entry: "a"}}
	"of-design": {design: {}, forbid: true, bad: a: modules: a: {}}
}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, paths := range [][]string{nil, {path}, {"../../docs/policies"}} {
		var sets []schema.PolicySet
		if len(paths) > 0 {
			if sets, err = schema.LoadPolicies(schema.LoadOptions{}, paths...); err != nil {
				t.Fatal(err)
			}
		}
		results, faults := testPolicies(sets, nil)
		if len(faults) > 0 || len(paths) > 0 && len(results) < 6 {
			t.Fatalf("%v: %d policies, %v", paths, len(results), faults)
		}
		text, err := policyTestJSON(results)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%v: %v\n%s", paths, err, text)
		}
		if len(paths) == 0 {
			continue
		}
		for _, wrong := range [][2]string{{`"pass": `, `"passed": `}, {`"kind": "ok"`, `"kind": "good"`}, {`"subject": `, `"about": `}, {`"line": `, `"line": -`}} {
			other := bytes.Replace([]byte(text), []byte(wrong[0]), []byte(wrong[1]), 1)
			if v, err := jsonschema.UnmarshalJSON(bytes.NewReader(other)); err != nil || s.Validate(v) == nil {
				t.Errorf("%v: the schema takes %s (%v)", paths, wrong[1], err)
			}
		}
	}
}
