package rules_test

import (
	"fmt"
	"testing"

	"lintel/rules"
	"lintel/rules/rulestest"
)

// TestSeverityOfSharedDatabase: a shared store is a warning, and an error where several owners write.
func TestSeverityOfSharedDatabase(t *testing.T) {
	const design = `
system: "s"
modules: {
	a: {group: "x", entry: true, replicas: 2, dependsOn: {db: access: "read-write"}}
	b: {group: "x", entry: true, replicas: 2, dependsOn: {db: access: "write"}}
	c: {group: "y", entry: true, replicas: 2, dependsOn: {db: access: %s}}
	db: {kind: "database", replicas: 2}
}`
	for access, want := range map[string]rules.Severity{`"read"`: rules.Warning, `"write"`: rules.Error, `"read-write"`: rules.Error} {
		d := rulestest.Parse(t, fmt.Sprintf(design, access))
		res := rulestest.Check(d, rules.Settings{Only: []string{"CPL005"}})
		if len(res.Findings) != 1 || res.Findings[0].Severity != want {
			t.Errorf("access %s: got %v, want one finding, %s", access, res.Findings, want)
		}
		res = rulestest.Check(d, rules.Settings{Only: []string{"CPL005"}, Override: map[string]rules.Severity{"CPL005": rules.Info}})
		if len(res.Findings) != 1 || res.Findings[0].Severity != rules.Info {
			t.Errorf("access %s: the severity that the user sets does not win", access)
		}
	}
}
