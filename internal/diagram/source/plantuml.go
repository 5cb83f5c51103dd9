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
		f := look(d, n)
		if !seen[f.name] {
			seen[f.name] = true
			border := ""
			switch n.Change {
			case diagram.WasAdded, diagram.WasChanged:
				border = `, $borderThickness="3"`
			case diagram.WasRemoved:
				border = `, $borderStyle="dashed", $borderThickness="2"`
			}
			t.line(0, `AddElementTag("%s", $bgColor="%s", $fontColor="%s", $borderColor="%s"%s)`, f.name, f.fill, ink, f.line, border)
		}
		if s := outlined(d, n.Marks); s != "" && !seen[s] {
			seen[s] = true
			t.line(0, `AddElementTag("%s", $borderColor="%s", $borderThickness="3")`, s, severityLine(s))
		}
	}
	for _, g := range d.Groups {
		tag := umlGroupTag(d, g)
		if tag == "" || seen[tag] {
			continue
		}
		seen[tag] = true
		f, ok := frameLook(g)
		switch {
		case ok:
		case len(g.Marks) > 0:
			f = family{line: severityLine(worst(d, g.Marks)), fill: "#ffffff"}
		default:
			f = faded
		}
		t.line(0, `AddBoundaryTag("%s", $bgColor="%s", $fontColor="%s", $borderColor="%s")`, tag, f.fill, ink, f.line)
	}
	for _, e := range d.Edges {
		tag := umlEdgeTag(d, e)
		if !seen[tag] {
			seen[tag] = true
			style := ""
			switch {
			case gone(e), phased(e):
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

func umlGroupTag(d *diagram.Diagram, g *diagram.Group) string {
	if f, ok := frameLook(g); ok {
		return "frame_" + f.name
	}
	if s := outlined(d, g.Marks); s != "" {
		return "frame_" + s
	}
	if g.Faded {
		return "frame_faded"
	}
	return ""
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
	case added.line:
		tag += "_added"
	case removed.line:
		tag += "_removed"
	case changed.line:
		tag += "_changed"
	case unchanged.line:
		tag += "_unchanged"
	case ink:
		tag += "_path"
	default:
		tag += "_faded"
	}
	return tag
}

func umlChildren(t *text, d *diagram.Diagram, groups, nodes [][]int, g, indent int) {
	for _, i := range nodes[g] {
		n := d.Nodes[i]
		tags := look(d, n).name
		if s := outlined(d, n.Marks); s != "" && n.Change == diagram.NotChanged {
			tags = s + "+" + tags // the first one wins
		}
		below := captions(d, n)
		techn, descr := "", ""
		if len(below) > 0 {
			techn = umlText(below[0])
		}
		if len(below) > 1 {
			descr = umlLines(below[1:])
		}
		name := umlLines(wrap(plain(n.Name), nameWidth))
		if n.Role == diagram.ChoiceNode {
			name, techn = techn, ""
		}
		u := ""
		if u = link(n); u != "" {
			u = fmt.Sprintf(`, $link="%s"`, u)
		}
		t.line(indent, `%s(n%d, "%s", "%s", "%s", $tags="%s"%s)`, umlMacro(n), i, name, techn, descr, tags, u)
	}
	for _, c := range groups[g] {
		group, kind, tags := d.Groups[c], "", ""
		if group.Kind != "group" {
			kind = umlText(plain(group.Kind))
		}
		if tag := umlGroupTag(d, group); tag != "" {
			tags = `, $tags="` + tag + `"`
		}
		t.line(indent, `Boundary(g%d, "%s", "%s"%s) {`, c, umlText(groupTitle(d, group)), kind, tags)
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
	label := asyncLabel(d, e)
	t.line(0, `Rel(n%d, n%d, "%s", $tags="%s")`, e.From, e.To, umlText(label), umlEdgeTag(d, e))
}

// umlNotes writes the legend, the findings and the notes.
func umlNotes(t *text, d *diagram.Diagram) {
	t.line(0, "HIDE_STEREOTYPE()")
	entries, below := legend(d), remarks(d)
	if len(entries)+len(below) == 0 {
		return
	}
	t.line(0, "legend bottom left")
	const row = "<#transparent,#transparent>" // a table's row without lines, whose cells start at the left
	for i := 0; i < len(entries); i += 2 {
		cells := ""
		for _, l := range entries[i:min(i+2, len(entries))] {
			if l.sign == "──▷" {
				l.sign = "async"
			}
			cells += fmt.Sprintf("<color:%s>%s</color> |<color:%s>%s</color> |", l.color, umlText(l.sign), muted, umlText(l.text))
		}
		t.line(1, "%s|%s", row, cells)
	}
	for i, r := range below {
		if i == 0 {
			t.line(1, "")
		}
		for _, l := range wrap(r.text, noteWidth) {
			t.line(1, "%s|<color:%s>%s</color> |", row, r.color, umlText(l))
		}
	}
	t.line(0, "endlegend")
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
// written by its code point. PlantUML reads the outcome once more for characters written by their number, tabs and
// inner drawings, and writes "]]>" into its SVG as it is, where XML forbids it: these get a space of no width.
func umlText(s string) string {
	if strings.TrimSpace(s) == "" {
		return "\u00a0" // it would show a dot
	}
	s = strings.NewReplacer("]]>", "]]\u200b>", "<U+", "<\u200bU+", "&#", "&\u200b#", `\`, "\\\u200b", "{{", "{\u200b{", "}}", "}\u200b}").Replace(s)
	var b strings.Builder
	runes := []rune(s)
	word := func(i int) bool { return i >= 0 && i < len(runes) && isAlnum(runes[i]) }
	for i, r := range runes {
		switch {
		case r >= 0x80, isAlnum(r), strings.ContainsRune(" ,.:;()", r),
			strings.ContainsRune("-_/", r) && word(i-1) && word(i+1):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "<U+%04X>", r)
		}
	}
	return b.String()
}
