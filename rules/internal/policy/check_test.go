package policy

import (
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"

	"lintel/schema"
)

// TestWrongPolicies: what is wrong with a policy is told, and nothing of one that is right.
func TestWrongPolicies(t *testing.T) {
	for policy, want := range map[string]string{
		// What CUE tells only when there is a value.
		`{modules: name: =~"(", forbid: true}`:                                  `modules.name: "(" is no regular expression: missing closing ): ` + "`(`",
		`{modules: name: !~"*t", forbid: true}`:                                 `modules.name: "*t" is no regular expression: missing argument to repetition operator: ` + "`*`",
		`{modules: {}, neverReaches: name: =~"*t"}`:                             `neverReaches.name: "*t" is no regular expression`,
		`{modules: {}, except: name: =~"[", forbid: true}`:                      `except.name: "[" is no regular expression`,
		`{modules: {}, except: [{kind: "job"}, {name: =~"["}], forbid: true}`:   `except.name: "[" is no regular expression`,
		`{modules: tags: list.MinItems("a"), forbid: true}`:                     `modules.tags: list.MinItems("a"): cannot use "a" (type string) as int`,
		`{modules: tags: list.Contains(3), forbid: true}`:                       `modules.tags: no tags is ever list.Contains(3)`,
		`{modules: tags: list.Contains(=~"("), forbid: true}`:                   `modules.tags: "(" is no regular expression`,
		`{modules: tags: list.MatchN(>0, =~"("), forbid: true}`:                 `modules.tags: "(" is no regular expression`,
		`{modules: tags: [...=~"("], forbid: true}`:                             `modules.tags: "(" is no regular expression`,
		`{modules: tags: [3, ...], forbid: true}`:                               `modules.tags: no element of tags is ever 3`,
		`{modules: {name: string, if name =~ "(" {kind: "job"}}, forbid: true}`: `modules: "(" is no regular expression`,
		`{modules: dependsOn: [=~"("]: timeout: string, forbid: true}`:          `modules.dependsOn: "(" is no regular expression`,
		`{modules: description: strings.MinRunes("a"), forbid: true}`:           `modules.description: strings.MinRunes("a"): cannot use "a" (type string) as int`,
		`{journeys: {}, require: facts: tiers: list.Contains("0")}`:             `require.facts.tiers: no tiers is ever list.Contains("0")`,
		// Words that a field never is.
		`{modules: kind: "database" | "kafka", forbid: true}`:                                      `modules.kind: no kind is ever "kafka"`,
		`{modules: kind: !="extrenal", forbid: true}`:                                              `modules.kind: every kind is !="extrenal" | did you mean "external"?`,
		`{modules: {kind: string, if kind == "databse" {tier: 0}}, forbid: true}`:                  `modules: no kind is ever "databse" | did you mean "database"?`,
		`{dependencies: {to: kind: string, if to.kind != "databse" {mode: "sync"}}, forbid: true}`: `dependencies: no to.kind is ever "databse"`,
		`{modules: tier: 1 | 7, forbid: true}`:                                                     `modules.tier: no tier is ever 7`,
		// What contradicts itself or asks for nothing.
		`{modules: team?: _|_, require: team: string}`:                                   `require.team: string contradicts the selector`,
		`{modules: team: string, require: team?: _|_}`:                                   `require.team: _|_ contradicts the selector`,
		`{modules: slo?: _|_, require: slo: latency: string}`:                            `require.slo.latency: string contradicts the selector`,
		`{modules: ({tier: 0} | {tier: 1}), require: tier: 2}`:                           `require.tier: 2 contradicts the selector`,
		`{modules: tier: 2, require: ({tier: 0} | {tier: 1})}`:                           `require.tier: 0 contradicts the selector`,
		`{modules: ({tier: 0} | {kind: "job"}), require: tier: 2}`:                       ``,
		`{modules: {}, mayUse: [{kind: "database"}], mustUse: kind: "cache"}`:            `mustUse: {kind: "cache"} contradicts mayUse, which allows only {kind: "database"}`,
		`{modules: {}, mayUse: [{kind: "database"}, {tier: 0}], mustUse: kind: "cache"}`: ``,
		`{modules: {}, mayBeUsedBy: [{kind: "database"}], mustBeUsedBy: kind: "cache"}`:  `mustBeUsedBy: {kind: "cache"} contradicts mayBeUsedBy`,
		`{modules: {}, reaches: name: "b", neverReaches: name: "b"}`:                     `neverReaches: {name: "b"} contradicts reaches`,
		`{modules: {}, require: {}}`:                                                     `require: {} asks for nothing`,
		`{modules: {}, require: _}`:                                                      `require: _ asks for nothing`,
		`{modules: {}, count: >=0}`:                                                      `count: >=0 fits any number of modules`,
		`{modules: {}, except: {}, forbid: true}`:                                        `except: {} leaves out all that is selected`,
		`{modules: kind: "job", except: kind: "job", forbid: true}`:                      `except: {kind: "job"} leaves out all that is selected`,
		// What is right.
		`{modules: {name: =~"^(pay|card)-", kind: "database" | "cache", tags: list.Contains("pci"), replicas: *3 | >=2}, require: {team?: string, tier: 0 | 1, technology: strings.MinRunes(2)}}`: ``,
		`{modules: {kind: !="external", tags: [...!="x"] & list.MinItems(1), tier?: _|_}, except: [{kind: "job"}, {name: !~"^a"}], require: slo?: latency: string}`:                               ``,
		`{modules: {tier: int, facts: fanIn: <(tier+1)}, count: >=0 & <=3}`:              ``,
		`{journeys: facts: tiers: list.Contains(0), require: slo: availability: >=99.9}`: ``,
		`{modules: {}, require: dependsOn: [string]: timeout: string}`:                   ``,
	} {
		v := cuecontext.New().CompileString("import \"list\"\nimport \"strings\"\n_unused: [list.Max, strings.MinRunes]\npolicy: " + policy)
		if v.Err() != nil {
			t.Fatalf("%s: %v", policy, v.Err())
		}
		_, errs := Compile(&schema.Policy{Name: "p", Value: v.LookupPath(cue.ParsePath("policy"))})
		got := ""
		for _, e := range errs {
			got += strings.TrimPrefix(e.Message, "policy p: ") + " | " + e.Hint + "\n"
		}
		if (want == "") != (len(errs) == 0) || len(errs) > 1 || !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", policy, got, want)
		}
	}
}
