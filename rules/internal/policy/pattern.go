package policy

import (
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/token"
)

// pattern is a selector or a requirement, taken apart so that each field is judged on its own.
//
// That is the same as to unify the whole: what is selected is concrete, closed and complete, so that A & B unifies with
// it where A and B do, A | B where one of them does, and a struct of fields that do not refer to each other where each
// field does. What can't be taken apart (fields that refer to each other, comprehensions, patterns of labels) is unified
// as it is. A struct that comes from a definition is as one that does not: a selector is always open.
type pattern struct {
	shape *shape

	all    []*pattern // of a conjunction
	any    []*pattern // of a disjunction
	fields []fieldPattern

	whole *wholePattern
}

// fieldPattern is what is asked of one field.
type fieldPattern struct {
	field    *field
	optional bool     // "team?:", for what is there
	sub      *pattern // of a field with fields of its own
	leaf     *leaf    // of any other
	// dependencies takes the place of leaf, whose text alone counts then.
	dependencies *dependenciesPattern
}

// leaf is what is asked of one value, with the verdicts that were reached so far.
type leaf struct {
	value   cue.Value
	context *cue.Context
	text    string
	known   map[any]bool
}

// wholePattern is a struct that is unified as a whole.
type wholePattern struct {
	leaf
	only []string // the fields that it may speak of; nil is all
	// present holds those of them that it asks no more of than to be there.
	present []string
}

// seen gives what there is to see of a thing for p.
func (p *wholePattern) seen(sh *shape, s *subject) map[string]any {
	out := sh.all(s, p.only)
	for _, name := range p.present {
		if _, ok := out[name]; ok {
			out[name] = true // as good as any value, and the same for many things
		}
	}
	return out
}

// most bounds the verdicts that a leaf remembers.
const most = 4096

func (l *leaf) matches(v any) bool {
	key := keyOf(v)
	if verdict, ok := l.known[key]; ok {
		return verdict
	}
	if l.known == nil || len(l.known) >= most {
		l.known = map[any]bool{}
	}
	verdict := unifies(l.value, toCUE(l.context, v))
	l.known[key] = verdict
	return verdict
}

// unifies tells whether a selector and a concrete, closed value have no contradiction, and nothing that the selector asks
// for is absent.
func unifies(selector, value cue.Value) bool {
	u := selector.Unify(value)
	return u.Validate(cue.Final()) == nil && isDecided(u)
}

// isDecided tells whether nothing in a value is left open: an "if" that asks about a field which is not there leaves it
// open, and hides what else is absent. Several alternatives that all fit are no harm.
func isDecided(v cue.Value) bool {
	if v.Validate(cue.Concrete(true)) == nil {
		return true
	}
	if v.Err() != nil {
		return false
	}
	v = v.Eval()
	if op, args := v.Expr(); op == cue.OrOp {
		return slices.ContainsFunc(args, isDecided)
	}
	switch v.IncompleteKind() {
	case cue.StructKind:
		for it, err := v.Fields(); ; {
			if err != nil {
				return false
			}
			if !it.Next() {
				return true
			}
			if !isDecided(it.Value()) {
				return false
			}
		}
	case cue.ListKind:
		it, err := v.List()
		for err == nil && it.Next() {
			if !isDecided(it.Value()) {
				return false
			}
		}
		return err == nil
	}
	return false
}

// matches tells whether a thing unifies with p.
func (p *pattern) matches(s *subject) bool {
	for _, q := range p.all {
		if !q.matches(s) {
			return false
		}
	}
	if len(p.any) > 0 && !slices.ContainsFunc(p.any, func(q *pattern) bool { return q.matches(s) }) {
		return false
	}
	for i := range p.fields {
		if !p.fields[i].matches(s) {
			return false
		}
	}
	return p.whole == nil || p.whole.matches(p.whole.seen(p.shape, s))
}

func (f *fieldPattern) matches(s *subject) bool {
	if f.sub != nil {
		of := f.field.of(s)
		if of == nil {
			return f.optional
		}
		return f.sub.matches(of)
	}
	if f.dependencies != nil {
		return f.dependencies.matches(s)
	}
	v := f.field.value(s)
	if v == nil {
		return f.optional
	}
	return f.leaf.matches(v)
}

// compiler takes the CUE values of one policy apart.
type compiler struct {
	policy  cue.Value
	context *cue.Context
	faults  []fault
	types   map[string]cue.Value
}

// fault is something wrong in a policy.
type fault struct {
	value         cue.Value // where
	path          string    // below the policy: "modules.tags"
	message, hint string
}

func (c *compiler) fault(v cue.Value, path, message, hint string) {
	c.faults = append(c.faults, fault{v, path, message, hint})
}

