package analyzer

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"lintel/schema"

	"pgregory.net/rapid"
)

// cyclicModules returns the modules that lie in cycles of two or more modules.
func cyclicModules(n int, steps []step) []bool {
	reach := reachMatrix(n, steps)
	in := make([]bool, n)
	for u := range n {
		for v := range n {
			in[u] = in[u] || u != v && reach[u][v] && reach[v][u]
		}
	}
	return in
}

func count(in []bool) int {
	n := 0
	for _, b := range in {
		if b {
			n++
		}
	}
	return n
}

// referenceCycles finds components by their definition, shortest cycles by trying every way round
// in order, and the best edge to remove by removing each.
func referenceCycles(a *Analysis, keep EdgeFilter) []Cycle {
	steps := stepsOf(a, keep)
	n := a.Modules()
	reach := reachMatrix(n, steps)
	done := make([]bool, n)
	var out []Cycle
	for u := range n {
		if done[u] || !reach[u][u] {
			continue
		}
		c := Cycle{Exact: true}
		for v := range n {
			if v == u || reach[u][v] && reach[v][u] {
				c.Members = append(c.Members, int32(v))
				done[v] = true
			}
		}
		var inside []step
		for _, s := range steps {
			if slices.Contains(c.Members, s.from) && slices.Contains(c.Members, s.to) && (s.from != s.to || len(c.Members) == 1) {
				inside = append(inside, s)
			}
		}
		var best []step
		var sequence func(start int32, way []step)
		sequence = func(start int32, way []step) {
			at := start
			if len(way) > 0 {
				at = way[len(way)-1].to
			}
			if len(way) > 0 && at == start {
				if best == nil || len(way) < len(best) || len(way) == len(best) && slices.CompareFunc(way, best, func(x, y step) int {
					return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to), cmp.Compare(x.dependency, y.dependency))
				}) < 0 {
					best = slices.Clone(way)
				}
				return
			}
			for _, s := range inside {
				if s.from == at && s.to >= start && !slices.ContainsFunc(way, func(w step) bool { return w.from == s.to && s.to != start }) {
					sequence(start, append(way, s))
				}
			}
		}
		for _, m := range c.Members {
			sequence(m, nil)
		}
		for _, s := range best {
			c.Shortest = append(c.Shortest, CycleStep{s.dependency, s.to})
		}
		if len(c.Members) == 1 {
			c.Break = c.Shortest[0]
		} else {
			c.Remaining = len(c.Members) + 1
			for i, s := range inside {
				left := count(cyclicModules(n, slices.Delete(slices.Clone(inside), i, i+1)))
				if left < c.Remaining {
					c.Break, c.Remaining = CycleStep{s.dependency, s.to}, left
				}
			}
		}
		out = append(out, c)
	}
	return out
}

func TestCyclesMatchTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(drawDesign(t, 7))
		keep := drawFilter(t)
		got, want := fmt.Sprintf("%+v", a.Cycles(keep)), fmt.Sprintf("%+v", referenceCycles(a, keep))
		if got != want {
			t.Fatalf("cycles of %v\n got %s\nwant %s", stepsOf(a, keep), got, want)
		}
	})
}

func TestCyclesByHand(t *testing.T) {
	for _, c := range []struct{ design, want string }{
		{"a -> b; b -> c", ""},
		{"a -> a", "[a] by a->a break a->a leaves 0; "},
		{"a -> b; b -> a", "[a b] by a->b b->a break a->b leaves 0; "},
		// A dependency on itself is no shortest cycle of a larger component.
		{"a -> a b; b -> a", "[a b] by a->b b->a break a->b leaves 0; "},
		// Two rings with one edge in common, which breaks both.
		{"a -> b; b -> c; c -> a d; d -> a", "[a b c d] by a->b b->c c->a break a->b leaves 0; "},
		// The shortest cycle does not pass the first module.
		{"a -> b; b -> c; c -> d; d -> a c", "[a b c d] by c->d d->c break c->d leaves 0; "},
		// No one edge leaves less than three modules in cycles.
		{"a -> b c; b -> a c; c -> a b", "[a b c] by a->b b->a break a->b leaves 3; "},
		{"a -> b; b -> a; c -> d; d -> e; e -> c; e -> a", "[a b] by a->b b->a break a->b leaves 0; [c d e] by c->d d->e e->c break c->d leaves 0; "},
	} {
		a := New(textDesign(c.design))
		got := ""
		text := func(s CycleStep) string {
			return a.Module(a.Dependencies()[s.Dependency].From).Name + "->" + a.Module(s.Target).Name
		}
		for _, y := range a.Cycles(nil) {
			got += "[" + names(a, y.Members) + "] by "
			for _, s := range y.Shortest {
				got += text(s) + " "
			}
			got += fmt.Sprintf("break %s leaves %d; ", text(y.Break), y.Remaining)
		}
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.design, got, c.want)
		}
	}
}

