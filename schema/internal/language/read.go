package language

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
)

// order is that in which a reader wants to meet the files; all others follow by name.
var order = []string{"system.cue", "module.cue", "dependency.cue", "domain.cue", "journey.cue", "transaction.cue", "lint.cue", "policy.cue", "policy_match.cue", "text.cue"}

// Names returns the names of the definition's files in order of reading.
func Names(dir fs.FS) ([]string, error) {
	found, err := fs.Glob(dir, "*.cue")
	if err != nil {
		return nil, err
	}
	rank := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(found, func(a, b string) int { return rank(a) - rank(b) })
	return found, nil
}

// Read reads the definition from the *.cue files of a folder.
func Read(dir fs.FS) (*Language, error) {
	names, err := Names(dir)
	if err != nil {
		return nil, err
	}
	r := &reader{lang: &Language{}, constants: map[string]string{}, choices: map[string]*Type{}, groups: map[string][]string{}, exprs: map[string]ast.Expr{}, types: map[string]*Type{}}
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(name, text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		if err := r.declare(f); err != nil {
			return nil, err
		}
	}
	for _, t := range r.lang.Defs {
		if err := r.read(r.exprs[t.Name], t); err != nil {
			return nil, fmt.Errorf("#%s: %w", t.Name, err)
		}
	}
	return r.lang, nil
}

type reader struct {
	lang      *Language
	constants map[string]string   // hidden string fields of the package
	exprs     map[string]ast.Expr // of the definitions
	choices   map[string]*Type    // hidden fields of a definition that choose a type
	groups    map[string][]string // hidden fields of a definition that count fields
	types     map[string]*Type
}

func (r *reader) declare(f *ast.File) error {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.Package:
			if doc := comment(d); doc != "" {
				r.lang.Doc = doc
			}
		case *ast.ImportDecl, *ast.CommentGroup:
		case *ast.Field:
			name, _, err := ast.LabelName(d.Label)
			if err != nil {
				return err
			}
			switch {
			case strings.HasPrefix(name, "#"):
				t := &Type{Name: name[1:], Doc: comment(d), File: f.Filename}
				if t.Doc == "" {
					return fmt.Errorf("%v: %s has no comment", d.Pos(), name)
				}
				r.types[t.Name], r.exprs[t.Name] = t, d.Value
				r.lang.Defs = append(r.lang.Defs, t)
			case strings.HasPrefix(name, "_"):
				text, ok := r.str(d.Value)
				if !ok {
					return fmt.Errorf("%v: %s is not a string", d.Pos(), name)
				}
				r.constants[name] = text
			default:
				return fmt.Errorf("%v: unexpected field %s", d.Pos(), name)
			}
		default:
			return fmt.Errorf("%v: unexpected %T", d.Pos(), d)
		}
	}
	return nil
}

// read adds to t what e allows.
func (r *reader) read(e ast.Expr, t *Type) error {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return r.read(e.X, t)
	case *ast.BinaryExpr:
		if e.Op == token.OR {
			if err := r.read(e.X, t); err != nil {
				return err
			}
			return r.read(e.Y, t)
		}
		if e.Op == token.AND {
			return r.readAll(conjuncts(e, nil), t)
		}
	case *ast.BasicLit:
		if text, ok := r.str(e); ok {
			t.text().Values = append(t.text().Values, text)
			return nil
		}
		if e.Kind == token.TRUE {
			t.Bool, t.True = true, true
			return nil
		}
	case *ast.Ident:
		if c := r.choices[e.Name]; c != nil {
			t.Choices = c.Choices
			return nil
		}
		if def, ok := strings.CutPrefix(e.Name, "#"); ok {
			return r.refer(def, t)
		}
		switch e.Name {
		case "string":
			t.text().Any = true
			return nil
		case "bool":
			t.Bool = true
			return nil
		case "int", "number":
			return r.readAll([]ast.Expr{e}, t)
		}
	case *ast.UnaryExpr:
		if e.Op == token.MUL { // the mark of a default: see module.cue
			return r.read(e.X, t)
		}
		if e.Op == token.MAT {
			if p, ok := r.str(e.X); ok {
				t.text().Patterns = append(t.text().Patterns, p)
				return nil
			}
		}
		return r.readAll([]ast.Expr{e}, t)
	case *ast.ListLit:
		return r.list(e, t)
	case *ast.StructLit:
		return r.strct(e, t)
	case *ast.CallExpr:
		if name, args := call(e); name == "time.Format" && len(args) == 1 {
			if layout, _ := r.str(args[0]); layout == "2006-01-02" {
				t.text().Date = true
				return nil
			}
		} else if name == "matchN" && len(args) == 2 && isNoList(args[1]) {
			if n, ok := args[0].(*ast.BasicLit); ok && n.Value == "0" {
				t.List = &List{Elem: &Type{Any: true}}
				return nil
			}
		}
	}
	return fmt.Errorf("%v: this form of CUE is not understood", e.Pos())
}

