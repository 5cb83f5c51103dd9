package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cuelang.org/go/cue"

	"lintel/schema"
)

// unknownField tells of a field that the things of a shape do not have.
func (c *compiler) unknownField(v cue.Value, sh *shape, path, name string) {
	what := article(sh.noun)
	if sh.noun == "facts" {
		what = "facts of " + article(ownerOf(path))
	}
	hint := didYouMean(name, sh.names(), "")
	if facts := sh.field("facts"); hint == "" && facts != nil {
		if facts.sub.field(name) != nil {
			hint = "it is a fact: facts: " + name + ": ..."
		} else {
			hint = didYouMean(name, facts.sub.names(), "")
		}
	}
	if hint == "" {
		hint = "known are " + strings.Join(sh.names(), ", ")
	}
	verb := "has"
	if sh.noun == "facts" {
		verb = "have"
	}
	c.fault(v, path+"."+name, fmt.Sprintf("%s.%s: %s %s no field %q", path, name, what, verb, name), hint)
}

func ownerOf(path string) string {
	switch first, _, _ := strings.Cut(path, "."); first {
	case groupsSelector:
		return "group"
	case journeysSelector:
		return "journey"
	case designSelector:
		return "design"
	case dependenciesSelector, "via":
		if !strings.Contains(path, ".from.") && !strings.Contains(path, ".to.") {
			return "dependency"
		}
	}
	return "module"
}

// typeOf gives a type in the context of v.
func (c *compiler) typeOf(v cue.Value, typ string) cue.Value {
	t, ok := c.types[typ]
	if !ok {
		t = v.Context().CompileString(typ)
		c.types[typ] = t
	}
	return t
}

// checkType tells of a constraint that no value of the field can meet.
func (c *compiler) checkType(v cue.Value, f *field, path string) {
	if f.sub != nil || isExplicitBottom(v) {
		return // "team?: _|_" asks for absence
	}
	if v.Err() != nil && v.IncompleteKind() == cue.BottomKind && !isIncomplete(v) {
		c.fault(v, path, path+": "+firstLine(v.Err()), "")
		return
	}
	if f.seconds != "" && comparesText(v) {
		c.fault(v, path, fmt.Sprintf("%s: %s compares durations as text, letter by letter", path, textOf(v)), "compare the number of seconds: "+asStruct(f.seconds)+": <2")
		return
	}
	if s, err := v.String(); err == nil && f.seconds != "" {
		if written, ok := rewritten(s); ok && written != s {
			c.fault(v, path, fmt.Sprintf("%s: %s matches nothing, since durations are written as %s here", path, quote(s), quote(written)), "write "+quote(written))
			return
		}
	}
	if strings.HasPrefix(f.typ, "[") {
		if v.IncompleteKind()&cue.ListKind == 0 {
			c.fault(v, path, fmt.Sprintf("%s: %s is a list, never %s", path, f.name, textOf(v)), "for example list.Contains("+textOf(v)+")")
		}
		return // what a list is to hold is known only of whole lists
	}
	t := c.typeOf(v, f.typ)
	u := v.Unify(t)
	if u.Err() == nil || isIncomplete(u) {
		return
	}
	message := fmt.Sprintf("%s: no %s is ever %s", path, f.name, textOf(v))
	hint := "it is " + typeInWords(f.typ)
	if s, err := v.String(); err == nil && strings.HasPrefix(f.typ, `"`) {
		hint = didYouMean(s, valuesOf(f.typ), "use one of "+strings.Join(valuesOf(f.typ), ", "))
	}
	c.fault(v, path, message, hint)
}

// rewritten gives a duration as selectors see it.
func rewritten(s string) (string, bool) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		return schema.FormatDuration(time.Duration(n * 24 * float64(time.Hour))), err == nil
	}
	d, err := time.ParseDuration(s)
	return schema.FormatDuration(d), err == nil
}

// isIncomplete tells whether a value is at fault only for want of others that it refers to.
func isIncomplete(v cue.Value) bool {
	return v.Err() != nil && v.Validate() == nil
}

func isExplicitBottom(v cue.Value) bool {
	return v.Err() != nil && strings.TrimSpace(textOf(v)) == "_|_"
}

// comparesText tells whether a constraint orders texts.
func comparesText(v cue.Value) bool {
	switch op, args := v.Expr(); op {
	case cue.AndOp, cue.OrOp:
		return slices.ContainsFunc(args, comparesText)
	case cue.LessThanOp, cue.LessThanEqualOp, cue.GreaterThanOp, cue.GreaterThanEqualOp:
		return len(args) == 1 && args[0].IncompleteKind() == cue.StringKind
	}
	return false
}

func asStruct(path string) string { return strings.ReplaceAll(path, ".", ": ") }

func valuesOf(typ string) []string {
	var out []string
	for part := range strings.SplitSeq(typ, "|") {
		out = append(out, strings.Trim(strings.TrimSpace(part), `"`))
	}
	return out
}

func typeInWords(typ string) string {
	switch typ {
	case textType:
		return "text that is not empty"
	case countType:
		return "a whole number"
	case numberType:
		return "a number"
	case shareType:
		return "a number from 0 to 1"
	case boolType:
		return "true or false"
	case namesType:
		return "a list of texts"
	}
	return "of the type " + typ
}

// contradictions tells of fields that the selector and the requirement ask different things of, so that all that is
// selected is at fault.
func (c *compiler) contradictions(selects, require *pattern, src *schema.Policy) {
	sel, req := map[string]*leaf{}, map[string]*leaf{}
	selects.leaves("", sel)
	require.leaves("", req)
	for path, r := range req {
		s, ok := sel[path]
		if !ok {
			continue
		}
		if u := s.value.Unify(r.value); u.Err() != nil && !isIncomplete(u) {
			c.fault(r.value, "require."+path, fmt.Sprintf("require.%s: %s contradicts the selector, which asks for %s: nothing that is selected can meet it", path, r.text, s.text),
				"to refuse what is selected write forbid: true")
		}
	}
}

// leaves collects what p asks of single values, as far as nothing else is asked in its stead.
func (p *pattern) leaves(prefix string, out map[string]*leaf) {
	for _, q := range p.all {
		q.leaves(prefix, out)
	}
	for i := range p.fields {
		f := &p.fields[i]
		switch {
		case f.optional:
		case f.sub != nil:
			f.sub.leaves(prefix+f.field.name+".", out)
		default:
			out[prefix+f.field.name] = f.leaf
		}
	}
}
