package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"lintel/rules"
	"lintel/schema"
)

func withFinding(message string, path ...string) *rules.Result {
	res := clean()
	res.Findings = []rules.Finding{{Rule: timeout, Severity: rules.Warning, System: "clean", Message: message, Path: path}}
	return res
}

func withWaived() *rules.Result {
	res := clean()
	res.Waived = []rules.Finding{{Rule: timeout, Severity: rules.Warning, System: "clean", Message: "waived", Waiver: &schema.Waiver{Reason: "known"}}}
	return res
}

// TestHeadline holds the first line of the Markdown report, which never says that nothing was found over input that
// could not be read.
func TestHeadline(t *testing.T) {
	inSettings := []rules.Finding{{Rule: stale, Severity: rules.Warning, Message: "stale", Location: schema.Range{File: ".lintel.cue"}}}
	faults := schema.Errors{{Message: "bad"}, {Message: "worse"}}
	for _, c := range []struct {
		r    Report
		want string
	}{
		{Report{Results: []*rules.Result{clean()}}, "no findings"},
		{Report{Results: []*rules.Result{clean(), clean()}}, "no findings in 2 designs"},
		{Report{Results: []*rules.Result{withFinding("x"), clean()}}, "1 warning in 1 of 2 designs"},
		{Report{Results: []*rules.Result{withWaived()}}, "no findings (1 waived)"},
		{Report{Results: []*rules.Result{clean(), clean()}, Settings: inSettings}, "1 warning in the settings"},
		{Report{Results: []*rules.Result{clean()}, Settings: inSettings}, "1 warning in the settings"},
		{Report{Results: []*rules.Result{withFinding("x"), clean()}, Settings: inSettings}, "2 warnings in 1 of 2 designs and the settings"},
		{Report{Errors: faults}, "2 faults in the input, nothing was checked"},
		{Report{Errors: faults[:1], Results: []*rules.Result{clean()}}, "1 fault in the input, not everything was checked; in the rest: no findings"},
		{Report{Errors: faults, Results: []*rules.Result{withFinding("x")}}, "2 faults in the input, not everything was checked; in the rest: 1 warning"},
	} {
		var b bytes.Buffer
		if err := Markdown(&b, &c.r); err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(b.String(), "\n"); first != "## lintel: "+c.want {
			t.Errorf("got %q, want %q", first, c.want)
		}
	}
}

func TestClosingNotes(t *testing.T) {
	unchecked := withWaived()
	unchecked.Unchecked = []rules.Unchecked{{Rule: timeout, Fields: []string{"timeout"}, Count: 1}}
	tooMuch := clean()
	tooMuch.Unchecked = []rules.Unchecked{{Rule: timeout, Bound: "work", Count: 1}, {Rule: stale, Bound: "work", Count: 40}, {Rule: timeout, Bound: "work", Count: 1}}
	for _, c := range []struct {
		r    Report
		want []string
	}{
		{Report{Results: []*rules.Result{clean()}}, nil},
		{Report{Results: []*rules.Result{tooMuch}}, []string{
			"note: " + timeout.ID + " left out 2 checks: more work than lint.rules." + timeout.ID + ".work allows; 0 allows all",
			"note: " + stale.ID + " left out 40 checks: more work than lint.rules." + stale.ID + ".work allows; 0 allows all",
		}},
		{Report{Results: []*rules.Result{withWaived()}}, []string{"note: 1 finding is waived"}},
		{Report{Results: []*rules.Result{withWaived(), withWaived()}}, []string{"note: 2 findings are waived"}},
		{Report{Results: []*rules.Result{withWaived(), withFinding("x")}}, nil}, // the summary tells it
		{Report{Results: []*rules.Result{unchecked}}, []string{"note: 1 finding is waived", "note: 1 check could not be made; not stated: timeout (1: INT901)"}},
	} {
		if got := ClosingNotes(&c.r); !slices.Equal(got, c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
		c.r.Quiet = true
		var text, markdown bytes.Buffer
		if err := Text(&text, &c.r, TextOptions{Notes: true}); err != nil {
			t.Fatal(err)
		}
		if err := Markdown(&markdown, &c.r); err != nil {
			t.Fatal(err)
		}
		if all := text.String() + markdown.String(); strings.Contains(all, "note:") {
			t.Errorf("a quiet report has notes:\n%s", all)
		}
	}
}

// TestUncheckedNoteNamesEachFieldOnce lists all fields, whatever the number of rules, and rules where they are few.
func TestUncheckedNoteNamesEachFieldOnce(t *testing.T) {
	few, many := clean(), clean()
	few.Unchecked = []rules.Unchecked{
		{Rule: timeout, Fields: []string{"timeout", "circuitBreaker"}, Count: 2},
		{Rule: stale, Fields: []string{"tier"}, Count: 1},
		{Rule: stale, Fields: []string{"timeout"}, Count: 3},
	}
	for _, id := range []string{"A", "B", "C", "D", "E", "F", "G", "H"} {
		many.Unchecked = append(many.Unchecked, rules.Unchecked{Rule: &rules.Rule{ID: id}, Fields: []string{"field" + id, "peak"}, Count: 1})
	}
	for _, c := range []struct {
		res  *rules.Result
		want string
	}{
		{few, "note: 6 checks could not be made; not stated: timeout (5: " + timeout.ID + ", " + stale.ID + "), circuitBreaker (2: " + timeout.ID + "), tier (1: " + stale.ID + ")"},
		{many, "note: 8 checks could not be made; not stated: peak (8), fieldA (1), fieldB (1), fieldC (1), fieldD (1), fieldE (1), fieldF (1), fieldG (1), fieldH (1)"},
	} {
		if got := ClosingNotes(&Report{Results: []*rules.Result{c.res}}); len(got) != 1 || got[0] != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
	}
}

// TestMarkdownArrows lets lintel's own arrows be arrows, and names what they are.
func TestMarkdownArrows(t *testing.T) {
	var b bytes.Buffer
	if err := Markdown(&b, &Report{Results: []*rules.Result{withFinding("a -> b calls c", "web", "a -> b", "c")}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a -&gt; b calls c", "path: web → a -&gt; b → c\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, b.String())
		}
	}
}
