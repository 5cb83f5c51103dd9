package schema

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/inject/embed"
	cueload "cuelang.org/go/cue/load"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
)

// evaluate reads a design with CUE's evaluator. The schema that a design may import is replaced by
// a permissive stand-in, so that the values are the user's own and the decoder judges them; where
// the stand-in's value is wrong or not concrete, the schema itself has the last word.
//
// Verify, where it is not nil, holds the design to the schema itself: the decoder sees the values
// of the design, not its hidden fields and definitions.
func (l *loader) evaluate(in *input, doc *document) (root *node, errs Errors, verify func() Errors) {
	ev := newEvaluation(l, in, doc)
	use := useOfSchema(in.files)
	if use == noSchema {
		text := ""
		if importsOthers(in.files) { // which may use it
			text = standIn()
		}
		root = ev.tree(text)
		ev.keepPolicies()
		return root, ev.result(), nil
	}
	root = ev.tree(standIn())
	ev.keepPolicies()
	if len(ev.errs)+len(ev.told) > 0 {
		real := newEvaluation(l, in, doc)
		if tree := real.tree(definitionFor(in.files)); len(real.errs)+len(real.told) == 0 {
			real.keepPolicies()
			return tree, nil, nil
		}
		return root, ev.result(), nil
	}
	if use == usesParts {
		verify = func() Errors {
			real := newEvaluation(l, in, doc)
			real.tree(definitionFor(in.files))
			return real.result()
		}
	}
	return root, nil, verify
}

// evaluation is the reading of one design through the evaluator.
type evaluation struct {
	*loader
	in   *input
	doc  *document
	root cue.Value
	errs []explained

	texts map[string][]byte // of the design's own files, by absolute path; parts are masked
	told  Errors            // of the masked parts
	masks []Range           // where they are

	general []Range         // the templates, definitions and hidden fields; see findGeneral
	missing map[string]bool // the names of imports that are masked

	path        []string // where the walk is
	constraints map[*node]cue.Value

	stumbled     bool              // CUE's loader fails on the disk
	virtualPaths map[string]string // what the paths of CUE's loader stand for; empty for a load from the disk
	embedded     map[string]string // the paths of embedded files, by the names that CUE gives them
}

// explained is an error in plain words.
type explained struct {
	Error
	unfinished bool   // a value is not concrete, perhaps only because of another error
	foreign    string // the definition of an imported package that it is about; the design's use of it tells more
}

func newEvaluation(l *loader, in *input, doc *document) *evaluation {
	ev := &evaluation{loader: l, in: in, doc: doc, texts: map[string][]byte{}, missing: map[string]bool{}}
	for _, f := range in.files {
		ev.texts[f.abs] = f.text
	}
	ev.findGeneral()
	return ev
}

// findGeneral notes where the design's templates ([string]: {…}), definitions and hidden fields
// stand: a value that is stated there and elsewhere is reported elsewhere.
func (ev *evaluation) findGeneral() {
	for _, f := range ev.in.files {
		ast.Walk(f.syntax, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok {
				return true
			}
			switch l := field.Label.(type) {
			case *ast.ListLit:
			case *ast.Ident:
				if !strings.HasPrefix(l.Name, "_") && !strings.HasPrefix(l.Name, "#") {
					return true
				}
			default:
				return true
			}
			ev.general = append(ev.general, ev.span(field.Pos(), field.End()))
			return false
		}, nil)
	}
}

// isGeneral reports whether r lies in a template, a definition or a hidden field.
func (ev *evaluation) isGeneral(r Range) bool {
	return slices.ContainsFunc(ev.general, func(g Range) bool {
		return g.File == r.File && (g.StartLine < r.StartLine || g.StartLine == r.StartLine && g.StartColumn <= r.StartColumn) &&
			(r.EndLine < g.EndLine || r.EndLine == g.EndLine && r.EndColumn <= g.EndColumn)
	})
}

// maxRounds bounds how often a design is evaluated again without the parts that do not compile.
const maxRounds = 8

