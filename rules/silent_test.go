package rules_test

import (
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/internal/generate"
	"lintel/rules"
	"lintel/schema"
)

func judgedText(t *testing.T, text string, s rules.Settings) *rules.Result {
	t.Helper()
	designs, err := schema.Load(schema.LoadOptions{FS: fstest.MapFS{"d.cue": {Data: []byte(text)}}, Root: "/d", Dir: "/d"}, "d.cue")
	if err != nil || len(designs) != 1 {
		t.Fatalf("%d designs: %v", len(designs), err)
	}
	return rules.Run(analyzer.New(designs[0]), s, time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC))
}

func TestSilent(t *testing.T) {
	const store = `system: "s"
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, dependsOn: ["db"]}
	db: {kind: "database", replicas: 1}
}`
	const zone = `system: "s"
failureDomains: {a: kind: "zone", b: kind: "zone"}
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, placement: ["a", "b"], dependsOn: ["api"]}
	api: {replicas: 1, placement: ["a"]}
}`
	for _, test := range []struct {
		name, text, rule string
		settings         rules.Settings
		want             []string
	}{
		{"RES001 tells of the store", store, "REP002", rules.Settings{}, []string{"db"}},
		{"RES001 is off, so REP002 tells", store, "REP002", rules.Settings{Skip: []string{"RES001"}}, nil},
		{"REP002 does not run", store, "REP002", rules.Settings{Skip: []string{"REP"}}, nil},
		{"the module tells of its zone", zone, "RES001", rules.Settings{}, []string{"a"}},
		{"no such rule", zone, "POL/none", rules.Settings{}, nil},
		{"what comes after the rules", zone, "HYG004", rules.Settings{}, nil},
	} {
		var got []string
		for _, f := range judgedText(t, test.text, test.settings).Silent(test.rule) {
			if f.Rule.ID != test.rule || f.Severity == rules.Off {
				t.Errorf("%s: %+v", test.name, f)
			}
			got = append(got, f.Subject.Name)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: silent about %q, want %q", test.name, got, test.want)
		}
	}
}

// TestSilentIsNotTold: what a rule is silent about is not told, and is found when only that rule runs, but for failure
// domains, of which RES001 keeps some to itself.
func TestSilentIsNotTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(8, 20).Draw(t, "modules")
		d := generate.Design(generate.Spec{Name: "s", Modules: n, Dependencies: 2 * n, Journeys: 2, Regions: 2}, rapid.Uint64().Draw(t, "seed"))
		today := time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
		a := analyzer.New(d)
		res := rules.Run(a, rules.Settings{}, today)
		counts := func(list []rules.Finding) map[string]int {
			out := map[string]int{}
			for i := range list {
				out[list[i].Fingerprint()]++
			}
			return out
		}
		told := counts(slices.Concat(res.Findings, res.Waived))
		for _, r := range rules.All() {
			if ran, _ := res.Ran(r.ID); !ran || r.Run == nil {
				continue
			}
			alone := rules.Run(a, rules.Settings{Only: []string{r.ID}}, today)
			left := counts(slices.Concat(alone.Findings, alone.Waived))
			for print, n := range told {
				left[print] -= n
			}
			for _, f := range res.Silent(r.ID) {
				if left[f.Fingerprint()]--; left[f.Fingerprint()] < 0 && (r.ID != "RES001" || f.Subject.Kind != rules.OfFailureDomain) {
					t.Fatalf("%s %s is told, or said by nobody", r.ID, f.Subject.Name)
				}
			}
			for print, n := range left {
				if n > 0 {
					t.Fatalf("%s: what it says alone is neither told nor silent: %s", r.ID, print)
				}
			}
		}
	})
}
