package cli

import (
	"fmt"
	"slices"
	"time"

	"lintel/analyzer"
	"lintel/internal/report"
	"lintel/rules"
)

// contradictions are the rules whose findings say that a design holds less than its author meant, so that figures about it
// speak of less, too.
var contradictions = []string{"HYG001", "HYG002"}

// tellContradictions notes on stderr what in a design has no meaning.
func (s *session) tellContradictions(a *analyzer.Analysis) {
	res := rules.Run(a, rules.Settings{Only: contradictions}, time.Now())
	const most = 3
	for i := range res.Findings {
		f := &res.Findings[i]
		if !slices.Contains(contradictions, f.Rule.ID) {
			continue
		}
		if i == most {
			fmt.Fprintf(s.stderr, "note: and %d more contradictions in the design; lintel check tells of all\n", len(res.Findings)-most)
			return
		}
		fmt.Fprintf(s.stderr, "note: %s: %s (%s); the figures take the design as it stands\n", report.Place(res, f), report.Visible(f.Message), f.Rule.ID)
	}
}
