package policy

import (
	"fmt"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/schema"
)

// The reference: all that there is to see of a thing is written as a closed definition, and a selector selects the thing
// if CUE unifies the two whole.
func reference(t interface{ Fatalf(string, ...any) }, selector string, sh *shape, s *subject) bool {
	text := "import \"list\"\n#thing: " + literal(sh.all(s, nil)) + "\n_unused: list.Max\nselector: " + selector
	v := cuecontext.New().CompileString(text)
	sel, thing := v.LookupPath(cue.ParsePath("selector")), v.LookupPath(cue.ParsePath("#thing"))
	if err := thing.Validate(cue.Concrete(true)); err != nil {
		t.Fatalf("%s is no value: %v", literal(sh.all(s, nil)), err)
	}
	return sel.Unify(thing).Validate(cue.Final()) == nil
}

// fast gives the verdict of the pattern, twice: the second one is remembered. What is refused must select nothing, but
// where another alternative does.
func fast(t interface{ Fatalf(string, ...any) }, selector string, sh *shape, s *subject) (verdict, refused bool) {
	v := cuecontext.New().CompileString("import \"list\"\n_unused: list.Max\nselector: " + selector)
	if !v.LookupPath(cue.ParsePath("selector")).Exists() {
		t.Fatalf("%s: %v", selector, v.Err())
	}
	c := &compiler{types: map[string]cue.Value{}}
	p := c.pattern(v.LookupPath(cue.ParsePath("selector")), sh, "modules")
	if len(c.faults) > 0 {
		return false, true
	}
	verdict = p.matches(s)
	if again := p.matches(s); again != verdict {
		t.Fatalf("%s: %t at first, %t then", selector, verdict, again)
	}
	return verdict, false
}

// selectors draws selectors of modules, of all forms that CUE has for them.
type drawer struct{ *rapid.T }

func (d drawer) pick(label string, of ...string) string {
	return rapid.SampledFrom(of).Draw(d.T, label)
}

// leaf draws a field with its constraint.
func (d drawer) leaf() string {
	return d.pick("leaf",
		`kind: "database"`, `kind: "database" | "cache"`, `kind: !="service"`, `kind: =~"^(cache|queue)$"`,
		`team: "a"`, `team: string`, `team: !="a"`, `team?: "a"`, `team?: _|_`, `team!: string`, `team: _`,
		`tier: 0`, `tier: <=1`, `tier?: <=1`, `tier: 1 | 2`, `tier: int & >0`,
		`replicas: >=2`, `replicas: int & >=1 & <3`, `replicas: 1`, `replicas: *3 | >=2`, `replicas: number`,
		`tags: list.Contains("x")`, `tags: []`, `tags: ["x", ...]`, `tags: [...=~"x"]`, `tags: list.MinItems(2)`, `tags?: _|_`, `tags: [_, "y"]`,
		`entry: true`, `entry: bool`, `entry: false`,
		`slo: latency: string`, `slo: {latency: "1s"}`, `slo?: {latency: "1s"}`, `slo: latency?: "1s"`, `slo: {}`, `slo?: _|_`, `slo: availability: >=99.5`, `slo: _`,
		`redundancy: mode: "quorum"`, `redundancy: {mode: "active-active", need: >=1}`, `redundancy: {...}`,
		`autoscaling: min: >=2`, `autoscaling?: max: <5`,
		`dependsOn: {}`, `dependsOn: b: _`, `dependsOn: b: timeout: string`, `dependsOn: [string]: mode: "sync"`, `dependsOn: [string]: {timeout: string, ...}`, `dependsOn: [=~"b"]: strength: "soft"`, `dependsOn?: c?: _|_`, `dependsOn: close({})`,
		`placement: {}`, `placement: z1: >=1`, `placement?: _|_`, `links: {}`,
		`facts: fanIn: >0`, `facts: {fanIn: 0, cycle: false}`, `facts: dependencies: list.Contains("b")`, `facts: {cycle: true}`, `facts: domains: zone: list.MinItems(1)`, `facts: latencySeconds: <1`, `facts: {}`, `facts: _`, `facts: instability: >=0.5`,
		`latency: "500ms"`, `latency: string`, `name: "a" | "b"`, `name: =~"^[ab]"`,
		`deploy: strategy: "rolling"`, `deploy: unit?: _|_`, `state: "stateful"`, `operations: >3`, `availability: 99`, `availability: >=99 & <=99.9`,
	)
}

// related draws a struct whose fields refer to each other.
func (d drawer) related() string {
	return d.pick("related",
		`{replicas: int, facts: fanIn: <=replicas}`, `{replicas: int, tier: <replicas}`, `{tier?: int, replicas: int, if tier != _|_ {replicas: >tier}}`,
		`{facts: fanIn: int, if facts.fanIn > 1 {team: string}}`, `{name: string, dependsOn: {[!=name]: _}}`, `{let n = 2, replicas: n}`,
		`{kind: string, if kind == "database" {tags: list.Contains("x")}}`, `{team: string, group: team}`, `{X=replicas: int, autoscaling: min: X}`,
		`{tags: [...string], replicas: len(tags)}`, `{[=~"^tea"]: "a"}`, `{facts: {fanIn: int, fanOut: >=fanIn}}`, `{tags: [...], replicas: >=[for t in tags {1}, 0][0]}`,
	)
}

