package house

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lintel/internal/generate"
)

//go:generate go test -run "^(TestGallery|TestPicture)$" . -update

// exhibit is one picture of docs/gallery/.
type exhibit struct {
	file    string // without its ending
	design  string // its path; shop.cue is the design of docs/render.md
	args    []string
	heading string
	text    string // for the reader, below the heading; "" leaves the picture out of docs/gallery.md
}

var exhibits = []exhibit{
	{"shop", "shop.cue", nil, "", ""},
	{"shop-zones", "shop.cue", []string{"--group-by", "zone", "--flow", "right"}, "", ""},
	{"shop-matrix", "shop.cue", []string{"--view", "matrix"}, "", ""},
	{"shop-order", "shop.cue", []string{"--journey", "place an order", "--rest", "fade"}, "", ""},
	{"shop-findings", "shop.cue", []string{"--findings"}, "", ""},
	{"shop-outage", "shop.cue", []string{"--fail", "zone-a"}, "", ""},

	{"online-boutique", "testdata/designs/online-boutique", nil, "Online Boutique", "Google's demo shop, as it is deployed by default."},
	{"bank-of-anthos", "testdata/designs/bank-of-anthos", nil, "Bank of Anthos", "Google's demo bank."},
	{"hotel-reservation", "testdata/designs/hotel-reservation", []string{"--flow", "right"}, "Hotel Reservation", "From DeathStarBench, laid out to the right."},
	{"otel-demo", "testdata/designs/otel-demo", []string{"--hide", "kind=monitoring,job"}, "OpenTelemetry Demo", "The Astronomy Shop, without its telemetry and the load generator."},
	{"robot-shop", "testdata/designs/robot-shop", []string{"--theme", "dark"}, "Robot Shop", "Instana's demo shop, in the dark theme."},
	{"sock-shop", "testdata/designs/sock-shop", []string{"--findings"}, "Sock Shop, with findings", "Weaveworks' demo shop, and what `lintel check` finds: numbers on the culprits, the list below."},
	{"train-ticket", "testdata/designs/train-ticket", nil, "Train Ticket", "A benchmark system of more than forty services, from Fudan University."},
	{"train-ticket-matrix", "testdata/designs/train-ticket", []string{"--view", "matrix"}, "Train Ticket as a matrix", "The same as a dependency structure matrix: a row needs the columns that are marked in it."},

	{"facebook-before", "testdata/outages/2021-10-04-facebook/before.cue", []string{"--fail", "backbone"}, "Facebook, 4 October 2021", "Every DNS site at the edge withdrew itself when it could not reach the backbone, and so did the engineers' own access."},
	{"facebook-mended", "testdata/outages/2021-10-04-facebook/mended.cue", []string{"--fail", "backbone"}, "Facebook, mended", "The same failure in a design where DNS and remote access do not go down with the backbone."},
	{"kinesis-before", "testdata/outages/2020-11-25-aws-kinesis/before.cue", []string{"--fail", "kinesis"}, "AWS Kinesis, 25 November 2020", "What stood on Kinesis, the tool for the status page included."},
	{"kinesis-mended", "testdata/outages/2020-11-25-aws-kinesis/mended.cue", []string{"--fail", "kinesis"}, "AWS Kinesis, mended", "The same failure after what could be made independent is."},
	{"roblox-before", "testdata/outages/2021-10-28-roblox/before.cue", []string{"--fail", "consul", "--flow", "right"}, "Roblox, 28 October 2021", "One Consul cluster under everything, telemetry included."},

	{"three-zones", "testdata/wellbuilt/active-active.cue", []string{"--view", "deployment"}, "Where replicas are placed", "A well-built shop, as a deployment view."},
	{"two-regions", "testdata/wellbuilt/multi-region.cue", []string{"--group-by", "region", "--theme", "print"}, "Two regions", "A well-built news site by region, in the theme for print."},
	{"lintel", "docs/lintel.cue", []string{"--flow", "right"}, "lintel itself", "The packages of lintel, from the design that its own tests compare with the source."},
	{"T1-overview", generatedDesign, []string{"--view", "overview"}, "Sixty modules, as an overview", "A generated design; each box is a group, with the number of dependencies on the lines."},
}

// generatedDesign is a file of the repository, for readers to draw, too.
const generatedDesign = "testdata/generated/t1.cue"

// galleryBytes bounds docs/gallery, which every clone has to carry.
const galleryBytes = 3 << 20

// TestGallery holds docs/gallery.md and its pictures to what lintel draws; with -update it writes them.
func TestGallery(t *testing.T) {
	lintel := filepath.Join(binaries(t), "lintel")
	dir := t.TempDir()
	compareFile(t, "../../"+generatedDesign, generate.CUE(generate.Design(generate.T1, 1)))
	made := map[string][]byte{"shop.cue": documentFile(t, "docs/render.md", "shop.cue")}
	for name, text := range made {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	gallery := "../../docs/gallery"
	var page bytes.Buffer
	page.WriteString("# Gallery\n\nMade by `make docs`; a test holds that lintel draws each picture as it stands here. [Diagrams](render.md) tells how.\n")
	total, known := 0, map[string]bool{}
	for _, e := range exhibits {
		picture := filepath.Join(gallery, e.file+".svg")
		known[picture] = true
		args := append([]string{"render", e.design}, e.args...)
		if !slices.Contains(e.args, "matrix") { // which needs no layout
			args = append(args, "--layout-timeout", "5m")
		}
		cmd := exec.Command(lintel, args...)
		cmd.Dir = "../.."
		if made[e.design] != nil {
			cmd.Dir = dir
		}
		cmd.Env = []string{"HOME=" + dir}
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		drawn, err := cmd.Output()
		if err != nil {
			t.Errorf("%s: %v\n%s", e.file, err, &stderr)
			continue
		}
		total += len(drawn)
		compareFile(t, picture, drawn)
		if e.text == "" {
			continue
		}
		fmt.Fprintf(&page, "\n## %s\n\n%s\n\n`lintel render %s`\n\n![%s](gallery/%s.svg)\n",
			e.heading, e.text, strings.Join(append([]string{e.design}, e.args...), " "), e.heading, e.file)
	}
	compareFile(t, gallery+".md", page.Bytes())
	found, err := filepath.Glob(gallery + "/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if !known[f] {
			t.Errorf("%s is no picture of the gallery", f)
		}
	}
	if total > galleryBytes {
		t.Errorf("the pictures take %d bytes, more than %d", total, galleryBytes)
	}
}

// compareFile holds a file to its content, or writes it with -update.
func compareFile(t *testing.T, name string, want []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, want, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got, err := os.ReadFile(name); err != nil {
		t.Error(err)
	} else if !bytes.Equal(got, want) {
		t.Errorf("%s is not what lintel writes now; make docs writes it anew", name)
	}
}

// documentFile returns a file that a document shows.
func documentFile(t *testing.T, document, name string) []byte {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("../..", document))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks(source) {
		if b.file == name {
			return source[b.start:b.end]
		}
	}
	t.Fatalf("%s shows no file %s", document, name)
	return nil
}
