package schema

import (
	"fmt"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"
)

// explain puts the errors of the CUE library into the user's words.
func (ev *evaluation) explain(err error) Errors {
	var list Errors
	for _, e := range errors.Errors(err) {
		format, args := e.Msg()
		out := Error{Message: fmt.Sprintf(format, args...)}
		positions := append([]token.Pos{e.Position()}, e.InputPositions()...)
		for _, p := range positions {
			r := ev.span(p, p)
			if r.IsKnown() && !out.Pos.IsKnown() {
				out.Pos = r
			}
		}
		if !out.Pos.IsKnown() {
			out.Pos = Range{File: ev.in.files[0].name}
		}
		if path := e.Path(); len(path) > 0 {
			out.Message = strings.Join(path, ".") + ": " + out.Message
		}
		list = append(list, out)
	}
	return list
}

// incomplete tells of a value that is not concrete.
func (ev *evaluation) incomplete(v cue.Value, pos Range) Error {
	return Error{Pos: pos, Message: v.Path().String() + " has no value yet", Hint: "give it a concrete value"}
}
