package diagram_test

import (
	"path/filepath"
	"testing"

	"lintel/internal/diagram"
	"lintel/schema"
)

func TestPlaceOf(t *testing.T) {
	abs, err := filepath.Abs("shop")
	if err != nil {
		t.Fatal(err)
	}
	abs = filepath.ToSlash(abs)
	for _, c := range []struct{ path, own, file, want string }{
		{"shop.cue", "shop.cue", "shop.cue", "shop.cue:3"},
		{"a/shop.cue", "a/shop.cue", "a/shop.cue", "shop.cue:3"},
		{"../a/shop.cue", "../a/shop.cue", "../a/shop.cue", "shop.cue:3"},
		{"shop", "shop/a.cue", "shop/b.cue", "b.cue:3"},
		{"shop", "shop/a.cue", abs + "/b.cue", "b.cue:3"},
		{abs, abs + "/a.cue", "shop/b.cue", "b.cue:3"},
		{"shop", "shop/a.cue", "templates/t.cue", "templates/t.cue:3"},
		{"shop", "shop/a.cue", "../../elsewhere/templates/t.cue", "templates/t.cue:3"},
		{"-", "", "-", "-:3"},
		{"shop", "shop/a.cue", "", ""},
		{"", "", "shop/a.cue", "shop/a.cue:3"},
		{"", "", abs + "/a.cue", "a.cue:3"},
	} {
		d := &schema.Design{Path: c.path}
		if c.own != "" {
			d.Files = []string{c.own}
		}
		if got := diagram.PlaceOf(d, schema.Range{File: c.file, StartLine: 3, StartColumn: 1}); got != c.want {
			t.Errorf("%s in %s: got %q, want %q", c.file, c.path, got, c.want)
		}
	}
	two := &schema.Design{Files: []string{"shop/team/b.cue", "shop/a.cue"}}
	if got := diagram.PlaceOf(two, schema.Range{File: "shop/team/b.cue", StartLine: 3}); got != "team/b.cue:3" {
		t.Errorf("below another file of the design: %q", got)
	}
	if got := diagram.PlaceOf(&schema.Design{Files: []string{"a/b.cue"}}, schema.Range{File: "a/b.cue"}); got != "b.cue" {
		t.Errorf("without a line: %q", got)
	}
}
