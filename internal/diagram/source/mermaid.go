package source

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"lintel/internal/diagram"
	"lintel/schema"
)

// What Mermaid refuses by default, and on GitHub: longer texts and more edges.
const (
	mermaidMaxText  = 50_000
	mermaidMaxEdges = 500
)

func writeMermaid(t *text, d *diagram.Diagram) {
	title, subtitle := heading(d)
	if subtitle != "" {
		title += ": " + subtitle
	}
	t.line(0, "---")
	t.line(0, "title: %s", yamlString(title))
	t.line(0, "---")
	flow := "TB"
	if d.Flow == diagram.FlowRight {
		flow = "LR"
	}
	t.line(0, "flowchart %s", flow)
	t.line(1, "accTitle: %s", mermaidText(title))
	if d.Description != "" {
		t.line(1, "accDescr: %s", mermaidText(plain(d.Description)))
	}
	groups, nodes := children(d)
	mermaidChildren(t, d, groups, nodes, len(d.Groups), 1)
	for _, e := range d.Edges {
		mermaidEdge(t, d, e)
	}
	mermaidNotes(t, d)
	mermaidClasses(t, d)
	for i, n := range d.Nodes {
		if u := link(n); u != "" {
			t.line(1, `click n%d href "%s"`, i, u)
		}
	}
	for _, f := range d.Findings {
		t.line(1, "%%%% %s", mermaidComment(findingLine(f)))
	}
}

func mermaidChildren(t *text, d *diagram.Diagram, groups, nodes [][]int, g, indent int) {
	for _, i := range nodes[g] {
		n := d.Nodes[i]
		t.line(indent, `n%d@{ shape: %s, label: "%s" }`, i, mermaidShape(n), mermaidLines(nodeLines(d, n)))
	}
	for _, c := range groups[g] {
		t.line(indent, `subgraph g%d["%s"]`, c, mermaidText(groupTitle(d, d.Groups[c])))
		mermaidChildren(t, d, groups, nodes, c, indent+1)
		t.line(indent, "end")
	}
}

func mermaidShape(n *diagram.Node) string {
	switch n.Role {
	case diagram.SummaryNode:
		return "subproc"
	case diagram.ChoiceNode:
		return "diam"
	}
	many := replicated(n)
	switch n.Kind {
	case schema.Frontend:
		return "win-pane"
	case schema.Gateway:
		return "hex"
	case schema.LoadBalancer:
		return "trap-b"
	case schema.Worker:
		return "div-rect"
	case schema.Job:
		return "lin-rect"
	case schema.Function:
		return "lean-r"
	case schema.Database:
		return "cyl"
	case schema.Cache:
		return "lin-cyl"
	case schema.Queue:
		return "das"
	case schema.ObjectStore:
		return "bow-rect"
	case schema.Search:
		return "curv-trap"
	case schema.Discovery:
		return "notch-pent"
	case schema.Configuration:
		return "doc"
	case schema.DNS:
		return "flag"
	case schema.Identity:
		return "trap-t"
	case schema.Monitoring:
		return "delay"
	case schema.Network:
		return "fr-rect"
	case schema.External:
		return "stadium"
	}
	if many {
		return "st-rect"
	}
	return "rounded"
}

func mermaidEdge(t *text, d *diagram.Diagram, e *diagram.Edge) {
	arrow := "-->"
	switch {
	case soft(e) || phased(e):
		arrow = "-.->"
	case heavy(e):
		arrow = "==>"
	}
	label := edgeLabel(d, e)
	if async(e) {
		if label != "" {
			label = "async · " + label
		} else {
			label = "async"
		}
	}
	if label == "" {
		t.line(1, "n%d %s n%d", e.From, arrow, e.To)
		return
	}
	t.line(1, `n%d %s|"%s"| n%d`, e.From, arrow, mermaidText(label), e.To)
}

// mermaidNotes writes the legend, the findings and the notes as boxes of their own.
func mermaidNotes(t *text, d *diagram.Diagram) {
	note := func(id string, lines []string) {
		if len(lines) > 0 {
			t.line(1, `%s@{ shape: text, label: "%s" }`, id, mermaidLines(lines))
		}
	}
	var legend []string
	for _, l := range d.Legend() {
		if l.Sign == diagram.SignKind {
			continue // said by every node
		}
		sign, _ := legendSign(l)
		legend = append(legend, sign+" "+plain(l.Text))
	}
	note("legend", legend)
	var notes []string
	for _, f := range d.Findings {
		notes = append(notes, wrap(findingLine(f), noteWidth)...)
	}
	notes = append(notes, failureLines(d.Failure)...)
	for _, n := range d.Notes {
		notes = append(notes, wrap(plain(n), noteWidth)...)
	}
	note("notes", notes)
}

