package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"lintel/internal/report"
)

// output is one --format: FORMAT or FORMAT=FILE.
type output struct {
	format string
	file   string // "" is stdout
}

// parseOutputs reads the values of --format. At most one may go to stdout.
func parseOutputs(values []string) ([]output, error) { return parseOutputsAs(values, formats) }

// parseOutputsAs is parseOutputs for a command with formats of its own.
func parseOutputsAs(values, formats []string) ([]output, error) {
	if len(values) == 0 {
		return []output{{format: "text"}}, nil
	}
	var out []output
	onStdout := ""
	for _, v := range values {
		format, file, hasFile := strings.Cut(v, "=")
		if file == "-" {
			file, hasFile = "", false
		}
		if !slices.Contains(formats, format) {
			return nil, badChoice("--format", format, formats)
		}
		switch {
		case hasFile && file == "":
			return nil, usagef("--format %s names no file", v).hint("--format %s=FILE, or --format %s for stdout", format, format)
		case !hasFile && onStdout != "":
			return nil, usagef("only one format can go to stdout, not both %s and %s", onStdout, format).hint("give the others a file: --format %s=FILE", format)
		case !hasFile:
			onStdout = format
		}
		if hasFile && slices.ContainsFunc(out, func(o output) bool { return o.file != "" && sameFile(o.file, file) }) {
			return nil, usagef("two formats cannot go to one file: %s", file)
		}
		out = append(out, output{format, file})
	}
	return out, nil
}

// notesOnStderr reports whether the closing notes go to stderr: beside a text or concise report on stdout, and where
// no report has them in its own text.
func notesOnStderr(outputs []output) bool {
	held := false
	for _, o := range outputs {
		switch {
		case o.file == "" && (o.format == "text" || o.format == "concise"):
			return true
		case o.format == "text" || o.format == "markdown":
			held = true
		}
	}
	return !held
}

// render gives the whole text of one output, so that nothing half-made is ever written.
func (s *session) render(o output, r *report.Report) ([]byte, error) {
	var b bytes.Buffer
	var err error
	switch o.format {
	case "text":
		t := report.TextOptions{Width: 80, Notes: o.file != ""}
		if o.file == "" {
			t.Width, t.Color = widthOf(s.stdout), s.colored(s.stdout)
		}
		err = report.Text(&b, r, t)
	case "concise":
		err = report.Concise(&b, r)
	case "json":
		err = report.JSON(&b, r)
	case "sarif":
		err = report.SARIF(&b, r)
	case "github":
		err = report.GitHub(&b, r)
	case "gitlab":
		err = report.GitLab(&b, r)
	case "junit":
		err = report.JUnit(&b, r)
	case "checkstyle":
		err = report.Checkstyle(&b, r)
	case "markdown":
		err = report.Markdown(&b, r)
	default:
		err = fmt.Errorf("no format %q", o.format)
	}
	return b.Bytes(), err
}

// writeOutputs renders all outputs and then writes them, files first.
func (s *session) writeOutputs(outputs []output, r *report.Report) error {
	texts := make([][]byte, len(outputs))
	for i, o := range outputs {
		text, err := s.render(o, r)
		if err != nil {
			return fmt.Errorf("format %s: %w", o.format, err)
		}
		texts[i] = text
	}
	var files []written
	var out [][]byte
	for i, o := range outputs {
		if o.file == "" {
			out = append(out, texts[i])
		} else {
			files = append(files, written{o.file, texts[i]})
		}
	}
	return s.writeAll(files, out)
}

// reason strips an error of the operation and the path that an os error carries.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}

// explained gives "verb path: reason" for an os error.
func explained(verb string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s %s: %w", verb, p.Path, p.Err)
	}
	return err
}