// tree evaluates the design with a schema and turns its value into a tree. An expression that does
// not compile hides all others, so it is masked and the rest is evaluated again.
func (ev *evaluation) tree(schema string) *node {
	for round := 0; ; round++ {
		v, err := ev.build(schema)
		if err == nil {
			err = v.Err()
			ev.root = v
		}
		if err != nil && round < maxRounds && ev.mask(err) {
			continue
		}
		if !v.Exists() && err != nil {
			ev.explain(err)
			return nil
		}
		root := ev.node(v, Range{File: ev.in.files[0].name, StartLine: 1, StartColumn: 1, EndLine: 1, EndColumn: 1})
		ev.checkConcrete(v) // what the walk does not meet: hidden fields, definitions
		return root
	}
}

// result is what is to be told. Where a part is masked, a value that is not concrete may be so only
// because of that part.
func (ev *evaluation) result() Errors {
	list := ev.told
	var foreign []explained
	for _, e := range ev.errs {
		if e.foreign != "" {
			foreign = append(foreign, e)
			continue
		}
		if len(ev.masks) == 0 || !e.unfinished && !ev.isMasked(e.Pos) {
			list = append(list, e.Error)
		}
	}
	for _, e := range foreign {
		if at := ev.useOf(e.foreign); len(list) == 0 && at.IsKnown() {
			e.Pos = at
			list = append(list, e.Error)
		}
	}
	for i := range list {
		if list[i].Pos.File == "" {
			list[i].Pos = Range{File: ev.in.files[0].name}
		}
		if ev.virtualPaths != nil {
			list[i].Message = strings.ReplaceAll(list[i].Message, virtualRoot(), "")
			list[i].Hint = strings.ReplaceAll(list[i].Hint, virtualRoot(), "")
		}
	}
	return ev.asYAML(list)
}

// isMasked reports whether something in r, or r itself, is masked.
func (ev *evaluation) isMasked(r Range) bool {
	return slices.ContainsFunc(ev.masks, func(m Range) bool {
		return m.File == r.File && m.StartLine == r.StartLine && m.StartColumn >= r.StartColumn-1 && (m.StartColumn <= r.EndColumn || r.EndLine > r.StartLine)
	})
}

var yamlItem = regexp.MustCompile(`(?m)^[ \t]*- [^{\[\n]*$`)

// asYAML replaces the errors of a file of YAML that is named like one of CUE by a single one.
func (ev *evaluation) asYAML(list Errors) Errors {
	for _, f := range ev.in.files {
		at := yamlItem.FindIndex(f.text)
		if at == nil || !slices.ContainsFunc(list, func(e Error) bool { return e.Pos.File == f.name }) || len(ev.masks) == 0 {
			continue
		}
		list = slices.DeleteFunc(list, func(e Error) bool { return e.Pos.File == f.name })
		r := offsetRange(f, at[0], at[1]-at[0])
		r.StartColumn += len(f.text[at[0]:at[1]]) - len(bytes.TrimLeft(f.text[at[0]:at[1]], " \t"))
		list = append(list, Error{Pos: r, Message: "this looks like YAML, in a file of CUE",
			Hint: "name the file " + strings.TrimSuffix(filepath.Base(f.name), ".cue") + ".yaml, or write it in CUE: lists stand in [], text stands in quotes"})
	}
	return list
}

// build loads and compiles the design, with text in the place of the schema.
func (ev *evaluation) build(text string) (cue.Value, error) {
	inst, ok := ev.assemble(text)
	if !ok {
		var err error
		if inst, err = ev.loadInstance(text); err != nil {
			return cue.Value{}, err
		}
	}
	if inst.Err != nil {
		return cue.Value{}, inst.Err
	}
	return cuecontext.New(cuecontext.WithInjection(embed.New())).BuildInstance(inst), nil
}

