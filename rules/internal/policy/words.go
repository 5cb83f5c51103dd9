package policy

import (
	"fmt"
	"strings"

	"cuelang.org/go/cue"

	"lintel/schema"
)

// isPredeclared tells whether CUE knows a name without a declaration.
func isPredeclared(name string) bool {
	switch name {
	case "_", "_|_", "null", "bool", "int", "float", "string", "bytes", "number", "len", "close", "and", "or", "div", "mod", "quo", "rem", "not", "matchN", "matchIf",
		"uint", "uint8", "int8", "uint16", "int16", "rune", "uint32", "int32", "uint64", "int64", "uint128", "int128", "float32", "float64":
		return true
	}
	return false
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

func kindInWords(k cue.Kind) string {
	switch k {
	case cue.StringKind:
		return "text"
	case cue.IntKind, cue.FloatKind, cue.NumberKind:
		return "a number"
	case cue.BoolKind:
		return "true or false"
	case cue.ListKind:
		return "a list"
	case cue.StructKind:
		return "a struct"
	case cue.NullKind:
		return "null"
	}
	return "of another type"
}

// didYouMean gives `did you mean "x"?` where a known name is close to name, else otherwise.
func didYouMean(name string, known []string, otherwise string) string {
	limit := min(max(len(name)/3, 1), 3)
	best, found := "", false
	for _, k := range known {
		if n := schema.EditDistance(strings.ToLower(name), strings.ToLower(k), limit); n <= limit {
			best, found, limit = k, true, n-1
		}
		if limit < 0 {
			break
		}
	}
	if found {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return otherwise
}

// enumerate joins names for a message; a long list is cut.
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

func counted(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "y") && !strings.HasSuffix(noun, "ey"):
		return fmt.Sprintf("%d %sies", n, noun[:len(noun)-1])
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
