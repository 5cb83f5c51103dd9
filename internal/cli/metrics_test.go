package cli

import (
	"os"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"lintel/schema"
)

// TestMetricsFitTerminal: one long name makes no table wide on a terminal, and is whole elsewhere.
func TestMetricsFitTerminal(t *testing.T) {
	long := "start-" + strings.Repeat("界", 300) + "-end"
	designs, err := schema.Load(schema.LoadOptions{Stdin: strings.NewReader(`{"system": "s", "modules": {"web": {"entry": true, "dependsOn": ["` + long + `"]}, "` + long + `": {"group": "` + long + `"}}}`), StdinFilename: "x.json"}, "-")
	if err != nil {
		t.Fatal(err)
	}
	list := []designFigures{figuresOf(designs[0], "name")}
	for _, width := range []int{40, 90, 100, 120} {
		text := metricsText(list, width)
		for line := range strings.Lines(text) {
			// A narrow terminal keeps the figures and the least of the names.
			if n := uniseg.StringWidth(strings.TrimSpace(line)); n > max(width, 90) {
				t.Errorf("at %d columns: %d in %q", width, n, line)
			}
		}
		if !strings.Contains(text, "start-") || !strings.Contains(text, "-end ") || strings.Count(text, "…") != 2 {
			t.Errorf("at %d columns names are not cut in their middle:\n%s", width, text)
		}
	}
	if text := metricsText(list, 0); strings.Count(text, long) != 2 {
		t.Errorf("where there is no terminal names are cut:\n%s", text)
	}
}

// TestMetricsColumns holds the text's columns and the names for --sort to docs/metrics.md.
func TestMetricsColumns(t *testing.T) {
	page, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\n| " + strings.Join(moduleHead(), " | ") + " |\n", "\n| " + strings.Join(groupHead, " | ") + " |\n",
		"`" + strings.Join(sortColumns(), "`, `") + "`",
	} {
		if !strings.Contains(strings.Join(strings.Fields(string(page)), " "), strings.TrimSpace(strings.Join(strings.Fields(want), " "))) {
			t.Errorf("docs/metrics.md lacks %q", want)
		}
	}
}
