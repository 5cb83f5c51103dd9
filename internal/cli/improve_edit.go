package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"lintel/analyzer/change"
	"lintel/internal/edit"
	"lintel/internal/improve"
	"lintel/schema"
)

// improvement is what lintel improve found, and what becomes of the source.
type improvement struct {
	plan     *improve.Plan
	settings improve.Settings
	design   *schema.Design

	patch  *edit.Patch
	byHand []handEdit
	left   []int // steps of the plan, by index, that have to be made by hand
	// written lists the files that were changed; proven tells that what they say now was read again and does what was
	// promised of it.
	written []string
	proven  bool
	late    bool // the time was over before the patch was made
}

// handEdit is a field that has to be changed by hand, for a step.
type handEdit struct {
	step int
	edit.Elsewhere
}

// editUntil finds out what becomes of the source, until the deadline at most.
func editUntil(r improvement, load schema.LoadOptions) (*improvement, error) {
	out, err := improve.Until(r.settings.Deadline, func() (*improvement, error) {
		one := r
		return &one, one.edit(load)
	})
	if errors.Is(err, improve.ErrOver) {
		r.patch, r.late = &edit.Patch{}, len(r.plan.Steps) > 0
		return &r, nil
	}
	return out, err
}

// edit finds out what becomes of the source. A step of which a field cannot be set is left out as a whole, and so are the
// later ones that build on it.
func (r *improvement) edit(load schema.LoadOptions) error {
	for {
		var fields []change.Field
		var owner []int
		for i, step := range r.plan.Steps {
			if slices.Contains(r.left, i) {
				continue
			}
			for _, f := range step.Fields() {
				fields = append(fields, f)
				owner = append(owner, i)
			}
		}
		patch, err := edit.FieldsAt(load, r.design, fields)
		if err != nil {
			return err
		}
		r.patch = patch
		if len(patch.Elsewhere) == 0 {
			return nil
		}
		for _, e := range patch.Elsewhere {
			k := slices.IndexFunc(fields, func(f change.Field) bool { return slices.Equal(f.Path, e.Field.Path) })
			if k < 0 {
				return fmt.Errorf("the edit of %s belongs to no step: this is a fault of lintel", strings.Join(e.Field.Path, "."))
			}
			r.byHand = append(r.byHand, handEdit{owner[k], e})
			if !slices.Contains(r.left, owner[k]) {
				r.left = append(r.left, owner[k])
			}
		}
		slices.Sort(r.left)
	}
}

// write puts the new texts in the places of the old ones, and reads and measures what is there then.
func (r *improvement) write(s *session) error {
	if len(r.patch.Files) == 0 {
		return nil
	}
	var files []written
	for _, f := range r.patch.Files {
		files = append(files, written{filepath.FromSlash(f.Name), f.New})
	}
	if err := s.writeAll(files, nil); err != nil {
		return err
	}
	for _, f := range r.patch.Files {
		r.written = append(r.written, f.Name)
	}
	designs, err := schema.Load(s.loadOptions(""), r.design.Path)
	if err != nil || len(designs) != 1 {
		return fmt.Errorf("what was written to %s cannot be read again: %w", strings.Join(r.written, ", "), err)
	}
	if len(r.left) > 0 {
		return nil
	}
	m, err := improve.Prove(designs[0], r.settings)
	if errors.Is(err, improve.ErrOver) || r.plan.Unproven {
		return nil
	}
	if err != nil {
		return err
	}
	if r.plan.Reached && !m.Met() {
		return fmt.Errorf("what was written to %s does not reach the goal: this is a fault of lintel", strings.Join(r.written, ", "))
	}
	r.proven = true
	return nil
}

// patchText is the change of the source as a unified diff.
func (r *improvement) patchText() string {
	var b strings.Builder
	for _, f := range r.patch.Files {
		old, new := f.Name, f.Name
		if !filepath.IsAbs(filepath.FromSlash(f.Name)) {
			old, new = "a/"+old, "b/"+new
		}
		text := string(diff.Diff(old, f.Old, new, f.New))
		if _, rest, ok := strings.Cut(text, "\n"); ok { // its first line is no part of the format
			b.WriteString(rest)
		}
	}
	return b.String()
}