// refer adds what the definition allows. A type that is nothing but a reference is the definition's
// own: see typeOf.
func (r *reader) refer(def string, t *Type) error {
	d, e := r.types[def], r.exprs[def]
	if d == nil {
		return fmt.Errorf("no definition #%s", def)
	}
	return r.read(e, t)
}

// typeOf is read for a type that stands in place.
func (r *reader) typeOf(e ast.Expr) (*Type, error) {
	for {
		p, ok := e.(*ast.ParenExpr)
		if !ok {
			break
		}
		e = p.X
	}
	if id, ok := e.(*ast.Ident); ok && r.choices[id.Name] != nil {
		return r.choices[id.Name], nil
	}
	if id, ok := e.(*ast.Ident); ok && strings.HasPrefix(id.Name, "#") {
		if d := r.types[id.Name[1:]]; d != nil {
			return d, nil
		}
		return nil, fmt.Errorf("%v: no definition %s", e.Pos(), id.Name)
	}
	t := &Type{}
	return t, r.read(e, t)
}

// readAll adds what all of list allow together: a number within bounds, or a list or struct with a
// constraint on its size or elements.
func (r *reader) readAll(list []ast.Expr, t *Type) error {
	var n Number
	var rest []ast.Expr
	isNumber, unique, minFields := false, false, 0
	for _, e := range list {
		switch e := e.(type) {
		case *ast.Ident:
			if e.Name == "int" || e.Name == "number" {
				isNumber, n.Integer = true, e.Name == "int"
				continue
			}
		case *ast.UnaryExpr:
			bound, ok := e.X.(*ast.BasicLit)
			if ok && (bound.Kind == token.INT || bound.Kind == token.FLOAT) {
				var info literal.NumInfo
				if err := literal.ParseNum(bound.Value, &info); err != nil {
					return err
				}
				isNumber = true
				switch e.Op {
				case token.GEQ:
					n.Min = info.String()
				case token.GTR:
					n.Min, n.Above = info.String(), true
				case token.LEQ:
					n.Max = info.String()
				default:
					return fmt.Errorf("%v: this bound is not understood", e.Pos())
				}
				continue
			}
		case *ast.CallExpr:
			name, args := call(e)
			switch {
			case name == "list.UniqueItems" && len(args) == 0:
				unique = true
				continue
			case name == "struct.MinFields" && len(args) == 1:
				lit, ok := args[0].(*ast.BasicLit)
				if !ok {
					return fmt.Errorf("%v: not a number", e.Pos())
				}
				var err error
				if minFields, err = strconv.Atoi(lit.Value); err != nil {
					return err
				}
				continue
			}
		}
		rest = append(rest, e)
	}
	switch {
	case isNumber && len(rest) == 0 && !unique && minFields == 0:
		t.Numbers = append(t.Numbers, n)
		return nil
	case !isNumber && len(rest) == 1:
		if err := r.read(rest[0], t); err != nil {
			return err
		}
		if unique {
			if t.List == nil {
				return fmt.Errorf("%v: not a list", rest[0].Pos())
			}
			t.List.Unique = true
		}
		if minFields > 0 {
			if t.Struct == nil {
				return fmt.Errorf("%v: not a struct", rest[0].Pos())
			}
			t.Struct.Min = minFields
		}
		return nil
	}
	return fmt.Errorf("%v: these constraints together are not understood", list[0].Pos())
}

// list reads [...T] and [T, ...T].
func (r *reader) list(e *ast.ListLit, t *Type) error {
	if t.List != nil {
		return fmt.Errorf("%v: two kinds of list in one type", e.Pos())
	}
	if len(e.Elts) == 0 {
		return fmt.Errorf("%v: an empty list", e.Pos())
	}
	more, ok := e.Elts[len(e.Elts)-1].(*ast.Ellipsis)
	if !ok || more.Type == nil {
		return fmt.Errorf("%v: a list without ...T at its end", e.Pos())
	}
	elem, err := r.typeOf(more.Type)
	if err != nil {
		return err
	}
	for _, first := range e.Elts[:len(e.Elts)-1] {
		if other, err := r.typeOf(first); err != nil {
			return err
		} else if other != elem {
			return fmt.Errorf("%v: the elements of a list differ", e.Pos())
		}
	}
	t.List = &List{Elem: elem, Min: len(e.Elts) - 1}
	return nil
}

