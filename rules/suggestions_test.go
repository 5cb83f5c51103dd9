package rules_test

import (
	"strings"
	"testing"

	"lintel/rules"
	"lintel/rules/rulestest"
)

// TestSuggestions holds what rules propose: the dependency to change by its name in the design, no
// change to what is external, and none that the design cannot have.
func TestSuggestions(t *testing.T) {
	tests := []struct {
		name, design, rule, at string
		want                   []string // parts of its suggestions, together
		not                    []string
	}{
		{"RES017: a dependency with alternatives by its key", `modules: {
			m: {dependsOn: route: {anyOf: ["n1", "n2"]}}, n1: {dependsOn: ["b"]}, n2: {dependsOn: ["b"]}
			b: dependsOn: t: {to: "m", when: "recovery"}}`,
			"RES017", "b -> t", []string{"make m -> route soft", "or keep a way to recover b that needs no m"}, []string{"m -> n1"}},
		{"RES017: all targets of a recovery dependency with alternatives", `modules: {
			n1: dependsOn: ["b"], n2: dependsOn: ["b"]
			b: dependsOn: t: {anyOf: ["n1", "n2"], need: 2, when: "deploy"}}`,
			"RES017", "b -> t", []string{"make n1 -> b and n2 -> b soft", "or keep a way to deploy b that needs none of n1 and n2"}, nil},
		{"RES017: an external tool", `modules: {
			tool: {kind: "external", dependsOn: ["b"]}
			b: dependsOn: tool: when: "deploy"}`,
			"RES017", "b -> tool", []string{"keep a way to deploy b that needs no tool"}, []string{"soft", "or keep"}},
		{"RES007: a dependency with alternatives by its key", `modules: {
			watch: {kind: "monitoring", monitors: ["b"], dependsOn: route: anyOf: ["n1", "n2"]}
			n1: dependsOn: ["b"], n2: dependsOn: ["b"], b: {}}`,
			"RES007", "watch", []string{"make watch -> route soft"}, []string{"n1 soft"}},
		{"RES007: an external protector", `modules: {
			watch: {kind: "external", monitors: ["b"], dependsOn: ["b"]}, b: {}}`,
			"RES007", "watch", []string{"let it be monitored by something that works without b, in place of watch or beside it"}, []string{"soft"}},
		{"RES007: an external protector in the same zone", `failureDomains: {za: kind: "zone", zb: kind: "zone"}, modules: {
			vault: {kind: "external", placement: ["za"]}, b: {kind: "database", placement: ["za"], backup: to: "vault"}}`,
			"RES007", "b", []string{"back the data up to something that stands outside za"}, []string{"place vault"}},
		{"RES007: a primary that fails over by hand", `failureDomains: {za: kind: "zone", zb: kind: "zone"}, modules: {
			watch: {kind: "monitoring", replicas: 2, placement: ["za", "zb"], monitors: ["b"], redundancy: {mode: "active-passive", failover: "manual"}}
			b: placement: ["za"]}`,
			"RES007", "watch", []string{`redundancy.failover: "automatic"`}, []string{"place watch"}},
		{"RES008: a dependency with alternatives by its key", `modules: {
			m: dependsOn: route: {anyOf: ["n1", "n2"]}, n1: dependsOn: ["m"], n2: dependsOn: ["m"]}`,
			"RES008", "m", []string{"make m -> route soft"}, []string{"m -> n1"}},
		{"CPL001: a dependency with alternatives by its key", `modules: {
			m: dependsOn: route: {anyOf: ["n1", "n2"]}, n1: dependsOn: ["m"], n2: dependsOn: ["m"]}`,
			"CPL001", "m", []string{"drop m -> route"}, []string{"m -> n1"}},
		{"RES009: an external module keeps its tier", `modules: {
			web: {tier: 0, dependsOn: ["mail"]}, mail: {kind: "external", tier: 2}}`,
			"RES009", "web -> mail", []string{"make the dependency soft", "or give it an alternative of tier 0 to mail"}, []string{"run mail"}},
		{"RES009: an external module keeps its dependencies", `modules: {
			mail: {kind: "external", tier: 0, dependsOn: ["relay"]}, relay: tier: 2}`,
			"RES009", "mail -> relay", []string{"run relay as tier 0"}, []string{"soft", "or run"}},
		{"RES006: a manual failover is named once", `modules: {
			web: {entry: true, replicas: 2, dependsOn: route: {anyOf: ["a", "b"]}}
			a: {replicas: 2, dependsOn: ["m1"]}, b: {replicas: 2, dependsOn: ["m1"]}
			m1: {replicas: 2, redundancy: {mode: "active-passive", failover: "manual"}}}`,
			"RES006", "web -> route", []string{`redundancy.failover: "automatic" for m1, so that`}, []string{"give m1 a spare"}},
		{"RES006: external alternatives are not changed", `modules: {
			web: {entry: true, replicas: 2, dependsOn: route: {anyOf: ["a", "b"]}}
			a: {kind: "external", dependsOn: ["core"]}, b: {kind: "external", dependsOn: ["core"]}
			core: {kind: "external"}}`,
			"RES006", "web -> route", []string{"add an alternative to route that does without core"}, []string{"soft", "give"}},
		{"RES011: external callers are not changed", `modules: {
			hub: {replicas: 3}
			for k in [1, 2, 3, 4, 5] {"m\(k)": {kind: "external", dependsOn: ["hub"]}}
			own: {dependsOn: ["hub"]}}`,
			"RES011", "hub", []string{"let own do without hub"}, []string{"m1"}},
		{"RES001: two and two is enough", `failureDomains: {za: kind: "zone", zb: kind: "zone"}, modules: {
			web: {entry: true, replicas: 2, placement: ["za", "zb"], dependsOn: ["db"]}
			db: {replicas: 4, redundancy: need: 2, placement: {za: 3, zb: 1}}}`,
			"RES001", "za", []string{`placement: ["za", "zb"] for db`}, []string{`three`}},
		{"RES004: two and two is enough", `failureDomains: {za: kind: "zone", zb: kind: "zone"}, modules: {
			web: {replicas: 2, placement: ["za", "zb"], dependsOn: ["db"]}
			db: {replicas: 4, redundancy: need: 2, placement: {za: 3, zb: 1}}}`,
			"RES004", "db", []string{`placement: ["za", "zb"] for db`}, []string{`three`}},
		{"RES001: a ceiling is raised with the floor", `modules: web: {entry: true, autoscaling: {min: 1, max: 1}}`,
			"RES001", "web", []string{`autoscaling: {min: 2, max: 2}`}, nil},
		{"RES001: replicas that are stated keep within the bounds", `modules: web: {entry: true, replicas: 1, autoscaling: {min: 1, max: 3}}`,
			"RES001", "web", []string{`autoscaling.min: 2 and replicas: 2`}, nil},
		{"RES001: a quorum needs a third zone", `failureDomains: {za: kind: "zone", zb: kind: "zone"}, modules: web: {entry: true, replicas: 2, redundancy: mode: "quorum", placement: ["za", "zb"]}`,
			"RES001", "web", []string{`replicas: 3 in za, zb and a third zone, which the design does not have`}, nil},
		{"RES001: a quorum has a third zone", `failureDomains: {za: kind: "zone", zb: kind: "zone", zc: kind: "zone"}, modules: web: {entry: true, replicas: 2, redundancy: mode: "quorum", placement: ["za", "zb"]}`,
			"RES001", "web", []string{`replicas: 3 in za, zb and zc`}, []string{`does not have`}},
		{"RES001: all are needed", `failureDomains: {za: kind: "zone", zb: kind: "zone"}, modules: {
			web: {entry: true, replicas: 2, placement: ["za", "zb"], dependsOn: route: anyOf: ["a", "b"]}
			a: {replicas: 3, redundancy: need: 3, placement: ["za", "zb"]}, b: {replicas: 2, placement: ["za"]}}`,
			"RES001", "za", []string{`replicas: 6 in za and zb for a`, `placement: ["za", "zb"] for b`}, nil},
		{"RES001: all are needed, by itself", `failureDomains: {za: kind: "zone", zb: kind: "zone"}, modules: web: {entry: true, replicas: 3, redundancy: need: 3, placement: ["za", "zb"]}`,
			"RES001", "web", []string{`replicas: 6 in za and zb, or redundancy.need: 2`}, nil},
		{"RES001: no second zone", `failureDomains: za: kind: "zone", modules: {
			web: {entry: true, replicas: 2, placement: ["za"]}}`,
			"RES001", "za", []string{`placement over two zones, of which the design has one, for web`}, nil},
		{"RES001: a switch by hand in a zone is no matter of placement", `failureDomains: {za: kind: "zone", zb: kind: "zone"}, modules: {
			web: {entry: true, replicas: 2, placement: ["za", "zb"], dependsOn: route: anyOf: ["d", "e"]}
			d: {replicas: 2, placement: ["za", "zb"], redundancy: {mode: "active-passive", failover: "manual"}}
			e: {replicas: 2, placement: ["za"]}}`,
			"RES001", "za", []string{`redundancy.failover: "automatic", so that a standby takes over by itself, for d`, `placement: ["za", "zb"] for e`}, []string{`as well`}},
		{"RES001: a switch by hand is mended with the spare", `modules: web: {entry: true, replicas: 1, redundancy: {mode: "active-passive", failover: "manual"}}`,
			"RES001", "web", []string{`replicas: 2, with redundancy.failover: "automatic"`}, nil},
		{"RES001: behind an external module", `modules: {
			web: {entry: true, replicas: 2, dependsOn: ["partner"]}
			partner: {kind: "external", dependsOn: ["db"]}, db: {}}`,
			"RES001", "db", []string{`or make web -> partner soft, if web can serve its users without`}, []string{`from partner`}},
		{"RES001: an external module in a zone", `failureDomains: {za: kind: "zone", zb: kind: "zone"}, modules: {
			web: {entry: true, replicas: 2, placement: ["za", "zb"], dependsOn: route: anyOf: ["partner", "own"]}
			partner: {kind: "external", placement: ["za"]}, own: {replicas: 2, placement: ["za"]}}`,
			"RES001", "za", []string{`placement: ["za", "zb"] for own`, `in the modules that call it, for partner`}, []string{`replicas: 2 in za and zb for partner`}},
		{"RES002: behind an external module", `modules: {
			web: {entry: true, replicas: 2, dependsOn: ["partner"]}
			partner: {kind: "external", dependsOn: ["cloud"]}, cloud: kind: "external"}`,
			"RES002", "cloud", []string{`give web an alternative to partner that does without cloud`, `or make web -> partner soft`}, []string{`give partner`, `from partner`}},
		{"RES002: alternatives that are all needed", `modules: {
			web: {entry: true, replicas: 2, dependsOn: route: {anyOf: ["x", "y"], need: 2}}
			x: kind: "external", y: kind: "external"}`,
			"RES002", "x", []string{`give web -> route one more alternative, or need: 1`}, []string{`in place of`}},
		{"RES005: the voters go to three zones", `failureDomains: {za: kind: "zone", zb: kind: "zone", zc: kind: "zone"}, modules: {
			web: {entry: true, replicas: 2, dependsOn: q: strength: "soft"}
			q: {replicas: 3, redundancy: mode: "quorum", placement: ["za", "zb"]}}`,
			"RES005", "q", []string{`placement: ["za", "zb", "zc"] for q`}, nil},
		{"RES005: two zones cannot do it, nor more voters with the same need", `failureDomains: {za: kind: "zone", zb: kind: "zone"}, modules: {
			web: {entry: true, replicas: 2, dependsOn: q: strength: "soft"}
			q: {replicas: 3, redundancy: {mode: "quorum", need: 2}, placement: ["za"]}}`,
			"RES005", "q", []string{`placement over three zones, of which the design has two, for q`}, nil},
		{"RES001: a quorum that needs all gets no even number", `failureDomains: {za: kind: "zone", zb: kind: "zone"}, modules: {
			web: {entry: true, replicas: 3, redundancy: {mode: "quorum", need: 3}, placement: ["za", "zb"]}}`,
			"RES001", "web", []string{`replicas: 5 in za, zb and a third zone, which the design does not have`}, nil},
		{"RES005: two zones cannot do it", `failureDomains: {za: kind: "zone", zb: kind: "zone"}, modules: {
			web: {entry: true, replicas: 2, dependsOn: q: strength: "soft"}
			q: {replicas: 3, redundancy: mode: "quorum", placement: ["za", "zb"]}}`,
			"RES005", "q", []string{`placement over three zones, of which the design has two, for q`}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkSuggestions(t, test.design, test.rule, test.at, test.want, test.not)
		})
	}
}

func checkSuggestions(t *testing.T, design, rule, at string, want, not []string) {
	t.Helper()
	res := rulestest.Check(rulestest.Parse(t, `system: "suggestions"`+"\n"+design), rules.Settings{})
	for _, f := range res.Findings {
		if f.Rule.ID != rule || f.Subject.Name != at {
			continue
		}
		text := strings.Join(f.Suggestions, "\n")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("no suggestion %q:\n%s", w, text)
			}
		}
		for _, n := range not {
			if strings.Contains(text, n) {
				t.Errorf("suggests %q:\n%s", n, text)
			}
		}
		return
	}
	t.Errorf("no %s at %s:\n%s", rule, at, messages(res.Findings))
}
