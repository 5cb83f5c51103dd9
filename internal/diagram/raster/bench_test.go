package raster_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
	"lintel/internal/diagram/raster"
	"lintel/internal/diagram/scene"
)

// BenchmarkDesigns writes whole designs, two pixels for a unit.
func BenchmarkDesigns(b *testing.B) {
	engine := layout.Engine{Program: filepath.Join(b.TempDir(), "lintel-graphviz")}
	if out, err := exec.Command("go", "build", "-o", engine.Program, "lintel/cmd/lintel-graphviz").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	for _, name := range []string{"online-boutique", "train-ticket"} {
		b.Run(name, func(b *testing.B) {
			s, err := drawDesign(filepath.Join("..", "..", "..", "testdata", "designs", name), diagram.Options{}, nil, engine)
			if err != nil {
				b.Fatal(err)
			}
			var written counter
			for b.Loop() {
				written = 0
				if err := raster.Write(&written, s, scene.Themes()[0], 2); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(s.Width*s.Height*4e-6, "Mpixel")
			b.ReportMetric(float64(written), "bytes")
		})
	}
}

// counter counts what is written.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