// mermaidClasses writes the colours.
func mermaidClasses(t *text, d *diagram.Diagram) {
	members := map[string][]string{}
	fills := map[string]string{}
	for i, n := range d.Nodes {
		f := look(n)
		fill := fmt.Sprintf("fill:%s,stroke:%s,color:%s", f.fill, f.line, ink)
		if n.Faded {
			fill = fmt.Sprintf("fill:%s,stroke:%s,color:%s", f.fill, f.line, fadedInk)
		}
		name := f.name
		if n.Kind == schema.External && n.Role == diagram.ModuleNode {
			fill += ",stroke-dasharray:4 3"
		}
		fills[name] = fill
		members[name] = append(members[name], "n"+strconv.Itoa(i))
		if s := worst(d, n.Marks); s != "" {
			fills["z_"+s] = fmt.Sprintf("stroke:%s,stroke-width:3px", severityLine(s))
			members["z_"+s] = append(members["z_"+s], "n"+strconv.Itoa(i))
		} else if s := worst(d, n.OnPath); s != "" {
			fills["z_path_"+s] = fmt.Sprintf("stroke:%s,stroke-width:2px", severityLine(s))
			members["z_path_"+s] = append(members["z_path_"+s], "n"+strconv.Itoa(i))
		}
	}
	for i, g := range d.Groups {
		f, name := family{line: frameLine, fill: frameFill}, "frame"
		if s, ok := stateLook(g.State); ok {
			f, name = s, "frame_"+s.name
		}
		if s := worst(d, g.Marks); s != "" {
			f.line, name = severityLine(s), name+"_"+s
		}
		fills[name] = fmt.Sprintf("fill:%s,stroke:%s,color:%s", f.fill, f.line, ink)
		members[name] = append(members[name], "g"+strconv.Itoa(i))
	}
	names := make([]string, 0, len(fills))
	for n := range fills {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		t.line(1, "classDef %s %s", n, fills[n])
		t.line(1, "class %s %s", strings.Join(members[n], ","), n)
	}
	styles := map[string][]string{}
	for i, e := range d.Edges {
		c := edgeColor(d, e)
		style := "stroke:" + c
		switch {
		case phased(e):
			style += ",stroke-dasharray:2 4"
		case soft(e):
			style += ",stroke-dasharray:7 4"
		}
		if style != "stroke:"+lineColor {
			styles[style] = append(styles[style], strconv.Itoa(i))
		}
	}
	keys := make([]string, 0, len(styles))
	for k := range styles {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		t.line(1, "linkStyle %s %s", strings.Join(styles[k], ","), k)
	}
}

func mermaidLines(lines []string) string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = mermaidText(l)
	}
	if len(out) == 0 {
		return mermaidText("")
	}
	return strings.Join(out, "<br/>")
}

// mermaidText writes s, which is plain, as text within quotes. All but letters, digits and spaces becomes an entity
// code, unless it stands between two letters or digits and could mean nothing there.
func mermaidText(s string) string {
	if strings.TrimSpace(s) == "" {
		return "#160;"
	}
	var b strings.Builder
	runes := []rune(s)
	word := func(i int) bool {
		return i >= 0 && i < len(runes) && (runes[i] >= 0x80 || isAlnum(runes[i]))
	}
	for i, r := range runes {
		switch {
		case r >= 0x80 || isAlnum(r) || r == ' ':
			b.WriteRune(r)
		case strings.ContainsRune("-_/", r) && word(i-1) && word(i+1), r == ',' && word(i-1):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}

func isAlnum(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// mermaidComment makes s, which is plain, harmless in a comment: no directive can start in it.
func mermaidComment(s string) string {
	return strings.NewReplacer("%", "％", "{", "(", "}", ")").Replace(s)
}

// yamlString writes s, which is plain, as a double-quoted YAML scalar.
func yamlString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r >= 0x80, isAlnum(r), strings.ContainsRune(" -_.,:;()/+=·", r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
