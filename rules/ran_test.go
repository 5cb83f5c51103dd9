package rules

import (
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/schema"
)

// TestRan: what ran is told from what is off, left out or not there at all.
func TestRan(t *testing.T) {
	d := &schema.Design{System: "shop", Lint: schema.Lint{
		Rules:    []schema.RuleSetting{{Rule: "RES002", Severity: "off"}},
		Policies: []*schema.Policy{{Name: "owners"}},
	}}
	d.Normalize()
	for _, c := range []struct {
		settings   Settings
		id         string
		ran, known bool
	}{
		{Settings{}, "RES001", true, true},
		{Settings{}, "HYG004", true, true},
		{Settings{}, "RES002", false, true},
		{Settings{Skip: []string{"HYG"}}, "HYG004", false, true},
		{Settings{Only: []string{"CPL"}}, "RES001", false, true},
		{Settings{Override: map[string]Severity{"RES001": Off}}, "RES001", false, true},
		{Settings{Only: []string{"CPL"}}, "POL/owners", false, true},
		{Settings{Only: []string{"CPL"}, File: &schema.Lint{Policies: []*schema.Policy{{Name: "tiers"}}}}, "POL/tiers", false, true},
		{Settings{}, "POL/gone", false, false},
		{Settings{}, "RES999", false, false},
	} {
		res := Run(analyzer.New(d), c.settings, time.Now())
		if ran, known := res.Ran(c.id); ran != c.ran || known != c.known {
			t.Errorf("%+v: %s ran %t, known %t", c.settings, c.id, ran, known)
		}
	}
}
