package schema

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
)

// explain puts the errors of the CUE library into the user's words, and adds them to what is wrong
// with the design.
func (ev *evaluation) explain(err error) {
	list := errors.Errors(err)
	for i := 0; i < len(list); i++ {
		format, args := list[i].Msg()
		if strings.HasSuffix(format, "errors in empty disjunction:") {
			n := 0
			if len(args) > 0 {
				n, _ = args[0].(int)
			}
			group := list[i+1 : min(i+1+n, len(list))]
			ev.errs = append(ev.errs, explained{Error: ev.noneFits(list[i], group)})
			i += len(group)
			continue
		}
		ev.errs = append(ev.errs, ev.explainOne(list[i])...)
	}
}

// fault is one error of the CUE library, taken apart.
type fault struct {
	ev      *evaluation
	err     errors.Error
	args    []any
	path    []string
	subject string // what the error is about, to begin a message with
	places  []Range
}

// arg is the text of an argument of the library's message.
func (f *fault) arg(i int) string {
	if i >= len(f.args) {
		return ""
	}
	s := fmt.Sprint(f.args[i])
	if strings.Contains(s, "_|_(") || strings.Contains(s, "(PANIC=") { // the value refers to itself, say
		return "a value that cannot be shown"
	}
	return s
}

// at is the place of the error, or of the value that it is about.
func (f *fault) at() Range {
	if len(f.places) > 0 {
		return f.places[0]
	}
	return f.ev.placeOf(f.path)
}

func (ev *evaluation) faultOf(e errors.Error) (*fault, string) {
	format, args := e.Msg()
	f := &fault{ev: ev, err: e, args: args, path: stepsOf(e.Path())}
	f.subject = spotOf(f.path).subject()
	for _, p := range append([]token.Pos{e.Position()}, e.InputPositions()...) {
		if r := ev.tokenAt(p); r.IsKnown() && !slices.Contains(f.places, r) {
			f.places = append(f.places, r)
		}
	}
	return f, format
}

// explainOne explains an error that stands by itself.
func (ev *evaluation) explainOne(e errors.Error) []explained {
	f, format := ev.faultOf(e)
	if f.isOfModuleFile() {
		return []explained{{Error: f.ofModuleFile()}}
	}
	for _, x := range explanations {
		if strings.HasPrefix(format, x.format) {
			out := x.explain(f)
			if out.Message == "" {
				return nil
			}
			if !out.Pos.IsKnown() {
				out.Pos = f.at()
			}
			if out.Pos.File == "" {
				out.Pos.File = ev.in.files[0].name
			}
			return []explained{{Error: out, unfinished: x.unfinished, foreign: f.ofOtherPackage()}}
		}
	}
	out := Error{Pos: f.at(), Message: f.subject + " cannot be evaluated: " + plainWords(withoutPath(e))}
	if out.Pos.File == "" {
		out.Pos.File = ev.in.files[0].name
	}
	return []explained{{Error: out}}
}

// unusedImport explains an import that nothing uses. A field of the same name around its use hides it.
func (f *fault) unusedImport() Error {
	e := Error{Message: "the import " + f.arg(0) + " is not used", Hint: "remove it"}
	path, err := literal.Unquote(f.arg(0))
	if err != nil {
		return e
	}
	name := path[strings.LastIndexAny(path, "/:")+1:]
	for _, src := range f.ev.in.files {
		ast.Walk(src.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == name && len(e.Related) == 0 {
				at := f.ev.span(id.Pos(), id.End())
				e.Hint = "import it under another name: import shared " + strconv.Quote(path)
				e.Related = []Related{{Message: name + " is the field of that name around it here, not the package", Pos: at}}
			}
			return true
		}, nil)
	}
	return e
}

// definitionMeant is the hint about a definition that is not there.
func (f *fault) definitionMeant() string {
	before, names := "", slices.DeleteFunc(f.ev.labels(), func(s string) bool { return !strings.HasPrefix(s, "#") || s == f.arg(0) })
	if at := f.at(); at.IsKnown() {
		line := lineOf(f.ev.doc.sources[at.File], at.StartLine)
		before = lastWord(line[:min(at.StartColumn-1, len(line))])
	}
	for _, src := range f.ev.in.files {
		if name := schemaName(src); name != "" && before == name+"." {
			names = nil
			names = definitionNames()
		}
	}
	if name := nearest(f.arg(0), names); name != "" {
		return "did you mean " + before + name + "?"
	}
	return ""
}

// ofOtherPackage gives the definition of an imported package that the error is about, not the design; "" where it is
// about the design.
func (f *fault) ofOtherPackage() string {
	if len(f.path) > 0 && strings.HasPrefix(f.path[0], "#") && !f.ev.lookup(f.path[:1]).Exists() {
		return f.path[0]
	}
	return ""
}

