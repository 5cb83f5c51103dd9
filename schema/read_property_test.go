package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// literalText draws the fields of a CUE struct that holds nothing but literals, in any notation: with
// and without braces, labels with and without quotes, fields stated several times, comments.
type literalText struct {
	t *rapid.T
	b strings.Builder
}

func (w *literalText) pick(options ...string) string {
	return rapid.SampledFrom(options).Draw(w.t, "text")
}

func (w *literalText) fields(depth, indent int) {
	n := rapid.IntRange(0, 4).Draw(w.t, "fields")
	for range n {
		w.b.WriteString(strings.Repeat("\t", indent))
		if rapid.IntRange(0, 9).Draw(w.t, "comment") == 0 {
			w.b.WriteString("// {a comment: \"\n" + strings.Repeat("\t", indent))
		}
		w.field(depth, indent)
		w.b.WriteString(w.pick("\n", ",\n", " // so\n", "\n\n"))
	}
}

func (w *literalText) field(depth, indent int) {
	w.b.WriteString(w.pick("a", "b", `"a"`, `"b"`, "c", `"d-é"`, `"x\ty"`, "ünï"))
	w.b.WriteString(w.pick(": ", ":", ":   "))
	switch {
	case depth > 0 && rapid.IntRange(0, 4).Draw(w.t, "chain") == 0:
		w.field(depth-1, indent)
	default:
		w.value(depth, indent)
	}
}

func (w *literalText) value(depth, indent int) {
	kind := rapid.IntRange(0, 9).Draw(w.t, "kind")
	switch {
	case depth > 0 && kind < 4:
		w.b.WriteString("{\n")
		w.fields(depth-1, indent+1)
		w.b.WriteString(strings.Repeat("\t", indent) + "}")
	case depth > 0 && kind < 6:
		w.b.WriteString("[")
		for i := range rapid.IntRange(0, 3).Draw(w.t, "items") {
			if i > 0 {
				w.b.WriteString(w.pick(", ", ",", ",\n\t"))
			}
			w.value(depth-1, indent+1)
		}
		w.b.WriteString("]")
	default:
		w.b.WriteString(w.pick("1", "2", "1.0", "-1", "- 3", "+2", "0x10", "1_000", "2.50", "2.5", "1e3", "1Ki", "0.000", "99.95", `"x"`, `"x"`, `"y\n\"z"`, `#"raw\"#`,
			"\"\"\"\n\t\tlong\n\t\ttext\n\t\t\"\"\"", "true", "false", "null", "12345678901234567890", "1.5M"))
	}
}

// TestReadersAgree holds the literal reader to the evaluator: on designs of literals they give the
// same tree, value by value and place by place, and the same places of errors.
func TestReadersAgree(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		files := rapid.IntRange(1, 2).Draw(t, "files")
		var names []string
		for i := range files {
			w := &literalText{t: t}
			w.b.WriteString("package p\n\n")
			w.fields(3, 0)
			name := filepath.Join(dir, fmt.Sprintf("f%d.cue", i))
			if err := os.WriteFile(name, []byte(w.b.String()), 0o666); err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
			t.Logf("%s:\n%s", filepath.Base(name), w.b.String())
		}
		l, _ := newLoader(LoadOptions{Dir: dir})
		in := &input{path: ".", dir: dir, pkg: "p"}
		doc := &document{path: ".", sources: map[string][]byte{}}
		for _, name := range names {
			f := l.source(name)
			f.parse()
			if len(f.faults) > 0 {
				t.Fatalf("%v", f.faults)
			}
			in.files = append(in.files, f)
			doc.sources[f.name] = f.text
		}
		if !isLiteral(in.files) {
			t.Fatal("not read as literals")
		}
		literal, literalErrs := readLiteral(in.files)
		evaluated, evaluatedErrs, _ := l.evaluate(in, doc)
		if a, b := dump(literal), dump(evaluated); a != b && len(literalErrs) == 0 {
			t.Fatalf("literal reader:\n%s\nevaluator:\n%s\n%v", a, b, evaluatedErrs)
		}
		// Where statements disagree, the two may tell of other pairs of them.
		if (len(literalErrs) == 0) != (len(evaluatedErrs) == 0) {
			t.Fatalf("literal reader: %v\nevaluator: %v", literalErrs, evaluatedErrs)
		}
	})
}
