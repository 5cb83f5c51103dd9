package edit

import (
	"slices"

	"lintel/analyzer/change"
	"lintel/schema"
)

// setAll sets fields in texts, in their order, and tells by index which have to be set by hand. What it did is not proven
// yet; ok is false where it left texts that cannot be parsed.
//
// To parse a large file takes longer than to change it, so that fields are set in rounds, of which each parses every file once. A
// round takes the fields that have nothing to do with each other: those of different things, whose edits neither
// overlap nor share a line. The others wait, with all that has to do with them, and see what those before them left.
func (s *session) setAll(texts map[string][]byte, fields []change.Field) (byHand map[int]Elsewhere, ok bool) {
	byHand = map[int]Elsewhere{}
	if len(s.design.Files) == 1 && isYAML(s.design.Files[0]) {
		for i, f := range fields {
			byHand[i] = *s.elsewhere(f, s.placeOf(f.Path), "%s stands in a YAML file, which is not edited", pathText(f.Path))
		}
		return byHand, true
	}
	waiting := make([]int, len(fields))
	for i := range fields {
		waiting[i] = i
	}
	for first := true; len(waiting) > 0; first = false {
		sources, why := s.parsed, (*Elsewhere)(nil)
		if !first || sources == nil {
			if sources, why = s.parseAll(texts); why != nil {
				return nil, false
			}
		}
		if first {
			s.parsed = sources
		}
		r := round{splices: map[*source][]splice{}, taken: map[*source][]span{}, things: map[string]bool{}}
		var later []int
		for _, i := range waiting {
			f := fields[i]
			thing := pathText(f.Path[:min(len(f.Path), 2)])
			if r.things[thing] {
				later = append(later, i)
				continue
			}
			e := &editor{session: s, texts: texts, field: f}
			if why := e.set(sources); why != nil {
				byHand[i] = *why
				continue
			}
			if !r.take(e) {
				later = append(later, i)
			}
			r.things[thing] = true
		}
		for src, list := range r.splices {
			texts[src.name] = spliced(src.text, list)
		}
		waiting = later
	}
	return byHand, true
}

// parseAll parses the files of the design, in their order.
func (s *session) parseAll(texts map[string][]byte) ([]*source, *Elsewhere) {
	var sources []*source
	for _, name := range s.design.Files {
		text, ok := texts[name]
		if !ok {
			return nil, s.elsewhere(change.Field{}, schema.Range{File: name}, "the text of %s is not known", name)
		}
		src, err := parse(name, text)
		if err != nil {
			return nil, s.elsewhere(change.Field{}, schema.Range{File: name}, "%s cannot be parsed: %v", name, err)
		}
		sources = append(sources, src)
	}
	return sources, nil
}

// round is what is done to the files between two times that they are parsed.
type round struct {
	splices map[*source][]splice
	taken   map[*source][]span // by those that are made, and those that wait
	things  map[string]bool    // of which a field was set, or waits
}

// span is a stretch of a text, both ends included.
type span struct{ start, end int }

// take adds the edit that e made, unless it has to wait.
func (r *round) take(e *editor) bool {
	if len(e.splices) == 0 {
		return true
	}
	all := hull(e.src, e.splices)
	free := !slices.ContainsFunc(r.taken[e.src], func(t span) bool { return t.start <= all.end && all.start <= t.end })
	r.taken[e.src] = append(r.taken[e.src], all)
	if free {
		r.splices[e.src] = append(r.splices[e.src], e.splices...)
	}
	return free
}

// hull is the stretch that splices change, with the lines on which it begins and ends: how much fits on
// them depends on all that stands there. What is written on very long lines does not.
func hull(src *source, list []splice) span {
	h := span{list[0].start, list[0].end}
	for _, s := range list[1:] {
		h.start, h.end = min(h.start, s.start), max(h.end, s.end)
	}
	const long = 4 * maxLine
	if start := lineStart(src.text, h.start); h.start-start < long {
		h.start = start
	}
	if end := lineEnd(src.text, h.end); end-h.end < long {
		h.end = end
	}
	return h
}
