package source

import (
	"fmt"
	"strconv"
	"strings"

	"lintel/internal/diagram"
	"lintel/schema"
)

// nameWidth and noteWidth are the columns after which names and sentences are broken.
const (
	nameWidth = 32
	noteWidth = 110
)

// entrySign stands before what a module that is called from outside is.
const entrySign = "▶"

// severitySign returns the sign of findings: their shape tells the severity, not only their colour.
func severitySign(severity string) string {
	switch severity {
	case "error":
		return "◆"
	case "warning":
		return "▲"
	}
	return "●"
}

func stateWord(s diagram.State) string {
	switch s {
	case diagram.Failed:
		return "✖ failed"
	case diagram.Down:
		return "✖ down"
	case diagram.Degraded:
		return "≈ degraded"
	}
	return ""
}

// nodeState is stateWord of a node.
func nodeState(n *diagram.Node) string {
	if n.PartlyDown() {
		return "≈ partly down"
	}
	return stateWord(n.State)
}

// changeWords says what became of a part: "+ added", "~ replicas 3 → 1"; "" for nothing.
func changeWords(c diagram.Change, note string) string {
	return plain(c.Words(note))
}

// marks returns the signs and numbers of findings, such as "◆1 ▲3"; "" for none.
func marks(d *diagram.Diagram, numbers []int) string {
	var b strings.Builder
	for i, n := range numbers {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(severitySign(severityOf(d, n)) + strconv.Itoa(n))
	}
	return b.String()
}

func severityOf(d *diagram.Diagram, number int) string {
	if number < 1 || number > len(d.Findings) {
		return ""
	}
	return d.Findings[number-1].Severity
}

// worst returns the gravest severity among findings; "" for none.
func worst(d *diagram.Diagram, numbers []int) string {
	best, severity := 0, ""
	for _, n := range numbers {
		s := severityOf(d, n)
		rank := 1
		switch s {
		case "error":
			rank = 3
		case "warning":
			rank = 2
		}
		if rank > best {
			best, severity = rank, s
		}
	}
	return severity
}

// captions returns the lines below a node's name.
func captions(d *diagram.Diagram, n *diagram.Node) []string {
	var lines []string
	for _, c := range n.Caption() {
		if c = plain(c); c != "" {
			lines = append(lines, c)
		}
	}
	if n.Entry {
		if len(lines) == 0 {
			lines = []string{entrySign}
		} else {
			lines[0] = entrySign + " " + lines[0]
		}
	}
	if w := nodeState(n); w != "" {
		if n.DownBefore {
			w += " before"
		}
		lines = append(lines, w)
	}
	if w := changeWords(n.Change, n.ChangeNote); w != "" {
		lines = append(lines, w)
	}
	if m := marks(d, n.Marks); m != "" {
		lines = append(lines, m)
	}
	return lines
}

// nodeLines returns what a node says, a line each: its name, and what is below it.
func nodeLines(d *diagram.Diagram, n *diagram.Node) []string {
	below := captions(d, n)
	if n.Role == diagram.ChoiceNode {
		return below
	}
	var lines []string
	lines = append(lines, wrap(plain(n.Name), nameWidth)...)
	for _, l := range below {
		lines = append(lines, wrap(l, nameWidth+8)...)
	}
	return lines
}

// edgeLabel returns what stands on a line; "" for nothing.
func edgeLabel(d *diagram.Diagram, e *diagram.Edge) string {
	parts := []string{}
	if e.Change != diagram.NotChanged {
		parts = append(parts, e.Change.Sign())
	}
	if l := plain(e.Label()); l != "" {
		parts = append(parts, l)
	}
	if m := marks(d, e.Marks); m != "" {
		parts = append(parts, m)
	}
	switch e.State {
	case diagram.Failed, diagram.Down:
		parts = append(parts, "✖")
	case diagram.Degraded:
		parts = append(parts, "≈")
	}
	return strings.Join(parts, " ")
}

// asyncLabel returns what stands on a line in a language that has no arrowhead for what is asynchronous.
func asyncLabel(d *diagram.Diagram, e *diagram.Edge) string {
	label := edgeLabel(d, e)
	if !async(e) {
		return label
	}
	sign := ""
	if e.Change != diagram.NotChanged {
		sign = e.Change.Sign() + " "
		label = strings.TrimPrefix(strings.TrimPrefix(label, e.Change.Sign()), " ")
	}
	if label == "" {
		return sign + "async"
	}
	return sign + "async · " + label
}

// outlined returns the gravest severity of findings whose colour their outline has; "" where colours tell what changed.
func outlined(d *diagram.Diagram, numbers []int) string {
	if d.Changed {
		return ""
	}
	return worst(d, numbers)
}

