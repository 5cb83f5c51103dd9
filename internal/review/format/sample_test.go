package format

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"lintel/analyzer"
	"lintel/internal/review"
	"lintel/rules"
	"lintel/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, d)
	}
}

const oldShop = `system: "shop"
failureDomains: {
	"zone-a": kind: "zone"
	"zone-b": kind: "zone"
}
journeys: {
	browse: entry: "web"
	checkout: {entry: "web", slo: availability: "99.9%"}
}
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, placement: ["zone-a", "zone-b"], dependsOn: ["orders", "billing", "cache"]}
	orders: {replicas: 2, placement: ["zone-a", "zone-b"], dependsOn: {"orders-db": timeout: "1s"}}
	"orders-db": {kind: "database", replicas: 3, placement: ["zone-a", "zone-b"]}
	billing: {replicas: 1, team: "money", technology: "Go", dependsOn: "pay-provider": {}}
	"pay-provider": kind: "external"
	cache: {kind: "cache", replicas: 2}
}
`

const newShop = `system: "shop"
failureDomains: {
	"zone-a": kind: "zone"
	"zone-b": kind: "zone"
}
journeys: {
	checkout: {entry: "web", slo: availability: "99.95%"}
	refund: {entry: "web", uses: ["payments"]}
}
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, placement: ["zone-a", "zone-b"], dependsOn: {orders: {}, payments: {strength: "soft", fallback: "pay later"}, search: {}}}
	orders: {replicas: 2, placement: ["zone-a", "zone-b"], dependsOn: {"orders-db": timeout: "5s"}}
	"orders-db": {kind: "database", replicas: 1, placement: ["zone-a"]}
	payments: {replicas: 2, team: "money", technology: "Go", dependsOn: "pay-provider": {}}
	"pay-provider": kind: "external"
	search: {kind: "search", description: "full text"}
}
`

// load gives the design of a text.
func load(t *testing.T, file, text string) *schema.Design {
	t.Helper()
	opts := schema.LoadOptions{FS: fstest.MapFS{file: {Data: []byte(text)}}, Root: "/designs", Dir: "/designs"}
	designs, err := schema.Load(opts, file)
	if err != nil || len(designs) != 1 {
		t.Fatalf("%d designs: %v", len(designs), err)
	}
	return designs[0]
}

var today = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

func judged(d *schema.Design) *rules.Result {
	return rules.Run(analyzer.New(d), rules.Settings{}, today)
}

func faultsOf(t *testing.T, file, text string) schema.Errors {
	t.Helper()
	_, err := schema.Load(schema.LoadOptions{FS: fstest.MapFS{file: {Data: []byte(text)}}, Root: "/designs", Dir: "/designs"}, file)
	var faults schema.Errors
	if !errors.As(err, &faults) {
		t.Fatalf("%s is not at fault: %v", file, err)
	}
	return faults
}

