// Package house holds the tests that keep lintel's own architecture as its documents say.
package house

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is the table of docs/architecture.md: which rooms the packages of a room may import,
// beside the other packages of the same room. A package belongs to the longest room that it
// starts with.
var mayImport = map[string][]string{
	"schema":                 nil,
	"analyzer":               {"schema"},
	"rules":                  {"analyzer", "schema"},
	"internal/report":        {"rules", "analyzer", "schema"},
	"internal/diagram":       {"rules", "analyzer", "schema"},
	"internal/review":        {"rules", "analyzer", "schema"},
	"internal/review/format": {"internal/report", "internal/review", "rules", "analyzer", "schema"},
	"internal/edit":          {"analyzer", "schema"},
	"internal/improve":       {"rules", "analyzer", "schema"},
	"internal/vcs":           nil,
	"internal/baseline":      {"rules", "analyzer", "schema"},
	"internal/cli":           {"schema", "analyzer", "rules", "internal/baseline", "internal/report", "internal/diagram", "internal/review", "internal/review/format", "internal/edit", "internal/improve", "internal/vcs"},
	"internal/release":       nil,
	"internal/generate":      {"schema", "analyzer"},
	"internal/figures":       {"schema", "analyzer", "rules", "internal/generate"},
	"internal/house":         {"schema", "analyzer", "rules", "internal/generate"},
	"cmd/lintel":             {"internal/cli"},
	"cmd/lintel-graphviz":    nil,
}

// inDiagram is the same for the folders of internal/diagram, "" standing for that package itself.
var inDiagram = map[string][]string{
	"":        nil,
	"typeset": nil,
	"source":  {""},
	"layout":  {""},
	"scene":   {"", "layout", "typeset"},
	"svg":     {"layout", "scene", "typeset"},
	"raster":  {"layout", "scene", "typeset"},
	"pdf":     {"layout", "scene", "typeset"},
	"page":    {"", "layout", "scene", "svg", "typeset"},
}

// onlyImporter names packages from outside that exactly one room may import.
var onlyImporter = map[string]string{
	"github.com/goccy/go-graphviz":  "cmd/lintel-graphviz",
	"github.com/tetratelabs/wazero": "cmd/lintel-graphviz",
	"github.com/urfave/cli":         "internal/cli",
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "lintel/...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list found only %d packages", len(all))
	}
	return all
}

// room returns the room of a package of ours, "" for one that has none.
func room(importPath string) string {
	path, ours := strings.CutPrefix(importPath, "lintel/")
	if !ours {
		return ""
	}
	best := ""
	for r := range mayImport {
		if (path == r || strings.HasPrefix(path, r+"/")) && len(r) > len(best) {
			best = r
		}
	}
	return best
}

func TestImportArrows(t *testing.T) {
	for _, p := range packages(t) {
		from := room(p.ImportPath)
		if from == "" {
			t.Errorf("%s lies in no room of the architecture", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			for path, only := range onlyImporter {
				if (imp == path || strings.HasPrefix(imp, path+"/")) && from != only {
					t.Errorf("%s imports %s, which only %s may", p.ImportPath, imp, only)
				}
			}
			if !strings.HasPrefix(imp, "lintel/") {
				continue
			}
			if to := room(imp); to != from && !slices.Contains(mayImport[from], to) {
				t.Errorf("%s imports %s: the architecture has no arrow from %s to %s", p.ImportPath, imp, from, to)
			}
		}
	}
}

// TestDiagramArrows holds the arrows between the folders of internal/diagram.
func TestDiagramArrows(t *testing.T) {
	found := 0
	for _, p := range packages(t) {
		from, ok := folderInDiagram(p.ImportPath)
		if !ok {
			continue
		}
		found++
		may, known := inDiagram[from]
		if !known {
			t.Errorf("%s: the architecture has no folder %q in internal/diagram", p.ImportPath, from)
		}
		for _, imp := range p.Imports {
			if to, ok := folderInDiagram(imp); ok && !slices.Contains(may, to) {
				t.Errorf("%s imports %s: the architecture has no such arrow", p.ImportPath, imp)
			}
		}
	}
	if found != len(inDiagram) {
		t.Errorf("internal/diagram has %d packages, the architecture %d", found, len(inDiagram))
	}
}

// folderInDiagram gives the first folder below internal/diagram of an import path, "" for that package itself.
func folderInDiagram(importPath string) (string, bool) {
	rest, ok := strings.CutPrefix(importPath, "lintel/internal/diagram")
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	folder, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	return folder, true
}

// TestEngineIsAProgramOfItsOwn holds that lintel does not link the layout engine, nor the runtime under it, which would cost
// each run of lintel check the time of its start.
func TestEngineIsAProgramOfItsOwn(t *testing.T) {
	deps := func(pkg string) string {
		out, err := exec.Command("go", "list", "-deps", pkg).Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		return string(out)
	}
	lintel, engine := deps("lintel/cmd/lintel"), deps("lintel/cmd/lintel-graphviz")
	for _, pkg := range []string{"github.com/goccy/go-graphviz", "github.com/tetratelabs/wazero"} {
		if strings.Contains(lintel, pkg) {
			t.Errorf("lintel links %s", pkg)
		}
		if !strings.Contains(engine, pkg) {
			t.Errorf("lintel-graphviz does not link %s: this test looks for the wrong package", pkg)
		}
	}
}
