package scene

import (
	"slices"
	"strings"
	"unicode"

	"lintel/internal/diagram/typeset"
)

// Missing tells how many different characters of s are drawn as boxes, as no font has them, and the names of their
// scripts, sorted: 7, "Devanagari". Characters of no script of their own are "symbols".
func Missing(s *Scene) (characters int, scripts []string) {
	found := map[rune]bool{}
	var visit func(g *Group)
	visit = func(g *Group) {
		for _, it := range g.Items {
			switch it := it.(type) {
			case *Group:
				visit(it)
			case *Text:
				for _, r := range typeset.Missing(it.String) {
					found[r] = true
				}
			}
		}
	}
	visit(&s.Root)
	for r := range found {
		if name := scriptOf(r); !slices.Contains(scripts, name) {
			scripts = append(scripts, name)
		}
	}
	slices.Sort(scripts)
	return len(found), scripts
}

func scriptOf(r rune) string {
	for name, table := range unicode.Scripts {
		if name != "Common" && name != "Inherited" && unicode.Is(table, r) {
			return strings.ReplaceAll(name, "_", " ")
		}
	}
	return "symbols"
}
