package improve

import (
	"slices"
	"testing"
	"time"

	"lintel/rules"
	"lintel/schema"
)

// What the settings of RES001 count, the goal counts: by themselves hosts count and a single region does not.
func TestGoalCountsAsTheRule(t *testing.T) {
	design := func(domains ...string) *schema.Design {
		d := &schema.Design{System: "s"}
		for _, name := range []string{"east", "west"} {
			d.FailureDomains = append(d.FailureDomains, &schema.FailureDomain{Name: name, Kind: schema.Region})
		}
		for i, in := range []string{"east", "west"} {
			d.FailureDomains = append(d.FailureDomains, &schema.FailureDomain{Name: []string{"h1", "h2"}[i], Kind: schema.Host, In: schema.Ref{Name: in}})
		}
		d.Modules = []*schema.Module{{
			Name: "m", Kind: schema.Service, Entry: true, Replicas: 2, Placement: &schema.Placement{Spread: []schema.Ref{{Name: "h1"}}},
		}}
		if len(domains) > 0 {
			d.Lint = lintOf(domains...)
		}
		d.Normalize()
		return d
	}
	find := func(d *schema.Design, file *schema.Lint) *Plan {
		t.Helper()
		var settings Settings
		settings.Goal, _ = ParseGoal("no-spof")
		p, err := Find(d, settings, rules.Settings{File: file}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	points := func(p *Plan) (out []string) {
		for _, x := range p.Before.Points {
			out = append(out, x.Event)
		}
		return out
	}
	if got := points(find(design(), nil)); !slices.Equal(got, []string{"h1"}) {
		t.Errorf("by default: %v", got)
	}
	p := find(design("region"), nil)
	if got := points(p); !slices.Equal(got, []string{"east"}) || !p.Reached || len(p.Steps) != 1 {
		t.Errorf("with regions in the design: %v, reached %v by %d", got, p.Reached, len(p.Steps))
	}
	file := lintOf("power")
	if p := find(design(), &file); len(p.Before.Points) > 0 || !p.Reached || len(p.Steps) > 0 {
		t.Errorf("with nothing that counts in the file: %v", points(p))
	}
}

func lintOf(domains ...string) schema.Lint {
	return schema.Lint{Rules: []schema.RuleSetting{{Rule: "RES001", Params: []schema.RuleParam{{Name: "domains", Value: domains}}}}}
}
