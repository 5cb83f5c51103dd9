package rules_test

import (
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

// TestRemediesOfSinglePoints does to random designs what RES001 suggests first of a module, and all that
// it suggests of a failure domain: the finding is gone then, and no contradiction has come.
func TestRemediesOfSinglePoints(t *testing.T) {
	n := 1500
	if os.Getenv("LINTEL_LONG") != "" {
		n = 40000
	}
	done := map[string]int{}
	for seed := range n {
		d := scaledDesign(seed)
		res := rules.Run(analyzer.New(d), rules.Settings{}, rulestest.Today)
		for _, f := range res.Findings {
			if f.Rule.ID != "RES001" {
				continue
			}
			after := scaledDesign(seed)
			var forms []string
			if f.Subject.Kind == rules.OfModule {
				forms = apply(after, f.Suggestions[0], []string{f.Subject.Name})
			} else {
				for _, s := range f.Suggestions {
					text, names, ok := cutLast(s, " for ")
					if !ok {
						t.Fatalf("seed %d: whose is %q?", seed, s)
					}
					own := apply(after, text, listed(names))
					if own == nil || strings.Contains(names, " more") {
						forms = nil
						break
					}
					forms = append(forms, own...)
				}
			}
			if forms == nil {
				done["not of this form"]++
				continue
			}
			for _, form := range forms {
				done[form]++
			}
			after.Normalize()
			now := rules.Run(analyzer.New(after), rules.Settings{}, rulestest.Today)
			for _, g := range now.Findings {
				same := func(f rules.Finding) bool {
					return f.Rule == g.Rule && f.Subject == g.Subject && f.Key == g.Key
				}
				if g.Rule.ID == "RES001" && same(f) || g.Rule.ID == "HYG002" && !slices.ContainsFunc(res.Findings, same) {
					t.Fatalf("seed %d: %s\nafter %q\nthere is still or anew: %s\n%s\nafter:\n%s", seed, f.Message, f.Suggestions, g.Message, describe(d), describe(after))
				}
			}
		}
	}
	t.Log(done)
	for _, form := range []string{"replicas", "placement", "autoscaling.min", "autoscaling", "failover", "a third"} {
		if done[form] < n/200 {
			t.Errorf("%d suggestions of the form %q in %d designs: the designs do not test it", done[form], form, n)
		}
	}
	if done["not of this form"]*3 > done["replicas"]+done["placement"] {
		t.Errorf("too few suggestions can be applied: %v", done)
	}
}

// scaledDesign is a random design, some of whose modules are scaled automatically.
func scaledDesign(seed int) *schema.Design {
	r := rand.New(rand.NewPCG(uint64(seed), 11))
	d := randomDesign(r)
	for _, m := range d.Modules {
		if r.IntN(4) == 0 && m.Replicas > 0 {
			m.Autoscaling = &schema.Autoscaling{Min: m.Replicas, Max: m.Replicas + []int{0, 0, 1, 4}[r.IntN(4)]}
		}
	}
	return d
}

var (
	replicasForm    = regexp.MustCompile(`^replicas: (\d+)`)
	floorForm       = regexp.MustCompile(`^autoscaling\.min: (\d+)`)
	autoscalingForm = regexp.MustCompile(`^autoscaling: \{min: (\d+), max: (\d+)\}`)
	placesForm      = regexp.MustCompile(`^ in (d\d+(?:, d\d+)*(?: and d\d+)?)(?: and a third (\w+), which the design does not have)?`)
	placementForm   = regexp.MustCompile(`^placement: \[([^]]*)\]`)
)

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func listed(names string) []string {
	return strings.Split(strings.NewReplacer(" and ", ", ", `"`, "").Replace(names), ", ")
}

// apply does what a suggestion says to the modules, and tells of which forms it was; nil where it is of
// none of them.
func apply(d *schema.Design, text string, names []string) (forms []string) {
	if strings.Contains(text, "of which the design has") || strings.Contains(text, "none of which holds another") {
		return nil
	}
	for _, m := range d.Modules {
		if !slices.Contains(names, m.Name) {
			continue
		}
		rest := text
		number := func(s string) int { n, _ := strconv.Atoi(s); return n }
		cut := func(form *regexp.Regexp) []string {
			found := form.FindStringSubmatch(rest)
			if found != nil {
				rest = rest[len(found[0]):]
			}
			return found
		}
		if f := cut(replicasForm); f != nil {
			m.Replicas = number(f[1])
			forms = append(forms, "replicas")
		} else if f := cut(floorForm); f != nil {
			m.Autoscaling.Min = number(f[1])
			forms = append(forms, "autoscaling.min")
		} else if f := cut(autoscalingForm); f != nil {
			m.Autoscaling.Min, m.Autoscaling.Max = number(f[1]), number(f[2])
			forms = append(forms, "autoscaling")
		}
		var places []string
		if f := cut(placesForm); f != nil {
			places = listed(f[1])
			if f[2] != "" {
				third := "third-for-" + m.Name
				d.FailureDomains = append(d.FailureDomains, &schema.FailureDomain{Name: third, Kind: schema.DomainKind(f[2])})
				places = append(places, third)
				forms = append(forms, "a third")
			}
		} else if f := cut(placementForm); f != nil {
			places = listed(f[1])
			forms = append(forms, "placement")
		}
		if places != nil {
			m.Placement = &schema.Placement{}
			for _, p := range places {
				m.Placement.Spread = append(m.Placement.Spread, schema.Ref{Name: p})
			}
		}
		if strings.Contains(text, `redundancy.failover: "automatic"`) {
			m.Redundancy.Failover = schema.AutomaticFailover
			forms = append(forms, "failover")
		}
	}
	return forms
}
