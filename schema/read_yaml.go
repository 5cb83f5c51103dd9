package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxAliased is the number of values that the aliases of one YAML file may stand for.
const maxAliased = 50_000

// readYAML reads a YAML file. Its scalars have the types that CUE gives them, and no key may stand
// twice in one mapping.
func readYAML(f *source) (*node, Errors) {
	r := &yamlReader{file: f.name, text: f.text, lines: linesOf(f.text), active: map[*yaml.Node]bool{}}
	dec := yaml.NewDecoder(bytes.NewReader(asYAML11(f.text)))
	var first, second yaml.Node
	if err := dec.Decode(&first); err != nil {
		if errors.Is(err, io.EOF) {
			return &node{kind: nullNode, pos: r.lines.span(f.name, 0, 0)}, nil
		}
		return nil, Errors{r.syntax(err)}
	}
	err := dec.Decode(&second)
	for err == nil && isEmptyDocument(&second) {
		second = yaml.Node{}
		err = dec.Decode(&second)
	}
	if err == nil {
		at := r.lines.span(f.name, r.offset(&second), r.offset(&second))
		if len(second.Content) == 1 {
			start := r.offset(second.Content[0])
			at = r.lines.span(f.name, start, r.lineEnd(start))
		}
		return nil, Errors{{Pos: at, Message: "a second YAML document begins here", Hint: "one file states one design: put this document into a file of its own"}}
	} else if !errors.Is(err, io.EOF) {
		return nil, Errors{r.syntax(err)}
	}
	if len(first.Content) != 1 {
		return nil, Errors{{Pos: Range{File: f.name}, Message: "this YAML holds no value"}}
	}
	root := r.node(first.Content[0], 0)
	if r.fatal {
		return nil, r.errs
	}
	return root, r.errs
}

// asYAML11 gives the text with a version that the library takes: it reads what YAML 1.2 changed as CUE does.
func asYAML11(text []byte) []byte {
	if directive := []byte("%YAML 1.2"); bytes.HasPrefix(text, directive) {
		text = bytes.Clone(text)
		text[len(directive)-1] = '1'
	}
	return text
}

// isEmptyDocument reports whether nothing stands after a "---".
func isEmptyDocument(doc *yaml.Node) bool {
	return len(doc.Content) == 0 || len(doc.Content) == 1 && doc.Content[0].Kind == yaml.ScalarNode && doc.Content[0].Value == "" &&
		doc.Content[0].Style == 0 && doc.Content[0].Anchor == ""
}

type yamlReader struct {
	file    string
	text    []byte
	lines   lines
	aliased int                 // values that aliases have given so far
	inAlias int                 // how many aliases lead to the current value
	active  map[*yaml.Node]bool // the anchors that lead to the current value
	errs    Errors
	fatal   bool
}

func (r *yamlReader) fail(y *yaml.Node, message, hint string) *node {
	start := r.offset(y)
	r.errs = append(r.errs, Error{Pos: r.lines.span(r.file, start, r.scalarEnd(y, start)), Message: message, Hint: hint})
	return &node{kind: unknownNode}
}

// offset is where y begins. yaml counts columns in characters.
func (r *yamlReader) offset(y *yaml.Node) int {
	if y.Line < 1 || y.Line > len(r.lines) {
		return len(r.text)
	}
	i := r.lines[y.Line-1]
	for c := 1; c < y.Column && i < len(r.text); c++ {
		_, n := utf8.DecodeRune(r.text[i:])
		i += n
	}
	return i
}

// lineEnd is the offset of the end of the text on the line of an offset.
func (r *yamlReader) lineEnd(offset int) int {
	end := len(r.text)
	if i := bytes.IndexByte(r.text[offset:], '\n'); i >= 0 {
		end = offset + i
	}
	line := r.text[offset:end]
	if i := bytes.Index(line, []byte(" #")); i >= 0 {
		line = line[:i]
	}
	return offset + len(bytes.TrimRight(line, " \t\r"))
}

