package source

import (
	"fmt"
	"strings"

	"lintel/internal/diagram"
)

// Warnings tells, in sentences for people, why other programs may not draw what format makes of d, and what to do.
func Warnings(format string, d *diagram.Diagram) []string {
	if format != "mermaid" || !Supports(format, d.View) {
		return nil
	}
	var t text
	writeMermaid(&t, d)
	var over []string
	if n := utf16Len(t.String()); n > mermaidMaxText {
		over = append(over, fmt.Sprintf("%d characters (the limit is %d)", n, mermaidMaxText))
	}
	if n := len(d.Edges); n > mermaidMaxEdges {
		over = append(over, fmt.Sprintf("%d arrows (the limit is %d)", n, mermaidMaxEdges))
	}
	if over == nil {
		return nil
	}
	return []string{"Mermaid, and GitHub with it, will not draw this: " + strings.Join(over, " and ") + "; draw less with --view overview, --collapse or --focus, or use svg"}
}

// utf16Len returns the length of s as JavaScript counts it.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		if r > 0xffff {
			n++
		}
		n++
	}
	return n
}
