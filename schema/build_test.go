package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cuelang.org/go/cue"
	"github.com/google/go-cmp/cmp"
)

// tree makes a tree from Go values: maps are not ordered, so fields are given as pairs.
type pairs []any // name, value, name, value …

func tree(v any) *node {
	switch v := v.(type) {
	case nil:
		return &node{kind: nullNode}
	case bool:
		return &node{kind: boolNode, text: fmt.Sprint(v)}
	case int, float64:
		return &node{kind: numberNode, text: fmt.Sprint(v)}
	case string:
		return &node{kind: stringNode, text: v}
	case []any:
		n := &node{kind: listNode}
		for _, item := range v {
			n.items = append(n.items, tree(item))
		}
		return n
	case pairs:
		n := &node{kind: structNode}
		for i := 0; i < len(v); i += 2 {
			n.fields = append(n.fields, field{name: v[i].(string), value: tree(v[i+1])})
		}
		return n
	case *node:
		return v
	}
	panic(fmt.Sprintf("%T", v))
}

// values gives values that a type allows, one at least of each of its forms, and none that says the
// same as leaving the field out.
func values(t *valueType, label string) []*node {
	var out []*node
	if t.any {
		return []*node{tree("any-of-" + label)}
	}
	if t.boolean {
		out = append(out, tree(true))
	}
	if len(t.numbers) > 0 {
		switch max := t.numbers[0].max; {
		case t.name == "Percentage":
			out = append(out, tree(97.5))
		case max == "1":
			out = append(out, tree(0.5))
		case len(max) == 1:
			out = append(out, tree(2))
		default:
			out = append(out, tree(7))
		}
	}
	if t.text != nil {
		switch {
		case t.text.date:
			out = append(out, tree("2027-03-04"))
		case t.isDuration():
			out = append(out, tree("3s"))
		case t.name == "Percentage":
			out = append(out, tree("96.5%"))
		case len(t.text.values) > 0:
			for i := range t.text.values { // from the last, for the first is often the default
				out = append(out, tree(t.text.values[len(t.text.values)-1-i]))
			}
			for _, p := range t.text.patterns {
				if strings.Contains(p, "ms") {
					out = append(out, tree("3s"))
				}
			}
		default:
			out = append(out, tree("text-of-"+label))
		}
	}
	if t.list != nil {
		out = append(out, tree([]any{values(t.list.elem, label)[0]}))
	}
	if s := t.fields; s != nil {
		switch {
		case s.open:
			out = append(out, tree(pairs{"anything", nil}))
		case s.elem != nil:
			for _, v := range values(s.elem, label) {
				out = append(out, tree(pairs{"name-in-" + label, v}))
			}
		default:
			out = append(out, full(t))
			// Each field by itself, for structs whose fields exclude each other.
			for _, k := range s.known {
				if !k.required && !needsOther(s, k.name) && !choosesOther(s, k.name) {
					out = append(out, with(requiredBeside(t, k.name), k.name, values(k.typ.beside(required(t)), k.name)[0]))
				}
			}
		}
	}
	return out
}

func needsOther(s *structType, name string) bool {
	for _, p := range s.needs {
		if p[0] == name {
			return true
		}
	}
	return false
}

// choosesOther reports whether another field stands in the place of one in the structs of required.
func choosesOther(s *structType, name string) bool {
	for _, list := range s.mostOne {
		if slices.Contains(list, name) {
			return true
		}
	}
	return false
}

// required is a struct with the required fields alone.
func required(t *valueType) *node { return requiredBeside(t, "") }

// requiredBeside is a struct with the required fields, such that a field can be added: of fields of which one must
// stand it has the first that the field leaves room for.
func requiredBeside(t *valueType, beside string) *node {
	n := &node{kind: structNode}
	for _, k := range t.fields.known {
		if k.required {
			n.fields = append(n.fields, field{name: k.name, value: values(k.typ, k.name)[0]})
		}
	}
	for _, list := range t.fields.someOf {
		for _, name := range list {
			excluded := name == beside
			for _, p := range t.fields.exclusive {
				excluded = excluded || p[0] == name && p[1] == beside || p[1] == name && p[0] == beside
			}
			if !excluded {
				k := t.fields.field(name)
				n.fields = append(n.fields, field{name: name, value: simple(k.typ.beside(n), name)})
				break
			}
		}
	}
	return n
}

