package policy

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/schema"
)

// The reference: all that there is to see of a thing is written as a closed definition, and a selector selects the thing
// if CUE unifies one of its alternatives with the whole, and what comes of it is the thing.
func reference(t interface{ Fatalf(string, ...any) }, alternatives []string, sh *shape, s *subject) bool {
	return slices.ContainsFunc(alternatives, func(selector string) bool {
		text := "import \"list\"\n#thing: " + literal(sh.all(s, nil)) + "\n_unused: list.Max\nselector: " + selector
		v := cuecontext.New().CompileString(text)
		sel, thing := v.LookupPath(cue.ParsePath("selector")), v.LookupPath(cue.ParsePath("#thing"))
		want, err := thing.MarshalJSON()
		if err != nil {
			t.Fatalf("%s is no value: %v", literal(sh.all(s, nil)), err)
		}
		u := sel.Unify(thing)
		if u.Validate(cue.Final()) != nil {
			return false
		}
		got, err := u.MarshalJSON()
		if err != nil { // something is left open
			return false
		}
		var a, b any
		if json.Unmarshal(got, &a) != nil || json.Unmarshal(want, &b) != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("%s makes of %s another thing, %s", selector, want, got)
		}
		return true
	})
}

// fast gives the verdict of the pattern, twice: the second one is remembered. What is refused must select nothing, but
// where another alternative does.
func fast(t interface{ Fatalf(string, ...any) }, selector string, sh *shape, s *subject) (verdict, refused bool) {
	v := cuecontext.New().CompileString("import \"list\"\n_unused: list.Max\nselector: " + selector)
	if !v.LookupPath(cue.ParsePath("selector")).Exists() {
		t.Fatalf("%s: %v", selector, v.Err())
	}
	c := &compiler{context: cuecontext.New(), types: map[string]cue.Value{}}
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
		`{tier: int, if tier < 2 {replicas: >=2}}`, `{if tier < 2 {replicas: >=2}, tier: int, team: string}`, `{team: string, if team == "a" {kind: "database"}}`,
		`{tier?: int, if tier < 2 {replicas: >=2}}`, `{group?: string, if group != _|_ {team: group}}`, `{group?: string, if group == _|_ {team: string}}`, `{autoscaling: min: int, if autoscaling.min > 1 {kind: "service"}}`,
		`{autoscaling?: {min: int}, if autoscaling.min != _|_ {if autoscaling.min > 1 {team: string}}}`, `{slo: availability: number, if slo.availability > 99 {replicas: >=2}}`, `{facts: {demand: number, if demand > 1 {fanIn: 0}}}`,
		`{dependsOn: _, for k, d in dependsOn if d.timeout == _|_ {team: string}}`, `{dependsOn: [string]: {timeout: string, mode: string, if mode == "async" {strength: "soft"}}}`,
		`{replicas: int, tier: int, dependsOn: _, if tier <= 1 {replicas: >=2}}`, `{autoscaling: _, tier: int, if tier < 2 {autoscaling: min: 2}}`, `{slo: _, tier: int, if tier < 2 {team: string}}`,
		`{replicas: int, deploy: _, if len(deploy) > 1 {replicas: 2}}`, `{dependsOn: _, for k, d in dependsOn if d.mode == "async" {team: string}}`, `{dependsOn: _, for d in dependsOn {if len(d) > 7 {tier: 0}}}`,
		`{tags: [...string], replicas: len(tags)}`, `{[=~"^tea"]: "a"}`, `{facts: {fanIn: int, fanOut: >=fanIn}}`, `{tags: [...], replicas: >=[for t in tags {1}, 0][0]}`,
	)
}

