package policy

import (
	"fmt"
	"maps"
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

// typeOf gives a type as a value.
func (c *compiler) typeOf(typ string) cue.Value {
	t, ok := c.types[typ]
	if !ok {
		t = c.context.CompileString(typ)
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
		if !mayBeList(v) {
			c.fault(v, path, fmt.Sprintf("%s: %s is a list, never %s", path, f.name, textOf(v)), "for example list.Contains("+textOf(v)+")")
			return
		}
		c.checkConstraint(v, f.typ, f.name, path)
		return
	}
	t := c.typeOf(f.typ)
	u := v.Unify(t)
	if u.Err() == nil || isIncomplete(u) {
		if strings.HasPrefix(f.typ, "{") {
			c.checkSyntax(v, nil, path)
		} else {
			c.checkConstraint(v, f.typ, f.name, path)
		}
		return
	}
	message := fmt.Sprintf("%s: no %s is ever %s", path, f.name, textOf(v))
	hint := "it is " + typeInWords(f.typ)
	if s, err := v.String(); err == nil && strings.HasPrefix(f.typ, `"`) {
		hint = didYouMean(s, valuesOf(f.typ), "use one of "+strings.Join(valuesOf(f.typ), ", "))
	}
	c.fault(v, path, message, hint)
}

// mayBeList tells whether a constraint is one on lists. CUE takes "[...string] & list.MinItems(1)" for an error as long as
// there is no list.
func mayBeList(v cue.Value) bool {
	if op, args := v.Expr(); op == cue.AndOp {
		return !slices.ContainsFunc(args, func(a cue.Value) bool { return !mayBeList(a) })
	}
	return v.IncompleteKind()&cue.ListKind != 0
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

// contradictions tells of demands that contradict the selector or each other, so that all that is selected is at fault, or
// that ask for nothing, so that nothing ever is.
func (c *compiler) contradictions(p *Policy, value func(name string) (cue.Value, bool)) {
	at := func(name string) cue.Value { v, _ := value(name); return v }
	if p.require != nil {
		if p.require.asksNothing() {
			c.fault(at("require"), "require", "require: "+p.texts["require"]+" asks for nothing", "say what is required, such as require: team: string")
		}
		if x := c.contradiction(p.selects, p.require); x != nil {
			c.fault(x.second.value, "require."+x.path, fmt.Sprintf("require.%s: %s contradicts the selector, which asks for %s: nothing that is selected can meet it", x.path, x.second.text, x.first.text),
				"to refuse what is selected write forbid: true")
		}
	}
	if p.count != nil && p.count.value.Subsume(c.typeOf(countType)) == nil {
		c.fault(p.count.value, "count", "count: "+p.count.text+" fits any number of "+p.Selector, "write a number, or bounds such as >=1 & <=3")
	}
	for i, e := range p.excepts {
		if e.asksNothing() || e.text() == p.selects.text() {
			c.fault(at("except"), "except", "except: "+p.excepts[i].text()+" leaves out all that is selected", "say what to leave out, such as except: kind: \"external\"")
		}
	}
	for _, pair := range []struct {
		may          []*pattern
		limits       bool
		must         *pattern
		allows, asks string
	}{{p.mayUse, p.limitsUse, p.mustUse, "mayUse", "mustUse"}, {p.mayBeUsedBy, p.limitsUsers, p.mustBeUsedBy, "mayBeUsedBy", "mustBeUsedBy"}} {
		if !pair.limits || pair.must == nil {
			continue
		}
		if !slices.ContainsFunc(pair.may, func(m *pattern) bool { return c.contradiction(m, pair.must) == nil }) {
			c.fault(at(pair.asks), pair.asks, fmt.Sprintf("%s: %s contradicts %s, which allows only %s", pair.asks, p.texts[pair.asks], pair.allows, textsOf(pair.may)), "allow there what must be used, too")
		}
	}
	if p.reaches != nil && p.neverReaches != nil && p.reaches.text() == p.neverReaches.text() {
		c.fault(at("neverReaches"), "neverReaches", "neverReaches: "+p.texts["neverReaches"]+" contradicts reaches, which asks for the same", "keep one of the two")
	}
}

// asksNothing tells whether all that there is matches p.
func (p *pattern) asksNothing() bool {
	all := func(q *pattern) bool { return q.asksNothing() }
	if p.whole != nil || slices.ContainsFunc(p.all, func(q *pattern) bool { return !all(q) }) {
		return false
	}
	if len(p.any) > 0 && !slices.ContainsFunc(p.any, all) {
		return false
	}
	return len(p.fields) == 0
}

// conflict is two constraints on one field that no value meets both of.
type conflict struct {
	path          string
	first, second *leaf
}

// contradiction finds a field of which two patterns ask different things, nil where there is none. Of alternatives, each
// has to contradict.
func (c *compiler) contradiction(first, second *pattern) *conflict {
	one, two := map[string]*leaf{}, map[string]*leaf{}
	first.leaves("", one)
	second.leaves("", two)
	for _, path := range slices.Sorted(maps.Keys(two)) {
		a, b := one[path], two[path]
		if a == nil {
			continue
		}
		if isAbsence(a) != isAbsence(b) {
			return &conflict{path, a, b}
		}
		if u := a.value.Unify(b.value); !isAbsence(a) && u.Err() != nil && !isIncomplete(u) {
			return &conflict{path, a, b}
		}
	}
	if x := c.absenceConflict(one, two, false); x != nil {
		return x
	}
	if x := c.absenceConflict(two, one, true); x != nil {
		return x
	}
	each := func(list []*pattern, with func(q *pattern) *conflict) *conflict {
		var found *conflict
		for _, q := range list {
			x := with(q)
			if x == nil {
				return nil
			}
			if found == nil {
				found = x
			}
		}
		return found
	}
	for _, any := range first.alternatives(nil) {
		if x := each(any, func(q *pattern) *conflict { return c.contradiction(q, second) }); x != nil {
			return x
		}
	}
	for _, any := range second.alternatives(nil) {
		if x := each(any, func(q *pattern) *conflict { return c.contradiction(first, q) }); x != nil {
			return x
		}
	}
	return nil
}

// absenceConflict finds a struct that one side wants absent and of which the other side asks for a field.
func (c *compiler) absenceConflict(absent, stated map[string]*leaf, swapped bool) *conflict {
	for _, path := range slices.Sorted(maps.Keys(absent)) {
		if !isAbsence(absent[path]) {
			continue
		}
		for _, below := range slices.Sorted(maps.Keys(stated)) {
			if strings.HasPrefix(below, path+".") && !isAbsence(stated[below]) {
				if swapped {
					return &conflict{path, stated[below], absent[path]}
				}
				return &conflict{below, absent[path], stated[below]}
			}
		}
	}
	return nil
}

// isAbsence tells whether a constraint is that of "team?: _|_".
func isAbsence(l *leaf) bool { return l.text == "_|_" }

// alternatives lists the disjunctions that all hold of what p matches.
func (p *pattern) alternatives(out [][]*pattern) [][]*pattern {
	for _, q := range p.all {
		out = q.alternatives(out)
	}
	if len(p.any) > 0 {
		out = append(out, p.any)
	}
	return out
}

// leaves collects what p asks of single values, as far as nothing else is asked in its stead.
func (p *pattern) leaves(prefix string, out map[string]*leaf) {
	for _, q := range p.all {
		q.leaves(prefix, out)
	}
	for i := range p.fields {
		f := &p.fields[i]
		switch {
		case f.optional && (f.leaf == nil || !isAbsence(f.leaf)):
		case f.sub != nil:
			f.sub.leaves(prefix+f.field.name+".", out)
		default:
			out[prefix+f.field.name] = f.leaf
		}
	}
}
