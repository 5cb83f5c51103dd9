package rules

import (
	"fmt"
	"strings"

	"lintel/schema"
)

// didYouMean gives `: did you mean "x"?` where a known name is close to name, else "".
func didYouMean(name string, known []string) string {
	if n, ok := nearest(name, known); ok {
		return fmt.Sprintf(": did you mean %q?", n)
	}
	return ""
}

// nearest returns the known name closest to name, the first of several, where it is close enough to
// be a slip of the pen: at most a third of the name's letters, and no more than three, are wrong.
func nearest(name string, known []string) (string, bool) {
	best, found := "", false
	limit := min(max(len(name)/3, 1), 3)
	lower := strings.ToLower(name)
	for _, k := range known {
		if d := len(k) - len(name); d > limit || -d > limit {
			continue
		}
		if n := schema.EditDistance(lower, strings.ToLower(k), limit); n <= limit {
			best, found = k, true
			if limit = n - 1; limit < 0 {
				break
			}
		}
	}
	return best, found
}