// useOf is the first place where the design refers to a definition of an imported package.
func (ev *evaluation) useOf(definition string) Range {
	var at Range
	for _, f := range ev.in.files {
		ast.Walk(f.syntax, func(n ast.Node) bool {
			if x, ok := n.(*ast.SelectorExpr); ok && !at.IsKnown() && labelText(x.Sel) == definition {
				at = ev.span(x.Pos(), x.End())
			}
			return !at.IsKnown()
		}, nil)
	}
	return at
}

// explanations are by the beginning of the library's message; the first that fits is taken.
var explanations = []struct {
	format     string
	unfinished bool
	explain    func(f *fault) Error
}{
	{"conflicting values", false, (*fault).conflict},
	{"incompatible list lengths", false, (*fault).listLengths},
	{"field not allowed", false, func(f *fault) Error {
		parent, last := cutLast(f.path)
		return Error{Message: spotOf(parent).prefix() + "the field " + strconv.Quote(last) + " is not allowed here: a definition of your own does not have it",
			Hint: "add it to that definition, or open the definition with ..."}
	}},
	{"reference ", false, (*fault).reference},
	{"failed arithmetic", false, func(f *fault) Error {
		return Error{Message: f.subject + " cannot be computed: " + f.arg(0)}
	}},
	{"index out of range", false, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("%s asks for element %s of a list of %s", f.subject, f.arg(0), f.arg(1)), Hint: "elements are counted from 0"}
	}},
	{"undefined field", true, func(f *fault) Error {
		e := Error{Message: fmt.Sprintf("%s refers to a field %s that is not there", f.subject, quote(f.arg(0)))}
		if strings.HasPrefix(f.arg(0), "#") {
			e.Hint = f.definitionMeant()
			return e
		}
		if name := nearest(f.arg(0), f.ev.labels()); name != "" && name != f.arg(0) {
			e.Hint = "did you mean " + name + "?"
		}
		return e
	}},
	{"imported and not used", false, func(f *fault) Error {
		return f.unusedImport()
	}},
	{"builtin package", false, func(f *fault) Error {
		e := Error{Message: "package " + quote(f.arg(0)) + " not found", Hint: "a package of your own is imported by its module's path, as \"example.com/shop/parts\""}
		if name := nearest(f.arg(0), append([]string{ImportPath}, cuePackages...)); name == f.arg(0) {
			e.Message, e.Hint = "package "+quote(f.arg(0))+" cannot be used in a design", ""
		} else if name != "" {
			e.Hint = "did you mean " + strconv.Quote(name) + "?"
		}
		return e
	}},
	{"import failed", false, (*fault).importFailed},
	{"cannot find package", false, (*fault).importFailed},
	{"package import cycle", false, func(f *fault) Error { return Error{Message: "this import leads back to itself"} }},
	{"cannot call non-function", false, func(f *fault) Error {
		e := Error{Pos: f.at(), Message: fmt.Sprintf("%s calls %s, which is no function", f.subject, f.arg(0))}
		if line := lineOf(f.ev.doc.sources[e.Pos.File], e.Pos.StartLine); e.Pos.IsKnown() && strings.HasPrefix(line[min(e.Pos.StartColumn-1, len(line)):], f.arg(0)) {
			e.Pos.EndColumn = e.Pos.StartColumn + len(f.arg(0))
		}
		return e
	}},
	{"not enough arguments", false, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("%s calls %s with %s arguments; it takes %s", f.subject, f.arg(0), f.arg(1), f.arg(2))}
	}},
	{"too many arguments", false, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("%s calls %s with %s arguments; it takes %s", f.subject, f.arg(0), f.arg(1), f.arg(2))}
	}},
	{"cannot use %s (type %s) as %s in argument", false, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("%s: argument %s of %s must be %s, not %s", f.subject, f.arg(3), f.arg(4), constraintText(f.arg(2)), f.arg(0))}
	}},
	{"cannot use %s (type %s) as type bool", false, (*fault).condition},
	{"cannot use %s (type %s) as type", false, (*fault).condition},
	{"cannot range over", false, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("for … in goes over a list or a struct, not over %s", f.arg(0))}
	}},
	{"invalid value %s (does not satisfy", false, (*fault).outOfBound},
	{"invalid value %v (does not satisfy", false, (*fault).outOfBound},
	{"invalid value %v (out of bound", false, (*fault).outOfBound},
	{"invalid operands", false, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("%s cannot be computed: %s %s %s mixes %s and %s", f.subject, f.arg(0), f.arg(2), f.arg(1), constraintText(f.arg(3)), constraintText(f.arg(4)))}
	}},
	{"invalid operation %v (%s %s)", false, func(f *fault) Error {
		wanted := map[string]string{"!": "true or false", "-": "a number", "+": "a number"}[f.arg(1)]
		if wanted == "" {
			return Error{Message: fmt.Sprintf("%s cannot be computed: %s", f.subject, f.arg(0))}
		}
		return Error{Message: fmt.Sprintf("%s cannot be computed: %s stands before %s, and this is %s", f.subject, f.arg(1), wanted, constraintText(f.arg(2)))}
	}},
	{"invalid operand %s (found %s", false, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("%s: %s is %s, and only the parts of a list or a struct can be picked", f.subject, f.arg(0), constraintText(f.arg(1)))}
	}},
	{"invalid operand", true, func(f *fault) Error {
		return Error{Message: f.subject + " depends on a value that is not stated: " + f.arg(0), Hint: "state that value"}
	}},
	{"incompatible number bounds", false, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("%s is asked to be both %s and %s, which no number is", f.subject, boundName(f.arg(1)), boundName(f.arg(0)))}
	}},
	{"invalid regexp", false, func(f *fault) Error {
		return Error{Message: f.subject + ": this is no regular expression: " + strings.TrimPrefix(plainWords(f.arg(0)), "error parsing regexp: ")}
	}},
	{"empty list in call to or", false, emptyOr},
	{"invalid operation", false, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("%s cannot be computed: %s", f.subject, f.arg(0))}
	}},
	{"incomplete value", true, (*fault).unfinished},
	{"incomplete %s", true, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("%s depends on a value that is not stated: only %s is", f.subject, constraintText(f.arg(1))), Hint: "state that value"}
	}},
	{"non-concrete value", true, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("%s depends on a value that is not stated: only %s is", f.subject, constraintText(f.arg(0))), Hint: "state that value"}
	}},
	{"operand", true, func(f *fault) Error {
		return Error{Message: f.subject + " depends on a value that is not stated", Hint: "state that value"}
	}},
	{"invalid interpolation", true, func(f *fault) Error {
		inner := innermost(f.err)
		if strings.Contains(inner, "concrete") || strings.Contains(inner, "incomplete") {
			e := Error{Pos: f.ev.placeOf(f.path), Message: f.subject + " needs a value that is not stated", Hint: "state that value"}
			for _, p := range f.places {
				if p.StartLine != e.Pos.StartLine {
					e.Related = []Related{{Message: "it is stated here without a value", Pos: p}}
				}
			}
			return e
		}
		return Error{Message: f.subject + " is a text that cannot be put together: " + plainWords(inner)}
	}},
	{"key value of dynamic field", true, func(f *fault) Error {
		return Error{Message: "the name of a field is computed from a value that is not stated", Hint: "state that value"}
	}},
	{"cycle with field", true, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("%s is computed from itself, by way of %s", f.subject, f.arg(0)), Hint: "state one of them"}
	}},
	{"structural cycle", false, func(f *fault) Error {
		return Error{Message: f.subject + " contains itself, without end", Hint: "make the inner one optional, with ? after its name, or leave it out"}
	}},
	{"field is required but not present", true, func(f *fault) Error {
		parent, last := cutLast(f.path)
		e := Error{Message: spotOf(parent).prefix() + "the field " + strconv.Quote(last) + " is required and not stated", Hint: "state it: " + last + ": …"}
		if e.Pos = f.ev.placeOf(parent); len(f.places) > 0 && f.places[0].StartLine != e.Pos.StartLine {
			e.Related = []Related{{Message: "it is asked for here", Pos: f.places[0]}}
		}
		return e
	}},
	{"cannot reference optional field", true, func(f *fault) Error {
		return Error{Message: fmt.Sprintf("%s refers to %s, which is optional and not stated", f.subject, f.arg(0)), Hint: "state it, or guard it with an if"}
	}},
	{"explicit error", false, func(f *fault) Error {
		return Error{Message: "this states an error, not a value", Hint: "put a value in its place"}
	}},
	{"unreferenced alias or let clause", false, func(f *fault) Error {
		at := f.at()
		if line := lineOf(f.ev.doc.sources[at.File], at.StartLine); strings.HasPrefix(strings.TrimLeft(line[min(at.EndColumn-1, len(line)):], " \t"), "=") {
			return Error{Message: "a field is stated with a colon, not with =", Hint: "write " + f.arg(0) + ": VALUE"}
		}
		return Error{Message: "the name " + f.arg(0) + " is not used", Hint: "remove it"}
	}},
	{"%s redeclared as imported package name", false, func(f *fault) Error {
		return Error{Message: "two imports have the same name, " + f.arg(0), Hint: "give one of them another: import other \"…\""}
	}},
	{"preference mark not allowed", false, func(f *fault) Error {
		return Error{Message: "a * marks the default among several values; there is only one here", Hint: "write *VALUE | OTHER, or remove the *"}
	}},
	{"Addition of lists", false, func(f *fault) Error {
		return Error{Message: f.subject + ": lists are not added with +", Hint: "write list.Concat([A, B]), with import \"list\""}
	}},
	{"Multiplication of lists", false, func(f *fault) Error {
		return Error{Message: f.subject + ": lists are not multiplied with *", Hint: "write list.Repeat(A, 3), with import \"list\""}
	}},
	{"error in call to", false, func(f *fault) Error {
		if strings.HasPrefix(innermost(f.err), "empty list in call to or") {
			return emptyOr(f)
		}
		return Error{Message: fmt.Sprintf("%s: the call of %s fails: %s", f.subject, f.arg(0), plainWords(innermost(f.err)))}
	}},
	{"%s", false, func(f *fault) Error {
		text := plainWords(f.arg(0))
		if text == "" {
			text = plainWords(innermost(f.err))
		}
		return Error{Message: spotOf(f.path).prefix() + text}
	}},
}

