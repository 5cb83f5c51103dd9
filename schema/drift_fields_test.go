package schema

import (
	"fmt"
	"os"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
)

// TestDriftOfFields gives each field of the language each odd value, and each name in it each odd
// name, and compares the verdict of the checker with that of the published CUE schema. Of fields with
// the same type in one definition one will do, and of rules those with types of their own; with
// LINTEL_DRIFT set none is left out.
func TestDriftOfFields(t *testing.T) {
	all := os.Getenv("LINTEL_DRIFT") != ""
	taken, refused := 0, 0
	tried := map[string]bool{} // types that stand in place
	for _, def := range definitions {
		if isRule := typeRuleSettings.fields.field(def.name) != nil; isRule && len(tried) > 0 && !all {
			known := true
			for _, k := range def.fields.known {
				known = known && tried[signature(k.typ)]
			}
			if known {
				continue
			}
		}
		// A context keeps the memory of its values, so each definition has one of its own.
		ctx := cuecontext.New()
		in := ctx.CompileBytes(CUE()).LookupPath(cue.ParsePath("#" + def.name))
		if !in.Exists() {
			t.Fatalf("no #%s", def.name)
		}
		compare := func(n *node) {
			t.Helper()
			text := cueText(n)
			v := ctx.CompileString(text)
			if v.Err() != nil {
				t.Fatalf("%v\n%s", v.Err(), text)
			}
			byCUE := in.Unify(v).Validate(cue.Concrete(true))
			c := newChecker(&document{})
			c.value(n, def, &spot{})
			if (byCUE == nil) != (len(c.errs) == 0) {
				t.Errorf("#%s: CUE says: %v\nthe checker says: %v\n%s", def.name, byCUE, c.errs, text)
			}
			if byCUE == nil {
				taken++
			} else {
				refused++
			}
		}
		for _, v := range odd {
			compare(v)
		}
		if def.fields == nil {
			continue
		}
		for _, name := range oddNames {
			if base := required(def); base.field(name) == nil {
				compare(with(base, name, tree(1)))
			}
		}
		for i, k := range def.fields.known {
			if !all && (tried[def.name+signature(k.typ)] || def == &typeRuleSettings && i > 3) {
				continue
			}
			tried[signature(k.typ)], tried[def.name+signature(k.typ)] = true, true
			base := &node{kind: structNode}
			for _, f := range requiredBeside(def, k.name).fields {
				if f.name != k.name {
					base.fields = append(base.fields, f)
				}
			}
			compare(base)
			for _, p := range def.fields.needs {
				if p[0] == k.name {
					if base.field(p[1]) != nil {
						continue
					}
					base = with(base, p[1], values(def.fields.field(p[1]).typ, p[1])[0])
				}
			}
			for _, v := range odd {
				compare(with(base, k.name, v))
			}
			if choosesOther(def.fields, k.name) {
				base = tree(pairs{"forbid", true})
				for _, v := range odd {
					compare(with(base, k.name, v))
				}
			}
			if s := k.typ.fields; s != nil && s.elem != nil {
				for _, name := range oddNames {
					compare(with(base, k.name, tree(pairs{name, values(s.elem, "x")[0]})))
				}
			}
		}
	}
	if taken < 500 || refused < 5000 {
		t.Errorf("%d values taken, %d refused", taken, refused)
	}
	t.Logf("%d values taken, %d refused", taken, refused)
}

// signature tells types apart: by name, or by what they allow.
func signature(t *valueType) string {
	if t.name != "" {
		return t.name
	}
	s := fmt.Sprint(t.boolean, t.numbers)
	if t.text != nil {
		s += fmt.Sprint(*t.text)
	}
	if t.list != nil {
		s += fmt.Sprint("[", signature(t.list.elem), t.list.min, t.list.unique)
	}
	if t.fields != nil {
		s += fmt.Sprint("{", t.fields.key, t.fields.min)
		if t.fields.elem != nil {
			s += signature(t.fields.elem)
		}
	}
	return s
}
