package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
)

// names are what the readers have to find.
var names = []string{
	"orders", "Überweisung naïve", "database · PostgreSQL 16", "×3 quorum", `(a) \b) <c> /d %e`, "日本語サービス", "订单服务-v2", "한국어",
	"🚀 launch", "👩‍💻 dev", "خدمة الطلبات", "שירות הזמנות", "Привет, мир", "ที่ปู่",
}

func trial() *scene.Scene {
	s := &scene.Scene{Width: 500, Height: 900, Title: "Trial (1) 寿司", Description: "What is drawn."}
	for i, name := range names {
		y := 30 + 50*float64(i)
		g := &scene.Group{ID: fmt.Sprint("n", i), Title: "node " + strconv.Itoa(i), Description: name, Items: []scene.Item{
			&scene.Path{Fill: scene.Surface, Stroke: scene.ComputeLine, Width: 1.5, Dash: []float64{4, 3}, Segments: rectangle(20, y-20, 300, 40)},
			&scene.Text{At: layout.Point{X: 40, Y: y}, Style: typeset.Style{Size: 14, Bold: i%2 == 0}, Ink: scene.Foreground, String: name},
		}}
		if i == 1 {
			g.URL = "https://example.org/a(b)?q=é&x=\"1\""
		}
		if i == 2 {
			g.URL = "javascript:alert(1)"
		}
		s.Root.Items = append(s.Root.Items, g)
	}
	return s
}

func rectangle(x, y, w, h float64) []scene.Segment {
	at := func(x, y float64) layout.Point { return layout.Point{X: x, Y: y} }
	return []scene.Segment{{P: at(x, y)}, {Op: scene.Line, P: at(x+w, y)}, {Op: scene.Line, P: at(x+w, y+h)}, {Op: scene.Line, P: at(x, y+h)}, {Op: scene.Close}}
}

func write(t *testing.T, s *scene.Scene) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, s, scene.Themes()[0]); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// reads runs a PDF reader on a file. Without the reader the test is skipped, unless it runs in CI, which has it.
func reads(t *testing.T, data []byte, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), "trial.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = path
		}
	}
	run := exec.CommandContext(t.Context(), name, args...)
	var complaints bytes.Buffer
	run.Stderr = &complaints
	out, err := run.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("%s: %v: %s%s", name, err, complaints.String(), out)
	}
	return string(out)
}

// TestText holds that what a reader copies from the page is what was written, in the order in which it is read.
func TestText(t *testing.T) {
	out := reads(t, write(t, trial()), "pdftotext", "FILE", "-")
	// The reader marks directions.
	out = strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "").Replace(out)
	lines := strings.Split(out, "\n")
	for _, name := range names {
		found := false
		for _, l := range lines {
			found = found || strings.TrimSpace(l) == name
		}
		if !found {
			t.Errorf("%q is not in %q", name, lines)
		}
	}
}

func TestFonts(t *testing.T) {
	out := reads(t, write(t, trial()), "pdffonts", "FILE")
	lines := strings.Split(strings.TrimSpace(out), "\n")[2:]
	if len(lines) < 6 {
		t.Errorf("few fonts:\n%s", out)
	}
	for _, l := range lines {
		if !regexp.MustCompile(`^[A-Z]{6}\+\S+\s+CID TrueType\s+Identity-H\s+yes yes yes`).MatchString(l) {
			t.Errorf("not an embedded subset that tells its characters: %s", l)
		}
	}
}

func TestSound(t *testing.T) {
	reads(t, write(t, trial()), "qpdf", "--check", "FILE")
}

func TestFacts(t *testing.T) {
	out := reads(t, write(t, trial()), "pdfinfo", "FILE")
	for _, want := range []string{"Title:           Trial (1) 寿司", "Subject:         What is drawn.", "Tagged:          yes", "Pages:           1", "Page size:       375 x 675 pts", "JavaScript:      no"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	links := reads(t, write(t, trial()), "pdfinfo", "-url", "FILE")
	if !strings.Contains(links, `https://example.org/a(b)?q=%C3%A9&x=`) || strings.Contains(links, "javascript") {
		t.Errorf("links:\n%s", links)
	}
	structure := reads(t, write(t, trial()), "pdfinfo", "-struct-text", "FILE")
	if strings.Count(structure, "Figure") != len(names) || !strings.Contains(structure, `"orders"`) || !strings.Contains(structure, "Link") {
		t.Errorf("structure:\n%s", structure)
	}
}

// TestObjects holds, without a reader, that the table of objects leads to each of them, that every one that is referred to
// is there, and that the file is the same each time.
func TestObjects(t *testing.T) {
	data := write(t, trial())
	if !bytes.Equal(data, write(t, trial())) {
		t.Error("two files of one scene differ")
	}
	checkObjects(t, data)
	for _, want := range []string{"/Alt(node 0. orders)", "/Lang(en)", "/DisplayDocTitle true", "/StructTreeRoot"} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("no %s", want)
		}
	}
	for _, never := range []string{"/CreationDate", "/JavaScript", "/JS", "/Launch"} {
		if bytes.Contains(data, []byte(never)) {
			t.Errorf("there is %s", never)
		}
	}
}

