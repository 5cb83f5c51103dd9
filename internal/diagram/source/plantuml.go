package source

import (
	"fmt"
	"strings"

	"lintel/internal/diagram"
	"lintel/schema"
)

func writePlantUML(t *text, d *diagram.Diagram) {
	title, subtitle := heading(d)
	t.line(0, "@startuml")
	t.line(0, "!include <C4/C4_Container>")
	if d.Flow == diagram.FlowRight {
		t.line(0, "LAYOUT_LEFT_RIGHT()")
	} else {
		t.line(0, "LAYOUT_TOP_DOWN()")
	}
	t.line(0, "title %s", umlLines([]string{title, subtitle}))
	umlTags(t, d)
	groups, nodes := children(d)
	umlChildren(t, d, groups, nodes, len(d.Groups), 0)
	for _, e := range d.Edges {
		umlEdge(t, d, e)
	}
	umlNotes(t, d)
	t.line(0, "@enduml")
}

func umlTags(t *text, d *diagram.Diagram) {
	seen := map[string]bool{}
	for _, n := range d.Nodes {
		f := look(n)
		if !seen[f.name] {
			seen[f.name] = true
			t.line(0, `AddElementTag("%s", $bgColor="%s", $fontColor="%s", $borderColor="%s")`, f.name, f.fill, ink, f.line)
		}
		if s := worst(d, n.Marks); s != "" && !seen[s] {
			seen[s] = true
			t.line(0, `AddElementTag("%s", $borderColor="%s", $borderThickness="3")`, s, severityLine(s))
		}
	}
	for _, e := range d.Edges {
		tag := umlEdgeTag(d, e)
		if !seen[tag] {
			seen[tag] = true
			style := ""
			switch {
			case phased(e):
				style = ", $lineStyle=DottedLine()"
			case soft(e):
				style = ", $lineStyle=DashedLine()"
			case heavy(e):
				style = ", $lineStyle=BoldLine()"
			}
			c := edgeColor(d, e)
			t.line(0, `AddRelTag("%s", $textColor="%s", $lineColor="%s"%s)`, tag, muted, c, style)
		}
	}
}

func umlEdgeTag(d *diagram.Diagram, e *diagram.Edge) string {
	tag := "hard"
	switch {
	case phased(e):
		tag = "phase"
	case soft(e):
		tag = "soft"
	}
	if async(e) {
		tag += "_async"
	}
	switch edgeColor(d, e) {
	case lineColor:
	case cycleLine:
		tag += "_cycle"
	case errorLine:
		tag += "_error"
	case warningLine:
		tag += "_warning"
	case infoLine:
		tag += "_info"
	case failed.line:
		tag += "_failed"
	case degraded.line:
		tag += "_degraded"
	default:
		tag += "_faded"
	}
	return tag
}

func umlChildren(t *text, d *diagram.Diagram, groups, nodes [][]int, g, indent int) {
	for _, i := range nodes[g] {
		n := d.Nodes[i]
		tags := look(n).name
		if s := worst(d, n.Marks); s != "" {
			tags += "+" + s
		}
		below := captions(d, n)
		techn, descr := "", ""
		if len(below) > 0 {
			techn, descr = umlText(below[0]), umlLines(below[1:])
		}
		name := umlLines(wrap(plain(n.Name), nameWidth))
		if n.Role == diagram.ChoiceNode {
			name = umlText("◇")
		}
		u := ""
		if u = link(n); u != "" {
			u = fmt.Sprintf(`, $link="%s"`, u)
		}
		t.line(indent, `%s(n%d, "%s", "%s", "%s", $tags="%s"%s)`, umlMacro(n), i, name, techn, descr, tags, u)
	}
	for _, c := range groups[g] {
		t.line(indent, `Boundary(g%d, "%s", "%s") {`, c, umlText(groupTitle(d, d.Groups[c])), umlText(plain(d.Groups[c].Kind)))
		umlChildren(t, d, groups, nodes, c, indent+1)
		t.line(indent, "}")
	}
}

func umlMacro(n *diagram.Node) string {
	if n.Role != diagram.ModuleNode {
		return "Container"
	}
	switch n.Kind {
	case schema.Database, schema.Cache, schema.ObjectStore, schema.Search:
		return "ContainerDb"
	case schema.Queue:
		return "ContainerQueue"
	case schema.External:
		return "Container_Ext"
	}
	return "Container"
}

func umlEdge(t *text, d *diagram.Diagram, e *diagram.Edge) {
	label := edgeLabel(d, e)
	if label == "" {
		label = " "
	}
	t.line(0, `Rel(n%d, n%d, "%s", $tags="%s")`, e.From, e.To, umlText(label), umlEdgeTag(d, e))
}

func umlNotes(t *text, d *diagram.Diagram) {
	t.line(0, "SHOW_LEGEND()")
	var lines []string
	for _, f := range d.Findings {
		lines = append(lines, wrap(findingLine(f), noteWidth)...)
	}
	lines = append(lines, failureLines(d.Failure)...)
	for _, n := range d.Notes {
		lines = append(lines, wrap(plain(n), noteWidth)...)
	}
	if len(lines) > 0 {
		t.line(0, "footer %s", umlLines(lines))
	}
}

func umlLines(lines []string) string {
	var out []string
	for i, l := range lines {
		if l != "" || i == 0 {
			out = append(out, umlText(l))
		}
	}
	return strings.Join(out, `\n`)
}

// umlText writes s, which is plain, as text: whatever the preprocessor or the markup could take for its own is
// written by its code point.
func umlText(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= 0x80 || isAlnum(r) || strings.ContainsRune(" ,.:;()", r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "<U+%04X>", r)
		}
	}
	return b.String()
}
