package baseline

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/internal/generate"
	"lintel/rules"
	"lintel/schema"
)

// today is the day of all runs of these tests.
var today = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)

// randomDesign draws a design of a few modules. The same draw gives a new copy each time.
func randomDesign(t *rapid.T, label string) func() *schema.Design {
	modules := rapid.IntRange(8, 16).Draw(t, label+" modules") // the generator wants room for its degrees
	spec := generate.Spec{
		Name: label, Modules: modules, Dependencies: modules + rapid.IntRange(0, modules/2).Draw(t, label+" dependencies"),
		Journeys: rapid.IntRange(1, 3).Draw(t, label+" journeys"), Regions: rapid.IntRange(1, 2).Draw(t, label+" regions"),
	}
	seed := rapid.Uint64().Draw(t, label+" seed")
	return func() *schema.Design {
		d := generate.Design(spec, seed)
		d.System, d.Path = label, label+".cue"
		return d
	}
}

func judged(d *schema.Design, s rules.Settings) *rules.Result {
	return rules.Run(analyzer.New(d), s, today)
}

// runOf is a run over designs that checked all there are.
func runOf(results ...*rules.Result) Run {
	return Run{
		Results:  results,
		Relative: func(path string) string { return path },
		Exists: func(path string) (file, folder bool) {
			return slices.ContainsFunc(results, func(r *rules.Result) bool { return r.Design.Path == path }), false
		},
		Whole: func() bool { return true },
	}
}

// reread gives a baseline as it is after it was written and read.
func reread(t interface{ Fatalf(string, ...any) }, b *Baseline) *Baseline {
	out, err := Read(FileName, b.Format())
	if err != nil {
		t.Fatalf("a written baseline is refused: %v\n%s", err, b.Format())
	}
	return out
}

// change makes one change to a design of the kinds that people make, and says which.
func change(t *rapid.T, d *schema.Design) string {
	m := rapid.SampledFrom(d.Modules).Draw(t, "module")
	switch kind := rapid.SampledFrom([]string{"replicas", "rename", "remove", "add", "depend", "undepend", "kind", "swap"}).Draw(t, "change"); kind {
	case "replicas":
		m.Replicas = rapid.IntRange(0, 3).Draw(t, "replicas")
		return fmt.Sprintf("%s: %d replicas", m.Name, m.Replicas)
	case "rename":
		old := m.Name
		rename(d, old, "renamed-"+old)
		return old + " renamed"
	case "remove":
		if len(d.Modules) < 3 {
			return "nothing"
		}
		remove(d, m.Name)
		return m.Name + " removed"
	case "add":
		name := fmt.Sprintf("added-%d", len(d.Modules))
		d.Modules = append(d.Modules, &schema.Module{Name: name, Kind: schema.Service, Replicas: 1, Entry: rapid.Bool().Draw(t, "entry"),
			DependsOn: []*schema.Dependency{{Key: m.Name, To: schema.Ref{Name: m.Name}, Need: 1}}})
		d.Normalize()
		return name + " added"
	case "depend":
		to := rapid.SampledFrom(d.Modules).Draw(t, "to")
		if slices.ContainsFunc(m.DependsOn, func(dep *schema.Dependency) bool { return dep.Key == to.Name }) {
			return "nothing"
		}
		m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: to.Name, To: schema.Ref{Name: to.Name}, Need: 1})
		d.Normalize()
		return m.Name + " -> " + to.Name
	case "undepend":
		if len(m.DependsOn) > 0 {
			m.DependsOn = m.DependsOn[1:]
		}
		return m.Name + ": a dependency less"
	case "kind":
		m.Kind = rapid.SampledFrom([]schema.Kind{schema.Service, schema.Database, schema.Queue, schema.External}).Draw(t, "kind")
		return fmt.Sprintf("%s: %s", m.Name, m.Kind)
	default: // two modules change their names
		other := rapid.SampledFrom(d.Modules).Draw(t, "other")
		if other.Name == m.Name {
			return "nothing"
		}
		a, b := m.Name, other.Name
		rename(d, a, "between")
		rename(d, b, a)
		rename(d, "between", b)
		return a + " and " + b + " swapped"
	}
}

