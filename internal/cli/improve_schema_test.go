package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"lintel/internal/improve"
	"lintel/rules"
	"lintel/schema"
)

// TestImproveSchema holds the JSON of improve to the schema that docs/ promises, over the designs and outages of testdata and a
// design that cannot reach anything.
func TestImproveSchema(t *testing.T) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile("../../docs/schemas/improve.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	hopeless := filepath.Join(t.TempDir(), "hopeless.cue")
	if err := os.WriteFile(hopeless, []byte(`
system: "hopeless"
#One: replicas: 1
failureDomains: a: {kind: "zone", availability: 99.9}
journeys: {j: {entry: "web", slo: availability: 99.99}, down: entry: "off"}
modules: {
	web: {replicas: 2, placement: ["a"], dependsOn: ["job", "x"]}
	job: {#One, kind: "job", availability: 99}
	x: kind: "external"
	off: replicas: 0
	db: #One
}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("../../testdata/*/*/*.cue")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d designs, %v", len(paths), err)
	}
	tried := 0
	for _, path := range append(paths, hopeless) {
		designs, err := schema.Load(schema.LoadOptions{}, path)
		if err != nil || len(designs) != 1 {
			continue // a part of a design, or one that is wrong on purpose
		}
		for _, goal := range []string{"no-spof", "survive:zone", "slo"} {
			var o improve.Settings
			o.Goal, _ = improve.ParseGoal(goal)
			o.Assume.Pessimistic = 99
			plan, err := improve.Find(designs[0], o, rules.Settings{}, time.Time{})
			if _, nothing := err.(*improve.NothingToReach); nothing {
				continue
			}
			if err != nil {
				t.Fatalf("%s %s: %v", path, goal, err)
			}
			r := &improvement{plan: plan, settings: o, design: designs[0]}
			if err := r.edit(schema.LoadOptions{}); err != nil {
				t.Fatal(err)
			}
			text, err := r.json()
			if err != nil {
				t.Fatal(err)
			}
			v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if err := s.Validate(v); err != nil {
				t.Errorf("%s %s: %v\n%s", path, goal, err, text)
			}
			if path == hopeless && plan.Reached {
				t.Errorf("%s is reached by %s", goal, path)
			}
			tried++
		}
	}
	if tried < 10 {
		t.Errorf("%d answers", tried)
	}
	v, _ := jsonschema.UnmarshalJSON(strings.NewReader(`{"schemaVersion": 1}`))
	if s.Validate(v) == nil {
		t.Error("the schema accepts anything")
	}
}
