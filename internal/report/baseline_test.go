package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"lintel/rules"
	"lintel/schema"
)

// known gives the sample design with all findings but the first known to a baseline, of which an entry is stale.
func known(t *testing.T, keep int) *Report {
	res := shop(t)
	first := res.Findings[:keep]
	res.Accept(func(f *rules.Finding) bool {
		return !slices.ContainsFunc(first, func(g rules.Finding) bool { return g.Message == f.Message })
	})
	return &Report{
		Version: "v1.2.3", FailOn: rules.Error, Results: []*rules.Result{res}, BaselineState: "new",
		Baseline: &Baseline{
			File: ".lintel-baseline.json",
			Settings: []rules.Finding{{
				Rule: stale, Severity: rules.Warning, Subject: rules.Subject{Kind: rules.OfSystem, Name: ".lintel.cue"},
				Message: `the waiver of RES001 at "gone" matches no finding`, Location: schema.Range{File: ".lintel.cue", StartLine: 1, StartColumn: 34, EndLine: 1, EndColumn: 44},
			}},
			Stale: []StaleEntry{{
				Rule: "RES901", Design: "shop.cue", System: "shop", Subject: rules.Subject{Kind: rules.OfModule, Name: "old\x1b[31m"},
				Fingerprint: strings.Repeat("0f", 16), Message: "old\x1b[31m is a single point of failure", Line: 2, Gone: 2,
			}},
			Renamed: []Renamed{{Kind: rules.OfModule, Design: "shop.cue", Old: "store", New: "orders-db", Findings: 1}},
		},
	}
}

// withBaselines are reports of runs with a baseline: all known, some known, and one that fails for the stale entry.
func withBaselines(t *testing.T) map[string]*Report {
	strict := known(t, 1)
	strict.FailOnStale([]byte("{\n{\"rule\":\"RES901\"},\n}\n"))
	return map[string]*Report{"known": known(t, 0), "new": known(t, 1), "strict": strict}
}

// TestStaleEntriesFail: only as long as anything fails at all.
func TestStaleEntriesFail(t *testing.T) {
	r := known(t, 0)
	if r.Failed() {
		t.Error("known findings fail")
	}
	r.FailOnStale(nil)
	if !r.Failed() {
		t.Error("a stale entry does not fail")
	}
	r.FailOn = rules.Off
	if r.Failed() {
		t.Error("--fail-on never fails")
	}
}

// TestKnownFindingsAreCounted: every format that can say so counts what it leaves out, and no one shows it as a finding.
func TestKnownFindingsAreCounted(t *testing.T) {
	counted := map[string]string{
		"text": "known)", "text-file": "known)", "json": `"known": 4`, "sarif": "4 findings are known to the baseline", "github": "4 known)",
		"junit": "3 findings are known to the baseline", "markdown": "4 known)",
	}
	for format, want := range counted {
		r := withBaselines(t)["new"]
		// Three of the design and one of the settings.
		if s := r.Summary(); s.Known != 4 || s.Stale != 2 || s.Total() != 1 {
			t.Fatalf("summary %+v", s)
		}
		if text := string(written(t, format, r)); !strings.Contains(text, want) {
			t.Errorf("%s does not hold %q:\n%s", format, want, text)
		}
	}
	for format, write := range formats {
		var b bytes.Buffer
		if err := write(&b, withBaselines(t)["known"]); err != nil {
			t.Fatal(err)
		}
		if format != "json" && strings.Contains(b.String(), "depends on itself") {
			t.Errorf("%s shows a known finding:\n%s", format, &b)
		}
	}
}
