// Command lintel-graphviz lays out a graph: DOT on stdin, the laid-out graph on stdout. lintel starts it
// to draw; it is a program of its own because its engine costs every process that links it time and memory
// at its start, see docs/architecture.md.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/goccy/go-graphviz"
)

func main() {
	ctx := context.Background()
	g, err := graphviz.New(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	layout, format := "dot", "json0"
	for i := 1; i+1 < len(os.Args); i += 2 {
		switch os.Args[i] {
		case "-K":
			layout = os.Args[i+1]
		case "-T":
			format = os.Args[i+1]
		}
	}
	in, _ := io.ReadAll(os.Stdin)
	gr, err := graphviz.ParseBytes(in)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	var b bytes.Buffer
	g.SetLayout(graphviz.Layout(layout))
	if err := g.Render(ctx, gr, graphviz.Format(format), &b); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	os.Stdout.Write(b.Bytes())
}