func (r *reader) strct(e *ast.StructLit, t *Type) error {
	if t.Struct != nil {
		return fmt.Errorf("%v: two kinds of struct in one type", e.Pos())
	}
	s := &Struct{}
	t.Struct = s
	if err := r.hidden(e); err != nil {
		return err
	}
	refused := ""
	for _, d := range e.Elts {
		switch d := d.(type) {
		case *ast.CommentGroup:
		case *ast.Ellipsis:
			s.Open = true
		case *ast.Field:
			if pattern, ok := d.Label.(*ast.ListLit); ok && len(pattern.Elts) == 1 {
				if err := r.pattern(pattern.Elts[0], d, s, &refused); err != nil {
					return err
				}
				continue
			}
			if name, _, _ := ast.LabelName(d.Label); name == "_rules" {
				if err := r.rules(d, s); err != nil {
					return err
				}
				continue
			}
			if name, _, _ := ast.LabelName(d.Label); r.choices[name] != nil || r.groups[name] != nil {
				continue
			}
			f, err := r.field(d)
			if err != nil {
				return err
			}
			s.Fields = append(s.Fields, f)
		default:
			return fmt.Errorf("%v: this form of CUE is not understood", d.Pos())
		}
	}
	want := s.Key
	if s.Elem == nil {
		names := make([]string, len(s.Fields))
		for i, f := range s.Fields {
			names[i] = regexp.QuoteMeta(f.Name)
		}
		want = "^(" + strings.Join(names, "|") + ")$"
	}
	if !s.Open && refused != want {
		return fmt.Errorf("%v: must refuse all other fields with\n\t[!~%q]: error(\"…\")", e.Pos(), want)
	}
	return nil
}

// pattern reads [#Name]: T and [!~NAMES]: error("…").
func (r *reader) pattern(p ast.Expr, d *ast.Field, s *Struct, refused *string) error {
	if u, ok := p.(*ast.UnaryExpr); ok && u.Op == token.NMAT {
		name, _ := call(d.Value)
		text, ok := r.str(u.X)
		if !ok {
			return fmt.Errorf("%v: this pattern is not understood", p.Pos())
		}
		*refused = text
		if name == "error" {
			return nil
		}
		var err error
		s.Rest, err = r.typeOf(d.Value)
		return err
	}
	key, err := r.typeOf(p)
	if err != nil {
		return err
	}
	if key.Text == nil { // a definition that has not been read yet
		key = &Type{}
		if err := r.read(p, key); err != nil {
			return err
		}
	}
	if key.Text == nil || len(key.Text.Patterns) != 1 || s.Elem != nil {
		return fmt.Errorf("%v: this pattern is not understood", p.Pos())
	}
	s.Key = key.Text.Patterns[0]
	s.Elem, err = r.typeOf(d.Value)
	return err
}

var defaultSentence = regexp.MustCompile(`(?s)^(.*?)\s*Default: (.*)\.$`)

func (r *reader) field(d *ast.Field) (Field, error) {
	name, _, err := ast.LabelName(d.Label)
	if err != nil {
		return Field{}, err
	}
	f := Field{Name: name, Doc: comment(d), Required: d.Constraint == token.NOT}
	if f.Doc == "" {
		return f, fmt.Errorf("%v: %s has no comment", d.Pos(), name)
	}
	if d.Constraint == token.ILLEGAL {
		return f, fmt.Errorf("%v: %s is neither optional nor required", d.Pos(), name)
	}
	if m := defaultSentence.FindStringSubmatch(f.Doc); m != nil {
		f.Doc, f.Default = m[1], m[2]
	}
	f.Type, err = r.typeOf(d.Value)
	return f, err
}

// rules reads the hidden field _rules, which holds rules about several fields.
func (r *reader) rules(d *ast.Field, s *Struct) error {
	body, ok := d.Value.(*ast.StructLit)
	if !ok {
		return fmt.Errorf("%v: _rules is not a struct", d.Pos())
	}
	for _, elt := range body.Elts {
		c, ok := elt.(*ast.Comprehension)
		if !ok {
			return fmt.Errorf("%v: this rule is not understood", elt.Pos())
		}
		if err := r.rule(c, s); err != nil {
			return err
		}
	}
	return nil
}

