package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lintel/rules/rulestest"
)

// TestOutages holds the designs of public outages: as the system stood, with the named flaw found on
// its line, and as mended, without it; and outages that were no fault of the structure, which must
// not be claimed.
func TestOutages(t *testing.T) {
	const root = "../testdata/outages"
	folders, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(folders) < 13 {
		t.Fatalf("%d folders in %s, want twelve outages and the ones that were not structural", len(folders), root)
	}
	for _, folder := range folders {
		dir := filepath.Join(root, folder.Name())
		t.Run(folder.Name(), func(t *testing.T) {
			files, err := filepath.Glob(filepath.Join(dir, "*.cue"))
			if err != nil || len(files) < 2 {
				t.Fatalf("%d designs: %v", len(files), err)
			}
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				before := filepath.Base(file) == "before.cue"
				if wants := strings.Contains(string(text), "// want "); wants != before {
					t.Errorf("%s: has expectations: %v, want %v", file, wants, before)
				}
			}
			rulestest.Run(t, dir)
		})
	}
}
