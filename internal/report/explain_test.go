package report

import (
	"bytes"
	"strings"
	"testing"

	"lintel/rules"
)

// TestExplainedAsConcise: what a rule's documentation says that lintel finds is what the concise report prints.
func TestExplainedAsConcise(t *testing.T) {
	for _, r := range rules.All() {
		res := clean()
		res.Findings = r.Example()
		var b bytes.Buffer
		if err := Concise(&b, &Report{Results: []*rules.Result{res}}); err != nil {
			t.Fatal(err)
		}
		if b.Len() == 0 || !strings.Contains(rules.Doc(r), "```text\n"+b.String()+"```\n") {
			t.Errorf("%s is not explained with:\n%s", r.ID, b.String())
		}
	}
}
