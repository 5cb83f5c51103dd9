package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// dump writes a tree one value a line, with its place.
func dump(n *node) string {
	var b strings.Builder
	var walk func(n *node, path []string, label Range)
	walk = func(n *node, path []string, label Range) {
		text := n.String()
		if n.kind == stringNode {
			text = fmt.Sprintf("%q", n.text)
		}
		fmt.Fprintf(&b, "%s = %s  label %s  value %s\n", pathText(path), text, placeText(label), placeText(n.pos))
		for _, f := range n.fields {
			walk(f.value, append(path, f.name), f.pos)
		}
		for i, it := range n.items {
			walk(it, append(path, indexText(i)), it.pos)
		}
	}
	if n == nil {
		return "nothing\n"
	}
	walk(n, nil, n.pos)
	return b.String()
}

// pathText writes a path of labels and indices as CUE does.
func pathText(path []string) string {
	var b strings.Builder
	for _, p := range path {
		if i, ok := strings.CutPrefix(p, "\x00"); ok {
			fmt.Fprintf(&b, "[%s]", i)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(p)
	}
	if b.Len() == 0 {
		return "the design"
	}
	return b.String()
}

func placeText(r Range) string {
	if !r.IsKnown() {
		return "-"
	}
	if r.StartLine == r.EndLine {
		return fmt.Sprintf("%s:%d:%d-%d", r.File, r.StartLine, r.StartColumn, r.EndColumn)
	}
	return fmt.Sprintf("%s:%d:%d-%d:%d", r.File, r.StartLine, r.StartColumn, r.EndLine, r.EndColumn)
}

// extract writes the files of an archive into a folder.
func extract(t testing.TB, archive string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// readTree reads the one design at path.
func readTree(t testing.TB, dir, path string) (*node, *document, Errors) {
	t.Helper()
	l, err := newLoader(LoadOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	inputs, errs := l.resolve([]string{path})
	if len(inputs) != 1 {
		t.Fatalf("%s gives %d designs, want 1; errors: %v", path, len(inputs), errs)
	}
	doc, more, _ := l.read(inputs[0])
	return doc.root, doc, append(errs, more...)
}

func TestLiteralAndEvaluatedTreesAreAlike(t *testing.T) {
	dir := extract(t, `
-- a.cue --
package shop

system: "shop"
modules: web: {replicas: 2, dependsOn: ["orders"], timeout: 1.50}
-- b.cue --
package shop

modules: {
	web: replicas: 2
	"orders": {
		kind: "service"
		placement: {"zone-a": 0x2, b: -3}
	}
}
`)
	literal, doc, errs := readTree(t, dir, ".")
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	l, _ := newLoader(LoadOptions{Dir: dir})
	inputs, _ := l.resolve([]string{"."})
	evaluated, errs, _ := l.evaluate(inputs[0], doc)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if a, b := dump(literal), dump(evaluated); a != b {
		t.Errorf("literal reader:\n%s\nevaluator:\n%s", a, b)
	}
}

// TestYAMLDocuments holds that a file may state the version of YAML, and end in documents that hold nothing.
func TestYAMLDocuments(t *testing.T) {
	const design = "system: a\nmodules: {web: {}}\n"
	for text, want := range map[string]string{
		"%YAML 1.2\n---\n" + design:               "",
		"%YAML 1.1\n---\n" + design:               "",
		design + "---\n":                          "",
		design + "---\n# nothing\n...\n---\n":     "",
		design + "---\nsystem: b\n":               "shop.yaml:4:1: a second YAML document begins here",
		design + "---\n---\nsystem: b\n":          "shop.yaml:5:1: a second YAML document begins here",
		design + "---\n\"\"\n":                    "shop.yaml:4:1: a second YAML document begins here",
		"%YAML 1.2\n---\nsystem: a\nmodules: 1\n": "shop.yaml:4:10: modules is a number, not a struct",
	} {
		_, err := Load(LoadOptions{Dir: t.TempDir(), Stdin: strings.NewReader(text), StdinFilename: "shop.yaml"}, "-")
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
