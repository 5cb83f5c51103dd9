package schema

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
)

// PolicySet is the policies that one design, settings file or package of policies states.
type PolicySet struct {
	Path     string    // as Design.Path, or that of the settings file
	Policies []*Policy // sorted by Name
	Sources  map[string][]byte
}

// LoadPolicies reads the policies that paths name: those of designs, of settings files, and of CUE packages (or files
// without a package clause) that state nothing but policies, for others to import. A path is a file, a folder, a
// "./..." pattern or a glob, as for Load; of a folder, its .lintel.cue counts too. In a package, a field that holds a
// policy is one, and a field or definition that holds policies by name is a set of them. A policy that several sets
// hold is returned once, with the first of them. The error, if any, is of type Errors.
func LoadPolicies(opts LoadOptions, paths ...string) ([]PolicySet, error) {
	l, err := newLoader(opts)
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	r := &policyReader{loader: l, read: map[string]bool{}, named: map[policyKey]bool{}}
	for _, p := range paths {
		r.path(p)
	}
	slices.SortStableFunc(r.sets, func(a, b PolicySet) int { return cmp.Compare(a.Path, b.Path) })
	if len(r.errs) > 0 {
		return r.sets, r.errs.sorted()
	}
	return r.sets, nil
}

// policyReader gathers the policies of one LoadPolicies.
type policyReader struct {
	*loader
	read  map[string]bool // files and packages, by absolute path
	named map[policyKey]bool
	sets  []PolicySet
	errs  Errors
}

type policyKey struct {
	name string
	pos  Range
}

func (r *policyReader) path(path string) {
	slashed := filepath.ToSlash(path)
	if base, ok := strings.CutSuffix(slashed, "..."); ok && (base == "" || strings.HasSuffix(base, "/")) {
		abs := r.abs(filepath.FromSlash(strings.TrimSuffix(base, "/")))
		if _, err := r.stat(abs); err != nil {
			r.errs = append(r.errs, r.unreadable(abs, err))
			return
		}
		r.tree(abs)
		return
	}
	abs := r.abs(path)
	info, err := r.stat(abs)
	switch {
	case path != "-" && err == nil && info.IsDir():
		r.folder(path, abs)
	case path != "-" && err == nil && filepath.Base(abs) == settingsFile:
		r.settings(abs)
	case path != "-" && err == nil && formatOf(abs) == cueFormat:
		f := r.source(abs)
		switch pkg := packageOf(f); {
		case looksLikeDesign(f) || mustTell(f):
			r.designs(r.resolveOne(path))
		case pkg == "":
			r.inputPolicies(&input{path: f.name, dir: filepath.Dir(abs), files: []*source{f}}, true)
		default:
			r.inputPolicies(r.pkg(filepath.Dir(abs), pkg, f), true)
		}
	default:
		r.designs(r.resolveOne(path))
	}
}

// folder reads what a folder holds: its settings, its designs, and every package and file of CUE that is none.
func (r *policyReader) folder(path, abs string) {
	before := len(r.sets) + len(r.errs)
	found := r.inFolder(abs, func(*source) bool { return true })
	if !found && len(r.sets)+len(r.errs) == before {
		r.errs = append(r.errs, Error{Pos: Range{File: r.reported(abs)}, Message: "no policies in " + filepath.ToSlash(path),
			Hint: "policies stand in lint: policies: {…} of a design or a .lintel.cue, or in a CUE package of their own; to look in the folders below: " + strings.TrimSuffix(filepath.ToSlash(path), "/") + "/..."})
	}
}

func (r *policyReader) tree(abs string) {
	r.inFolder(abs, statesPolicies)
	for _, sub := range r.loader.folder(abs).subs {
		r.tree(sub)
	}
}

// inFolder reads one folder; of its packages and files that are no designs, those that wanted takes one file of. It
// reports whether there was anything to read.
func (r *policyReader) inFolder(abs string, wanted func(*source) bool) (found bool) {
	if settings := filepath.Join(abs, settingsFile); r.exists(settings) {
		found = true
		r.settings(settings)
	}
	designs, errs := r.loader.designs(abs)
	r.designs(designs, errs)
	fo := r.loader.folder(abs)
	isDesign := func(files []*source) bool { return slices.ContainsFunc(files, looksLikeDesign) }
	for _, name := range slices.Sorted(maps.Keys(fo.packages)) {
		files := fo.packages[name]
		if !isDesign(files) && slices.ContainsFunc(files, wanted) {
			r.inputPolicies(r.pkg(abs, name, nil), false)
		}
	}
	for _, f := range fo.loose {
		if !looksLikeDesign(f) && wanted(f) {
			r.inputPolicies(&input{path: f.name, dir: abs, files: []*source{f}}, false)
		}
	}
	return found || len(designs) > 0
}