// assemble puts a design together that needs nothing of the file system: it lies in no CUE module
// and imports CUE's own packages and the schema at most. That is what CUE's loader would give, in a
// third of the time.
func (ev *evaluation) assemble(text string) (*build.Instance, bool) {
	if ev.moduleRoot(ev.in.dir) != "" {
		return nil, false
	}
	for _, f := range ev.in.files {
		if embedsFiles(f) {
			return nil, false
		}
		for spec := range f.syntax.ImportSpecs() {
			path := importPath(spec)
			if first, _, _ := strings.Cut(path, "/"); path != ImportPath && strings.Contains(first, ".") {
				return nil, false
			}
		}
	}
	ctx := build.NewContext()
	inst := ctx.NewInstance(ev.in.dir, func(pos token.Pos, path string) *build.Instance {
		if path != ImportPath {
			return nil // of CUE itself, or unknown
		}
		schema := ctx.NewInstance("", nil)
		schema.ImportPath = ImportPath
		file, err := parser.ParseFile("/cue.mod/pkg/"+ImportPath+"/schema.cue", text)
		if err != nil {
			panic(err) // the schema is part of the binary
		}
		schema.AddSyntax(file)
		schema.Complete()
		return schema
	})
	for _, f := range ev.in.files {
		syntax := f.syntax
		if f.spent { // the compiler leaves its marks
			var err error
			if syntax, err = parser.ParseFile(f.abs, ev.texts[f.abs]); err != nil {
				return nil, false
			}
		}
		f.spent = true
		inst.AddSyntax(syntax) // its error is also that of the instance
	}
	inst.Complete() // likewise
	return inst, true
}

// loadInstance has CUE's loader put a design together.
func (ev *evaluation) loadInstance(text string) (*build.Instance, error) {
	dir := ev.in.dir
	root := ev.moduleRoot(dir)
	overlay := map[string][]byte{}
	if root == "" {
		root = dir
		overlay[filepath.Join(root, "cue.mod", "module.cue")] = []byte("module: \"" + noModule + "\"\nlanguage: version: \"v0.17.0\"\n")
	}
	at := filepath.Join(root, "cue.mod", "pkg", filepath.FromSlash(ImportPath))
	if entries, err := ev.readDir(at); err == nil {
		for _, e := range entries { // of another version, perhaps
			overlay[filepath.Join(at, e.Name())] = []byte("package schema\n")
		}
	}
	if text != "" {
		overlay[filepath.Join(at, "schema.cue")] = []byte(text)
	}
	args := make([]string, len(ev.in.files))
	for i, f := range ev.in.files {
		overlay[f.abs] = ev.texts[f.abs]
		args[i] = f.abs
	}
	if ev.in.pkg != "" && slices.ContainsFunc(ev.in.files, embedsFiles) {
		args = []string{".:" + ev.in.pkg} // CUE embeds files into packages only, not into files
	}
	cfg := cueload.Config{Dir: dir, ModuleRoot: root, AcceptLegacyModules: true}
	if ev.fsys != nil || ev.stumbled {
		return ev.loadVirtual(cfg, overlay, args)
	}
	onDisk := cfg
	onDisk.Overlay = sourcesOf(overlay)
	insts := cueload.Instances(args, &onDisk)
	if len(insts) == 1 && insts[0].Err == nil {
		return insts[0], nil
	}
	// The loader stumbles over links to folders and to nowhere that stand among the files, even if it has no use for them.
	ev.stumbled = true
	return ev.loadVirtual(cfg, overlay, args)
}

func sourcesOf(texts map[string][]byte) map[string]cueload.Source {
	sources := make(map[string]cueload.Source, len(texts))
	for path, text := range texts {
		sources[path] = cueload.FromBytes(text)
	}
	return sources
}

// embedsFiles reports whether a CUE file asks for the contents of others.
func embedsFiles(f *source) bool {
	return slices.ContainsFunc(f.syntax.Preamble(), func(d ast.Decl) bool {
		a, ok := d.(*ast.Attribute)
		return ok && strings.HasPrefix(a.Text, "@extern")
	})
}

