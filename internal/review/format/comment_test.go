package format

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"

	"lintel/internal/review"
	"lintel/rules"
	"lintel/schema"
)

// hostileNames are what authors could write to make a comment say something else.
var hostileNames = []string{
	"orders", "orders-db", "@user", "@org/team", "#123", "owner/repo#1", "GH-12", "!7", "%1", "a|b", `a\|b`, `a\`, "`", "``x``", "a`b|c`d",
	"</details>", "<details><summary>x", "<!-- x -->", "-->", "<script>alert(1)</script>", "<img src=x>", "a\nb", "\n\n# heading\n\n", "```", "~~~",
	"\n```\n", "| a | b |", "---", "*a*", "**a**", "_a_", "[x](http://evil.example)", "![x](http://evil.example)", "http://evil.example", "https://evil.example/@user",
	"www.evil.example", "a@evil.example", "mailto:a@evil.example", "xmpp:a@evil.example", "ftp://evil.example", ":smile:", "&lt;", "&#64;user", "&commat;user", "$x$", "$$x$$", "1. x", "- x", "> x", "  ", "\t", "\u202eabc", "\x1b[31m",
	"\x00", "\xff", "\u200b@user", "店", "👩‍👩‍👧", strings.Repeat("x", 500), strings.Repeat("|", 500), strings.Repeat("`", 500), strings.Repeat("</details>", 50), strings.Repeat("店|@a #1 ", 70),
	"a -> b", "[^1]", "[^1]: note", "==x==", "~~x~~", "H~2~O", "lintel-review:other", "<!-- lintel-review:other -->", "(c)", "x\r\ny",
}

// randomReport draws a review of any size, of things with hostile names. It need not make sense: a comment has to be
// right whatever it tells.
func randomReport(t *rapid.T) *Report {
	some := rapid.SampledFrom(hostileNames)
	name := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(some, 1, 3).Draw(t, "parts"), rapid.SampledFrom([]string{"", " ", "|"}).Draw(t, "between"))
	})
	var names []string
	for range 20 {
		names = append(names, name.Draw(t, "name"))
	}
	seed := rapid.IntRange(0, 1<<20).Draw(t, "seed")
	pick := func() string {
		seed = (seed*1103515245 + 12345) & 0x7fffffff
		return names[(seed>>8)%len(names)]
	}
	several := func(n int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = pick()
		}
		return out
	}
	count := rapid.SampledFrom([]int{0, 1, 1, 2, 5, 100}).Draw(t, "count of designs")
	sizes := []int{0, 1, 3, 20}
	if count <= 2 {
		sizes = append(sizes, 200, 1500)
	}
	size := rapid.SampledFrom(sizes)
	rule := &rules.Rule{ID: "RES001", Name: "single-point-of-failure", Severity: rules.Error}
	policy := &rules.Rule{ID: "POL/" + pick(), Name: pick(), Severity: rules.Warning}
	place := func() schema.Range {
		return schema.Range{File: pick(), StartLine: 1, StartColumn: 1, EndLine: 1, EndColumn: 2}
	}
	findings := func() []*rules.Finding {
		var out []*rules.Finding
		for i := range size.Draw(t, "findings") {
			f := &rules.Finding{Rule: rule, Severity: rules.Severity(1 + i%3), System: pick(), Subject: rules.Subject{Kind: rules.OfModule, Name: pick()},
				Message: pick() + " fails " + pick(), Location: place(), Path: several(i % 12), Journeys: several(i % 9), Suggestions: several(i % 3)}
			if i%5 == 0 {
				f.Rule = policy
				f.Waiver = &schema.Waiver{Reason: pick(), Ticket: pick()}
			}
			out = append(out, f)
		}
		return out
	}
	changes := func(label string) []review.Change {
		var out []review.Change
		for i := range size.Draw(t, label) {
			c := review.Change{Kind: []review.Kind{review.OfModule, review.OfDependency, review.OfFailureDomain, review.OfWaiver}[i%4],
				Status: []review.Status{review.Added, review.Removed, review.Changed, review.Renamed}[i/2%4], Name: pick(), Place: place()}
			if c.Status == review.Renamed {
				c.OldName = pick()
			}
			for range i % 14 {
				c.Fields = append(c.Fields, review.FieldChange{Field: pick(), Old: pick(), New: pick(), Effect: review.Weakens})
			}
			out = append(out, c)
		}
		return out
	}
	state := func() *rules.Result { return &rules.Result{Design: &schema.Design{System: pick(), Path: pick()}} }
	r := &Report{Version: "v1.2.3", Tag: "lintel", FailOn: NewError, Prefix: pick(), Notes: several(rapid.IntRange(0, 30).Draw(t, "notes"))}
	r.Old.Name, r.New.Name = pick(), pick()
	for range rapid.SampledFrom([]int{0, 0, 1, 40}).Draw(t, "faults") {
		r.New.Errors = append(r.New.Errors, schema.Error{Pos: place(), Message: pick(), Hint: pick()})
	}
	for range count {
		d := &Design{Comparison: &review.Comparison{Status: review.Changed, Old: state(), New: state()}}
		d.Changes, d.Settings = changes("changes"), changes("settings")
		d.Findings = review.Findings{New: findings(), Fixed: findings(), Unchanged: findings(), Waived: findings()}
		d.Silenced = findings()
		for range size.Draw(t, "points") {
			d.Gained = append(d.Gained, review.SinglePoint{Kind: rules.OfModule, Name: pick(), Journeys: several(9), Path: several(4)})
		}
		for range size.Draw(t, "journeys") {
			d.Journeys = append(d.Journeys, review.JourneyChange{Name: pick(), Status: review.Changed, NewSinglePoints: 1, SurvivesOld: several(2)})
		}
		for range size.Draw(t, "modules") {
			d.Modules = append(d.Modules, review.ModuleFigures{Name: pick(), OldBlast: -1, NewBlast: 3})
		}
		for i := range d.Findings.Unchanged {
			if i < 5 {
				f := d.Findings.Unchanged[i]
				d.Findings.Changed = append(d.Findings.Changed, review.FindingChange{Old: f, New: f, GainedJourneys: several(3)})
			}
		}
		d.Overlay = rapid.SampledFrom([]string{"", "flowchart TB\n  n0 --> n1\n", "flowchart TB\n" + strings.Repeat("  n0@{ label: \"x\" }\n", 2000)}).Draw(t, "overlay")
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			d.Old, d.Status = nil, review.Added
		case 1:
			d.New, d.Status = nil, review.Removed
		}
		r.Designs = append(r.Designs, d)
	}
	return r
}

func TestCommentsFitAndAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkComment(t, randomReport(t)) })
}

func TestSampleComments(t *testing.T) {
	for _, r := range samples(t) {
		checkComment(t, r)
	}
}

type tester interface {
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// ownHTML is all HTML that a comment may hold.
var ownHTML = regexp.MustCompile(`^(<!-- lintel-review:lintel -->|<details><summary>[A-Za-z0-9 ,]*</summary>|</details>|<br>|<sub>|</sub>)$`)

// mention is what code hosts take for a person, an issue or a change in text that is not code.
var mention = regexp.MustCompile(`@[\w]|#\d|![\d]|%\d|(?i)gh-\d|:\w+:`)

func checkComment(t tester, r *Report) {
	var b strings.Builder
	if err := Markdown(&b, r); err != nil {
		t.Fatalf("%v", err)
	}
	out := b.String()
	if len(out) >= maxComment {
		t.Fatalf("%d bytes", len(out))
	}
	first, rest, _ := strings.Cut(out, "\n")
	if first != "<!-- lintel-review:lintel -->" || !strings.HasPrefix(rest, "## lintel: ") || strings.Contains(rest, "<!--") {
		t.Errorf("the comment starts with %q", first)
	}
	for _, c := range out {
		if c < ' ' && c != '\n' || c == 0x7f || c == 0x202e || c == 0xfffe {
			t.Errorf("the comment holds %q", c)
		}
	}
	source := []byte(out)
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote)).Parser().Parse(text.NewReader(source))
	depth, rows, fences := 0, 0, 0
	ours := func(s string) {
		for part := range strings.SplitSeq(strings.TrimSpace(s), "\n") {
			if !ownHTML.MatchString(part) {
				t.Errorf("HTML that is not lintel's: %q", part)
			}
			depth += strings.Count(part, "<details>") - strings.Count(part, "</details>")
			if depth < 0 || depth > 1 {
				t.Errorf("folds are not closed, or in each other")
			}
		}
	}
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.HTMLBlock:
			var block strings.Builder
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				block.Write(line.Value(source))
			}
			if n.HasClosure() {
				block.Write(n.ClosureLine.Value(source))
			}
			ours(block.String())
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				segment := n.Segments.At(i)
				ours(string(segment.Value(source)))
			}
		case *ast.FencedCodeBlock:
			fences++
			if string(n.Language(source)) != "mermaid" || !strings.Contains(out, string(n.Lines().Value(source))+"```\n") {
				t.Errorf("a fence that is not lintel's")
			}
			if !slices.ContainsFunc(r.Designs, func(d *Design) bool { return d.Overlay == string(n.Lines().Value(source)) }) {
				t.Errorf("a diagram is not whole")
			}
		case *ast.Heading:
			if n.Level != 2 && n.Level != 3 {
				t.Errorf("a heading of level %d", n.Level)
			}
		case *ast.Emphasis:
			if s := textOf(n, source); !slices.Contains([]string{"error", "warning", "info", "gained", "Settings", "Not everything was compared:"}, s) {
				t.Errorf("emphasis on %q", s)
			}
		case *ast.Text:
			if _, code := n.Parent().(*ast.CodeSpan); !code {
				if s := html.UnescapeString(string(n.Segment.Value(source))); mention.MatchString(s) {
					t.Errorf("a mention or reference in %q", s)
				}
			}
		case *east.TableRow, *east.TableHeader:
			rows++
		case *ast.Link, *ast.AutoLink, *ast.Image, *ast.CodeBlock, *ast.Blockquote, *ast.ThematicBreak, *east.Strikethrough, *east.FootnoteLink, *east.TaskCheckBox:
			t.Errorf("%s: %q", n.Kind(), textOf(n, source))
		case *ast.List:
			if n.IsOrdered() {
				t.Errorf("an ordered list")
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	if depth != 0 {
		t.Errorf("a fold is not closed")
	}
	if got := strings.Count(out, "```"); got != 2*fences {
		t.Errorf("%d fence lines for %d diagrams", got, fences)
	}
	// Every row that was written is one of a table, with as many cells as its head has.
	lines, columns := 0, 0
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		bars := strings.Count(line, "|")
		if columns == 0 {
			columns = bars
		}
		if bars != columns {
			t.Errorf("%d bars, not %d, in %q", bars, columns, line)
		}
		if !strings.HasPrefix(line, "| ---") {
			lines++
		}
	}
	if lines != rows {
		t.Errorf("%d rows were written, %d are read", lines, rows)
	}
}

