package scene

import "testing"

func BenchmarkDraw(b *testing.B) {
	d := gallery()
	for b.Loop() {
		drawn(b, d)
	}
}
