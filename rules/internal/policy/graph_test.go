package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/schema"
)

// compiled compiles a policy that must be right.
func compiled(t interface{ Fatalf(string, ...any) }, text string) *Policy {
	v := cuecontext.New().CompileString("import \"list\"\n_unused: list.Max\npolicy: " + text)
	if v.Err() != nil {
		t.Fatalf("%s: %v", text, v.Err())
	}
	src := &schema.Policy{Name: "p", Value: v.LookupPath(cue.ParsePath("policy"))}
	src.Message, _ = src.Value.LookupPath(cue.ParsePath("message")).String()
	p, errs := Compile(src)
	if len(errs) > 0 {
		t.Fatalf("%s: %v", text, errs)
	}
	return p
}

// names lists what a policy finds at fault, sorted.
func (v *Verdict) names() []string {
	out := []string{}
	for _, x := range v.Violations {
		out = append(out, x.Name)
	}
	slices.Sort(out)
	return out
}

// graphDesign draws modules a to f, each red, blue or of no colour by its tag, with layers and teams.
func graphDesign(t *rapid.T) *schema.Design {
	names := []string{"a", "b", "c", "d", "e", "f"}
	var b strings.Builder
	b.WriteString("system: \"s\"\nmodules: {\n")
	for _, n := range names {
		var deps []string
		for _, m := range names {
			switch rapid.IntRange(0, 7).Draw(t, n+m) {
			case 0:
				deps = append(deps, m+": {}")
			case 1:
				deps = append(deps, m+`: mode: "async"`)
			}
		}
		if rapid.IntRange(0, 4).Draw(t, n+"any") == 0 {
			deps = append(deps, `either: anyOf: ["a", "c"]`)
		}
		fmt.Fprintf(&b, "\t%s: {tags: [%s], layer: %q, team: %q, dependsOn: {%s}}\n", n,
			rapid.SampledFrom([]string{"", `"red"`, `"blue"`, `"red", "blue"`}).Draw(t, n+"tags"),
			rapid.SampledFrom([]string{"top", "middle", "bottom", "aside"}).Draw(t, n+"layer"), rapid.SampledFrom([]string{"x", "y"}).Draw(t, n+"team"), strings.Join(deps, ", "))
	}
	b.WriteString("}\n")
	return load(t, b.String())
}