func (d drawer) selector(depth int) string {
	if depth == 0 {
		return "{" + d.leaf() + "}"
	}
	switch rapid.IntRange(0, 6).Draw(d.T, "form") {
	case 0:
		return d.related()
	case 1:
		return "(" + d.selector(depth-1) + " | " + d.selector(depth-1) + ")"
	case 2:
		return "(" + d.selector(depth-1) + " & " + d.selector(depth-1) + ")"
	case 3:
		return "{" + d.selector(depth-1) + ", " + d.leaf() + "}"
	}
	var fields []string
	for range rapid.IntRange(0, 3).Draw(d.T, "fields") {
		fields = append(fields, d.leaf())
	}
	if rapid.Bool().Draw(d.T, "open") {
		fields = append(fields, "...")
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// drawDesign draws a small design whose modules state few fields of few values.
func drawDesign(t *rapid.T) *schema.Design {
	some := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	var b strings.Builder
	b.WriteString("system: \"s\"\nfailureDomains: {z1: {kind: \"zone\", in: \"r\"}, z2: {kind: \"zone\", in: \"r\"}, r: kind: \"region\"}\nmodules: {\n")
	for _, name := range []string{"a", "b", "c"} {
		fields := []string{
			some("kind", "", `kind: "database"`, `kind: "cache"`, `kind: "service"`),
			some("team", "", `team: "a"`, `team: "b"`), some("group", "", `group: "a"`), some("tier", "", "tier: 0", "tier: 1", "tier: 2"),
			some("replicas", "", "replicas: 2", "replicas: 3"), some("tags", "", `tags: ["x"]`, `tags: ["x", "y"]`), some("entry", "", "entry: true"),
			some("slo", "", `slo: latency: "1s"`, `slo: availability: 99.9`, `slo: {availability: 99, latency: "2s"}`),
			some("redundancy", "", `redundancy: mode: "quorum"`), some("autoscaling", "", "autoscaling: {min: 2, max: 4}"),
			some("placement", "", `placement: ["z1"]`, `placement: {z1: 1, z2: 1}`), some("latency", "", `latency: "500ms"`),
			some("deploy", "", `deploy: unit: "u"`), some("operations", "", "operations: 5"), some("availability", "", "availability: 99", "availability: 99.9"),
			some("dependsOn", "", `dependsOn: ["b"]`, `dependsOn: b: timeout: "2s"`, `dependsOn: {b: {}, c: {strength: "soft", mode: "async"}}`, `dependsOn: either: anyOf: ["a", "c"]`),
		}
		fmt.Fprintf(&b, "\t%s: {%s}\n", name, strings.Join(slicesWithout(fields, ""), ", "))
	}
	b.WriteString("}\n")
	return load(t, b.String())
}

func slicesWithout(list []string, drop string) []string {
	var out []string
	for _, s := range list {
		if s != drop {
			out = append(out, s)
		}
	}
	return out
}

func load(t interface{ Fatalf(string, ...any) }, text string) *schema.Design {
	designs, err := schema.Load(schema.LoadOptions{Stdin: strings.NewReader(text), StdinFilename: "design.cue"}, "-")
	if err != nil || len(designs) != 1 {
		t.Fatalf("%s\n%v", text, err)
	}
	return designs[0]
}

// TestPatternsAreUnification: a pattern, taken apart field by field and with verdicts remembered, says the same as CUE
// does of the whole.
func TestPatternsAreUnification(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := NewFacts(analyzer.New(drawDesign(t)))
		selector := drawer{t}.selector(rapid.IntRange(0, 2).Draw(t, "depth"))
		for _, s := range f.subjects(modulesSelector) {
			want := reference(t, selector, moduleShape(), &s)
			if got, refused := fast(t, selector, moduleShape(), &s); got != want && !(refused && strings.Contains(selector, " | ")) {
				t.Fatalf("%s on %s: %t, by CUE %t", selector, literal(moduleShape().all(&s, nil)), got, want)
			}
		}
		d := drawer{t}
		selector = fmt.Sprintf("{%s}", strings.Join([]string{"from: " + d.selector(1), "to: " + d.selector(0), d.pick("own", `mode: "sync"`, "timeout: string", "timeout?: _|_", "facts: timeoutSeconds: <3", "anyOf: []", "facts: sameTeam: true", "from: team: string, to: team: from.team")}, ", "))
		for _, s := range f.subjects(dependenciesSelector) {
			want := reference(t, selector, dependencyShape(), &s)
			if got, refused := fast(t, selector, dependencyShape(), &s); got != want && !(refused && strings.Contains(selector, " | ")) {
				t.Fatalf("%s on %s -> %s: %t, by CUE %t", selector, f.analysis.Module(s.edge.from).Name, f.analysis.Module(s.edge.to).Name, got, want)
			}
		}
	})
}
