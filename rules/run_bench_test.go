package rules_test

import (
	"testing"

	"lintel/analyzer"
	"lintel/internal/generate"
	"lintel/rules"
	"lintel/rules/rulestest"
)

// BenchmarkRun measures all rules on generated designs, the analysis included.
func BenchmarkRun(b *testing.B) {
	for _, spec := range generate.Tiers {
		d := generate.Design(spec, 1)
		b.Run(spec.Name, func(b *testing.B) {
			b.ReportAllocs()
			findings := 0
			for b.Loop() {
				findings = len(rules.Run(analyzer.New(d), rules.Settings{}, rulestest.Today).Findings)
			}
			b.ReportMetric(float64(findings), "findings")
		})
	}
}

// BenchmarkRule measures each rule by itself on the largest design, without the facts that the analysis
// computes once.
func BenchmarkRule(b *testing.B) {
	a := analyzer.New(generate.Design(generate.T3, 1))
	for _, r := range rules.All() {
		if r.Run == nil {
			continue
		}
		s := rules.Settings{Only: []string{r.ID}}
		rules.Run(a, s, rulestest.Today)
		b.Run(r.ID, func(b *testing.B) {
			for b.Loop() {
				rules.Run(a, s, rulestest.Today)
			}
		})
	}
}