// skipProperties passes over a tag and an anchor before the value at start.
func (r *yamlReader) skipProperties(y *yaml.Node, start int) int {
	for i := start; i < len(r.text); {
		switch c := r.text[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '&' && y.Anchor != "" || c == '!' && y.Style&yaml.TaggedStyle != 0:
			for i < len(r.text) && strings.IndexByte(" \t\r\n", r.text[i]) < 0 {
				i++
			}
		default:
			return i
		}
	}
	return start
}

// scalarEnd is the offset after the scalar or alias that begins at start: of a block of text, after
// its first line.
func (r *yamlReader) scalarEnd(y *yaml.Node, start int) int {
	if y.Kind == yaml.AliasNode {
		return min(start+1+len(y.Value), len(r.text))
	}
	if y.Kind != yaml.ScalarNode {
		return r.lineEnd(start)
	}
	if y.Value == "" && y.Style == 0 && y.Anchor == "" {
		return start // nothing is written
	}
	at := r.skipProperties(y, start)
	rest := r.text[at:]
	switch {
	case y.Style&yaml.DoubleQuotedStyle != 0:
		for i := 1; i < len(rest); i++ {
			if rest[i] == '\\' {
				i++
			} else if rest[i] == '"' {
				return at + i + 1
			}
		}
	case y.Style&yaml.SingleQuotedStyle != 0:
		for i := 1; i < len(rest); i++ {
			if rest[i] == '\'' {
				if i+1 < len(rest) && rest[i+1] == '\'' {
					i++
					continue
				}
				return at + i + 1
			}
		}
	case bytes.HasPrefix(rest, []byte(y.Value)):
		return at + len(y.Value)
	}
	return r.lineEnd(at)
}

// bracketEnd is the offset after the bracket that closes a flow collection, whose last part ends at
// from.
func (r *yamlReader) bracketEnd(from int, closer byte) int {
	for i := from; i < len(r.text); i++ {
		switch r.text[i] {
		case closer:
			return i + 1
		case '#':
			for i < len(r.text) && r.text[i] != '\n' {
				i++
			}
		}
	}
	return len(r.text)
}

func (r *yamlReader) node(y *yaml.Node, depth int) *node {
	n, _ := r.nodeEnd(y, depth)
	return n
}

// nodeEnd turns y into a node and gives the offset of its end in the text.
func (r *yamlReader) nodeEnd(y *yaml.Node, depth int) (n *node, end int) {
	start := r.offset(y)
	if r.fatal {
		return &node{kind: unknownNode}, start
	}
	if depth > maxDepth {
		r.fatal = true
		return r.fail(y, fmt.Sprintf("nested more than %d levels deep", maxDepth), ""), start
	}
	if r.inAlias > 0 {
		if r.aliased++; r.aliased > maxAliased {
			r.fatal = true
			return r.fail(y, fmt.Sprintf("the aliases of this file stand for more than %d values", maxAliased), "write the values out, or use a CUE template"), start
		}
	}
	switch y.Kind {
	case yaml.AliasNode:
		end = r.scalarEnd(y, start)
		n = r.alias(y, depth)
	case yaml.MappingNode:
		start = r.skipProperties(y, start)
		n = &node{kind: structNode}
		end = r.mapping(n, y, start+1, depth)
		if y.Style&yaml.FlowStyle != 0 {
			end = r.bracketEnd(end, '}')
		}
	case yaml.SequenceNode:
		start = r.skipProperties(y, start)
		n = &node{kind: listNode}
		end = start + 1
		for _, item := range y.Content {
			var v *node
			v, end = r.nodeEnd(item, depth+1)
			n.items = append(n.items, v)
		}
		if y.Style&yaml.FlowStyle != 0 {
			end = r.bracketEnd(end, ']')
		}
	default:
		n = r.scalar(y)
		end = r.scalarEnd(y, start)
	}
	n.pos = r.lines.span(r.file, start, max(start, end))
	return n, end
}

func (r *yamlReader) alias(y *yaml.Node, depth int) *node {
	if r.active[y.Alias] || y.Alias == nil {
		r.fatal = true
		return r.fail(y, fmt.Sprintf("the anchor %s contains itself", y.Value), "")
	}
	r.active[y.Alias] = true
	r.inAlias++
	n := r.node(y.Alias, depth+1)
	r.inAlias--
	delete(r.active, y.Alias)
	return n
}

