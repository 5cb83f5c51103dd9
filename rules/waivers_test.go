package rules_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

// lonely is a design with a finding of CPL014 about the module of that name.
func lonely(t *testing.T) *schema.Design {
	return rulestest.Parse(t, `
system: "notes"
modules: {
	web: {entry: true, replicas: 2, dependsOn: ["api"]}
	api: replicas: 2
	lonely: replicas: 2
}`)
}

// onDependency is a design with a finding about the dependency "web -> gone".
func onDependency(t *testing.T) *schema.Design {
	return rulestest.Parse(t, `
system: "notes"
modules: {
	web: {entry: true, replicas: 2, dependsOn: ["gone"]}
	api: {entry: true, replicas: 2}
}`)
}

func day(s string) *time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return &d
}

func messages(list []rules.Finding) string {
	var out []string
	for _, f := range list {
		out = append(out, f.Rule.ID+" "+f.Message)
	}
	return strings.Join(out, "\n")
}

func TestWaiverAt(t *testing.T) {
	tests := []struct {
		design func(*testing.T) *schema.Design
		rule   string
		at     string
		waives bool
	}{
		{lonely, "CPL014", "lonely", true},
		{lonely, "isolated-module", "lonely", true},
		{lonely, "CPL014", " lonely ", true},
		{lonely, "CPL014", "Lonely", false},
		{lonely, "CPL014", "lone", false},
		{lonely, "CPL014", "lone*", true},
		{lonely, "CPL014", "*ly", true},
		{lonely, "CPL014", "*one*", true},
		{lonely, "CPL014", "l*y", true},
		{lonely, "CPL014", "*", true},
		{lonely, "CPL014", "lonely*", true},
		{lonely, "CPL014", "*lonelyy", false},
		{lonely, "CPL014", "lone*nely", false}, // the parts must not overlap
		{lonely, "CPL014", "l.*y", false},
		{lonely, "CPL014", "", false},
		{lonely, "CPL013", "lonely", false},
		{onDependency, "HYG001", "web -> gone", true},
		{onDependency, "HYG001", "web->gone", true},
		{onDependency, "HYG001", "web  ->gone", true},
		{onDependency, "HYG001", "* -> gone", true},
		{onDependency, "HYG001", "web -> *", true},
		{onDependency, "HYG001", "web", true},  // an alias
		{onDependency, "HYG001", "gone", true}, // another
		{onDependency, "HYG001", "gone -> web", false},
		{onDependency, "HYG001", "api -> gone", false},
	}
	for _, test := range tests {
		t.Run(test.rule+" "+test.at, func(t *testing.T) {
			d := test.design(t)
			d.Lint.Waivers = []schema.Waiver{{Rule: test.rule, At: test.at, Reason: "agreed"}}
			res := rulestest.Check(d, rules.Settings{})
			if waived := len(res.Waived) > 0; waived != test.waives {
				t.Errorf("waived: %v\n%s", waived, messages(res.Findings))
			}
			if stale := strings.Contains(messages(res.Findings), "HYG004"); stale == test.waives {
				t.Errorf("stale: %v\n%s", stale, messages(res.Findings))
			}
		})
	}
}

func TestWaiverExpires(t *testing.T) {
	tests := []struct {
		until  string
		today  time.Time
		waives bool
	}{
		{"2026-06-15", time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC), true},
		{"2026-06-15", time.Date(2026, 6, 15, 23, 59, 59, 0, time.UTC), true},
		{"2026-06-15", time.Date(2026, 6, 16, 0, 0, 0, 0, time.UTC), false},
		{"2026-06-15", time.Date(2025, 6, 16, 0, 0, 0, 0, time.UTC), true},
		// The day is that of the clock on the wall, wherever that is.
		{"2026-06-15", time.Date(2026, 6, 15, 23, 0, 0, 0, time.FixedZone("west", -10*3600)), true},
		{"2026-06-15", time.Date(2026, 6, 16, 1, 0, 0, 0, time.FixedZone("east", 12*3600)), false},
	}
	for _, test := range tests {
		d := lonely(t)
		d.Lint.Waivers = []schema.Waiver{{Rule: "CPL014", At: "lonely", Reason: "agreed", Until: day(test.until)}}
		res := rules.Run(analyzer.New(d), rules.Settings{}, test.today)
		if waived := len(res.Waived) > 0; waived != test.waives {
			t.Errorf("until %s, on %s: waived: %v", test.until, test.today, waived)
		}
	}
}

func TestFirstValidWaiverWins(t *testing.T) {
	d := lonely(t)
	d.Lint.Waivers = []schema.Waiver{
		{Rule: "CPL014", At: "lonely", Reason: "too old", Until: day("2020-01-01")},
		{Rule: "CPL014", At: "lonely", Reason: "first"},
		{Rule: "CPL014", At: "*", Reason: "second"},
	}
	res := rulestest.Check(d, rules.Settings{})
	if len(res.Waived) != 1 || res.Waived[0].Waiver.Reason != "first" {
		t.Errorf("waived: %+v", res.Waived)
	}
	if got := messages(res.Findings); strings.Count(got, "HYG004 the waiver") != 1 || !strings.Contains(got, "expired on 2020-01-01") {
		t.Errorf("a waiver that matches what another waives is not stale: %s", got)
	}
}

