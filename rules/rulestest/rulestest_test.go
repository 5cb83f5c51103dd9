package rulestest

import (
	"strings"
	"testing"

	"lintel/rules"
	"lintel/schema"
)

func TestReadExpectations(t *testing.T) {
	var want expectations
	err := want.read("d.cue", "// rules: RES001 REP001\n// a comment\nsystem: \"a\"\n"+
		"modules: a: {} // want RES001 \"one\" REP001 `t.o \"quoted\"`\n# want RES001 \"yaml\"\n  // unchecked:  REP006  1 backup\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range want.findings {
		got = append(got, e.rule+" "+e.message.String())
	}
	if s := strings.Join(got, "; "); s != `RES001 one; REP001 t.o "quoted"; RES001 yaml` {
		t.Errorf("findings: %s", s)
	}
	if want.findings[1].line != 4 || want.findings[2].line != 5 || want.findings[0].file != "d.cue" {
		t.Errorf("places: %+v", want.findings)
	}
	if strings.Join(want.rules, " ") != "RES001 REP001" || strings.Join(want.unchecked, ";") != "REP006 1 backup" {
		t.Errorf("rules %q, unchecked %q", want.rules, want.unchecked)
	}
	for text, message := range map[string]string{
		"a: 1 // want \"no rule\"":        "does not begin with the id of a rule",
		"a: 1 // want RES001":             "does not begin with the id of a rule",
		"a: 1 // want RES001 unquoted":    "no quoted regular expression",
		"a: 1 // want RES001 \"\"":        "matches anything",
		"a: 1 // want RES001 \"(\"":       "missing closing",
		"a: 1\n// rules: RES001":          "before the design begins",
		"a: 1 // want RES001 \"a\" trail": "does not begin with the id of a rule",
	} {
		if err := new(expectations).read("d.cue", text); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%s: %v, want %q", text, err, message)
		}
	}
}

func TestEachExpectationMeetsOneFinding(t *testing.T) {
	var want expectations
	if err := want.read("d.cue", `a: 1 // want RES001 "first" RES001 "first"`); err != nil {
		t.Fatal(err)
	}
	finding := func(id, file string, line int, message string) *rules.Finding {
		r, _ := rules.Find(id)
		return &rules.Finding{Rule: r, Message: message, Location: schema.Range{File: file, StartLine: line}}
	}
	for _, f := range []*rules.Finding{
		finding("REP001", "d.cue", 1, "the first"),
		finding("RES001", "e.cue", 1, "the first"),
		finding("RES001", "d.cue", 2, "the first"),
		finding("RES001", "d.cue", 1, "the second"),
	} {
		if want.meet(f) {
			t.Errorf("%s %s %s is expected", f.Location, f.Rule.ID, f.Message)
		}
	}
	for i, expected := range []bool{true, true, false} {
		if got := want.meet(finding("RES001", "d.cue", 1, "the first")); got != expected {
			t.Errorf("finding %d: expected %v, want %v", i+1, got, expected)
		}
	}
}
