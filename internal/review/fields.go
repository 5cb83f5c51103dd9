package review

import "lintel/schema"

// field is one field of a kind of thing, under the name by which users state it.
type field[T any] struct {
	name string
	// value gives what the thing says, as a design states it, with names of other things as r has them; the default where
	// it states nothing and there is one, else "".
	value func(t *T, r *renames) string
	// same, where it is set, tells that two things do not differ although their values do.
	same func(old, new *T) bool
	// effect is what a change of the field means; nil where it never weakens or strengthens. Both are of different value.
	effect      func(old, new *T) Effect
	strengthens string // what effect takes for stronger, in words; the reverse weakens
	weight      int    // see weights.go
	refers      bool   // the value names other things of the design, and no more than that
}

// placed is a thing that knows where its fields are stated.
type placed interface {
	At(field string) schema.Range
}

// compareFields tells in which fields two things differ. The values are told as their own designs state them.
func compareFields[T any](fields []field[T], old, new *T, r *renames) []FieldChange {
	var out []FieldChange
	for i := range fields {
		f := &fields[i]
		o, n := f.value(old, r), f.value(new, nil)
		if o == n || f.same != nil && f.same(old, new) {
			continue
		}
		c := FieldChange{Field: f.name, Old: f.value(old, nil), New: n, Place: placeOf(f.name, old, new)}
		if f.effect != nil {
			c.Effect = f.effect(old, new)
		}
		out = append(out, c)
	}
	return out
}

// placeOf is where the new design states the field, failing that the old one, failing that the new thing's place.
func placeOf[T any](field string, old, new *T) schema.Range {
	n, o := any(new).(placed), any(old).(placed)
	at, thing := n.At(field), n.At("")
	if at != thing {
		return at
	}
	if at := o.At(field); at != o.At("") {
		return at
	}
	return thing
}

// stated tells what a thing says beyond the defaults, as fields of something that was added, or removed.
func stated[T any](fields []field[T], thing, empty *T, added bool) []FieldChange {
	var out []FieldChange
	for i := range fields {
		f := &fields[i]
		v := f.value(thing, nil)
		if v == "" || v == f.value(empty, nil) || f.same != nil && f.same(empty, thing) {
			continue
		}
		c := FieldChange{Field: f.name, Place: any(thing).(placed).At(f.name)}
		if added {
			c.New = v
		} else {
			c.Old = v
		}
		out = append(out, c)
	}
	return out
}
