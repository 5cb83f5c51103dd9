package cli

import "strings"

// nearest returns the candidate that a user most likely meant: the one with the fewest edits, if
// they are few for its length.
func nearest(word string, candidates []string) (string, bool) {
	best, cost := "", 1<<30
	word = strings.ToLower(word)
	for _, c := range candidates {
		d := edits(word, strings.ToLower(c))
		if d < cost {
			best, cost = c, d
		}
	}
	if cost <= max(1, (len(best)+1)/3) && cost < len(best) {
		return best, true
	}
	// A long beginning is as good: "single-point" for "single-point-of-failure".
	if len(word) >= 3 {
		for _, c := range candidates {
			if strings.HasPrefix(strings.ToLower(c), word) {
				return c, true
			}
		}
	}
	return "", false
}

// edits is the optimal string alignment distance: insertions, deletions, substitutions and swaps of
// neighbours.
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return 1 << 20
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			differ := 1
			if x[i-1] == y[j-1] {
				differ = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+differ)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
