package rules_test

import (
	"os"
	"path/filepath"
	"testing"

	"lintel/rules"
	"lintel/rules/rulestest"
)

// failedCases is the folder below testdata in which package rapid keeps what a property test failed on.
const failedCases = "rapid"

// TestRules runs the designs of every folder below testdata; a new folder needs no new test.
func TestRules(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() == failedCases {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			if _, ok := rules.Find(e.Name()); !ok {
				t.Fatalf("there is no rule %s", e.Name())
			}
			rulestest.Run(t, filepath.Join("testdata", e.Name()))
		})
	}
}
