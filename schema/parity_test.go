package schema_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/parser"

	"lintel/schema"
)

var updateErrors = flag.Bool("update-errors", false, "write schema/testdata/bad/*.txt")

// definition is #System of the published schema in a context of its own.
func definition(t testing.TB) (*cue.Context, cue.Value) {
	t.Helper()
	ctx := cuecontext.New()
	v := ctx.CompileBytes(schema.CUE(), cue.Filename("lintel.arch/schema"))
	if v.Err() != nil {
		t.Fatal(v.Err())
	}
	return ctx, v.LookupPath(cue.ParsePath("#System"))
}

// verdictOfCUE is the error that CUE finds in a design unified with the published schema, as "cue
// vet -c" looks for it.
func verdictOfCUE(ctx *cue.Context, system cue.Value, name string, text []byte) error {
	v := ctx.CompileBytes(text, cue.Filename(name))
	if v.Err() != nil {
		return v.Err()
	}
	return verdict(system.Unify(v))
}

// constraints are the fields of a policy that need not be concrete.
var constraints = []string{"modules", "dependencies", "groups", "journeys", "design", "except", "require", "count", "mayUse", "mayBeUsedBy",
	"mustUse", "mustBeUsedBy", "reaches", "neverReaches", "via"}

// beyondCUE are the bad designs that only Load refuses: CUE does not look at optional fields, and keeps to itself what
// might change as long as a value is not final.
var beyondCUE = []string{"policy-empty.cue", "policy-selector-optional.cue", "policy-selector-share.cue", "policy-selector-share-one-of.cue", "policy-selector-tag-text.cue"}

// unfinished are the bad designs about which "cue vet -c=false" keeps silent: a value is missing, or not final.
var unfinished = []string{"policy-empty.cue", "policy-example-empty.cue", "policy-example-open.cue", "policy-message-open.cue", "policy-selector-share.cue", "policy-selector-share-one-of.cue", "policy-selector-tag-text.cue"}

// verdict is what CUE finds wrong with a design: all but the constraints of policies has to be concrete.
func verdict(v cue.Value) error {
	if !v.LookupPath(cue.ParsePath("lint.policies")).Exists() {
		return v.Validate(cue.Concrete(true))
	}
	if err := v.Validate(); err != nil {
		return err
	}
	var walk func(v cue.Value, path []string) error
	walk = func(v cue.Value, path []string) error {
		switch {
		case len(path) == 4 && slices.Contains(constraints, path[3]):
			return nil
		case len(path) == 1 && path[0] != "lint" || len(path) == 2 && path[1] != "policies" || len(path) == 4:
			return v.Validate(cue.Concrete(true))
		}
		it, err := v.Fields()
		if err != nil {
			return err
		}
		for it.Next() {
			if err := walk(it.Value(), append(path, it.Selector().Unquoted())); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(v, nil)
}

// designs lists the single-file designs below the test data of this package and of the module.
func designs(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, root := range []string{"testdata", "../testdata"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".cue") && !strings.HasPrefix(d.Name(), ".") {
				text, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				if single(text) {
					out = append(out, path)
				}
			}
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	slices.Sort(out)
	return out
}

// single reports whether a file is a design by itself, which imports nothing but CUE's own packages.
func single(text []byte) bool {
	f, err := parser.ParseFile("x.cue", text, parser.ImportsOnly)
	if err != nil {
		return false
	}
	for spec := range f.ImportSpecs() {
		if strings.Contains(spec.Path.Value, ".") {
			return false
		}
	}
	return true
}

func load(path string) error {
	list, err := schema.Load(schema.LoadOptions{}, path)
	if err == nil && len(list) == 0 {
		return errors.New("no design")
	}
	return err
}

// TestParity holds schema.Load and the published CUE schema to the same verdict.
func TestParity(t *testing.T) {
	ctx, system := definition(t)
	for _, path := range designs(t) {
		t.Run(path, func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			byCUE, byLoad := verdictOfCUE(ctx, system, path, text), load(path)
			if (byCUE == nil) != (byLoad == nil) && !(byCUE == nil && slices.Contains(beyondCUE, filepath.Base(path))) {
				t.Errorf("CUE says: %v\nLoad says: %v", byCUE, byLoad)
			}
			if good := strings.HasPrefix(path, filepath.Join("testdata", "good")); good && byLoad != nil {
				t.Errorf("a good design is refused: %v", byLoad)
			}
			if bad := strings.HasPrefix(path, filepath.Join("testdata", "bad")); bad && byLoad == nil {
				t.Error("a bad design is taken")
			}
		})
	}
}

// TestErrors holds what is told of each bad design, word for word, to a file beside it.
func TestErrors(t *testing.T) {
	paths, err := filepath.Glob("testdata/bad/*.cue")
	if err != nil || len(paths) < 40 {
		t.Fatalf("%d bad designs, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			_, err := schema.Load(schema.LoadOptions{}, path)
			var list schema.Errors
			if !errors.As(err, &list) {
				t.Fatalf("got %v", err)
			}
			var got bytes.Buffer
			for _, e := range list {
				e.Pos.File = filepath.Base(e.Pos.File)
				fmt.Fprintf(&got, "%v\n\t%s\n\t%s\n", e, strings.ReplaceAll(e.Snippet, "\t", "  "), caret(e))
				if e.Hint != "" {
					fmt.Fprintf(&got, "\thint: %s\n", e.Hint)
				}
				for _, r := range e.Related {
					r.Pos.File = filepath.Base(r.Pos.File)
					fmt.Fprintf(&got, "\t%v: %s\n", r.Pos, r.Message)
				}
				for _, word := range []string{"disjunction", "conflicting", "#", "bottom", "_|_", "lintel.arch", "incomplete"} {
					if strings.Contains(e.Message, word) {
						t.Errorf("%q speaks of CUE's inside: %s", word, e.Message)
					}
				}
			}
			golden := strings.TrimSuffix(path, ".cue") + ".txt"
			if *updateErrors {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
			}
		})
	}
}

