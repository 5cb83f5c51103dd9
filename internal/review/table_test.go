package review

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of docs/changes.md anew")

// table is what docs/changes.md tells of the fields.
func table(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| | field | strengthens (the reverse weakens) | weight |\n| --- | --- | --- | ---: |\n")
	row := func(kind Kind, name, strengthens string, effect bool, weight int) {
		if effect != (strengthens != "") {
			t.Errorf("%s, %s: an effect without words, or the other way round", kind, name)
		}
		if strengthens == "" {
			strengthens = "–"
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %d |\n", kind, name, strengthens, weight)
	}
	for _, f := range moduleFields {
		row(OfModule, f.name, f.strengthens, f.effect != nil, f.weight)
	}
	for _, f := range dependencyFields {
		row(OfDependency, f.name, f.strengthens, f.effect != nil, f.weight)
	}
	for _, f := range domainFields {
		row(OfFailureDomain, f.name, f.strengthens, f.effect != nil, f.weight)
	}
	for _, f := range journeyFields {
		row(OfJourney, f.name, f.strengthens, f.effect != nil, f.weight)
	}
	for _, f := range transactionFields {
		row(OfTransaction, f.name, f.strengthens, f.effect != nil, f.weight)
	}
	row(OfRule, "severity", "graver", true, settingSeverity)
	row(OfRule, "parameters", "", false, settingParam)
	for _, f := range waiverFields {
		row(OfWaiver, f.name, f.strengthens, f.effect != nil, f.weight)
	}
	for _, f := range policyFields(pair[policy]{}) {
		row(OfPolicy, f.name, f.strengthens, f.effect != nil, f.weight)
	}
	row(OfPolicy, "what it selects and demands", "", false, policyTerm)
	return b.String()
}

// The table of the documentation is that of the fields.
func TestTableOfEffects(t *testing.T) {
	const path = "../../docs/changes.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := table(t)
	before, rest, ok := strings.Cut(string(page), "<!-- fields -->\n")
	_, after, ok2 := strings.Cut(rest, "<!-- /fields -->\n")
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table", path)
	}
	now := before + "<!-- fields -->\n" + want + "<!-- /fields -->\n" + after
	if *update {
		if err := os.WriteFile(path, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if now != string(page) {
		t.Errorf("%s is old: go test ./internal/review -run TestTableOfEffects -update", path)
	}
}
