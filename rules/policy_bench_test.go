package rules_test

import (
	"runtime"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"

	"lintel/analyzer"
	"lintel/internal/generate"
	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

// policiesOf reads policies as they stand in "policies" of a text in CUE.
func policiesOf(t testing.TB, text string) []*schema.Policy {
	t.Helper()
	v := cuecontext.New().CompileString(text)
	if v.Err() != nil {
		t.Fatal(v.Err())
	}
	lock := &schema.PolicyLock{}
	it, err := v.Fields()
	if err != nil {
		t.Fatal(err)
	}
	var out []*schema.Policy
	for it.Next() {
		p := &schema.Policy{Name: it.Selector().Unquoted(), Value: it.Value(), Lock: lock}
		p.Message, _ = it.Value().LookupPath(cue.ParsePath("message")).String()
		p.Severity, _ = it.Value().LookupPath(cue.ParsePath("severity")).String()
		p.Description, _ = it.Value().LookupPath(cue.ParsePath("description")).String()
		out = append(out, p)
	}
	return out
}

// tenPolicies use what the language has: names that are all different, lists, facts, dependencies, the graph, fields that
// refer to each other.
const tenPolicies = `
import "list"
"named":        {modules: name: =~"^[a-z]", require: {kind: string, replicas: >=1}}
"tagged":       {modules: tags: list.Contains("pci"), require: replicas: >=3}
"fan":          {modules: {kind: "service"}, require: facts: {fanIn: <40, fanOut: <40, instability: <=1}}
"blast":        {modules: tier: 0 | 1, require: facts: {blastRadius: <100, singlePointOf: []}}
"no-stores":    {dependencies: {from: kind: "frontend" | "gateway", to: kind: "database"}, forbid: true}
"timeouts":     {dependencies: {mode: "sync", when: "runtime"}, require: {timeout: string, facts: timeoutSeconds: <=30}}
"reach":        {modules: kind: "gateway", neverReaches: kind: "job"}
"acyclic":      {modules: {}, acyclic: true}
"independent":  {modules: {}, independent: "group"}
"cross":        {modules: {kind: "database", replicas: int, facts: fanIn: int, if facts.fanIn > 3 {tier: 0}}, require: {backup: _}}
"embed": {modules: {_x, tier: 0}, require: {replicas: >1}}
_x: {kind: "database"}
`

// BenchmarkPolicies measures ten policies on generated designs, the analysis included, and the memory that is kept after
// that.
func BenchmarkPolicies(b *testing.B) {
	for _, spec := range generate.Tiers {
		d := generate.Design(spec, 1)
		b.Run(spec.Name, func(b *testing.B) {
			policies := policiesOf(b, tenPolicies)
			d.Lint.Policies = policies
			if errs := rules.CheckSettings(&d.Lint); len(errs) > 0 {
				b.Fatal(errs)
			}
			b.ReportAllocs()
			findings := 0
			for b.Loop() {
				for _, p := range policies {
					clear(p.Lock.Judges) // what a process that runs once has
				}
				findings = len(rules.Run(analyzer.New(d), rules.Settings{Only: []string{"POL"}}, rulestest.Today).Findings)
			}
			b.ReportMetric(float64(findings), "findings")
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB-kept")
			runtime.KeepAlive(policies)
		})
	}
}
