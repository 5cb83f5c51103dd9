package scene

import (
	"slices"
	"testing"

	"lintel/internal/diagram"
)

func TestMissing(t *testing.T) {
	d := &diagram.Diagram{Title: "shop", Flow: diagram.FlowDown}
	for _, name := range []string{"orders", "订单", "🚀", "हिन्दी", "हिन्दी", "ក", "\U00010330", "𝄞"} {
		d.Nodes = append(d.Nodes, &diagram.Node{Name: name, Group: -1, Replicas: 1, Of: 1})
	}
	s, _ := drawn(t, d)
	n, scripts := Missing(s)
	if want := []string{"Devanagari", "Gothic", "Khmer", "symbols"}; n != 9 || !slices.Equal(scripts, want) {
		t.Errorf("got %d of %q, want 9 of %q", n, scripts, want)
	}
	d.Nodes = d.Nodes[:3]
	s, _ = drawn(t, d)
	if n, scripts := Missing(s); n != 0 || scripts != nil {
		t.Errorf("of names that are there: %d of %q", n, scripts)
	}
}