// rename gives a module another name, wherever the design names it.
func rename(d *schema.Design, old, name string) {
	ref := func(r *schema.Ref) {
		if r.Name == old {
			r.Name = name
		}
	}
	refs := func(list []schema.Ref) {
		for i := range list {
			ref(&list[i])
		}
	}
	for _, m := range d.Modules {
		if m.Name == old {
			m.Name = name
		}
		refs(m.Monitors)
		refs(m.Recovers)
		for _, dep := range m.DependsOn {
			if dep.Key == old {
				dep.Key = name
			}
			ref(&dep.To)
			refs(dep.AnyOf)
		}
	}
	for _, j := range d.Journeys {
		ref(&j.Entry)
		refs(j.Uses)
	}
	for _, x := range d.Transactions {
		refs(x.Spans)
	}
	d.Normalize()
}

func remove(d *schema.Design, name string) {
	d.Modules = slices.DeleteFunc(d.Modules, func(m *schema.Module) bool { return m.Name == name })
	for _, m := range d.Modules {
		m.DependsOn = slices.DeleteFunc(m.DependsOn, func(dep *schema.Dependency) bool { return dep.Key == name || dep.To.Name == name })
	}
	d.Normalize()
}

// identity is what makes two findings the same, spelled out.
func identity(f *rules.Finding) string {
	return strings.Join([]string{f.Rule.ID, f.System, string(f.Subject.Kind), f.Subject.Name, f.Key}, "|")
}

func identities(results ...*rules.Result) map[string]int {
	out := map[string]int{}
	for _, res := range results {
		for i := range res.Findings {
			out[res.Design.Path+"|"+identity(&res.Findings[i])]++
		}
	}
	return out
}

// neighbours spells out kind and neighbours of a module.
func neighbours(d *schema.Design, name string) string {
	var list []string
	kind := schema.Kind("")
	for _, m := range d.Modules {
		if m.Name == name {
			kind = m.Kind
		}
		for _, dep := range m.DependsOn {
			for _, to := range dep.Targets() {
				switch {
				case m.Name == name && to.Name == name:
					list = append(list, "self")
				case m.Name == name:
					list = append(list, "to "+to.Name)
				case to.Name == name:
					list = append(list, "from "+m.Name)
				}
			}
		}
	}
	slices.Sort(list)
	return string(kind) + ": " + strings.Join(slices.Compact(list), ", ")
}

func has(d *schema.Design, name string) bool {
	return slices.ContainsFunc(d.Modules, func(m *schema.Module) bool { return m.Name == name })
}

// TestWrittenIsKnown: after a baseline was written, nothing is new and nothing is stale.
func TestWrittenIsKnown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var results []*rules.Result
		for i := range rapid.IntRange(1, 3).Draw(t, "designs") {
			results = append(results, judged(randomDesign(t, fmt.Sprint("system", i))(), rules.Settings{}))
		}
		// Two designs of one system hold findings of one fingerprint.
		if len(results) > 1 && rapid.Bool().Draw(t, "same system") {
			for i := range results {
				d := results[i].Design
				d.System = "same"
				results[i] = judged(d, rules.Settings{})
			}
		}
		run := runOf(results...)
		b := reread(t, Of(run))
		m := b.Match(run)
		for _, res := range results {
			for i := range res.Findings {
				if !m.Known[&res.Findings[i]] {
					t.Fatalf("%s is new\n%s", identity(&res.Findings[i]), b.Format())
				}
			}
		}
		if len(m.Stale)+len(m.Renamed) > 0 {
			t.Fatalf("stale %+v, renamed %+v", m.Stale, m.Renamed)
		}
		if got, want := string(m.Renewed(run).Format()), string(b.Format()); got != want {
			t.Fatalf("written anew it differs:\n%s\n%s", got, want)
		}
		if got, want := string(m.Pruned().Format()), string(b.Format()); got != want {
			t.Fatalf("pruned it differs:\n%s\n%s", got, want)
		}
	})
}