// simple is an empty struct where a type allows it, else the first of its values.
func simple(t *valueType, label string) *node {
	if t.fields != nil && t.fields.min == 0 && len(t.fields.someOf) == 0 {
		return &node{kind: structNode}
	}
	return values(t, label)[0]
}

// full is a struct with every field, but of those that exclude each other only the second.
func full(t *valueType) *node {
	n := &node{kind: structNode}
	for _, k := range t.fields.known {
		skip := false
		for _, p := range t.fields.exclusive {
			skip = skip || p[0] == k.name
		}
		for _, list := range t.fields.mostOne {
			skip = skip || slices.Contains(list[1:], k.name)
		}
		if vs := values(k.typ.beside(required(t)), k.name); !skip && len(vs) > 0 {
			n.fields = append(n.fields, field{name: k.name, value: vs[0]})
		}
	}
	return n
}

func with(n *node, name string, v *node) *node {
	out := *n
	out.fields = append(out.fields[:len(out.fields):len(out.fields)], field{name: name, value: v})
	return &out
}

func designOf(t *testing.T, root *node) *Design {
	t.Helper()
	d, errs := decode(&document{root: root})
	if len(errs) > 0 {
		t.Fatalf("%v\n%v", errs, show(root))
	}
	return d
}

func show(n *node) string {
	switch n.kind {
	case structNode:
		var parts []string
		for _, f := range n.fields {
			parts = append(parts, f.name+": "+show(f.value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case listNode:
		var parts []string
		for _, item := range n.items {
			parts = append(parts, show(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return n.text
}

// ignorePlaces leaves the places out of a comparison: whether a field is stated must show in the
// values.
var ignorePlaces = cmp.FilterPath(func(p cmp.Path) bool {
	t := p.Last().Type()
	return t == reflect.TypeFor[Range]() || t == reflect.TypeFor[Places]() || t == reflect.TypeFor[*PolicyLock]()
}, cmp.Ignore())

// sameValues compares CUE values by what they say.
var sameValues = cmp.Transformer("CUE", func(v cue.Value) string { return fmt.Sprint(v) })

// TestEveryFieldIsBuilt takes the table field by field: what a design states must show in the Design,
// each in a way of its own. This is what keeps the builder to the definition.
func TestEveryFieldIsBuilt(t *testing.T) {
	where := map[string]func(*node) *node{
		"System":        func(n *node) *node { return n },
		"Module":        func(n *node) *node { return tree(pairs{"system", "s", "modules", pairs{"m", n}}) },
		"Dependency":    inModule("dependsOn", "d"),
		"Redundancy":    inModule("redundancy"),
		"Autoscaling":   inModule("autoscaling"),
		"Session":       inModule("session"),
		"Backup":        inModule("backup"),
		"SLO":           inModule("slo"),
		"Capacity":      inModule("capacity"),
		"Deploy":        inModule("deploy"),
		"Retries":       inModule("dependsOn", "d", "retries"),
		"FailureDomain": inSystem("failureDomains"),
		"Journey":       inSystem("journeys"),
		"Transaction":   inSystem("transactions"),
		"Lint": func(n *node) *node {
			return tree(pairs{"system", "s", "modules", pairs{"m", pairs{}}, "lint", n})
		},
		"PolicySettings": func(n *node) *node {
			return tree(pairs{"system", "s", "modules", pairs{"m", pairs{}}, "lint", pairs{"rules", pairs{"own", n}}})
		},
		"Policy": func(n *node) *node {
			return tree(pairs{"system", "s", "modules", pairs{"m", pairs{}}, "lint", pairs{"policies", pairs{"p", n}}})
		},
		"Example":          inPolicy("ok", "x"),
		"ModuleMatch":      inPolicy("modules"),
		"ModuleFacts":      inPolicy("modules", "facts"),
		"DependencyMatch":  inPolicy("dependencies"),
		"DependencyFields": inPolicy("modules", "dependsOn", "d"),
		"DependencyFacts":  inPolicy("dependencies", "facts"),
		"GroupMatch":       inPolicy("groups"),
		"GroupFacts":       inPolicy("groups", "facts"),
		"JourneyMatch":     inPolicy("journeys"),
		"JourneyFacts":     inPolicy("journeys", "facts"),
		"DesignMatch":      inPolicy("design"),
		"DesignFacts":      inPolicy("design", "facts"),
		"Waiver": func(n *node) *node {
			return tree(pairs{"system", "s", "modules", pairs{"m", pairs{}}, "lint", pairs{"waivers", []any{n}}})
		},
	}
	for _, def := range definitions {
		if def.fields == nil || len(def.fields.known) == 0 || def.name == "Settings" || def.name == "RuleSettings" {
			continue
		}
		put := where[def.name]
		if put == nil {
			if typeRuleSettings.fields.field(def.name) == nil {
				t.Errorf("no test reaches #%s", def.name)
				continue
			}
			put = func(n *node) *node {
				return tree(pairs{"system", "s", "modules", pairs{"m", pairs{}}, "lint", pairs{"rules", pairs{def.name, n}}})
			}
		}
		seen := map[string]string{}
		for _, k := range def.fields.known {
			if choosesOther(def.fields, k.name) {
				continue // the definition of what it selects is tried by itself
			}
			for i, v := range values(k.typ.beside(required(def)), k.name) {
				base := requiredBeside(def, k.name)
				for _, p := range def.fields.needs {
					if p[0] == k.name && base.field(p[1]) == nil {
						base = with(base, p[1], values(def.fields.field(p[1]).typ, p[1])[0])
					}
				}
				stated := base
				if p := needed(def, k.name); len(p) > 1 && slices.Contains(needed(def, p[1]), k.name) {
					// The two stand together or not at all.
					stated = with(base, k.name, v)
					base = with(base, k.name, tree("9s"))
				} else if k.required {
					// Another value in its place: the last is never the first.
					stated = &node{kind: structNode}
					for _, f := range base.fields {
						if f.name == k.name {
							f.value = v
						}
						stated.fields = append(stated.fields, f)
					}
					if i == 0 {
						continue
					}
				} else {
					stated = with(base, k.name, v)
				}
				diff := cmp.Diff(designOf(t, put(base)), designOf(t, put(stated)), ignorePlaces, sameValues)
				if diff == "" && !saysDefault(def, &k, v) {
					t.Errorf("#%s: %s: %s shows nowhere in the design", def.name, k.name, show(v))
				}
				if other, ok := seen[diff]; ok && diff != "" && other != k.name {
					t.Errorf("#%s: %s: %s and %s show in the same way:\n%s", def.name, k.name, show(v), other, diff)
				}
				seen[diff] = k.name
			}
		}
	}
}

// needed is the field and what it needs one of, or nothing.
func needed(t *valueType, name string) []string {
	for _, p := range t.fields.needs {
		if p[0] == name {
			return p
		}
	}
	return nil
}

// saysDefault knows the values that say what is so without them.
func saysDefault(def *valueType, k *fieldType, v *node) bool {
	return k.def == fmt.Sprintf("%q", show(v)) || def.name == "Module" && k.name == "state" && show(v) == "stateless"
}

// inPolicy puts a struct into a policy, below a path of fields.
func inPolicy(path ...string) func(*node) *node {
	return func(n *node) *node {
		for i := len(path) - 1; i > 0; i-- {
			n = tree(pairs{path[i], n})
		}
		policy := tree(pairs{"forbid", true})
		if path[0] == "ok" {
			policy = with(policy, "modules", tree(pairs{}))
		}
		return inSystem("lint")(nil).put("lint", tree(pairs{"policies", pairs{"p", with(policy, path[0], n)}}))
	}
}

// put gives n with another value for a field.
func (n *node) put(name string, v *node) *node {
	out := &node{kind: structNode}
	for _, f := range n.fields {
		if f.name == name {
			f.value = v
		}
		out.fields = append(out.fields, f)
	}
	return out
}

func inSystem(field string) func(*node) *node {
	return func(n *node) *node {
		return tree(pairs{"system", "s", "modules", pairs{"m", pairs{}}, field, pairs{"x", n}})
	}
}

func inModule(path ...string) func(*node) *node {
	return func(n *node) *node {
		for i := len(path) - 1; i >= 0; i-- {
			n = tree(pairs{path[i], n})
		}
		return tree(pairs{"system", "s", "modules", pairs{"m", n}})
	}
}

// TestDefaults holds the defaults that the definition tells in its comments to what decode fills in:
// stating them changes nothing.
func TestDefaults(t *testing.T) {
	told := 0
	for _, c := range []struct {
		def *valueType
		put func(*node) *node
	}{
		{&typeModule, func(n *node) *node { return tree(pairs{"system", "s", "modules", pairs{"m", n}}) }},
		{&typeRedundancy, inModule("redundancy")},
		{&typeDependency, inModule("dependsOn", "d")},
	} {
		for _, k := range c.def.fields.known {
			var v *node
			switch {
			case k.def == "":
				continue
			case k.def == "true" || k.def == "false":
				v = &node{kind: boolNode, text: k.def}
			case isPlain(k.def):
				v = &node{kind: numberNode, text: k.def}
			case k.def[0] == '"':
				v = tree(strings.Trim(k.def, `"`))
			default:
				continue // told in words
			}
			told++
			base := required(c.def)
			if k.name == "need" {
				base = with(base, "anyOf", tree([]any{"a", "b"}))
			}
			if diff := cmp.Diff(designOf(t, c.put(base)), designOf(t, c.put(with(base, k.name, v))), ignorePlaces); diff != "" {
				t.Errorf("#%s: %s: stating the default %s changes the design:\n%s", c.def.name, k.name, k.def, diff)
			}
		}
	}
	if told < 9 {
		t.Errorf("only %d defaults found", told)
	}
}

// TestStateByKind holds the default of "state" to the words of the definition.
func TestStateByKind(t *testing.T) {
	words := typeModule.fields.field("state").def
	for _, kind := range typeKind.text.values {
		d := designOf(t, tree(pairs{"system", "s", "modules", pairs{"m", pairs{"kind", kind}}}))
		want := Stateless
		before, _, _ := strings.Cut(words, ", else")
		for _, w := range strings.FieldsFunc(before, func(r rune) bool { return r == ' ' || r == ',' }) {
			if w == kind {
				want = Stateful
			}
		}
		if got := d.Modules[0].State; got != want {
			t.Errorf("%s: %s, the definition says %s", kind, got, want)
		}
	}
}

func TestPlacesOfFields(t *testing.T) {
	at := func(line, start, end int) Range {
		return Range{File: "d.cue", StartLine: line, StartColumn: start, EndLine: line, EndColumn: end}
	}
	f := func(name string, line, column int, v *node) field {
		v.pos = at(line, column+len(name)+2, column+len(name)+2+max(1, len(v.text)))
		return field{name: name, pos: at(line, column, column+len(name)), value: v}
	}
	strct := func(fields ...field) *node { return &node{kind: structNode, fields: fields} }
	item := tree("cache")
	item.pos = at(9, 20, 27)
	multi := strct(f("min", 5, 20, tree(1)), f("max", 6, 20, tree(2)))
	auto := f("autoscaling", 4, 5, multi)
	auto.value.pos.EndLine = 7
	root := strct(
		f("system", 1, 1, tree("shop")),
		f("modules", 2, 1, strct(f("web", 3, 3, strct(
			f("replicas", 3, 8, tree(2)),
			f("slo", 3, 30, strct(f("availability", 3, 35, tree(99.5)))),
			auto,
			f("backup", 8, 5, strct(f("to", 8, 14, tree("vault")))),
			f("dependsOn", 9, 5, tree([]any{item})),
		)))),
	)
	d, errs := decode(&document{path: "d.cue", files: []string{"d.cue"}, root: root})
	if errs != nil {
		t.Fatal(errs)
	}
	m := d.Modules[0]
	for field, want := range map[string]Range{
		"replicas":         at(3, 8, 19),
		"slo.availability": at(3, 35, 53),
		"autoscaling":      at(4, 5, 16), // the value ends on another line: the label alone
		"autoscaling.max":  at(6, 20, 26),
		"backup.to":        at(8, 14, 23),
	} {
		if got, ok := m.Places.Of(field); !ok || got != want {
			t.Errorf("%s: %+v, want %+v", field, got, want)
		}
	}
	if _, ok := m.Places.Of("tier"); ok {
		t.Error("a field that is not stated has a place")
	}
	if want := at(3, 3, 6); m.Pos != want {
		t.Errorf("module: %+v, want %+v", m.Pos, want)
	}
	if want := at(8, 18, 23); m.Backup.To.Pos != want {
		t.Errorf("backup.to as a reference: %+v, want %+v", m.Backup.To.Pos, want)
	}
	dep := m.DependsOn[0]
	if dep.Pos != item.pos || dep.To.Pos != item.pos {
		t.Errorf("dependency: %+v, %+v", dep.Pos, dep.To.Pos)
	}
	if want := at(1, 1, 13); d.Pos != want {
		t.Errorf("design: %+v, want %+v", d.Pos, want)
	}
}

// TestNothing: a document without content has faults, a settings file without content has none.
func TestNothing(t *testing.T) {
	if _, errs := decode(&document{files: []string{"a.cue"}}); len(errs) != 2 || errs[0].Pos.File != "a.cue" {
		t.Errorf("%v", errs)
	}
	if lint, errs := decodeSettings(&document{}); lint == nil || errs != nil {
		t.Errorf("%v, %v", lint, errs)
	}
	for _, n := range []*node{tree(nil), tree("x"), tree([]any{}), tree(3), tree(true)} {
		if _, errs := decode(&document{root: n}); len(errs) != 1 {
			t.Errorf("%v: %v", show(n), errs)
		}
	}
}

// TestUnknownNodes: what the reader could not compute is passed over in silence, wherever it stands.
func TestUnknownNodes(t *testing.T) {
	unknown := func() *node { return &node{kind: unknownNode} }
	for _, def := range definitions {
		if def.fields == nil {
			continue
		}
		n := &node{kind: structNode}
		for _, k := range def.fields.known {
			if !slices.Contains([]string{"to", "need", "mtbf", "mttr"}, k.name) { // see exclusive
				n.fields = append(n.fields, field{name: k.name, value: unknown()})
			}
		}
		root := n
		if def.name == "Module" {
			root = tree(pairs{"system", "s", "modules", pairs{"m", n, "o", unknown()}})
		} else if def.name != "System" {
			continue
		}
		if _, errs := decode(&document{root: root}); errs != nil {
			t.Errorf("#%s: %v", def.name, errs)
		}
	}
	if _, errs := decode(&document{root: unknown()}); errs != nil {
		t.Error(errs)
	}
}

func TestParseDuration(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"0s": 0, "500ms": 500 * time.Millisecond, "1.5s": 1500 * time.Millisecond, "2m": 2 * time.Minute,
		"24h": 24 * time.Hour, "7d": 7 * 24 * time.Hour, "1h30m": 90 * time.Minute, "0.5d": 12 * time.Hour,
		"1d12h": 36 * time.Hour, "10µs": 10 * time.Microsecond, "10μs": 10 * time.Microsecond, "10us": 10 * time.Microsecond,
		"1.000000001s": time.Second + 1, "0.000000001d": 86400, "1ns": 1, "0.9ns": 0,
		"9999d": 9999 * 24 * time.Hour,
	} {
		got, err := parseDuration(s)
		if err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", s, got, err, want)
		}
		if !newChecker(&document{}).allows(typeDuration.text, s) {
			t.Errorf("the definition refuses %s", s)
		}
	}
}

// FuzzDuration: what the definition allows is read without an overflow, as time.ParseDuration reads it
// where it can.
func FuzzDuration(f *testing.F) {
	for _, s := range []string{"1s", "1h30m", "9999.999999999d", "99999.999999999h99999.999999999h", "1.5", "-1s", ".5s", "1µs"} {
		f.Add(s)
	}
	c := newChecker(&document{})
	f.Fuzz(func(t *testing.T, s string) {
		if !c.allows(typeDuration.text, s) {
			return
		}
		got, err := parseDuration(s)
		if err != nil || got < 0 {
			t.Fatalf("%q: %v, %v", s, got, err)
		}
		if want, err := time.ParseDuration(s); err == nil && (want-got).Abs() > 8 {
			t.Fatalf("%q: %v, time.ParseDuration says %v", s, got, want)
		}
	})
}
