package schema

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"cuelang.org/go/cue"
)

const policyModule = `
-- cue.mod/module.cue --
module: "example.com/shop"
language: version: "v0.15.0"
-- cue.mod/pkg/acme.example/rules/rules.cue --
package rules

import "lintel.arch/schema"

all: schema.#Policies & {
	vendored: {modules: replicas: <2, forbid: true, ok: [{modules: a: replicas: 2}]}
}
-- cue.mod/usr/acme.example/rules/extra.cue --
package rules

all: added: {modules: {}, count: >=1}
-- policies/all.cue --
package policies

pci: "pci-three": {modules: kind: "service", require: replicas: >=3}
all: {pci, "own": {modules: {}, acyclic: true}}
single: {dependencies: mode: "sync", require: timeout: string}
helper: {text: "no policy"}
#Set: {"in-definition": {groups: {}, forbid: true}}
#Base: {modules: kind: "database", ...}
_hidden: {modules: {}, forbid: true}
-- .lintel.cue --
import (
	shared "example.com/shop/policies"
	"acme.example/rules"
)

lint: policies: shared.all
lint: policies: rules.all
lint: policies: single: shared.single
lint: policies: based: shared.#Base & {forbid: true}
-- shop.cue --
system: "shop"
modules: a: {}
-- plain.json --
{"system": "plain", "modules": {"a": {}}, "lint": {"policies": {"json": {"modules": {"replicas": 1, "tier": 0}, "forbid": true}}}}
-- plain.yaml --
system: yaml
modules: {a: {}}
lint: {policies: {yaml: {modules: {availability: 99.5}, require: {team: x}}}}
-- literal.cue --
system: "literal"
modules: a: {}
lint: policies: literal: {modules: {kind: "service", tags: ["a"]}, require: operations: -0}
`

func policyNames(sets []PolicySet) string {
	var out []string
	for _, s := range sets {
		for _, p := range s.Policies {
			out = append(out, s.Path+":"+p.Name)
		}
	}
	return strings.Join(out, " ")
}

