package svg

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
	"lintel/schema"
)

// allowed lists the elements that a picture may have, and their attributes.
var allowed = map[string]string{
	"svg":   "xmlns version role aria-labelledby viewBox width height font-family fill stroke-linecap stroke-linejoin text-rendering",
	"title": "id",
	"desc":  "id",
	"style": "",
	"g":     "id class opacity",
	"a":     "href target rel",
	"path":  "d fill stroke stroke-width stroke-dasharray",
	"text":  "x y font-size font-weight direction unicode-bidi text-anchor space fill",
}

// check parses a picture and holds it to what it may contain; it returns the texts, in order.
func check(t interface{ Fatalf(string, ...any) }, data []byte) (texts []string) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	ids := map[string]bool{}
	depth := 0
	in := ""
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("it is no XML: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			attributes, ok := allowed[tok.Name.Local]
			if !ok {
				t.Fatalf("the element %s", tok.Name.Local)
			}
			if (tok.Name.Local == "svg") != (depth == 0) {
				t.Fatalf("%s at depth %d", tok.Name.Local, depth)
			}
			for _, a := range tok.Attr {
				if !strings.Contains(" "+attributes+" ", " "+a.Name.Local+" ") {
					t.Fatalf("%s has the attribute %s", tok.Name.Local, a.Name.Local)
				}
				switch a.Name.Local {
				case "id":
					if ids[a.Value] {
						t.Fatalf("the id %s stands twice", a.Value)
					}
					ids[a.Value] = true
				case "href":
					if !regexp.MustCompile(`^(https?://|mailto:)`).MatchString(a.Value) {
						t.Fatalf("a link to %q", a.Value)
					}
				}
			}
			depth++
			in = tok.Name.Local
			if in == "text" {
				texts = append(texts, "")
			}
		case xml.EndElement:
			depth--
			in = ""
		case xml.CharData:
			if in == "text" {
				texts[len(texts)-1] += string(tok)
			}
			if in == "style" && !regexp.MustCompile(`^(@font-face\{font-family:'[\w ]+';font-weight:[\d ]+;src:url\(data:font/ttf;base64,[A-Za-z0-9+/=]+\) format\('truetype'\)\})*$`).Match(tok) {
				t.Fatalf("the style %.200q", tok)
			}
		case xml.Comment, xml.Directive:
			t.Fatalf("a comment or directive: %v", tok)
		}
	}
	if !utf8.Valid(data) {
		t.Fatalf("it is not UTF-8")
	}
	for _, d := range regexp.MustCompile(` (?:d|x|y|width|height|viewBox|stroke-width|stroke-dasharray|font-size)="([^"]*)"`).FindAllSubmatch(data, -1) {
		if regexp.MustCompile(`\.\d{3}|NaN|Inf|e[-+]?\d`).Match(d[1]) {
			t.Fatalf("the numbers %.80q", d[1])
		}
	}
	return texts
}

func anyText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"\"'<&>", "]]>", "-->", "</style><script>alert(1)</script>", "</text></svg>", "line\nbreak\r\n", "\x00\x01\x1f\x7f\u0085",
			"\xff\xfe\xed\xa0\x80", "\uFFFE\uFFFF\uFDD0", "\u202Eabc", "אבג", "مرحبا 12", "  a  b ", "订单", "🚀", strings.Repeat("<", 500), "&#0;", "&amp;", "<!ENTITY x>"}),
		rapid.String(),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) }),
	)
}

