package cli

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// cutSetAnswer is what a reader of the JSON of lintel cutsets sees.
type cutSetAnswer struct {
	Journeys []struct {
		Name         string
		Count        *string
		CountByOrder map[string]string
		Probability  *float64
		Low, High    *float64
		Worst        *struct{ Probability *float64 }
		Exact        bool
		CutSets      []json.RawMessage
	}
}

// cutSetsAsJSON runs lintel cutsets and holds its output to the schema.
func cutSetsAsJSON(t *testing.T, args ...string) cutSetAnswer {
	t.Helper()
	var out, faults bytes.Buffer
	if code := Main(append([]string{"cutsets", "--format", "json"}, args...), strings.NewReader(""), &out, &faults); code != exitClean {
		t.Fatalf("%v: exit code %d\n%s", args, code, faults.String())
	}
	s, err := jsonschema.NewCompiler().Compile("../../docs/schemas/cutsets.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
	if err == nil {
		err = s.Validate(value)
	}
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out.String())
	}
	var a cutSetAnswer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestExportIsReadBack holds that the exported fault trees of real systems, and of systems with zones, alternatives and
// cycles, have the figures and the cut sets of the designs.
func TestExportIsReadBack(t *testing.T) {
	designs, err := filepath.Glob("../../testdata/*/*")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, path := range designs {
		if filepath.Base(filepath.Dir(path)) == "generated" || filepath.Base(filepath.Dir(path)) == "worked" || filepath.Base(filepath.Dir(path)) == "faulttrees" {
			continue
		}
		if info, err := os.Stat(path); err != nil || !info.IsDir() && filepath.Ext(path) != ".cue" {
			continue
		}
		files := []string{path}
		if found, _ := filepath.Glob(filepath.Join(path, "*.cue")); len(found) > 1 && filepath.Base(filepath.Dir(path)) == "outages" {
			files = found // before and after
		}
		for _, file := range files {
			model := filepath.Join(t.TempDir(), "model.xml")
			var faults bytes.Buffer
			if code := Main([]string{"export", "open-psa", file, "--pessimistic", "98", "-o", model}, strings.NewReader(""), &bytes.Buffer{}, &faults); code != exitClean {
				t.Logf("%s: %s", file, faults.String())
				continue // no design, or several
			}
			compared++
			design := cutSetsAsJSON(t, file, "--pessimistic", "98", "--limit", "50")
			trees := cutSetsAsJSON(t, model, "--limit", "50")
			if len(design.Journeys) != len(trees.Journeys) {
				t.Fatalf("%s: %d journeys, %d trees", file, len(design.Journeys), len(trees.Journeys))
			}
			for i, want := range design.Journeys {
				got := trees.Journeys[i]
				p := want.Probability
				if want.Worst != nil {
					p = want.Worst.Probability
				}
				if !want.Exact || !got.Exact || got.Name != want.Name || *got.Count != *want.Count || !maps.Equal(got.CountByOrder, want.CountByOrder) {
					t.Errorf("%s: %+v, want %+v", file, got, want)
					continue
				}
				if math.Abs(*got.Probability-*p) > 1e-12*math.Abs(*p) {
					t.Errorf("%s, %s: probability %v, want %v", file, want.Name, *got.Probability, *p)
				}
			}
		}
	}
	if compared < 10 {
		t.Errorf("only %d designs were compared", compared)
	}
}

// TestCutSetsOfWeakestLimits holds that what the limits leave is never said to be exact when it is not.
func TestCutSetsOfWeakestLimits(t *testing.T) {
	for _, timeout := range []string{"1ns", "1ms", "0"} {
		for _, order := range []string{"1", "2", "all"} {
			a := cutSetsAsJSON(t, "../../testdata/wellbuilt/multi-region.cue", "--timeout", timeout, "--order", order)
			full := cutSetsAsJSON(t, "../../testdata/wellbuilt/multi-region.cue", "--timeout", "0")
			for i, j := range a.Journeys {
				for k, n := range j.CountByOrder {
					if full.Journeys[i].CountByOrder[k] != n {
						t.Errorf("--timeout %s --order %s: %s sets of order %s, want %s", timeout, order, n, k, full.Journeys[i].CountByOrder[k])
					}
				}
				if j.Exact && j.Count == nil || timeout == "0" && !j.Exact {
					t.Errorf("--timeout %s --order %s: %+v", timeout, order, j)
				}
			}
		}
	}
}

// TestTreesOfWeakestLimits: a fault tree that is not even prepared is told as one of which little is known.
func TestTreesOfWeakestLimits(t *testing.T) {
	files, err := filepath.Glob("../../testdata/faulttrees/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		for i, j := range cutSetsAsJSON(t, file, "--timeout", "1ns").Journeys {
			full := cutSetsAsJSON(t, file, "--timeout", "0").Journeys[i]
			if j.Exact || j.Count != nil || j.Probability != nil || len(j.CutSets) > 0 {
				t.Errorf("%s: %+v", file, j)
			}
			if p := full.Probability; p != nil && (j.Low == nil || *j.Low > *p || *j.High < *p) {
				t.Errorf("%s: %+v, and the probability is %v", file, j, *p)
			}
		}
	}
}

// TestFaultTrees runs the trees of a folder that LINTEL_FAULT_TREES names, which are not part of this project, through the
// command. Its file expected.tsv has the columns model, gates, events, minimal_cut_sets and top_probability.
func TestFaultTrees(t *testing.T) {
	dir := os.Getenv("LINTEL_FAULT_TREES")
	if dir == "" {
		t.Skip("LINTEL_FAULT_TREES is not set")
	}
	table, err := os.ReadFile(filepath.Join(dir, "expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(table)), "\n")[1:] {
		c := strings.Split(line, "\t")
		if c[3] == "?" {
			continue
		}
		j := cutSetsAsJSON(t, filepath.Join(dir, c[0]+".xml"), "--limit", "0").Journeys[0]
		var want float64
		if err := json.Unmarshal([]byte(c[4]), &want); err != nil {
			t.Fatal(err)
		}
		if !j.Exact || *j.Count != c[3] || math.Abs(*j.Probability-want) > 1e-9*want {
			t.Errorf("%s: %s sets, probability %v, want %s and %v", c[0], *j.Count, *j.Probability, c[3], want)
		}
	}
}
