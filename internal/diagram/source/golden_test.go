package source

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"lintel/internal/diagram"
)

var update = flag.Bool("update", false, "write the golden files anew")

var writers = []struct {
	format, ending string
	write          func(io.Writer, *diagram.Diagram) error
}{
	{"dot", "dot", DOT},
	{"mermaid", "mmd", Mermaid},
	{"d2", "d2", D2},
	{"plantuml", "puml", PlantUML},
}

func TestGolden(t *testing.T) {
	for _, sample := range []struct {
		name string
		d    *diagram.Diagram
	}{{"shop", shop()}, {"changed", changedShop()}} {
		for _, w := range writers {
			t.Run(sample.name+"/"+w.format, func(t *testing.T) {
				var got bytes.Buffer
				if err := w.write(&got, sample.d); err != nil {
					t.Fatal(err)
				}
				file := filepath.Join("testdata", sample.name+"."+w.ending+".golden")
				if *update {
					if err := os.WriteFile(file, got.Bytes(), 0o666); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got.Bytes(), want) {
					t.Errorf("%s is not what is written now (go test -run TestGolden -update, then look at the change):\n%s", file, got.Bytes())
				}
			})
		}
	}
}

func TestMatrixIsRefused(t *testing.T) {
	for _, w := range writers {
		var b bytes.Buffer
		err := w.write(&b, &diagram.Diagram{View: diagram.ViewMatrix, Matrix: &diagram.Matrix{}})
		var view *ViewError
		if !errors.As(err, &view) || view.Format != w.format || view.View != diagram.ViewMatrix || b.Len() > 0 {
			t.Errorf("%s of a matrix: %v, %d bytes", w.format, err, b.Len())
		}
	}
}