// scenes generates scenes of any content.
func scenes() *rapid.Generator[*scene.Scene] {
	return rapid.Custom(func(t *rapid.T) *scene.Scene {
		text := anyText()
		ink := rapid.Custom(func(t *rapid.T) scene.Ink { return scene.Ink(rapid.IntRange(0, scene.Inks-1).Draw(t, "ink")) })
		coordinate := rapid.OneOf(rapid.Float64Range(-1e4, 1e4), rapid.Float64())
		point := func() layout.Point {
			return layout.Point{X: coordinate.Draw(t, "x"), Y: coordinate.Draw(t, "y")}
		}
		n := 0
		var group func(depth int) *scene.Group
		group = func(depth int) *scene.Group {
			g := &scene.Group{ID: fmt.Sprintf("n%d", n), Class: "node", Title: text.Draw(t, "title"), Description: text.Draw(t, "description"),
				URL: rapid.OneOf(text, rapid.SampledFrom([]string{"https://example.com/?a=b&c=\"d\"", "javascript:alert(1)", "mailto:a@b"})).Draw(t, "url")}
			n++
			for range rapid.IntRange(0, 4).Draw(t, "items") {
				switch rapid.IntRange(0, 2).Draw(t, "kind") {
				case 0:
					if depth < 3 {
						g.Items = append(g.Items, group(depth+1))
					}
				case 1:
					p := &scene.Path{Fill: ink.Draw(t, "fill"), Stroke: ink.Draw(t, "stroke"), Width: 1.234, Dash: []float64{1, 0.333}}
					p.Segments = append(p.Segments, scene.Segment{Op: scene.Move, P: point()})
					for range rapid.IntRange(0, 4).Draw(t, "segments") {
						p.Segments = append(p.Segments, scene.Segment{Op: scene.Op(rapid.IntRange(0, 3).Draw(t, "op")), P: point(), C1: point(), C2: point()})
					}
					g.Items = append(g.Items, p)
				default:
					g.Items = append(g.Items, &scene.Text{At: point(), Anchor: scene.Anchor(rapid.IntRange(0, 2).Draw(t, "anchor")),
						Style: typeset.Style{Size: 11, Bold: rapid.Bool().Draw(t, "bold")}, Ink: ink.Draw(t, "ink"), String: text.Draw(t, "text")})
				}
			}
			return g
		}
		return &scene.Scene{Width: 100, Height: 50, Title: text.Draw(t, "title"), Description: text.Draw(t, "description"), Root: *group(0)}
	})
}

