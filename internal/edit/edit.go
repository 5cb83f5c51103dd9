// Package edit changes fields of a design in its source: comments, order and layout stay.
package edit

import (
	"lintel/analyzer/change"
	"lintel/schema"
)

// Patch is what becomes of the files of a design.
type Patch struct {
	Files []File
	// Elsewhere lists the fields that cannot be set by an edit of their own, because they do not stand literally in one
	// place, with where and why.
	Elsewhere []Elsewhere
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

// Fields sets the fields in the sources of d. Fields that the design does not state are added where the thing that they belong
// to is declared. No file is written. An error tells of a source that cannot be read or of a field that makes no sense.
func Fields(d *schema.Design, fields []change.Field) (*Patch, error) {
	return &Patch{}, nil
}