// hidden reads the hidden fields of a definition that choose a type, as
//
//	_match: [if modules != _|_ {#ModuleMatch}, if groups != _|_ {#GroupMatch}, {...}][0]
//
// and those that count fields, as
//
//	_demands: len([if require != _|_ {0}, if forbid != _|_ {0}])
func (r *reader) hidden(e *ast.StructLit) error {
	for _, elt := range e.Elts {
		d, ok := elt.(*ast.Field)
		if !ok {
			continue
		}
		name, _, _ := ast.LabelName(d.Label)
		if !strings.HasPrefix(name, "_") || name == "_rules" {
			continue
		}
		wrong := fmt.Errorf("%v: this hidden field is not understood", d.Pos())
		if r.choices[name] != nil || r.groups[name] != nil {
			return fmt.Errorf("%v: another definition has a hidden field %s", d.Pos(), name)
		}
		if f, args := call(d.Value); f == "len" && len(args) == 1 {
			list, ok := args[0].(*ast.ListLit)
			if !ok {
				return wrong
			}
			for _, x := range list.Elts {
				field, _, ok := stated(x)
				if !ok {
					return wrong
				}
				r.groups[name] = append(r.groups[name], field)
			}
			continue
		}
		index, ok := d.Value.(*ast.IndexExpr)
		if !ok {
			return wrong
		}
		list, ok := index.X.(*ast.ListLit)
		if !ok || len(list.Elts) < 2 {
			return wrong
		}
		t := &Type{}
		for _, x := range list.Elts[:len(list.Elts)-1] {
			field, body, ok := stated(x)
			if !ok {
				return wrong
			}
			typ, err := r.typeOf(body)
			if err != nil {
				return err
			}
			t.Choices = append(t.Choices, Choice{field, typ})
		}
		if rest, ok := list.Elts[len(list.Elts)-1].(*ast.StructLit); !ok || len(rest.Elts) != 1 {
			return wrong
		}
		r.choices[name] = t
	}
	return nil
}

// stated takes "if FIELD != _|_ {BODY}" apart.
func stated(x ast.Node) (field string, body ast.Expr, ok bool) {
	c, ok := x.(*ast.Comprehension)
	if !ok || len(c.Clauses) != 1 {
		return "", nil, false
	}
	is, ok := c.Clauses[0].(*ast.IfClause)
	if !ok {
		return "", nil, false
	}
	test, ok := is.Condition.(*ast.BinaryExpr)
	if !ok || test.Op != token.NEQ {
		return "", nil, false
	}
	id, ok := test.X.(*ast.Ident)
	if _, bottom := test.Y.(*ast.BottomLit); !ok || !bottom {
		return "", nil, false
	}
	lit, ok := c.Value.(*ast.StructLit)
	if !ok || len(lit.Elts) != 1 {
		return "", nil, false
	}
	embed, ok := lit.Elts[0].(*ast.EmbedDecl)
	if !ok {
		return "", nil, false
	}
	return id.Name, embed.Expr, true
}

// isNoList reports whether x is [bool | number | string | null | {...}]: all but a list.
func isNoList(x ast.Expr) bool {
	list, ok := x.(*ast.ListLit)
	if !ok || len(list.Elts) != 1 {
		return false
	}
	var kinds []string
	var walk func(x ast.Expr) bool
	walk = func(x ast.Expr) bool {
		switch x := x.(type) {
		case *ast.BinaryExpr:
			return x.Op == token.OR && walk(x.X) && walk(x.Y)
		case *ast.Ident:
			kinds = append(kinds, x.Name)
			return true
		case *ast.BasicLit:
			kinds = append(kinds, x.Value)
			return x.Kind == token.NULL
		case *ast.StructLit:
			kinds = append(kinds, "struct")
			return len(x.Elts) == 1
		}
		return false
	}
	if !walk(list.Elts[0]) {
		return false
	}
	slices.Sort(kinds)
	return slices.Equal(kinds, []string{"bool", "null", "number", "string", "struct"})
}