// edgeColor returns the colour of a line.
func edgeColor(d *diagram.Diagram, e *diagram.Edge) string {
	if s := outlined(d, e.Marks); s != "" && e.Change == diagram.NotChanged {
		return severityLine(s)
	}
	if f, ok := stateLook(e.State); ok {
		return f.line
	}
	if f, ok := changeLook(e.Change); ok {
		return f.line
	}
	if d.Changed && len(e.Marks)+len(e.OnPath) > 0 {
		return ink
	}
	if s := outlined(d, e.OnPath); s != "" {
		return severityLine(s)
	}
	switch {
	case e.Faded:
		return faded.line
	case e.InCycle:
		return cycleLine
	case d.Changed:
		return unchanged.line
	}
	return lineColor
}

// heavy reports whether a line is drawn thick.
func heavy(e *diagram.Edge) bool {
	return len(e.Marks) > 0 || len(e.OnPath) > 0 || e.State != diagram.Works || e.InCycle && !e.Faded ||
		e.Change == diagram.WasAdded || e.Change == diagram.WasChanged
}

// gone reports whether a line is only drawn to show that it was removed.
func gone(e *diagram.Edge) bool { return e.Change == diagram.WasRemoved }

func async(e *diagram.Edge) bool { return e.Mode == schema.Async }
func soft(e *diagram.Edge) bool  { return e.Strength == schema.Soft }
func phased(e *diagram.Edge) bool {
	return e.When != schema.Runtime && e.When != ""
}

// groupTitle returns a group's label.
func groupTitle(d *diagram.Diagram, g *diagram.Group) string {
	title := plain(g.Name)
	if w := stateWord(g.State); w != "" {
		title += " · " + w
	}
	if w := g.Change.Words(""); w != "" {
		title += " · " + w
	}
	if m := marks(d, g.Marks); m != "" {
		title += " " + m
	}
	return title
}

// heading returns the title and, joined to it, the subtitle.
func heading(d *diagram.Diagram) (title, subtitle string) {
	subtitle = plain(d.Subtitle)
	if s := plain(d.Stamp); s != "" {
		if subtitle != "" {
			subtitle += " · "
		}
		subtitle += s
	}
	return plain(d.Title), subtitle
}

// tip returns what a node tells besides its label: description, team, tags, links.
func tip(n *diagram.Node) []string {
	var lines []string
	add := func(label, s string) {
		if s = plain(s); s != "" {
			lines = append(lines, label+s)
		}
	}
	add("", n.Description)
	add("team: ", n.Team)
	add("tags: ", strings.Join(n.Tags, ", "))
	for i, l := range n.Links {
		if a := address(l.URL); a != "" && (i > 0 || l.Label != "") {
			add(plain(l.Label)+": ", a)
		}
	}
	return lines
}

// link returns the first address of a node that may be followed; "" for none.
func link(n *diagram.Node) string {
	for _, l := range n.Links {
		if a := address(l.URL); a != "" {
			return a
		}
	}
	return ""
}

// findingLine returns one finding in one line: "◆1 single point of failure orders-db: …".
func findingLine(f *diagram.Finding) string {
	s := severitySign(f.Severity) + strconv.Itoa(f.Number) + " " + plain(f.Rule)
	if f.Message != "" {
		s += ": " + plain(f.Message)
	}
	return s
}

// failureLines tells what the chosen failures bring down.
func failureLines(f *diagram.Failure) []string {
	if f == nil {
		return nil
	}
	var lines []string
	add := func(label string, names []string) {
		for i, n := range names {
			names[i] = plain(n)
		}
		if len(names) > 0 {
			lines = append(lines, label+strings.Join(names, ", "))
		}
	}
	add("Failed: ", append([]string(nil), f.Events...))
	lines = append(lines, fmt.Sprintf("%d down, %d degraded; %d of %d journeys lost, %d degraded", f.Down, f.Degraded, len(f.Lost), f.Journeys, len(f.Limping)))
	add("Journeys lost: ", append([]string(nil), f.Lost...))
	add("Journeys degraded: ", append([]string(nil), f.Limping...))
	if f.DownBefore+f.DegradedBefore > 0 {
		lines = append(lines, fmt.Sprintf("Already before: %d down, %d degraded", f.DownBefore, f.DegradedBefore))
	}
	add("Journeys already lost before: ", append([]string(nil), f.LostBefore...))
	add("Journeys already degraded before: ", append([]string(nil), f.LimpingBefore...))
	return lines
}

// replicated reports whether a node stands for several copies.
func replicated(n *diagram.Node) bool {
	return n.Role == diagram.ModuleNode && n.Replicas > 1
}

// children returns, for each group and, last, for none, its groups and nodes by index.
func children(d *diagram.Diagram) (groups, nodes [][]int) {
	none := len(d.Groups)
	groups, nodes = make([][]int, none+1), make([][]int, none+1)
	for i, g := range d.Groups {
		p := g.Parent
		if p < 0 || p >= i {
			p = none
		}
		groups[p] = append(groups[p], i)
	}
	for i, n := range d.Nodes {
		p := n.Group
		if p < 0 || p >= none {
			p = none
		}
		nodes[p] = append(nodes[p], i)
	}
	return groups, nodes
}
