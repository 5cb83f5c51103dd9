package review

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/schema"
)

// finding makes one from "RES001 module web key" with marks behind it: "waived", "known", "info", "journeys=a+b".
func finding(t *testing.T, text string) (f rules.Finding, state string) {
	t.Helper()
	words := strings.Fields(text)
	rule, ok := rules.Find(words[0])
	if !ok {
		t.Fatalf("no rule %s", words[0])
	}
	f = rules.Finding{Rule: rule, Severity: rule.Severity, System: "shop", Subject: rules.Subject{Kind: rules.SubjectKind(words[1]), Name: strings.ReplaceAll(words[2], "->", " -> ")}}
	for _, w := range words[3:] {
		switch key, value, _ := strings.Cut(w, "="); key {
		case "waived", "known":
			state = key
		case "key":
			f.Key = strings.ReplaceAll(value, "_", " ")
		case "severity":
			f.Severity, _ = rules.ParseSeverity(value)
		case "journeys":
			f.Journeys = strings.Split(value, "+")
		case "also":
			f.Aliases = strings.Split(value, "+")
		default:
			t.Fatalf("what is %q?", w)
		}
	}
	if state == "waived" {
		f.Waiver = &schema.Waiver{Rule: rule.ID, At: f.Subject.Name, Reason: "accepted"}
	}
	return f, state
}

func found(t *testing.T, d *schema.Design, list []string) *rules.Result {
	t.Helper()
	res := judge(d)
	res.Findings, res.Waived, res.Known = nil, nil, nil
	for _, text := range list {
		switch f, state := finding(t, text); state {
		case "waived":
			res.Waived = append(res.Waived, f)
		case "known":
			res.Known = append(res.Known, f)
		default:
			res.Findings = append(res.Findings, f)
		}
	}
	return res
}

// tell gives findings in few words.
func tell(f Findings) (out []string) {
	for _, l := range []struct {
		name string
		list []*rules.Finding
	}{{"new", f.New}, {"fixed", f.Fixed}, {"unchanged", f.Unchanged}, {"known", f.Known}, {"waived", f.Waived}, {"unjudged", f.Unjudged}} {
		for _, x := range l.list {
			s := fmt.Sprintf("%s %s %s", l.name, x.Rule.ID, x.Subject.Name)
			if x.Key != "" {
				s += " " + x.Key
			}
			if o := f.Counterparts[x]; o != nil && o.Waiver != nil {
				s += " (waived on the other side)"
			}
			out = append(out, s)
		}
	}
	for _, c := range f.Changed {
		out = append(out, fmt.Sprintf("changed %s %s -> %s +%v -%v", c.New.Rule.ID, c.Old.Severity, c.New.Severity, c.GainedJourneys, c.LostJourneys))
	}
	return out
}

