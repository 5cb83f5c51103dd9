package report

import (
	"bufio"
	"fmt"
	"io"
)

// Concise writes one line a finding: "file:line:column: error RES001 message".
func Concise(w io.Writer, r *Report) error {
	b := bufio.NewWriter(w)
	for res, f := range r.findings() {
		fmt.Fprintf(b, "%s: %s %s %s\n", visible(place(res, f).String()), f.Severity, visible(f.Rule.ID), visible(f.Message))
	}
	return b.Flush()
}