// TestLoadPolicies finds policies wherever they may stand, each once.
func TestLoadPolicies(t *testing.T) {
	dir := extract(t, policyModule)
	for _, c := range []struct {
		paths []string
		want  string
	}{
		{[]string{"policies"}, "policies/all.cue:in-definition policies/all.cue:own policies/all.cue:pci-three policies/all.cue:single"},
		{[]string{"policies/all.cue"}, "policies/all.cue:in-definition policies/all.cue:own policies/all.cue:pci-three policies/all.cue:single"},
		{[]string{".lintel.cue"}, ".lintel.cue:added .lintel.cue:based .lintel.cue:own .lintel.cue:pci-three .lintel.cue:single .lintel.cue:vendored"},
		{[]string{"plain.json", "plain.yaml", "literal.cue", "plain.json"}, "literal.cue:literal plain.json:json plain.yaml:yaml"},
		{[]string{"shop.cue"}, ""},
		{[]string{"*.json"}, "plain.json:json"},
	} {
		sets, err := LoadPolicies(LoadOptions{Dir: dir}, c.paths...)
		if got := policyNames(sets); err != nil || got != c.want {
			t.Errorf("%v: %v\n got %s\nwant %s", c.paths, err, got, c.want)
		}
	}
	sets, err := LoadPolicies(LoadOptions{Dir: dir}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	once := map[string]int{}
	for _, s := range sets {
		for _, p := range s.Policies {
			once[p.Name]++
		}
	}
	for _, name := range []string{"added", "own", "pci-three", "vendored", "in-definition", "json", "yaml", "literal"} {
		if once[name] != 1 {
			t.Errorf("%s was found %d times", name, once[name])
		}
	}
}

// TestLoadPoliciesFaults tells of what is no policy, and goes on.
func TestLoadPoliciesFaults(t *testing.T) {
	dir := extract(t, `
-- a/a.cue --
package a

all: {
	wrong: {modules: kin: "x", forbid: true}
	open: {modules: {}, forbid: true, message: string}
}
-- b.cue --
all: {x: {modules: {}, forbid: true}}
-- c.cue --
text: "x"
-- d.cue --
all: {x: {modules: nobody, forbid: true}}
`)
	for path, want := range map[string]string{
		"a":     `unknown field "kin"|message has no value`,
		"c.cue": "no policies in this file",
		"d.cue": "nobody",
		"e.cue": "no such file",
	} {
		sets, err := LoadPolicies(LoadOptions{Dir: dir}, path, "b.cue")
		var list Errors
		if !errors.As(err, &list) {
			t.Errorf("%s: no fault", path)
			continue
		}
		for w := range strings.SplitSeq(want, "|") {
			if !strings.Contains(list.Error(), w) {
				t.Errorf("%s: %v, want %s", path, list, w)
			}
		}
		if policyNames(sets) != "b.cue:x" {
			t.Errorf("%s: b.cue was not read: %s", path, policyNames(sets))
		}
	}
}

// TestPolicyPackageIsNoDesign: a package that uses the schema for its policies alone is not taken for a design.
func TestPolicyPackageIsNoDesign(t *testing.T) {
	dir := extract(t, policyModule+`
-- typed/typed.cue --
package typed

import "lintel.arch/schema"

all: schema.#Policies & {x: {modules: {}, forbid: true}}
`)
	designs, err := Load(LoadOptions{Dir: dir}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range designs {
		if strings.HasPrefix(d.Path, "typed") || strings.HasPrefix(d.Path, "policies") {
			t.Errorf("%s was taken for a design", d.Path)
		}
	}
	if len(designs) != 4 {
		t.Errorf("%d designs", len(designs))
	}
}

// TestPolicyPlaces holds the places and values of a policy to what stands in the file, in each notation.
func TestPolicyPlaces(t *testing.T) {
	dir := extract(t, `
-- shop.cue --
import "list"

system: "shop"
modules: a: {}
lint: policies: p: {
	message: "m"
	modules: {tags: list.Contains("x"), facts: fanIn: >3, team?: _|_}
	mayUse: [{kind: "cache"}, {kind: "queue"}]
	bad: two: modules: {a: {}, b: replicas: 4}
}
-- shop.json --
{
	"system": "shop", "modules": {"a": {}},
	"lint": {"policies": {"p": {
		"modules": {"facts": {"fanIn": 3}}, "mayUse": [{"kind": "cache"}],
		"message": "m", "bad": [{"modules": {"b": {"replicas": 4}}}]
	}}}
}
`)
	for file, want := range map[string]map[string]string{
		"shop.cue":  {"message": "6:2", "modules.tags": "7:12", "modules.facts.fanIn": "7:45", "modules.team": "7:56", "mayUse.1.kind": "8:29", "bad": "9:2"},
		"shop.json": {"message": "5:3", "modules.facts.fanIn": "4:25", "mayUse.0": "4:50", "bad": "5:19"},
	} {
		designs, err := Load(LoadOptions{Dir: dir}, file)
		if err != nil {
			t.Fatal(err)
		}
		p := designs[0].Lint.Policies[0]
		for field, at := range want {
			r, ok := p.Places.Of(field)
			if got := fmt.Sprintf("%d:%d", r.StartLine, r.StartColumn); !ok || got != at {
				t.Errorf("%s: %s stands at %s, not %s", file, field, got, at)
			}
		}
		if v := p.Value.LookupPath(cue.ParsePath("mayUse[0].kind")); !v.Exists() {
			t.Errorf("%s: no value", file)
		}
		e := p.Bad[0]
		last := e.Design.Modules[len(e.Design.Modules)-1]
		if last.Name != "b" || last.Replicas != 4 || filepath.Base(last.Pos.File) != file || !last.Pos.IsKnown() {
			t.Errorf("%s: the example is %+v", file, last)
		}
	}
}

// TestDesignsWithoutPolicies stay literal, and keep nothing of the evaluator.
func TestDesignsWithoutPolicies(t *testing.T) {
	dir := extract(t, "-- a.cue --\nsystem: \"a\"\nmodules: x: {}\nlint: policies: p: {modules: {kind: \"queue\"}, count: 3}\n-- b.cue --\nsystem: \"b\"\nmodules: x: replicas: 1+1\n")
	l, _ := newLoader(LoadOptions{Dir: dir})
	inputs, errs := l.resolve([]string{"a.cue", "b.cue"})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	inputs[0].files[0].parse()
	if !isLiteral(inputs[0].files) {
		t.Error("a policy of plain values makes a design go through the evaluator")
	}
	doc, errs, _ := l.read(inputs[1])
	if len(errs) > 0 || doc.policies.Exists() || doc.constraints != nil {
		t.Errorf("%v, %v", errs, doc.policies)
	}
}