func emptyOr(f *fault) Error {
	return Error{Message: f.subject + " is asked to be one of an empty list, so it can be nothing: or([])", Hint: "put values into the list, or call or for a list that is not empty only"}
}

// conflict explains two values that can't both hold.
func (f *fault) conflict() Error {
	a, b := f.arg(0), f.arg(1)
	aType, bType := isConstraint(a), isConstraint(b)
	var aPos, bPos Range
	if len(f.places) > 0 {
		aPos = f.places[0]
	}
	if len(f.places) > 1 {
		bPos = f.places[1]
	}
	if len(f.args) >= 4 { // the kinds differ
		ka, kb := f.arg(2), f.arg(3)
		if ka == "struct" || ka == "list" {
			a = constraintText(ka)
		}
		if kb == "struct" || kb == "list" {
			b = constraintText(kb)
		}
	}
	switch {
	case aType && bType:
		e := Error{Pos: bPos, Message: fmt.Sprintf("%s cannot be both %s and %s", f.subject, constraintText(a), constraintText(b))}
		if aPos.IsKnown() {
			e.Related = []Related{{Message: constraintText(a) + " is stated here", Pos: aPos}}
		}
		return e
	case aType || bType:
		if aType {
			a, b, aPos, bPos = b, a, bPos, aPos
		}
		e := Error{Pos: aPos, Message: fmt.Sprintf("%s is %s, but must be %s", f.subject, clip(a), constraintText(b))}
		if bPos.IsKnown() {
			e.Related = []Related{{Message: constraintText(b) + " is asked for here", Pos: bPos}}
		}
		return e
	}
	if f.ev.compare(aPos, bPos) > 0 {
		a, b, aPos, bPos = b, a, bPos, aPos
	}
	return conflictError(f.subject, clip(a), aPos, clip(b), bPos)
}

