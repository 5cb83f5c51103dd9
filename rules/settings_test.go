package rules_test

import (
	"strings"
	"testing"

	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

func TestCheckSettings(t *testing.T) {
	setting := func(rule, severity string, params ...schema.RuleParam) []schema.RuleSetting {
		return []schema.RuleSetting{{Rule: rule, Severity: severity, Params: params}}
	}
	param := func(name string, v any) schema.RuleParam { return schema.RuleParam{Name: name, Value: v} }
	tests := []struct {
		name  string
		rules []schema.RuleSetting
		want  string // "message | hint", or "" for none
	}{
		{"by id", setting("REP001", "error", param("replicas", int64(3))), ""},
		{"by name", setting("under-replicated", ""), ""},
		{"off", setting("REP001", "off"), ""},
		{"a whole number as a fraction", setting("REP001", "", param("replicas", 3.0)), ""},
		{"a list", setting("REP005", "", param("domains", []string{"zone", "rack"})), ""},
		{"no such rule", setting("REP999", ""), `lint.rules: there is no rule "REP999" | did you mean "REP009"?`},
		{"nothing like it", setting("quux", ""), `lint.rules: there is no rule "quux" | "lintel rules" lists them`},
		{"misspelt name", setting("under-replicatd", ""), `lint.rules: there is no rule "under-replicatd" | did you mean "under-replicated"?`},
		{"severity", setting("REP001", "eror"), `lint.rules.REP001: unknown severity "eror" | did you mean "error"?`},
		{"parameter", setting("REP001", "", param("replica", int64(3))), `lint.rules.REP001.replica: rule REP001 has no parameter "replica" | did you mean "replicas"?`},
		{"no parameters", setting("HYG003", "", param("quantity", int64(3))), `lint.rules.HYG003.quantity: rule HYG003 has no parameter "quantity" | it has severity`},
		{"type", setting("REP001", "", param("replicas", "3")), `lint.rules.REP001.replicas: "3" is not a whole number | the default is 2`},
		{"fraction", setting("REP001", "", param("replicas", 2.5)), `lint.rules.REP001.replicas: 2.5 is not a whole number | the default is 2`},
		{"bound", setting("REP001", "", param("replicas", int64(0))), `lint.rules.REP001.replicas: 0 is less than 1 | the default is 2`},
		{"element", setting("REP005", "", param("domains", []string{"zone", "rak"})), `lint.rules.REP005.domains: "rak" is not one of host, rack, power, network, zone, region, provider: did you mean "rack"? | the default is ["host", "rack", "power", "network", "zone"]`},
		{"not a list", setting("REP005", "", param("domains", "zone")), `lint.rules.REP005.domains: "zone" is not a list of strings | the default is ["host", "rack", "power", "network", "zone"]`},
		{"twice", append(setting("REP001", "off"), setting("under-replicated", "error")...), `lint.rules: "REP001" and "under-replicated" are the same rule | keep one of the two`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, e := range rules.CheckSettings(&schema.Lint{Rules: test.rules}) {
				got = append(got, e.Message+" | "+e.Hint)
			}
			if s := strings.Join(got, "\n"); s != test.want {
				t.Errorf("got  %s\nwant %s", s, test.want)
			}
			// Run goes on without what is wrong.
			d := rulestest.Parse(t, `system: "a", modules: a: {}`)
			d.Lint.Rules = test.rules
			rulestest.Check(d, rules.Settings{})
		})
	}
}

