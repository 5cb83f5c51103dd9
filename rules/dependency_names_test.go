package rules_test

import (
	"path/filepath"
	"slices"
	"testing"

	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

// TestDependenciesByKeyAndTarget holds every finding about a dependency, in all designs of this
// folder, to be one that a waiver can name by the dependency's key and by its target.
func TestDependenciesByKeyAndTarget(t *testing.T) {
	folders, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	designs := []*schema.Design{rulestest.Parse(t, `
system: "keys"
modules: {
	web: {entry: true, tier: 0, replicas: 2, dependsOn: {
		k:     {to: "a", protocol: "http", timeout: "1s", retries: {max: 3, backoff: "none"}}
		l:     {to: "b"}
		soft:  {to: "b", strength: "soft"}
		gone:  {to: "nobody"}
		route: {anyOf: ["b", "c"], timeout: "2s"}
		tool:  {to: "b", when: "recovery"}
	}}
	a: {tier: 1, replicas: 2, dependsOn: {slow: {to: "c", timeout: "5s", retries: {max: 5, backoff: "none"}}}}
	b: {tier: 1, replicas: 2, dependsOn: {home: {to: "web"}, d: {}}}
	c: {tier: 1, replicas: 2, dependsOn: ["d"]}
	d: {tier: 0}
}`)}
	for _, folder := range folders {
		for _, path := range rulestest.Designs(t, folder) {
			designs = append(designs, rulestest.Load(t, path))
		}
	}
	told := map[string]bool{}
	for _, d := range designs {
		for _, f := range rulestest.Check(d, rules.Settings{}).Findings {
			if f.Subject.Kind != rules.OfDependency {
				continue
			}
			names := append([]string{f.Subject.Name}, f.Aliases...)
			found := false
			for _, m := range d.Modules {
				for _, dep := range m.DependsOn {
					key := m.Name + " -> " + dep.Key
					var edges []string
					for _, ref := range dep.Targets() {
						edges = append(edges, m.Name+" -> "+ref.Name)
					}
					if key != f.Subject.Name && !(slices.Contains(edges, f.Subject.Name) && slices.Contains(names, key)) {
						continue
					}
					found = true
					if f.Rule.ID == "HYG001" {
						edges = []string{key} // one of its targets is meant
					}
					for _, name := range append(edges, key) {
						if !slices.Contains(names, name) {
							t.Errorf("%s at %s: no waiver at %q waives it", f.Rule.ID, f.Subject.Name, name)
						}
					}
					if dep.Key != dep.To.Name {
						told[f.Rule.ID] = true
					}
				}
			}
			if !found {
				t.Errorf("%s at %s: no such dependency", f.Rule.ID, f.Subject.Name)
			}
		}
	}
	for _, id := range []string{"RES006", "RES009", "RES017", "CPL007", "INT001", "INT002", "INT004", "INT005", "INT007", "HYG001", "HYG002"} {
		if !told[id] {
			t.Errorf("no finding of %s about a dependency whose key is no target", id)
		}
	}
}