// listLengths explains lists of different lengths.
func (f *fault) listLengths() Error {
	at := f.at()
	var other Range
	for _, s := range f.ev.sites(f.ev.lookup(f.path)) {
		if s.value.StartLine == at.StartLine && s.value.StartColumn == at.StartColumn && s.value.File == at.File {
			at = s.value
		} else if !other.IsKnown() {
			other = s.value
		}
	}
	a, b := "a list of "+count(f.arg(0), "element"), "a list of "+count(f.arg(1), "element")
	if other.IsKnown() && f.ev.compare(at, other) < 0 {
		return conflictError(f.subject, a, at, b, other)
	}
	return conflictError(f.subject, b, other, a, at)
}

func count(n, noun string) string {
	if n == "1" {
		return "1 " + noun
	}
	return n + " " + noun + "s"
}

// reference explains a name that nothing has.
func (f *fault) reference() Error {
	name := f.arg(0)
	e := Error{Message: fmt.Sprintf("%s refers to %s, and nothing here has that name", f.subject, name)}
	switch lower := strings.ToLower(name); {
	case lower == "off" && len(f.path) > 0 && f.path[0] == "lint":
		e.Hint = "text stands in quotes: " + strconv.Quote("off")
	case lower == "yes" || lower == "on" || lower == "true":
		e.Hint = "write true"
	case lower == "no" || lower == "off" || lower == "false":
		e.Hint = "write false; the text stands in quotes: " + strconv.Quote(name)
	case lower == "none" || lower == "nil":
		e.Hint = "text stands in quotes: " + strconv.Quote(name)
	case slices.Contains(cuePackages, name):
		e.Hint = "add import " + strconv.Quote(name) + " at the top of the file"
	case name == "schema":
		e.Hint = "add import " + strconv.Quote(ImportPath) + " at the top of the file"
	default:
		e.Hint = "text stands in quotes: " + strconv.Quote(name)
		if n := nearest(name, f.ev.labels()); n != "" && n != name {
			e.Hint = "did you mean " + n + "? " + strings.ToUpper(e.Hint[:1]) + e.Hint[1:]
		}
		if strings.HasPrefix(name, "#") || strings.HasPrefix(name, "_") {
			e.Hint = ""
			if n := nearest(name, f.ev.labels()); n != "" {
				e.Hint = "did you mean " + n + "?"
			}
		}
	}
	return e
}

var quotedPath = regexp.MustCompile(`"([^"]+)"`)

