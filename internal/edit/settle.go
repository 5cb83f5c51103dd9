package edit

import (
	"bytes"
	"maps"

	"lintel/analyzer/change"
	"lintel/schema"
)

// maxTogether is the number of neighbouring fields that are tried together where they cannot be set one by one.
const maxTogether = 3

// settle sets the fields, each as it is proven, and gives those that have to be set by hand.
func (s *session) settle(fields []change.Field) []Elsewhere {
	// Most often nothing stands in the way but what the source itself tells, and then one proof is enough.
	if out, ok := s.tryAll(fields); ok {
		return out
	}
	var out []Elsewhere
	for len(fields) > 0 && !s.try(fields, nil) {
		// The fault lies in the first n fields. Those of them that can be set are, until few are left.
		n := len(fields)
		for n > maxTogether {
			if half := n / 2; s.try(fields[:half], nil) {
				fields, n = fields[half:], n-half
			} else {
				n = half
			}
		}
		for n > 0 {
			set, why := s.tryFirst(fields)
			if set == 0 {
				out = append(out, why)
				fields = fields[1:]
				break
			}
			fields, n = fields[set:], n-set
		}
	}
	return out
}

// tryFirst sets the first of the fields, together with as many as it needs of those that follow. It gives how many it set; where
// that is none, why tells about the first.
func (s *session) tryFirst(fields []change.Field) (n int, why Elsewhere) {
	for k := 1; k <= min(len(fields), maxTogether); k++ {
		var first *Elsewhere
		if s.try(fields[:k], &first) {
			return k, Elsewhere{}
		}
		if k == 1 {
			why = *first
		}
	}
	return 0, why
}

// tryAll sets the fields less those of which the source tells that they have to be set by hand, proves the result and keeps
// it. Where that fails, nothing changes and ok is false.
func (s *session) tryAll(fields []change.Field) (out []Elsewhere, ok bool) {
	open := opened(tree(s.design), fields)
	texts := maps.Clone(s.texts)
	byHand, ok := s.setAll(texts, open)
	if !ok {
		return nil, false
	}
	var set []change.Field
	for i, f := range open {
		if _, ok := byHand[i]; !ok {
			set = append(set, f)
			continue
		}
		// What is told has to be true of the sources as they are, not of what other edits made of them.
		alone, ok := s.setAll(maps.Clone(s.texts), open[i:i+1])
		e, hand := alone[0]
		if !ok || !hand {
			return nil, false
		}
		want := tree(s.design)
		opened(want, open[i:i+1])
		meant, err := loadTree(want)
		if err != nil {
			return nil, false
		}
		if !same(bare(meant), bare(s.design)) {
			out = append(out, e)
		}
	}
	if len(set) == 0 {
		return out, true
	}
	want := tree(s.design)
	opened(want, set)
	meant, err := loadTree(want)
	if err != nil {
		return nil, false
	}
	if same(bare(meant), bare(s.design)) {
		return out, true
	}
	if e := s.prove(set[0], meant, texts); e != nil {
		return nil, false
	}
	return out, true
}

// try sets fields, proves the result and keeps it. Where that fails, nothing changes, and why tells about the first
// field.
func (s *session) try(fields []change.Field, why **Elsewhere) bool {
	fail := func(e *Elsewhere) bool {
		if why != nil {
			*why = e
		}
		return false
	}
	want := tree(s.design)
	open := opened(want, fields)
	if len(open) == 0 {
		return true
	}
	f := open[0]
	meant, err := loadTree(want)
	if err != nil {
		return fail(s.elsewhere(f, s.placeOf(f.Path), "%s = %s makes no valid design: %v", pathText(f.Path), change.Text(f.Value), err))
	}
	if same(bare(meant), bare(s.design)) {
		return true
	}
	texts := maps.Clone(s.texts)
	byHand, ok := s.setAll(texts, open)
	if !ok {
		return fail(s.elsewhere(f, s.placeOf(f.Path), "an edit of %s in its place would break its file", pathText(f.Path)))
	}
	for i := range open {
		if e, ok := byHand[i]; ok {
			return fail(&e)
		}
	}
	if e := s.prove(f, meant, texts); e != nil {
		return fail(e)
	}
	return true
}

// opened sets fields in a tree and gives those that changed it.
func opened(o object, fields []change.Field) []change.Field {
	var open []change.Field
	for _, f := range fields {
		if setTree(o, f.Path, f.Value) {
			open = append(open, f)
		}
	}
	return open
}

// prove loads edited texts and keeps them if they are the design that was meant. Where they are not, it tells so of a field.
func (s *session) prove(f change.Field, meant *schema.Design, texts map[string][]byte) *Elsewhere {
	for name, text := range texts {
		if old := s.texts[name]; !bytes.Equal(old, text) {
			texts[name] = formatted(name, old, text)
		}
	}
	got, err := s.load(texts)
	if err != nil {
		return s.elsewhere(f, s.placeOf(f.Path), "an edit of %s in its place would break the design: %v", pathText(f.Path), err)
	}
	if diff := difference(meant, got, s.design); diff != "" {
		return s.elsewhere(f, s.placeOf(f.Path), "an edit of %s in its place would change %s as well", pathText(f.Path), diff)
	}
	s.design, s.texts, s.parsed = got, texts, nil
	return nil
}
