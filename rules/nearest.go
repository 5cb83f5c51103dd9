package rules

import (
	"fmt"
	"strings"
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
		if n := editDistance(lower, strings.ToLower(k), limit); n <= limit {
			best, found = k, true
			if limit = n - 1; limit < 0 {
				break
			}
		}
	}
	return best, found
}

// editDistance is the number of letters to add, drop, change or swap with their neighbour to turn a
// into b (optimal string alignment), or limit+1 where it is more than limit.
func editDistance(a, b string, limit int) int {
	var before, last, row = make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
