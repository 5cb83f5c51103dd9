package policy

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"

	"lintel/schema"
)

// Policy is a policy that is ready to judge. The CUE values in it are those of its source, whose lock must be held
// while it judges.
type Policy struct {
	Source   *schema.Policy
	Selector string // modules, dependencies, groups, journeys or design

	shape    *shape
	selects  *pattern
	excepts  []*pattern
	template *template

	require *pattern
	forbid  bool
	count   *leaf

	mayUse, mayBeUsedBy    []*pattern
	limitsUse, limitsUsers bool // mayUse, mayBeUsedBy are stated
	mustUse, mustBeUsedBy  *pattern
	reaches, neverReaches  *pattern
	via                    *pattern
	acyclic, strict        bool
	layers                 []string
	independent            string

	texts map[string]string // of the demands, for messages
}

// demands lists what a policy may ask for, with the selectors that each goes with.
var demandsOfAll = []string{"require", "forbid", "count"}
var demandsOfModules = []string{"mayUse", "mayBeUsedBy", "mustUse", "mustBeUsedBy", "reaches", "neverReaches", "acyclic", "layers", "independent"}

// Compile takes a policy apart, or tells all that is wrong with it. The policy's lock must be held.
func Compile(src *schema.Policy) (*Policy, schema.Errors) {
	c := &compiler{policy: src.Value, context: cuecontext.New(), types: map[string]cue.Value{}}
	p := c.compile(src)
	if len(c.faults) > 0 {
		return nil, c.errors(src)
	}
	return p, nil
}

func (c *compiler) compile(src *schema.Policy) *Policy {
	p := &Policy{Source: src, texts: map[string]string{}}
	value := func(name string) (cue.Value, bool) {
		v := src.Value.LookupPath(cue.MakePath(cue.Str(name)))
		return v, v.Exists()
	}
	var stated []string
	for _, s := range selectors {
		if _, ok := value(s); ok {
			stated = append(stated, s)
		}
	}
	switch len(stated) {
	case 0:
		c.fault(src.Value, "", "it selects nothing", "say what it is about: one of "+strings.Join(selectors, ", "))
		return p
	case 1:
		p.Selector = stated[0]
	default:
		c.fault(src.Value, stated[1], "it has several selectors: "+strings.Join(stated, ", "), "write a policy for each")
		return p
	}
	p.shape = shapeOf(p.Selector)
	v, _ := value(p.Selector)
	p.selects = c.pattern(v, p.shape, p.Selector)
	if v, ok := value("except"); ok {
		p.excepts = c.patterns(v, p.shape, "except")
	}

	asked := 0
	for _, name := range slices.Concat(demandsOfAll, demandsOfModules) {
		v, ok := value(name)
		if !ok {
			continue
		}
		asked++
		p.texts[name] = textOf(v)
		if p.Selector != modulesSelector && slices.Contains(demandsOfModules, name) {
			c.fault(v, name, name+" is asked of modules, and it selects "+p.Selector, "select modules, or ask for one of "+strings.Join(demandsOfAll, ", "))
			continue
		}
		c.demand(p, name, v)
	}
	if asked == 0 {
		c.fault(src.Value, "", "it demands nothing of what it selects", "say what it demands: require, forbid, count, mayUse, neverReaches …")
	}
	if p.forbid && p.require != nil {
		v, _ := value("forbid")
		c.fault(v, "forbid", "it forbids what it selects and requires something of it as well", "keep one of the two")
	}
	if v, ok := value("via"); ok {
		if p.reaches == nil && p.neverReaches == nil {
			c.fault(v, "via", "via goes with reaches and neverReaches, of which there is none", "leave it out")
		} else {
			p.via = c.pattern(v, dependencyShape(), "via")
		}
	}
	if v, ok := value("strict"); ok {
		p.strict = c.truth(v, "strict")
		if len(p.layers) == 0 {
			c.fault(v, "strict", "strict goes with layers, of which there are none", "leave it out")
		}
	}
	if len(c.faults) == 0 {
		c.contradictions(p, value)
	}
	p.template = c.template(src, p)
	return p
}