// mapping reads the fields of y into n and gives the offset of their end.
func (r *yamlReader) mapping(n *node, y *yaml.Node, end, depth int) int {
	u := newUnifier()
	var merges []*yaml.Node
	for i := 0; i+1 < len(y.Content) && !r.fatal; i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		if isMergeKey(k) {
			merges = append(merges, v)
			end = r.scalarEnd(v, r.offset(v))
			continue
		}
		name, ok := r.key(k)
		start := r.offset(k)
		pos := r.lines.span(r.file, start, r.scalarEnd(k, start))
		var value *node
		value, end = r.nodeEnd(v, depth+1)
		if !ok {
			continue
		}
		if i := u.find(n, name); i >= 0 {
			r.errs = append(r.errs, duplicateKey(name, pos, n.fields[i].pos))
			continue
		}
		u.add(n, field{name: name, pos: pos, value: value}, nil)
	}
	for _, m := range merges {
		r.merge(u, n, m, depth)
	}
	return end
}

// merge adds the fields that a "<<" key brings, where n does not have them.
func (r *yamlReader) merge(u *unifier, n *node, y *yaml.Node, depth int) {
	switch {
	case y.Kind == yaml.SequenceNode:
		for _, item := range y.Content {
			r.merge(u, n, item, depth+1)
		}
		return
	case y.Kind == yaml.MappingNode, y.Kind == yaml.AliasNode && y.Alias != nil && y.Alias.Kind == yaml.MappingNode:
		for _, f := range r.node(y, depth+1).fields {
			if u.find(n, f.name) < 0 {
				u.add(n, f, nil)
			}
		}
	default:
		r.fail(y, "<< brings in a mapping or a list of mappings", "write an alias of a mapping after it")
	}
}

// key is the label that a mapping's key stands for.
func (r *yamlReader) key(y *yaml.Node) (string, bool) {
	k := y
	if y.Kind == yaml.AliasNode && y.Alias != nil {
		k = y.Alias
	}
	if k.Kind != yaml.ScalarNode {
		r.fail(y, "a key must be a single name", "")
		return "", false
	}
	switch n := r.scalar(k); n.kind {
	case stringNode, numberNode, boolNode:
		if n.kind == numberNode {
			return k.Value, true
		}
		return n.text, true
	case nullNode:
		return "null", true
	}
	return "", false
}

func isMergeKey(y *yaml.Node) bool {
	return y.Kind == yaml.ScalarNode && y.Value == "<<" && (y.Tag == "" || y.Tag == "!" || y.ShortTag() == "!!merge")
}

func (r *yamlReader) scalar(y *yaml.Node) *node {
	tag := y.ShortTag()
	if y.Style&yaml.TaggedStyle == 0 && tag == "!!float" && isOctalLike(y.Value) {
		tag = "!!str" // 0128: no octal number, and no decimal one either
	}
	switch tag {
	case "!!str", "!!timestamp":
		return &node{kind: stringNode, text: y.Value}
	case "!!bool":
		return &node{kind: boolNode, text: strconv.FormatBool(strings.EqualFold(y.Value, "true"))}
	case "!!null":
		return &node{kind: nullNode}
	case "!!int", "!!float":
		lit, negative := strings.CutPrefix(y.Value, "-")
		lit = strings.TrimPrefix(lit, "+")
		if len(lit) > 1 && lit[0] == '0' && lit[1] >= '0' && lit[1] <= '9' {
			lit = "0o" + lit[1:]
		}
		text, ok := numberText(lit, negative)
		if !ok || tag == "!!int" && strings.ContainsAny(text, ".E") {
			return r.fail(y, shortQuote(y.Value)+" is not a number that a design can hold", "write it with digits, as 12, -3 or 99.95; text stands in quotes")
		}
		return &node{kind: numberNode, text: text}
	}
	return r.fail(y, fmt.Sprintf("the YAML tag %s means nothing in a design", y.Tag), "remove the tag")
}

