package language

import "strings"

// The classes of blanks and control characters in patterns: as CUE has them, by Unicode property, and as lists of
// characters. Validators that build on other regular expressions than CUE's (Python's, or ECMA-262 without its flag
// "u") know no properties; \x is known to all.
const (
	separators     = "\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000" // above U+00A0
	lineSeparators = "\u2028\u2029"
)

var portableClasses = strings.NewReplacer(
	`[^\p{Z}\p{Cc}]`, `[^\x00-\x20\x7f-\xa0`+separators+`]`,
	`[^\p{Z}\p{Cc},=]`, `[^\x00-\x20,=\x7f-\xa0`+separators+`]`,
	`[^\p{Zl}\p{Zp}\p{Cc},=]`, `[^\x00-\x1f,=\x7f-\x9f`+lineSeparators+`]`,
	`[^\p{Zl}\p{Zp}\p{Cc}]`, `[^\x00-\x1f\x7f-\x9f`+lineSeparators+`]`,
)

// portable gives a pattern of the definition in the form in which it is published.
func portable(pattern string) string { return portableClasses.Replace(pattern) }

// visibleJSON writes characters that nobody sees as JSON escapes. Those that Go's encoder escapes by itself are left
// out.
var visibleJSON = strings.NewReplacer("\u1680", `\u1680`, "\u2000", `\u2000`, "\u200a", `\u200a`, "\u202f", `\u202f`, "\u205f", `\u205f`, "\u3000", `\u3000`)