func (r *policyReader) exists(abs string) bool {
	_, err := r.lstat(abs)
	return err == nil
}

func (r *policyReader) settings(abs string) {
	if r.read[abs] {
		return
	}
	r.read[abs] = true
	lint, doc, err := r.loadSettings(abs)
	if err != nil {
		r.fail(err)
		return
	}
	if doc != nil {
		r.add(r.reported(abs), lint.Policies, doc.sources)
	}
}

func (r *policyReader) fail(err error) {
	if list, ok := err.(Errors); ok {
		r.errs = append(r.errs, list...)
		return
	}
	r.errs = append(r.errs, Error{Message: err.Error()})
}

func (r *policyReader) designs(inputs []*input, errs Errors) {
	r.errs = append(r.errs, errs...)
	for _, in := range inputs {
		if key := in.path + "\x00" + in.pkg; !r.read[key] {
			r.read[key] = true
			d, errs := r.design(in)
			r.errs = append(r.errs, errs...)
			if d != nil {
				r.add(d.Path, d.Lint.Policies, d.Sources)
			}
		}
	}
}

// add keeps the policies that no set holds yet.
func (r *policyReader) add(path string, list []*Policy, sources map[string][]byte) {
	set := PolicySet{Path: path, Sources: sources}
	for _, p := range list {
		if key := (policyKey{p.Name, p.Pos}); !r.named[key] {
			r.named[key] = true
			set.Policies = append(set.Policies, p)
		}
	}
	slices.SortStableFunc(set.Policies, func(a, b *Policy) int { return cmp.Compare(a.Name, b.Name) })
	if len(set.Policies) > 0 {
		r.sets = append(r.sets, set)
	}
}

// inputPolicies reads a package or a file that is no design. One that the user names has to hold policies.
func (r *policyReader) inputPolicies(in *input, named bool) {
	key := in.dir + "\x00" + in.pkg
	if in.pkg == "" {
		key = in.files[0].abs
	}
	if r.read[key] {
		return
	}
	r.read[key] = true
	doc := &document{path: in.path, sources: map[string][]byte{}}
	var errs Errors
	for _, f := range in.files {
		f.parse()
		doc.files = append(doc.files, f.name)
		doc.sources[f.name] = f.text
		errs = append(errs, f.faults...)
	}
	if len(errs) > 0 {
		r.errs = append(r.errs, errs...)
		return
	}
	var sets []*document
	errs, ok := r.bounded(in.files[0].name, func() (errs Errors) {
		sets, errs = r.evaluatePolicies(in, doc)
		return errs
	})
	if !ok {
		sets = nil
	}
	var list []*Policy
	for _, set := range sets {
		lint, more := decodeSettings(set)
		errs = append(without(errs, more), more...)
		if lint != nil {
			list = append(list, lint.Policies...)
		}
	}
	if len(errs) > 0 {
		fillSnippets(errs, doc.sources)
		r.errs = append(r.errs, errs...)
		return
	}
	if named && len(list) == 0 {
		r.errs = append(r.errs, Error{Pos: Range{File: in.files[0].name}, Message: "no policies in this file, or in its package",
			Hint: "a package of policies states them by name in a field: all: NAME: {modules: {…}, require: {…}}"})
	}
	r.add(in.path, list, doc.sources)
}

