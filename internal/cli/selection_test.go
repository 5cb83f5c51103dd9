package cli

import (
	"testing"

	"lintel/rules"
)

// TestRuleSynonyms holds every synonym to one rule that exists, and to be no name of a rule.
func TestRuleSynonyms(t *testing.T) {
	seen := map[string]string{}
	for rule, words := range ruleSynonyms {
		if _, ok := rules.Find(rule); !ok {
			t.Errorf("there is no rule %s", rule)
		}
		for _, word := range words {
			if other, ok := seen[word]; ok {
				t.Errorf("%s stands for %s and %s", word, rule, other)
			}
			seen[word] = rule
			if r, ok := rules.Find(word); ok {
				t.Errorf("%s is the name of %s", word, r.ID)
			}
			if r, ok := ruleMeant(word); !ok || r.Name != rule {
				t.Errorf("%s is taken for %v, want %s", word, r, rule)
			}
		}
	}
	if _, ok := ruleMeant("xyzzy"); ok {
		t.Error("xyzzy is taken for a rule")
	}
}
