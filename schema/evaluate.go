package schema

import (
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	cueload "cuelang.org/go/cue/load"
	"cuelang.org/go/cue/token"
)

// evaluate reads a design with CUE's evaluator. The schema that a design may import is replaced by
// a permissive stand-in, so that the values are the user's own and the decoder judges them; see
// standIn.
func (l *loader) evaluate(in *input, doc *document) (*node, Errors) {
	ev := &evaluation{loader: l, doc: doc, in: in, order: map[string]int{}}
	for i, f := range in.files {
		ev.order[f.abs] = i
	}
	v, errs := ev.build(standIn())
	if len(errs) > 0 {
		return nil, errs
	}
	root := ev.root(v)
	return root, ev.errs
}

// evaluation is the reading of one design through the evaluator.
type evaluation struct {
	*loader
	in    *input
	doc   *document
	order map[string]int // of the design's own files, by absolute path
	errs  Errors
}

// build loads and compiles the package, with schemaText in the place of the schema.
func (ev *evaluation) build(schemaText string) (cue.Value, Errors) {
	dir := ev.in.dir
	root := moduleRoot(dir)
	overlay := map[string]cueload.Source{}
	if root == "" {
		root = dir
		overlay[filepath.Join(root, "cue.mod", "module.cue")] = cueload.FromString("module: \"design.invalid\"\nlanguage: version: \"v0.17.0\"\n")
	}
	overlay[filepath.Join(root, "cue.mod", "pkg", filepath.FromSlash(schemaImport), "schema.cue")] = cueload.FromString(schemaText)
	args := make([]string, len(ev.in.files))
	for i, f := range ev.in.files {
		overlay[f.abs] = cueload.FromBytes(f.text)
		args[i] = f.abs
	}
	cfg := &cueload.Config{Dir: dir, ModuleRoot: root, Overlay: overlay, AcceptLegacyModules: true}
	insts := cueload.Instances(args, cfg)
	if len(insts) != 1 {
		return cue.Value{}, Errors{{Pos: Range{File: ev.in.files[0].name}, Message: "these files are not one CUE package"}}
	}
	ev.sources(insts[0])
	if err := insts[0].Err; err != nil {
		return cue.Value{}, ev.explain(err)
	}
	v := cuecontext.New().BuildInstance(insts[0])
	return v, nil
}

// sources keeps the text of imported files for snippets.
func (ev *evaluation) sources(inst *build.Instance) {
	for _, imp := range inst.Imports {
		if imp.Root != "" && imp.ImportPath != schemaImport {
			for _, f := range imp.BuildFiles {
				if text, ok := f.Source.([]byte); ok {
					ev.doc.sources[ev.reported(f.Filename)] = text
				}
			}
		}
		ev.sources(imp)
	}
}

// moduleRoot is the nearest folder at or above dir that holds cue.mod, or "".
func moduleRoot(dir string) string {
	for {
		if isDir(filepath.Join(dir, "cue.mod")) {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

func (ev *evaluation) root(v cue.Value) *node {
	n := ev.node(v, nil)
	n.pos = Range{File: ev.in.files[0].name, StartLine: 1, StartColumn: 1, EndLine: 1, EndColumn: 1}
	// What the walk did not meet: hidden fields, definitions, cycles.
	if len(ev.errs) == 0 {
		if err := v.Validate(cue.Concrete(true)); err != nil {
			ev.errs = append(ev.errs, ev.explain(err)...)
		}
	}
	return n
}

// node turns a value into a node, reporting what is not concrete or wrong.
func (ev *evaluation) node(v cue.Value, sites []site) *node {
	n := &node{pos: bestSite(sites).value}
	v, _ = v.Default()
	err := v.Err()
	if err == nil {
		switch v.Kind() {
		case cue.StructKind:
			n.kind = structNode
			ev.fields(n, v)
			return n
		case cue.ListKind:
			n.kind = listNode
			it, _ := v.List()
			for it.Next() {
				n.items = append(n.items, ev.node(it.Value(), ev.sites(it.Value())))
			}
			return n
		case cue.StringKind:
			n.kind = stringNode
			n.text, _ = v.String()
			return n
		case cue.BoolKind:
			n.kind, n.text = boolNode, "false"
			if b, _ := v.Bool(); b {
				n.text = "true"
			}
			return n
		case cue.NullKind:
			n.kind = nullNode
			return n
		case cue.IntKind, cue.FloatKind, cue.NumberKind:
			if d, err := v.Decimal(); err == nil {
				n.kind, n.text = numberNode, decimalText(d, v.Kind() == cue.IntKind)
				return n
			}
		}
		n.kind = unknownNode
		ev.errs = append(ev.errs, ev.incomplete(v, n.pos))
		return n
	}
	n.kind = unknownNode
	before := len(ev.errs)
	it, ferr := v.Fields()
	if ferr == nil {
		// Errors lie below: read what can be read.
		n.kind = structNode
		ev.fieldsOf(n, it)
	}
	if len(ev.errs) == before {
		ev.errs = append(ev.errs, ev.explain(err)...)
	}
	return n
}

func (ev *evaluation) fields(n *node, v cue.Value) {
	it, err := v.Fields()
	if err != nil {
		ev.errs = append(ev.errs, ev.explain(err)...)
		return
	}
	ev.fieldsOf(n, it)
}

func (ev *evaluation) fieldsOf(n *node, it *cue.Iterator) {
	for it.Next() {
		v := it.Value()
		sites := ev.sites(v)
		s := bestSite(sites)
		sel := it.Selector()
		if sel.LabelType() != cue.StringLabel {
			n.kind = unknownNode
			return
		}
		n.fields = append(n.fields, field{name: sel.Unquoted(), pos: s.label, value: ev.node(v, sites)})
	}
	slices.SortStableFunc(n.fields, func(a, b field) int { return ev.compare(a.pos, b.pos) })
}

// compare orders places by the order of the design's files, then by line.
func (ev *evaluation) compare(a, b Range) int {
	if a.File != b.File {
		i, j := slices.Index(ev.doc.files, a.File), slices.Index(ev.doc.files, b.File)
		if i != j {
			if i < 0 || (j >= 0 && j < i) {
				return 1
			}
			return -1
		}
	}
	return a.Compare(b)
}

// site is one declaration of a value.
type site struct {
	label, value Range
	template     bool // a pattern such as [string]: {…}
	states       bool // it alone gives the concrete value
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
	if f, ok := src.(*ast.Field); ok {
		s.label = ev.span(f.Label.Pos(), f.Label.End())
		s.value = ev.span(f.Value.Pos(), f.Value.End())
		_, s.template = f.Label.(*ast.ListLit)
	} else {
		s.value = ev.span(src.Pos(), src.End())
		s.label = s.value
	}
	if !s.value.IsKnown() {
		return list
	}
	v, _ = v.Default()
	s.states = v.IsConcrete()
	return append(list, s)
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

// span gives the range between two positions, or the zero Range where they lie in no user file.
func (ev *evaluation) span(start, end token.Pos) Range {
	if !start.HasAbsPos() {
		return Range{}
	}
	name := start.Filename()
	if strings.Contains(filepath.ToSlash(name), "/cue.mod/pkg/"+schemaImport+"/") {
		return Range{}
	}
	return spanOf(ev.reported(name), start, end)
}
