package cli

import (
	"strings"
	"testing"
)

// A figure shows on which side of an SLO it lies.
func TestImproveFiguresBesideAnSLO(t *testing.T) {
	if got := percentText(0.001118); got != "99.8882 %" {
		t.Errorf("got %s", got)
	}
}

func TestFewNames(t *testing.T) {
	names := strings.Fields("a b c d e f g h")
	if got := fewNames(names); got != "a, b, c, d, e and 3 more" {
		t.Errorf("got %s", got)
	}
	if got := fewNames(names[:6]); got != "a, b, c, d, e, f" {
		t.Errorf("got %s", got)
	}
}