// importFailed explains an import that cannot be resolved.
func (f *fault) importFailed() Error {
	inner := plainWords(innermost(f.err))
	if e, ok := f.inImported(); ok {
		return e
	}
	if e, ok := f.importCycle(inner); ok {
		return e
	}
	if e, ok := f.inImportedFile(); ok {
		return e
	}
	path := ""
	if file, offset := f.ev.own(f.err.Position()); file != nil {
		for spec := range file.syntax.ImportSpecs() {
			if spec.Pos().Offset() <= offset && offset <= spec.End().Offset() {
				path = importPath(spec)
			}
		}
	}
	if path == "" {
		if m := quotedPath.FindStringSubmatch(f.err.Error()); m != nil {
			path = m[1]
		}
	}
	e := Error{Message: "package " + strconv.Quote(path) + " not found"}
	root := f.ev.moduleRoot(f.ev.in.dir)
	switch {
	case strings.HasPrefix(path, "."):
		e.Message = "the import " + strconv.Quote(path) + " begins with a dot"
		e.Hint = "a package of your own is imported by its module's path, as \"example.com/shop/parts\"; cue mod init makes a module"
	case strings.HasPrefix(path, "lintel") && path != ImportPath:
		e.Hint = "did you mean " + strconv.Quote(ImportPath) + "?"
	case strings.Contains(inner, "no such host") || strings.Contains(inner, "dial ") || strings.Contains(inner, "connection") || strings.Contains(inner, "timeout"):
		e.Message = "package " + strconv.Quote(path) + " cannot be fetched from its registry"
		e.Hint = inner
	case root == "":
		e.Hint = "the design lies in no CUE module, so it can import CUE's own packages and " + strconv.Quote(ImportPath) + " only; cue mod init makes a module"
	default:
		module := f.ev.moduleName(root)
		if module == "" {
			e.Hint = "the module has no name: cue.mod/module.cue states it, as module: \"example.com/shop\""
			break
		}
		if below, ok := strings.CutPrefix(path, module+"/"); ok && module != "" {
			e.Hint = "there are no CUE files of that package in " + f.ev.reported(filepath.Join(root, filepath.FromSlash(below)))
			break
		}
		e.Hint = "packages of this module begin with " + strconv.Quote(module+"/") + "; other modules are stated in cue.mod/module.cue (cue mod tidy adds them)"
	}
	return e
}

// importPlaces are the imports that lead to the fault, from the design's own to the last.
func (f *fault) importPlaces() []token.Pos {
	var list []token.Pos
	for err := error(f.err); err != nil; err = errors.Unwrap(err) {
		e, ok := err.(errors.Error)
		if ok && e.Position().HasAbsPos() && !ofSchema(e.Position().Filename()) && formatOf(e.Position().Filename()) == cueFormat &&
			(len(list) == 0 || list[len(list)-1] != e.Position()) {
			list = append(list, e.Position())
		}
	}
	return list
}

// importCycle explains packages that import each other.
func (f *fault) importCycle(inner string) (Error, bool) {
	if !strings.Contains(inner, "import cycle") {
		return Error{}, false
	}
	e := Error{Message: "these packages import each other", Hint: "put what both need into a third package"}
	for _, p := range f.importPlaces() {
		at := f.ev.tokenAt(p)
		if !e.Pos.IsKnown() {
			e.Pos = at
		} else {
			e.Related = append(e.Related, Related{Message: "this import leads back", Pos: at})
		}
	}
	for i := range e.Related[:max(len(e.Related)-1, 0)] {
		e.Related[i].Message = "by way of this import"
	}
	return e, true
}

// inImportedFile blames a package that is not found on the imported file that asks for it.
func (f *fault) inImportedFile() (Error, bool) {
	places := f.importPlaces()
	if len(places) < 2 {
		return Error{}, false
	}
	last := places[len(places)-1]
	at := f.ev.tokenAt(last)
	if own, _ := f.ev.own(last); own != nil || !at.IsKnown() {
		return Error{}, false
	}
	path, err := literal.Unquote(f.ev.textAt(at))
	if err != nil {
		return Error{}, false
	}
	return Error{Pos: at, Message: "package " + strconv.Quote(path) + " not found",
		Related: []Related{{Message: "this file is imported here", Pos: f.ev.tokenAt(places[0])}}}, true
}

// ofModuleFile explains what is wrong with the file that makes a folder a CUE module.
func (f *fault) ofModuleFile() Error {
	root := f.ev.moduleRoot(f.ev.in.dir)
	src := f.ev.source(filepath.Join(root, "cue.mod", "module.cue"))
	f.ev.doc.sources[src.name] = src.text
	if src.parse(); len(src.faults) > 0 {
		return src.faults[0]
	}
	e := Error{Pos: Range{File: src.name}, Message: "the file of this CUE module is wrong: " + plainWords(innermost(f.err)), Hint: "cue mod init writes one that is right"}
	if at := f.at(); at.File == src.name {
		e.Pos = at
	} else if i := moduleLine.FindIndex(src.text); i != nil {
		e.Pos = offsetRange(src, i[0], i[1]-i[0])
	}
	return e
}

