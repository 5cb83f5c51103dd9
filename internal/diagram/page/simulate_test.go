package page

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lintel/analyzer"
	"lintel/internal/diagram"
)

// simulationCase is a design with scenarios, and what the analyzer says of them.
type simulationCase struct {
	Design    *data      `json:"design"`
	Scenarios []scenario `json:"scenarios"`
	Want      []verdict  `json:"want"`
	// Closures are what each journey needs, as diagrams show it.
	Closures [][]int32 `json:"closures"`
	// Paths are of scenarios with one event, by scenario and journey; nil for other scenarios.
	Paths [][][]int32 `json:"paths"`
}

type verdict struct {
	Lost        []int32  `json:"lost"`
	Degraded    []int32  `json:"degraded"`
	Down        []int32  `json:"down"`
	NoCapacity  []int32  `json:"noCapacity"`
	Domains     []int32  `json:"domains"`
	Count       int      `json:"count"`
	Unsatisfied []int32  `json:"unsatisfied"` // runtime dependencies with alternatives
	States      []string `json:"states"`      // as diagrams show them
}

func simulationCases(n int) []simulationCase {
	out := make([]simulationCase, 0, n)
	for seed := range n {
		r := newRandom(uint64(seed))
		a := analyzer.New(r.design())
		c := simulationCase{Design: newData(a, nil, nil)}
		scenarios := []analyzer.Scenario{{}}
		for i := range a.Modules() {
			scenarios = append(scenarios, analyzer.Scenario{Modules: []int32{int32(i)}})
		}
		for _, e := range a.Failures().Events {
			scenarios = append(scenarios, analyzer.Scenario{Events: []analyzer.Event{e}})
		}
		for range 12 {
			scenarios = append(scenarios, r.scenario(a))
		}
		for _, s := range scenarios {
			c.Scenarios = append(c.Scenarios, newScenario(s))
			c.Want = append(c.Want, verdictOf(a, s))
			var paths [][]int32
			if len(s.Events) == 1 && len(s.Modules) == 0 {
				paths = [][]int32{}
				for j := range a.Journeys() {
					paths = append(paths, a.Path(s.Events[0], j))
				}
			}
			c.Paths = append(c.Paths, paths)
		}
		for _, j := range a.Journeys() {
			var needed []int32
			if j.Entry >= 0 {
				for _, n := range build(a, diagram.Options{View: diagram.ViewJourney, Journey: j.Name}).Nodes {
					if n.Role == diagram.ModuleNode {
						needed = append(needed, n.Module)
					}
				}
			}
			c.Closures = append(c.Closures, needed)
		}
		out = append(out, c)
	}
	return out
}

func build(a *analyzer.Analysis, o diagram.Options) *diagram.Diagram {
	o.GroupBy = diagram.GroupByNone
	d, err := diagram.Build(a, nil, o)
	if err != nil {
		panic(err)
	}
	return d
}

func verdictOf(a *analyzer.Analysis, s analyzer.Scenario) verdict {
	o := a.Simulate(s)
	v := verdict{Lost: o.Lost, Degraded: o.Degraded, Count: o.Down, Down: indices(o.ModuleDown), NoCapacity: indices(o.NoCapacity), Domains: indices(o.DomainDown)}
	for _, k := range o.Unsatisfied {
		if a.Dependencies()[k].When == "runtime" {
			v.Unsatisfied = append(v.Unsatisfied, k)
		}
	}
	// Only failures that were chosen show in a diagram.
	fail := []diagram.Failing{{Name: "some", Scenario: s}}
	v.States = make([]string, a.Modules())
	for _, n := range build(a, diagram.Options{View: diagram.ViewModules, Fail: fail}).Nodes {
		if n.Role == diagram.ModuleNode {
			v.States[n.Module] = [...]string{diagram.Works: "works", diagram.Degraded: "degraded", diagram.Down: "down", diagram.Failed: "failed"}[n.State]
		}
	}
	return v
}

func indices(of []bool) []int32 {
	var out []int32
	for i, x := range of {
		if x {
			out = append(out, int32(i))
		}
	}
	return out
}

