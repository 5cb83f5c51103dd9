package review

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// inWords gives changes, the weightiest first, each with its fields in brackets: "+" stronger, "-" weaker.
func inWords(list []Change) []string {
	sign := map[Effect]string{Neutral: "", Strengthens: " +", Weakens: " -"}
	var out []string
	for _, c := range list {
		s := fmt.Sprintf("%s %s %s", c.Kind, c.Status, c.Name)
		if c.OldName != "" {
			s += ", was " + c.OldName
		}
		s += sign[c.Effect]
		for _, f := range c.Fields {
			s += fmt.Sprintf(" [%s: %s → %s%s]", f.Field, f.Old, f.New, sign[f.Effect])
		}
		out = append(out, s)
	}
	return out
}

func TestChangesInWords(t *testing.T) {
	for _, test := range []struct {
		name, old, new string
		want           []string
	}{
		{"defaults that are stated", `
modules: {
	web: {dependsOn: ["db"]}
	db: {kind: "database", redundancy: mode: "quorum", replicas: 3}
}`, `
modules: {
	web: {kind: "service", entry: false, replicas: 1, state: "stateless", redundancy: {mode: "active-active", need: 1, failover: "automatic"}, deploy: {unit: "web", strategy: "rolling"}
		dependsOn: db: {to: "db", mode: "sync", strength: "hard", when: "runtime"}}
	db: {kind: "database", state: "stateful", redundancy: {mode: "quorum", need: 2}, replicas: 3}
}
lint: rules: {RES001: "error", "high-fan-out": {limit: 7}}`, nil},
		{"values as users write them", `
modules: {web: {tags: ["b", "a"], links: home: "https://a.example", availability: "99.95%", latency: "90s", capacity: perReplica: 250, replicas: 4
	placement: {z1: 2, z2: 2}, slo: {availability: 99.9, latency: "500ms"}, description: "sells", operations: 3}}
failureDomains: {z1: kind: "zone", z2: kind: "zone"}`, `
modules: {web: {tags: ["a"], links: home: "https://b.example", availability: 99.9, latency: "1m", capacity: perReplica: 100.5, replicas: 4
	placement: ["z1"], slo: {availability: 99.5}, description: "sells, mostly"}}
failureDomains: {z1: kind: "zone", z2: kind: "zone"}`, []string{
			"module changed web - [description: sells → sells, mostly] [tags: [a, b] → [a]] [links: {home: \"https://a.example\"} → {home: \"https://b.example\"}]" +
				" [placement: {z1: 2, z2: 2} → [z1] -] [availability: 99.95% → 99.9% -] [slo.availability: 99.9% → 99.5%] [slo.latency: 500ms → ] [latency: 1m30s → 1m]" +
				" [capacity.perReplica: 250 → 100.5 -] [operations: 3 → ]",
		}},
		{"autoscaling in the place of replicas", `modules: web: replicas: 3`, `modules: web: autoscaling: {min: 2, max: 9}`, []string{
			"module changed web - [replicas: 3 →  -] [autoscaling.min:  → 2 -] [autoscaling.max:  → 9 +]",
		}},
		{"a quorum that grows, with a majority that follows", `modules: db: {kind: "database", replicas: 3, redundancy: mode: "quorum"}`, `modules: db: {kind: "database", replicas: 5, redundancy: mode: "quorum"}`, []string{
			"module changed db + [replicas: 3 → 5 +]",
		}},
		{"what a majority was, stated", `modules: db: {kind: "database", replicas: 5, redundancy: mode: "quorum"}`, `modules: db: {kind: "database", replicas: 5, redundancy: {mode: "quorum", need: 4}}`, []string{
			"module changed db - [redundancy.need: 3 → 4 -]",
		}},
		{"a kind, whose state follows", `modules: {web: {}, db: kind: "database"}`, `modules: {web: {}, db: kind: "service"}`, []string{"module changed db [kind: database → service]"}},
		{"the weightiest first", `
modules: {
	web: {description: "old", dependsOn: {a: strength: "soft", b: {}}}
	a: {tier: 0, replicas: 3, dependsOn: ["b"]}
	b: {replicas: 3, team: "red"}
}`, `
modules: {
	web: {description: "new", dependsOn: {a: {}, b: timeout: "1s"}}
	a: {tier: 0, replicas: 2, dependsOn: ["b"]}
	b: {replicas: 2, team: "blue"}
}`, []string{
			"module changed a - [replicas: 3 → 2 -]",
			"dependency changed web -> a - [strength: soft → hard -]",
			"module changed b - [team: red → blue] [replicas: 3 → 2 -]",
			"dependency changed web -> b + [timeout:  → 1s +]",
			"module changed web [description: old → new]",
		}},
		{"alternatives", `modules: {web: dependsOn: pay: {anyOf: ["a", "b"]}, a: {}, b: {}, c: {}}`, `modules: {web: dependsOn: pay: {anyOf: ["c", "b", "a"], need: 2}, a: {}, b: {}, c: {}}`, []string{
			"dependency changed web -> pay - [anyOf: [a, b] → [a, b, c]] [need: 1 → 2 -]",
		}},
		{"a dependency under another key", `modules: {web: dependsOn: store: to: "db", db: {}}`, `modules: {web: dependsOn: db: {}, db: {}}`, []string{"dependency renamed web -> db, was web -> store"}},
		{"a dependency that leads elsewhere", `modules: {web: dependsOn: store: to: "a", a: {}, b: {}}`, `modules: {web: dependsOn: store: to: "b", a: {}, b: {}}`, []string{"dependency changed web -> store [to: a → b]"}},
		{"what comes and goes", `
modules: {web: {entry: true, dependsOn: ["a"]}, a: {replicas: 2, dependsOn: ["b"]}, b: {}}
failureDomains: z1: kind: "zone"
journeys: buy: entry: "web"
transactions: order: spans: ["a", "b"]`, `
modules: {web: {entry: true, dependsOn: {q: {mode: "async", strength: "soft"}}}, b: {}, q: {kind: "queue", replicas: 3, dependsOn: ["b"]}}
failureDomains: r1: {kind: "region", availability: 99.9}
journeys: look: {entry: "b", peak: 20}
transactions: refund: {spans: ["q", "b"], coordination: "saga"}`, []string{
			"journey removed buy [entry: web → ]",
			"module removed a [replicas: 2 → ] [dependsOn: [b] → ]",
			"failureDomain removed z1 [kind: zone → ]",
			"journey added look [entry:  → b] [peak:  → 20]",
			"module added q [kind:  → queue] [replicas:  → 3] [dependsOn:  → [b]]",
			"dependency removed web -> a +",
			"dependency added web -> q [mode:  → async] [strength:  → soft]",
			"failureDomain added r1 [kind:  → region] [availability:  → 99.9%]",
			"transaction removed order [spans: [a, b] → ]",
			"transaction added refund [spans:  → [b, q]] [coordination:  → saga]",
		}},
		{"the checks", `
modules: web: {}
lint: {
	rules: {RES001: "error", "high-fan-out": {limit: 9}, CPL003: "off"}
	waivers: [{rule: "REP001", at: "web", reason: "small", until: "2030-01-31"}, {rule: "RES001", at: "a->web", reason: "known"}]
}`, `
modules: web: {}
lint: {
	rules: {"single-point-of-failure": "off", CPL002: {limit: 9, severity: "error"}}
	waivers: [{rule: "single-point-of-failure", at: "a -> web", reason: "known"}, {rule: "under-replicated", at: "web", reason: "cheap"}, {rule: "RES002", at: "*"}]
}`, []string{
			"rule changed RES001 - [severity: error → off -]",
			"waiver added RES002 at * -",
			"rule changed CPL002 + [severity: warning → error +]",
			"rule removed CPL003 + [severity: off → info +]",
			"waiver changed REP001 at web - [reason: small → cheap] [until: 2030-01-31 →  -]",
		}},
		{"policies", `
modules: web: {}
lint: policies: {
	"three": {message: "few", modules: {kind: "database", tier: 0}, require: replicas: >=3}
	"gone": {modules: {}, forbid: true}
}`, `
modules: web: {}
lint: policies: {
	"three": {message: "too few", severity: "warning", require: replicas: >=2, modules: {tier: 0, kind: "database"}}
}`, []string{
			"policy removed gone - [forbid: true → ] [modules: {} → ]",
			"policy changed three - [message: few → too few] [severity: error → warning -] [require: {replicas: >=3} → {replicas: >=2}]",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := inWords(matchDesigns(load(t, test.old), load(t, test.new)).changes())
			if !slices.Equal(got, test.want) {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// A field that changed has the place where it is stated.
func TestPlacesOfFields(t *testing.T) {
	old := load(t, "modules: web: {\n\treplicas: 3\n\tteam: \"red\"\n}")
	new := load(t, "modules: web: {\n\treplicas: 2\n}")
	c := matchDesigns(old, new).changes()[0]
	if len(c.Fields) != 2 || c.Place.StartLine != 2 {
		t.Fatalf("%+v", c)
	}
	for i, line := range []int{4, 3} { // the team by the old design, the replicas by the new one
		if got := c.Fields[i].Place; got.StartLine != line {
			t.Errorf("%s at %v", c.Fields[i].Field, got)
		}
	}
}