func written(t interface{ Fatal(...any) }, s *scene.Scene, theme scene.Theme) []byte {
	var b bytes.Buffer
	if err := Write(&b, s, theme); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteIsWellFormed(t *testing.T) {
	light := scene.Themes()[0]
	rapid.Check(t, func(t *rapid.T) {
		s := scenes().Draw(t, "scene")
		data := written(t, s, light)
		check(t, data)
		if !bytes.Equal(data, written(t, s, light)) {
			t.Fatal("the second picture differs")
		}
		var b bytes.Buffer
		if err := Fragment(&b, s, "p3-", func(i scene.Ink) string { return "var(--ink-" + i.String() + ")" }); err != nil {
			t.Fatal(err)
		}
		check(t, b.Bytes())
	})
}

func FuzzWrite(f *testing.F) {
	f.Add("orders", "https://example.com")
	f.Add("</style><script>", "javascript:alert(1)")
	f.Add("\xff\x00]]>-->", "mailto:x\"onclick=")
	light := scene.Themes()[0]
	f.Fuzz(func(t *testing.T, text, url string) {
		s := &scene.Scene{Width: 10, Height: 10, Title: text, Description: text}
		s.Root.Items = []scene.Item{&scene.Group{ID: "n0", Title: text, Description: text, URL: url, Items: []scene.Item{
			&scene.Text{Style: typeset.Style{Size: 11}, Ink: scene.Foreground, String: text}}}}
		check(t, written(t, s, light))
	})
}

// The texts of a picture are those of its scene.
func TestTextsCanBeReadBack(t *testing.T) {
	for _, text := range []string{"orders", "a  b", " x", "<&>\"'", "אבג 12", "订单 🚀", "a\u00a0b"} {
		s := &scene.Scene{Width: 10, Height: 10}
		s.Root.Items = []scene.Item{&scene.Text{Style: typeset.Style{Size: 11}, Ink: scene.Foreground, String: text}}
		got := check(t, written(t, s, scene.Themes()[0]))
		if len(got) != 1 || got[0] != typeset.Clean(text) {
			t.Errorf("%q is read back as %q", text, got)
		}
	}
}

// A line from right to left keeps its place: SVG counts its anchors from the right.
func TestAnchors(t *testing.T) {
	for _, c := range []struct {
		text   string
		anchor scene.Anchor
		want   string
	}{
		{"abc", scene.Start, ``},
		{"abc", scene.Middle, ` text-anchor="middle"`},
		{"abc", scene.End, ` text-anchor="end"`},
		{"אבג", scene.Start, ` direction="rtl" unicode-bidi="isolate" text-anchor="end"`},
		{"אבג", scene.Middle, ` direction="rtl" unicode-bidi="isolate" text-anchor="middle"`},
		{"אבג", scene.End, ` direction="rtl" unicode-bidi="isolate"`},
	} {
		s := &scene.Scene{Width: 10, Height: 10}
		s.Root.Items = []scene.Item{&scene.Text{Anchor: c.anchor, Style: typeset.Style{Size: 11}, Ink: scene.Foreground, String: c.text}}
		want := `font-size="11"` + c.want + ` fill="`
		if got := written(t, s, scene.Themes()[0]); !bytes.Contains(got, []byte(want)) {
			t.Errorf("%q at %d: no %s in %s", c.text, c.anchor, want, got[bytes.Index(got, []byte("<text")):])
		}
	}
}

func TestPathData(t *testing.T) {
	p := func(x, y float64) layout.Point { return layout.Point{X: x, Y: y} }
	for want, segments := range map[string][]scene.Segment{
		"M0 0h10v-5.25l-.5 2z": {{Op: scene.Move}, {Op: scene.Line, P: p(10, 0)}, {Op: scene.Line, P: p(10, -5.25)}, {Op: scene.Line, P: p(9.5, -3.25)}, {Op: scene.Close}},
		"M1.5 2c1 0 2 1 2.5-1": {{Op: scene.Move, P: p(1.5, 2)}, {Op: scene.Curve, C1: p(2.5, 2), C2: p(3.5, 3), P: p(4, 1)}},
		"M1 1h1zv1":            {{Op: scene.Move, P: p(1, 1)}, {Op: scene.Line, P: p(2, 1)}, {Op: scene.Close}, {Op: scene.Line, P: p(1, 2)}},
		"M.01-.01h.01 .01":     {{Op: scene.Move, P: p(0.0149, -0.01)}, {Op: scene.Line, P: p(0.0249, -0.01)}, {Op: scene.Line, P: p(0.03, -0.01)}},
	} {
		if got := pathData(segments); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// Steps are relative, and still no error adds up.
func TestPathsDoNotDrift(t *testing.T) {
	var segments []scene.Segment
	segments = append(segments, scene.Segment{Op: scene.Move})
	for i := 1; i <= 3000; i++ {
		segments = append(segments, scene.Segment{Op: scene.Line, P: layout.Point{X: float64(i) / 3, Y: float64(i) / 7}})
	}
	var x, y float64
	for _, m := range regexp.MustCompile(`l?(-?\d*\.?\d+) ?(-?\d*\.?\d+)`).FindAllStringSubmatch(strings.TrimPrefix(pathData(segments), "M0 0"), -1) {
		var dx, dy float64
		fmt.Sscan(m[1], &dx)
		fmt.Sscan(m[2], &dy)
		x, y = x+dx, y+dy
	}
	if x < 999.99 || x > 1000.01 || y < 428.56 || y > 428.58 {
		t.Errorf("the path ends at %v, %v", x, y)
	}
}

// matrixScene is a real scene that needs no engine.
func matrixScene(t *testing.T) *scene.Scene {
	t.Helper()
	d := &diagram.Diagram{System: "shop", Title: "Shop \"<&>", Description: "A matrix.", View: diagram.ViewMatrix, Matrix: &diagram.Matrix{
		Rows:  []diagram.MatrixRow{{Name: "web", Kind: schema.Frontend}, {Name: "注文", Kind: schema.Service}, {Name: "מסד", Kind: schema.Database}},
		Cells: []diagram.MatrixCell{{Row: 0, Column: 1, Count: 1, Hard: true}, {Row: 1, Column: 2, Count: 2}},
	}}
	s, _, err := scene.Draw(context.Background(), d, layout.Engine{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWriteNamesThePicture(t *testing.T) {
	s := matrixScene(t)
	got := string(written(t, s, scene.Themes()[0]))
	for _, want := range []string{`aria-labelledby="title desc"`, `<title id="title">Shop &quot;&lt;&amp;&gt;</title>`, `<desc id="desc">A matrix.</desc>`,
		`font-family:'lintel Inter';font-weight:400;`, `font-family:'lintel Inter';font-weight:600;`} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %s", want)
		}
	}
	if strings.Contains(got, "var(") {
		t.Error("colours depend on a page")
	}
	var b bytes.Buffer
	if err := Fragment(&b, s, "v1-", func(i scene.Ink) string { return "var(--ink-" + i.String() + ")" }); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`aria-labelledby="v1-title v1-desc"`, `id="v1-desc"`, `fill="var(--ink-foreground)"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("there is no %s in the fragment", want)
		}
	}
	if strings.Contains(b.String(), "#") || strings.Contains(b.String(), "<?xml") || strings.Contains(b.String(), "<style") {
		t.Error("a fragment has colours, a declaration or a style of its own")
	}
}

// external finds a program that tests compare with. Where it is absent the test is skipped, except in CI.
func external(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return path
}

func TestXmllintReadsPictures(t *testing.T) {
	program := external(t, "xmllint")
	dir := t.TempDir()
	var files []string
	write := func(data []byte) {
		name := filepath.Join(dir, fmt.Sprintf("%d.svg", len(files)))
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	for _, theme := range scene.Themes() {
		write(written(t, matrixScene(t), theme))
	}
	rapid.Check(t, func(rt *rapid.T) {
		if len(files) < 60 {
			write(written(t, scenes().Draw(rt, "scene"), scene.Themes()[0]))
		}
	})
	out, err := exec.Command(program, append([]string{"--noout", "--nonet"}, files...)...).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("xmllint: %v\n%.2000s", err, out)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteGivesErrors(t *testing.T) {
	if err := Write(brokenWriter{}, matrixScene(t), scene.Themes()[0]); err == nil || err.Error() != "disk full" {
		t.Errorf("the error is %v", err)
	}
}

func TestTurnedText(t *testing.T) {
	s := &scene.Scene{Width: 10, Height: 10, Root: scene.Group{Items: []scene.Item{
		&scene.Text{At: layout.Point{X: 4, Y: 5}, Style: typeset.Style{Size: 11}, Ink: scene.Foreground, String: "orders", Angle: -60}}}}
	if got := string(written(t, s, scene.Themes()[0])); !strings.Contains(got, `<text x="4" y="5" font-size="11" transform="rotate(-60 4 5)"`) {
		t.Errorf("the line is not turned: %s", got)
	}
}

// SVG has no links within links: what leads elsewhere stands beside the link around it.
func TestLinksAreNotNested(t *testing.T) {
	path := func() scene.Item {
		return &scene.Path{Segments: []scene.Segment{{Op: scene.Move}, {Op: scene.Line, P: layout.Point{X: 9, Y: 9}}}, Stroke: scene.Foreground, Width: 1}
	}
	s := &scene.Scene{Width: 10, Height: 10, Root: scene.Group{Items: []scene.Item{&scene.Group{ID: "n0", URL: "https://a.example", Items: []scene.Item{
		path(),
		&scene.Group{URL: "https://b.example", Title: "b", Items: []scene.Item{path()}},
		&scene.Group{URL: "https://c.example", Title: "c", Items: []scene.Item{path()}},
		path(),
	}}}}}
	got := string(written(t, s, scene.Themes()[0]))
	order := ""
	for _, m := range regexp.MustCompile(`<a href="https://(.)|</a>|<path`).FindAllStringSubmatch(got, -1) {
		switch {
		case m[1] != "":
			order += m[1] + "("
		case m[0] == "</a>":
			order += ")"
		default:
			order += "."
		}
	}
	if order != "a(.)b(.)c(.)a(.)" {
		t.Errorf("links stand as %s in %s", order, got)
	}
}
