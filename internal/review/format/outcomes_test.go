package format

import (
	"strings"
	"testing"

	"lintel/internal/review"
	"lintel/rules"
)

// reviewed compares two texts, with the findings of the new one that a baseline holds.
func reviewed(t *testing.T, old, new string, known ...string) *Report {
	t.Helper()
	res := judged(load(t, "s.cue", new))
	res.Accept(func(f *rules.Finding) bool {
		for _, k := range known {
			if f.Rule.ID+" "+f.Subject.Name == k {
				return true
			}
		}
		return false
	})
	return &Report{Designs: []*Design{{Comparison: review.Compare(judged(load(t, "s.cue", old)), res)}}}
}

// TestOutcomes pins the sum, and what each --fail-on makes of it.
func TestOutcomes(t *testing.T) {
	const (
		plain = `system: "s"
journeys: {one: {entry: "web", uses: ["a"]}, two: {entry: "web", uses: ["c"]}}
modules: {
	web: {entry: true, replicas: 2, dependsOn: {a: {}, c: {}}}
	a: {replicas: 1, dependsOn: db: {}}
	c: {replicas: 2}
	db: {replicas: 1}
}`
		joined = `system: "s"
journeys: {one: {entry: "web", uses: ["a"]}, two: {entry: "web", uses: ["c"]}}
modules: {
	web: {entry: true, replicas: 2, dependsOn: {a: {}, c: {}}}
	a: {replicas: 1, dependsOn: db: {}}
	c: {replicas: 2, dependsOn: a: {}}
	db: {replicas: 1}
}`
		more = `system: "s"
journeys: {one: {entry: "web", uses: ["a"]}, two: {entry: "web", uses: ["c"]}}
modules: {
	web: {entry: true, replicas: 2, dependsOn: {a: {}, c: {}}}
	a: {replicas: 1, dependsOn: db: {}}
	c: {replicas: 1}
	db: {replicas: 1}
}`
		dead = `system: "s"
journeys: {one: {entry: "web", uses: ["a"]}, two: {entry: "web", uses: ["c"]}}
modules: {
	web: {entry: true, replicas: 2, dependsOn: {a: {}, c: {}}}
	a: {replicas: 0, dependsOn: db: {}}
	c: {replicas: 2}
	db: {replicas: 1}
}`
	)
	all := []FailOn{NewError, NewWarning, Any, Weaker, Never}
	for _, test := range []struct {
		name   string
		r      *Report
		has    []string
		hasNot []string
		fails  []FailOn
	}{
		{"the same", reviewed(t, plain, plain), []string{"has not changed"}, nil, nil},
		{"a journey needs a known single point", reviewed(t, plain, joined, "RES001 a", "RES001 db"), []string{"1 weaker"}, []string{"newly known"}, []FailOn{Weaker}},
		{"a journey needs an old single point", reviewed(t, plain, joined), []string{"no new findings, 2 weaker, "}, nil, []FailOn{Weaker}},
		{"a new finding", reviewed(t, plain, more), []string{"1 new error, "}, []string{"weaker,", "newly known"}, all[:4]},
		{"a new finding in the baseline", reviewed(t, plain, more, "RES001 c"), []string{"1 newly known, "}, []string{"new error"}, all[:4]},
		{"a journey that is dead", reviewed(t, plain, dead), []string{"1 new "}, []string{"stronger", "single points of failure 2 → 0 ("}, all[:4]},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := string(written(t, "text", test.r))
			summary := text[strings.LastIndex(strings.TrimSuffix(text, "\n"), "\n\n")+1:]
			for _, s := range test.has {
				if !strings.Contains(summary, s) {
					t.Errorf("the sum does not say %q: %s", s, summary)
				}
			}
			for _, s := range test.hasNot {
				if strings.Contains(summary, s) || strings.HasPrefix(s, "single points") && strings.Contains(text, s) {
					t.Errorf("it says %q:\n%s", s, text)
				}
			}
			for _, on := range all {
				test.r.FailOn = on
				want := false
				for _, f := range test.fails {
					want = want || f == on
				}
				if test.r.Failed() != want {
					t.Errorf("%s fails: %v", on, !want)
				}
			}
		})
	}
}
