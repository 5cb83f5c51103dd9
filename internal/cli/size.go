package cli

import (
	"math"
	"strconv"
	"strings"
)

// parseSize reads a number of bytes: "600MB", "2GB", "512MiB".
func parseSize(text string) (bytes int64, ok bool) {
	units := []struct {
		name   string
		factor float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}, {"B", 1}}
	for _, u := range units {
		number, found := cutSuffixFold(text, u.name)
		if !found {
			continue
		}
		f, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(f > 0) || f*u.factor > math.MaxInt64/2 {
			return 0, false
		}
		return int64(f * u.factor), true
	}
	return 0, false
}

func cutSuffixFold(text, suffix string) (string, bool) {
	if n := len(text) - len(suffix); n > 0 && strings.EqualFold(text[n:], suffix) {
		return text[:n], true
	}
	return text, false
}
