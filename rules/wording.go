package rules

import (
	"fmt"
	"strings"

	"lintel/analyzer"
)

// enumerate joins names for a message: "a", "a and b", "a, b and c"; a long list is cut to
// "a, b, c and 4 more".
func enumerate(names []string) string {
	const most = 4
	switch n := len(names); {
	case n == 0:
		return ""
	case n == 1:
		return names[0]
	case n <= most:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	default:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most-1], ", "), n-most+1)
	}
}

// counted gives a number with its noun: "1 module", "3 modules", "2 dependencies".
func counted(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "y"):
		return fmt.Sprintf("%d %sies", n, noun[:len(noun)-1])
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// dependOnIt gives "1 module depends on it" or "3 modules depend on it".
func dependOnIt(n int) string {
	if n == 1 {
		return "1 module depends on it"
	}
	return counted(n, "module") + " depend on it"
}

// moduleNames gives the names of modules, in the order of ids.
func moduleNames(a *analyzer.Analysis, ids []int32) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = a.Module(id).Name
	}
	return names
}

// edgeName names a dependency as findings and waivers do.
func edgeName(from, to string) string { return from + " -> " + to }
