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
	"schema":              nil,
	"analyzer":            {"schema"},
	"rules":               {"analyzer", "schema"},
	"internal/report":     {"rules", "analyzer", "schema"},
	"internal/diagram":    {"rules", "analyzer", "schema"},
	"internal/review":     {"rules", "analyzer", "schema"},
	"internal/vcs":        nil,
	"internal/cli":        {"schema", "analyzer", "rules", "internal/report", "internal/diagram", "internal/review", "internal/vcs"},
	"internal/generate":   {"schema"},
	"internal/figures":    {"schema", "analyzer", "rules", "internal/generate"},
	"internal/house":      {"schema", "analyzer", "rules"},
	"cmd/lintel":          {"internal/cli"},
	"cmd/lintel-graphviz": nil,
}

// onlyImporter names packages from outside that exactly one room may import.
var onlyImporter = map[string]string{
	"github.com/goccy/go-graphviz": "cmd/lintel-graphviz",
	"github.com/urfave/cli":        "internal/cli",
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
