package source

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode"

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
	t.line(0, "title: %s", yamlString(strings.NewReplacer("<", "‹", ">", "›", "ﬂ°", "ﬂ\u200b°", "¶ß", "¶\u200bß").Replace(title))) // it would read tags here
	t.line(0, "config:")
	t.line(1, "flowchart:")
	t.line(2, "wrappingWidth: 640") // lines are broken here, not by Mermaid
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
}

func mermaidChildren(t *text, d *diagram.Diagram, groups, nodes [][]int, g, indent int) {
	for _, i := range nodes[g] {
		n := d.Nodes[i]
		t.line(indent, `n%d@{ shape: %s, %s }`, i, mermaidShape(n), mermaidLabel(d, n))
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
	case soft(e) || phased(e) || gone(e):
		arrow = "-.->"
	case heavy(e):
		arrow = "==>"
	}
	label := asyncLabel(d, e)
	if label == "" {
		t.line(1, "n%d %s n%d", e.From, arrow, e.To)
		return
	}
	t.line(1, `n%d %s|"%s"| n%d`, e.From, arrow, mermaidText(label), e.To)
}

// mermaidNotes writes the legend, the findings and the notes as one box of text, below the node that lies deepest.
func mermaidNotes(t *text, d *diagram.Diagram) {
	var signs []string
	for _, l := range legend(d) {
		switch l.text = l.sign + " " + l.text; l.sign {
		case "+", "−", "~", entrySign, "□×N", "◇", "──▶", "- -▶", "···▶", "━━▶", "─×N▶", "─✖─▶", "─≈─▶":
			signs = append(signs, strings.ReplaceAll(l.text, " ", "\u00a0")) // kept on one line
		}
	}
	var lines []string
	if signs != nil {
		lines = wrap(strings.Join(signs, "  "), noteWidth)
	}
	for _, r := range remarks(d) {
		lines = append(lines, wrap(r.text, noteWidth)...)
	}
	if lines == nil {
		return
	}
	t.line(1, `notes@{ shape: text, label: "%s", labelType: text }`, mermaidLines(lines))
	t.line(1, "style notes font-size:12px,text-align:left,color:%s", muted)
	if n := deepest(d); n >= 0 && len(d.Edges) < mermaidMaxEdges {
		t.line(1, "n%d ~~~ notes", n)
	}
}

// deepest returns a node to which the longest way leads, cycles left aside; -1 where there is none.
func deepest(d *diagram.Diagram) int {
	callers := make([][]int, len(d.Nodes))
	for _, e := range d.Edges {
		callers[e.To] = append(callers[e.To], e.From)
	}
	best, depths := -1, make([]int, len(d.Nodes))
	const unseen, open = 0, -1
	var depth func(n int) int
	depth = func(n int) int {
		if depths[n] != unseen {
			return max(depths[n], 0)
		}
		depths[n] = open
		most := 0
		for _, c := range callers[n] {
			most = max(most, depth(c))
		}
		depths[n] = most + 1
		return most + 1
	}
	for n := range d.Nodes {
		if depth(n); best < 0 || depths[n] > depths[best] {
			best = n
		}
	}
	return best
}