var moduleLine = regexp.MustCompile(`(?m)^module:.*$`)

// isOfModuleFile reports whether a fault that stops all evaluation is one of the module's file.
func (f *fault) isOfModuleFile() bool {
	if pos := f.err.Position(); pos.HasAbsPos() {
		return f.ev.pathOf(pos.Filename()) == filepath.Clean(filepath.Join(f.ev.moduleRoot(f.ev.in.dir), "cue.mod", "module.cue"))
	}
	inner := innermost(f.err)
	return f.ev.moduleRoot(f.ev.in.dir) != "" && (strings.HasPrefix(inner, "module field") || strings.Contains(inner, "module.cue") || strings.Contains(inner, "module path "))
}

// inImported finds the fault of an imported file that makes the import fail.
func (f *fault) inImported() (Error, bool) {
	for err := error(f.err); err != nil; err = errors.Unwrap(err) {
		e, ok := err.(errors.Error)
		if !ok || !e.Position().HasAbsPos() {
			continue
		}
		name := f.ev.pathOf(e.Position().Filename())
		if own, _ := f.ev.own(e.Position()); own != nil || ofSchema(name) || formatOf(name) != cueFormat {
			continue
		}
		src := f.ev.source(name)
		src.parse()
		f.ev.doc.sources[src.name] = src.text
		if len(src.faults) > 0 {
			out := src.faults[0]
			if at := f.at(); at.IsKnown() {
				out.Related = append(slices.Clone(out.Related), Related{Message: "this file is imported here", Pos: at})
			}
			return out, true
		}
	}
	return Error{}, false
}

var moduleField = regexp.MustCompile(`(?m)^module:\s*"([^"@]*)`)

// moduleName is the path of the CUE module at root, or "".
func (f *files) moduleName(root string) string {
	text, err := f.readFile(filepath.Join(root, "cue.mod", "module.cue"))
	if err != nil {
		return ""
	}
	if m := moduleField.FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return ""
}

// condition explains a value of the wrong type where the language itself asks for another.
func (f *fault) condition() Error {
	if f.arg(2) == "bool" {
		at := f.at()
		for _, p := range f.places {
			if p.StartLine == at.StartLine && p.StartColumn > at.StartColumn {
				at = p
			}
		}
		return Error{Pos: at, Message: fmt.Sprintf("a condition is true or false, not %s", clip(f.arg(0)))}
	}
	return Error{Message: fmt.Sprintf("%s: %s stands where %s should", f.subject, clip(f.arg(0)), constraintText(f.arg(2)))}
}

// outOfBound explains a value that a constraint of the design refuses.
func (f *fault) outOfBound() Error {
	e := Error{Message: fmt.Sprintf("%s is %s, which the design itself refuses: it asks for %s", f.subject, clip(f.arg(0)), boundName(f.arg(1)))}
	value := f.ev.placeOf(f.path)
	if v := f.ev.lookup(f.path); v.Exists() {
		for _, s := range f.ev.sites(v) {
			if s.states && !s.template {
				value = s.value
				break
			}
		}
	}
	for _, p := range f.places {
		if len(e.Related) == 0 && (p.StartLine != value.StartLine || p.File != value.File) {
			e.Related = append(e.Related, Related{Message: "it is asked for here", Pos: p})
		}
	}
	e.Pos = value
	return e
}

// unfinished explains a value that is not concrete.
func (f *fault) unfinished() Error {
	text := f.arg(0)
	pos := f.ev.placeOf(f.path)
	switch {
	case text == "_":
		return Error{Pos: pos, Message: f.subject + " has no value", Hint: "state one"}
	case strings.Contains(text, " | "):
		return Error{Pos: pos, Message: fmt.Sprintf("%s is not decided: %s", f.subject, clip(text)), Hint: "state one of them, or mark the default with *"}
	case strings.HasPrefix(text, "{") || strings.HasPrefix(text, "["):
		return Error{Pos: pos, Message: f.subject + " has no definite value"}
	}
	e := Error{Pos: pos, Message: fmt.Sprintf("%s has no value: only %s is asked for", f.subject, constraintText(text)), Hint: "state one"}
	if s := bestSite(f.ev.sites(f.ev.lookup(f.path))); s.template || len(f.path) > 0 && !f.ev.within(s.value, f.path[:len(f.path)-1]) {
		e.Pos = f.ev.placeOf(f.path[:len(f.path)-1])
		e.Related = []Related{{Message: "it is asked for here", Pos: s.value}}
	}
	return e
}