func (c *compiler) demand(p *Policy, name string, v cue.Value) {
	module := func() *pattern { return c.pattern(v, moduleShape(), name) }
	switch name {
	case "require":
		p.require = c.pattern(v, p.shape, name)
	case "forbid":
		p.forbid = c.truth(v, name)
	case "count":
		p.count = &leaf{value: v, context: c.context, text: textOf(v)}
		if v.Unify(c.typeOf(countType)).Err() != nil {
			c.fault(v, name, "count: "+p.count.text+" fits no number of "+p.Selector, "write a number, or bounds such as >=1 & <=3")
		}
	case "mayUse":
		p.mayUse, p.limitsUse = c.patterns(v, moduleShape(), name), true
	case "mayBeUsedBy":
		p.mayBeUsedBy, p.limitsUsers = c.patterns(v, moduleShape(), name), true
	case "mustUse":
		p.mustUse = module()
	case "mustBeUsedBy":
		p.mustBeUsedBy = module()
	case "reaches":
		p.reaches = module()
	case "neverReaches":
		p.neverReaches = module()
	case "acyclic":
		p.acyclic = c.truth(v, name)
	case "layers":
		if err := v.Decode(&p.layers); err != nil || len(p.layers) < 2 {
			c.fault(v, name, "layers names the layers from the top to the bottom, two at least", `for example layers: ["web", "logic", "data"]`)
		}
		for i, l := range p.layers {
			if slices.Contains(p.layers[:i], l) {
				c.fault(v, name, "layers names "+quote(l)+" twice", "")
			}
		}
	case "independent":
		p.independent, _ = v.String()
		f, wrong, in := moduleShape().find(p.independent)
		if f == nil || f.sub != nil || strings.HasPrefix(f.typ, "[") {
			known := []string{"group", "team", "layer", "tier", "technology", "kind", "deploy.unit"}
			_, _ = wrong, in
			c.fault(v, name, "independent: "+quote(p.independent)+" is no field of a module that two modules could differ in", didYouMean(p.independent, known, "for example one of "+strings.Join(known, ", ")))
		}
	}
}

// truth reads a field that can only be true, or false as if it were not there.
func (c *compiler) truth(v cue.Value, name string) bool {
	b, err := v.Bool()
	if err != nil {
		c.fault(v, name, name+" is true or left out", "")
	}
	return b
}

// patterns compiles a struct, or a list of them of which one is to match.
func (c *compiler) patterns(v cue.Value, sh *shape, name string) []*pattern {
	if v.IncompleteKind() != cue.ListKind {
		return []*pattern{c.pattern(v, sh, name)}
	}
	var out []*pattern
	it, err := v.List()
	if err != nil {
		c.fault(v, name, name+": "+firstLine(err), "")
		return nil
	}
	for it.Next() {
		out = append(out, c.pattern(it.Value(), sh, name))
	}
	return out
}

// errors gives the faults as errors of the input, each at its place.
func (c *compiler) errors(src *schema.Policy) schema.Errors {
	var out schema.Errors
	for _, f := range c.faults {
		out = append(out, schema.Error{Pos: placeOf(src, f.value, f.path), Message: "policy " + src.Name + ": " + f.message, Hint: f.hint})
	}
	slices.SortStableFunc(out, func(a, b schema.Error) int {
		return cmp.Or(a.Pos.Compare(b.Pos), strings.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(out, func(a, b schema.Error) bool { return a.Pos == b.Pos && a.Message == b.Message })
}

// placeOf gives the place of a part of a policy: that of the nearest field whose place is known, and within its file
// that of the value itself.
func placeOf(src *schema.Policy, v cue.Value, field string) schema.Range {
	at := src.Pos
	for f := field; f != ""; {
		if r, ok := src.Places.Of(f); ok {
			at = r
			if f == field {
				return at
			}
			break
		}
		i := strings.LastIndexByte(f, '.')
		if i < 0 {
			break
		}
		f = f[:i]
	}
	if n := v.Source(); n != nil && field != "" {
		if from, to := n.Pos(), n.End(); from.IsValid() && path.Base(filepathSlash(from.Filename())) == path.Base(at.File) {
			r := schema.Range{File: at.File, StartLine: from.Line(), StartColumn: from.Column(), EndLine: to.Line(), EndColumn: to.Column()}
			if r.EndLine != r.StartLine || r.EndLine == 0 {
				r.EndLine, r.EndColumn = r.StartLine, r.StartColumn
			}
			return r
		}
	}
	return at
}

func filepathSlash(name string) string { return strings.ReplaceAll(name, `\`, "/") }