// noModule is the module path of a design that lies in no CUE module.
const noModule = "design.invalid"

// node turns a value into a node, reporting what is not concrete or wrong.
func (ev *evaluation) node(v cue.Value, pos Range) *node {
	if ev.inConstraint() {
		return ev.constraint(v, pos)
	}
	n := &node{pos: pos}
	v, _ = v.Default()
	if err := v.Err(); err != nil {
		before := len(ev.errs)
		if it, ferr := v.Fields(); ferr == nil {
			n.kind = structNode
			ev.fields(n, it)
		}
		if len(ev.errs) == before {
			ev.explain(err)
		}
		// Where all that is wrong lies below, the rest can be judged. Else fields may be missing.
		if len(n.fields) == 0 || !ev.liesBelow(v, err) {
			*n = node{kind: unknownNode, pos: pos}
		}
		return n
	}
	switch v.Kind() {
	case cue.StructKind:
		n.kind = structNode
		it, err := v.Fields()
		if err != nil {
			ev.explain(err)
		}
		ev.fields(n, it)
	case cue.ListKind:
		n.kind = listNode
		it, err := v.List()
		if err != nil {
			ev.explain(err)
		}
		ev.items(n, it)
	default:
		return ev.plain(n, v)
	}
	return n
}

// items walks the elements of a list.
func (ev *evaluation) items(n *node, it cue.Iterator) {
	ev.path = append(ev.path, "")
	for it.Next() {
		n.items = append(n.items, ev.node(it.Value(), bestSite(ev.sites(it.Value())).value))
	}
	ev.path = ev.path[:len(ev.path)-1]
}

// plain turns a value that is no struct or list into n.
func (ev *evaluation) plain(n *node, v cue.Value) *node {
	pos := n.pos
	switch v.Kind() {
	case cue.StringKind:
		n.kind = stringNode
		n.text, _ = v.String()
	case cue.BoolKind:
		n.kind, n.text = boolNode, "false"
		if b, _ := v.Bool(); b {
			n.text = "true"
		}
	case cue.NullKind:
		n.kind = nullNode
	case cue.IntKind, cue.FloatKind, cue.NumberKind:
		n.kind = numberNode
		d, err := v.Decimal()
		if err != nil {
			n.kind = unknownNode
			ev.explain(err)
			break
		}
		n.text = decimalText(d, v.Kind() == cue.IntKind)
	case cue.BytesKind:
		n.kind = unknownNode
		ev.errs = append(ev.errs, explained{Error: Error{Pos: pos, Message: subjectOf(v.Path()) + " is bytes, in single quotes", Hint: "text stands in double quotes"}})
	default:
		n.kind = unknownNode
		if err := v.Validate(cue.Concrete(true)); err != nil {
			ev.explain(err)
		}
	}
	return n
}

// liesBelow reports whether errors are all about parts of v, not about v itself.
func (ev *evaluation) liesBelow(v cue.Value, err error) bool {
	depth := len(v.Path().Selectors())
	for _, e := range errors.Errors(err) {
		if len(e.Path()) <= depth {
			return false
		}
	}
	return true
}

func (ev *evaluation) fields(n *node, it *cue.Iterator) {
	for it.Next() {
		sel := it.Selector()
		if sel.LabelType() != cue.StringLabel {
			n.kind = unknownNode // a list with errors in it
			ev.node(it.Value(), bestSite(ev.sites(it.Value())).value)
			continue
		}
		v := it.Value()
		s := bestSite(ev.sites(v))
		if it.IsOptional() && v.Err() != nil { // a selector's "team?: _|_": the field is not to be there
			n.fields = append(n.fields, field{name: sel.Unquoted(), pos: s.label, value: &node{kind: unknownNode, pos: s.value}})
			continue
		}
		name := sel.Unquoted()
		ev.path = append(ev.path, name)
		n.fields = append(n.fields, field{name: name, pos: s.label, value: ev.node(v, s.value)})
		ev.path = ev.path[:len(ev.path)-1]
	}
	slices.SortStableFunc(n.fields, func(a, b field) int { return ev.compare(a.pos, b.pos) })
}