// selector draws a selector, and its alternatives without the disjunctions of structs in it.
func (d drawer) selector(depth int) (text string, alternatives []string) {
	one := func(text string) (string, []string) { return text, []string{text} }
	if depth == 0 {
		return one("{" + d.leaf() + "}")
	}
	both := func(form string, a, b []string) (out []string) {
		for _, x := range a {
			for _, y := range b {
				out = append(out, fmt.Sprintf(form, x, y))
			}
		}
		return out
	}
	switch rapid.IntRange(0, 6).Draw(d.T, "form") {
	case 0:
		return one(d.related())
	case 1:
		a, as := d.selector(depth - 1)
		b, bs := d.selector(depth - 1)
		return "(" + a + " | " + b + ")", append(as, bs...)
	case 2:
		a, as := d.selector(depth - 1)
		b, bs := d.selector(depth - 1)
		return "(" + a + " & " + b + ")", both("(%s & %s)", as, bs)
	case 3:
		a, as := d.selector(depth - 1)
		l := d.leaf()
		return "{" + a + ", " + l + "}", both("{%s, %s}", as, []string{l})
	}
	var fields []string
	for range rapid.IntRange(0, 3).Draw(d.T, "fields") {
		fields = append(fields, d.leaf())
	}
	if rapid.Bool().Draw(d.T, "open") {
		fields = append(fields, "...")
	}
	return one("{" + strings.Join(fields, ", ") + "}")
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
		f := NewFacts(analyzer.New(drawDesign(t)), nil)
		selector, alternatives := drawer{t}.selector(rapid.IntRange(0, 2).Draw(t, "depth"))
		for _, s := range f.subjects(modulesSelector) {
			want := reference(t, alternatives, moduleShape(), &s)
			if got, refused := fast(t, selector, moduleShape(), &s); got != want && !(refused && strings.Contains(selector, " | ")) {
				t.Fatalf("%s on %s: %t, by CUE %t", selector, literal(moduleShape().all(&s, nil)), got, want)
			}
		}
		d := drawer{t}
		from, froms := d.selector(1)
		to, tos := d.selector(0)
		owns := []string{`mode: "sync"`, "timeout: string", "timeout?: _|_", "facts: timeoutSeconds: <3", "anyOf: []", "facts: sameTeam: true", `timeout: string, if timeout == "2s" {mode: "sync"}`}
		if len(froms)+len(tos) == 2 { // CUE does not follow a reference into alternatives that all fit
			owns = append(owns, "from: team: string, to: team: from.team", `from: tier: int, if from.tier < 2 {mode: "sync"}`)
		}
		own := d.pick("own", owns...)
		selector, alternatives = fmt.Sprintf("{from: %s, to: %s, %s}", from, to, own), nil
		for _, from := range froms {
			for _, to := range tos {
				alternatives = append(alternatives, fmt.Sprintf("{from: %s, to: %s, %s}", from, to, own))
			}
		}
		for _, s := range f.subjects(dependenciesSelector) {
			want := reference(t, alternatives, dependencyShape(), &s)
			if got, refused := fast(t, selector, dependencyShape(), &s); got != want && !(refused && strings.Contains(selector, " | ")) {
				t.Fatalf("%s on %s -> %s: %t, by CUE %t", selector, f.analysis.Module(s.edge.from).Name, f.analysis.Module(s.edge.to).Name, got, want)
			}
		}
	})
}

// TestIfAboutAbsentField: an "if" about a field that is not there neither lets a thing pass nor hides what else is absent.
func TestIfAboutAbsentField(t *testing.T) {
	d := load(t, `system: "s", modules: {a: {}, b: {tier: 1}, c: {tier: 1, replicas: 2}, d: {team: "x"}, e: {team: "x", kind: "database"}, f: {tier: 2}}`)
	facts := NewFacts(analyzer.New(d), nil)
	for policy, want := range map[string][]string{
		`{modules: {}, require: {tier: int, if tier < 2 {replicas: >=2}}}`:                       {"a", "b", "d", "e"},
		`{modules: {}, require: {tier?: int, if tier != _|_ {if tier < 2 {replicas: >=2}}}}`:     {"b"},
		`{modules: {}, require: {tier: int, team: string, if tier < 2 {replicas: >=2}}}`:         {"a", "b", "c", "d", "e", "f"},
		`{modules: {team: string, if team == "x" {kind: "database"}}, forbid: true}`:             {"e"},
		`{modules: {tier: int, if tier < 2 {replicas: >=2}}, forbid: true}`:                      {"c", "f"},
		`{modules: {({tier: int, if tier < 2 {replicas: >=2}} | {team: string})}, forbid: true}`: {"c", "d", "e", "f"},
		`{modules: {_big: {tier: int, if tier < 2 {replicas: >=2}}, _big}, forbid: true}`:        {"c", "f"},
		`{modules: {#R: {tier: int, if tier < 2 {replicas: >=2}, ...}, #R}, forbid: true}`:       {"c", "f"},
		`{modules: {tier: int, facts: fanIn: <(tier - 1), replicas: int}, forbid: true}`:         {"f"},
		`{modules: {autoscaling: {min: int, if min > 1 {max: >=3}}}, forbid: true}`:              {},
	} {
		if got := compiled(t, policy).Judge(facts).names(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", policy, got, want)
		}
	}
}
