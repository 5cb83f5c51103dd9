package schema

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

// largeTree makes a design of n modules with k dependencies each; every other module gives its
// dependencies as a struct. With faults, each module has two misspelt fields.
func largeTree(n, k int, faults bool) *document {
	at := func(line, column, length int) Range {
		return Range{File: "large.cue", StartLine: line, StartColumn: column, EndLine: line, EndColumn: column + length}
	}
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("service-%05d", i)
	}
	modules := &node{kind: structNode}
	for i, name := range names {
		line := i*(k+2) + 3
		deps := &node{kind: listNode}
		if i%2 == 0 {
			deps.kind = structNode
		}
		for j := range k {
			to := names[(i*7+j*997+1)%n]
			pos := at(line+j+1, 3, len(to))
			if i%2 == 0 {
				timeout := &node{kind: stringNode, text: "500ms", pos: at(line+j+1, 40, 7)}
				deps.fields = append(deps.fields, field{name: to, pos: pos, value: &node{kind: structNode, pos: pos, fields: []field{
					{name: "timeout", pos: at(line+j+1, 30, 7), value: timeout},
				}}})
			} else {
				deps.items = append(deps.items, &node{kind: stringNode, text: to, pos: pos})
			}
		}
		m := &node{kind: structNode, fields: []field{
			{name: "replicas", pos: at(line, 20, 8), value: &node{kind: numberNode, text: "3", pos: at(line, 30, 1)}},
			{name: "dependsOn", pos: at(line, 35, 9), value: deps},
		}}
		if faults {
			m.fields = append(m.fields, field{name: "replica", pos: at(line, 50, 7), value: tree(3)}, field{name: "kind", pos: at(line, 60, 4), value: tree("servise")})
		}
		modules.fields = append(modules.fields, field{name: name, pos: at(line, 2, len(name)), value: m})
	}
	root := &node{kind: structNode, fields: []field{{name: "system", value: tree("large")}, {name: "modules", value: modules}}}
	return &document{path: "large.cue", files: []string{"large.cue"}, root: root}
}

// TestDecodeIsLinear decodes a design of the size of the largest known ones, and one of a quarter of
// that size, within generous bounds of time and memory.
func TestDecodeIsLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a design of 20,000 modules")
	}
	measure := func(n int) (time.Duration, uint64) {
		doc := largeTree(n, 20, false)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		d, errs := decode(doc)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if errs != nil || len(d.Modules) != n || len(d.Modules[1].DependsOn) != 20 {
			t.Fatalf("%d modules, %d errors", n, len(errs))
		}
		return took, after.TotalAlloc - before.TotalAlloc
	}
	quarter, _ := measure(5_000)
	whole, bytes := measure(20_000)
	t.Logf("5,000 modules: %v; 20,000 modules, 400,000 dependencies: %v, %d MB", quarter, whole, bytes>>20)
	if whole > 12*quarter && whole > 2*time.Second {
		t.Errorf("four times the modules take %v, not %v", whole, quarter)
	}
	if whole > 10*time.Second || bytes > 1<<30 {
		t.Errorf("20,000 modules take %v and %d MB", whole, bytes>>20)
	}
}

func TestManyFaults(t *testing.T) {
	doc := largeTree(3_000, 2, true)
	start := time.Now()
	_, errs := decode(doc)
	if len(errs) != 6_000 {
		t.Errorf("%d errors", len(errs))
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, n := range []int{12, 2_000, 20_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			doc := largeTree(n, min(20, n-1), false)
			b.ReportAllocs()
			for b.Loop() {
				decode(doc)
			}
		})
	}
}
