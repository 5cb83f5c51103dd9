package source

import (
	"math/rand/v2"
	"strings"

	"lintel/internal/diagram"
	"lintel/schema"
)

// hostile holds pieces of text that mean something to one of the languages, or to what their output is put into.
var hostile = []string{
	`"`, `""`, `"""`, `'`, `\`, `\\`, `\"`, `\n`, `\N`, `\G`, `\L`, `\E`, `\l`, "\n", "\r\n", "\r", "\t", "\x00", "\x01", "\x1b[31m", "\x7f",
	"\u0085", "\u2028", "\u2029", "\u200b", "\u200d", "\u202e", "\u2066", "\u200f", "\ufeff", "\ufffd", "\uffff", "\xff", "\xc3", "\xed\xa0\x80",
	"<", ">", "<b>", "</b>", "<br/>", "<br>", "<i>x</i>", "</script>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--", "-->", "<![CDATA[", "]]>",
	"&", "&amp;", "&quot;", "&lt;", "&#34;", "&#x22;", "&nbsp;", "&nosuch;", "#35;", "#quot;", "#lt;b#gt;", "#", "#;", ";", "ﬂ°°60¶ß", "ﬂ°lt¶ß",
	"`", "``", "```", "\"`**a**`\"", "*", "**", "**bold**", "_", "__", "_em_", "~~", "~", "1. one", "- item", "+ x", "# head", "> quote", "    code", "---", "===", "| a | b |", "|", "||", "|md", "|||",
	"end", "graph", "subgraph", "flowchart", "class", "classDef", "style", "style a:#", "linkStyle", "click", "href", "direction", "default", "%%", "%%{init: {}}%%", "%%{", "}%%",
	"$", "$$", "$$x^2$$", "${x}", "$x", "$foo", "${", "}", "{", "{{", "}}", "@", "@{ shape: cyl }", "@startuml", "@enduml", "fa:fa-car", "fab:fa-github:", ":fa-x", ":smile:",
	"(", ")", "[", "]", "[[", "]]", "[[http://example.org]]", "[a](http://example.org)", "http://example.org", "www.example.org", "a@example.org",
	"->", "-->", "<-", "--", "- -", "x -> y", "a.b.c", "*.*", "_", "null", "true", "label", "shape", "vars", "near",
	"!include /etc/passwd", "!define x y", "!", `%getenv("HOME")`, "%newline()", "%date()", "%", "n0", "n1", "g0", "<U+0041>", "<U+", "<color:red>", "</color>", "<size:40>", "<img:/etc/passwd>", "<$sprite>", "<&heart>",
	"//", "//it//", "==", "..", "''", "/'", "'/", "--strike--", "\"\"mono\"\"", "..wave..", "\\t", "\\r",
	"orders", "orders-db", "user_service_v2", "C#", "C++", ".NET", "Node.js", "Ümläut", "注文データベース", "주문", "😀", "👩‍👩‍👧", "שלום", "مرحبا", "ไทย", " ", "  ", "", "e\u0301", "İ", "ß", "ǅ",
	strings.Repeat("x", 500), strings.Repeat("long name ", 50), strings.Repeat("a-b_c.", 80), strings.Repeat("漢", 200), strings.Repeat("\u0301", 100),
}

func hostileText(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(4) {
		b.WriteString(hostile[r.IntN(len(hostile))])
		if r.IntN(3) == 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

var allKinds = []schema.Kind{
	schema.Service, schema.Frontend, schema.Gateway, schema.LoadBalancer, schema.Worker, schema.Job, schema.Function, schema.Database, schema.Cache, schema.Queue,
	schema.ObjectStore, schema.Search, schema.Discovery, schema.Configuration, schema.DNS, schema.Identity, schema.Monitoring, schema.Network, schema.External,
}

// hostileDiagrams returns n diagrams with hostile text in every field: each piece of it as it is, in turn,
// then, in the second half, several pieces joined.
func hostileDiagrams(n int) []*diagram.Diagram {
	r := rand.New(rand.NewPCG(3, 1))
	all := make([]*diagram.Diagram, n)
	next := 0
	for i := range all {
		all[i] = hostileDiagram(r, func() string {
			if i >= n/2 {
				return hostileText(r)
			}
			next++
			return hostile[next%len(hostile)]
		})
		if i%2 == 0 {
			change(rand.New(rand.NewPCG(4, uint64(i))), all[i])
		}
	}
	return all
}

// change says of the parts of a diagram that they came, went or changed, with hostile notes.
func change(r *rand.Rand, d *diagram.Diagram) {
	some := func() (diagram.Change, string) {
		c := diagram.Change(r.IntN(4))
		if c == diagram.NotChanged || r.IntN(3) == 0 {
			return c, ""
		}
		return c, hostileText(r)
	}
	d.Changed = true
	for _, g := range d.Groups {
		g.Change, _ = some()
	}
	for _, n := range d.Nodes {
		n.Change, n.ChangeNote = some()
	}
	for _, e := range d.Edges {
		e.Change, e.ChangeNote = some()
	}
}

func hostileDiagram(r *rand.Rand, text func() string) *diagram.Diagram {
	some := func(n int) []int {
		var list []int
		for i := range n {
			if r.IntN(3) == 0 {
				list = append(list, i+1)
			}
		}
		return list
	}
	state := func() diagram.State {
		if r.IntN(2) == 0 {
			return diagram.Works
		}
		return diagram.State(r.IntN(4))
	}
	d := &diagram.Diagram{System: text(), Title: text(), Subtitle: text(), Description: text(), Stamp: text(), Flow: diagram.FlowDown, Notes: []string{text(), text()}}
	if r.IntN(2) == 0 {
		d.Flow = diagram.FlowRight
	}
	findings := r.IntN(4)
	for i := range findings {
		d.Findings = append(d.Findings, &diagram.Finding{Number: i + 1, Rule: text(), Severity: []string{"error", "warning", "info"}[r.IntN(3)], Subject: text(), Message: text(), Place: text(), Hint: text()})
	}
	for i := range r.IntN(4) {
		d.Groups = append(d.Groups, &diagram.Group{Name: text(), Kind: text(), Parent: r.IntN(i+1) - 1, State: state(), Faded: r.IntN(5) == 0, Marks: some(findings)})
	}
	for i := range len(d.Groups) + 1 + r.IntN(3) {
		if i >= len(d.Groups) { // no group is empty
			i = r.IntN(len(d.Groups)+1) - 1
		}
		n := &diagram.Node{Role: diagram.Role(max(0, r.IntN(6)-3)), Name: text(), Group: i, Kind: allKinds[r.IntN(len(allKinds))],
			Technology: text(), Description: text(), Team: text(), Tags: []string{text(), text()}, Entry: r.IntN(4) == 0, State: state(), Replicas: r.IntN(4), Of: 4,
			Redundancy: text(), Members: 3, Need: 1, Alternatives: 2, Faded: r.IntN(4) == 0, Marks: some(findings), OnPath: some(findings),
			Links: []schema.Link{{Label: text(), URL: text()}, {Label: text(), URL: "javascript:" + text()}, {Label: text(), URL: "https://example.org/" + text()}}}
		if n.Role != diagram.ModuleNode {
			n.Kind = ""
		}
		d.Nodes = append(d.Nodes, n)
	}
	for range r.IntN(6) {
		d.Edges = append(d.Edges, &diagram.Edge{From: r.IntN(len(d.Nodes)), To: r.IntN(len(d.Nodes)), Mode: []schema.Mode{schema.Sync, schema.Async}[r.IntN(2)],
			Strength: []schema.Strength{schema.Hard, schema.Soft}[r.IntN(2)], When: []schema.Phase{schema.Runtime, schema.Startup}[r.IntN(2)], Protocol: text(), Count: 1 + r.IntN(2),
			State: state(), Faded: r.IntN(5) == 0, InCycle: r.IntN(5) == 0, Marks: some(findings), OnPath: some(findings)})
	}
	if r.IntN(3) == 0 {
		d.Failure = &diagram.Failure{Events: []string{text()}, Down: 1, Lost: []string{text(), text()}, Limping: []string{text()}, Journeys: 4}
	}
	return d
}