// evaluatePolicies finds the sets of policies of a package.
func (l *loader) evaluatePolicies(in *input, doc *document) ([]*document, Errors) {
	ev := newEvaluation(l, in, doc)
	text := ""
	use := useOfSchema(in.files)
	if use != noSchema || importsOthers(in.files) {
		text = standIn()
	}
	v, err := ev.build(text)
	if err == nil {
		ev.root = v
		err = v.Validate()
	}
	if err != nil {
		ev.explain(err)
		if !v.Exists() || v.IncompleteKind() != cue.StructKind {
			return nil, ev.result()
		}
	}
	var out []*document
	add := func(n *node, set cue.Value) {
		lint := &node{kind: structNode, fields: []field{{name: "policies", value: n}}}
		root := &node{kind: structNode, fields: []field{{name: "lint", value: lint}}}
		out = append(out, &document{path: doc.path, files: doc.files, root: root, sources: doc.sources, policies: set})
	}
	single := &node{kind: structNode}
	it, err := v.Fields(cue.Definitions(true))
	if err != nil {
		return nil, ev.result()
	}
	for it.Next() {
		w, name := it.Value(), it.Selector()
		kind := name.LabelType()
		if kind == cue.StringLabel && name.Unquoted() == "lint" {
			w = w.LookupPath(cue.MakePath(cue.Str("policies")))
		}
		at := bestSite(ev.sites(w))
		switch {
		case kind == cue.StringLabel && statesPolicy(w, false):
			ev.path = append(ev.path[:0], "lint", "policies", name.Unquoted())
			single.fields = append(single.fields, field{name: name.Unquoted(), pos: at.label, value: ev.node(w, at.value)})
		case statesPolicySet(w, kind == cue.DefinitionLabel):
			ev.path = append(ev.path[:0], "lint", "policies")
			add(ev.node(w, at.value), w)
			ev.concretePolicies(w)
		}
	}
	if len(single.fields) > 0 {
		add(single, v)
		for _, f := range single.fields {
			ev.eachField(v.LookupPath(cue.MakePath(cue.Str(f.name))), func(name string, v cue.Value) {
				if !holdsConstraints(name) {
					ev.concrete(v)
				}
			})
		}
	}
	for _, d := range out {
		d.constraints = ev.constraints
	}
	if use != noSchema && len(ev.errs) == 0 {
		real := newEvaluation(l, in, doc)
		if v, err := real.build(string(CUE())); err != nil {
			real.explain(err)
		} else if err := v.Validate(); err != nil {
			real.root = v
			real.explain(err)
		}
		ev.errs = append(ev.errs, real.errs...)
	}
	return out, ev.result()
}

// statesPolicy reports whether a value is a struct with a field that only policies have; with whole set, with a
// selection and a demand.
func statesPolicy(v cue.Value, whole bool) bool {
	if v.IncompleteKind() != cue.StructKind {
		return false
	}
	it, err := v.Fields()
	if err != nil {
		return false
	}
	selects, demands := false, false
	for it.Next() {
		name := it.Selector().Unquoted()
		selects = selects || slices.Contains(typePolicy.fields.mostOne[0], name)
		demands = demands || slices.Contains(typePolicy.fields.someOf[1], name)
	}
	return selects && demands || !whole && (selects || demands)
}

func statesPolicySet(v cue.Value, whole bool) bool {
	if !v.Exists() || v.IncompleteKind() != cue.StructKind {
		return false
	}
	it, err := v.Fields()
	if err != nil {
		return false
	}
	for it.Next() {
		if it.Selector().LabelType() == cue.StringLabel && statesPolicy(it.Value(), whole) {
			return true
		}
	}
	return false
}

// statesPolicies tells a file of policies by its syntax: it uses the schema's definition of them, or has a field with a
// selection and a demand.
func statesPolicies(f *source) bool {
	f.parse()
	if f.syntax == nil || len(f.faults) > 0 {
		return false
	}
	if onlyPolicies(f.syntax) {
		return true
	}
	found := false
	ast.Walk(f.syntax, func(n ast.Node) bool {
		if lit, ok := n.(*ast.StructLit); ok {
			found = found || literalPolicy(lit)
		}
		return !found
	}, nil)
	return found
}

func literalPolicy(lit *ast.StructLit) bool {
	selects, demands := false, false
	for _, d := range lit.Elts {
		if f, ok := d.(*ast.Field); ok {
			name := labelText(f.Label)
			selects = selects || slices.Contains(typePolicy.fields.mostOne[0], name)
			demands = demands || slices.Contains(typePolicy.fields.someOf[1], name)
		}
	}
	return selects && demands
}

// onlyPolicies reports whether a file imports the schema for its definitions of policies alone.
func onlyPolicies(f *ast.File) bool {
	name := ""
	for spec := range f.ImportSpecs() {
		if importPath(spec) == ImportPath {
			name = "schema"
			if spec.Name != nil {
				name = spec.Name.Name
			}
		}
	}
	if name == "" {
		return false
	}
	policies, others := false, false
	ast.Walk(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == name {
			switch def, _, _ := ast.LabelName(sel.Sel); def {
			case "#Policy", "#Policies":
				policies = true
			default:
				others = true
			}
		}
		return true
	}, nil)
	return policies && !others
}
