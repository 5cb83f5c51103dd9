package source

import (
	"fmt"
	"strconv"
	"strings"

	"lintel/internal/diagram"
	"lintel/schema"
)

func writeD2(t *text, d *diagram.Diagram) {
	if d.Flow == diagram.FlowRight {
		t.line(0, "direction: right")
	} else {
		t.line(0, "direction: down")
	}
	title, subtitle := heading(d)
	if subtitle != "" {
		title += ": " + subtitle
	}
	t.line(0, "title: %s {near: top-center; shape: text; style: {font-size: 26; bold: true; font-color: %q}}", d2String(title), ink)
	d2Legend(t, d)
	groups, nodes := children(d)
	paths := d2Paths(d)
	d2Children(t, d, groups, nodes, len(d.Groups), 0)
	for _, e := range d.Edges {
		d2Edge(t, d, e, paths)
	}
	d2Notes(t, d)
}

// d2Paths returns the full keys of the nodes.
func d2Paths(d *diagram.Diagram) []string {
	groups := make([]string, len(d.Groups))
	for i, g := range d.Groups {
		groups[i] = "g" + strconv.Itoa(i) + "."
		if g.Parent >= 0 && g.Parent < i {
			groups[i] = groups[g.Parent] + groups[i]
		}
	}
	nodes := make([]string, len(d.Nodes))
	for i, n := range d.Nodes {
		nodes[i] = "n" + strconv.Itoa(i)
		if n.Group >= 0 && n.Group < len(groups) {
			nodes[i] = groups[n.Group] + nodes[i]
		}
	}
	return nodes
}

func d2Children(t *text, d *diagram.Diagram, groups, nodes [][]int, g, indent int) {
	for _, i := range nodes[g] {
		d2Node(t, d, i, indent)
	}
	for _, c := range groups[g] {
		group := d.Groups[c]
		fill, line := frameFill, frameLine
		if indent%2 == 1 {
			fill = frameDeep
		}
		if f, ok := frameLook(group); ok {
			fill, line = f.fill, f.line
		}
		if s := outlined(d, group.Marks); s != "" && group.Change == diagram.NotChanged {
			line = severityLine(s)
		}
		dash := ""
		if group.Change == diagram.WasRemoved {
			dash = "; stroke-dash: 6"
		}
		t.line(indent, "g%d: %s {", c, d2String(groupTitle(d, group)))
		t.line(indent+1, "style: {fill: %q; stroke: %q; font-color: %q; border-radius: 8%s}", fill, line, ink, dash)
		d2Children(t, d, groups, nodes, c, indent+1)
		t.line(indent, "}")
	}
}

func d2Node(t *text, d *diagram.Diagram, i, indent int) {
	n := d.Nodes[i]
	f := look(d, n)
	t.line(indent, "n%d: %s {", i, d2String(strings.Join(nodeLines(d, n), "\n")))
	shape := d2Shape(n)
	if shape != "rectangle" {
		t.line(indent+1, "shape: %s", shape)
	}
	font, line, width := ink, f.line, 2
	if n.Faded {
		font = fadedInk
	}
	if n.Change != diagram.NotChanged {
		width = 4
	} else if s := outlined(d, n.Marks); s != "" {
		line, width = severityLine(s), 4
	} else if s := outlined(d, n.OnPath); s != "" {
		line, width = severityLine(s), 3
	}
	style := fmt.Sprintf("fill: %q; stroke: %q; font-color: %q; stroke-width: %d", f.fill, line, font, width)
	if replicated(n) {
		style += "; multiple: true"
	}
	if shape == "rectangle" {
		style += "; border-radius: 8"
	}
	switch {
	case n.Change == diagram.WasRemoved:
		style += "; stroke-dash: 6"
	case n.Faded || n.Kind == schema.External && n.Role == diagram.ModuleNode:
		style += "; stroke-dash: 4"
	}
	t.line(indent+1, "style: {%s}", style)
	if tips := tip(n); len(tips) > 0 {
		t.line(indent+1, "tooltip: %s", d2Tip(strings.Join(tips, "\n")))
	}
	if u := link(n); u != "" {
		t.line(indent+1, "link: %s", d2String(u))
	}
	t.line(indent, "}")
}

func d2Shape(n *diagram.Node) string {
	switch n.Role {
	case diagram.SummaryNode:
		return "package"
	case diagram.ChoiceNode:
		return "diamond"
	}
	switch n.Kind {
	case schema.Frontend:
		return "page"
	case schema.Gateway, schema.LoadBalancer:
		return "hexagon"
	case schema.Job:
		return "step"
	case schema.Function:
		return "parallelogram"
	case schema.Database, schema.Cache:
		return "cylinder"
	case schema.Queue:
		return "queue"
	case schema.ObjectStore, schema.Search:
		return "stored_data"
	case schema.Configuration:
		return "document"
	case schema.Discovery, schema.DNS, schema.Identity:
		return "oval"
	case schema.External:
		return "cloud"
	}
	return "rectangle"
}

func d2Edge(t *text, d *diagram.Diagram, e *diagram.Edge, paths []string) {
	label := ""
	if l := edgeLabel(d, e); l != "" {
		label = ": " + d2String(l)
	} else {
		label = ":"
	}
	c := edgeColor(d, e)
	width := 2
	if heavy(e) {
		width = 3
	}
	style := fmt.Sprintf("stroke: %q; stroke-width: %d; font-color: %q", c, width, muted)
	switch {
	case gone(e):
		style += "; stroke-dash: 8"
	case phased(e):
		style += "; stroke-dash: 2"
	case soft(e):
		style += "; stroke-dash: 5"
	}
	t.line(0, "%s -> %s%s {", paths[e.From], paths[e.To], label)
	t.line(1, "style: {%s}", style)
	if async(e) {
		t.line(1, "target-arrowhead: {shape: triangle; style.filled: false}")
	}
	t.line(0, "}")
}

