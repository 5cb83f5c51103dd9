package review

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/internal/generate"
	"lintel/rules"
	"lintel/schema"
)

// slowStanding is the standing of a journey by its definition: one walk, and one simulation of each failure domain.
func slowStanding(s *side, j int) standing {
	a, journey := s.a, s.a.Journeys()[j]
	var out standing
	for _, p := range s.points {
		if slices.Contains(p.Journeys, int32(j)) {
			out.singlePoints++
		}
	}
	out.down = slices.Contains(a.Simulate(analyzer.Scenario{}).Lost, int32(j))
	needed := map[int32]bool{}
	if journey.Entry >= 0 {
		needed[journey.Entry] = true
	}
	called := map[int32]bool{}
	var walk func(m int32, counts func(d *schema.Dependency) bool)
	walk = func(m int32, counts func(d *schema.Dependency) bool) {
		for _, d := range a.DependenciesOf(m) {
			if d.Strength != schema.Hard || d.When != schema.Runtime || !counts(d.Dependency) {
				continue
			}
			for _, t := range d.Targets {
				needed[t] = true
				if !called[t] {
					called[t] = true
					walk(t, func(*schema.Dependency) bool { return true })
				}
			}
		}
	}
	if journey.Entry >= 0 {
		walk(journey.Entry, func(d *schema.Dependency) bool {
			return !slices.ContainsFunc(journey.Ignored, func(k int32) bool { return a.Dependencies()[k].Dependency == d })
		})
	}
	out.modules = len(needed)
	if out.down {
		return out
	}
	kinds := map[string]bool{} // of which one is needed: whether every one can be lost
	for d, f := range a.Design.FailureDomains {
		lost := slices.Contains(a.Simulate(analyzer.Scenario{Events: []analyzer.Event{{Kind: analyzer.DomainEvent, Module: -1, Domain: int32(d)}}}).Lost, int32(j))
		used := false
		for m := range needed {
			p := a.Module(m).Placement
			if p == nil {
				continue
			}
			refs := slices.Clone(p.Spread)
			for _, c := range p.Counts {
				if c.Count > 0 {
					refs = append(refs, c.Domain)
				}
			}
			for _, r := range refs {
				i, ok := a.DomainIndex(r.Name)
				used = used || ok && a.InDomain(i, int32(d))
			}
		}
		if used {
			if _, ok := kinds[string(f.Kind)]; !ok {
				kinds[string(f.Kind)] = true
			}
		}
		if lost {
			kinds[string(f.Kind)] = false
		}
	}
	for k, survives := range kinds {
		if survives {
			out.survives = append(out.survives, k)
		}
	}
	slices.Sort(out.survives)
	return out
}

func TestStandings(t *testing.T) {
	check := func(t interface {
		Helper()
		Errorf(string, ...any)
	}, d *schema.Design) {
		t.Helper()
		s := newSide(judge(d))
		for j, got := range s.standings() {
			want := slowStanding(s, j)
			if got.singlePoints != want.singlePoints || got.modules != want.modules || got.down != want.down || !slices.Equal(got.survives, want.survives) {
				t.Errorf("%s: %+v, want %+v", s.a.Journeys()[j].Name, got, want)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) { check(t, randomDesign(t)) })
	check(t, generate.Design(generate.Spec{Name: "many", Modules: 300, Dependencies: 900, Journeys: 150, Regions: 2, Racks: 1}, 3))
}

// The single points are those of which RES001 tells, and the external modules that bring journeys down; to turn the rule
// off or to waive all of it hides none.
func TestSinglePointsAreThoseOfTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randomDesign(t)
		res := judge(d)
		var want, got []rules.Subject
		for _, f := range res.Findings {
			if f.Rule.ID == "RES001" {
				want = append(want, f.Subject)
			}
		}
		f := res.Analysis.Failures()
		for i, e := range f.Events {
			if e.Kind == analyzer.ExternalEvent && len(f.Outcomes[i].Lost) > 0 {
				want = append(want, rules.Subject{Kind: rules.OfModule, Name: res.Analysis.Module(e.Module).Name})
			}
		}
		d.Lint = schema.Lint{
			Rules:   []schema.RuleSetting{{Rule: "RES001", Severity: "off"}},
			Waivers: []schema.Waiver{{Rule: "RES001", At: "*", Reason: "all"}},
		}
		c := Compare(nil, judge(d))
		for _, p := range c.Gained {
			got = append(got, rules.Subject{Kind: p.Kind, Name: p.Name})
			if len(p.Journeys) == 0 || len(p.Path) == 0 {
				t.Errorf("no proof: %+v", p)
			}
		}
		compare := func(a, b rules.Subject) int {
			if a.Kind+rules.SubjectKind(a.Name) < b.Kind+rules.SubjectKind(b.Name) {
				return -1
			}
			return 1
		}
		slices.SortFunc(want, compare)
		slices.SortFunc(got, compare)
		if !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}
