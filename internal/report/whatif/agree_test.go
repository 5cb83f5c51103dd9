package whatif_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rivo/uniseg"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/internal/report/whatif"
	"lintel/rules"
	"lintel/schema"
)

// designs loads the designs of testdata: real systems, outages, well-built and generated ones.
func designs(t *testing.T) []*schema.Design {
	t.Helper()
	var out []*schema.Design
	for _, pattern := range []string{"designs/*/*.cue", "outages/*/*.cue", "wellbuilt/*.cue", "generated/*.cue"} {
		files, err := filepath.Glob("../../../testdata/" + pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v files, %v", pattern, len(files), err)
		}
		for _, f := range files {
			list, err := schema.Load(schema.LoadOptions{}, f)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, list...)
		}
	}
	return out
}

func promised(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	s, err := c.Compile("../../../docs/schemas/whatif.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// keeps holds a text to the schema.
func keeps(t *testing.T, s *jsonschema.Schema, text []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := s.Validate(v); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

// eventsOf names what to ask of a design: some of each sort, and some at once.
func eventsOf(a *analyzer.Analysis) (questions [][]string) {
	const most = 12 // of one sort
	add := func(n int, text string) {
		if n < most {
			questions = append(questions, []string{text})
		}
	}
	for i := range a.Design.FailureDomains {
		add(i, a.EventName(analyzer.Event{Kind: analyzer.DomainEvent, Module: -1, Domain: int32(i)}))
	}
	cuts, replicas := 0, 0
	for i, m := range a.Design.Modules {
		add(i, a.ModuleEventName(int32(i)))
		if m.Kind != schema.External && m.ReliableReplicas() > 1 {
			add(replicas, m.Name+"/2")
			add(replicas, m.Name+":2")
			replicas++
		}
		for _, d := range a.DependenciesOf(int32(i)) {
			if d.When == schema.Runtime && len(d.Targets) > 0 {
				add(cuts, m.Name+" -> "+d.Key)
				cuts++
			}
		}
	}
	for i := 0; i+2 < len(questions) && i < 3*most; i += 3 {
		questions = append(questions, slices.Concat(questions[i], questions[i+1], questions[i+2]))
	}
	return questions
}

// TestAnswersAgree compares the answers with what drawings of the same failures say, and with the table; the text is no
// wider than a page, and the JSON as promised.
func TestAnswersAgree(t *testing.T) {
	promise := promised(t)
	asked, down, degraded := 0, 0, 0
	for _, d := range designs(t) {
		a := analyzer.New(d)
		table := map[string]whatif.Row{}
		all := whatif.Each(a, whatif.Kinds())
		for _, r := range all.Rows {
			table[r.Event] = r
		}
		var b bytes.Buffer
		if err := whatif.TableJSON(&b, all, 0); err != nil {
			t.Fatal(err)
		}
		keeps(t, promise, b.Bytes())
		for _, width := range []int{60, 80, 120} {
			b.Reset()
			if err := whatif.TableText(&b, all, whatif.TextOptions{Width: width, TableWidth: width}); err != nil {
				t.Fatal(err)
			}
			fits(t, d.Path+": --each", b.String(), width)
		}
		for _, events := range eventsOf(a) {
			what := fmt.Sprintf("%s: %q", d.Path, events)
			s, named, err := a.ParseEvents(events...)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			answer := whatif.Ask(a, s, named)
			asked++
			failing, err := diagram.ParseFailures(a, events...)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			drawn, err := diagram.Build(a, nil, diagram.Options{View: diagram.ViewModules, GroupBy: diagram.GroupByNone, Fail: failing})
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			states := map[string]whatif.State{}
			for _, m := range answer.Modules {
				states[m.Name] = m.Now
				if m.Path == nil || m.Reason == nil && m.Soft == nil {
					t.Errorf("%s: no reason for %s", what, m.Name)
				}
			}
			for _, n := range drawn.Nodes {
				if n.Role != diagram.ModuleNode {
					continue
				}
				want := map[diagram.State]whatif.State{diagram.Works: "", diagram.Degraded: whatif.Degraded, diagram.Down: whatif.Down, diagram.Failed: whatif.Failed}[n.State]
				if got := states[n.Name]; got != want && !(want == whatif.Down && got == whatif.Failed) {
					t.Errorf("%s: %s is %q, and drawn as %q", what, n.Name, got, want)
				}
			}
			var lost, limping []string
			for _, j := range answer.Journeys {
				if j.Now == j.Before {
					continue
				}
				switch j.Now {
				case whatif.Down:
					lost = append(lost, j.Name)
					if j.Reason == nil {
						t.Errorf("%s: no reason for %s", what, j.Name)
					}
				case whatif.Degraded:
					limping = append(limping, j.Name)
					if j.Soft == nil {
						t.Errorf("%s: no reason for %s", what, j.Name)
					}
				}
			}
			down += len(lost)
			degraded += len(limping)
			if f := drawn.Failure; !slices.Equal(lost, f.Lost) || !slices.Equal(limping, f.Limping) {
				t.Errorf("%s: down %v, degraded %v; drawn %v and %v", what, lost, limping, f.Lost, f.Limping)
			}
			if row, ok := table[events[0]]; ok && len(events) == 1 && (!slices.Equal(row.Down, lost) || !slices.Equal(row.Degraded, limping) || row.Modules != drawn.Failure.Down || !slices.Equal(row.Overloaded, overloaded(answer, all))) {
				t.Errorf("%s: down %v, degraded %v; in the table %+v", what, lost, limping, row)
			}
			for _, width := range []int{60, 80, 120} {
				b.Reset()
				if err := whatif.Text(&b, answer, whatif.TextOptions{Width: width, TableWidth: width}); err != nil {
					t.Fatal(err)
				}
				fits(t, what, b.String(), width)
			}
			b.Reset()
			if err := whatif.JSON(&b, answer); err != nil {
				t.Fatal(err)
			}
			keeps(t, promise, b.Bytes())
		}
	}
	if asked < 500 || down < 500 || degraded < 50 {
		t.Errorf("%d questions, %d journeys down, %d degraded: too few", asked, down, degraded)
	}
}

// fits holds a text to a terminal's width, but for the path at its head.
func fits(t *testing.T, what, text string, width int) {
	t.Helper()
	_, text, _ = strings.Cut(text, "\n")
	for line := range strings.Lines(text) {
		if n := uniseg.StringWidth(strings.TrimRight(line, "\n")); n > width {
			t.Errorf("%s: %d of %d columns: %s", what, n, width, line)
		}
	}
}

// overloaded lists what the row of an answer has to have: the modules that are overloaded, and were not before; nil where
// the table knows of none.
func overloaded(answer *whatif.Answer, t *whatif.Table) (names []string) {
	for i := range answer.Capacity.Modules {
		if l := &answer.Capacity.Modules[i]; l.Verdict() == whatif.Overloaded && !slices.Contains(t.Before.Overloaded, l.Module) {
			names = append(names, l.Module)
		}
	}
	return names
}

// TestAnswersAgreeWithFindings: what lintel check calls a single point of failure takes down the journeys that it names,
// by the same ways.
func TestAnswersAgreeWithFindings(t *testing.T) {
	compared := 0
	for _, d := range designs(t) {
		a := analyzer.New(d)
		for _, f := range rules.Run(a, rules.Settings{}, time.Time{}).Findings {
			if f.Rule.ID != "RES001" {
				continue
			}
			event := f.Subject.Name
			s, named, err := a.ParseEvents(event)
			if m, ok := a.ModuleIndex(event); ok && a.Module(m).ReliableReplicas() > 1 {
				s, named, err = a.ParseEvents(event + "/1")
			}
			if err != nil {
				t.Fatal(err)
			}
			way := map[string]whatif.Journey{}
			for _, j := range whatif.Ask(a, s, named).Journeys {
				way[j.Name] = j
			}
			for _, j := range f.Journeys {
				if way[j].Now != whatif.Down {
					t.Errorf("%s: %s: %s is %s", d.Path, event, j, way[j].Now)
				}
			}
			for _, p := range f.Paths {
				compared++
				if !slices.Equal(way[p.Journey].Path, p.Path) {
					t.Errorf("%s: %s: %s fails by %v, and in the finding by %v", d.Path, event, p.Journey, way[p.Journey].Path, p.Path)
				}
			}
		}
	}
	if compared < 100 {
		t.Errorf("%d ways compared: too few", compared)
	}
}

func TestSchemaIsNoOpenDoor(t *testing.T) {
	promise := promised(t)
	for _, text := range []string{`{}`, `{"schemaVersion": 1}`, `{"schemaVersion": 1, "system": "s", "path": "p", "each": ["zone"], "rows": [{"event": "z"}], "total": 1, "harmlessReplicas": 0, "before": {"journeysDown": [], "journeysDegraded": [], "modulesDown": 0, "modulesOverloaded": null}, "journeysWithoutPeak": [], "dependenciesWithoutCalls": 0, "modulesWithoutCapacity": []}`} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if promise.Validate(v) == nil {
			t.Errorf("%s is taken", text)
		}
	}
}