// noneFits explains a value that fits none of the alternatives of a disjunction.
func (ev *evaluation) noneFits(head errors.Error, group []errors.Error) Error {
	f, _ := ev.faultOf(head)
	e := Error{Pos: ev.placeOf(f.path)}
	var allowed []string
	value := ""
	same := len(group) > 0
	var related []Related
	for _, g := range group {
		gf, format := ev.faultOf(g)
		if !strings.HasPrefix(format, "conflicting values") || !slices.Equal(gf.path, f.path) {
			same = false
		}
		a, b := gf.arg(0), gf.arg(1)
		switch {
		case value == "" || value == b:
			if value == "" && len(group) > 1 {
				if second, _ := ev.faultOf(group[1]); second.arg(0) == a || second.arg(1) == a {
					a, b = b, a
				}
			}
			value = b
			allowed = append(allowed, constraintText(a))
		case value == a:
			allowed = append(allowed, constraintText(b))
		default:
			same = false
		}
		for _, p := range gf.places {
			if text := ev.textAt(p); p.StartLine != e.Pos.StartLine && (text == a || text == b) {
				related = append(related, Related{Message: "the alternatives are stated here", Pos: p})
			}
		}
	}
	if same && !isConstraint(value) {
		slices.Sort(allowed)
		allowed = slices.Compact(allowed)
		e.Message = fmt.Sprintf("%s is %s, which is none of the values that the design itself allows", f.subject, clip(value))
		e.Hint = "write " + strings.Join(allowed, " or ")
		if n := nearest(value, allowed); n != "" {
			e.Hint = "did you mean " + n + "?"
		}
		if v := ev.lookup(f.path); v.Exists() {
			for _, s := range ev.sites(v) {
				if s.states && !s.template && strings.TrimSpace(ev.textAt(s.value)) == value {
					e.Pos = s.value
				}
			}
		}
		related = slices.DeleteFunc(related, func(r Related) bool { return r.Pos.StartLine == e.Pos.StartLine })
	} else {
		e.Message = f.subject + " fits none of the alternatives that the design itself states for it"
	}
	e.Related = related[:min(len(related), 1)]
	if e.Pos.File == "" {
		e.Pos.File = ev.in.files[0].name
	}
	return e
}

// within reports whether r lies in the place of the value that a path leads to.
func (ev *evaluation) within(r Range, path []string) bool {
	if len(path) == 0 {
		return true
	}
	for _, s := range ev.sites(ev.lookup(path)) {
		if !s.template && s.value.File == r.File && s.value.StartLine <= r.StartLine && s.value.EndLine >= r.EndLine {
			return true
		}
	}
	return false
}

// textAt is the source text of a range that lies on one line.
func (ev *evaluation) textAt(r Range) string {
	line := lineOf(ev.doc.sources[r.File], r.StartLine)
	if r.EndLine != r.StartLine || r.EndColumn-1 > len(line) || r.StartColumn < 1 {
		return ""
	}
	return line[r.StartColumn-1 : r.EndColumn-1]
}

// tokenAt is the range of the token at a position of the library, where it lies in a file of the
// user.
func (ev *evaluation) tokenAt(p token.Pos) Range {
	r := ev.span(p, p)
	if !r.IsKnown() {
		return r
	}
	if text := ev.doc.sources[r.File]; text != nil {
		return tokenRange(&source{name: r.File, text: text}, min(p.Offset(), len(text)))
	}
	return r
}

// placeOf is where a path is stated: the value's place, or that of the nearest struct around it.
func (ev *evaluation) placeOf(path []string) Range {
	for n := len(path); n >= 0; n-- {
		if v := ev.lookup(path[:n]); v.Exists() || v.Source() != nil {
			if s := bestSite(ev.sites(v)); s.value.IsKnown() {
				if n < len(path) || s.value.EndLine > s.value.StartLine {
					return s.label
				}
				return s.value
			}
		}
	}
	return Range{File: ev.in.files[0].name}
}

// lookup finds the value that a path leads to; it does not exist where the path leads nowhere.
func (ev *evaluation) lookup(path []string) cue.Value {
	var sels []cue.Selector
	for _, step := range path {
		switch {
		case strings.HasPrefix(step, "\x00"):
			i, _ := strconv.Atoi(step[1:])
			sels = append(sels, cue.Index(i))
		case !hiddenOrDefinition.MatchString(step):
			sels = append(sels, cue.Str(step))
		case strings.HasPrefix(step, "#"):
			sels = append(sels, cue.Def(step))
		default:
			pkg := ev.in.pkg
			if pkg == "" {
				pkg = "_"
			}
			sels = append(sels, cue.Hid(step, pkg))
		}
	}
	if !ev.root.Exists() && ev.root.Source() == nil {
		return cue.Value{}
	}
	return ev.root.LookupPath(cue.MakePath(sels...))
}

// hiddenOrDefinition is the form of the labels of hidden fields and definitions; quoted labels may
// begin as they do.
var hiddenOrDefinition = regexp.MustCompile(`^(#|_#|_)[A-Za-z_$][A-Za-z_$0-9]*$`)