func TestMatchFindings(t *testing.T) {
	shop := func(web string) *schema.Design {
		d := &schema.Design{System: "shop", Modules: []*schema.Module{
			{Name: web, Replicas: 2, Team: "red", DependsOn: []*schema.Dependency{{Key: "db"}, {Key: "cache"}}},
			{Name: "db", Kind: schema.Database, Replicas: 2}, {Name: "cache", Kind: schema.Cache, Replicas: 2},
		}}
		d.Normalize()
		return d
	}
	blue := shop("web")
	blue.Modules[2].Team = "blue"
	off := shop("web")
	off.Lint.Rules = []schema.RuleSetting{{Rule: "RES001", Severity: "off"}}
	for _, test := range []struct {
		name     string
		old, new []string
		in       *schema.Design // the new one; nil: the same
		want     []string
	}{
		{"as before", []string{"RES001 module db"}, []string{"RES001 module db"}, nil, []string{"unchanged RES001 db"}},
		{"new and fixed", []string{"RES001 module db"}, []string{"REP002 module db"}, nil, []string{"new REP002 db", "fixed RES001 db"}},
		{"another subject", []string{"RES001 module db"}, []string{"RES001 module web"}, nil, []string{"new RES001 web", "fixed RES001 db"}},
		{"another key", []string{"HYG002 module db key=need"}, []string{"HYG002 module db key=replicas"}, nil, []string{"new HYG002 db replicas", "fixed HYG002 db need"}},
		{"twice, then once", []string{"RES001 module db", "RES001 module db"}, []string{"RES001 module db"}, nil, []string{"fixed RES001 db", "unchanged RES001 db"}},
		{"once, then twice", []string{"RES001 module db"}, []string{"RES001 module db", "RES001 module db"}, nil, []string{"new RES001 db", "unchanged RES001 db"}},
		{"waived now", []string{"RES001 module db"}, []string{"RES001 module db waived"}, nil, []string{"fixed RES001 db (waived on the other side)"}},
		{"waived no longer", []string{"RES001 module db waived"}, []string{"RES001 module db"}, nil, []string{"new RES001 db (waived on the other side)"}},
		{"waived before and now", []string{"RES001 module db waived"}, []string{"RES001 module db waived"}, nil, nil},
		{"one of two waived", []string{"RES001 module db", "RES001 module db waived"}, []string{"RES001 module db waived", "RES001 module db"}, nil, []string{"unchanged RES001 db"}},
		{"came with its waiver", nil, []string{"RES001 module db waived"}, nil, []string{"waived RES001 db"}},
		{"went with its waiver", []string{"RES001 module db waived"}, nil, nil, nil},
		{"known on both sides", []string{"RES001 module db known"}, []string{"RES001 module db known"}, nil, []string{"known RES001 db"}},
		{"known now only", nil, []string{"RES001 module db known"}, nil, []string{"known RES001 db"}},
		{"known and mended", []string{"RES001 module db known"}, nil, nil, []string{"fixed RES001 db"}},
		{"known before, under the old name of the module", []string{"RES001 module web known"}, []string{"RES001 module front"}, shop("front"), []string{"unchanged RES001 front"}},
		{"graver", []string{"RES001 module db severity=info"}, []string{"RES001 module db"}, nil, []string{"unchanged RES001 db", "changed RES001 info -> error +[] -[]"}},
		{"other journeys", []string{"RES001 module db journeys=a+b"}, []string{"RES001 module db journeys=b+c"}, nil, []string{"unchanged RES001 db", "changed RES001 error -> error +[c] -[a]"}},
		{"of an implied journey of a module with another name", []string{"RES001 module db journeys=web"}, []string{"RES001 module db journeys=front"}, shop("front"), []string{"unchanged RES001 db"}},
		{"a dependency of a module with another name", []string{"INT001 dependency web->db"}, []string{"INT001 dependency front->db"}, shop("front"), []string{"unchanged INT001 front -> db"}},
		{"a key with another name", []string{"HYG002 journey buy key=uses_web"}, []string{"HYG002 journey buy key=uses_front"}, shop("front"), []string{"unchanged HYG002 buy uses front"}},
		{"another member first", []string{"CPL001 module cache also=web+db"}, []string{"CPL001 module cache also=db+front"}, shop("front"), []string{"unchanged CPL001 cache"}},
		{"a list of members, one of another name", []string{"CPL001 module db also=web key=acyclic_db,_web"}, []string{"CPL001 module db also=front key=acyclic_db,_front"}, shop("front"), []string{"unchanged CPL001 db acyclic db, front"}},
		{"a list of members, another one first", []string{"CPL001 module cache also=web key=acyclic_cache,_web"}, []string{"CPL001 module a also=cache key=acyclic_a,_cache"}, shop("a"), []string{"unchanged CPL001 a acyclic a, cache"}},
		{"a team with another name", []string{"CPL012 team red"}, []string{"CPL012 team blue"}, blue, []string{"unchanged CPL012 blue"}},
		{"the rule is off now", []string{"RES001 module db"}, nil, off, []string{"unjudged RES001 db"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := test.in
			if in == nil {
				in = shop("web")
			}
			c := Compare(found(t, shop("web"), test.old), found(t, in, test.new))
			if got := tell(c.Findings); !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// A name that was renamed is not taken for another that has it now: what was at "a" is at "b", and what is at "a" is new.
func TestFindingsOfANameThatMoved(t *testing.T) {
	named := func(one, two string) *schema.Design {
		d := &schema.Design{System: "shop", Modules: []*schema.Module{
			{Name: one, Team: "red", Technology: "Go", Replicas: 1, Entry: true, DependsOn: []*schema.Dependency{{Key: "store"}}},
			{Name: "store", Kind: schema.Database, Replicas: 1},
		}}
		if two != "" {
			d.Modules = append(d.Modules, &schema.Module{Name: two, Kind: schema.Queue, Team: "blue", Replicas: 1, Entry: true})
		}
		d.Normalize()
		return d
	}
	c := Compare(judge(named("orders", "")), judge(named("orders-v2", "mail")))
	var new []string
	for _, f := range c.Findings.New {
		if f.Rule.ID == "RES001" {
			new = append(new, f.Subject.Name)
		}
	}
	if !slices.Equal(new, []string{"mail"}) {
		t.Errorf("new: %q", new)
	}
}

func TestAddedAndRemovedDesigns(t *testing.T) {
	d := fullDesign()
	d.Lint.Waivers = nil
	res := rules.Run(analyzer.New(d), rules.Settings{}, today)
	came, went := Compare(nil, res), Compare(res, nil)
	if came.Status != Added || went.Status != Removed {
		t.Errorf("%s and %s", came.Status, went.Status)
	}
	if len(came.Findings.New) != len(res.Findings) || len(went.Findings.Fixed) != len(res.Findings) || len(res.Findings) == 0 {
		t.Errorf("%d new, %d fixed of %d", len(came.Findings.New), len(went.Findings.Fixed), len(res.Findings))
	}
	if len(came.Gained) != len(went.Lost) || len(came.Journeys) != len(went.Journeys) || len(came.Journeys) == 0 {
		t.Errorf("%+v and %+v", came, went)
	}
	for i, f := range came.Figures {
		if g := went.Figures[i]; f.OldKnown || !f.NewKnown || !g.OldKnown || g.NewKnown || f.New != g.Old {
			t.Errorf("figures %+v, %+v", f, g)
		}
	}
	for _, c := range []*Comparison{came, went} {
		u, marks := c.Union()
		if u != d || len(marks.Modules) != len(d.Modules) || len(marks.FailureDomains) != len(d.FailureDomains) || len(marks.Dependencies) != 2 {
			t.Errorf("marks %+v", marks)
		}
	}
	if c := Compare(nil, nil); c.Status != Unchanged {
		t.Error(c.Status)
	}
}
