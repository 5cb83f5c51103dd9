package raster_test

import (
	"bytes"
	"context"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/raster"
	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
	"lintel/rules"
	"lintel/schema"
)

// everything is a design with every kind of module and dependency, and names in many scripts.
const everything = `
system: "every kind: 订单 🚀"
modules: {
	"web": {kind: "frontend", entry: true, replicas: 2, dependsOn: {gw: {}, dns: {}, static: {strength: "soft"}}, links: {Runbook: "https://example.org/run?a=1&b=(2)"}}
	"gw": {kind: "gateway", replicas: 3, group: "edge", dependsOn: {lb: {}, "خدمة الطلبات": {protocol: "grpc"}, "שירות הזמנות": {mode: "async"}, "日本語サービス": {when: "startup"}}}
	"lb": {kind: "load-balancer", group: "edge", dependsOn: {either: {anyOf: ["svc-a", "svc-b"]}}}
	"dns": {kind: "dns", group: "edge"}
	"net": {kind: "network", group: "edge"}
	"static": {kind: "object-store", group: "edge"}
	"svc-a": {kind: "service", technology: "Go 1.26", replicas: 2, tier: 0, group: "core", dependsOn: {db: {}, cache: {strength: "soft"}, "svc-b": {}, id: {}}}
	"svc-b": {kind: "service", group: "core", dependsOn: {queue: {mode: "async"}, "svc-a": {protocol: "http"}, conf: {when: "deploy"}}}
	"fn": {kind: "function", group: "core", dependsOn: {queue: {}, find: {}}}
	"job": {kind: "job", group: "core", dependsOn: {fn: {}}}
	"work": {kind: "worker", group: "core", dependsOn: {queue: {}, disc: {}}}
	"db": {kind: "database", technology: "PostgreSQL 16", group: "data", replicas: 3, redundancy: {mode: "quorum"}}
	"cache": {kind: "cache", group: "data", dependsOn: {db: {when: "recovery"}}}
	"queue": {kind: "queue", group: "data"}
	"find": {kind: "search", group: "data"}
	"disc": {kind: "discovery"}
	"conf": {kind: "config"}
	"id": {kind: "identity", dependsOn: {ext: {}}}
	"mon": {kind: "monitoring", dependsOn: {db: {}}}
	"ext": {kind: "external"}
	"خدمة الطلبات": {kind: "service", dependsOn: {ext: {}}}
	"שירות הזמנות": {kind: "service"}
	"日本語サービス": {kind: "service", dependsOn: {"👩‍💻 🚀": {}}}
	"👩‍💻 🚀": {kind: "service", technology: "Ünïcödé naïve"}
	"a-very-long-name-that-has-to-be-broken-or-cut-somewhere-before-it-leaves-its-box-and-then-some-more-of-it": {kind: "service", dependsOn: {ext: {}}}
	"<b>&amp;\"'": {kind: "service", dependsOn: {db: {}}}
}
journeys: browse: {entry: "web"}
`

// drawn is a picture to compare.
type drawn struct {
	name  string
	scene *scene.Scene
}

// pictures returns pictures with all that can occur in one.
var pictures = sync.OnceValues(func() ([]drawn, error) {
	folder, err := os.MkdirTemp("", "lintel-pictures")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	engine := layout.Engine{Program: filepath.Join(folder, "lintel-graphviz")}
	if out, err := exec.Command("go", "build", "-o", engine.Program, "lintel/cmd/lintel-graphviz").CombinedOutput(); err != nil {
		return nil, &exec.Error{Name: string(out), Err: err}
	}
	own := filepath.Join(folder, "everything.cue")
	if err := os.WriteFile(own, []byte(everything), 0o600); err != nil {
		return nil, err
	}
	designs := filepath.Join("..", "..", "..", "testdata")
	var all []drawn
	for _, c := range []struct {
		name, path string
		options    diagram.Options
		fail       []string
	}{
		{name: "everything", path: own},
		{name: "everything-findings", path: own, options: diagram.Options{Findings: true, Flow: diagram.FlowRight}},
		{name: "everything-failed", path: own, fail: []string{"db", "dns", "svc-a/1"}},
		{name: "everything-focus", path: own, options: diagram.Options{Focus: []string{"db"}, Rest: diagram.FadeRest}},
		{name: "everything-overview", path: own, options: diagram.Options{View: diagram.ViewOverview}},
		{name: "everything-matrix", path: own, options: diagram.Options{View: diagram.ViewMatrix, Findings: true}},
		{name: "journey", path: own, options: diagram.Options{View: diagram.ViewJourney, Rest: diagram.FadeRest}},
		{name: "deployment", path: filepath.Join(designs, "wellbuilt", "multi-region.cue"), options: diagram.Options{View: diagram.ViewDeployment}},
		{name: "boutique", path: filepath.Join(designs, "designs", "online-boutique"), options: diagram.Options{Findings: true}},
		{name: "quorum", path: filepath.Join(designs, "wellbuilt", "quorum.cue"), options: diagram.Options{Stamp: "2026-01-02"}},
	} {
		s, err := drawDesign(c.path, c.options, c.fail, engine)
		if err != nil {
			return nil, &os.PathError{Op: c.name, Path: c.path, Err: err}
		}
		all = append(all, drawn{c.name, s})
	}
	return append(all, drawn{"layers", layers()}), nil
})

func drawDesign(path string, o diagram.Options, fail []string, engine layout.Engine) (*scene.Scene, error) {
	designs, err := schema.Load(schema.LoadOptions{}, path)
	if err != nil {
		return nil, err
	}
	a := analyzer.New(designs[0])
	for _, name := range fail {
		s, err := a.ParseEvent(name)
		if err != nil {
			return nil, err
		}
		o.Fail = append(o.Fail, diagram.Failing{Name: name, Scenario: s})
	}
	d, err := diagram.Build(a, rules.Run(a, rules.Settings{}, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)), o)
	if err != nil {
		return nil, err
	}
	s, _, err := scene.Draw(context.Background(), d, engine)
	return s, err
}

// needs returns a program's path. Without it the test is skipped, unless it runs in CI, which has all of them.
func needs(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("no %s", strings.Join(names, " or "))
	}
	t.Skipf("no %s", strings.Join(names, " or "))
	return ""
}

func allPictures(t *testing.T) []drawn {
	t.Helper()
	all, err := pictures()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func ours(t *testing.T, s *scene.Scene, theme scene.Theme, scale float64) *image.RGBA {
	t.Helper()
	var b bytes.Buffer
	if err := raster.Write(&b, s, theme, scale); err != nil {
		t.Fatal(err)
	}
	return pixels(t, b.Bytes())
}

func pixels(t *testing.T, data []byte) *image.RGBA {
	t.Helper()
	p, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(p.Bounds())
	draw.Draw(out, out.Bounds(), p, image.Point{}, draw.Src)
	return out
}

func textStyle(size float64) typeset.Style { return typeset.Style{Size: size} }
