package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"lintel/internal/report"
)

// output is one --format: FORMAT or FORMAT=FILE.
type output struct {
	format string
	file   string // "" is stdout
}

// parseOutputs reads the values of --format. At most one may go to stdout.
func parseOutputs(values []string) ([]output, error) {
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
	var failed error
	for i, o := range outputs {
		if o.file != "" {
			failed = errors.Join(failed, replaceFile(o.file, texts[i]))
		}
	}
	for i, o := range outputs {
		if o.file == "" {
			_, err := s.stdout.Write(texts[i])
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// temporary holds the names of the files that replaceFile is writing, for the signal handler.
var temporary struct {
	sync.Mutex
	names map[string]bool
}

func remember(name string, on bool) {
	temporary.Lock()
	defer temporary.Unlock()
	if temporary.names == nil {
		temporary.names = map[string]bool{}
	}
	if on {
		temporary.names[name] = true
	} else {
		delete(temporary.names, name)
	}
}

// replaceFile writes a file so that a reader sees the old text or the new one, never a part. What is no
// regular file, such as a pipe or a terminal, is written as it is.
func replaceFile(name string, text []byte) (err error) {
	mode := fs.FileMode(0o644)
	switch info, statErr := os.Stat(name); {
	case statErr == nil && info.IsDir():
		return fmt.Errorf("write %s: is a folder", name)
	case statErr == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return explained("write", err)
		}
		_, err = f.Write(text)
		return explained("write", errors.Join(err, f.Close()))
	case statErr == nil:
		mode = info.Mode().Perm()
		if target, err := filepath.EvalSymlinks(name); err == nil {
			name = target
		}
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("write %s: the folder %s does not exist", name, filepath.Dir(name))
		}
		return fmt.Errorf("write %s: %w", name, reason(err))
	}
	remember(f.Name(), true)
	defer remember(f.Name(), false)
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(mode&^umask()), f.Close())
	if err != nil {
		return fmt.Errorf("write %s: %w", name, reason(err))
	}
	if err = os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("write %s: %w", name, reason(err))
	}
	return nil
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
