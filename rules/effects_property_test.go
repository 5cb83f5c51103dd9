package rules_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

// TestEffectsAreThoseOfTheChangedDesign compares what suggestions are said to achieve with a check of the changed design.
func TestEffectsAreThoseOfTheChangedDesign(t *testing.T) {
	n := 300
	if os.Getenv("LINTEL_LONG") != "" {
		n = 20000
	}
	told := map[string]int{}
	for seed := range n {
		d := randomDesign(rand.New(rand.NewPCG(uint64(seed), 11)))
		run := func(how rules.Suggest) *rules.Result {
			res := rules.Run(analyzer.New(d), rules.Settings{Only: []string{"RES", "REP"}}, rulestest.Today)
			rules.Effects(res, how)
			return res
		}
		res, quick := run(rules.SuggestFull), run(rules.SuggestQuick)
		before := pointsByJourney(res.Analysis)
		for i := range res.Findings {
			f := &res.Findings[i]
			for k, r := range f.Remedies {
				if q := quick.Findings[i].Remedies[k].Effect; q != "" && q != r.Effect {
					t.Errorf("seed %d, %s: quick says %q, full %q", seed, f.Message, q, r.Effect)
				}
				changed, err := change.Apply(d, r.Changes...)
				if err != nil {
					t.Errorf("seed %d, %s: %v", seed, f.Suggestions[r.Suggestion], err)
					continue
				}
				a := analyzer.New(changed)
				name := fmt.Sprintf("seed %d, %s: %s → %s", seed, f.Message, f.Suggestions[r.Suggestion], r.Effect)
				switch f.Rule.ID {
				case "RES001", "RES002":
					checkJourneys(t, name, f, r.Effect, before, a, told)
				default:
					checkModule(t, name, r, a, told)
				}
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, describe(d))
		}
	}
	for _, what := range []string{"none left", "fewer", "still", "domain survived", "replica", "zone"} {
		if told[what] < n/100 {
			t.Errorf("%d times %q in %d designs: the designs do not test it", told[what], what, n)
		}
	}
}

func pointsByJourney(a *analyzer.Analysis) map[string]int {
	out := map[string]int{}
	for _, p := range rules.SinglePoints(a) {
		for _, j := range p.Journeys {
			out[a.Journeys()[j].Name]++
		}
	}
	return out
}

func checkJourneys(t *testing.T, name string, f *rules.Finding, effect string, before map[string]int, a *analyzer.Analysis, told map[string]int) {
	after := pointsByJourney(a)
	lost := map[string]bool{}
	for _, j := range a.Simulate(analyzer.Scenario{}).Lost {
		lost[a.Journeys()[j].Name] = true
	}
	if f.Subject.Kind == rules.OfFailureDomain {
		d, _ := a.DomainIndex(f.Subject.Name)
		falls := false
		for _, j := range a.Simulate(analyzer.Scenario{Events: []analyzer.Event{{Kind: analyzer.DomainEvent, Module: -1, Domain: d}}}).Lost {
			falls = falls || slices.Contains(f.Journeys, a.Journeys()[j].Name)
		}
		if says := strings.Contains(effect, " the loss of "+f.Subject.Name); says == falls {
			t.Errorf("%s: falls with it afterwards: %v", name, falls)
		}
		if falls {
			told["domain fatal"]++
		} else {
			told["domain survived"]++
		}
	}
	if len(f.Journeys) > 1 {
		return // told in groups, from the same figures
	}
	j := f.Journeys[0]
	want := fmt.Sprintf("single points of failure: %s %d → %d", j, before[j], after[j])
	switch {
	case after[j] == 0 && lost[j]:
		want = j + ": down all the same"
	case after[j] == 0:
		want = "no single point of failure left on " + j
		told["none left"]++
		res := rules.Run(a, rules.Settings{Only: []string{"RES001", "RES002"}}, rulestest.Today)
		for _, g := range res.Findings {
			if slices.Contains(g.Journeys, j) {
				t.Errorf("%s: but %s", name, g.Message)
			}
		}
	case after[j] == before[j]:
		want = fmt.Sprintf("single points of failure: %s still %d", j, after[j])
		told["still"]++
	default:
		told["fewer"]++
	}
	effect, _, _ = strings.Cut(effect, "; "+j+" ") // availability
	if effect != want && !strings.HasSuffix(effect, "; "+want) {
		t.Errorf("%s: want %q", name, want)
	}
}

func checkModule(t *testing.T, name string, r rules.Remedy, a *analyzer.Analysis, told map[string]int) {
	m, _ := a.ModuleIndex(r.Changes[0].Module)
	spare := a.Spare(m)
	switch {
	case strings.Contains(r.Effect, "any one replica"):
		told["replica"]++
		if spare != 1 {
			t.Errorf("%s: it can lose %d", name, spare)
		}
	case strings.Contains(r.Effect, "replicas"):
		if spare < 2 {
			t.Errorf("%s: it can lose %d", name, spare)
		}
	case spare > 0 && len(r.Changes) == 1 && (a.Module(m).Redundancy.Mode != schema.ActivePassive || a.Module(m).Redundancy.Failover != schema.ManualFailover):
		t.Errorf("%s: it can lose %d, which is not told", name, spare)
	}
	if strings.Contains(r.Effect, "any one zone") {
		told["zone"]++
		for d, f := range a.Design.FailureDomains {
			if f.Kind == schema.Zone && !a.SurvivesDomain(m, int32(d)) {
				t.Errorf("%s: it falls with %s", name, f.Name)
			}
		}
	}
}