func TestLayersOfSettings(t *testing.T) {
	const text = `
system: "a"
modules: {
	web: {entry: true, replicas: 2}
}`
	three := []schema.RuleParam{{Name: "replicas", Value: int64(3)}}
	two := []schema.RuleParam{{Name: "replicas", Value: int64(2)}}
	tests := []struct {
		name         string
		file, design []schema.RuleSetting
		override     rules.Severity // Off: none
		want         string
	}{
		{"default", nil, nil, rules.Off, ""},
		{"file", []schema.RuleSetting{{Rule: "REP001", Params: three}}, nil, rules.Off, "warning"},
		{"file with severity", []schema.RuleSetting{{Rule: "REP001", Severity: "info", Params: three}}, nil, rules.Off, "info"},
		{"the design's parameter wins", []schema.RuleSetting{{Rule: "REP001", Severity: "info", Params: three}}, []schema.RuleSetting{{Rule: "under-replicated", Params: two}}, rules.Off, ""},
		{"the design's severity wins", []schema.RuleSetting{{Rule: "REP001", Severity: "info", Params: three}}, []schema.RuleSetting{{Rule: "under-replicated", Severity: "error"}}, rules.Off, "error"},
		{"off in the file, on in the design", []schema.RuleSetting{{Rule: "REP001", Severity: "off", Params: three}}, []schema.RuleSetting{{Rule: "REP001", Severity: "warning"}}, rules.Off, "warning"},
		{"the flag wins", []schema.RuleSetting{{Rule: "REP001", Severity: "off", Params: three}}, []schema.RuleSetting{{Rule: "REP001", Severity: "warning"}}, rules.Error, "error"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := rulestest.Parse(t, text)
			d.Lint.Rules = test.design
			s := rules.Settings{File: &schema.Lint{Rules: test.file}}
			if test.override != rules.Off {
				s.Override = map[string]rules.Severity{"REP001": test.override}
			}
			got := ""
			for _, f := range rulestest.Check(d, s).Findings {
				if f.Rule.ID == "REP001" {
					got = f.Severity.String()
				}
			}
			if got != test.want {
				t.Errorf("severity %q, want %q", got, test.want)
			}
		})
	}
}

func TestParseSelector(t *testing.T) {
	for in, want := range map[string]string{"RES001": "RES001", "single-point-of-failure": "RES001", "RES": "RES", "POL": "POL", "pci": "POL/pci", "POL/pci": "POL/pci"} {
		if got, err := rules.ParseSelector(in); err != nil || got != want {
			t.Errorf("%s: %q, %v", in, got, err)
		}
	}
	for in, want := range map[string]string{
		"":  `unknown rule or category ""`,
		" ": `unknown rule or category " "`,
	} {
		if _, err := rules.ParseSelector(in); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
	}
}

// TestCheckNames: what is no rule, category or policy is refused once the policies are known.
func TestCheckNames(t *testing.T) {
	design := &schema.Lint{Policies: []*schema.Policy{{Name: "owners"}}}
	file := &schema.Lint{Policies: []*schema.Policy{{Name: "pci = three"}}}
	for _, s := range []rules.Settings{{}, {Only: []string{"RES", "POL", "POL/owners"}}, {Skip: []string{"RES001", "POL/pci = three"}},
		{Override: map[string]rules.Severity{"POL/owners": rules.Info, "RES001": rules.Off}}} {
		if err := rules.CheckNames(s, design, nil, file); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
	for want, s := range map[string]rules.Settings{
		`unknown rule or category "RSE": did you mean "RES"?`:      {Only: []string{"POL/RSE"}},
		`unknown rule or category "RES01": did you mean "RES001"?`: {Skip: []string{"POL/RES01"}},
		`unknown rule or category "nothing"`:                       {Only: []string{"RES", "POL/nothing"}},
		`unknown rule or category "owner": did you mean "owners"?`: {Only: []string{"POL/owner"}},
		`unknown rule "RES"`: {Override: map[string]rules.Severity{"POL/RES": rules.Off}},
		`unknown rule "pci = thre": did you mean "pci = three"?`: {Override: map[string]rules.Severity{"POL/pci = thre": rules.Off}},
	} {
		if err := rules.CheckNames(s, design, nil, file); err == nil || err.Error() != want {
			t.Errorf("%+v: %v, want %s", s, err, want)
		}
	}
}

func TestParseOverride(t *testing.T) {
	if id, sev, err := rules.ParseOverride("pci = three=info"); id != "POL/pci = three" || sev != rules.Info || err != nil {
		t.Errorf("%s %s %v", id, sev, err)
	}
	if id, sev, err := rules.ParseOverride("no-backup=off"); id != "REP006" || sev != rules.Off || err != nil {
		t.Errorf("%s %s %v", id, sev, err)
	}
	for in, want := range map[string]string{
		"RES001":      `"RES001" is not of the form RULE=SEVERITY, with a severity of off, info, warning, error`,
		"RES001=high": `unknown severity "high" of rule RES001: use off, info, warning, error`,
		"=off":        `unknown rule ""`,
	} {
		if _, _, err := rules.ParseOverride(in); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
	}
}
