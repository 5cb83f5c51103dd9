package review

import (
	"slices"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/schema"
)

func judgedText(t *testing.T, text string) *rules.Result {
	t.Helper()
	designs, err := schema.Load(schema.LoadOptions{FS: fstest.MapFS{"d.cue": {Data: []byte(text)}}, Root: "/d", Dir: "/d"}, "d.cue")
	if err != nil || len(designs) != 1 {
		t.Fatalf("%d designs: %v", len(designs), err)
	}
	return judge(designs[0])
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
	oneReplica = `system: "s"
failureDomains: {a: kind: "zone", b: kind: "zone"}
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, placement: ["a", "b"], dependsOn: ["api"]}
	api: {replicas: 1, placement: ["a"]}
}`
	oneZone = `system: "s"
failureDomains: {a: kind: "zone", b: kind: "zone"}
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, placement: ["a", "b"], dependsOn: ["api"]}
	api: {replicas: 2, placement: ["a"]}
}`
	alive = `system: "s"
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, dependsOn: ["api", "auth"]}
	api: {dependsOn: ["db"]}
	auth: {replicas: 3}
	db: {kind: "database"}
}`
	down = `system: "s"
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, dependsOn: ["api", "auth"]}
	api: {dependsOn: ["db"]}
	auth: {replicas: 0}
	db: {kind: "database"}
}`
	noEntry = `system: "s"
modules: {
	web: {kind: "gateway", replicas: 2, dependsOn: ["api", "auth"]}
	api: {dependsOn: ["db"]}
	auth: {replicas: 3, entry: true}
	db: {kind: "database"}
}`
)

// TestOneCauseOneFinding: what a rule sees in both states is neither new nor fixed, though it tells of it in one only.
func TestOneCauseOneFinding(t *testing.T) {
	for _, test := range []struct {
		name, old, new string
		want           []string // of errors
	}{
		{"a hard dependency made soft", hardStore, softStore, []string{"fixed RES001 db", "unchanged REP002 db"}},
		{"a soft dependency made hard", softStore, hardStore, []string{"new RES001 db"}},
		{"a second replica in the same zone", oneReplica, oneZone, []string{"fixed RES001 api", "unchanged RES001 a"}},
		{"one replica less", oneZone, oneReplica, []string{"new RES001 api"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := Compare(judgedText(t, test.old), judgedText(t, test.new))
			for _, list := range []*[]*rules.Finding{&c.Findings.New, &c.Findings.Fixed, &c.Findings.Unchanged} {
				*list = slices.DeleteFunc(*list, func(f *rules.Finding) bool { return f.Severity != rules.Error })
			}
			if got := tell(c.Findings); !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
			for _, p := range slices.Concat(c.Gained, c.Lost) {
				if p.Kind == rules.OfFailureDomain {
					t.Errorf("%s takes down %q in both states", p.Name, p.Journeys)
				}
			}
		})
	}
}

// TestNewToItsRule: a rule that finds something in the old state when it runs alone never calls it new, nor fixed what it
// finds alone in the new state.
func TestNewToItsRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randomDesign(t)
		e, _ := editedAs(t, d)
		for i := range e.Modules { // kind, strength and number are what rules give way to one another for
			if rapid.IntRange(0, 3).Draw(t, "other replicas") == 0 {
				e.Modules[i].Replicas = rapid.IntRange(1, 3).Draw(t, "replicas")
			}
		}
		e.Normalize()
		old, new := judge(d), judge(e)
		c := Compare(old, new)
		if c.match == nil || !c.match.renames.none() {
			return
		}
		alone := func(in *schema.Design, f *rules.Finding) int {
			n := 0
			res := rules.Run(analyzer.New(in), rules.Settings{Only: []string{f.Rule.ID}}, today)
			for _, list := range [][]rules.Finding{res.Findings, res.Waived} {
				for i := range list {
					if list[i].Fingerprint() == f.Fingerprint() {
						n++
					}
				}
			}
			return n
		}
		for _, f := range c.Findings.New {
			if c.Findings.Counterparts[f] == nil && alone(d, f) >= alone(e, f) {
				t.Fatalf("%s %s is new, and the old state has it", f.Rule.ID, f.Subject.Name)
			}
		}
		for _, f := range c.Findings.Fixed {
			if c.Findings.Counterparts[f] == nil && alone(e, f) >= alone(d, f) {
				t.Fatalf("%s %s is fixed, and the new state has it", f.Rule.ID, f.Subject.Name)
			}
		}
	})
}

// TestDeadJourneys: nothing is mended by a journey that is gone or down.
func TestDeadJourneys(t *testing.T) {
	for name, text := range map[string]string{"down": down, "no entry": noEntry} {
		c := Compare(judgedText(t, alive), judgedText(t, text))
		for _, f := range c.Findings.Fixed {
			if f.Rule.ID == "RES001" {
				t.Errorf("%s: %s %s is fixed", name, f.Rule.ID, f.Subject.Name)
			}
		}
		if len(c.Lost) > 0 {
			t.Errorf("%s: lost %+v", name, c.Lost)
		}
		for _, f := range c.Figures {
			if f.ID == "singlePoints" && (f.MoreIs != Neutral || f.Old <= f.New) {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
	if c := Compare(judgedText(t, down), judgedText(t, alive)); len(c.Gained) == 0 || len(c.Findings.New) == 0 {
		t.Errorf("back: gained %+v, new %q", c.Gained, tell(c.Findings))
	}
}
