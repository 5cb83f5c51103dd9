package page

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

type word struct {
	text                   string
	left, top, right, down float64 // in points
}

// printed prints the page that is open, and returns the words of each of its pages, on sheets of A4.
func (b *browser) printed(name string, landscape bool) [][]word {
	b.t.Helper()
	reader := installed(b.t, "pdftotext")
	var out struct{ Data []byte }
	b.call("Page.printToPDF", map[string]any{"landscape": landscape, "paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": false, "printBackground": false}, &out)
	file := filepath.Join(b.t.TempDir(), "printed.pdf")
	if folder := os.Getenv("LINTEL_SCREENSHOTS"); folder != "" {
		file = filepath.Join(folder, name+".pdf")
	}
	if err := os.WriteFile(file, out.Data, 0o644); err != nil {
		b.t.Fatal(err)
	}
	text, err := exec.Command(reader, "-bbox", file, "-").Output()
	if err != nil {
		b.t.Fatal(err)
	}
	var pages [][]word
	one := regexp.MustCompile(`<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>`)
	for _, part := range strings.Split(string(text), "<page ")[1:] {
		var list []word
		for _, m := range one.FindAllStringSubmatch(part, -1) {
			var n [4]float64
			for i := range n {
				n[i], _ = strconv.ParseFloat(m[i+1], 64)
			}
			list = append(list, word{m[5], n[0], n[1], n[2], n[3]})
		}
		pages = append(pages, list)
	}
	return pages
}

func (b *browser) fits(pages [][]word, landscape bool) {
	b.t.Helper()
	const margin = 11 / 25.4 * 72
	w, h := 8.27*72, 11.69*72
	if landscape {
		w, h = h, w
	}
	for i, p := range pages {
		if len(p) == 0 {
			b.t.Errorf("page %d is empty", i+1)
		}
		for _, x := range p {
			if x.left < margin-1 || x.top < margin-1 || x.right > w-margin+1 || x.down > h-margin+1 {
				b.t.Errorf("page %d: %q at %g, %g to %g, %g is cut off at the margin", i+1, x.text, x.left, x.top, x.right, x.down)
			}
		}
	}
}

func has(p []word, text string) bool {
	for _, w := range p {
		if w.text == text {
			return true
		}
	}
	return false
}

// On paper is all of the drawing, wherever it was moved to, with its legend, on one page; and what was asked for below.
func TestPrinting(t *testing.T) {
	for _, c := range []struct{ name, folder string }{{"online-boutique", "../../../testdata/designs/online-boutique"}, {"shop", "testdata/shop"}} {
		a, page := written(t, loaded(t, c.folder), Options{})
		for _, landscape := range []bool{false, true} {
			name := c.name + "-" + map[bool]string{false: "portrait", true: "landscape"}[landscape]
			t.Run(name, func(t *testing.T) {
				b := newBrowser(t, 1400, 900)
				b.open(saved(t, page), "#view=modules")
				b.drag(spot{60, 120}, spot{500, 700})
				for range 4 {
					b.key("+")
				}
				before := b.text(transform)
				pages := b.printed(name, landscape)
				if len(pages) != 1 {
					t.Fatalf("%d pages", len(pages))
				}
				b.fits(pages, landscape)
				for _, m := range a.Design.Modules {
					if !has(pages[0], m.Name) {
						t.Errorf("%s is missing", m.Name)
					}
				}
				if !has(pages[0], "synchronous") {
					t.Error("the legend is missing")
				}
				left, right := 1e9, 0.0
				for _, w := range pages[0] {
					left, right = min(left, w.left), max(right, w.right)
				}
				if width := map[bool]float64{false: 8.27, true: 11.69}[landscape] * 72; right-left < 0.6*width {
					t.Errorf("the page is %g wide and used from %g to %g", width, left, right)
				}
				if after := b.text(transform); after != before {
					t.Errorf("after printing the drawing stands at %s, before at %s", after, before)
				}
				b.check("nothing of it stays on the screen", `!document.querySelector('#printed-findings > *') && !document.querySelector('svg.picture[viewBox]')`)
			})
		}
	}
}

func TestPrintedFindingsAndFailures(t *testing.T) {
	_, b := shop(t, 1400, 900, Options{}, "#view=modules&marks=1&fail=orders-db")
	pages := b.printed("printed-findings", false)
	b.fits(pages, false)
	if len(pages) < 2 || !has(pages[0], "lost:") || !has(pages[1], "Findings") || !has(pages[0], "error") || !has(pages[0], "orders-db") || !has(pages[0], "recommendations") {
		t.Errorf("%d pages, without result or findings", len(pages))
	}
	listed := false
	for _, p := range pages[min(1, len(pages)):] {
		listed = listed || has(p, "27")
	}
	if !listed {
		t.Error("the last finding is missing")
	}
	b.click("#tab-findings")
	pages = b.printed("printed-findings-leaf", false)
	numbers := 0
	for _, p := range pages[1:] { // the first has the drawing
		for _, w := range p {
			if w.text == "26" && w.left < 100 {
				numbers++
			}
		}
	}
	if numbers != 1 {
		t.Errorf("the last finding but one is listed %d times", numbers)
	}
}
