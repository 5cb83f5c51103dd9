package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lintel/schema"
)

var drawingFormats = []string{"svg", "png", "pdf", "html", "json", "dot", "mermaid", "d2", "plantuml"}

// drawingEndings says which format a file's ending stands for.
var drawingEndings = []struct{ ending, format string }{
	{".svg", "svg"}, {".png", "png"}, {".pdf", "pdf"}, {".html", "html"}, {".htm", "html"}, {".json", "json"},
	{".dot", "dot"}, {".gv", "dot"}, {".mmd", "mermaid"}, {".mermaid", "mermaid"}, {".d2", "d2"},
	{".puml", "plantuml"}, {".plantuml", "plantuml"},
}

// systemMark stands in the name of a file for the system's name.
const systemMark = "{system}"

// drawingOutput is one -o: a format, and where it goes.
type drawingOutput struct {
	format string
	file   string // "" is stdout; may hold systemMark
}

func binary(format string) bool { return format == "png" || format == "pdf" }

// parseDrawingOutputs reads the values of -o and --format. At most one may go to stdout.
func parseDrawingOutputs(files []string, format string, given bool) ([]drawingOutput, error) {
	if given && !slices.Contains(drawingFormats, format) {
		if f, file, ok := strings.Cut(format, "="); ok && slices.Contains(drawingFormats, f) {
			return nil, usagef("--format cannot be %q", format).hint("the file goes to -o: --format %s -o %s", f, file)
		}
		if f, ok := formatOfEnding("." + format); ok {
			return nil, usagef("--format cannot be %q", format).hint("did you mean %q?", f)
		}
		return nil, badChoice("--format", format, drawingFormats)
	}
	if len(files) == 0 {
		if !given {
			format = "svg"
		}
		return []drawingOutput{{format: format}}, nil
	}
	var out []drawingOutput
	for _, file := range files {
		o := drawingOutput{format, file}
		switch {
		case file == "":
			return nil, usagef("-o names no file").hint("-o FILE, or -o - for stdout")
		case file == "-":
			o.file = ""
			if !given {
				o.format = "svg"
			}
			if slices.ContainsFunc(out, func(o drawingOutput) bool { return o.file == "" }) {
				return nil, usagef("only one drawing can go to stdout")
			}
		case wrongMark(file) != "":
			return nil, usagef("-o %s: %s stands for nothing", file, wrongMark(file)).hint("the system's name is %s", systemMark)
		case isFolder(file):
			return nil, usagef("-o %s is a folder", file).hint("name the file in it: -o %s", filepath.Join(file, systemMark+".svg"))
		case !given:
			var ok bool
			if o.format, ok = formatOfEnding(filepath.Ext(file)); !ok {
				return nil, unknownEnding(file)
			}
		}
		if o.file != "" && slices.ContainsFunc(out, func(other drawingOutput) bool { return other.file != "" && sameFile(other.file, o.file) }) {
			return nil, usagef("two drawings cannot go to one file: %s", file)
		}
		out = append(out, o)
	}
	return out, nil
}

// wrongMark returns what in the name of a file looks like systemMark and is not, or "".
func wrongMark(file string) string {
	for rest := file; ; {
		i := strings.IndexByte(rest, '{')
		if i < 0 {
			return ""
		}
		rest = rest[i:]
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return ""
		}
		if mark := rest[:end+1]; mark != systemMark {
			return mark
		}
		rest = rest[end+1:]
	}
}

func isFolder(file string) bool {
	if last := file[len(file)-1]; last == '/' || last == os.PathSeparator {
		return true
	}
	info, err := os.Stat(file)
	return err == nil && info.IsDir()
}

func formatOfEnding(ending string) (string, bool) {
	for _, e := range drawingEndings {
		if strings.EqualFold(e.ending, ending) {
			return e.format, true
		}
	}
	return "", false
}

func unknownEnding(file string) error {
	var known []string
	for _, e := range drawingEndings {
		known = append(known, e.ending)
	}
	e := usagef("-o %s: the ending says no format", file)
	if ext := filepath.Ext(file); ext != "" {
		e = usagef("-o %s: no format ends in %s", file, ext)
	}
	return e.hint("one of %s; or say it with --format", strings.Join(known, ", "))
}

// refuseBinaryOnTerminal keeps from a terminal what would only disturb it.
func (s *session) refuseBinaryOnTerminal(outputs []drawingOutput) error {
	for _, o := range outputs {
		if o.file != "" || !binary(o.format) {
			continue
		}
		if _, ok := isTerminal(s.stdout); ok {
			return usagef("%s is no text, and stdout is a terminal", o.format).hint("write it to a file: -o diagram.%s", o.format)
		}
	}
	return nil
}

// targets returns, for each design, where its drawings go: the outputs with the system's name filled in.
func (o *renderOptions) targets(designs []*schema.Design) ([][]drawingOutput, error) {
	out := make([][]drawingOutput, len(designs))
	owner := map[string]*schema.Design{} // by file, in lower case as some file systems take them
	for i, d := range designs {
		for _, t := range o.outputs {
			if len(designs) > 1 && !strings.Contains(t.file, systemMark) {
				where := t.file
				if t.file == "" {
					where = "stdout"
				}
				return nil, usagef("%d designs cannot all go to %s: %s", len(designs), where, systemNames(designs)).
					hint("name one of them, or write -o 'docs/%s.svg'", systemMark)
			}
			t.file = strings.ReplaceAll(t.file, systemMark, fileName(d.System))
			if t.file != "" {
				key := strings.ToLower(targetOf(t.file))
				if other := owner[key]; other != nil && other != d {
					return nil, usagef("two designs would go to %s: %s and %s", t.file, other.Path, d.Path).
						hint("give the systems different names, or draw them one by one")
				}
				owner[key] = d
			}
			out[i] = append(out[i], t)
		}
	}
	return out, nil
}

// maxFileName leaves room for a folder's name in front, and for an ending and the mark of a temporary file behind, in
// the 255 bytes that file systems allow.
const maxFileName = 180

// fileName makes a system's name one that every file system takes: no folder, no hidden file, no flag.
func fileName(system string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, system)
	for len(name) > maxFileName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	name = strings.TrimLeft(strings.TrimRight(name, ". "), ".- ")
	if name == "" {
		return "design"
	}
	return name
}

// checkTargets fails where a drawing would be written over what the run reads, or over any CUE file, which is never a
// drawing, and where it could not be written in the end.
func checkTargets(targets [][]drawingOutput, inputs []string) error {
	for _, list := range targets {
		for _, t := range list {
			if t.file == "" {
				continue
			}
			if folder := filepath.Dir(t.file); !isFolder(folder) {
				return usagef("-o %s: the folder %s does not exist", t.file, folder).hint("make it first: mkdir -p %s", quoted([]string{folder}))
			}
			if over := overInput(t.file, inputs); over != "" {
				return usagef("-o %s would write the drawing over %s", t.file, over).hint("name another file")
			}
		}
	}
	return nil
}

// writeDrawings writes all drawings.
func (s *session) writeDrawings(targets [][]drawingOutput, drawings []drawing) error {
	var files []written
	var out [][]byte
	for i, list := range targets {
		for k, t := range list {
			if t.file == "" {
				out = append(out, drawings[i].texts[k])
			} else {
				files = append(files, written{t.file, drawings[i].texts[k]})
			}
		}
	}
	return s.writeAll(files, out)
}
