package schema

import (
	"bytes"
	"path"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
)

// mask overwrites the parts of the files that do not compile, so that what else is wrong comes to
// light, and tells what is wrong with them. It reports whether it overwrote anything.
func (ev *evaluation) mask(err error) bool {
	masked := false
	for _, e := range errors.Errors(err) {
		f, offset := ev.own(e.Position())
		if f == nil {
			continue
		}
		start, end := offset, offset
		text := bytes.Clone(ev.texts[f.abs])
		format, args := e.Msg()
		switch {
		case format == "reference %q not found" && len(args) == 1:
			name, _ := args[0].(string)
			end = start + len(name)
			if end > len(text) || string(text[start:end]) != name {
				continue
			}
			blank(text, start, end)
			text[start] = '_'
			if ev.missing[name] {
				ev.texts[f.abs], masked = text, true
				ev.masks = append(ev.masks, offsetRange(f, start, end-start))
				continue
			}
		case strings.HasPrefix(format, "imported and not used"), strings.HasPrefix(format, "builtin package"), strings.HasPrefix(format, "import failed"):
			start, end = ev.importAt(f, offset)
			blank(text, start, end)
		case strings.HasPrefix(format, "unreferenced alias or let clause"):
			start, end = letAt(f, offset)
			blank(text, start, end)
		default:
			continue
		}
		if start == end {
			continue
		}
		if _, err := parser.ParseFile(f.abs, text); err != nil {
			continue
		}
		ev.texts[f.abs], masked = text, true
		ev.masks = append(ev.masks, offsetRange(f, start, end-start))
		for _, x := range ev.explainOne(e) {
			ev.told = append(ev.told, x.Error)
		}
	}
	return masked
}

func blank(text []byte, start, end int) {
	for i := start; i < end && i < len(text); i++ {
		if text[i] != '\n' && text[i] != '\r' {
			text[i] = ' '
		}
	}
}

// own finds the file of the design that a position lies in.
func (ev *evaluation) own(pos token.Pos) (*source, int) {
	for _, f := range ev.in.files {
		if pos.HasAbsPos() && ev.pathOf(pos.Filename()) == f.abs && pos.Offset() <= len(f.text) {
			return f, pos.Offset()
		}
	}
	return nil, 0
}

// importAt gives the extent of the import at an offset, and notes the name that it would have given.
func (ev *evaluation) importAt(f *source, offset int) (start, end int) {
	for _, d := range f.syntax.Decls {
		decl, ok := d.(*ast.ImportDecl)
		if !ok {
			continue
		}
		for _, spec := range decl.Specs {
			if spec.Pos().Offset() > offset || spec.End().Offset() <= offset {
				continue
			}
			name := path.Base(importPath(spec))
			if _, after, ok := strings.Cut(name, ":"); ok {
				name = after
			}
			name, _, _ = strings.Cut(name, "@")
			if spec.Name != nil {
				name = spec.Name.Name
			}
			ev.missing[name] = true
			if !decl.Lparen.HasAbsPos() {
				return decl.Pos().Offset(), decl.End().Offset()
			}
			return spec.Pos().Offset(), spec.End().Offset()
		}
	}
	return 0, 0
}

// letAt gives the extent of the let clause at an offset.
func letAt(f *source, offset int) (start, end int) {
	ast.Walk(f.syntax, func(n ast.Node) bool {
		if l, ok := n.(*ast.LetClause); ok && l.Pos().Offset() <= offset && offset < l.End().Offset() {
			start, end = l.Pos().Offset(), l.End().Offset()
			if end < len(f.text) && f.text[end] == ',' {
				end++
			}
		}
		return true
	}, nil)
	return start, end
}