// TestDemandsOnDependencies: what policies demand of dependencies is what the words say, taken literally.
func TestDemandsOnDependencies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := graphDesign(t)
		facts := NewFacts(analyzer.New(d), nil)
		is := func(m *schema.Module, tag string) bool { return slices.Contains(m.Tags, tag) }
		byName := map[string]*schema.Module{}
		for _, m := range d.Modules {
			byName[m.Name] = m
		}
		type arrow struct {
			from, to *schema.Module
			sync     bool
		}
		var arrows []arrow
		for _, m := range d.Modules {
			for _, dep := range m.DependsOn {
				for _, r := range dep.Targets() {
					arrows = append(arrows, arrow{m, byName[r.Name], dep.Mode == schema.Sync})
				}
			}
		}
		// reach by repeated squaring of nothing: the plain closure.
		closure := func(keep func(arrow) bool) map[[2]string]bool {
			out := map[[2]string]bool{}
			for _, x := range arrows {
				if keep(x) {
					out[[2]string{x.from.Name, x.to.Name}] = true
				}
			}
			for _, k := range d.Modules {
				for _, i := range d.Modules {
					for _, j := range d.Modules {
						if out[[2]string{i.Name, k.Name}] && out[[2]string{k.Name, j.Name}] {
							out[[2]string{i.Name, j.Name}] = true
						}
					}
				}
			}
			return out
		}
		expect := func(policy string, want []string) {
			t.Helper()
			slices.Sort(want)
			if got := compiled(t, policy).Judge(facts).names(); !slices.Equal(got, want) {
				t.Fatalf("%s: %q, want %q", policy, got, want)
			}
		}
		edges := func(wrong func(arrow) bool) []string {
			out := []string{}
			for _, x := range arrows {
				if x.from != x.to && wrong(x) {
					out = append(out, x.from.Name+" -> "+x.to.Name)
				}
			}
			return out
		}
		modules := func(wrong func(*schema.Module) bool) []string {
			out := []string{}
			for _, m := range d.Modules {
				if is(m, "red") && wrong(m) {
					out = append(out, m.Name)
				}
			}
			return out
		}
		red := `modules: tags: list.Contains("red")`
		blue := `{tags: list.Contains("blue")}`
		expect(`{`+red+`, mayUse: [`+blue+`, {name: "a"}]}`, edges(func(x arrow) bool { return is(x.from, "red") && !is(x.to, "blue") && x.to.Name != "a" }))
		expect(`{`+red+`, mayBeUsedBy: [`+blue+`]}`, edges(func(x arrow) bool { return is(x.to, "red") && !is(x.from, "blue") }))
		expect(`{`+red+`, mustUse: `+blue+`}`, modules(func(m *schema.Module) bool {
			return !slices.ContainsFunc(arrows, func(x arrow) bool { return x.from == m && x.to != m && is(x.to, "blue") })
		}))
		expect(`{`+red+`, mustBeUsedBy: `+blue+`}`, modules(func(m *schema.Module) bool {
			return !slices.ContainsFunc(arrows, func(x arrow) bool { return x.to == m && x.from != m && is(x.from, "blue") })
		}))
		for via, keep := range map[string]func(arrow) bool{"": func(arrow) bool { return true }, `, via: mode: "sync"`: func(x arrow) bool { return x.sync }} {
			reach := closure(keep)
			reaches := func(m *schema.Module) bool {
				return slices.ContainsFunc(d.Modules, func(o *schema.Module) bool { return o != m && is(o, "blue") && reach[[2]string{m.Name, o.Name}] })
			}
			expect(`{`+red+`, reaches: `+blue+via+`}`, modules(func(m *schema.Module) bool { return !reaches(m) }))
			var never []string // one fault for each that is reached
			for _, m := range d.Modules {
				for _, o := range d.Modules {
					if is(m, "red") && o != m && is(o, "blue") && reach[[2]string{m.Name, o.Name}] {
						never = append(never, m.Name+" neverReaches "+o.Name)
					}
				}
			}
			var got []string
			policy := `{` + red + `, neverReaches: ` + blue + via + `}`
			for _, v := range compiled(t, policy).Judge(facts).Violations {
				got = append(got, v.Name+" "+v.Key)
				if v.Path[0] != v.Name || !strings.HasSuffix(v.Key, " "+v.Path[len(v.Path)-1]) || !slices.Contains(v.Aliases, v.Name+" -> "+v.Path[len(v.Path)-1]) {
					t.Fatalf("%s: %s by the way %q, waived as %q", v.Name, v.Key, v.Path, v.Aliases)
				}
				for i := 0; i+1 < len(v.Path); i++ {
					if !slices.ContainsFunc(arrows, func(x arrow) bool { return x.from.Name == v.Path[i] && x.to.Name == v.Path[i+1] && keep(x) }) {
						t.Fatalf("%s: there is no step %s -> %s", policy, v.Path[i], v.Path[i+1])
					}
				}
			}
			slices.Sort(got)
			slices.Sort(never)
			if !slices.Equal(got, never) {
				t.Fatalf("%s: %q, want %q", policy, got, never)
			}
		}
		order := []string{"top", "middle", "bottom"}
		for strict, most := range map[string]int{"": 3, ", strict: true": 1} {
			expect(`{`+red+`, layers: ["top", "middle", "bottom"]`+strict+`}`, edges(func(x arrow) bool {
				i, j := slices.Index(order, x.from.Layer), slices.Index(order, x.to.Layer)
				return is(x.from, "red") && is(x.to, "red") && i >= 0 && j >= 0 && (j < i || j-i > most)
			}))
		}
		expect(`{`+red+`, independent: "team"}`, edges(func(x arrow) bool { return is(x.from, "red") && is(x.to, "red") && x.from.Team != x.to.Team }))
		// Of each set of red modules that reach each other by red ones, the first is named.
		reach := closure(func(x arrow) bool { return x.from != x.to && is(x.from, "red") && is(x.to, "red") })
		expect(`{`+red+`, acyclic: true}`, modules(func(m *schema.Module) bool {
			if !reach[[2]string{m.Name, m.Name}] {
				return false
			}
			return !slices.ContainsFunc(d.Modules, func(o *schema.Module) bool {
				return o.Name < m.Name && reach[[2]string{m.Name, o.Name}] && reach[[2]string{o.Name, m.Name}]
			})
		}))
		expect(`{dependencies: {from: tags: list.Contains("red"), to: `+blue+`, mode: "sync"}, forbid: true}`, func() []string {
			out := []string{}
			for _, x := range arrows {
				if is(x.from, "red") && is(x.to, "blue") && x.sync {
					out = append(out, x.from.Name+" -> "+x.to.Name)
				}
			}
			return out
		}())
		n := len(modules(func(*schema.Module) bool { return true }))
		want := []string{"s"}
		if n >= 1 && n <= 3 {
			want = []string{}
		}
		expect(`{`+red+`, count: >=1 & <=3}`, want)
		expect(`{`+red+`, except: [{name: "a"}, `+blue+`], forbid: true}`, modules(func(m *schema.Module) bool { return m.Name != "a" && !is(m, "blue") }))
	})
}
