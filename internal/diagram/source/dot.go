package source

import (
	"fmt"
	"strings"

	"lintel/internal/diagram"
	"lintel/schema"
)

func writeDOT(t *text, d *diagram.Diagram) {
	t.line(0, "digraph {")
	rank := "TB"
	if d.Flow == diagram.FlowRight {
		rank = "LR"
	}
	t.line(1, `graph [rankdir=%s, fontname="Helvetica,Arial,sans-serif", fontsize=12, fontcolor="%s", bgcolor="#ffffff", pad=0.3, nodesep=0.35, ranksep=0.6, labelloc=b, labeljust=l, tooltip=%s]`,
		rank, ink, dotTip(plain(d.Description)))
	t.line(1, `node [fontname="Helvetica,Arial,sans-serif", fontsize=13, fontcolor="%s", shape=box, style="rounded,filled", penwidth=1.3, margin="0.18,0.09"]`, ink)
	t.line(1, `edge [fontname="Helvetica,Arial,sans-serif", fontsize=10, fontcolor="%s", color="%s", arrowsize=0.8, penwidth=1.2]`, muted, lineColor)
	if foot := dotFoot(d); foot != "" {
		t.line(1, "label=<%s>", foot)
	}
	t.line(1, "subgraph cluster_system {")
	t.line(2, "graph [labelloc=t, labeljust=l, peripheries=0, label=<%s>]", dotHeading(d))
	groups, nodes := children(d)
	none := len(d.Groups)
	dotChildren(t, d, groups, nodes, none, 2)
	t.line(1, "}")
	for i, e := range d.Edges {
		dotEdge(t, d, i, e)
	}
	t.line(0, "}")
}

func dotHeading(d *diagram.Diagram) string {
	title, subtitle := heading(d)
	s := fmt.Sprintf(`<font point-size="20"><b>%s</b></font>`, dotText(title))
	if subtitle != "" {
		s += fmt.Sprintf(`<br align="left"/><font point-size="13" color="%s">%s</font><br align="left"/>`, muted, dotText(subtitle))
	}
	return s
}

// dotChildren writes what lies in group g, at depth levels of indentation.
func dotChildren(t *text, d *diagram.Diagram, groups, nodes [][]int, g, indent int) {
	for _, n := range nodes[g] {
		dotNode(t, d, n, indent)
	}
	for _, c := range groups[g] {
		group := d.Groups[c]
		t.line(indent, "subgraph cluster_g%d {", c)
		fill, line, font, style, width := frameFill, frameLine, ink, "rounded,filled", "1"
		if indent%2 == 1 {
			fill = frameDeep
		}
		if f, ok := frameLook(group); ok {
			fill, line, width = f.fill, f.line, "1.6"
		}
		if group.Change == diagram.WasRemoved {
			style += ",dashed"
		}
		if s := outlined(d, group.Marks); s != "" && group.Change == diagram.NotChanged {
			line, width = severityLine(s), "1.6"
		}
		if group.Faded {
			line, font = faded.line, fadedInk
		}
		t.line(indent+1, `graph [label=<<b>%s</b>%s>, labeljust=l, labelloc=t, style="%s", color="%s", fillcolor="%s", fontcolor="%s", fontsize=12, penwidth=%s, peripheries=1, margin=14, tooltip=%s]`,
			dotText(strings.Join(wrap(groupTitle(d, group), 48), "\n")), dotGroupKind(group), style, line, fill, font, width, dotTip(plain(group.Kind+" "+group.Name)))
		dotChildren(t, d, groups, nodes, c, indent+1)
		t.line(indent, "}")
	}
}

func dotGroupKind(g *diagram.Group) string {
	if g.Kind == "" || g.Kind == "group" {
		return ""
	}
	return fmt.Sprintf(` <font point-size="10" color="%s">%s</font>`, muted, dotText(plain(g.Kind)))
}

