package diagram

import (
	"testing"

	"lintel/schema"
)

func TestPlacesAreNamedFromTheDesignsFolder(t *testing.T) {
	for _, c := range []struct {
		files []string
		file  string
		line  int
		want  string
	}{
		{[]string{"/home/me/shop/a.cue", "/home/me/shop/b.cue"}, "/home/me/shop/b.cue", 7, "b.cue:7"},
		{[]string{"/home/me/shop/a.cue", "/home/me/shop/team/b.cue"}, "/home/me/shop/team/b.cue", 7, "team/b.cue:7"},
		{[]string{"/home/me/shop/x/a.cue", "/home/me/shop/y/b.cue"}, "/home/me/shop/x/a.cue", 7, "x/a.cue:7"},
		{[]string{"/home/me/shop/a.cue"}, "/home/me/common/c.cue", 7, "../common/c.cue:7"},
		{[]string{"designs/shop/a.cue"}, "designs/shop/a.cue", 1, "a.cue:1"},
		{[]string{"a.cue"}, "/home/me/shop/a.cue", 1, "a.cue:1"},
		{nil, "/home/me/shop/a.cue", 1, "a.cue:1"},
		{nil, "shop/a.cue", 1, "shop/a.cue:1"},
		{[]string{"shop/a.cue"}, "shop/a.cue", 0, "a.cue"},
		{[]string{"shop/a.cue"}, "", 0, ""},
	} {
		r := schema.Range{File: c.file, StartLine: c.line}
		if got := PlaceOf(&schema.Design{Files: c.files}, r); got != c.want {
			t.Errorf("%s of %v: %s, want %s", c.file, c.files, got, c.want)
		}
	}
}
