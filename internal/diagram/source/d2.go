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
	t.line(0, "title: %s {", d2String(title))
	t.line(1, "near: top-center")
	t.line(1, "shape: text")
	t.line(1, "style.font-size: 28")
	t.line(1, "style.bold: true")
	t.line(0, "}")
	if subtitle != "" {
		t.line(0, "subtitle: %s {near: top-left; shape: text; style.font-color: %q}", d2String(subtitle), muted)
	}
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
		if f, ok := stateLook(group.State); ok {
			fill, line = f.fill, f.line
		}
		if s := worst(d, group.Marks); s != "" {
			line = severityLine(s)
		}
		t.line(indent, "g%d: %s {", c, d2String(groupTitle(d, group)))
		t.line(indent+1, "style: {fill: %q; stroke: %q; font-color: %q; border-radius: 8}", fill, line, ink)
		d2Children(t, d, groups, nodes, c, indent+1)
		t.line(indent, "}")
	}
}

func d2Node(t *text, d *diagram.Diagram, i, indent int) {
	n := d.Nodes[i]
	f := look(n)
	t.line(indent, "n%d: %s {", i, d2String(strings.Join(nodeLines(d, n), "\n")))
	shape := d2Shape(n)
	if shape != "rectangle" {
		t.line(indent+1, "shape: %s", shape)
	}
	font, line, width := ink, f.line, 2
	if n.Faded {
		font = fadedInk
	}
	if s := worst(d, n.Marks); s != "" {
		line, width = severityLine(s), 4
	} else if s := worst(d, n.OnPath); s != "" {
		line, width = severityLine(s), 3
	}
	style := fmt.Sprintf("fill: %q; stroke: %q; font-color: %q; stroke-width: %d", f.fill, line, font, width)
	if replicated(n) {
		style += "; multiple: true"
	}
	if shape == "rectangle" {
		style += "; border-radius: 8"
	}
	if n.Faded || n.Kind == schema.External && n.Role == diagram.ModuleNode {
		style += "; stroke-dash: 4"
	}
	t.line(indent+1, "style: {%s}", style)
	if tips := tip(n); len(tips) > 0 {
		t.line(indent+1, "tooltip: %s", d2String(strings.Join(tips, "\n")))
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
	case phased(e):
		style += "; stroke-dash: 2"
	case soft(e):
		style += "; stroke-dash: 5"
	}
	t.line(0, "%s -> %s%s {", paths[e.From], paths[e.To], label)
	t.line(1, "style: {%s}", style)
	if async(e) {
		t.line(1, "target-arrowhead: {shape: arrow}")
	}
	t.line(0, "}")
}

func d2Notes(t *text, d *diagram.Diagram) {
	var lines []string
	for _, l := range d.Legend() {
		if l.Sign == diagram.SignKind {
			continue
		}
		sign, _ := legendSign(l)
		lines = append(lines, sign+" "+plain(l.Text))
	}
	for _, f := range d.Findings {
		lines = append(lines, wrap(findingLine(f), noteWidth)...)
	}
	lines = append(lines, failureLines(d.Failure)...)
	for _, n := range d.Notes {
		lines = append(lines, wrap(plain(n), noteWidth)...)
	}
	if len(lines) > 0 {
		t.line(0, "notes: %s {near: bottom-center; shape: text; style.font-size: 14; style.font-color: %q}", d2String(strings.Join(lines, "\n")), ink)
	}
}

// d2String writes s, which is plain but for line breaks, as a double-quoted string. D2 substitutes ${…} in it.
func d2String(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "\n", `\n`).Replace(s) + `"`
}