// TestChanges compares Match with a slow reference, after random changes to designs: what was found before and still is
// is known, everything else is new but for modules that Match says are renamed, and these are the same but for the name.
func TestChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const files = 2
		var before, after []*rules.Result
		old, now := map[string]*schema.Design{}, map[string]*schema.Design{}
		for i := range files {
			again := randomDesign(t, fmt.Sprint("system", i))
			d, e := again(), again()
			for range rapid.IntRange(0, 4).Draw(t, "changes") {
				t.Log(e.Path, change(t, e))
			}
			old[d.Path], now[e.Path] = d, e
			before, after = append(before, judged(d, rules.Settings{})), append(after, judged(e, rules.Settings{}))
		}
		run := runOf(after...)
		b := reread(t, Of(runOf(before...)))
		m := b.Match(run)
		for _, r := range m.Renamed {
			d, e := old[r.Design], now[r.Design]
			if r.Kind != rules.OfModule || !has(d, r.Old) || has(e, r.Old) || !has(e, r.New) || neighbours(d, r.Old) != neighbours(e, r.New) {
				t.Fatalf("no rename: %+v\n%s\n%s", r, neighbours(d, r.Old), neighbours(e, r.New))
			}
		}
		left := identities(before...)
		matched := 0
		for _, res := range after {
			for i := range res.Findings {
				f := &res.Findings[i]
				if key := res.Design.Path + "|" + identity(f); left[key] > 0 {
					left[key]--
					matched++
					if !m.Known[f] {
						t.Fatalf("%s was there before and is new", key)
					}
				}
			}
		}
		renamed := len(m.Known) - matched
		said := func(in *rules.Result, f *rules.Finding) bool { // by its rule, when no other one runs
			return identities(judged(in.Design, rules.Settings{Only: []string{f.Rule.ID}}))[in.Design.Path+"|"+identity(f)] > 0
		}
		for _, res := range after {
			for i := range res.Findings {
				f := &res.Findings[i]
				key := res.Design.Path + "|" + identity(f)
				if identities(before...)[key] > 0 || !m.Known[f] {
					continue
				}
				// Only what was renamed may be known.
				found := slices.ContainsFunc(m.Renamed, func(r Renamed) bool {
					return r.Design == res.Design.Path && (f.Subject.Name == r.New || strings.Contains(f.Subject.Name+f.Key, r.New))
				})
				if !found {
					if !slices.ContainsFunc(before, func(res *rules.Result) bool { return res.Design.Path == old[f.System+".cue"].Path && said(res, f) }) {
						t.Fatalf("%s is new and was taken for known", key)
					}
					renamed-- // another rule told of the cause
				}
			}
		}
		gone := 0
		for _, n := range left {
			gone += n
		}
		for _, e := range m.Stale {
			gone -= e.Gone
		}
		// What its rule still says alone is not gone, nor is an entry that covers what is told now.
		for i := range b.Entries {
			if m.kept[i] {
				gone -= b.Entries[i].Findings() - m.matched[i]
			}
		}
		for _, e := range m.Stale {
			for _, res := range after {
				if silent := res.Silent(e.Rule); slices.ContainsFunc(silent, func(f rules.Finding) bool { return f.Fingerprint() == e.Fingerprint }) {
					t.Fatalf("%s %s is stale, and there", e.Rule, e.Subject)
				}
			}
		}
		if gone != renamed {
			t.Fatalf("%d findings are gone and not stale, %d are known by a new name", gone, renamed)
		}
		// What is pruned is what is stale, and no more.
		pruned := reread(t, m.Pruned())
		if got, want := pruned.Findings(), b.Findings()-sum(m.Stale); got != want {
			t.Fatalf("pruned to %d findings, want %d", got, want)
		}
		again := pruned.Match(run)
		if len(again.Stale) > 0 || len(again.Known) != len(m.Known) {
			t.Fatalf("after pruning: %+v stale, %d known and not %d", again.Stale, len(again.Known), len(m.Known))
		}
		for f := range m.Known {
			if !again.Known[f] {
				t.Fatalf("after pruning %s is new", identity(f))
			}
		}
		// And what is written anew knows all.
		if renewed := reread(t, m.Renewed(run)).Match(run); len(renewed.Stale) > 0 || len(renewed.Known) != len(run.occurrences()) {
			t.Fatalf("written anew, %d of %d are known, %+v stale", len(renewed.Known), len(run.occurrences()), renewed.Stale)
		}
	})
}