// compare orders places by the order of the design's files, then by line.
func (ev *evaluation) compare(a, b Range) int {
	if a.File != b.File {
		if i, j := ev.fileOrder(a.File), ev.fileOrder(b.File); i != j {
			return i - j
		}
	}
	return a.Compare(b)
}

// fileOrder is the place of a file among the design's own; other files come after them.
func (ev *evaluation) fileOrder(name string) int {
	for i, f := range ev.in.files {
		if f.name == name {
			return i
		}
	}
	return len(ev.in.files)
}

// site is one declaration of a value.
type site struct {
	label, value Range
	template     bool // in a template such as [string]: {…}, a definition or a hidden field
	states       bool // it alone gives a concrete value
}

// sites finds the declarations of v in the user's files, in order of files and lines.
func (ev *evaluation) sites(v cue.Value) []site {
	if f, ok := v.Source().(*ast.Field); ok {
		return ev.site(nil, f, v)
	}
	op, args := v.Expr()
	if op != cue.AndOp || len(args) < 2 {
		if src := v.Source(); src != nil {
			return ev.site(nil, src, v)
		}
		return nil
	}
	var list []site
	for _, a := range args {
		if src := a.Source(); src != nil {
			list = ev.site(list, src, a)
		}
	}
	slices.SortStableFunc(list, func(a, b site) int { return ev.compare(a.value, b.value) })
	return list
}

func (ev *evaluation) site(list []site, src ast.Node, v cue.Value) []site {
	var s site
	switch src := src.(type) {
	case *ast.Field:
		s.label = ev.span(src.Label.Pos(), src.Label.End())
		s.value = ev.span(src.Value.Pos(), src.Value.End())
		if x := defaultOf(src.Value); x != nil {
			s.value = ev.span(x.Pos(), x.End())
		}
	case *ast.File:
		return list
	default:
		s.value = ev.span(src.Pos(), src.End())
		s.label = s.value
	}
	if !s.value.IsKnown() {
		return list
	}
	s.template = ev.isGeneral(s.value)
	v, _ = v.Default()
	s.states = v.IsConcrete()
	return append(list, s)
}

// defaultOf is the operand that a disjunction marks as its default where that is a literal, else
// nil.
func defaultOf(x ast.Expr) ast.Expr {
	b, ok := x.(*ast.BinaryExpr)
	for ok && b.Op == token.OR {
		for _, side := range []ast.Expr{b.X, b.Y} {
			if u, ok := side.(*ast.UnaryExpr); ok && u.Op == token.MUL {
				if literalValue(u.X) {
					return u.X
				}
				return nil
			}
		}
		b, ok = b.X.(*ast.BinaryExpr)
	}
	return nil
}

// bestSite chooses the declaration that a finding should point at: the first that states the value
// and is no template, else the first that states it, else the first.
func bestSite(list []site) site {
	for _, want := range []struct{ states, plain bool }{{true, true}, {true, false}, {false, true}, {false, false}} {
		for _, s := range list {
			if (!want.states || s.states) && (!want.plain || !s.template) {
				return s
			}
		}
	}
	return site{}
}

// span gives the range between two positions, or the zero Range where they lie in no file of the
// user.
func (ev *evaluation) span(start, end token.Pos) Range {
	if !start.HasAbsPos() {
		return Range{}
	}
	name := ev.pathOf(start.Filename())
	if ofSchema(name) || name == "" {
		return Range{}
	}
	if !end.HasAbsPos() {
		end = start
	}
	file := ev.reported(name)
	if _, ok := ev.doc.sources[file]; !ok {
		ev.doc.sources[file] = ev.source(name).text // of an imported or embedded file, for snippets
	}
	return spanOf(file, start, end)
}

func ofSchema(file string) bool {
	return strings.Contains(filepath.ToSlash(file), "/cue.mod/pkg/"+ImportPath+"/")
}
