// Package edit changes fields of a design in its source: comments, order and layout stay.
//
// CUE and JSON files are read as CUE syntax, YAML files as YAML nodes; what changes is spliced into the text at the places of
// that syntax, so that every other byte stays as its author wrote it. A CUE file that was formatted as "cue fmt" does is
// so afterwards, which may move the blanks with which the lines beside an edit are aligned.
//
// No edit is taken on trust. The changed text is loaded as a design, and that design is compared with what the
// fields mean: an edit that gives anything else is not made, and the field is listed as one to be changed by hand.
package edit

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lintel/analyzer/change"
	"lintel/schema"
)

// Patch is what becomes of the files of a design.
type Patch struct {
	Files []File // sorted by name; only those that change
	// Elsewhere lists the fields that cannot be set by an edit of their own, because they do not stand literally in one
	// place, with where and why.
	Elsewhere []Elsewhere
	// Design is the design with all fields set but those that Elsewhere lists: as it is loaded from the changed files.
	Design *schema.Design
}

// File is one changed file.
type File struct {
	Name     string // as in schema.Range.File
	Old, New []byte
}

// Elsewhere is a field that has to be changed by hand.
type Elsewhere struct {
	Field change.Field
	Place schema.Range // where to edit
	Why   string       // "modules.orders.replicas comes from the template #Service"
}

// Fields sets the fields in the sources of d, which was loaded by the process's working folder. It is FieldsAt with no options.
func Fields(d *schema.Design, fields []change.Field) (*Patch, error) {
	return FieldsAt(schema.LoadOptions{}, d, fields)
}

// FieldsAt sets the fields in the sources of d, which was loaded with opts. Fields that the design does not state are added
// where the thing that they belong to is declared; things that it does not have (modules, dependencies) are added whole. A
// []change.Field takes the place of the struct that stood there, and the value nil removes a field. A field that has its value
// already changes nothing. No file is written.
//
// The fields are set in their order, each on what those before it left, and proven together; only where that proof fails is it
// searched for the fields that are the cause. Fields that are only valid together (the two bounds of autoscaling)
// are best given as one struct; where they are not, neighbours in the list are tried together.
//
// An error tells of a source that is absent or of a field that makes no sense; whatever else stands in the way of a field is told in Elsewhere.
func FieldsAt(opts schema.LoadOptions, d *schema.Design, fields []change.Field) (*Patch, error) {
	for _, f := range fields {
		if err := checkField(f); err != nil {
			return nil, err
		}
	}
	if len(d.Sources) == 0 {
		return nil, fmt.Errorf("%s: the text of the design is not known", d.Path)
	}
	s := &session{opts: opts, design: d, texts: maps.Clone(d.Sources)}
	p := &Patch{Elsewhere: s.settle(fields)}
	p.Design = s.design
	for _, name := range slices.Sorted(maps.Keys(s.texts)) {
		if old := d.Sources[name]; !bytes.Equal(old, s.texts[name]) {
			f := File{Name: name, Old: old, New: s.texts[name]}
			if s.hasMark(name, old) {
				f.Old, f.New = slices.Concat(mark, f.Old), slices.Concat(mark, f.New)
			}
			p.Files = append(p.Files, f)
		}
	}
	return p, nil
}

// session is the design in the state that the edits so far have left.
type session struct {
	opts   schema.LoadOptions
	design *schema.Design    // as loaded from texts
	texts  map[string][]byte // by name of file
	parsed []*source         // texts, once they were parsed
}

// pathText writes a path as people do.
func pathText(path []string) string { return strings.Join(path, ".") }
