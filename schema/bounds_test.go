package schema

import (
	"strings"
	"testing"
	"time"
)

func TestBounds(t *testing.T) {
	read := func(text string, b evalBounds) (string, *loader) {
		l, _ := newLoader(LoadOptions{Dir: t.TempDir(), Stdin: strings.NewReader(text)})
		l.bounds = b
		inputs, errs := l.resolve([]string{"-"})
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		_, errs, _ = l.read(inputs[0])
		return errs.Error(), l
	}
	text := "import \"list\"\n\nsystem: \"a\"\n_l: list.Range(0, 400_000, 1)\nmodules: web: {}\n"
	if got, _ := read(text, evalBounds{time: time.Millisecond, memory: 8 << 30}); !strings.Contains(got, "takes longer than 1ms") {
		t.Errorf("time: %s", got)
	}
	got, l := read(text, evalBounds{time: time.Minute, memory: 1 << 20})
	if !strings.Contains(got, "takes more than 1 MB of memory") {
		t.Errorf("memory: %s", got)
	}
	if errs, ok := l.bounded("b.cue", func() Errors { t.Error("read all the same"); return nil }); ok || !strings.Contains(errs.Error(), "another design") {
		t.Errorf("after a design that takes too much memory: %v", errs)
	}
}

func TestBoundedTurnsPanicsIntoErrors(t *testing.T) {
	l, _ := newLoader(LoadOptions{})
	errs, _ := l.bounded("a.cue", func() Errors { panic("oh") })
	if len(errs) != 1 || errs[0].Pos.File != "a.cue" {
		t.Errorf("%v", errs)
	}
}
