package rules_test

import (
	"slices"
	"testing"

	"lintel/rules"
	"lintel/rules/rulestest"
)

// TestProofsOfCouplingRules pins what findings show beside their message: the path, the journeys and
// the first suggestion.
func TestProofsOfCouplingRules(t *testing.T) {
	tests := []struct {
		rule, design     string
		path, journeys   []string
		suggestion       string
		firstRelated     string
		numberOfFindings int
	}{
		{
			// Of a plain ring the dependency that matters least is given up.
			rule: "CPL001",
			design: `
system: "s"
modules: {
	a: {entry: true, replicas: 2, dependsOn: ["b"]}
	b: {replicas: 2, dependsOn: c: {strength: "soft", mode: "async", fallback: "none"}}
	c: {replicas: 2, dependsOn: ["a"]}
}`,
			path:             []string{"a", "b", "c", "a"},
			suggestion:       "drop b -> c: let the callers of b hand it what it asks c for, or let c publish that as events",
			firstRelated:     "without b -> c no cycle is left",
			numberOfFindings: 1,
		},
		{
			// Two rings share b -> c, so that is the one to drop, though another one is weaker.
			rule: "CPL001",
			design: `
system: "s"
modules: {
	a: {entry: true, replicas: 2, dependsOn: ["b"]}
	b: {replicas: 2, dependsOn: ["c"]}
	c: {replicas: 2, dependsOn: {a: {strength: "soft", fallback: "none"}, d: {strength: "soft", fallback: "none"}}}
	d: {replicas: 2, dependsOn: ["b"]}
}`,
			path:             []string{"a", "b", "c", "a"},
			suggestion:       "drop b -> c: let the callers of b hand it what it asks c for, or let c publish that as events",
			firstRelated:     "without b -> c no cycle is left",
			numberOfFindings: 1,
		},
		{
			rule: "CPL006",
			design: `
system: "s"
journeys: {
	buy: entry: "web"
	sell: entry: "desk"
}
modules: {
	web: {replicas: 2, dependsOn: ["a"]}
	desk: {replicas: 2, dependsOn: ["b"]}
	a: {replicas: 2, dependsOn: ["b"]}
	b: {replicas: 2, dependsOn: ["c"]}
	c: {replicas: 2, dependsOn: ["lb"]}
	lb: {kind: "load-balancer", replicas: 2, dependsOn: ["d"]}
	d: {replicas: 2, dependsOn: ["e", "db"]}
	e: {replicas: 2, dependsOn: ["f"]}
	f: {replicas: 2, dependsOn: ["db"]}
	db: {kind: "database", replicas: 2}
}`,
			path:             []string{"web", "a", "b", "c", "lb", "d", "e", "f"},
			journeys:         []string{"buy", "sell"},
			suggestion:       "make c -> lb asynchronous, or soft with a fallback, so that c answers without waiting for d",
			firstRelated:     "the call in the middle, c -> lb",
			numberOfFindings: 1,
		},
		{
			rule: "CPL007",
			design: `
system: "s"
modules: {
	a: {entry: true, replicas: 2, dependsOn: b: {strength: "soft", fallback: "none"}}
	b: {replicas: 2, dependsOn: ["a"]}
}`,
			path:             []string{"a", "b", "a"},
			suggestion:       "drop a -> b: let the callers of a hand it what it asks b for, or let b publish that as events",
			firstRelated:     "b depends on a",
			numberOfFindings: 1,
		},
		{
			rule: "INT003",
			design: `
system: "s"
modules: {
	lb: {kind: "load-balancer", entry: true, replicas: 2, dependsOn: ["web"]}
	web: {replicas: 2, dependsOn: a: {retries: {max: 4, backoff: "linear"}}}
	a: {replicas: 2, dependsOn: ["b"]}
	b: {replicas: 2, dependsOn: c: {retries: {max: 1, backoff: "linear"}}}
	c: {replicas: 2, dependsOn: ["d"]}
	d: {replicas: 2}
}`,
			path:             []string{"web", "a", "b", "c"},
			suggestion:       "retry at one layer only: keep the retries of b -> c and set max: 0 on the others",
			firstRelated:     "b -> c tries 2 times",
			numberOfFindings: 1,
		},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			res := rulestest.Check(rulestest.Parse(t, tt.design), rules.Settings{})
			var found []rules.Finding
			for _, f := range res.Findings {
				if f.Rule.ID == tt.rule {
					found = append(found, f)
				}
			}
			if len(found) != tt.numberOfFindings {
				t.Fatalf("got %d findings, want %d", len(found), tt.numberOfFindings)
			}
			f := found[0]
			if !slices.Equal(f.Path, tt.path) {
				t.Errorf("path %v, want %v", f.Path, tt.path)
			}
			if !slices.Equal(f.Journeys, tt.journeys) {
				t.Errorf("journeys %v, want %v", f.Journeys, tt.journeys)
			}
			if f.Suggestions[0] != tt.suggestion {
				t.Errorf("suggestion %q, want %q", f.Suggestions[0], tt.suggestion)
			}
			if f.Related[0].Message != tt.firstRelated {
				t.Errorf("first related place %q, want %q", f.Related[0].Message, tt.firstRelated)
			}
		})
	}
}
