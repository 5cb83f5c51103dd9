package analyzer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lintel/analyzer"
	"lintel/schema"
)

// TestMetricsPage holds the tables of docs/metrics.md to the figures of the design in it.
func TestMetricsPage(t *testing.T) {
	page, err := os.ReadFile("../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(page), "```cue six.cue\n")
	source, _, closed := strings.Cut(text, "```\n")
	if !found || !closed {
		t.Fatal("docs/metrics.md has no block six.cue")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "six.cue"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	designs, err := schema.Load(schema.LoadOptions{Dir: dir}, "six.cue")
	if err != nil || len(designs) != 1 {
		t.Fatalf("%d designs, %v", len(designs), err)
	}
	a := analyzer.New(designs[0])
	m := a.Metrics()

	var want strings.Builder
	for i, x := range m.Modules {
		cyclic := "no"
		if x.Cyclic {
			cyclic = "yes"
		}
		fmt.Fprintf(&want, "| %s | %d | %d | %.2f | %d | %d | %d | %d | %d | %s |\n", a.Module(int32(i)).Name,
			x.Ca, x.Ce, x.Instability, x.DependsOn, x.Dependents, x.AIS, x.ADS, x.ACS, cyclic)
	}
	check(t, string(page), want.String())
	want.Reset()
	for _, g := range m.Groups {
		fmt.Fprintf(&want, "| %s | %d | %d | %d | %d | %d | %.2f | %.2f |\n", g.Name, g.Members, g.Inside, g.Ca, g.Ce, g.Crossing, g.Instability, g.Cohesion)
	}
	check(t, string(page), want.String())
	s := m.System
	check(t, string(page), fmt.Sprintf(`| modules | %d |
| dependencies | %d |
| CCD | %d |
| ACD | %.2f |
| RACD | %.2f |
| NCCD | %.2f |
| propagation cost | %.2f |
| cyclicality | %.2f |
| SIY | %d |
`, s.Modules, s.Dependencies, s.CCD, s.ACD, s.RACD, s.NCCD, s.PropagationCost, s.Cyclicality, s.SIY))
}

// check fails unless page has the rows, with nothing but the table's head and end around them.
func check(t *testing.T, page, rows string) {
	t.Helper()
	if !strings.Contains(page, "--- |\n"+rows+"\n") {
		t.Errorf("docs/metrics.md has no table of just these rows:\n%s", rows)
	}
}
