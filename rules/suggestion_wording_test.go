package rules_test

import (
	"strings"
	"testing"

	"lintel/rules"
	"lintel/rules/rulestest"
)

// TestSuggestionsFitTheDesign holds what findings say and propose where a general advice would be none.
func TestSuggestionsFitTheDesign(t *testing.T) {
	for _, c := range []struct {
		name, rule, design string
		want               []string // parts of the message and the suggestions of the one finding, each on a line
		never              []string
	}{
		{"a load balancer that is missing", "REP003", `modules: a: {entry: true, replicas: 2, loadBalancing: "none"}`,
			[]string{`let the platform, a proxy, the clients or DNS deal the calls to the replicas of a, and state which: loadBalancing: "platform", "proxy", "client" or "dns"`}, nil},
		{"an entry without replicas, on which nothing depends", "HYG002", `modules: a: {entry: true, replicas: 0}`,
			[]string{"replicas: 1 or more, or leave it out of the design until it runs"}, []string{"dependency"}},
		{"one that journeys enter", "HYG002", `modules: a: {replicas: 0}, journeys: j: {entry: "a"}`,
			[]string{"replicas: 1 or more, or no journey that enters there"}, []string{"dependency"}},
		{"one that others need", "HYG002", `modules: {a: {entry: true, dependsOn: ["b"]}, b: {replicas: 0}}`,
			[]string{"replicas: 1 or more, or no hard dependency on it"}, nil},
		{"a timeout of the same protocol", "INT001", `modules: {
			a: {entry: true, dependsOn: {b: {timeout: "2s", protocol: "http"}, c: {timeout: "1s", protocol: "grpc"}, d: {protocol: "grpc"}}}
			b: {}, c: {kind: "function"}, d: {kind: "external"}}`,
			[]string{"give a -> d a timeout, as a -> c has (1s)"}, nil},
		{"a timeout of the same kind of target", "INT001", `modules: {
			a: {entry: true, dependsOn: {b: {timeout: "2s"}, c: {timeout: "1s"}, d: {}}}
			b: {kind: "external"}, c: {kind: "database"}, d: {kind: "database"}}`,
			[]string{"give a -> d a timeout, as a -> c has (1s)"}, nil},
		{"timeouts of other things", "INT001", `modules: {
			a: {entry: true, dependsOn: {b: {timeout: "2s"}, d: {}}}
			b: {kind: "external"}, d: {kind: "database"}}`,
			[]string{"give a -> d a timeout: a little above what d takes at its slowest"}, []string{"as a -> b has"}},
		{"a store whose owner is stated, and uses it", "CPL005", `modules: {
			a: {team: "x", entry: true, dependsOn: ["d"]}, b: {team: "y", entry: true, dependsOn: ["d"]}, d: {kind: "database", team: "y"}}`,
			[]string{"leave d to team y and let a ask b instead"}, nil},
		{"a store whose owner is stated, and does not", "CPL005", `modules: {
			a: {team: "x", entry: true, dependsOn: ["d"]}, b: {team: "y", entry: true, dependsOn: ["d"]}, d: {kind: "database", team: "z"}}`,
			[]string{"let team z, whose d is, answer for its data by a module of its own, and a and b ask that instead"}, []string{"leave d to"}},
		{"one of two groups, whose team is stated", "CPL005", `modules: {
			a: {group: "g", entry: true, dependsOn: ["d"]}, b: {group: "h", entry: true, dependsOn: ["d"]}, d: {kind: "database", team: "z"}}`,
			[]string{"let team z, whose d is"}, []string{"leave d to"}},
		{"two modules, one of them external", "CPL007", `modules: {
			a: {entry: true, dependsOn: ["pay"]}, pay: {kind: "external", dependsOn: a: {when: "runtime"}}}`,
			[]string{"a cannot be changed or tested without pay, which others change", "take what pay sends in a module of its own, which hands it on to a as events"}, []string{"merge", "drop"}},
		{"a chain without alternatives", "CPL006", `lint: rules: CPL006: limit: 1
 modules: {
			a: {entry: true, dependsOn: ["b"]}, b: {dependsOn: ["c"]}, c: {}}`,
			[]string{"and a failure of any of them fails the request\n"}, []string{"alternative"}},
		{"a chain with alternatives", "CPL006", `lint: rules: CPL006: limit: 1
 modules: {
			a: {entry: true, dependsOn: x: {anyOf: ["b", "o"]}}, b: {dependsOn: ["c"]}, c: {}, o: {}}`,
			[]string{"and a failure of any of them fails the request, from b on unless an alternative serves in its stead\n"}, nil},
		{"a chain of alternatives that are all needed", "CPL006", `lint: rules: CPL006: limit: 1
 modules: {
			a: {entry: true, dependsOn: x: {anyOf: ["b", "o"], need: 2}}, b: {dependsOn: ["c"]}, c: {}, o: {}}`,
			nil, []string{"alternative"}},
		{"what a provider serves", "CAP001", `modules: {
			a: {entry: true, dependsOn: pay: {calls: 1}}, pay: {kind: "external", capacity: perReplica: 5}}, journeys: j: {entry: "a", peak: 10}`,
			[]string{"a quota or rate limit of 10 requests/s or more with the provider"}, []string{"replicas:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := rulestest.Check(rulestest.Parse(t, "system: \"s\"\n"+c.design), rules.Settings{Only: []string{c.rule}})
			if len(res.Findings) != 1 {
				t.Fatalf("%d findings: %v", len(res.Findings), res.Findings)
			}
			f := res.Findings[0]
			text := strings.Join(append([]string{f.Message}, f.Suggestions...), "\n") + "\n"
			for _, w := range c.want {
				if !strings.Contains(text, w) {
					t.Errorf("no %q in:\n%s", w, text)
				}
			}
			for _, n := range c.never {
				if strings.Contains(text, n) {
					t.Errorf("%q in:\n%s", n, text)
				}
			}
		})
	}
	silent := rulestest.Parse(t, `system: "s", modules: {a: {kind: "external", entry: true, dependsOn: ["b"]}, b: {kind: "external", dependsOn: ["a"]}}`)
	if res := rulestest.Check(silent, rules.Settings{Only: []string{"CPL007"}}); len(res.Findings) > 0 {
		t.Errorf("two external modules: %v", res.Findings[0].Message)
	}
}
