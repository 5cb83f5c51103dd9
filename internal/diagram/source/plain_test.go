package source

import (
	"strings"
	"testing"

	"lintel/internal/diagram"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a\r\nb\tc", "a  b c"},
		{"a\u2028b", "a b"},
		{"a\x00\x1b\x7fb", "a\ufffd\ufffd\ufffdb"},
		{"\xff\xc3", "\ufffd\ufffd"},
		{"a\u202eb\u2066", "a\ufffdb\ufffd"},
		{"👩\u200d👩\u200d👧 שלום", "👩\u200d👩\u200d👧 שלום"},
	} {
		if got := plain(c.in); got != c.want {
			t.Errorf("plain(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"", 5, ""},
		{"short", 5, "short"},
		{"two words here", 9, "two words|here"},
		{"payment-authorisation", 10, "payment-|authorisat|ion"},
		{"xxxxxxxxxxxx", 5, "xxxxx|xxxxx|xx"},
		{"漢字漢字", 4, "漢字|漢字"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301|e\u0301"},
	} {
		if got := strings.Join(wrap(c.in, c.width), "|"); got != c.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func TestAddress(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://example.org/a?b=1&c=2#d", "https://example.org/a?b=1&c=2#d"},
		{"HTTP://example.org", "http://example.org"},
		{"mailto:team@example.org", "mailto:team@example.org"},
		{"https://example.org/\"><script>", "https://example.org/%22%3E%3Cscript%3E"},
		{"javascript:alert(1)", ""},
		{" javascript:alert(1)", ""},
		{"data:text/html,x", ""},
		{"//example.org", ""},
		{"https://", ""},
		{"/etc/passwd", ""},
		{"https://exa mple.org", ""},
	} {
		if got := address(c.in); got != c.want {
			t.Errorf("address(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestWarnings(t *testing.T) {
	small := shop()
	for _, w := range writers {
		if got := Warnings(w.format, small); got != nil {
			t.Errorf("Warnings(%s) of a small diagram: %q", w.format, got)
		}
	}
	edges := &diagram.Diagram{Nodes: []*diagram.Node{{Name: "a"}}}
	for range mermaidMaxEdges + 1 {
		edges.Edges = append(edges.Edges, &diagram.Edge{})
	}
	long := &diagram.Diagram{}
	for range mermaidMaxText / mostPlain * 2 {
		long.Nodes = append(long.Nodes, &diagram.Node{Name: strings.Repeat("x", mostPlain)})
	}
	for _, c := range []struct {
		what string
		d    *diagram.Diagram
		want string
	}{
		{"many arrows", edges, "arrows"},
		{"much text", long, "characters"},
	} {
		if got := Warnings("mermaid", c.d); len(got) != 1 || !strings.Contains(got[0], c.want) || !strings.Contains(got[0], "--view overview") {
			t.Errorf("Warnings(mermaid) of %s: %q", c.what, got)
		}
		if got := Warnings("dot", c.d); got != nil {
			t.Errorf("Warnings(dot) of %s: %q", c.what, got)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct{ s, want string }{
		{"", ""}, {"abc", "abc"}, {"äöüß", "äö…"}, {"漢字かな", "漢字…"}, {"ab\xff", "ab\xff"}, {"ab\xff\xff", "ab…"},
	} {
		if got := cut(c.s, 3); got != c.want {
			t.Errorf("cut(%q) = %q, want %q", c.s, got, c.want)
		}
	}
}

// TestEndlessNames: a name of any length stays below dot's limit of 16,384 bytes in a string.
func TestEndlessNames(t *testing.T) {
	name := strings.Repeat("\"&", 50_000)
	d := &diagram.Diagram{Title: name, Nodes: []*diagram.Node{{Name: name, Description: name, Group: -1}, {Name: name, Group: -1}}, Edges: []*diagram.Edge{{From: 0, To: 1}}}
	var b strings.Builder
	if err := DOT(&b, d); err != nil {
		t.Fatal(err)
	}
	for _, s := range strings.Split(b.String(), "\"") {
		if len(s) > 16_384 {
			t.Fatalf("%d bytes in one string", len(s))
		}
	}
}
