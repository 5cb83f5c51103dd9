package schema

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cuelang.org/go/cue"
)

// checker compares a tree with the table of the language and notes every fault.
type checker struct {
	sources map[string][]byte
	errs    Errors

	constraints map[*node]cue.Value // as of the document
	patterns    map[string]*regexp.Regexp
	matched     map[patternText]struct{} // texts that matched: the names of a design come again and again
	lines       map[string][]int         // of each source, where its lines begin
}

type patternText struct{ pattern, text string }

func newChecker(doc *document) *checker {
	return &checker{
		sources: doc.sources,

		constraints: doc.constraints,
		patterns:    map[string]*regexp.Regexp{},
		matched:     map[patternText]struct{}{},
		lines:       map[string][]int{},
	}
}

// spot is where in the document the checker is: the field or element of another spot.
type spot struct {
	in     *spot
	field  string // "" for an element
	index  int    // of an element, from 0
	pos    Range  // of the label; of the value, for an element
	keyed  bool   // the field is a name that the user chose, as below "modules"
	needed bool   // the field may not be left out
}

// noun is what one entry of a struct of names, or of the list of waivers, is called; "" where an
// entry is told by its path.
func noun(field string) string {
	switch field {
	case "modules":
		return "module"
	case "failureDomains":
		return "failure domain"
	case "journeys":
		return "journey"
	case "transactions":
		return "transaction"
	case "dependsOn":
		return "dependency"
	case "rules":
		return "rule"
	case "waivers":
		return "waiver"
	case "policies":
		return "policy"
	case "ok":
		return "ok example"
	case "bad":
		return "bad example"
	}
	return ""
}

// names gives the things that the spot lies in, as "module web, dependency orders", and the path of
// fields below the last of them.
func (s *spot) names() (owner, path string) {
	if s == nil || s.in == nil {
		return "", ""
	}
	owner, path = s.in.names()
	noun := noun(s.in.field)
	switch {
	case s.field == "" && (s.in.field == "waivers" || s.in.isExamples()):
		return join(owner, ", ", fmt.Sprintf("%s %d", noun, s.index+1)), ""
	case s.field == "":
		return owner, fmt.Sprintf("item %d of %s", s.index+1, path)
	case (s.keyed || s.in.field == "rules") && noun != "":
		return join(owner, ", ", noun+" "+display(s.field)), ""
	}
	if owner == "" && path == "lint" {
		return "", "lint." + s.field
	}
	return owner, join(path, ".", s.field)
}

// isExamples reports whether the spot is the list of examples of a policy.
func (s *spot) isExamples() bool {
	return (s.field == "ok" || s.field == "bad") && s.in != nil && s.in.in != nil && s.in.in.field == "policies"
}

func join(a, sep, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + sep + b
}

// subject names the spot, to begin a message with: "module web: replicas", "module web", "system".
func (s *spot) subject() string {
	owner, path := s.names()
	if owner == "" && path == "" {
		return "the design"
	}
	return join(owner, ": ", path)
}

// prefix is what stands before a message about something in the spot: "module web: ", or "".
func (s *spot) prefix() string {
	owner, path := s.names()
	if p := join(owner, ": ", path); p != "" {
		return p + ": "
	}
	return ""
}

// label is the last field's name, for examples.
func (s *spot) label() string {
	for ; s != nil; s = s.in {
		if s.field != "" {
			if !isIdentifier(s.field) {
				return strconv.Quote(s.field)
			}
			return s.field
		}
	}
	return ""
}

// display gives a name as it is, cut where it is long and quoted where it would not be seen whole.
func display(name string) string {
	const most = 60
	if utf8.RuneCountInString(name) > most {
		r := []rune(name[:min(len(name), 4*most)])
		name = string(r[:most-1]) + "…"
	}
	if q := strconv.Quote(name); name == "" || q[1:len(q)-1] != name || strings.ContainsAny(name, " ,:") {
		return q
	}
	return name
}

// quote gives a string as CUE writes it, cut where it is long.
func quote(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) > most {
		r := []rune(s[:min(len(s), 4*most)])
		s = string(r[:most-1]) + "…"
	}
	return strconv.Quote(s)
}

