package improve

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
	"cuelang.org/go/encoding/json"
	"cuelang.org/go/encoding/yaml"

	"lintel/schema"
)

// maxCosts bounds the size of a file of costs.
const maxCosts = 1 << 20

// prices lists what has a price, as files of costs name it.
var prices = []struct {
	name  string
	field func(*Prices) **float64
}{
	{"replica", func(p *Prices) **float64 { return &p.Replica }},
	{"move", func(p *Prices) **float64 { return &p.Move }},
	{"mode", func(p *Prices) **float64 { return &p.Mode }},
	{"failover", func(p *Prices) **float64 { return &p.Failover }},
	{"alternative", func(p *Prices) **float64 { return &p.Alternative }},
	{"soft", func(p *Prices) **float64 { return &p.Soft }},
}

func priceNames() []string {
	var out []string
	for _, p := range prices {
		out = append(out, p.name)
	}
	return out
}

// moduleKinds are the kinds that costs may name.
var moduleKinds = []string{
	"service", "frontend", "gateway", "load-balancer", "worker", "job", "function", "database", "cache", "queue", "object-store",
	"search", "discovery", "config", "dns", "identity", "monitoring", "network", "external",
}

// ReadCosts reads a file of costs, in the language that the ending of its name says: JSON, YAML, or else CUE. Modules that it
// names and d does not have are faults. All faults are told, each with its place.
func ReadCosts(name string, text []byte, d *schema.Design) (Costs, schema.Errors) {
	r := &costReader{name: filepath.ToSlash(name), lines: strings.Split(string(text), "\n"), design: d}
	if len(text) > maxCosts {
		return Costs{}, schema.Errors{{Pos: schema.Range{File: r.name}, Message: "a file of costs is no larger than 1 MB"}}
	}
	var syntax any
	var err error
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		syntax, err = json.Extract(name, text)
	case ".yaml", ".yml":
		syntax, err = yaml.Extract(name, text)
	default:
		syntax, err = parser.ParseFile(name, text)
	}
	if err != nil {
		r.failed(err)
		return Costs{}, r.faults
	}
	var v cue.Value
	ctx := cuecontext.New()
	switch x := syntax.(type) {
	case *ast.File:
		v = ctx.BuildFile(x)
	case ast.Expr:
		v = ctx.BuildExpr(x)
	}
	if err := v.Validate(cue.Concrete(true)); err != nil {
		r.failed(err)
		return Costs{}, r.faults
	}
	c := r.costs(v)
	slices.SortStableFunc(r.faults, func(a, b schema.Error) int { return a.Pos.Compare(b.Pos) })
	return c, r.faults
}

type costReader struct {
	name   string
	lines  []string
	design *schema.Design
	faults schema.Errors
}

func (r *costReader) failed(err error) {
	for _, e := range errors.Errors(err) {
		format, args := e.Msg()
		r.fault(e.Position(), fmt.Sprintf(format, args...), "")
	}
}

func (r *costReader) fault(at token.Pos, message, hint string) {
	e := schema.Error{Pos: schema.Range{File: r.name}, Message: message, Hint: hint}
	if at.IsValid() {
		p := at.Position()
		e.Pos = schema.Range{File: r.name, StartLine: p.Line, StartColumn: p.Column, EndLine: p.Line, EndColumn: p.Column + 1}
		if p.Line >= 1 && p.Line <= len(r.lines) {
			e.Snippet = strings.TrimRight(r.lines[p.Line-1], "\r")
		}
	}
	r.faults = append(r.faults, e)
}

// fields calls do for each field of a struct.
func (r *costReader) fields(v cue.Value, what string, do func(name string, at token.Pos, v cue.Value)) {
	if v.IncompleteKind() != cue.StructKind {
		r.fault(v.Pos(), what+" is a struct", `such as {replica: 1, move: 0.2}`)
		return
	}
	list, err := v.Fields()
	if err != nil {
		r.failed(err)
		return
	}
	for list.Next() {
		at := list.Value().Pos()
		if f, ok := list.Value().Source().(*ast.Field); ok {
			at = f.Label.Pos()
		}
		do(list.Selector().Unquoted(), at, list.Value())
	}
}

func (r *costReader) costs(v cue.Value) Costs {
	c := Costs{Kinds: map[schema.Kind]Prices{}, Modules: map[string]Prices{}}
	names := append(priceNames(), "kinds", "modules")
	r.fields(v, "a file of costs", func(name string, at token.Pos, v cue.Value) {
		switch {
		case name == "kinds":
			r.fields(v, "kinds", func(name string, at token.Pos, v cue.Value) {
				if !slices.Contains(moduleKinds, name) {
					r.unknown(at, "there is no kind of module", name, moduleKinds)
					return
				}
				c.Kinds[schema.Kind(name)] = r.pricesOf(v)
			})
		case name == "modules":
			var modules []string
			for _, m := range r.design.Modules {
				modules = append(modules, m.Name)
			}
			r.fields(v, "modules", func(name string, at token.Pos, v cue.Value) {
				if !slices.Contains(modules, name) {
					r.unknown(at, "the design has no module", name, modules)
					return
				}
				c.Modules[name] = r.pricesOf(v)
			})
		case !r.price(&c.Prices, name, v):
			r.unknown(at, "costs have no field", name, names)
		}
	})
	return c
}

func (r *costReader) pricesOf(v cue.Value) (p Prices) {
	r.fields(v, "what changes cost", func(name string, at token.Pos, v cue.Value) {
		if !r.price(&p, name, v) {
			r.unknown(at, "costs have no field", name, priceNames())
		}
	})
	return p
}

func (r *costReader) unknown(at token.Pos, what, name string, names []string) {
	hint := strings.Join(names, ", ")
	if near := schema.Nearest(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if len(names) > 20 {
		hint = ""
	}
	r.fault(at, fmt.Sprintf("%s %q", what, name), hint)
}

// price reads one price; ok is false where there is none of that name.
func (r *costReader) price(p *Prices, name string, v cue.Value) (ok bool) {
	i := slices.Index(priceNames(), name)
	if i < 0 {
		return false
	}
	to := prices[i].field(p)
	if text, err := v.String(); err == nil {
		if text != "never" {
			r.fault(v.Pos(), fmt.Sprintf("%s is %q", name, text), `a number, or "never"`)
		}
		*to = new(Never)
		return true
	}
	x, err := v.Float64()
	if err != nil && v.IncompleteKind() != cue.NumberKind && v.IncompleteKind() != cue.IntKind && v.IncompleteKind() != cue.FloatKind {
		r.fault(v.Pos(), fmt.Sprintf("%s is no number", name), `a number, or "never"`)
		return true
	}
	if !(x >= 0 && x <= MaxPrice) {
		r.fault(v.Pos(), fmt.Sprintf("%s is not from 0 to %d", name, int(MaxPrice)), `"never" forbids it`)
		return true
	}
	*to = new(x)
	return true
}
