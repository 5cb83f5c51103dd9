package rules

import (
	"strings"
	"testing"
)

func TestValidateRefusesGaps(t *testing.T) {
	good := func() *Rule {
		return &Rule{
			ID: "REP001", Name: "under-replicated", Severity: Warning, Summary: "A module has too few.",
			Params:  []Param{{Name: "replicas", Default: int64(2), Min: 1, Doc: "The copies.", Source: "somebody"}},
			Sources: []Source{{"A book", ""}, {"A page", "https://example.com"}},
			Run:     func(*Pass) {},
		}
	}
	if err := Validate([]*Rule{good()}); err != nil {
		t.Fatalf("the good rule is refused: %v", err)
	}
	tests := []struct {
		spoil func(*Rule)
		want  string
	}{
		{func(r *Rule) { r.ID = "REP1" }, "not a category and three digits"},
		{func(r *Rule) { r.ID = "XYZ001" }, "not a category and three digits"},
		{func(r *Rule) { r.ID = "" }, "not a category and three digits"},
		{func(r *Rule) { r.Name = "Under-Replicated" }, "the name"},
		{func(r *Rule) { r.Name = "under_replicated" }, "the name"},
		{func(r *Rule) { r.Name = "" }, "the name"},
		{func(r *Rule) { r.Severity = 9 }, "unknown severity"},
		{func(r *Rule) { r.Summary = "" }, "the summary"},
		{func(r *Rule) { r.Summary = "No full stop" }, "the summary"},
		{func(r *Rule) { r.Summary = "Two\nlines." }, "the summary"},
		{func(r *Rule) { r.Run = nil }, "no Run"},
		{func(r *Rule) { r.Sources = nil }, "no sources"},
		{func(r *Rule) { r.Sources[0].Title = "" }, "no title"},
		{func(r *Rule) { r.Sources[0].Title = "a [b]" }, "no title"},
		{func(r *Rule) { r.Sources[1].URL = "example.com" }, "is no URL"},
		{func(r *Rule) { r.Needs = []string{" "} }, "an empty field"},
		{func(r *Rule) { r.Params[0].Name = "severity" }, "malformed, taken or reserved"},
		{func(r *Rule) { r.Params[0].Name = "a-b" }, "malformed, taken or reserved"},
		{func(r *Rule) { r.Params = append(r.Params, r.Params[0]) }, "malformed, taken or reserved"},
		{func(r *Rule) { r.Params[0].Doc = "" }, "is not one sentence"},
		{func(r *Rule) { r.Params[0].Source = "" }, "a threshold without a source"},
		{func(r *Rule) { r.Params[0].Default = 2 }, "a default of type int"},
		{func(r *Rule) { r.Params[0].Default = nil }, "a default of type <nil>"},
		{func(r *Rule) { r.Params[0].Min = 3 }, "its own default is refused"},
		{func(r *Rule) { r.ID = "REP099" }, "no page pages/REP099.md"},
	}
	for _, test := range tests {
		r := good()
		test.spoil(r)
		if err := Validate([]*Rule{r}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}

	first, second := good(), good()
	second.ID = "RES001"
	for want, list := range map[string][]*Rule{
		`"REP001" is taken`:           {first, first},
		`"under-replicated" is taken`: {second, first},
		"stands after REP001":         {first, second},
	} {
		if err := Validate(list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestParsePage(t *testing.T) {
	const good = "## What it means\n\na\n\n## Why it matters\n\nb\n\n## A bad design\n\n```cue\n## no title\nsystem: \"a\"\n```\n\nand why\n\n## A good design\n\n```cue\nsystem: \"b\"\n```\n\n## How to fix\n\nc\n"
	page, err := parsePage(good)
	if err != nil {
		t.Fatal(err)
	}
	if page.Bad != "## no title\nsystem: \"a\"\n" || page.Good != "system: \"b\"\n" || len(page.Sections) != 5 || page.Sections[4].Text != "c" {
		t.Errorf("%+v", page)
	}
	for want, text := range map[string]string{
		"text before the first section":        "hello\n" + good,
		"has 4 sections":                       strings.Replace(good, "## How to fix\n", "", 1),
		`section 1 is "What"`:                  strings.Replace(good, "What it means", "What", 1),
		`section "What it means" is empty`:     strings.Replace(good, "\na\n", "\n", 1),
		`section "A good design" does not`:     strings.Replace(good, "```cue\nsystem: \"b\"\n```", "nothing", 1),
		`section "A bad design" does not hold`: strings.Replace(good, "and why", "```cue\n```", 1),
		"a block of code has no end":           good + "```cue\n",
	} {
		if _, err := parsePage(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"orders", "orders-db", "payments", "web"}
	for name, want := range map[string]string{
		"order": "orders", "ordres": "orders", "Orders": "orders", "orders-dv": "orders-db", "paymets": "payments",
		"wbe": "web", "we": "web", "w": "", "x": "", "": "", "billing": "", "ledger": "", "po": "",
	} {
		if got, _ := nearest(name, known); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
