package cli

import (
	"bytes"
	"fmt"

	"lintel/internal/review/format"
)

// renderReview gives the whole text of one output.
func (s *session) renderReview(o output, r *format.Report) ([]byte, error) {
	var b bytes.Buffer
	var err error
	switch o.format {
	case "text":
		t := format.TextOptions{Width: 80, Faults: o.file != ""}
		if o.file == "" {
			t.Width, t.Color = widthOf(s.stdout), s.colored(s.stdout)
		}
		err = format.Text(&b, r, t)
	case "json":
		err = format.JSON(&b, r)
	case "markdown":
		err = format.Markdown(&b, r)
	case "sarif":
		err = format.SARIF(&b, r)
	case "github":
		err = format.GitHub(&b, r)
	default:
		err = fmt.Errorf("no format %q", o.format)
	}
	return b.Bytes(), err
}

// writeReview renders all outputs and then writes them with the drawings, files first.
func (s *session) writeReview(o reviewOptions, r *format.Report, drawings []written) error {
	files := drawings
	var out [][]byte
	for _, one := range o.outputs {
		text, err := s.renderReview(one, r)
		if err != nil {
			return fmt.Errorf("format %s: %w", one.format, err)
		}
		if one.file == "" {
			out = append(out, text)
		} else {
			files = append(files, written{one.file, text})
		}
	}
	return s.writeAll(files, out)
}
