package rules_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"lintel/rules"
	"lintel/rules/rulestest"
)

var (
	noMoreThan = regexp.MustCompile(`promise no more than ([0-9.]+) %`)
	orMore     = regexp.MustCompile(`on ([0-9.]+) % or more`)
	bothShares = regexp.MustCompile(`promises ([0-9.]+) %, and what it is made of gives ([0-9.]+) %[^:]*: (.*) down a year, and (.*) are promised`)
)

func findingsOf(t *testing.T, id, design string) []rules.Finding {
	t.Helper()
	return rulestest.Check(rulestest.Parse(t, design), rules.Settings{Only: []string{id}}).Findings
}

// advised returns what one suggestion of a finding advises to promise.
func advised(t *testing.T, f rules.Finding, pattern *regexp.Regexp) string {
	t.Helper()
	m := pattern.FindStringSubmatch(strings.Join(f.Suggestions, "\n"))
	if m == nil {
		t.Fatalf("no advice %s in %q", pattern, f.Suggestions)
	}
	return m[1]
}

func percentIn(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Whoever promises what RES012 advises is not told again, and the figures that it holds against each other differ.
func TestUnachievableSLOAdviceHelps(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		// What is given, and a promise that is above it by little or much.
		days, minutes := 1+random.IntN(400), 1+random.IntN(3000)
		down := float64(minutes) / (float64(minutes) + float64(days)*1440)
		promised := 100 * (1 - down*(1-math.Pow(10, -1-4*random.Float64())))
		design := func(slo string) string {
			return fmt.Sprintf("system: \"x\"\nmodules: api: {entry: true, mtbf: \"%dd\", mttr: \"%dm\"}\njourneys: j: {entry: \"api\", slo: availability: %s}\n", days, minutes, slo)
		}
		text := design(strconv.FormatFloat(promised, 'f', 8, 64))
		found := findingsOf(t, "RES012", text)
		if len(found) != 1 {
			t.Fatalf("got %d findings, want one, of\n%s", len(found), text)
		}
		m := bothShares.FindStringSubmatch(found[0].Message)
		if m == nil || percentIn(t, m[1]) <= percentIn(t, m[2]) || m[3] == m[4] {
			t.Errorf("%s: the figures do not differ", found[0].Message)
		}
		if again := findingsOf(t, "RES012", design(advised(t, found[0], noMoreThan))); len(again) > 0 {
			t.Errorf("%s: still told after %q:\n%s", text, found[0].Suggestions, again[0].Message)
		}
	}
}

// Whoever promises, or has promised, what RES013 advises is not told again.
func TestSLOInversionAdviceHelps(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 150 {
		days, minutes := 1+random.IntN(400), 1+random.IntN(3000)
		nines := []float64{0, 0.3, 0.5, 1, 2, 3}[random.IntN(6)]
		down := float64(minutes) / (float64(minutes) + float64(days)*1440)
		promised := 100 * (1 - down*(1-math.Pow(10, -1-4*random.Float64())))
		design := func(slo, offered string) string {
			return fmt.Sprintf("system: \"x\"\nmodules: {\n\tweb: {entry: true, slo: availability: %s, dependsOn: [\"bank\"]}\n\tbank: {kind: \"external\", %s}\n}\nlint: rules: RES013: extraNines: %g\n", slo, offered, nines)
		}
		slo, stated := strconv.FormatFloat(promised, 'f', 8, 64), fmt.Sprintf("mtbf: \"%dd\", mttr: \"%dm\"", days, minutes)
		found := findingsOf(t, "RES013", design(slo, stated))
		if len(found) != 1 {
			t.Fatalf("got %d findings, want one, of\n%s", len(found), design(slo, stated))
		}
		texts := map[string]string{"more": design(slo, "slo: availability: "+advised(t, found[0], orMore))}
		if down*math.Pow(10, nines) < 1 {
			texts["less"] = design(advised(t, found[0], noMoreThan), stated)
		}
		for what, text := range texts {
			if again := findingsOf(t, "RES013", text); len(again) > 0 {
				t.Errorf("%s: still told after promising %s, %q:\n%s", text, what, found[0].Suggestions, again[0].Message)
			}
		}
	}
}

// The shares that a year's downtime is told of differ where the promise is missed by little.
func TestUnachievableSLOTellsSmallDifferences(t *testing.T) {
	found := findingsOf(t, "RES012", `
system: "x"
modules: api: {entry: true, availability: 99.4475}
journeys: j: {entry: "api", slo: availability: 99.448}
`)
	want := "j promises 99.448 %, and what it is made of gives 99.447 %: 2.018 days down a year, and 2.016 days are promised"
	if len(found) != 1 || found[0].Message != want {
		t.Errorf("got %v, want %s", found, want)
	}
}