// rule reads the forms of a rule:
//
//	if a != _|_ if b != _|_ {error("…")}             // not both
//	if a != _|_ if b == _|_ if c == _|_ {error("…")} // a needs b or c
//	if _count > 1 {error("…")}                       // at most one of those counted
//	if _count == 0 … {error("…")}                    // at least one of those counted
//
// The clauses that follow in the last form are there because a definition by itself states no field.
func (r *reader) rule(c *ast.Comprehension, s *Struct) error {
	wrong := fmt.Errorf("%v: this rule is not understood", c.Pos())
	body, ok := c.Value.(*ast.StructLit)
	if !ok || len(body.Elts) != 1 {
		return wrong
	}
	if embed, ok := body.Elts[0].(*ast.EmbedDecl); !ok {
		return wrong
	} else if name, _ := call(embed.Expr); name != "error" {
		return wrong
	}
	var present, absent []string
	for i, clause := range c.Clauses {
		is, ok := clause.(*ast.IfClause)
		if !ok {
			return wrong
		}
		test, ok := is.Condition.(*ast.BinaryExpr)
		if !ok {
			return wrong
		}
		id, ok := test.X.(*ast.Ident)
		if !ok {
			return wrong
		}
		if group := r.groups[id.Name]; i == 0 && group != nil {
			n, ok := test.Y.(*ast.BasicLit)
			switch {
			case ok && test.Op == token.GTR && n.Value == "1" && len(c.Clauses) == 1:
				s.MostOne = append(s.MostOne, group)
				return nil
			case ok && test.Op == token.EQL && n.Value == "0":
				s.SomeOf = append(s.SomeOf, group)
				return r.elsewhere(group, s)
			}
			return wrong
		}
		if _, bottom := test.Y.(*ast.BottomLit); !bottom || !s.has(id.Name) {
			return wrong
		}
		if test.Op == token.EQL {
			absent = append(absent, id.Name)
		} else {
			present = append(present, id.Name)
		}
	}
	switch {
	case len(present) == 2 && len(absent) == 0:
		s.Exclusive = append(s.Exclusive, [2]string(present))
	case len(present) == 1 && len(absent) > 0:
		s.Needs = append(s.Needs, append(present, absent...))
	default:
		return wrong
	}
	return nil
}

// elsewhere holds that the counts of a definition are of all its fields, each once.
func (r *reader) elsewhere(group []string, s *Struct) error {
	counted := 0
	for _, fields := range r.groups {
		if len(fields) > 0 && s.has(fields[0]) {
			counted += len(fields)
			for _, f := range fields {
				if !s.has(f) {
					return fmt.Errorf("there is no field %s to count", f)
				}
			}
		}
	}
	if counted != len(s.Fields) {
		return fmt.Errorf("%d fields are counted beside %s, of %d", counted, strings.Join(group, ", "), len(s.Fields))
	}
	return nil
}

func (s *Struct) has(name string) bool {
	return slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Name == name })
}

func (t *Type) text() *Text {
	if t.Text == nil {
		t.Text = &Text{}
	}
	return t.Text
}

// str gives the value of a string literal or of a hidden constant.
func (r *reader) str(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := literal.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.Ident:
		s, ok := r.constants[e.Name]
		return s, ok
	}
	return "", false
}

// call gives the name of a called function, such as "list.UniqueItems", and its arguments.
func call(e ast.Expr) (name string, args []ast.Expr) {
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return "", nil
	}
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name, c.Args
	case *ast.SelectorExpr:
		if pkg, ok := f.X.(*ast.Ident); ok {
			sel, _, _ := ast.LabelName(f.Sel)
			return pkg.Name + "." + sel, c.Args
		}
	}
	return "", nil
}

func conjuncts(e ast.Expr, list []ast.Expr) []ast.Expr {
	switch x := e.(type) {
	case *ast.ParenExpr:
		return conjuncts(x.X, list)
	case *ast.BinaryExpr:
		if x.Op == token.AND {
			return conjuncts(x.Y, conjuncts(x.X, list))
		}
	}
	return append(list, e)
}

// comment gives the text of the comments that stand before n. Lines of one paragraph are joined.
func comment(n ast.Node) string {
	var text []string
	for _, g := range ast.Comments(n) {
		if g.Doc {
			text = append(text, strings.TrimSpace(g.Text()))
		}
	}
	paragraphs := strings.Split(strings.Join(text, "\n\n"), "\n\n")
	for i, p := range paragraphs {
		if !strings.HasPrefix(p, "\t") {
			paragraphs[i] = strings.Join(strings.Fields(p), " ")
		}
	}
	return strings.Join(paragraphs, "\n\n")
}
