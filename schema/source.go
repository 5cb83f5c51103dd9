package schema

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"unicode/utf8"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
)

// maxFileSize is the largest file that is read, in bytes.
const maxFileSize = 16 << 20

// source reads a file, once.
func (l *loader) source(abs string) *source {
	l.mu.Lock()
	f, ok := l.sources[abs]
	if !ok {
		f = &source{abs: abs, name: l.reported(abs), format: formatOf(abs)}
		l.sources[abs] = f
	}
	l.mu.Unlock()
	f.once.Do(func() { l.open(f) })
	return f
}

// prefetch reads files on all processors, for the calls of source that follow.
func (l *loader) prefetch(files []string) {
	l.inParallel(len(files), func(i int) { l.source(files[i]) })
}

// open reads f from its file.
func (l *loader) open(f *source) {
	// A pipe without a writer would be waited for at once where it is opened.
	if info, err := l.stat(f.abs); err == nil && !info.Mode().IsRegular() && !info.IsDir() && !l.takesPipes {
		f.faults, f.unread = Errors{{Pos: Range{File: f.name}, Message: "is a " + specialName(info.Mode()) + ", not a file"}}, true
		return
	}
	file, err := l.files.open(f.abs)
	if err != nil {
		f.faults, f.unread = Errors{l.unreadable(f.abs, err)}, true
		return
	}
	defer file.Close()
	size := int64(-1)
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	l.readFrom(f, file, size)
}

// specialName names what is no regular file and no folder.
func specialName(mode os.FileMode) string {
	switch {
	case mode&os.ModeNamedPipe != 0:
		return "named pipe"
	case mode&os.ModeSocket != 0:
		return "socket"
	case mode&os.ModeDevice != 0:
		return "device"
	}
	return "special file"
}

// mustTell reports whether a file of a folder is at fault in such a way that nobody can say whether it is a design,
// or a part of one. A file of data that is no text, or a huge one, is taken for something else.
func mustTell(f *source) bool {
	return f.unread || f.format == cueFormat && f.text == nil && len(f.faults) > 0
}

// lfsPointer begins what stands in git for a file that Git LFS keeps.
var lfsPointer = []byte("version https://git-lfs.github.com/spec/v1\n")

// readFrom takes the text of f from r. size is -1 where it is not known.
func (l *loader) readFrom(f *source, r io.Reader, size int64) {
	fault := func(message, hint string) {
		f.faults = Errors{{Pos: Range{File: f.name}, Message: message, Hint: hint}}
	}
	tooLarge := "larger than 16 MB, the most that lintel reads"
	if size > maxFileSize {
		fault(fmt.Sprintf("%d MB long, %s", size>>20, tooLarge), "is this a design? Several files of one CUE package may state one design")
		return
	}
	text, err := io.ReadAll(io.LimitReader(r, maxFileSize+1))
	if err != nil {
		f.unread = true
		fault("cannot be read: "+reason(err), "")
		return
	}
	if len(text) > maxFileSize {
		fault(tooLarge, "is this a design? Several files of one CUE package may state one design")
		return
	}
	if bytes.HasPrefix(text, lfsPointer) {
		fault("this is a pointer of Git LFS, not the file itself", "git lfs pull fetches the files; at other revisions, and in the index, there are only pointers: keep designs out of Git LFS")
		return
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	f.text = text
	if len(text) >= 2 && (text[0] == 0xff && text[1] == 0xfe || text[0] == 0xfe && text[1] == 0xff) {
		f.text = nil
		fault("this file is UTF-16 text; a design is UTF-8", "save it as UTF-8")
		return
	}
	if i := badByte(text); i >= 0 {
		f.faults = Errors{{Pos: offsetRange(f, i, 1), Message: "this is not text: " + byteName(text[i]), Hint: badByteHint(text[i])}}
		f.text = nil
		return
	}
	if f.format == cueFormat {
		f.head, _ = parser.ParseFile(f.abs, text, parser.PackageClauseOnly) // parse tells what is wrong
	}
}

// parse reads the syntax of a CUE file, once.
func (f *source) parse() {
	f.parsed.Do(f.parseFile)
}

// parseAll reads the syntax of files on all processors.
func (l *loader) parseAll(files []*source) {
	l.inParallel(len(files), func(i int) { files[i].parse() })
}

func (f *source) parseFile() {
	if f.format != cueFormat || len(f.faults) > 0 {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			f.syntax = nil
			f.faults = Errors{libraryFault(f.name, p)}
		}
	}()
	if at, message := tooNested(f.text); at >= 0 {
		f.faults = Errors{{Pos: offsetRange(f, at, 1), Message: message}}
		return
	}
	syntax, err := parser.ParseFile(f.abs, f.text, parser.AllErrors)
	f.syntax = syntax
	if err != nil {
		if f.faults = unmerged(f); len(f.faults) == 0 {
			f.faults = furtherFaults(f, syntaxErrors(f, err))
		}
	}
}