// samples are the reviews that every format is tried on.
func samples(t *testing.T) map[string]*Report {
	t.Helper()
	old, new := judged(load(t, "shop.cue", oldShop)), judged(load(t, "shop.cue", newShop))
	states := func(r *Report) *Report {
		r.Version, r.Tag = "v1.2.3", "lintel"
		r.Old.Name, r.New.Name = "main (3f2c1a9)", "the working tree"
		if r.FailOn == "" {
			r.FailOn = NewError
		}
		return r
	}
	waived := newShop + `lint: waivers: [{rule: "RES001", at: "orders-db", reason: "until the move", until: "2026-12-31", ticket: "OPS-7"}]` + "\n"
	shop := &Design{Comparison: review.Compare(old, new), Overlay: "flowchart TB\n  n0 --> n1\n"}

	relaxed := load(t, "shop.cue", newShop+`lint: rules: RES001: "off"`+"\n")
	by := *old.Design
	by.Lint = relaxed.Lint
	settings := &Design{Comparison: review.Compare(judged(&by), judged(relaxed))}
	settings.Old.Design = old.Design
	settings.Settings = review.LintChanges(&old.Design.Lint, &relaxed.Lint)
	settings.CompareSettings(review.Compare(old, judged(load(t, "shop.cue", newShop))))

	// A baseline took in what the change brought: one finding, and one that the old state has, too.
	accepted := judged(load(t, "shop.cue", newShop))
	accepted.Accept(func(f *rules.Finding) bool { return f.Subject.Name == "orders-db" || f.Subject.Name == "web" })
	known := &Design{Comparison: review.Compare(old, accepted)}

	moved := load(t, "store.cue", oldShop)
	moved.System = "store"
	renamed := &Design{Comparison: review.Compare(old, judged(moved))}
	renamed.Moved = true
	return map[string]*Report{
		"shop":     states(&Report{Designs: []*Design{shop}}),
		"back":     states(&Report{Designs: []*Design{{Comparison: review.Compare(new, old)}}, FailOn: Any}),
		"same":     states(&Report{Designs: []*Design{{Comparison: review.Compare(old, judged(load(t, "shop.cue", oldShop)))}}}),
		"empty":    states(&Report{}),
		"waived":   states(&Report{Designs: []*Design{{Comparison: review.Compare(new, judged(load(t, "shop.cue", waived)))}}}),
		"unwaived": states(&Report{Designs: []*Design{{Comparison: review.Compare(judged(load(t, "shop.cue", waived)), new)}}}),
		"known":    states(&Report{Designs: []*Design{known}}),
		"settings": states(&Report{Designs: []*Design{settings}, FailOn: NewWarning}),
		"several": states(&Report{
			Prefix: "teams/shop", Notes: []string{"1 design is left out, which git ignores"},
			Designs: []*Design{
				{Comparison: review.Compare(nil, judged(load(t, "a/added.cue", "system: \"added\"\nmodules: web: {entry: true, replicas: 2}\n")))},
				{Comparison: review.Compare(judged(load(t, "b/gone.cue", oldShop)), nil)},
				renamed,
				{Comparison: review.Compare(nil, new), Unread: true},
				{Comparison: review.Compare(new, new)},
			},
			Old: review.State{Errors: faultsOf(t, "shop.cue", "system: \"shop\"\nmodules: web: {replicsa: 2}\n")},
			New: review.State{Errors: faultsOf(t, "bad.cue", "system: \"bad\"\nmodules: web: {kind: \"gatway\"}\n")},
		}),
	}
}

var formats = map[string]func(*bytes.Buffer, *Report) error{
	"text":       func(b *bytes.Buffer, r *Report) error { return Text(b, r, TextOptions{}) },
	"text-file":  func(b *bytes.Buffer, r *Report) error { return Text(b, r, TextOptions{Faults: true}) },
	"text-small": func(b *bytes.Buffer, r *Report) error { return Text(b, r, TextOptions{Width: 40}) },
	"text-color": func(b *bytes.Buffer, r *Report) error { return Text(b, r, TextOptions{Color: true}) },
	"json":       func(b *bytes.Buffer, r *Report) error { return JSON(b, r) },
	"sarif":      func(b *bytes.Buffer, r *Report) error { return SARIF(b, r) },
	"github":     func(b *bytes.Buffer, r *Report) error { return GitHub(b, r) },
	"markdown":   func(b *bytes.Buffer, r *Report) error { return Markdown(b, r) },
}

// TestGolden pins the bytes of the formats for the samples, and that two runs give the same.
func TestGolden(t *testing.T) {
	for name, r := range samples(t) {
		for format, write := range formats {
			var got, again bytes.Buffer
			if err := write(&got, r); err != nil {
				t.Fatalf("%s %s: %v", name, format, err)
			}
			if err := write(&again, r); err != nil || !bytes.Equal(got.Bytes(), again.Bytes()) {
				t.Errorf("%s %s: two runs differ (%v)", name, format, err)
			}
			if format != "sarif" || name == "shop" { // of most, it holds the pages of rules
				golden(t, name+"."+format+".golden", got.Bytes())
			}
		}
	}
}