// mermaidClasses writes the colours.
func mermaidClasses(t *text, d *diagram.Diagram) {
	members := map[string][]string{}
	fills := map[string]string{}
	for i, n := range d.Nodes {
		f := look(d, n)
		fill := fmt.Sprintf("fill:%s,stroke:%s,color:%s", f.fill, f.line, ink)
		if n.Faded {
			fill = fmt.Sprintf("fill:%s,stroke:%s,color:%s", f.fill, f.line, fadedInk)
		}
		name := f.name
		switch {
		case n.Change == diagram.WasRemoved:
			fill += ",stroke-width:2px,stroke-dasharray:8 4"
		case n.Change != diagram.NotChanged:
			fill += ",stroke-width:3px"
		case n.Kind == schema.External && n.Role == diagram.ModuleNode:
			fill += ",stroke-dasharray:4 3"
		}
		fills[name] = fill
		members[name] = append(members[name], "n"+strconv.Itoa(i))
		if s := outlined(d, n.Marks); n.Change != diagram.NotChanged {
			// the numbers in its label tell
		} else if s != "" {
			fills["z_"+s] = fmt.Sprintf("stroke:%s,stroke-width:3px", severityLine(s))
			members["z_"+s] = append(members["z_"+s], "n"+strconv.Itoa(i))
		} else if s := outlined(d, n.OnPath); s != "" {
			fills["z_path_"+s] = fmt.Sprintf("stroke:%s,stroke-width:2px", severityLine(s))
			members["z_path_"+s] = append(members["z_path_"+s], "n"+strconv.Itoa(i))
		}
	}
	for i, g := range d.Groups {
		f, name := family{line: frameLine, fill: frameFill}, "frame"
		more := ""
		if s, ok := frameLook(g); ok {
			f, name = s, "frame_"+s.name
		}
		if s := outlined(d, g.Marks); s != "" && g.Change == diagram.NotChanged {
			f.line, name = severityLine(s), name+"_"+s
		}
		if g.Change == diagram.WasRemoved {
			more = ",stroke-dasharray:8 4"
		}
		fills[name] = fmt.Sprintf("fill:%s,stroke:%s,color:%s%s", f.fill, f.line, ink, more)
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
		case gone(e):
			style += ",stroke-width:2px,stroke-dasharray:10 3 2 3"
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

// mermaidLabel writes what a node says as a label and its type. The name is bold where nothing in the label could
// mean something in Markdown.
func mermaidLabel(d *diagram.Diagram, n *diagram.Node) string {
	lines := nodeLines(d, n)
	if n.Role != diagram.ChoiceNode && markdownSafe(lines) {
		name := len(wrap(plain(n.Name), nameWidth))
		out := make([]string, len(lines))
		for i, l := range lines {
			out[i] = strings.ReplaceAll(l, "#", "#35;")
			switch {
			case i < name:
				out[i] = "**" + out[i] + "**"
			case strings.HasPrefix(l, "+ "):
				out[i] = "\u200b" + l // else a list
			}
		}
		return `label: "` + strings.Join(out, "<br/>") + `"`
	}
	return `label: "` + mermaidLines(lines) + `", labelType: text`
}

// markdownSafe reports whether Markdown, and Mermaid, take every line for just what it says.
func markdownSafe(lines []string) bool {
	for _, l := range lines {
		if strings.TrimSpace(l) != l || l == "" || strings.Contains(l, "  ") || strings.Contains(strings.ToLower(l), "www") {
			return false
		}
		for _, sign := range []string{"+ ", "~ "} { // of what was added or changed
			l = strings.TrimPrefix(l, sign)
		}
		runes := []rune(l)
		word := func(i int) bool { return i >= 0 && i < len(runes) && isAlnum(runes[i]) }
		for i, r := range runes {
			switch {
			case isAlnum(r), r == ' ', unicode.IsLetter(r) && r != 'ﬂ' && r != 'ß', strings.ContainsRune("·×–▶✖≈◆▲●−→", r):
			case strings.ContainsRune("-/_", r) && word(i-1) && word(i+1), r == '.' && word(i+1), strings.ContainsRune(",#", r) && word(i-1),
				r == '+' && i > 0 && (word(i-1) || runes[i-1] == '+'):
			default:
				return false
			}
		}
	}
	return len(lines) > 0
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

// mermaidText writes s, which is plain, as text within quotes: as it is where that is safe, else with an entity code
// for all but letters, digits and spaces. What Mermaid looks for in the text that it has decoded is parted by a
// space of no width: formulas ($$), icons (fa:fa-car), line breaks (\n) and its own codes for entities.
func mermaidText(s string) string {
	if strings.TrimSpace(s) == "" {
		return "#160;"
	}
	if strings.HasPrefix(s, "+ ") || s == "+" {
		s = "\u200b" + s // else a list
	}
	if !strings.ContainsFunc(s, func(r rune) bool {
		return r < 0x80 && !isAlnum(r) && !strings.ContainsRune(" -_.,:/()+=~'!?", r)
	}) && !strings.Contains(s, ":fa-") && !strings.Contains(s, "__") && !strings.ContainsAny(s, "ﬂ¶") {
		return s
	}
	for strings.Contains(s, "$$") {
		s = strings.ReplaceAll(s, "$$", "$\u200b$")
	}
	s = strings.NewReplacer(":fa-", ":\u200bfa-", "ﬂ°", "ﬂ\u200b°", "¶ß", "¶\u200bß", `\n`, "\\\u200bn").Replace(s)
	var b strings.Builder
	for _, r := range s {
		if r >= 0x80 || isAlnum(r) || r == ' ' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}

func isAlnum(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
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
