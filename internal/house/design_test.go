package house

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/schema"
)

const ownDesign = "../../docs/lintel.cue"

// notPartOfTheProgram lists the rooms that hold tests, measurements and the building of releases.
var notPartOfTheProgram = []string{"internal/generate", "internal/figures", "internal/house", "internal/release"}

func loadOwnDesign(t *testing.T) *schema.Design {
	t.Helper()
	designs, err := schema.Load(schema.LoadOptions{}, ownDesign)
	if err != nil {
		t.Fatal(err)
	}
	if len(designs) != 1 {
		t.Fatalf("%d designs in %s", len(designs), ownDesign)
	}
	return designs[0]
}

// TestOwnDesignIsTrue holds the design of lintel to what its packages really import.
func TestOwnDesignIsTrue(t *testing.T) {
	imports := map[string][]string{}
	for _, p := range packages(t) {
		from := room(p.ImportPath)
		if from == "" || slices.Contains(notPartOfTheProgram, from) {
			continue
		}
		if imports[from] == nil {
			imports[from] = []string{}
		}
		for _, imp := range p.Imports {
			if to := room(imp); to != "" && to != from && !slices.Contains(imports[from], to) {
				imports[from] = append(imports[from], to)
			}
		}
	}
	stated := map[string][]string{}
	for _, m := range loadOwnDesign(t).Modules {
		stated[m.Name] = []string{}
		for _, d := range m.DependsOn {
			if d.Protocol == starts {
				continue // no import; TestOwnDesignStartsPrograms
			}
			stated[m.Name] = append(stated[m.Name], d.To.Name)
		}
	}
	for from, to := range imports {
		slices.Sort(to)
		if got, ok := stated[from]; !ok {
			t.Errorf("the design has no module %q", from)
		} else if !slices.Equal(got, to) {
			t.Errorf("%s: the design says %v, the source imports %v", from, got, to)
		}
	}
	for name := range stated {
		if _, ok := imports[name]; !ok {
			t.Errorf("the design has a module %q, the source has no such room", name)
		}
	}
}

// starts is the protocol of a dependency on a program of ours that is started, not imported.
const starts = "starts"

// TestOwnDesignStartsPrograms holds that a room that starts another of our programs names it in its source.
func TestOwnDesignStartsPrograms(t *testing.T) {
	found := 0
	for _, m := range loadOwnDesign(t).Modules {
		for _, d := range m.DependsOn {
			if d.Protocol != starts {
				continue
			}
			found++
			program := strings.TrimPrefix(d.To.Name, "cmd/")
			out, err := exec.Command("grep", "-rlF", "--include=*.go", `"`+program+`"`, "../../"+m.Name).Output()
			if err != nil || len(out) == 0 {
				t.Errorf("%s starts %s, says the design; no source in it names the program", m.Name, program)
			}
		}
	}
	if found != 1 {
		t.Errorf("the design has %d programs that are started", found)
	}
}

// TestOwnDesignIsClean is lintel on lintel.
func TestOwnDesignIsClean(t *testing.T) {
	r := rules.Run(analyzer.New(loadOwnDesign(t)), rules.Settings{}, time.Now())
	for _, f := range r.Findings {
		t.Errorf("%s: %s %s: %s", f.Location, f.Severity, f.Rule.ID, strings.TrimSpace(f.Message))
	}
}
