package diagram_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/rules"
	"lintel/schema"
)

// build makes a diagram, or skips where the options do not fit the design.
func build(t *rapid.T, a *analyzer.Analysis, r *rules.Result, o diagram.Options) *diagram.Diagram {
	d, err := diagram.Build(a, r, o)
	var misfit *diagram.OptionError
	if errors.As(err, &misfit) {
		t.Skip(misfit)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDiagramsAreConsistentAndStable(t *testing.T) {
	checks(t, func(t *rapid.T) {
		c := newChooser(t)
		design := someDesign(c)
		a := analyzer.New(design)
		o := someOptions(t, c, a)
		o.Findings = c.oneIn("findings", 2)
		r := rules.Run(a, rules.Settings{}, time.Time{})
		d := build(t, a, r, o)
		consistent(t, d)

		other := analyzer.New(shuffled(c, design))
		again := build(t, other, rules.Run(other, rules.Settings{}, time.Time{}), o)
		for _, x := range []*diagram.Diagram{d, again} {
			for _, f := range x.Findings {
				f.Message, f.Hint = "", "" // they name alternatives in the order of their list
			}
		}
		if diff := cmp.Diff(d, again); diff != "" {
			t.Fatalf("declared in another order, the diagram differs: -one +other\n%s", diff)
		}
	})
}

// Each node's state agrees with the simulation, told slowly and from the model's words.
func TestStatesAgreeWithSimulation(t *testing.T) {
	checks(t, func(t *rapid.T) {
		c := newChooser(t)
		design := someDesign(c)
		a := analyzer.New(design)
		fail := someEvents(t, c, a)
		var all analyzer.Scenario
		for _, f := range fail {
			all.Events = append(all.Events, f.Scenario.Events...)
			all.Modules = append(all.Modules, f.Scenario.Modules...)
		}
		sim := a.Simulate(all)
		degraded := make([]bool, a.Modules())
		for i := range degraded {
			degraded[i] = !sim.ModuleDown[i] && limps(a, sim.ModuleDown, int32(i))
		}

		view := oneFrom(c, "view", diagram.ViewModules, diagram.ViewDeployment)
		d := build(t, a, nil, diagram.Options{View: view, Fail: fail})
		shown := make([]int, a.Modules())
		lost := make([]int, a.Modules())
		for _, n := range d.Nodes {
			if n.Role != diagram.ModuleNode {
				continue
			}
			shown[n.Module] += n.Replicas
			lost[n.Module] += n.Lost
			down := n.State == diagram.Down || n.State == diagram.Failed
			gone := view == diagram.ViewDeployment && n.Replicas > 0 && n.Lost == n.Replicas
			if want := sim.ModuleDown[n.Module] || gone; down != want {
				t.Errorf("%s (%d of %d, %d lost) has state %d, down is %v", n.Name, n.Replicas, n.Of, n.Lost, n.State, want)
			}
			if want := degraded[n.Module] && !gone; (n.State == diagram.Degraded) != want {
				t.Errorf("%s has state %d, degraded is %v", n.Name, n.State, want)
			}
		}
		count := 0
		for i, m := range design.Modules {
			if want := max(m.ReliableReplicas(), 0); shown[i] != want {
				t.Errorf("of %d replicas of %s %d are shown", want, m.Name, shown[i])
			}
			if want := lostReplicas(a, sim, all, int32(i)); lost[i] != want {
				t.Errorf("of %d lost replicas of %s %d are shown", want, m.Name, lost[i])
			}
			if degraded[i] {
				count++
			}
		}
		f := d.Failure
		if f.Down+f.DownBefore != sim.Down || f.Degraded+f.DegradedBefore != count || len(f.Lost)+len(f.LostBefore) != len(sim.Lost) || len(f.Limping)+len(f.LimpingBefore) != len(sim.Degraded) {
			t.Errorf("told are %+v, simulated %+v with %d degraded", f, sim.Outcome, count)
		}
		before := a.Simulate(analyzer.Scenario{})
		names := func(journeys, others []int32, among bool) (out []string) {
			for _, j := range journeys {
				if slices.Contains(others, j) == among {
					out = append(out, a.Journeys()[j].Name)
				}
			}
			return out
		}
		told := [][]string{f.Lost, f.LostBefore, f.Limping, f.LimpingBefore}
		want := [][]string{names(sim.Lost, before.Lost, false), names(sim.Lost, before.Lost, true), names(sim.Degraded, before.Degraded, false), names(sim.Degraded, before.Degraded, true)}
		if diff := cmp.Diff(want, told); diff != "" || f.DownBefore != before.Down {
			t.Errorf("%d down before, told %d; journeys -want +told\n%s", before.Down, f.DownBefore, diff)
		}
		for _, n := range d.Nodes {
			if n.Module >= 0 && n.DownBefore != before.ModuleDown[n.Module] {
				t.Errorf("%s: down before is %v", n.Name, n.DownBefore)
			}
		}
		for j, journey := range a.Journeys() {
			if e := journey.Entry; e >= 0 && len(journey.Ignored) == 0 && slices.Contains(sim.Degraded, int32(j)) != degraded[e] {
				t.Errorf("journey %s and its entry %s: one is degraded", journey.Name, a.Module(e).Name)
			}
		}
	})
}

// limps looks for an unsatisfied soft dependency on the ways from a module that works.
func limps(a *analyzer.Analysis, down []bool, from int32) bool {
	seen := map[int32]bool{}
	var visit func(m int32) bool
	visit = func(m int32) bool {
		if seen[m] {
			return false
		}
		seen[m] = true
		for _, d := range a.DependenciesOf(m) {
			if d.When != schema.Runtime {
				continue
			}
			working := 0
			for _, t := range d.Targets {
				if !down[t] {
					working++
				}
			}
			need := 1
			if len(d.AnyOf) > 0 {
				need = d.Need
			}
			if d.Strength == schema.Soft && len(d.Targets) > 0 && working < need {
				return true
			}
			for _, t := range d.Targets {
				if !down[t] && visit(t) {
					return true
				}
			}
		}
		return false
	}
	return visit(from)
}

func lostReplicas(a *analyzer.Analysis, sim *analyzer.Simulation, s analyzer.Scenario, module int32) int {
	m := a.Module(module)
	lost := 0
	for i, at := range m.ReplicaDomains() {
		gone := slices.Contains(s.Modules, module)
		if d, ok := a.DomainIndex(at); ok && sim.DomainDown[d] {
			gone = true
		}
		for _, e := range s.Events {
			gone = gone || e.Module == module && (e.Kind == analyzer.ExternalEvent || e.Kind == analyzer.ReplicaEvent && e.Replica == i+1)
		}
		if gone {
			lost++
		}
	}
	return lost
}

// What a journey needs is told by names, until nothing is added.
func TestJourneyClosure(t *testing.T) {
	checks(t, func(t *rapid.T) {
		c := newChooser(t)
		design := someDesign(c)
		a := analyzer.New(design)
		js := a.Journeys()
		if len(js) == 0 {
			t.Skip("no journeys")
		}
		j := js[c("which journey", len(js))]
		d := build(t, a, nil, diagram.Options{View: diagram.ViewJourney, Journey: j.Name})
		entry := a.Module(j.Entry).Name
		counts := func(m *schema.Module, dep *schema.Dependency, whole bool) bool {
			if dep.When != schema.Runtime {
				return false
			}
			if whole || m.Name != entry || j.Stated == nil || !j.Stated.HasUses {
				return true
			}
			return slices.ContainsFunc(dep.Targets(), func(r schema.Ref) bool {
				return slices.ContainsFunc(j.Stated.Uses, func(u schema.Ref) bool { return u.Name == r.Name })
			})
		}
		needed, called := map[string]bool{entry: true}, map[string]bool{}
		for changed := true; changed; {
			changed = false
			for _, m := range design.Modules {
				if !needed[m.Name] {
					continue
				}
				for _, dep := range m.DependsOn {
					if !counts(m, dep, called[m.Name]) {
						continue
					}
					for _, r := range dep.Targets() {
						if _, ok := a.ModuleIndex(r.Name); ok && !called[r.Name] {
							needed[r.Name], called[r.Name], changed = true, true, true
						}
					}
				}
			}
		}
		drawn := map[string]bool{}
		for _, n := range d.Nodes {
			if n.Role == diagram.ModuleNode {
				drawn[n.Name] = true
			}
		}
		if diff := cmp.Diff(needed, drawn); diff != "" {
			t.Fatalf("journey %s from %s: -needed +drawn\n%s", j.Name, entry, diff)
		}
		for _, e := range d.Edges {
			for _, k := range e.Dependencies {
				dep := &a.Dependencies()[k]
				if m := a.Module(dep.From); !counts(m, dep.Dependency, called[m.Name]) {
					t.Errorf("a line of %s %s, which the journey does not need", m.Name, dep.Key)
				}
			}
		}

		// Faded instead of dropped, all of the design is there.
		faint := build(t, a, nil, diagram.Options{View: diagram.ViewJourney, Journey: j.Name, Rest: diagram.FadeRest})
		for _, n := range faint.Nodes {
			if n.Role == diagram.ModuleNode && n.Faded == needed[n.Name] {
				t.Errorf("%s: faded is %v", n.Name, n.Faded)
			}
		}
	})
}

// Every dependency between two modules that are drawn has its line.
func TestNoDependencyIsLost(t *testing.T) {
	checks(t, func(t *rapid.T) {
		c := newChooser(t)
		a := analyzer.New(someDesign(c))
		view := oneFrom(c, "view", diagram.ViewModules, diagram.ViewDeployment)
		d := build(t, a, nil, diagram.Options{View: view})
		type way struct{ from, to string }
		drawn := map[way]bool{}
		behind := map[int][]string{} // fork → alternatives
		for _, e := range d.Edges {
			if n := d.Nodes[e.From]; n.Role == diagram.ChoiceNode {
				behind[e.From] = append(behind[e.From], d.Nodes[e.To].Name)
			}
		}
		for _, e := range d.Edges {
			from, to := d.Nodes[e.From], d.Nodes[e.To]
			switch {
			case from.Role == diagram.ChoiceNode:
			case to.Role == diagram.ChoiceNode:
				for _, name := range behind[e.To] {
					drawn[way{from.Name, name}] = true
				}
			default:
				drawn[way{from.Name, to.Name}] = true
			}
		}
		stated := map[way]bool{}
		for _, dep := range a.Dependencies() {
			for _, target := range dep.Targets {
				stated[way{a.Module(dep.From).Name, a.Module(target).Name}] = true
			}
		}
		if diff := cmp.Diff(stated, drawn); diff != "" {
			t.Fatalf("-stated +drawn\n%s", diff)
		}
	})
}

// The rows of a matrix stand before those that they need, cycles excepted.
func TestMatrixOrder(t *testing.T) {
	checks(t, func(t *rapid.T) {
		c := newChooser(t)
		design := someDesign(c)
		a := analyzer.New(design)
		o := diagram.Options{View: diagram.ViewMatrix}
		if c.oneIn("collapse", 2) {
			o.Collapse = []string{"*"}
		}
		d := build(t, a, nil, o)
		consistent(t, d)
		m := d.Matrix
		members := 0
		for _, r := range m.Rows {
			members += r.Members
		}
		if members != a.Modules() {
			t.Errorf("the rows stand for %d of %d modules", members, a.Modules())
		}
		inBand := func(row, column int) bool {
			return slices.ContainsFunc(m.Bands, func(b diagram.MatrixBand) bool {
				return b.Kind == "cycle" && b.First <= row && row < b.End && b.First <= column && column < b.End
			})
		}
		for _, cell := range m.Cells {
			if cell.InCycle != (inBand(cell.Row, cell.Column) && couplesAtRuntime(a, m, cell)) {
				t.Errorf("cell %+v and the bands %+v", cell, m.Bands)
			}
			if cell.Row > cell.Column && !inBand(cell.Row, cell.Column) && couplesAtRuntime(a, m, cell) {
				t.Errorf("%s needs %s, which stands before it", m.Rows[cell.Row].Name, m.Rows[cell.Column].Name)
			}
		}
	})
}

// couplesAtRuntime reports whether a cell stands for anything needed at run time or to start.
func couplesAtRuntime(a *analyzer.Analysis, m *diagram.Matrix, cell diagram.MatrixCell) bool {
	is := func(r diagram.MatrixRow, i int32) bool {
		return r.Module == i || r.Module < 0 && (a.Module(i).Group == r.Name || a.Module(i).Group == "" && a.Module(i).Team == r.Name)
	}
	for _, d := range a.Dependencies() {
		if d.When != schema.Runtime && d.When != schema.Startup || !is(m.Rows[cell.Row], d.From) {
			continue
		}
		for _, t := range d.Targets {
			if is(m.Rows[cell.Column], t) {
				return true
			}
		}
	}
	return false
}