func dotNode(t *text, d *diagram.Diagram, i, indent int) {
	n := d.Nodes[i]
	f := look(d, n)
	shape, style := dotShape(n)
	if (n.Faded && n.Role != diagram.ChoiceNode || n.Change == diagram.WasRemoved) && !strings.HasSuffix(style, ",dashed") {
		style += ",dashed"
	}
	attrs := []string{
		"shape=" + shape, `style="` + style + `"`, `color="` + f.line + `"`, `fillcolor="` + f.fill + `"`,
	}
	switch {
	case shape == "cylinder":
		attrs = append(attrs, `margin="0.2,0.14"`) // its lid takes room, and a second outline would cross the text
	case replicated(n):
		attrs = append(attrs, "peripheries=2")
	}
	if n.Role == diagram.ChoiceNode {
		attrs = append(attrs, `margin="0.06,0.03"`, "fontsize=10")
	}
	if n.Change != diagram.NotChanged {
		attrs = append(attrs, "penwidth=2.4")
	} else if s := outlined(d, n.Marks); s != "" {
		attrs = append(attrs, `color="`+severityLine(s)+`"`, "penwidth=2.4")
	} else if s := outlined(d, n.OnPath); s != "" {
		attrs = append(attrs, `color="`+severityLine(s)+`"`, "penwidth=2")
	} else if _, ok := stateLook(n.State); ok {
		attrs = append(attrs, "penwidth=2")
	}
	attrs = append(attrs, "label=<"+dotNodeLabel(d, n)+">")
	tips := append([]string{plain(n.Name)}, tip(n)...)
	attrs = append(attrs, "tooltip="+dotTip(strings.Join(tips, "\n")))
	if u := link(n); u != "" {
		attrs = append(attrs, "URL="+dotTip(u))
	}
	t.line(indent, "n%d [%s]", i, strings.Join(attrs, ", "))
}

func dotNodeLabel(d *diagram.Diagram, n *diagram.Node) string {
	nameColor, captionColor := ink, muted
	if n.Faded {
		nameColor, captionColor = fadedInk, fadedInk
	}
	var lines []string
	if n.Role != diagram.ChoiceNode {
		name := dotText(strings.Join(wrap(plain(n.Name), nameWidth), "\n"))
		if n.Change == diagram.WasRemoved {
			name = "<s>" + name + "</s>"
		}
		lines = append(lines, fmt.Sprintf(`<font color="%s"><b>%s</b></font>`, nameColor, name))
	}
	mark := marks(d, n.Marks)
	state, change := nodeState(n), changeWords(n.Change, n.ChangeNote)
	for _, c := range captions(d, n) {
		color, open, shut := captionColor, "", ""
		switch {
		case c == mark:
			color, open, shut = severityLine(worst(d, n.Marks)), "<b>", "</b>"
		case state != "" && strings.HasPrefix(c, state):
			color, open, shut = look(d, n).line, "<b>", "</b>"
		case c == change:
			f, _ := changeLook(n.Change)
			color, open, shut = f.line, "<b>", "</b>"
		}
		lines = append(lines, fmt.Sprintf(`<font point-size="10" color="%s">%s%s%s</font>`, color, open, dotText(strings.Join(wrap(c, nameWidth+8), "\n")), shut))
	}
	if len(lines) == 0 {
		return dotText("")
	}
	return strings.Join(lines, "<br/>")
}

// dotShape returns the shape and style of a node.
func dotShape(n *diagram.Node) (shape, style string) {
	switch n.Role {
	case diagram.SummaryNode:
		return "folder", "filled"
	case diagram.ChoiceNode:
		return "diamond", "filled"
	}
	switch n.Kind {
	case schema.Frontend:
		return "tab", "filled"
	case schema.Gateway:
		return "hexagon", "filled"
	case schema.LoadBalancer:
		return "octagon", "filled"
	case schema.Worker:
		return "component", "filled"
	case schema.Job:
		return "box", "filled,diagonals"
	case schema.Function:
		return "parallelogram", "filled"
	case schema.Database, schema.Cache:
		return "cylinder", "filled"
	case schema.Queue:
		return "cds", "filled"
	case schema.ObjectStore:
		return "box3d", "filled"
	case schema.Search:
		return "ellipse", "filled"
	case schema.Discovery:
		return "septagon", "filled"
	case schema.Configuration:
		return "note", "filled"
	case schema.DNS:
		return "house", "filled"
	case schema.Identity:
		return "invhouse", "filled"
	case schema.Monitoring:
		return "box", "filled"
	case schema.Network:
		return "Msquare", "filled"
	case schema.External:
		return "box", "filled,rounded,dashed"
	}
	return "box", "filled,rounded"
}

