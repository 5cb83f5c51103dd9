package schema

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"cuelang.org/go/cue/ast"
)

// format is the notation of a file.
type format uint8

const (
	unknownFormat format = iota
	cueFormat
	jsonFormat
	yamlFormat
)

// formatOf tells the notation of a file by its ending.
func formatOf(name string) format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".cue":
		return cueFormat
	case ".json":
		return jsonFormat
	case ".yaml", ".yml":
		return yamlFormat
	}
	return unknownFormat
}

// source is one file as the user wrote it.
type source struct {
	once   sync.Once
	abs    string // absolute path
	name   string // as reported: Range.File
	format format
	text   []byte
	head   *ast.File // of a CUE file: its syntax as far as the package clause
	parsed sync.Once
	syntax *ast.File // of a CUE file, after parse; nil where it could not be parsed
	spent  bool      // syntax was given to the compiler
	faults Errors    // what is wrong with the file as such
	unread bool      // the file cannot be opened or read
	given  bool      // text comes from stdin
}

// input is one design before it is read.
type input struct {
	path  string // Design.Path
	dir   string // absolute folder of the file or package
	pkg   string // the package's name; "" for a file that stands alone
	files []*source
}

// read turns in into a tree. The tree is nil where nothing could be read; the errors are all that
// the reader itself found. Verify, where it is not nil, is to be called for a design without errors:
// it gives those that the decoder cannot see.
func (l *loader) read(in *input) (doc *document, errs Errors, verify func() Errors) {
	doc = &document{path: in.path, sources: map[string][]byte{}}
	for _, f := range in.files {
		f.parse()
		doc.files = append(doc.files, f.name)
		doc.sources[f.name] = f.text
		errs = append(errs, f.faults...)
	}
	if len(errs) > 0 {
		return doc, errs, nil
	}
	if !slices.ContainsFunc(in.files, func(f *source) bool { return len(bytesTrimRight(f.text)) > 0 }) {
		return doc, Errors{{Pos: Range{File: in.files[0].name}, Message: "this file is empty",
			Hint: "a design states at least system: \"NAME\" and modules: {…}; lintel init writes one to start from"}}, nil
	}
	file := in.files[0].name
	if in.files[0].format == cueFormat && isLiteral(in.files) {
		doc.root, errs = readLiteral(in.files)
		return doc, errs, nil
	}
	if in.files[0].format == cueFormat {
		// What is given up runs on, so it shares nothing with what is returned then.
		done := &document{path: doc.path, files: doc.files, sources: maps.Clone(doc.sources)}
		var doubt func() Errors
		errs, ok := l.bounded(file, func() (errs Errors) {
			done.root, errs, doubt = l.evaluate(in, done)
			return errs
		})
		if !ok {
			return doc, errs, nil
		}
		if doubt != nil {
			verify = func() Errors {
				errs, _ := l.bounded(file, doubt)
				return errs
			}
		}
		return done, errs, verify
	}
	defer func() {
		if p := recover(); p != nil {
			doc.root, errs = nil, Errors{libraryFault(file, p)}
		}
	}()
	doc.root, errs = readData(in.files[0])
	return doc, errs, nil
}