func isIdentifier(s string) bool {
	for i, r := range s {
		letter := r == '_' || r == '$' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != "" && s[0] != '_'
}

func (c *checker) fault(pos Range, hint, format string, args ...any) {
	c.errs = append(c.errs, Error{Pos: pos, Message: fmt.Sprintf(format, args...), Hint: hint, Snippet: c.snippet(pos)})
}

// snippet is the source line of a place.
func (c *checker) snippet(pos Range) string {
	src, ok := c.sources[pos.File]
	if !ok || !pos.IsKnown() {
		return ""
	}
	starts, ok := c.lines[pos.File]
	if !ok {
		starts = []int{0}
		for i := 0; ; {
			k := bytes.IndexByte(src[i:], '\n')
			if k < 0 {
				break
			}
			i += k + 1
			starts = append(starts, i)
		}
		c.lines[pos.File] = starts
	}
	if pos.StartLine > len(starts) {
		return ""
	}
	line := src[starts[pos.StartLine-1]:]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	return strings.TrimRight(string(line), "\r")
}

// matches reports whether text matches a pattern of the table.
func (c *checker) matches(pattern, text string) bool {
	key := patternText{pattern, text}
	if _, ok := c.matched[key]; ok {
		return true
	}
	re := c.patterns[pattern]
	if re == nil {
		re = regexp.MustCompile(pattern)
		c.patterns[pattern] = re
	}
	if !re.MatchString(text) {
		return false
	}
	c.matched[key] = struct{}{}
	return true
}

// value checks a value against a type.
func (c *checker) value(n *node, t *valueType, at *spot) {
	if t.any {
		return
	}
	switch n.kind {
	case unknownNode: // the reader has told, or it is a constraint
		if v, ok := c.constraints[n]; ok {
			c.constraint(v, n, t, at)
		}
	case boolNode:
		if !t.boolean || t.onlyTrue && n.text != "true" {
			c.wrongType(n, t, at)
		}
	case numberNode:
		c.number(n, t, at)
	case stringNode:
		if t.text == nil {
			c.wrongType(n, t, at)
		} else if !c.allows(t.text, n.text) {
			c.wrongText(n, t, at)
		}
	case listNode:
		if t.list == nil {
			c.wrongType(n, t, at)
		} else {
			c.list(n, t, at)
		}
	case structNode:
		if t.fields == nil {
			c.wrongType(n, t, at)
		} else {
			c.fields(n, t, at)
		}
	default:
		c.wrongType(n, t, at)
	}
}

func (c *checker) allows(t *textType, s string) bool {
	if t.any || slices.Contains(t.values, s) {
		return true
	}
	for _, p := range t.patterns {
		if c.matches(p, s) {
			return true
		}
	}
	if t.date {
		_, err := time.Parse(dateLayout, s)
		return err == nil
	}
	return false
}

func (c *checker) number(n *node, t *valueType, at *spot) {
	if t.numbers == nil {
		c.wrongType(n, t, at)
		return
	}
	d, err := parseDecimal(n.text)
	if err != nil {
		c.fault(n.pos, "write a plain number", "%s is %s, which can't be read as a number", at.subject(), clip(n.text))
		return
	}
	for i := range t.numbers {
		if ok, _ := t.numbers[i].holds(d); ok {
			return
		}
	}
	c.wrongNumber(n, d, t, at)
}

// list checks the elements of a list. In a list of names each may stand but once where the table
// says so.
func (c *checker) list(n *node, t *valueType, at *spot) {
	if len(n.items) < t.list.min {
		c.fault(at.posOf(n), "write at least one: "+example(at.label(), t), "%s is empty", at.subject())
	}
	var first map[string]*node
	if t.list.unique && len(n.items) > 1 {
		first = make(map[string]*node, len(n.items))
	}
	for i, item := range n.items {
		c.value(item, t.list.elem, &spot{in: at, index: i, pos: item.pos})
		if first == nil || item.kind != stringNode {
			continue
		}
		if before, ok := first[item.text]; ok {
			c.fault(item.pos, "remove one of the two", "%s names %s twice", at.subject(), quote(item.text))
			e := &c.errs[len(c.errs)-1]
			e.Related = []Related{{Message: "it is also named here", Pos: before.pos}}
			continue
		}
		first[item.text] = item
	}
}

// posOf is the label's place, or the value's where there is none.
func (s *spot) posOf(n *node) Range {
	if s.pos.IsKnown() {
		return s.pos
	}
	return n.pos
}

func (c *checker) fields(n *node, t *valueType, at *spot) {
	s := t.fields
	if s.open {
		return
	}
	if len(n.fields) < s.min {
		c.fault(at.posOf(n), "write at least one: "+example(at.label(), t), "%s is empty", at.subject())
	}
	for i := range n.fields {
		f := &n.fields[i]
		if s.elem != nil {
			if !c.matches(s.key, f.name) {
				c.badName(f, at)
			}
			c.value(f.value, s.elem, &spot{in: at, field: f.name, pos: f.pos, keyed: true})
			continue
		}
		if known := s.field(f.name); known != nil {
			c.value(f.value, known.typ.beside(n), &spot{in: at, field: f.name, pos: f.pos, needed: known.required})
		} else if s.rest == nil || nearest(f.name, s.names()) != "" && !c.fits(f.value, s.rest) {
			c.unknownField(f, t, at)
		} else {
			c.value(f.value, s.rest, &spot{in: at, field: f.name, pos: f.pos})
		}
	}
	for i := range s.known {
		if k := &s.known[i]; k.required && n.field(k.name) == nil && !c.misspelt(n, k.name, t, at) {
			c.missing(n, k, at)
		}
	}
	for _, pair := range s.exclusive {
		if a, b := n.field(pair[0]), n.field(pair[1]); a != nil && b != nil {
			c.fault(b.pos, fmt.Sprintf("keep one of the two: %s", explain(s, pair)),
				"%s%s and %s exclude each other", at.prefix(), pair[0], pair[1])
			c.errs[len(c.errs)-1].Related = []Related{{Message: pair[0] + " stands here", Pos: a.pos}}
		}
	}
	for _, list := range s.needs {
		if a := n.field(list[0]); a != nil && !n.states(list[1:]) {
			c.fault(a.pos, c.needHint(n, s, list),
				"%s%s means nothing without %s", at.prefix(), list[0], strings.Join(list[1:], " or "))
		}
	}
	c.counts(n, t, at)
}

// needHint says what to do about a field that needs one of others.
func (c *checker) needHint(n *node, s *structType, list []string) string {
	for _, one := range s.mostOne {
		for _, name := range one {
			if slices.Contains(one, list[1]) && n.field(name) != nil {
				return fmt.Sprintf("remove %s, or write %s in the place of %s", list[0], list[1], name)
			}
		}
	}
	return fmt.Sprintf("add %s, or remove %s", example(list[1], s.field(list[1]).typ), list[0])
}

// states reports whether n has one of the fields.
func (n *node) states(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return n.field(name) != nil })
}

// misspelt reports whether an unknown field of n, of which the user is told, is most likely one of a given name.
func (c *checker) misspelt(n *node, name string, t *valueType, at *spot) bool {
	return slices.ContainsFunc(n.fields, func(f field) bool {
		return t.fields.field(f.name) == nil && fieldHint(f.name, t, at) == didYouMean(name)
	})
}

// explain tells two fields apart by the first sentences of their descriptions.
func explain(s *structType, pair [2]string) string {
	parts := make([]string, 2)
	for i, name := range pair {
		doc := s.field(name).doc
		if k := strings.IndexAny(doc, ".:"); k >= 0 {
			doc = doc[:k]
		}
		parts[i] = name + " (" + strings.ToLower(doc[:1]) + doc[1:] + ")"
	}
	return strings.Join(parts, " or ")
}

// field returns the field of a name, or nil.
func (n *node) field(name string) *field {
	for i := range n.fields {
		if n.fields[i].name == name {
			return &n.fields[i]
		}
	}
	return nil
}
