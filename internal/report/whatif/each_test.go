package whatif_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/internal/report/whatif"
	"lintel/schema"
)

// drawDesign gives a small design with peaks, calls, choices, capacities and places.
func drawDesign(t *rapid.T) *schema.Design {
	n := rapid.IntRange(3, 8).Draw(t, "modules")
	name := func(i int) string { return fmt.Sprintf("m%d", i) }
	some := rapid.IntRange(0, n-1)
	modules, journeys := map[string]any{}, map[string]any{}
	for i := range n {
		m := map[string]any{}
		if rapid.IntRange(0, 9).Draw(t, "external") == 0 {
			m["kind"] = "external"
		} else {
			replicas := rapid.SampledFrom([]int{1, 2, 2, 3, 4}).Draw(t, "replicas")
			m["replicas"] = replicas
			switch rapid.IntRange(0, 9).Draw(t, "mode") {
			case 0:
				m["redundancy"] = map[string]any{"mode": "active-passive", "failover": rapid.SampledFrom([]string{"manual", "automatic"}).Draw(t, "failover")}
			case 1:
				m["redundancy"] = map[string]any{"need": rapid.IntRange(1, 3).Draw(t, "need")}
			case 2:
				delete(m, "replicas")
				m["autoscaling"] = map[string]any{"min": max(replicas, 1), "max": max(replicas, 1) + rapid.IntRange(0, 2).Draw(t, "more")}
			}
			if rapid.Bool().Draw(t, "placed") {
				m["placement"] = rapid.SampledFrom([][]string{{"a"}, {"b"}, {"a", "b"}}).Draw(t, "placement")
			}
		}
		if rapid.IntRange(0, 9).Draw(t, "capacity") > 0 {
			m["capacity"] = map[string]any{"perReplica": rapid.SampledFrom([]int{10, 15, 25, 40, 60, 120}).Draw(t, "per replica")}
		}
		deps := map[string]any{}
		for k := range rapid.IntRange(1, 3).Draw(t, "dependencies") {
			d := map[string]any{}
			if rapid.IntRange(0, 9).Draw(t, "calls") > 0 {
				d["calls"] = rapid.SampledFrom([]float64{0, 0.25, 0.5, 1, 1}).Draw(t, "so many")
			}
			if rapid.Bool().Draw(t, "soft") {
				d["strength"] = "soft"
			}
			to := rapid.SliceOfNDistinct(some, 1, 3, rapid.ID[int]).Draw(t, "to")
			to = slices.DeleteFunc(to, func(m int) bool { return m == i })
			switch {
			case len(to) == 0:
			case len(to) == 1:
				deps[name(to[0])] = d
			default:
				var names []string
				for _, m := range to {
					names = append(names, name(m))
				}
				d["anyOf"], d["need"] = names, max(rapid.IntRange(-1, len(to)).Draw(t, "need of them"), 1)
				deps[fmt.Sprintf("choice%d", k)] = d
			}
		}
		m["dependsOn"] = deps
		modules[name(i)] = m
	}
	for j := range rapid.IntRange(1, 2).Draw(t, "journeys") {
		entry := rapid.IntRange(0, 1).Draw(t, "entry")
		journey := map[string]any{"entry": name(entry)}
		if rapid.IntRange(0, 9).Draw(t, "peak") > 0 {
			journey["peak"] = rapid.SampledFrom([]int{10, 20, 40}).Draw(t, "so high")
		}
		if rapid.IntRange(0, 9).Draw(t, "uses") == 0 {
			journey["uses"] = []string{name(some.Draw(t, "used"))}
		}
		journeys[fmt.Sprintf("j%d", j)] = journey
	}
	text, err := json.Marshal(map[string]any{
		"system": "s", "modules": modules, "journeys": journeys,
		"failureDomains": map[string]any{"a": map[string]any{"kind": "zone"}, "b": map[string]any{"kind": "zone", "in": "r"}, "r": map[string]any{"kind": "region"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := schema.Load(schema.LoadOptions{Stdin: strings.NewReader(string(text)), StdinFilename: "s.json"}, "-")
	if err != nil {
		t.Skip(err) // such as one that needs more replicas than it has
	}
	return list[0]
}

// TestEachOverload compares the table with the answer to each of its questions, and to those without a row.
func TestEachOverload(t *testing.T) {
	rows, overloads, takesOver := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := drawDesign(t)
		a := analyzer.New(d)
		table := whatif.Each(a, whatif.Kinds())
		ask := func(event string) *whatif.Answer {
			s, named, err := a.ParseEvents(event)
			if err != nil {
				t.Fatal(err)
			}
			return whatif.Ask(a, s, named)
		}
		replicas := map[string]int{}
		for _, r := range table.Rows {
			rows++
			if r.Kind == "replica" {
				module, _, _ := strings.Cut(r.Event, "/") // of one that is alone there is no number
				replicas[module] += r.Alike
			}
			known := len(table.Capacity.Modules) > 0
			if known != (r.Overloaded != nil) {
				t.Fatalf("%s: overloaded %v, and it is %v that something is known", r.Event, r.Overloaded, known)
			}
			if !known {
				continue
			}
			want := overloaded(ask(r.Event), table)
			if !slices.Equal(r.Overloaded, want) {
				t.Fatalf("%s: overloaded %v, want %v in %s", r.Event, r.Overloaded, want, d.Sources)
			}
			overloads += len(want)
			if r.Kind == "module" {
				takesOver += len(want)
			}
		}
		harmless := 0
		for _, m := range d.Modules {
			if m.Kind == schema.External {
				continue
			}
			left := m.ReliableReplicas() - replicas[m.Name]
			harmless += left
			for i := range m.ReliableReplicas() {
				answer := ask(fmt.Sprintf("%s/%d", m.Name, i+1))
				down := slices.ContainsFunc(answer.Modules, func(x whatif.Module) bool { return x.Now == whatif.Failed && x.Before != whatif.Failed })
				if len(table.Capacity.Modules) > 0 && len(overloaded(answer, table)) > 0 || down {
					left++
				}
			}
			if left != m.ReliableReplicas() {
				t.Fatalf("%s: the rows have %d of %d replicas of %s", m.Name, replicas[m.Name], m.ReliableReplicas(), d.Sources)
			}
		}
		if harmless != table.Harmless {
			t.Fatalf("%d replicas are said to do no harm, want %d", table.Harmless, harmless)
		}
	})
	if rows < 300 || overloads < 5 || takesOver < 1 {
		t.Errorf("%d rows, %d overloads, %d of them by what takes over: too few", rows, overloads, takesOver)
	}
}

// TestEachTooLarge: where there is too much to compute, the worst rows are, and the others say that they are not.
func TestEachTooLarge(t *testing.T) {
	defer whatif.SetMostOverloadWork(1)()
	text := `{"system": "s", "journeys": {"j": {"entry": "web", "peak": 10}}, "modules": {
		"web": {"replicas": 2, "dependsOn": {"x": {"anyOf": ["a", "b", "c"], "calls": 1}}},
		"a": {"replicas": 2, "capacity": {"perReplica": 4}, "dependsOn": {"deep": {}}}, "deep": {},
		"b": {"capacity": {"perReplica": 4}}, "c": {"capacity": {"perReplica": 4}}}}`
	list, err := schema.Load(schema.LoadOptions{Stdin: strings.NewReader(text), StdinFilename: "s.json"}, "-")
	if err != nil {
		t.Fatal(err)
	}
	table := whatif.Each(analyzer.New(list[0]), []string{"module"})
	var got []string
	for _, r := range table.Rows {
		got = append(got, fmt.Sprint(r.Event, r.Overloaded, r.Overloaded == nil))
	}
	if want := []string{"web[] false", "deep[b c] false", "a[] true", "b[] true", "c[] true"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	var b strings.Builder
	if err := whatif.TableText(&b, table, whatif.TextOptions{Width: 80}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "Overload was not computed for 3 rows with a ?") {
		t.Error(b.String())
	}
}

// TestScalesOutBefore: what fitted with more replicas than can be relied on was not overloaded before.
func TestScalesOutBefore(t *testing.T) {
	text := `{"system": "s", "journeys": {"j": {"entry": "web", "peak": 120}}, "modules": {
		"web": {"autoscaling": {"min": 2, "max": 3}, "capacity": {"perReplica": 50}}}}`
	list, err := schema.Load(schema.LoadOptions{Stdin: strings.NewReader(text), StdinFilename: "s.json"}, "-")
	if err != nil {
		t.Fatal(err)
	}
	a := analyzer.New(list[0])
	s, named, err := a.ParseEvents("web/1")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := whatif.Text(&b, whatif.Ask(a, s, named), whatif.TextOptions{Width: 120}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "1 module would be overloaded at peak") || strings.Contains(b.String(), "overloaded before") {
		t.Error(b.String())
	}
}
