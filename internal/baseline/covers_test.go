package baseline

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"lintel/rules"
	"lintel/schema"
)

func judgedText(t *testing.T, text string) *rules.Result {
	t.Helper()
	designs, err := schema.Load(schema.LoadOptions{FS: fstest.MapFS{"d.cue": {Data: []byte(text)}}, Root: "/d", Dir: "/d"}, "d.cue")
	if err != nil || len(designs) != 1 {
		t.Fatalf("%d designs: %v", len(designs), err)
	}
	return judged(designs[0], rules.Settings{})
}

const (
	hardStore = `system: "s"
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, dependsOn: db: {}}
	db: {kind: "database", replicas: 1}
}`
	softStore = `system: "s"
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, dependsOn: db: {strength: "soft", fallback: "a page without them"}}
	db: {kind: "database", replicas: 1}
}`
	mendedStore = `system: "s"
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, dependsOn: db: {}}
	db: {kind: "database", replicas: 2}
}`
)

// TestCovers: where a rule falls silent, or speaks, because another one tells of the same cause or no longer does, nothing
// is new for it and nothing is mended.
func TestCovers(t *testing.T) {
	const waived = `
lint: waivers: [{rule: "RES001", at: "db", reason: "until the move"}]`
	for _, test := range []struct {
		name, old, new          string
		known, fresh, stale, at string // errors by rule
	}{
		{"a hard dependency made soft", hardStore, softStore, "REP002", "", "", "RES001 covers REP001 REP002"},
		{"a soft dependency made hard", softStore, hardStore, "", "RES001", "", "REP002"},
		{"mended", hardStore, mendedStore, "", "", "RES001", ""},
		{"soft, and mended", softStore, mendedStore, "", "", "REP002", ""},
		{"waived", hardStore, hardStore + waived, "", "", "RES001 waived", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := reread(t, Of(runOf(judgedText(t, test.old))))
			res := judgedText(t, test.new)
			m := b.Match(runOf(res))
			var known, fresh, stale, at []string
			for i := range res.Findings {
				switch f := &res.Findings[i]; {
				case f.Severity != rules.Error:
				case m.Known[f]:
					known = append(known, f.Rule.ID)
				default:
					fresh = append(fresh, f.Rule.ID)
				}
			}
			for _, e := range m.Stale {
				s := e.Rule
				if e.Waived {
					s += " waived"
				}
				if e.Subject == "db" {
					stale = append(stale, s)
				}
			}
			for _, e := range m.Pruned().Entries {
				if s := e.Rule; e.Subject == "db" {
					if len(e.Covers) > 0 {
						s += " covers " + strings.Join(e.Covers, " ")
					}
					at = append(at, s)
				}
			}
			for _, x := range []struct {
				what string
				got  []string
				want string
			}{{"known", known, test.known}, {"new", fresh, test.fresh}, {"stale", stale, test.stale}, {"pruned to", at, test.at}} {
				if got := strings.Join(x.got, ", "); got != x.want {
					t.Errorf("%s: %q, want %q", x.what, got, x.want)
				}
			}
			// Written anew, the baseline holds what is told now.
			again := m.Renewed(runOf(res))
			if got, want := len(again.Entries), len(Of(runOf(res)).Entries); got != want {
				t.Errorf("written anew, %d entries and not %d", got, want)
			}
			if slices.ContainsFunc(again.Match(runOf(res)).Stale, func(Stale) bool { return true }) {
				t.Error("written anew, something is stale")
			}
		})
	}
}