// caret underlines the place of an error in its snippet.
func caret(e schema.Error) string {
	if !e.Pos.IsKnown() {
		return ""
	}
	before := e.Snippet[:min(len(e.Snippet), e.Pos.StartColumn-1)]
	n := 1
	if e.Pos.EndLine == e.Pos.StartLine && e.Pos.EndColumn > e.Pos.StartColumn {
		n = e.Pos.EndColumn - e.Pos.StartColumn
	}
	return strings.Repeat(" ", len(strings.ReplaceAll(before, "\t", "  "))) + strings.Repeat("^", n)
}

// TestParityWithCommand asks the cue command itself, with designs that import and embed the schema as
// users do.
func TestParityWithCommand(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the cue command on each design")
	}
	out, err := exec.Command("go", "tool", "-n", "cue").Output()
	if err != nil {
		t.Skipf("go tool cue: %v", err)
	}
	command := strings.TrimSpace(string(out))

	root := t.TempDir()
	write := func(path string, text []byte) {
		t.Helper()
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("cue.mod/module.cue", []byte("module: \"parity.test/designs\"\nlanguage: version: \"v0.17.0\"\n"))
	err = fs.WalkDir(schema.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(schema.Files(), path)
		write("cue.mod/pkg/"+schema.ImportPath+"/"+path, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	var good, lax []string     // lax: with constraints, which need not be concrete
	bad := map[string]string{} // folder to design
	for i, path := range designs(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(path, text)
		if err != nil {
			t.Fatal(err)
		}
		pkg := f.PackageName()
		if pkg == "" {
			pkg = "design"
			text = append([]byte("package design\n\n"), text...)
		}
		folder := fmt.Sprintf("d%03d", i)
		write(folder+"/design.cue", text)
		write(folder+"/schema.cue", fmt.Appendf(nil, "package %s\n\nimport \"lintel.arch/schema\"\n\nschema.#System\n", pkg))
		switch {
		case load(path) == nil && bytes.Contains(text, []byte("policies")):
			lax = append(lax, "./"+folder)
		case load(path) == nil:
			good = append(good, "./"+folder)
		default:
			bad["./"+folder] = path
		}
	}
	vetWith := func(flag string, folders ...string) (string, error) {
		c := exec.Command(command, append([]string{"vet", flag}, folders...)...)
		c.Dir = root
		out, err := c.CombinedOutput()
		return string(out), err
	}
	vet := func(folders ...string) (string, error) { return vetWith("-c", folders...) }
	if out, err := vet(good...); err != nil {
		t.Errorf("cue vet refuses what Load takes: %v\n%s", err, out)
	}
	if out, err := vetWith("-c=false", lax...); err != nil {
		t.Errorf("cue vet -c=false refuses what Load takes: %v\n%s", err, out)
	}
	folders := make(chan string)
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			for folder := range folders {
				flag := "-c"
				if name := filepath.Base(bad[folder]); strings.HasPrefix(name, "policy-") && !slices.Contains(unfinished, name) {
					flag = "-c=false"
				}
				if out, err := vetWith(flag, folder); err == nil {
					t.Errorf("%s: cue vet takes what Load refuses\n%s", bad[folder], out)
				}
			}
		})
	}
	for folder := range bad {
		if filepath.Base(bad[folder]) == "policy-selector-optional.cue" {
			continue
		}
		folders <- folder
	}
	close(folders)
	group.Wait()
}