func checkObjects(t *testing.T, data []byte) {
	t.Helper()
	at := bytes.LastIndex(data, []byte("startxref\n"))
	start, err := strconv.Atoi(strings.Fields(string(data[at:]))[1])
	if err != nil || !bytes.HasPrefix(data[start:], []byte("xref\n0 ")) {
		t.Fatal("no table of objects")
	}
	rows := strings.Split(string(data[start:at]), "\n")
	count, _ := strconv.Atoi(strings.Fields(rows[1])[1])
	for i := 1; i < count; i++ {
		offset, _ := strconv.Atoi(rows[2+i][:10])
		if len(rows[2+i]) != 19 || !bytes.HasPrefix(data[offset:], fmt.Appendf(nil, "%d 0 obj\n", i)) {
			t.Fatalf("object %d is not at %d", i, offset)
		}
	}
}

// TestLargePage holds that pages above what readers take have larger units.
func TestLargePage(t *testing.T) {
	s := trial()
	s.Width = 60_000
	data := write(t, s)
	if !bytes.Contains(data, []byte("/MediaBox[0 0 11250 168.75 ]/UserUnit 4")) {
		t.Error("no unit of 4 points")
	}
	for _, wrong := range []float64{0, -1, math.NaN(), math.Inf(1), 1e12} {
		s.Width = wrong
		if err := Write(&bytes.Buffer{}, s, scene.Themes()[0]); err == nil {
			t.Errorf("a page %v wide was written", wrong)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestFullDisk(t *testing.T) {
	if err := Write(full{}, trial(), scene.Themes()[0]); err == nil {
		t.Error("no error")
	}
}

// FuzzWrite writes hostile texts and places.
func FuzzWrite(f *testing.F) {
	f.Add("orders\x00\xff) endobj \\ </script>\u202e", "https://x/)\\", math.NaN(), math.Inf(1), 1e300, -1e300, 1.0)
	f.Add("🚀 خدمة\U0010ffff", "mailto:a@b", 10.0, 20.0, 30.0, 40.0, 3.5)
	f.Add("", "http://[", 1e6, -1e6, 1e9, 5e-324, 1e-9)
	f.Fuzz(func(t *testing.T, text, link string, a, b, c, d, width float64) {
		s := &scene.Scene{Width: 120, Height: 90, Title: text, Description: text}
		path := &scene.Path{Fill: scene.Foreground, Stroke: scene.Ink(uint8(a)), Width: width, Dash: []float64{c, width, d}, Segments: []scene.Segment{
			{Op: scene.Line, P: layout.Point{X: a, Y: b}}, {Op: scene.Curve, C1: layout.Point{X: c, Y: d}, C2: layout.Point{X: b, Y: c}, P: layout.Point{X: d, Y: a}},
			{Op: scene.Close}, {Op: scene.Op(uint8(b)), P: layout.Point{X: 40, Y: 30}}}}
		words := &scene.Text{At: layout.Point{X: a, Y: c}, Anchor: scene.Anchor(uint8(d)), Style: typeset.Style{Size: width}, Ink: scene.Foreground, String: text}
		plain := &scene.Text{At: layout.Point{X: 10, Y: 30}, Style: typeset.Style{Size: 14}, Ink: scene.Foreground, String: text}
		s.Root.Items = []scene.Item{path, words, plain, (*scene.Path)(nil), nil,
			&scene.Group{Opacity: a, Title: text, URL: link, Items: []scene.Item{path, plain, &scene.Group{Opacity: 0.5, Title: "x", URL: link, Items: []scene.Item{words}}}}}
		var out bytes.Buffer
		if err := Write(&out, s, scene.Themes()[0]); err != nil {
			t.Fatal(err)
		}
		checkObjects(t, out.Bytes())
		if bytes.Contains(out.Bytes(), []byte("NaN")) || bytes.Contains(out.Bytes(), []byte("Inf ")) {
			t.Error("a number that is none")
		}
	})
}