func isOctalLike(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return len(s) > 1 && s[0] == '0' && strings.Trim(s, "0123456789_") == ""
}

var yamlError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// yamlWords puts the messages of the YAML library into plain words. atParser tells those whose line
// the library counts from 0.
var yamlWords = []struct {
	contains, message, hint string
	atParser                bool
}{
	{"cannot start any token", "this character cannot begin a value", "put the text in quotes", false},
	{"mapping values are not allowed", "a colon stands in the wrong place", "check the indentation of this line and of the one before; text with a colon stands in quotes", false},
	{"could not find expected ':'", "a key without a colon", "write KEY: VALUE, with a blank after the colon", false},
	{"block sequence entries are not allowed", "a list item stands where none can", "put the first \"- \" on a line of its own", false},
	{"did not find expected key", "this mapping goes wrong from here", "check the indentation: the keys of one mapping begin in the same column", true},
	{"did not find expected '-' indicator", "this list goes wrong from here", "check the indentation: the items of one list begin in the same column", true},
	{"did not find expected ',' or ']'", "this list is not closed, or lacks a comma", "add the \"]\" at its end", true},
	{"did not find expected ',' or '}'", "this mapping is not closed, or lacks a comma", "add the \"}\" at its end", true},
	{"did not find expected node content", "a value is missing", "", true},
	{"found unexpected end of stream", "a quote is opened and not closed", "add the closing quote", false},
	{"found unexpected document indicator", "a quote is opened and not closed", "add the closing quote", false},
	{"found unknown escape character", "this escape is not known in YAML", `write \\ for a backslash, or use single quotes`, false},
	{"exceeded max depth", "nested too deep", "", false},
	{"found a tab character", "a tab stands in the indentation", "YAML is indented with blanks: replace the tab", false},
	{"excessive aliasing", "the aliases of this file stand for too many values", "write the values out, or use a CUE template", false},
	{"found undefined tag handle", "this YAML tag is not known", "remove the tag", true},
}

var unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)

// syntax explains an error of the YAML library.
func (r *yamlReader) syntax(err error) Error {
	// A tab in the indentation is the most common cause, whatever the library says.
	for i, start := range r.lines {
		line := r.text[start:]
		if j := bytes.IndexByte(line, '\n'); j >= 0 {
			line = line[:j]
		}
		indent := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
		if t := bytes.IndexByte(indent, '\t'); t >= 0 && len(bytes.TrimSpace(line)) > 0 {
			return Error{Pos: Range{File: r.file, StartLine: i + 1, StartColumn: t + 1, EndLine: i + 1, EndColumn: t + 2},
				Message: "a tab stands in the indentation", Hint: "YAML is indented with blanks: replace the tab"}
		}
	}
	for i, b := range r.text {
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' || b == 0x7f {
			return Error{Pos: r.lines.span(r.file, i, i+1), Message: fmt.Sprintf("a control character (0x%02X) stands here", b), Hint: "remove it"}
		}
	}
	e := Error{Pos: Range{File: r.file}}
	m := yamlError.FindStringSubmatch(err.Error())
	if m == nil {
		e.Message = "this is not YAML: " + err.Error()
		return e
	}
	line, _ := strconv.Atoi(m[1])
	line = max(line, 1)
	e.Message = "this is not YAML: " + m[2]
	for _, w := range yamlWords {
		if strings.Contains(m[2], w.contains) {
			e.Message, e.Hint = w.message, w.hint
			if w.atParser && m[1] != "" {
				line++
			}
			break
		}
	}
	line = min(line, len(r.lines))
	start := r.lines[line-1]
	if a := unknownAnchor.FindStringSubmatch(m[2]); a != nil {
		e.Message, e.Hint = "no anchor is named "+a[1], "an alias *"+a[1]+" needs a value marked &"+a[1]+" before it"
		if i := bytes.Index(r.text, []byte("*"+a[1])); i >= 0 {
			e.Pos = r.lines.span(r.file, i, i+1+len(a[1]))
			return e
		}
	}
	if strings.Contains(e.Message, "is not closed, or lacks") {
		if i := r.openFlow(); i >= 0 {
			e.Pos = r.lines.span(r.file, i, i+1)
			return e
		}
	}
	switch {
	case strings.Contains(m[2], "did not find expected key"), strings.Contains(m[2], "did not find expected '-'"):
		if i := r.oddIndentation(); i >= 0 {
			start = r.lines[i]
			e.Message, e.Hint = "this line is indented as none of the lines above it", "the keys of one mapping, and the items of one list, begin in the same column"
		}
	case strings.HasPrefix(e.Message, "a quote is opened"):
		if i := r.oddQuotes(); i >= 0 {
			start = r.lines[i]
		}
	}
	for start < len(r.text) && r.text[start] == ' ' {
		start++
	}
	if strings.HasPrefix(e.Message, "this character cannot") {
		end := r.lineEnd(start)
		for i := start; i+1 < end; i++ {
			if c := r.text[i+1]; r.text[i] == ' ' && (c == '@' || c == '`' || c == '%') {
				e.Pos = r.lines.span(r.file, i+1, i+2)
				return e
			}
		}
	}
	e.Pos = r.lines.span(r.file, start, max(start, r.lineEnd(start)))
	return e
}