// pattern compiles a selector or a requirement for things of a shape; path names it for messages.
func (c *compiler) pattern(v cue.Value, sh *shape, path string) *pattern {
	p := &pattern{shape: sh}
	switch op, args := v.Expr(); {
	case op == cue.AndOp:
		for _, a := range args {
			p.all = append(p.all, c.pattern(a, sh, path))
		}
		return p
	case op == cue.OrOp:
		for _, a := range args {
			p.any = append(p.any, c.pattern(a, sh, path))
		}
		return p
	}
	v = dereferenced(v)
	if op, _ := v.Expr(); op == cue.AndOp || op == cue.OrOp {
		return c.pattern(v, sh, path)
	}
	switch k := v.IncompleteKind(); {
	case v.Err() != nil && !isIncomplete(v) && k != cue.StructKind:
		c.fault(v, path, path+": "+firstLine(v.Err()), "")
		return p
	case k == cue.TopKind: // _ asks for nothing
		return p
	case k != cue.StructKind && !isIncomplete(v):
		c.fault(v, path, path+" is "+kindInWords(k)+", where a struct of the fields of "+article(sh.noun)+" belongs", "")
		return p
	}
	lit, ok := expressionOf(v).(*ast.StructLit)
	plain := ok && isPlain(lit)
	it, err := v.Fields(cue.Optional(true))
	if err != nil {
		if !isIncomplete(v) {
			c.fault(v, path, path+": "+firstLine(err), "")
			return p
		}
		plain, it = false, &cue.Iterator{} // which fields there are depends on those of the module
	}
	for err == nil && it.Next() {
		name := it.Selector().Unquoted()
		f := sh.field(name)
		if f == nil {
			c.unknownField(it.Value(), sh, path, name)
			continue
		}
		q := fieldPattern{field: f, optional: it.Selector().ConstraintType() == cue.OptionalConstraint}
		w := it.Value()
		switch k := w.IncompleteKind(); {
		case f.sub != nil && k == cue.TopKind:
			q.sub = &pattern{shape: f.sub}
		case f.sub != nil && (k == cue.StructKind || !q.optional || w.Err() == nil):
			q.sub = c.pattern(w, f.sub, path+"."+name)
		default:
			q.leaf = c.leaf(w, f, path+"."+name)
			if sh == moduleShape() && name == "dependsOn" {
				q.dependencies = c.dependencies(w, path+"."+name)
			}
		}
		p.fields = append(p.fields, q)
	}
	if plain {
		return p
	}
	if v.Err() == nil && !v.Allows(cue.AnyString) {
		c.fault(v, path, path+" is closed, so that it fits only what has no other fields", "add ... to the definition that it comes from")
	}
	c.checkSyntax(v, sh, path)
	only := mentioned(lit)
	return &pattern{shape: sh, whole: &wholePattern{leaf: leaf{value: v, context: c.context, text: textOf(v)}, only: only, present: onlyPresent(lit, only)}}
}

func (c *compiler) leaf(v cue.Value, f *field, path string) *leaf {
	c.checkType(v, f, path)
	return &leaf{value: v, context: c.context, text: textOf(v)}
}

// dereferenced follows references to where the value is written.
func dereferenced(v cue.Value) cue.Value {
	for range 100 {
		next := cue.Dereference(v)
		if next == v {
			break
		}
		v = next
	}
	return v
}

// expressionOf gives the syntax of a value, nil where it comes from several places.
func expressionOf(v cue.Value) ast.Expr {
	var x ast.Expr
	switch n := v.Source().(type) {
	case *ast.Field:
		x = n.Value
	case ast.Expr:
		x = n
	}
	for {
		p, ok := x.(*ast.ParenExpr)
		if !ok {
			return x
		}
		x = p.X
	}
}

// isPlain tells whether a struct is a list of fields that do not refer to each other.
func isPlain(lit *ast.StructLit) bool {
	return isPlainBut(lit, func(ast.Label) bool { return false })
}

// isPlainBut is isPlain, where labels of other forms are allowed.
func isPlainBut(lit *ast.StructLit, allowed func(ast.Label) bool) bool {
	for _, d := range lit.Elts {
		switch d := d.(type) {
		case *ast.Field:
			switch d.Label.(type) {
			case *ast.Ident, *ast.BasicLit:
			default:
				if !allowed(d.Label) {
					return false
				}
			}
		case *ast.Ellipsis:
			if d.Type != nil {
				return false
			}
		case *ast.CommentGroup, *ast.Attribute:
		default:
			return false
		}
	}
	plain := true
	ast.Walk(lit, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Node != nil && within(id.Node, lit) {
			plain = false
		}
		return plain
	}, nil)
	return plain
}

func within(n ast.Node, lit *ast.StructLit) bool {
	at := n.Pos()
	return at.IsValid() && at.Filename() == lit.Pos().Filename() && at.Offset() >= lit.Pos().Offset() && at.Offset() < lit.End().Offset()
}

