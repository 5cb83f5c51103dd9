package schema

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
)

// TestDrift spoils random designs in random places and compares the verdict of the decoder with
// that of the published CUE schema. LINTEL_DRIFT sets the number of designs.
func TestDrift(t *testing.T) {
	count := 500
	if testing.Short() {
		count = 150
	}
	if s := os.Getenv("LINTEL_DRIFT"); s != "" {
		count, _ = strconv.Atoi(s)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var ctx *cue.Context
	var system cue.Value
	taken, refused := 0, 0
	for i := range count {
		if i%500 == 0 { // a context keeps the memory of its values
			ctx = cuecontext.New()
			system = ctx.CompileBytes(CUE()).LookupPath(cue.ParsePath("#System"))
		}
		root := randomValue(r, &typeSystem, "s", 0)
		for range r.IntN(3) {
			spoil(r, root)
		}
		text := cueText(root)
		v := ctx.CompileString(text)
		if v.Err() != nil {
			t.Fatalf("%v\n%s", v.Err(), text)
		}
		byCUE := system.Unify(v).Validate(cue.Concrete(true))
		_, byGo := decode(&document{root: root})
		if (byCUE == nil) != (len(byGo) == 0) {
			t.Fatalf("CUE says: %v\nthe decoder says: %v\n%s", byCUE, byGo, text)
		}
		if byCUE == nil {
			taken++
		} else {
			refused++
		}
	}
	if taken < count/10 || refused < count/10 {
		t.Errorf("%d designs taken, %d refused", taken, refused)
	}
}

// randomValue makes a value that a type allows.
func randomValue(r *rand.Rand, t *valueType, label string, depth int) *node {
	if s := t.fields; s != nil && (t.list == nil && t.text == nil || r.IntN(2) == 0) {
		n := &node{kind: structNode}
		if s.open {
			return n
		}
		if s.elem != nil {
			for i := range s.min + r.IntN(3) {
				n.fields = append(n.fields, field{name: fmt.Sprint(label, i), value: randomValue(r, s.elem, label, depth+1)})
			}
			return n
		}
		chosen := map[string]bool{} // of fields of which one must stand, or one at most
		for _, list := range slices.Concat(s.someOf, s.mostOne) {
			name := list[r.IntN(len(list))]
			for _, other := range list {
				if chosen[other] {
					name = other
				}
			}
			chosen[name] = true
		}
		for _, k := range s.known {
			if !chosen[k.name] && (!k.required && r.IntN(3) > 0 || k.name == "need" || k.name == "to" && t.name == "Dependency" || choosesOther(s, k.name)) {
				continue
			}
			if len(s.someOf) > 0 && !chosen[k.name] && (needsOther(s, k.name) || excludes(s, k.name)) {
				continue
			}
			if strings.ToUpper(label) == label && r.IntN(4) > 0 && !k.required {
				continue
			}
			beside := &node{kind: structNode}
			for name := range chosen {
				beside.fields = append(beside.fields, field{name: name})
			}
			n.fields = append(n.fields, field{name: k.name, value: randomValue(r, k.typ.beside(beside), k.name, depth+1)})
		}
		return n
	}
	if t.list != nil {
		n := &node{kind: listNode}
		for i := range t.list.min + r.IntN(3) {
			item := randomValue(r, t.list.elem, label, depth+1)
			if t.list.unique {
				item = &node{kind: stringNode, text: fmt.Sprint(label, i)}
			}
			n.items = append(n.items, item)
		}
		return n
	}
	all := values(t, label)
	return all[r.IntN(len(all))]
}

// excludes reports whether a field does not stand with another.
func excludes(s *structType, name string) bool {
	return slices.ContainsFunc(s.exclusive, func(p [2]string) bool { return p[0] == name || p[1] == name })
}

// odd are values and texts at the borders of what the language allows.
var odd = []*node{
	{kind: nullNode}, {kind: boolNode, text: "true"}, {kind: boolNode, text: "false"},
	{kind: numberNode, text: "0"}, {kind: numberNode, text: "1"}, {kind: numberNode, text: "3"}, {kind: numberNode, text: "4"},
	{kind: numberNode, text: "-1"}, {kind: numberNode, text: "-0"}, {kind: numberNode, text: "3.0"}, {kind: numberNode, text: "0.0"},
	{kind: numberNode, text: "1e3"}, {kind: numberNode, text: "1K"}, {kind: numberNode, text: "1.5K"}, {kind: numberNode, text: "0x1F"}, {kind: numberNode, text: "1_000"},
	{kind: numberNode, text: "1000000"}, {kind: numberNode, text: "1000001"}, {kind: numberNode, text: "1e12"}, {kind: numberNode, text: "1000000000001"},
	{kind: numberNode, text: "1e999"}, {kind: numberNode, text: "1e-999"}, {kind: numberNode, text: "-1e-999"}, {kind: numberNode, text: "0.999"}, {kind: numberNode, text: "1.0"},
	{kind: numberNode, text: "1.00000000000000000000000000000000000000001"}, {kind: numberNode, text: "100"}, {kind: numberNode, text: "100.0"},
	{kind: numberNode, text: "100.00000000000000000000000000000000000000001"}, {kind: numberNode, text: "99.999999999999999999999999999999999999999999"},
	{kind: numberNode, text: "123456789012345678901234567890"}, {kind: numberNode, text: "1000000000000000"}, {kind: numberNode, text: "1000000000000001"},
	{kind: stringNode}, {kind: stringNode, text: " "}, {kind: stringNode, text: "a"}, {kind: stringNode, text: "a "}, {kind: stringNode, text: "a b"},
	{kind: stringNode, text: "a\nb"}, {kind: stringNode, text: "a\tb"}, {kind: stringNode, text: "\u00a0a"}, {kind: stringNode, text: "a\u2028b"}, {kind: stringNode, text: "\x7f"}, {kind: stringNode, text: "\u200b"},
	{kind: stringNode, text: "ü"}, {kind: stringNode, text: "3"}, {kind: stringNode, text: "99.9%"}, {kind: stringNode, text: "100.0 %"}, {kind: stringNode, text: "100.1%"}, {kind: stringNode, text: "9.%"},
	{kind: stringNode, text: "5s"}, {kind: stringNode, text: "5S"}, {kind: stringNode, text: "1h30m"}, {kind: stringNode, text: "0s"}, {kind: stringNode, text: "0"}, {kind: stringNode, text: "1.5.5s"},
	{kind: stringNode, text: "9999d"}, {kind: stringNode, text: "10000d"}, {kind: stringNode, text: "1µs"}, {kind: stringNode, text: "-1s"}, {kind: stringNode, text: "1s1s1s1s1s1s1s1s"}, {kind: stringNode, text: "1s1s1s1s1s1s1s1s1s"},
	{kind: stringNode, text: "2028-02-29"}, {kind: stringNode, text: "2027-02-29"}, {kind: stringNode, text: "2027-2-9"}, {kind: stringNode, text: "0000-01-01"},
	{kind: stringNode, text: "off"}, {kind: stringNode, text: "warning"}, {kind: stringNode, text: "database"}, {kind: stringNode, text: "hard"}, {kind: stringNode, text: "quorum"}, {kind: stringNode, text: "exponential"}, {kind: stringNode, text: "zone"},
	{kind: listNode}, {kind: listNode, items: []*node{{kind: stringNode, text: "a"}}}, {kind: listNode, items: []*node{{kind: stringNode, text: "a"}, {kind: stringNode, text: "a"}}},
	{kind: listNode, items: []*node{{kind: numberNode, text: "1"}}}, {kind: listNode, items: []*node{{kind: nullNode}}}, {kind: listNode, items: []*node{{kind: structNode}}},
	{kind: structNode}, {kind: structNode, fields: []field{{name: "a", value: &node{kind: structNode}}}}, {kind: structNode, fields: []field{{name: "a", value: &node{kind: numberNode, text: "1"}}}},
	{kind: structNode, fields: []field{{name: "", value: &node{kind: structNode}}}},
	{kind: structNode, fields: []field{{name: "to", value: &node{kind: stringNode, text: "a"}}}},
	{kind: structNode, fields: []field{{name: "need", value: &node{kind: numberNode, text: "1"}}}},
}

var oddNames = []string{"", " ", "a", "a ", "a b", "a\nb", "to", "need", "anyOf", "kind", "modules", "system", "lint", "RES001", "severity", "limit", "x-y", "ä", "\u2028", "3"}

// spoil changes one value, name or field somewhere below n.
func spoil(r *rand.Rand, n *node) {
	all := []*node{}
	var walk func(n *node)
	walk = func(n *node) {
		all = append(all, n)
		for i := range n.fields {
			c := *n.fields[i].value // values are shared
			n.fields[i].value = &c
			if len(c.fields) > 0 {
				c.fields = append([]field{}, c.fields...)
				n.fields[i].value = &c
			}
			walk(n.fields[i].value)
		}
		for i := range n.items {
			c := *n.items[i]
			n.items[i] = &c
			walk(n.items[i])
		}
	}
	walk(n)
	at := all[r.IntN(len(all))]
	for at == n && r.IntN(4) > 0 {
		at = all[r.IntN(len(all))]
	}
	switch k := r.IntN(6); {
	case k == 0 && len(at.fields) > 0: // leave a field out
		i := r.IntN(len(at.fields))
		at.fields = append(at.fields[:i:i], at.fields[i+1:]...)
	case k <= 2 && at.kind == structNode: // add or rename a field
		name := oddNames[r.IntN(len(oddNames))]
		if r.IntN(2) == 0 {
			def := definitions[r.IntN(len(definitions))]
			if def.fields != nil && len(def.fields.known) > 0 {
				name = def.fields.known[r.IntN(len(def.fields.known))].name
			}
		}
		if at.field(name) == nil {
			at.fields = append(at.fields, field{name: name, value: odd[r.IntN(len(odd))]})
		}
	case k == 3 && len(at.items) > 0: // repeat an element
		at.items = append(at.items[:len(at.items):len(at.items)], at.items[r.IntN(len(at.items))])
	case at != n:
		*at = *odd[r.IntN(len(odd))]
	}
}

// cueText writes a tree as CUE.
func cueText(n *node) string {
	var b strings.Builder
	var write func(n *node)
	write = func(n *node) {
		switch n.kind {
		case nullNode:
			b.WriteString("null")
		case stringNode:
			b.WriteString(cueString(n.text))
		case listNode:
			b.WriteString("[")
			for _, item := range n.items {
				write(item)
				b.WriteString(", ")
			}
			b.WriteString("]")
		case structNode:
			b.WriteString("{")
			for _, f := range n.fields {
				b.WriteString(cueString(f.name) + ": ")
				write(f.value)
				b.WriteString(", ")
			}
			b.WriteString("}")
		default:
			b.WriteString(n.text)
		}
	}
	write(n)
	return b.String()
}

func cueString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < ' ' || r == 0x7f || r > '~':
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}