func TestStaleWaiverIsWaived(t *testing.T) {
	d := lonely(t)
	d.Lint.Waivers = []schema.Waiver{
		{Rule: "CPL014", At: "nobody", Reason: "agreed"},
		{Rule: "HYG004", At: "nobody", Reason: "it will come"},
		{Rule: "HYG004", At: "somebody", Reason: "stale itself"},
	}
	res := rulestest.Check(d, rules.Settings{})
	if len(res.Waived) != 1 || res.Waived[0].Rule.ID != "HYG004" {
		t.Errorf("waived: %s", messages(res.Waived))
	}
	if got := messages(res.Findings); strings.Count(got, "matches no finding") != 1 || !strings.Contains(got, `HYG004 at "somebody"`) {
		t.Errorf("findings: %s", got)
	}
}

func TestWaiversOfRulesThatDoNotRunAreNotStale(t *testing.T) {
	for _, s := range []rules.Settings{
		{Skip: []string{"CPL014"}},
		{Skip: []string{"CPL"}},
		{Only: []string{"HYG"}},
		{Override: map[string]rules.Severity{"CPL014": rules.Off}},
		{Skip: []string{"HYG004"}},
	} {
		d := lonely(t)
		d.Lint.Waivers = []schema.Waiver{{Rule: "CPL014", At: "nobody", Reason: "agreed"}, {Rule: "CPL014", At: "lonely"}}
		if got := messages(rulestest.Check(d, s).Findings); strings.Contains(got, "HYG004") {
			t.Errorf("%+v: %s", s, got)
		}
	}
}

func TestWaiversOfSettingsFile(t *testing.T) {
	in := func(line int) schema.Range { return schema.Range{File: ".lintel.cue", StartLine: line, EndLine: line} }
	file := &schema.Lint{Waivers: []schema.Waiver{
		{Rule: "CPL014", At: "lonely", Reason: "in one of the designs", Pos: in(1)},
		{Rule: "CPL014", At: "nobody", Reason: "in none", Pos: in(2)},
		{Rule: "CPL014", At: "nobody", Pos: in(3)},
		{Rule: "CPL014", At: "lonely", Reason: "old", Until: day("2026-06-14"), Pos: in(4)},
		{Rule: "NOPE", At: "lonely", Reason: "no such rule", Pos: in(5)},
		{Rule: "CPL013", At: "nobody", Reason: "does not run", Pos: in(6)},
	}}
	s := rules.Settings{File: file, Skip: []string{"CPL013"}}
	one, other := rulestest.Check(lonely(t), s), rulestest.Check(onDependency(t), s)
	if len(one.Waived) != 1 || one.Waived[0].Waiver.Reason != "in one of the designs" {
		t.Errorf("waived: %+v", one.Waived)
	}
	for _, res := range []*rules.Result{one, other} {
		if got := messages(res.Findings); strings.Contains(got, "HYG004") || strings.Contains(got, "NOPE") {
			t.Errorf("a run of one design judges the waivers of the file: %s", got)
		}
	}
	lines := func(list []rules.Finding) (out []int) {
		for _, f := range list {
			if f.Subject.Name != ".lintel.cue" || f.System != "" {
				t.Errorf("subject %v of system %q", f.Subject, f.System)
			}
			out = append(out, f.Location.StartLine)
		}
		return out
	}
	both := []*rules.Result{one, other}
	for _, test := range []struct {
		name    string
		results []*rules.Result
		whole   bool
		want    []int
	}{
		{"whole", both, true, []int{2, 3, 4, 5}},
		{"part of what the file governs", both, false, []int{3, 4, 5}},
		{"whole without the one that matches", both[1:], true, []int{1, 2, 3, 4, 5}},
		{"nothing ran", nil, true, []int{5}},
		{"other runs", []*rules.Result{rulestest.Check(lonely(t), rules.Settings{})}, true, []int{5}},
	} {
		if got := lines(rules.StaleWaivers(file, s, test.results, test.whole, rulestest.Today)); !slices.Equal(got, test.want) {
			t.Errorf("%s: findings on lines %v, want %v", test.name, got, test.want)
		}
	}
	s.Skip = append(s.Skip, "HYG")
	if got := rules.StaleWaivers(file, s, both, true, rulestest.Today); len(got) != 0 {
		t.Errorf("skipped, and reported all the same: %s", messages(got))
	}
	if got := rules.StaleWaivers(&schema.Lint{}, rules.Settings{}, nil, true, rulestest.Today); len(got) != 0 {
		t.Errorf("no waivers, and yet: %s", messages(got))
	}
}