// labels lists the names in the design's files, for "did you mean".
func (ev *evaluation) labels() []string {
	var names []string
	for _, f := range ev.in.files {
		ast.Walk(f.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Field:
				if name := labelText(n.Label); name != "" {
					names = append(names, name)
				}
			case *ast.LetClause:
				names = append(names, n.Ident.Name)
			case *ast.ForClause:
				if n.Key != nil {
					names = append(names, n.Key.Name)
				}
				names = append(names, n.Value.Name)
			}
			return true
		}, nil)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// stepsOf turns a path of the library into labels and indices.
func stepsOf(path []string) []string {
	var steps []string
	for _, p := range path {
		switch {
		case strings.Contains(p, "[]"):
			return steps // inside a comprehension
		case strings.HasPrefix(p, `"`):
			if s, err := literal.Unquote(p); err == nil {
				p = s
			}
			steps = append(steps, p)
		default:
			if i, err := strconv.Atoi(p); err == nil {
				p = indexText(i)
			}
			steps = append(steps, p)
		}
	}
	return steps
}

// subjectOf names what a path leads to, to begin a message with.
func subjectOf(p cue.Path) string {
	var steps []string
	for _, s := range p.Selectors() {
		if s.LabelType() == cue.IndexLabel {
			steps = append(steps, indexText(s.Index()))
		} else if s.LabelType() == cue.StringLabel {
			steps = append(steps, s.Unquoted())
		} else {
			steps = append(steps, s.String())
		}
	}
	return spotOf(steps).subject()
}

func cutLast(path []string) ([]string, string) {
	if len(path) == 0 {
		return nil, ""
	}
	return path[:len(path)-1], strings.TrimPrefix(path[len(path)-1], "\x00")
}

// isConstraint reports whether a value of the library's messages is no concrete one.
func isConstraint(s string) bool {
	switch s {
	case "string", "int", "float", "number", "bool", "bytes", "null", "_", "int64", "uint", "list", "struct":
		return s != "null"
	}
	return strings.HasPrefix(s, ">") || strings.HasPrefix(s, "<") || strings.HasPrefix(s, "=~") || strings.HasPrefix(s, "!") ||
		strings.HasPrefix(s, "[...") || strings.Contains(s, " | ") || strings.HasPrefix(s, "(")
}

// constraintText puts a type or constraint of the library's messages into plain words.
func constraintText(s string) string {
	switch s {
	case "string":
		return "a string"
	case "int":
		return "a whole number"
	case "float", "number":
		return "a number"
	case "bool":
		return "true or false"
	case "bytes":
		return "bytes"
	case "struct":
		return "a struct"
	case "list":
		return "a list"
	case "_", "_|_":
		return "a value"
	}
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && strings.Contains(s, "|") {
		parts := strings.Split(s[1:len(s)-1], "|")
		for i := range parts {
			parts[i] = constraintText(strings.TrimSpace(parts[i]))
		}
		return strings.Join(parts, ", ")
	}
	return boundName(s)
}

// boundName puts a bound into plain words.
func boundName(s string) string {
	switch {
	case strings.HasPrefix(s, ">="):
		return "at least " + s[2:]
	case strings.HasPrefix(s, "<="):
		return "at most " + s[2:]
	case strings.HasPrefix(s, "=~"):
		return "a text that matches " + s[2:]
	case strings.HasPrefix(s, "!~"):
		return "a text that does not match " + s[2:]
	case strings.HasPrefix(s, "!="):
		return "anything but " + s[2:]
	case strings.HasPrefix(s, ">"):
		return "more than " + s[1:]
	case strings.HasPrefix(s, "<"):
		return "less than " + s[1:]
	}
	return plainWords(clip(s))
}

// innermost is the message of the error at the bottom of a chain.
func innermost(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			break
		}
		err = next
	}
	if e, ok := err.(errors.Error); ok {
		return withoutPath(e)
	}
	return err.Error()
}

func withoutPath(e errors.Error) string {
	s := e.Error()
	if p := strings.Join(e.Path(), "."); p != "" {
		s = strings.TrimPrefix(s, p+": ")
	}
	return s
}

var internalWords = strings.NewReplacer("_|_", "an error", "incomplete value _", "a value that is not stated", "incomplete value", "an unfinished value,", "mismatched types", "types", " in empty disjunction", "", "bottom", "an error", "non-concrete value", "a value that is not stated:",
	"disjunction", "alternatives", "disjunct", "alternative")

// plainWords takes the library's own notions out of a message.
func plainWords(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return internalWords.Replace(s)
}

// cuePackages are the packages that come with CUE.
var cuePackages = []string{
	"crypto/ed25519", "crypto/hmac", "crypto/md5", "crypto/sha1", "crypto/sha256", "crypto/sha512",
	"encoding/base64", "encoding/csv", "encoding/hex", "encoding/json", "encoding/toml", "encoding/yaml",
	"html", "list", "math", "math/bits", "net", "path", "regexp", "strconv", "strings", "struct", "text/tabwriter",
	"text/template", "time", "tool", "tool/cli", "tool/exec", "tool/file", "tool/http", "tool/os", "uuid",
}