// libraryFault tells that a library that lintel reads files with failed on a file.
func libraryFault(name string, p any) Error {
	return Error{Pos: Range{File: name}, Message: fmt.Sprintf("this file makes its reader fail (%v)", p), Hint: "please report this as a bug, with the file"}
}

// badByte finds the first byte that no UTF-8 text holds, or -1.
func badByte(text []byte) int {
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return i
	}
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

func badByteHint(b byte) string {
	if b == 0 {
		return "a design is a text file, in UTF-8"
	}
	return "save the file as UTF-8"
}

func byteName(b byte) string {
	if b == 0 {
		return "it has a NUL byte"
	}
	return fmt.Sprintf("the byte 0x%02X is not UTF-8", b)
}

// offsetRange is the range of n bytes at an offset of f's text.
func offsetRange(f *source, offset, n int) Range {
	line := 1 + bytes.Count(f.text[:offset], []byte("\n"))
	col := offset - bytes.LastIndexByte(f.text[:offset], '\n')
	return Range{File: f.name, StartLine: line, StartColumn: col, EndLine: line, EndColumn: col + n}
}

// lineOf gives a line of text without its end; "" where there is none.
func lineOf(text []byte, line int) string {
	for ; line > 1; line-- {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			return ""
		}
		text = text[i+1:]
	}
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	}
	return string(bytes.TrimSuffix(text, []byte("\r")))
}

// packageOf is the name of the CUE package that a file belongs to, or "".
func packageOf(f *source) string {
	if f.head == nil {
		return ""
	}
	name := f.head.PackageName()
	if name == "_" {
		return ""
	}
	return name
}

var (
	statesDesign  = regexp.MustCompile(`(?m)^\s*"?(system|modules)"?\s*:`)
	quotesSystem  = regexp.MustCompile(`"system"\s*:`) // on any line: JSON is often written on one
	quotesModules = regexp.MustCompile(`"modules"\s*:`)
	statesSystem  = regexp.MustCompile(`(?m)^\s*\{?\s*"?system"?\s*:`)
	statesModules = regexp.MustCompile(`(?m)^\s*\{?\s*"?modules"?\s*:`)
)

// looksLikeDesign tells a design from the other files of a folder.
func looksLikeDesign(f *source) bool {
	f.parse()
	switch {
	case f.format == cueFormat && f.syntax != nil && len(f.faults) == 0:
		return statesTop(f.syntax)
	case f.format == cueFormat:
		return statesDesign.Match(f.text) || bytes.Contains(f.text, []byte(ImportPath))
	}
	if !bytes.Contains(f.text, []byte("system")) || !bytes.Contains(f.text, []byte("modules")) {
		return false
	}
	root, errs := readData(f)
	if len(errs) > 0 || root == nil {
		return statesSystem.Match(f.text) && statesModules.Match(f.text) ||
			quotesSystem.Match(f.text) && quotesModules.Match(f.text)
	}
	has := 0
	for _, fl := range root.fields {
		if fl.name == "system" || fl.name == "modules" {
			has++
		}
	}
	return root.kind == structNode && has == 2
}

// statesTop reports whether a file's top level states a system or modules, or imports the schema.
func statesTop(f *ast.File) bool {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.Field:
			if name := labelText(d.Label); name == "system" || name == "modules" {
				return true
			}
		case *ast.ImportDecl:
			for _, spec := range d.Specs {
				if importPath(spec) == ImportPath {
					return !onlyPolicies(f)
				}
			}
		}
	}
	return false
}

// readData reads a JSON or YAML file.
func readData(f *source) (*node, Errors) {
	if f.format == jsonFormat {
		return readJSON(f)
	}
	return readYAML(f)
}

// nearestName finds a file or folder beside abs with a similar name, or "".
func (l *loader) nearestName(abs string) string {
	entries, _ := l.readDir(filepath.Dir(abs))
	var names []string
	for _, e := range entries {
		if e.IsDir() || formatOf(e.Name()) != unknownFormat {
			names = append(names, e.Name())
		}
	}
	return nearest(filepath.Base(abs), names)
}