func dotEdge(t *text, d *diagram.Diagram, i int, e *diagram.Edge) {
	var attrs []string
	switch {
	case gone(e):
		attrs = append(attrs, "style=dashed", "penwidth=1.8")
	case phased(e):
		attrs = append(attrs, "style=dotted")
	case soft(e):
		attrs = append(attrs, "style=dashed")
	}
	if async(e) {
		attrs = append(attrs, "arrowhead=empty")
	}
	if c := edgeColor(d, e); c != lineColor {
		attrs = append(attrs, `color="`+c+`"`)
		if !e.Faded {
			attrs = append(attrs, `fontcolor="`+c+`"`)
		}
	}
	if heavy(e) {
		attrs = append(attrs, "penwidth=2.2", "arrowsize=0.7")
	}
	if l := edgeLabel(d, e); l != "" {
		attrs = append(attrs, "label="+dotString("  "+strings.Join(wrap(l, nameWidth), "\n  ")))
	}
	attrs = append(attrs, "edgetooltip="+dotTip(plain(d.Nodes[e.From].Name)+" → "+plain(d.Nodes[e.To].Name)))
	t.line(1, "n%d -> n%d [%s]", e.From, e.To, strings.Join(attrs, ", "))
}

// dotFoot returns the legend, the findings and the notes, as an HTML-like table; "" where there are none.
func dotFoot(d *diagram.Diagram) string {
	var rows []string
	row := func(s string) { rows = append(rows, `<tr><td align="left">`+s+`</td></tr>`) }
	var cells []string
	for i, l := range legend(d) {
		if i > 0 && i%3 == 0 {
			cells = append(cells, "</tr><tr>")
		}
		cells = append(cells, fmt.Sprintf(`<td align="left"><font point-size="11" color="%s">%s</font></td><td align="left"><font point-size="11" color="%s">%s   </font></td>`,
			l.color, dotText(l.sign), muted, dotText(l.text)))
	}
	if cells != nil {
		row(`<table border="0" cellborder="0" cellspacing="0" cellpadding="2"><tr>` + strings.Join(cells, "") + `</tr></table>`)
	}
	for _, r := range remarks(d) {
		row(dotParagraph(r.text, r.color))
	}
	if len(rows) == 0 {
		return ""
	}
	return `<table border="0" cellborder="0" cellspacing="0" cellpadding="2">` + strings.Join(rows, "") + `</table>`
}

func dotParagraph(s, color string) string {
	var b strings.Builder
	for _, l := range wrap(s, noteWidth) {
		fmt.Fprintf(&b, `<font point-size="11" color="%s">%s</font><br align="left"/>`, color, dotText(l))
	}
	return b.String()
}

// dotString writes s, which is plain but for line breaks, as a quoted string. Graphviz reads escapes (\N, \G, \l, …)
// and HTML entities in such strings.
func dotString(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`, "\n", `\n`).Replace(s) + `"`
}

// dotTip writes s, which is plain but for line breaks, as a quoted string for a tooltip or an address. Versions of
// Graphviz differ in how often they read escapes there, so a backslash becomes a wide one, U+FF3C.
func dotTip(s string) string {
	return `"` + strings.NewReplacer(`\`, "＼", `"`, "&quot;", `&`, "&amp;", "\n", `\n`).Replace(cut(s, mostTip)) + `"`
}

const mostTip = 2500 // characters: of six bytes each at most, they keep dot's limit

// dotText writes s, which is plain but for line breaks, as text in an HTML-like label, where an empty one
// is no valid label. Graphviz reads escapes (\N, \G, …) there, too, and stumbles over square brackets before a tag.
func dotText(s string) string {
	if s == "" {
		return "&#160;"
	}
	return strings.NewReplacer(`&`, "&amp;", `<`, "&lt;", `>`, "&gt;", `"`, "&quot;", `\`, `\\`, `[`, "&#91;", `]`, "&#93;", "\n", "<br/>").Replace(s)
}
