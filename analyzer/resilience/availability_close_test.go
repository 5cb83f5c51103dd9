package resilience

import (
	"math"
	"testing"
)

// TestInfiniteIsUnlikeFinite: what nothing else brings down is unlike what a second failure does.
func TestInfiniteIsUnlikeFinite(t *testing.T) {
	inf := math.Inf(1)
	if closeTo(inf, 1000) || closeTo(1000, inf) || !closeTo(inf, inf) || !closeTo(100, 101) || closeTo(100, 103) {
		t.Error("closeTo takes figures for close that are not, or the other way round")
	}
}