func sum(list []Stale) int {
	n := 0
	for _, e := range list {
		n += e.Gone
	}
	return n
}

// TestRenamedModule: a module with neighbours like no other's keeps its findings under a new name, as far as anything
// speaks of it, and is told.
func TestRenamedModule(t *testing.T) {
	recognised := 0
	rapid.Check(t, func(t *rapid.T) {
		again := randomDesign(t, "shop")
		d, e := again(), again()
		m := rapid.SampledFrom(d.Modules).Draw(t, "module")
		const name = "some-other-name"
		rename(e, m.Name, name)
		before, after := judged(d, rules.Settings{}), judged(e, rules.Settings{})
		if shapesOf(d)[m.Name] == "" || !slices.ContainsFunc(after.Findings, func(f rules.Finding) bool {
			f.Subject.Name = strings.ReplaceAll(f.Subject.Name, name, m.Name)
			return mentions(&f, m.Name) && identities(before)[d.Path+"|"+identity(&f)] > 0
		}) {
			return
		}
		recognised++
		run := runOf(after)
		match := reread(t, Of(runOf(before))).Match(run)
		left := identities(before)
		for i := range after.Findings {
			f := after.Findings[i]
			f.Subject.Name = strings.ReplaceAll(f.Subject.Name, name, m.Name)
			f.Key = strings.ReplaceAll(f.Key, name, m.Name)
			if id := d.Path + "|" + identity(&f); left[id] > 0 {
				left[id]--
				if !match.Known[&after.Findings[i]] {
					t.Fatalf("%s is new", identity(&after.Findings[i]))
				}
			}
		}
		if len(match.Renamed) != 1 || match.Renamed[0].Old != m.Name || match.Renamed[0].New != name {
			t.Fatalf("renamed: %+v", match.Renamed)
		}
	})
	if recognised == 0 {
		t.Error("no module was ever recognised")
	}
}

// TestShuffledFiles: the order of declarations, the lines and files that they stand in and the name of the folder change
// nothing.
func TestShuffledFiles(t *testing.T) {
	root := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		d := randomDesign(t, "shop")()
		load := func(folder string) *rules.Result {
			n++
			dir := filepath.Join(root, fmt.Sprint(n), folder)
			if err := os.MkdirAll(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			scatter(t, d, dir)
			designs, err := schema.Load(schema.LoadOptions{Dir: filepath.Dir(dir)}, folder)
			if err != nil || len(designs) != 1 {
				t.Fatalf("%d designs: %v", len(designs), err)
			}
			return judged(designs[0], rules.Settings{})
		}
		before := load("shop")
		after := load(rapid.SampledFrom([]string{"shop", "store"}).Draw(t, "folder"))
		m := reread(t, Of(runOf(before))).Match(runOf(after))
		if len(m.Stale)+len(m.Renamed) > 0 || len(m.Known) != len(after.Findings) {
			t.Fatalf("%d of %d known, stale %+v, renamed %+v", len(m.Known), len(after.Findings), m.Stale, m.Renamed)
		}
	})
}

// scatter writes a design as a package of several files with its parts in any order and between empty lines.
func scatter(t *rapid.T, d *schema.Design, dir string) {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(generate.JSON(d), &parts); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, field := range []string{"modules", "failureDomains", "journeys", "transactions"} {
		var things map[string]json.RawMessage
		if parts[field] == nil {
			continue
		}
		if err := json.Unmarshal(parts[field], &things); err != nil {
			t.Fatal(err)
		}
		for name, thing := range things {
			lines = append(lines, fmt.Sprintf("%s: %q: %s\n", field, name, thing))
		}
		delete(parts, field)
	}
	for name, thing := range parts {
		lines = append(lines, fmt.Sprintf("%s: %s\n", name, thing))
	}
	slices.Sort(lines)
	lines = rapid.Permutation(lines).Draw(t, "order")
	files := make([]strings.Builder, rapid.IntRange(1, 3).Draw(t, "files"))
	for i, line := range lines {
		b := &files[i%len(files)]
		b.WriteString(strings.Repeat("\n", rapid.IntRange(0, 2).Draw(t, "empty lines")) + line)
	}
	for i := range files {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%c.cue", 'a'+i)), []byte("package shop\n"+files[i].String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
