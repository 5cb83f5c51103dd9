package main

import (
	"bytes"
	"context"
	"errors"

	"github.com/goccy/go-graphviz"

	_ "lintel/cmd/lintel-graphviz/codecache" // before the engine starts
)

// graphError says what is wrong with the DOT.
type graphError struct{ detail string }

func (e *graphError) Error() string { return e.detail }

// render lays out a graph in DOT and returns it in the given format.
func render(graph []byte, layout, format string) ([]byte, error) {
	ctx := context.Background()
	if len(bytes.TrimSpace(graph)) == 0 {
		return nil, &graphError{"there is no graph on stdin"}
	}
	if bytes.IndexByte(graph, 0) >= 0 {
		return nil, &graphError{"the graph holds a null byte"}
	}
	g, err := graphviz.New(ctx)
	if err != nil {
		return nil, err
	}
	parsed, err := graphviz.ParseBytes(graph)
	if err != nil {
		return nil, &graphError{err.Error()}
	}
	if parsed == nil {
		return nil, &graphError{"there is no graph on stdin"}
	}
	g.SetLayout(graphviz.Layout(layout))
	var out bytes.Buffer
	// The engine's own messages are lost: it is told to keep them to itself, and a layout that failed shows
	// only in that there is nothing to read.
	if err := g.Render(ctx, parsed, graphviz.Format(format), &out); err != nil || out.Len() == 0 {
		return nil, errors.New("the engine could not lay out the graph")
	}
	return out.Bytes(), nil
}