// textOf gives the text in a node.
func textOf(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// TestCommentSaysWhatItLeavesOut: what does not fit is counted.
func TestCommentSaysWhatItLeavesOut(t *testing.T) {
	d := &Design{Comparison: &review.Comparison{Status: review.Changed, Old: &rules.Result{Design: &schema.Design{System: "shop", Path: "shop.cue"}}}}
	d.New = d.Old
	for i := range 3000 {
		d.Changes = append(d.Changes, review.Change{Kind: review.OfModule, Status: review.Added, Name: fmt.Sprintf("module-%d-%s", i, strings.Repeat("x", 60))})
	}
	d.Overlay = "flowchart TB\n" + strings.Repeat("  n0@{ label: \"x\" }\n", 2000)
	var b strings.Builder
	if err := Markdown(&b, &Report{Tag: "lintel", Designs: []*Design{d}}); err != nil {
		t.Fatal(err)
	}
	shown := strings.Count(b.String(), "`module-")
	if want := fmt.Sprintf("… and %d more", 3000-shown); !strings.Contains(b.String(), want) {
		t.Errorf("%d of 3000 are shown, and the comment does not say %q", shown, want)
	}
	if strings.Contains(b.String(), "mermaid") || !strings.Contains(b.String(), "More does not fit into a comment") {
		t.Errorf("the diagram is left out, and nothing says so")
	}
	if !strings.Contains(b.String(), "\n<summary>") && strings.Count(b.String(), "</details>") != 1 {
		t.Errorf("one fold is expected")
	}
}

func TestCheckTag(t *testing.T) {
	for tag, ok := range map[string]bool{"lintel": true, "shop/designs_1.2": true, "": false, "a b": false, "a-->": false, "--": false, strings.Repeat("x", 101): false, "a\nb": false} {
		if err := CheckTag(tag); (err == nil) != ok {
			t.Errorf("%q: %v", tag, err)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"店店店店", 3, "店店…"}, {"", 3, ""}} {
		if got := cut(c.s, c.n); got != c.want {
			t.Errorf("cut(%q, %d) = %q", c.s, c.n, got)
		}
	}
}