// d2Legend writes the legend in D2's own form, where two nodes that can't be seen carry the lines.
func d2Legend(t *text, d *diagram.Diagram) {
	var shapes, lines []string
	kinds := map[string][]string{} // the names of the kinds that look the same
	for _, l := range d.Legend() {
		if l.Sign == diagram.SignKind {
			look := d2KindLook(d, schema.Kind(l.Kind))
			kinds[look] = append(kinds[look], plain(l.Text))
		}
	}
	for _, l := range d.Legend() {
		_, color := legendSign(l)
		label, style := plain(l.Text), fmt.Sprintf("stroke: %q", color)
		line := func(more, block string) {
			lines = append(lines, fmt.Sprintf("a -> b: %s {style: {%s; stroke-width: 2%s}%s}", d2String(label), style, more, block))
		}
		shape := func(shape, fill, more string) {
			shapes = append(shapes, fmt.Sprintf("k%d: %s {shape: %s; style: {fill: %q; %s%s}}", len(shapes), d2String(label), shape, fill, style, more))
		}
		switch l.Sign {
		case diagram.SignSync:
			line("", "")
		case diagram.SignAsync:
			line("", "; target-arrowhead: {shape: triangle; style.filled: false}")
		case diagram.SignSoft:
			line("; stroke-dash: 5", "")
		case diagram.SignPhase:
			line("; stroke-dash: 2", "")
		case diagram.SignCycle, diagram.SignPath, diagram.SignBroken, diagram.SignWeakened, diagram.SignCount:
			line("", "")
		case diagram.SignKind:
			look := d2KindLook(d, schema.Kind(l.Kind))
			if kinds[look] != nil {
				shapes = append(shapes, fmt.Sprintf("k%d: %s {%s}", len(shapes), d2String(strings.Join(kinds[look], ", ")), look))
			}
			kinds[look] = nil
		case diagram.SignReplicas:
			shape("rectangle", "#ffffff", "; multiple: true")
		case diagram.SignSummary:
			fill := summary.fill
			if l.Grey {
				fill = unchanged.fill
			}
			shape("package", fill, "")
		case diagram.SignChoice:
			shape("diamond", choice.fill, "")
		case diagram.SignFailed:
			shape("rectangle", failed.fill, "")
		case diagram.SignDown:
			shape("rectangle", down.fill, "")
		case diagram.SignDegraded:
			shape("rectangle", degraded.fill, "")
		case diagram.SignFaded:
			shape("rectangle", faded.fill, "; stroke-dash: 4")
		case diagram.SignAdded:
			shape("rectangle", added.fill, "; stroke-width: 4")
		case diagram.SignRemoved:
			shape("rectangle", removed.fill, "; stroke-width: 4; stroke-dash: 6")
		case diagram.SignChanged:
			shape("rectangle", changed.fill, "; stroke-width: 4")
		}
	}
	if len(shapes)+len(lines) == 0 {
		return
	}
	t.line(0, "vars: {")
	t.line(1, "d2-legend: {")
	for _, s := range shapes {
		t.line(2, "%s", s)
	}
	if lines != nil {
		t.line(2, "a: {style.opacity: 0}")
		t.line(2, "b: {style.opacity: 0}")
	}
	for _, s := range lines {
		t.line(2, "%s", s)
	}
	t.line(1, "}")
	t.line(0, "}")
}

func d2KindLook(d *diagram.Diagram, k schema.Kind) string {
	n := &diagram.Node{Kind: k}
	f, dash := look(d, n), ""
	if k == schema.External {
		dash = "; stroke-dash: 4"
	}
	return fmt.Sprintf("shape: %s; style: {fill: %q; stroke: %q%s}", d2Shape(n), f.fill, f.line, dash)
}

// d2Notes writes what stands below the picture as Markdown, whose lines start at the left.
func d2Notes(t *text, d *diagram.Diagram) {
	var all []remark
	for _, l := range legend(d) {
		if l.sign == entrySign { // the legend has no shape for it
			all = append(all, remark{l.sign + " " + l.text, l.color})
		}
	}
	all = append(all, remarks(d)...)
	if len(all) == 0 {
		return
	}
	t.line(0, "notes: |md")
	for i, r := range all {
		end := "\\" // breaks the line
		if i == len(all)-1 {
			end = ""
		}
		t.line(1, "%s%s", d2Markdown(strings.TrimSpace(r.text)), end)
	}
	t.line(0, "| {near: bottom-center; style.font-size: 14; style.font-color: %q}", ink)
}

// d2Markdown writes s, which is plain, as text in Markdown in a block string: all that could mean something is a
// character reference.
func d2Markdown(s string) string {
	var b strings.Builder
	runes := []rune(s)
	word := func(i int) bool { return i >= 0 && i < len(runes) && isAlnum(runes[i]) }
	for i, r := range runes {
		if r >= 0x80 || isAlnum(r) || r == ' ' || strings.ContainsRune("-,", r) && word(i-1) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return b.String()
}

// d2Tip writes a tooltip. D2 shows it as it is, but refuses what would be bad HTML in Markdown: angle brackets become
// single quotation marks.
func d2Tip(s string) string { return d2String(strings.NewReplacer("<", "‹", ">", "›").Replace(s)) }

// d2String writes s, which is plain but for line breaks, as a double-quoted string. D2 substitutes ${…} in it.
func d2String(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "\n", `\n`).Replace(s) + `"`
}
