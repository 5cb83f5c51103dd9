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
// The fields are set in their order, each on what those before it left. Fields that are only valid together (the two bounds of autoscaling)
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
	p := &Patch{}
	// Most often all goes well, and then one proof is enough.
	if s.try(fields, nil) {
		fields = nil
	}
	for len(fields) > 0 {
		var why *Elsewhere
		n := 0
		for k := 1; k <= min(len(fields), maxTogether) && n == 0; k++ {
			var first *Elsewhere
			if s.try(fields[:k], &first) {
				n = k
			}
			if k == 1 {
				why = first
			}
		}
		if n == 0 {
			p.Elsewhere = append(p.Elsewhere, *why)
			n = 1
		}
		fields = fields[n:]
	}
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

// maxTogether is the number of neighbouring fields that are tried together where they cannot be set one by one.
const maxTogether = 3

// session is the design in the state that the edits so far have left.
type session struct {
	opts   schema.LoadOptions
	design *schema.Design    // as loaded from texts
	texts  map[string][]byte // by name of file
}

// try sets fields, proves the result and keeps it. Where that fails, nothing changes, and why tells about the first
// field.
func (s *session) try(fields []change.Field, why **Elsewhere) bool {
	fail := func(f change.Field, place schema.Range, format string, args ...any) bool {
		if why != nil {
			*why = &Elsewhere{Field: f, Place: place, Why: fmt.Sprintf(format, args...)}
		}
		return false
	}
	want := tree(s.design)
	var open []change.Field
	for _, f := range fields {
		if setTree(want, f.Path, f.Value) {
			open = append(open, f)
		}
	}
	if len(open) == 0 {
		return true
	}
	meant, err := loadTree(want)
	if err != nil {
		return fail(open[0], s.placeOf(open[0].Path), "%s = %s makes no valid design: %v", pathText(open[0].Path), valueText(open[0].Value), err)
	}
	if same(bare(meant), bare(s.design)) {
		return true
	}
	texts := maps.Clone(s.texts)
	for _, f := range open {
		if e := s.set(texts, f); e != nil {
			return fail(f, e.Place, "%s", e.Why)
		}
	}
	for name, text := range texts {
		if old := s.texts[name]; !bytes.Equal(old, text) {
			texts[name] = formatted(name, old, text)
		}
	}
	got, err := s.load(texts)
	if err != nil {
		return fail(open[0], s.placeOf(open[0].Path), "an edit of %s in its place would break the design: %v", pathText(open[0].Path), err)
	}
	if diff := difference(meant, got, s.design); diff != "" {
		return fail(open[0], s.placeOf(open[0].Path), "an edit of %s in its place would change %s as well", pathText(open[0].Path), diff)
	}
	s.design, s.texts = got, texts
	return true
}

// pathText writes a path as people do.
func pathText(path []string) string { return strings.Join(path, ".") }