// judge is what runs the cases: it returns the first differences, and how many scenarios were lost journeys, so that
// a run that compares nothing shows.
const judge = `
function judge(cases) {
  const out = {differences: [], scenarios: 0, lost: 0, degraded: 0, paths: 0};
  const indices = (list) => list.flatMap((x, i) => (x ? [i] : []));
  const same = (a, b) => JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
  cases.forEach((c, k) => {
    const s = newSimulator(c.design);
    c.design.journeys.forEach((_, j) => {
      const got = [...s.closure(j).modules].sort((a, b) => a - b);
      if (!same(got, c.closures[j])) out.differences.push('closure of journey ' + j + ' of design ' + k + ': ' + got + ', want ' + c.closures[j]);
    });
    c.scenarios.forEach((scenario, i) => {
      const got = s.simulate(scenario);
      const want = c.want[i];
      out.scenarios++;
      if (got.lost.length) out.lost++;
      if (got.degraded.length) out.degraded++;
      const all = {
        lost: [got.lost, want.lost], degraded: [got.degraded, want.degraded], down: [indices(got.moduleDown), want.down],
        noCapacity: [indices(got.noCapacity), want.noCapacity], domains: [indices(got.domainDown), want.domains], count: [got.downCount, want.count],
        states: [got.states, want.states],
        unsatisfied: [c.design.dependencies.flatMap((d, n) => (d.key !== undefined && got.unsatisfied(n) ? [n] : [])), want.unsatisfied],
      };
      if (c.paths[i]) c.design.journeys.forEach((_, j) => {
        all['path of ' + j] = [got.path(j), c.paths[i][j]];
        if (c.paths[i][j]) out.paths++;
      });
      for (const [what, [a, b]] of Object.entries(all)) {
        if (!same(a, b) && out.differences.length < 5) {
          out.differences.push(what + ' of design ' + k + ', scenario ' + JSON.stringify(scenario) + ': ' + JSON.stringify(a) + ', the analyzer says ' + JSON.stringify(b));
        }
      }
    });
  });
  return out;
}
`

type judgement struct {
	Differences                      []string
	Scenarios, Lost, Degraded, Paths int
}

func (j judgement) check(t *testing.T) {
	t.Helper()
	for _, d := range j.Differences {
		t.Error(d)
	}
	if j.Scenarios < 1000 || j.Lost < j.Scenarios/10 || j.Degraded < j.Scenarios/50 || j.Paths < j.Scenarios/10 {
		t.Errorf("the cases are no test: %d scenarios, %d lose journeys, %d degrade some, %d paths", j.Scenarios, j.Lost, j.Degraded, j.Paths)
	}
}

func TestSimulationAgreesWithAnalyzerInNode(t *testing.T) {
	node := installed(t, "node", "nodejs")
	cases, err := json.Marshal(simulationCases(600))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "cases.json")
	if err := os.WriteFile(file, cases, 0o644); err != nil {
		t.Fatal(err)
	}
	script := "'use strict';\n" + asset("simulate.js") + judge + "\nconsole.log(JSON.stringify(judge(JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8')))));\n"
	main := filepath.Join(folder, "judge.js")
	if err := os.WriteFile(main, []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command(node, main, file).Output()
	if err != nil {
		t.Fatal(err)
	}
	var j judgement
	if err := json.Unmarshal(text, &j); err != nil {
		t.Fatal(err)
	}
	j.check(t)
}

func TestSimulationAgreesWithAnalyzerInChromium(t *testing.T) {
	cases, err := json.Marshal(simulationCases(300))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cases.html")
	text := "<!DOCTYPE html><meta charset=utf-8><script type=application/json id=cases>" + string(cases) + "</script><script>'use strict';\n" +
		asset("simulate.js") + judge + "document.documentElement.dataset.ready = '';</script>"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, 800, 600)
	b.open(file, "")
	var j judgement
	if err := json.Unmarshal([]byte(b.text(`JSON.stringify(judge(JSON.parse(document.getElementById('cases').textContent)))`)), &j); err != nil {
		t.Fatal(err)
	}
	j.check(t)
}

// The blast radius that the page states for each module is the analyzer's.
func TestLossesOfModules(t *testing.T) {
	for seed := range uint64(50) {
		a := analyzer.New(newRandom(seed).design())
		before := a.Simulate(analyzer.Scenario{})
		for i, m := range newData(a, nil, nil).Modules {
			o := a.Simulate(analyzer.Scenario{Modules: []int32{int32(i)}})
			takes := 0
			for k, down := range o.ModuleDown {
				if down && !before.ModuleDown[k] && k != i {
					takes++
				}
			}
			lost := slices.DeleteFunc(slices.Clone(o.Lost), func(j int32) bool { return slices.Contains(before.Lost, j) })
			if m.Takes != takes || m.Loses != len(lost) {
				t.Fatalf("%s of %d: takes %d and %d journeys, want %d and %d", m.Name, seed, m.Takes, m.Loses, takes, len(lost))
			}
		}
	}
}

func TestScenariosAreSortedWithoutRepetition(t *testing.T) {
	s := analyzer.Scenario{Modules: []int32{3, 1, 3}, Events: []analyzer.Event{
		{Kind: analyzer.ReplicaEvent, Module: 2, Replica: 2}, {Kind: analyzer.ReplicaEvent, Module: 2, Replica: 1}, {Kind: analyzer.ReplicaEvent, Module: 2, Replica: 2},
		{Kind: analyzer.DomainEvent, Domain: 4}, {Kind: analyzer.ExternalEvent, Module: 5},
	}}
	if got, want := fmt.Sprint(newScenario(s)), "{[1 3] [4] [5] [[2 1] [2 2]]}"; got != want {
		t.Fatalf("%s, want %s", got, want)
	}
	if !strings.Contains(fmt.Sprint(s), "{[{") {
		t.Fatal("the scenario itself was changed")
	}
}
