package resilience_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

var updateWorked = flag.Bool("update-worked", false, "write the table of worked examples into docs/availability.md")

// worked is one example of the literature. The comment at the head of its file says what was published.
type worked struct {
	name, title, source string
	figures             []workedFigure
}

// workedFigure is a published availability of a journey or module, in percent with the digits that were published; "" where
// only the parts were. exact is the unavailability, computed by another way (closed formulas in fractions); NaN where it
// is not stated.
type workedFigure struct {
	target, published string
	wrong             bool
	exact             float64
}

func readWorked(t *testing.T, file string) worked {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w := worked{name: strings.TrimSuffix(filepath.Base(file), ".cue")}
	figure := func(target string) *workedFigure {
		i := slices.IndexFunc(w.figures, func(f workedFigure) bool { return f.target == target })
		if i < 0 {
			i = len(w.figures)
			w.figures = append(w.figures, workedFigure{target: target, exact: math.NaN()})
		}
		return &w.figures[i]
	}
	for i, line := range strings.Split(string(data), "\n") {
		line, comment := strings.CutPrefix(line, "// ")
		if i == 0 {
			w.title = strings.TrimSuffix(line, ".")
		}
		key, rest, _ := strings.Cut(line, ": ")
		target, value, _ := strings.Cut(rest, " ")
		if !comment {
			continue
		}
		switch key {
		case "source":
			w.source = rest
		case "published", "published, wrong":
			f := figure(target)
			f.published, f.wrong = strings.TrimSuffix(value, " %"), key != "published"
		case "exact unavailability":
			if figure(target).exact, err = strconv.ParseFloat(value, 64); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		}
	}
	return w
}

// TestWorkedExamples computes the examples: what was published is what we find, to the digits that were published, or is
// known to be wrong; and what closed formulas give is what we find to the last digits.
func TestWorkedExamples(t *testing.T) {
	files, err := filepath.Glob("../../testdata/worked/*.cue")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	var table strings.Builder
	table.WriteString("| example | published | computed | source |\n| --- | ---: | ---: | --- |\n")
	published := 0
	for _, file := range files {
		w := readWorked(t, file)
		if w.title == "" || w.source == "" || len(w.figures) == 0 {
			t.Errorf("%s: title %q, source %q, %d figures", file, w.title, w.source, len(w.figures))
		}
		designs, err := schema.Load(schema.LoadOptions{}, file)
		if err != nil {
			t.Fatal(err)
		}
		a := analyzer.New(designs[0])
		s, err := resilience.New(a, resilience.Assumptions{Pessimistic: 99}, resilience.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range w.figures {
			m, ok := a.ModuleIndex(f.target)
			if !ok {
				t.Fatalf("%s: no module %s", file, f.target)
			}
			got, err := s.Availability(analyzer.OfModule(m))
			if err != nil {
				t.Fatal(err)
			}
			if got.Worst.Method != resilience.Exact || got.Best != got.Worst {
				t.Errorf("%s: %s: %+v, %+v", file, f.target, got.Best, got.Worst)
			}
			q := got.Worst.Low
			if !(math.Abs(q-f.exact) <= 1e-12*f.exact) {
				t.Errorf("%s: %s: %.17g unavailable, and closed formulas give %.17g", file, f.target, q, f.exact)
			}
			shown := "–"
			if f.published != "" {
				published++
				_, fraction, _ := strings.Cut(f.published, ".")
				if same := strconv.FormatFloat(100*(1-q), 'f', len(fraction), 64) == f.published; same == f.wrong {
					t.Errorf("%s: %s: %.12f %% available, published %s %%, wrong: %v", file, f.target, 100*(1-q), f.published, f.wrong)
				}
				shown = f.published + " %"
				if f.wrong {
					shown += ", wrong"
				}
			}
			digits := min(max(3-int(math.Floor(math.Log10(100*q))), 2), 12)
			computed := strings.TrimRight(strings.TrimRight(strconv.FormatFloat(100*(1-q), 'f', digits, 64), "0"), ".")
			source := w.source
			if i := strings.Index(source, "https://"); i >= 0 {
				source = fmt.Sprintf("[%s](%s)", strings.TrimSuffix(strings.TrimSpace(source[:i]), ","), source[i:])
			} else if i := strings.Index(source, "http://"); i >= 0 {
				source = fmt.Sprintf("[%s](%s)", strings.TrimSuffix(strings.TrimSpace(source[:i]), ","), source[i:])
			}
			fmt.Fprintf(&table, "| [%s](../testdata/worked/%s.cue): %s | %s | %s %% | %s |\n", w.title, w.name, f.target, shown, computed, source)
		}
	}
	if published < 10 {
		t.Errorf("%d published figures", published)
	}
	inDocument(t, "worked examples", table.String(), *updateWorked)
}

// inDocument compares what stands between two marks of docs/availability.md with what should, or writes it.
func inDocument(t *testing.T, mark, want string, update bool) {
	t.Helper()
	const document = "../../docs/availability.md"
	data, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+mark+" -->\n", "<!-- end of "+mark+" -->"
	head, rest, ok := strings.Cut(string(data), begin)
	old, tail, closed := strings.Cut(rest, end)
	switch {
	case !ok || !closed:
		t.Errorf("%s has no %s … %s", document, strings.TrimSpace(begin), end)
	case old == want:
	case update:
		if err := os.WriteFile(document, []byte(head+begin+want+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the %s of %s are not up to date: go test ./analyzer/resilience -run TestWorkedExamples -update-worked", mark, document)
	}
}
