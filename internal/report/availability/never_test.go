package availability

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"lintel/analyzer/faulttree"
)

// TestNeverFails: of a target that never fails there is no share: null in JSON, a dash in text.
func TestNeverFails(t *testing.T) {
	nan := math.NaN()
	r := &Report{System: "s", Path: "p", Stated: true, Modules: []Target{{Name: "perfect", Best: exactly(0), Worst: exactly(0), Contributors: []Contributor{
		{Events: []string{"perfect/1"}, Part: "perfect", Importance: faulttree.Importance{Birnbaum: 1, FussellVesely: nan, RiskAchievementWorth: nan, RiskReductionWorth: nan}},
	}}}}
	var b bytes.Buffer
	if err := JSON(&b, r, 0); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"birnbaum": 1,`, `"fussellVesely": null`, `"riskAchievementWorth": null`, `"riskReductionWorth": null`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in\n%s", want, b.String())
		}
	}
	for _, got := range []string{share(nan), rounded(nan), downtime(nan, Year)} {
		if got != "–" {
			t.Errorf("in text: %s", got)
		}
	}
}
