package format

import (
	"bytes"
	"io"

	"lintel/internal/report"
)

// SARIF writes the new findings in the Static Analysis Results Interchange Format, each with the baseline state "new"
// (3.27.24). Code hosts show what a file holds as what is there, whatever its baseline state, so neither what is as
// before nor what is fixed stands in it.
func SARIF(w io.Writer, r *Report) error {
	out := r.newFindings()
	out.BaselineState = "new"
	return report.SARIF(w, out)
}

// GitHub writes annotations of the new findings as workflow commands, and then the text, of which only a part is shown
// as annotations.
func GitHub(w io.Writer, r *Report) error {
	var b, text bytes.Buffer
	if err := report.Annotations(&b, r.newFindings()); err != nil {
		return err
	}
	if err := Text(&text, r, TextOptions{Faults: true}); err != nil {
		return err
	}
	if err := report.WithoutCommands(&b, text.Bytes()); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}
