package analyzer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lintel/schema"

	"pgregory.net/rapid"
)

// textDesign reads "a -> b c; b -> c; d": each module with the modules that it depends on.
func textDesign(text string) *schema.Design {
	d := &schema.Design{System: "test"}
	known := map[string]*schema.Module{}
	module := func(name string) *schema.Module {
		if known[name] == nil {
			known[name] = &schema.Module{Name: name, Replicas: 1}
			d.Modules = append(d.Modules, known[name])
		}
		return known[name]
	}
	for part := range strings.SplitSeq(text, ";") {
		from, to, _ := strings.Cut(part, "->")
		if strings.TrimSpace(from) == "" {
			continue
		}
		m := module(strings.TrimSpace(from))
		for _, t := range strings.Fields(to) {
			module(t)
			m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: t})
		}
	}
	d.Normalize()
	return d
}

// drawDesign draws a design of up to most modules; no two dependencies of a module have one key, but
// they may have one target.
func drawDesign(t *rapid.T, most int) *schema.Design {
	n := rapid.IntRange(0, most).Draw(t, "modules")
	d := &schema.Design{System: "test"}
	if n == 0 {
		return d
	}
	name := func(i int) string { return fmt.Sprintf("m%02d", i) }
	any := rapid.IntRange(0, n-1)
	acyclic := rapid.Bool().Draw(t, "acyclic")
	for i := range n {
		m := &schema.Module{Name: name(i), Replicas: 1, Group: rapid.SampledFrom([]string{"", "x", "y", "z"}).Draw(t, "group")}
		edges := rapid.IntRange(0, min(4, n)).Draw(t, "edges")
		for k := range edges {
			to := any.Draw(t, "to")
			if acyclic {
				if i == n-1 {
					break
				}
				to = rapid.IntRange(i+1, n-1).Draw(t, "below")
			}
			dep := &schema.Dependency{
				Key:      fmt.Sprintf("k%d", (k*7+i*3)%10),
				To:       schema.Ref{Name: name(to)},
				Strength: rapid.SampledFrom([]schema.Strength{"hard", "hard", "soft"}).Draw(t, "strength"),
			}
			if !acyclic && rapid.IntRange(0, 5).Draw(t, "alternatives") == 0 {
				dep.AnyOf = []schema.Ref{{Name: name(to)}, {Name: name(any.Draw(t, "other"))}}
				dep.To = schema.Ref{}
			}
			m.DependsOn = append(m.DependsOn, dep)
		}
		d.Modules = append(d.Modules, m)
	}
	d.Normalize()
	return d
}

// step is an edge as the reference implementations see it.
type step struct{ dependency, from, to int32 }

func stepsOf(a *Analysis, keep EdgeFilter) []step {
	var out []step
	for i := range a.Dependencies() {
		d := &a.Dependencies()[i]
		if keep != nil && !keep(d) {
			continue
		}
		for _, t := range d.Targets {
			out = append(out, step{int32(i), d.From, t})
		}
	}
	return out
}

// reachMatrix is Warshall's closure: reach[u][v] tells whether one edge or more lead from u to v.
func reachMatrix(n int, steps []step) [][]bool {
	reach := make([][]bool, n)
	for i := range reach {
		reach[i] = make([]bool, n)
	}
	for _, s := range steps {
		reach[s.from][s.to] = true
	}
	for k := range n {
		for i := range n {
			for j := range n {
				reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
			}
		}
	}
	return reach
}

func hardOnly(d *Dependency) bool { return d.Strength == schema.Hard }

func drawFilter(t *rapid.T) EdgeFilter {
	if rapid.Bool().Draw(t, "all edges") {
		return nil
	}
	return hardOnly
}

func TestNeighboursMatchTheEdges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(drawDesign(t, 9))
		keep := drawFilter(t)
		n := a.Neighbours(keep)
		for u := range int32(a.Modules()) {
			var to, from []int32
			for v := range int32(a.Modules()) {
				for _, s := range stepsOf(a, keep) {
					if s.from == u && s.to == v && u != v {
						to = append(to, v)
						break
					}
				}
				for _, s := range stepsOf(a, keep) {
					if s.from == v && s.to == u && u != v {
						from = append(from, v)
						break
					}
				}
			}
			if !slices.Equal(n.DependsOn[u], to) || !slices.Equal(n.Dependents[u], from) {
				t.Fatalf("neighbours of %d: %v and %v, want %v and %v", u, n.DependsOn[u], n.Dependents[u], to, from)
			}
		}
	})
}

// names gives the names of modules, for messages and tables.
func names(a *Analysis, modules []int32) string {
	out := make([]string, len(modules))
	for i, m := range modules {
		out[i] = a.Module(m).Name
	}
	return strings.Join(out, " ")
}