// mentioned lists the words of a struct, among which are the names of all fields that it can speak of; nil where it may
// speak of any.
func mentioned(lit *ast.StructLit) []string {
	if lit == nil {
		return nil
	}
	m := mentions{lit: lit, words: []string{}, known: true}
	ast.Walk(lit, m.visit, nil)
	if !m.known {
		return nil
	}
	return m.words
}

// onlyPresent lists the fields of a struct, whose words are given, that are "name: _" and mentioned nowhere else.
func onlyPresent(lit *ast.StructLit, words []string) []string {
	if words == nil {
		return nil
	}
	var out []string
	for _, d := range lit.Elts {
		f, ok := d.(*ast.Field)
		if !ok || f.Constraint != token.ILLEGAL {
			continue
		}
		label, isWord := f.Label.(*ast.Ident)
		value, isTop := f.Value.(*ast.Ident)
		if !isWord || !isTop || value.Name != "_" || value.Node != nil {
			continue
		}
		mentioned := 0
		ast.Walk(lit, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == label.Name {
				mentioned++
			}
			if text, ok := n.(*ast.BasicLit); ok && strings.Contains(text.Value, label.Name) {
				mentioned++
			}
			return true
		}, nil)
		if mentioned == 1 {
			out = append(out, label.Name)
		}
	}
	return out
}

type mentions struct {
	lit   *ast.StructLit
	words []string
	known bool // no other word can count
}

func (m *mentions) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Field:
		switch l := n.Label.(type) {
		case *ast.Ident:
			m.words = append(m.words, l.Name)
		case *ast.BasicLit:
			m.words = append(m.words, strings.Trim(l.Value, `"#`))
		default:
			m.known = false
		}
		ast.Walk(n.Value, m.visit, nil)
		return false
	case *ast.SelectorExpr:
		ast.Walk(n.X, m.visit, nil)
		switch l := n.Sel.(type) {
		case *ast.Ident:
			m.words = append(m.words, l.Name)
		case *ast.BasicLit:
			m.words = append(m.words, strings.Trim(l.Value, `"#`))
		}
		return false
	case *ast.Ident:
		switch _, imported := n.Node.(*ast.ImportSpec); {
		case imported, n.Node != nil && within(n.Node, m.lit):
		case n.Node == nil && isPredeclared(n.Name):
		default:
			m.known = false
		}
	case *ast.ForClause:
		if m.onlySelected(n) {
			ast.Walk(n.Source, m.visit, nil)
			return false
		}
		m.known = false
	case *ast.EmbedDecl, *ast.Alias, *ast.LetClause, *ast.IndexExpr:
		m.known = false // what stands there may speak of fields without their names
	case *ast.CallExpr:
		for _, arg := range n.Args {
			if _, ok := pathOf(arg); ok { // a function may ask for all that is in it
				m.known = false
			}
		}
	case *ast.BinaryExpr:
		_, left := n.X.(*ast.StructLit)
		_, right := n.Y.(*ast.StructLit)
		if (left || right) && (n.Op == token.EQL || n.Op == token.NEQ) { // all in it counts
			m.known = false
		}
	case *ast.Ellipsis:
		m.known = m.known && n.Type == nil
	}
	return m.known
}

// onlySelected tells whether a loop runs over a field, and the values there are used for nothing but fields of theirs that
// are named.
func (m *mentions) onlySelected(loop *ast.ForClause) bool {
	if _, ok := pathOf(loop.Source); !ok || loop.Value == nil {
		return false
	}
	selected := true
	ast.Walk(m.lit, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok && id.Name == loop.Value.Name {
				return false
			}
		case *ast.ForClause:
			if n == loop {
				return false // where it is declared
			}
		case *ast.Ident:
			selected = selected && n.Name != loop.Value.Name
		}
		return selected
	}, nil)
	return selected
}

func firstLine(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	return text
}

// textOf writes a constraint as the user did, on one line.
func textOf(v cue.Value) string {
	x := ast.Node(expressionOf(v))
	if _, isStruct := x.(*ast.StructLit); x == nil || x == ast.Expr(nil) || !isStruct && hasReference(x) {
		x = v.Syntax(cue.Optional(true))
	}
	b, err := format.Node(x)
	if err != nil {
		return ""
	}
	return onOneLine(string(b))
}

// onOneLine joins the lines of CUE.
func onOneLine(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "//")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if before := b.String(); before != "" {
			opens := strings.ContainsRune("{[(,", rune(before[len(before)-1]))
			closes := strings.ContainsRune("}])", rune(line[0]))
			switch {
			case opens && before[len(before)-1] == ',':
				b.WriteByte(' ')
			case !opens && !closes:
				b.WriteString(", ")
			}
		}
		b.WriteString(strings.Join(strings.Fields(line), " "))
	}
	return b.String()
}

func hasReference(n ast.Node) bool {
	found := false
	ast.Walk(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Node != nil {
			if _, ok := id.Node.(*ast.ImportSpec); !ok {
				found = true
			}
		}
		return !found
	}, nil)
	return found
}
