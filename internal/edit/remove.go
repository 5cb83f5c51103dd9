package edit

// remove takes away the field of e. Its comments stay: they are their author's.
func (e *editor) remove(scopes []*scope) *Elsewhere {
	path := e.field.Path
	var found []statement
	for i, name := range path {
		found = statements(scopes, name)
		if i == len(path)-1 {
			break
		}
		scopes = nil
		for _, st := range found {
			scopes = append(scopes, st.scopes()...)
		}
	}
	if len(found) == 0 {
		return e.notLiteral(path, e.placeOf(path))
	}
	st := found[0]
	src := st.scope.src
	if len(found) > 1 {
		return e.elsewhere(e.field, e.rangeOf(src, st.field), "%s is stated in %d places", pathText(path), len(found))
	}
	if !isLiteral(st.value()) {
		return e.elsewhere(e.field, e.rangeOf(src, st.field), "%s %s", pathText(path), whatIs(src, st.field.Value))
	}
	if st.scope.implicit() {
		// The chain of labels ends here: an empty struct says the same.
		start, end := st.field.Pos().Offset(), st.field.End().Offset()
		return e.write(src, splice{start, end, "{}"})
	}
	start, end := st.field.Pos().Offset(), st.field.End().Offset()
	comma := skipBlanks(src.text, end)
	hasComma := comma < len(src.text) && src.text[comma] == ','
	if hasComma {
		end = comma + 1
	}
	var splices []splice
	isLast := true
	previous := -1
	for _, d := range st.scope.decls {
		if d == st.field {
			continue
		}
		if d.Pos().Offset() > st.field.Pos().Offset() {
			isLast = false
		} else {
			previous = d.End().Offset()
		}
	}
	// What a comma sets apart from nothing has to lose it.
	if isLast && previous >= 0 && !hasComma {
		if c := skipBlanks(src.text, previous); src.text[c] == ',' {
			if !beginsLine(src.text, st.field.Pos().Offset()) {
				return e.write(src, splice{previous, end, ""})
			}
			splices = append(splices, splice{c, c + 1, ""})
		}
	}
	if beginsLine(src.text, start) && skipBlanks(src.text, end) == lineEnd(src.text, end) {
		from := lineStart(src.text, start)
		to := lineEnd(src.text, end)
		if to < len(src.text) && src.text[to] == '\r' {
			to++
		}
		if to < len(src.text) && src.text[to] == '\n' {
			to++
		}
		return e.write(src, append(splices, splice{from, to, ""})...)
	}
	return e.write(src, append(splices, splice{start, skipBlanks(src.text, end), ""})...)
}