// ring returns n modules, each of which depends on the next one, and the last on the first.
func ring(n int) *schema.Design {
	d := &schema.Design{System: "ring"}
	for i := range n {
		d.Modules = append(d.Modules, &schema.Module{
			Name: fmt.Sprintf("m%06d", i), Replicas: 1,
			DependsOn: []*schema.Dependency{{Key: fmt.Sprintf("m%06d", (i+1)%n)}},
		})
	}
	d.Normalize()
	return d
}

func TestALongRingIsOneCycle(t *testing.T) {
	const n = 100_000 // a search that called itself for each module would need a deep stack
	got := New(ring(n)).Cycles(nil)
	if len(got) != 1 || len(got[0].Members) != n || len(got[0].Shortest) != n || got[0].Remaining != 0 || got[0].Break.Dependency != 0 || !got[0].Exact {
		t.Fatalf("%d cycles", len(got))
	}
}

// TestCyclesGiveUpWithARealCycle has a component that is too large for the search of a shortest
// cycle: a ring of 60 layers of 20 modules, each depending on all of the next layer.
func TestCyclesGiveUpWithARealCycle(t *testing.T) {
	const width, layers = 20, 60
	d := &schema.Design{System: "layers"}
	name := func(layer, i int) string { return fmt.Sprintf("m%02d-%02d", i, layer%layers) }
	for layer := range layers {
		for i := range width {
			m := &schema.Module{Name: name(layer, i), Replicas: 1}
			for k := range width {
				m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: name(layer+1, k)})
			}
			d.Modules = append(d.Modules, m)
		}
	}
	d.Normalize()
	a := New(d)
	got := a.Cycles(nil)
	if len(got) != 1 || got[0].Exact || got[0].Remaining != width*layers {
		t.Fatalf("%d cycles, the first exact: %v, leaving %d", len(got), got[0].Exact, got[0].Remaining)
	}
	if len(got[0].Shortest) != layers {
		t.Errorf("the shortest cycle found has %d steps", len(got[0].Shortest))
	}
	checkCycle(t, a, got[0])
}

// TestCyclesGiveUpWithAGoodBreak has 2,000 rings of three modules in a row, each with one module in
// common with the next: too many edges to try. The first three edges, those of the shortest cycle,
// are tried all the same.
func TestCyclesGiveUpWithAGoodBreak(t *testing.T) {
	const rings = 2000
	d := &schema.Design{System: "triangles"}
	name := func(i int) string { return fmt.Sprintf("m%05d", i) }
	for i := range rings {
		d.Modules = append(d.Modules,
			&schema.Module{Name: name(2 * i), Replicas: 1, DependsOn: []*schema.Dependency{{Key: name(2*i + 1)}}},
			&schema.Module{Name: name(2*i + 1), Replicas: 1, DependsOn: []*schema.Dependency{{Key: name(2*i + 2)}}})
	}
	d.Modules = append(d.Modules, &schema.Module{Name: name(2 * rings), Replicas: 1})
	for i := range rings {
		m := d.Modules[2*(i+1)%len(d.Modules)]
		m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: name(2 * i)})
	}
	d.Normalize()
	a := New(d)
	got := a.Cycles(nil)
	if len(got) != 1 || got[0].Exact || len(got[0].Shortest) != 3 {
		t.Fatalf("%d cycles, the first exact: %v, of %d steps", len(got), got[0].Exact, len(got[0].Shortest))
	}
	if got[0].Remaining != 2*rings-1 || got[0].Break != got[0].Shortest[0] {
		t.Errorf("break %v leaves %d", got[0].Break, got[0].Remaining)
	}
	checkCycle(t, a, got[0])
}

// checkCycle fails unless the steps of c.Shortest lead round through different members.
func checkCycle(t *testing.T, a *Analysis, c Cycle) {
	t.Helper()
	seen := map[int32]bool{}
	at := c.Shortest[len(c.Shortest)-1].Target
	for _, s := range c.Shortest {
		d := a.Dependencies()[s.Dependency]
		if d.From != at || !slices.Contains(d.Targets, s.Target) || seen[s.Target] {
			t.Fatalf("step %v does not lead on from module %d", s, at)
		}
		if _, in := slices.BinarySearch(c.Members, s.Target); !in {
			t.Fatalf("module %d is no member", s.Target)
		}
		seen[s.Target] = true
		at = s.Target
	}
}