// openFlow finds the last [ or { that is not closed, outside quotes and comments; -1 stands for none.
func (r *yamlReader) openFlow() int {
	var open []int
	var quote byte
	before := byte('\n')
	for i := 0; i < len(r.text); i++ {
		c := r.text[i]
		blankBefore := strings.IndexByte(" \t\r\n[{,", before) >= 0
		switch {
		case quote == '"' && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && blankBefore:
			quote = c
		case c == '#' && blankBefore:
			for i+1 < len(r.text) && r.text[i+1] != '\n' {
				i++
			}
		case (c == '[' || c == '{') && (blankBefore || len(open) > 0):
			open = append(open, i)
		case (c == ']' || c == '}') && len(open) > 0:
			open = open[:len(open)-1]
		}
		before = c
	}
	if len(open) == 0 {
		return -1
	}
	return open[len(open)-1]
}

// line is the text of line i, counted from 0, without its end.
func (r *yamlReader) line(i int) []byte {
	end := len(r.text)
	if i+1 < len(r.lines) {
		end = r.lines[i+1]
	}
	return bytes.TrimRight(r.text[r.lines[i]:end], "\r\n")
}

// oddIndentation finds the first line that goes back to a column in which no open line begins, or
// -1.
func (r *yamlReader) oddIndentation() int {
	var open []int
	for i := range r.lines {
		line := r.line(i)
		text := bytes.TrimLeft(line, " ")
		if len(text) == 0 || text[0] == '#' {
			continue
		}
		indent := len(line) - len(text)
		for len(open) > 0 && open[len(open)-1] > indent {
			open = open[:len(open)-1]
		}
		if len(open) > 0 && open[len(open)-1] == indent {
			continue
		}
		if len(open) > 0 && i > 0 && indent < r.indentBefore(i) {
			return i
		}
		open = append(open, indent)
		for bytes.HasPrefix(text, []byte("- ")) { // what follows a dash begins a column of its own
			rest := bytes.TrimLeft(text[2:], " ")
			indent += len(text) - len(rest)
			open, text = append(open, indent), rest
		}
	}
	return -1
}

// indentBefore is the indentation of the last line of text before line i.
func (r *yamlReader) indentBefore(i int) int {
	for i--; i >= 0; i-- {
		line := r.line(i)
		if text := bytes.TrimLeft(line, " "); len(text) > 0 && text[0] != '#' {
			return len(line) - len(text)
		}
	}
	return 0
}

// oddQuotes finds the first line on which a quote is opened and not closed, or -1.
func (r *yamlReader) oddQuotes() int {
	for i := range r.lines {
		line := r.line(i)
		if at := bytes.IndexByte(line, ':'); at >= 0 {
			line = bytes.TrimSpace(line[at+1:])
		} else {
			line = bytes.TrimLeft(line, " -")
		}
		if len(line) > 0 && (line[0] == '"' || line[0] == '\'') && bytes.Count(line, line[:1])%2 == 1 {
			return i
		}
	}
	return -1
}
