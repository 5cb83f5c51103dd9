// Package openpsa reads and writes fault trees in the Open-PSA model exchange format, version 2.0d
// (https://open-psa.github.io/mef/), so that figures can be compared with those of other tools.
package openpsa

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"lintel/analyzer/faulttree"
)

// Error is a fault of a file, with its place. Line and Column count from 1; Column counts bytes.
type Error struct {
	Line, Column int
	Message      string
	Hint         string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// maxDepth bounds how deep formulas and elements may be nested.
const maxDepth = 1000

// maxParameters bounds how deep parameters may depend on each other.
const maxParameters = 10_000

// Read reads the fault trees of a model: one for each gate that no other gate uses, in order of declaration. Read are
// the gates and, or, atleast, also nested, references, house events, constants, and as probabilities numbers,
// parameters and exponential distributions. What else the format knows is refused by name, if it bears on a fault tree;
// attributes are passed over, and so are labels but where Write made a name from one: then the label is the name. A tree
// holds no more gates and events than its top needs. The error is an *Error, or one of r.
func Read(r io.Reader) ([]*faulttree.Tree, error) {
	in := &watched{r: r}
	p := &parser{
		in: in, dec: xml.NewDecoder(bufio.NewReaderSize(in, 1<<16)), tree: &faulttree.Tree{}, treeName: map[string]string{},
		gates: map[string]*definition{}, events: map[string]*definition{}, houses: map[string]*definition{}, parameters: map[string]*definition{},
	}
	p.dec.Strict = true
	p.dec.CharsetReader = charset
	if err := p.model(); err != nil {
		return nil, err
	}
	return p.finish()
}

// parser reads one model.
type parser struct {
	in        *watched
	dec       *xml.Decoder
	line, col int // where the element that was read last begins
	tree      *faulttree.Tree
	treeName  map[string]string // by name in the file, where a label gives another

	gates, events, houses, parameters map[string]*definition
	order                             []*definition // the gates that are defined, in order
	uses                              []reference
	pending                           []pendingValue
}

// definition is what a name stands for. Index is that in the tree, of gates and events.
type definition struct {
	name      string
	line, col int
	defined   bool
	index     int
	label     string     // that the name was made from; "" where there is none
	house     bool       // of a house event
	value     expression // of a parameter
	number    float64    // of a parameter, once computed is set
	computed  bool
	computing bool
	in        string // the fault tree of a gate
}

// reference is a use of a name that has to be defined somewhere.
type reference struct {
	kind      string // gate, basic-event, house-event, event, parameter
	name      string
	line, col int
	gate      int // the user and the place of the input, for all but parameters
	input     int
}

type pendingValue struct {
	event int
	value expression
}

// expression is a number that may depend on parameters.
type expression struct {
	kind      string // float, parameter, exponential
	number    float64
	name      string
	parts     []expression
	line, col int
}

func (p *parser) fault(format string, args ...any) error {
	return &Error{Line: max(p.line, 1), Column: max(p.col, 1), Message: fmt.Sprintf(format, args...)}
}

// token gives the next element's start or end, nil at the end of the file.
func (p *parser) token() (xml.Token, error) {
	for {
		t, err := p.raw()
		if err != nil {
			return nil, err
		}
		switch t.(type) {
		case nil, xml.StartElement, xml.EndElement:
			return t, nil
		}
	}
}

// raw gives the next token of whatever kind, nil at the end of the file.
func (p *parser) raw() (xml.Token, error) {
	p.line, p.col = p.dec.InputPos()
	t, err := p.dec.RawToken()
	switch {
	case err == io.EOF:
		return nil, nil
	case p.in.err != nil:
		return nil, p.in.err
	case err != nil:
		line, col := p.dec.InputPos()
		return nil, &Error{Line: line, Column: col, Message: "this is no well-formed XML: " + why(err), Hint: "lintel reads fault trees in the Open-PSA exchange format"}
	}
	return t, nil
}

// why gives the reason of an error of the decoder, without the place, which is known better.
func why(err error) string {
	var s *xml.SyntaxError
	if errors.As(err, &s) {
		return s.Msg
	}
	return strings.TrimPrefix(err.Error(), "xml: ")
}

// children calls do for each element below the one that was begun, which it reads to its end.
func (p *parser) children(of string, depth int, do func(e xml.StartElement) error) error {
	if depth > maxDepth {
		return p.fault("this is nested more than %d deep", maxDepth)
	}
	for {
		t, err := p.token()
		switch t := t.(type) {
		case nil:
			if err == nil {
				err = p.fault("the file ends within <%s>", of)
			}
			return err
		case xml.EndElement:
			if t.Name.Local != of {
				return p.fault("<%s> is ended by </%s>", of, t.Name.Local)
			}
			return nil
		case xml.StartElement:
			if err := do(t); err != nil {
				return err
			}
		}
	}
}

func (p *parser) skip(e xml.StartElement, depth int) error {
	return p.children(e.Name.Local, depth, func(c xml.StartElement) error { return p.skip(c, depth+1) })
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (p *parser) name(e xml.StartElement) (string, error) {
	if n := strings.TrimSpace(attr(e, "name")); n != "" {
		return n, nil
	}
	return "", p.fault("<%s> has no name", e.Name.Local)
}

func (p *parser) model() error {
	t, err := p.token()
	if err != nil {
		return err
	}
	root, ok := t.(xml.StartElement)
	if !ok {
		return &Error{Line: 1, Column: 1, Message: "this file holds no XML", Hint: "lintel reads fault trees in the Open-PSA exchange format"}
	}
	if root.Name.Local != "opsa-mef" {
		return p.fault("the first element is <%s>, not <opsa-mef>", root.Name.Local)
	}
	err = p.children("opsa-mef", 1, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "define-fault-tree":
			return p.faultTree(e, 2)
		case "model-data":
			return p.children("model-data", 2, func(e xml.StartElement) error { return p.data(e, 3) })
		case "label", "attributes":
			return p.skip(e, 2)
		}
		return p.refuse(e)
	})
	if err != nil {
		return err
	}
	t, err = p.token()
	if err == nil && t != nil {
		err = p.fault("there is more behind </opsa-mef>")
	}
	return err
}

func (p *parser) refuse(e xml.StartElement) error {
	return p.fault("<%s> is not supported", e.Name.Local)
}

func (p *parser) faultTree(e xml.StartElement, depth int) error {
	tree, err := p.name(e)
	if err != nil {
		return err
	}
	if p.treeName[tree] != "" {
		return p.fault("there are two fault trees %q", tree)
	}
	p.treeName[tree] = tree
	return p.definitions(e.Name.Local, tree, depth)
}

// definitions reads what stands in a fault tree or in a component of it.
func (p *parser) definitions(of, tree string, depth int) error {
	return p.children(of, depth, func(e xml.StartElement) error {
		if role := attr(e, "role"); role != "" && role != "public" {
			return p.fault("<%s> has the role %q, and only public ones are supported", e.Name.Local, role)
		}
		switch e.Name.Local {
		case "label":
			text, err := p.text(e, depth+1)
			if of == "define-fault-tree" && madeFrom("tree", text, tree) {
				p.treeName[tree] = text
			}
			return err
		case "define-gate":
			return p.gate(e, tree, depth+1)
		case "define-component":
			return p.definitions(e.Name.Local, tree, depth+1)
		}
		return p.data(e, depth+1)
	})
}

// data reads basic events, house events and parameters.
func (p *parser) data(e xml.StartElement, depth int) error {
	switch e.Name.Local {
	case "label", "attributes":
		return p.skip(e, depth)
	case "define-basic-event":
		d, err := p.define(p.events, e)
		if err != nil {
			return err
		}
		p.event(d)
		given := false
		return p.children(e.Name.Local, depth, func(c xml.StartElement) error {
			switch c.Name.Local {
			case "label":
				text, err := p.text(c, depth+1)
				if madeFrom("event", text, d.name) {
					d.label = text
				}
				return err
			case "attributes":
				return p.skip(c, depth+1)
			}
			if given {
				return p.fault("the basic event %q has two probabilities", d.name)
			}
			given = true
			x, err := p.expression(c, depth+1)
			p.pending = append(p.pending, pendingValue{d.index, x})
			return err
		})
	case "define-house-event":
		d, err := p.define(p.houses, e)
		if err != nil {
			return err
		}
		given := false
		return p.children(e.Name.Local, depth, func(c xml.StartElement) (err error) {
			if c.Name.Local == "constant" {
				if given {
					return p.fault("the house event %q has two values", d.name)
				}
				given = true
				d.house, err = p.constant(c)
			} else if c.Name.Local != "label" && c.Name.Local != "attributes" {
				return p.refuse(c)
			}
			return errors.Join(err, p.skip(c, depth+1))
		})
	case "define-parameter":
		d, err := p.define(p.parameters, e)
		if err != nil {
			return err
		}
		given := false
		err = p.children(e.Name.Local, depth, func(c xml.StartElement) error {
			if c.Name.Local == "label" || c.Name.Local == "attributes" {
				return p.skip(c, depth+1)
			}
			if given {
				return p.fault("the parameter %q has two values", d.name)
			}
			x, err := p.expression(c, depth+1)
			d.value, given = x, true
			return err
		})
		if err == nil && !given {
			err = p.fault("the parameter %q has no value", d.name)
		}
		return err
	}
	return p.refuse(e)
}

// define notes the definition of a name, which may be used before.
func (p *parser) define(in map[string]*definition, e xml.StartElement) (*definition, error) {
	name, err := p.name(e)
	if err != nil {
		return nil, err
	}
	line, col := p.line, p.col
	d := lookup(in, name)
	if d.defined {
		return nil, p.fault("%q is defined twice, first on line %d", name, d.line)
	}
	d.defined, d.line, d.col = true, line, col
	return d, nil
}

func lookup(in map[string]*definition, name string) *definition {
	d, ok := in[name]
	if !ok {
		d = &definition{name: name, index: -1}
		in[name] = d
	}
	return d
}

// event gives a basic event its place in the tree.
func (p *parser) event(d *definition) {
	if d.index < 0 {
		d.index = len(p.tree.Events)
		p.tree.Events = append(p.tree.Events, faulttree.Event{Name: d.name, P: math.NaN()})
	}
}

func (p *parser) newGate(name string) int {
	p.tree.Gates = append(p.tree.Gates, faulttree.Gate{Name: name})
	return len(p.tree.Gates) - 1
}

func (p *parser) gate(e xml.StartElement, tree string, depth int) error {
	d, err := p.define(p.gates, e)
	if err != nil {
		return err
	}
	d.index, d.in = p.newGate(d.name), tree
	p.order = append(p.order, d)
	given := false
	err = p.children(e.Name.Local, depth, func(c xml.StartElement) error {
		if c.Name.Local == "label" || c.Name.Local == "attributes" {
			return p.skip(c, depth+1)
		}
		if given {
			return p.fault("the gate %q has two formulas", d.name)
		}
		given = true
		return p.formula(c, d.index, d.name, depth+1)
	})
	if err == nil && !given {
		err = p.fault("the gate %q has no formula", d.name)
	}
	return err
}

// formula reads what the gate at index means.
func (p *parser) formula(e xml.StartElement, at int, name string, depth int) error {
	g := &p.tree.Gates[at]
	switch e.Name.Local {
	case "and":
		g.Op = faulttree.And
	case "or":
		g.Op = faulttree.Or
	case "atleast":
		g.Op = faulttree.AtLeast
		k, err := strconv.Atoi(strings.TrimSpace(attr(e, "min")))
		switch {
		case err != nil || k < 0:
			return p.fault("the gate %q: min=%q is no whole number", name, attr(e, "min"))
		case k == 0: // a slip, more likely than meant
			return &Error{p.line, p.col, fmt.Sprintf("the gate %q asks for at least 0 inputs, which always holds", name), `write <constant value="true"/> if that is meant`}
		}
		g.K = k
	default:
		g.Op = faulttree.Or
		return p.input(e, at, name, depth)
	}
	count := 0
	err := p.children(e.Name.Local, depth, func(c xml.StartElement) error {
		count++
		return p.input(c, at, name, depth+1)
	})
	if err == nil && count == 0 {
		err = p.fault("the gate %q: <%s> has no inputs", name, e.Name.Local)
	}
	if err == nil && p.tree.Gates[at].Op == faulttree.AtLeast && p.tree.Gates[at].K > count {
		err = p.fault("the gate %q asks for at least %d of %d inputs", name, p.tree.Gates[at].K, count)
	}
	return err
}

// input reads one input of the gate at index.
func (p *parser) input(e xml.StartElement, at int, gate string, depth int) error {
	kind := e.Name.Local
	add := func(r faulttree.Ref) { p.tree.Gates[at].In = append(p.tree.Gates[at].In, r) }
	switch kind {
	case "gate", "basic-event", "house-event", "event":
		name, err := p.name(e)
		if err != nil {
			return err
		}
		if t := attr(e, "type"); kind == "event" && t != "" {
			kind = t
		}
		line, col := p.line, p.col
		p.uses = append(p.uses, reference{kind, name, line, col, at, len(p.tree.Gates[at].In)})
		add(faulttree.False) // until all names are known
		return p.skip(e, depth)
	case "constant":
		v, err := p.constant(e)
		if err != nil {
			return err
		}
		if v {
			add(faulttree.True)
		} else {
			add(faulttree.False)
		}
		return p.skip(e, depth)
	case "and", "or", "atleast":
		if depth > maxDepth {
			return p.fault("this is nested more than %d deep", maxDepth)
		}
		inner := p.newGate("")
		add(faulttree.GateRef(inner))
		return p.formula(e, inner, gate, depth)
	case "not", "xor", "nand", "nor", "iff", "imply", "cardinality":
		return p.fault("the gate %q: <%s> is not supported: only and, or and atleast make a coherent tree", gate, kind)
	}
	return p.fault("the gate %q: <%s> is not supported", gate, kind)
}

func (p *parser) constant(e xml.StartElement) (bool, error) {
	switch attr(e, "value") {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, p.fault("a constant is true or false, not %q", attr(e, "value"))
}

// expression reads a number or what it is computed from.
func (p *parser) expression(e xml.StartElement, depth int) (expression, error) {
	line, col := p.line, p.col
	x := expression{kind: e.Name.Local, line: line, col: col}
	switch e.Name.Local {
	case "float", "int":
		v, err := strconv.ParseFloat(strings.TrimSpace(attr(e, "value")), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return x, p.fault("%q is no number", attr(e, "value"))
		}
		x.kind, x.number = "float", v
		return x, p.skip(e, depth)
	case "bool":
		v, err := p.constant(e)
		if err != nil {
			return x, err
		}
		x.kind = "float"
		if v {
			x.number = 1
		}
		return x, p.skip(e, depth)
	case "parameter":
		name, err := p.name(e)
		if err != nil {
			return x, err
		}
		x.name = name
		return x, p.skip(e, depth)
	case "exponential":
		err := p.children(e.Name.Local, depth, func(c xml.StartElement) error {
			part, err := p.expression(c, depth+1)
			x.parts = append(x.parts, part)
			return err
		})
		if err == nil && len(x.parts) != 2 {
			err = p.fault("<exponential> takes a rate and a time, not %d values", len(x.parts))
		}
		return x, err
	}
	return x, p.fault("<%s> is not supported as a probability: numbers, parameters and exponential are", e.Name.Local)
}

// finish resolves the names and gives a tree for each gate that nothing uses.
func (p *parser) finish() ([]*faulttree.Tree, error) {
	used := make([]bool, len(p.tree.Gates))
	for _, r := range p.uses {
		ref, err := p.resolve(r)
		if err != nil {
			return nil, err
		}
		if g, ok := ref.Gate(); ok {
			used[g] = true
		}
		p.tree.Gates[r.gate].In[r.input] = ref
	}
	for _, v := range p.pending {
		n, err := p.number(v.value, 0)
		if err != nil {
			return nil, err
		}
		if !(n >= 0 && n <= 1) {
			return nil, &Error{v.value.line, v.value.col, fmt.Sprintf("the probability of %q is %v, not between 0 and 1", p.tree.Events[v.event].Name, n), ""}
		}
		p.tree.Events[v.event].P = n
	}
	p.tree.Top = faulttree.True
	if err := p.tree.Validate(); err != nil {
		d := p.order[0]
		return nil, &Error{d.line, d.col, err.Error(), "a fault tree has no cycles"}
	}
	p.nameEvents()
	var out []*faulttree.Tree
	tops := map[string]int{}
	for _, d := range p.order {
		if !used[d.index] {
			tops[d.in]++
		}
	}
	c := newCopier(p.tree)
	for _, d := range p.order {
		if used[d.index] {
			continue
		}
		name := d.name
		if tops[d.in] == 1 {
			name = p.treeName[d.in]
		}
		t := c.part(name, faulttree.GateRef(d.index))
		if c.size > maxCopies {
			return nil, &Error{d.line, d.col, fmt.Sprintf("the trees of this file hold more than %d gates and events together, those that they share counted in each", maxCopies), "split the file"}
		}
		out = append(out, t)
	}
	if len(out) == 0 {
		if len(p.order) == 0 {
			return nil, &Error{1, 1, "there is no gate in this file", ""}
		}
		d := p.order[0]
		return nil, &Error{d.line, d.col, "every gate is used by another, so they depend on themselves", "a fault tree has no cycles"}
	}
	return out, nil
}

func (p *parser) resolve(r reference) (faulttree.Ref, error) {
	has := func(in map[string]*definition) *definition {
		if d, ok := in[r.name]; ok && d.defined {
			return d
		}
		return nil
	}
	if r.kind == "gate" || r.kind == "event" {
		if d := has(p.gates); d != nil {
			return faulttree.GateRef(d.index), nil
		}
	}
	if r.kind == "house-event" || r.kind == "event" {
		if d := has(p.houses); d != nil {
			if d.house {
				return faulttree.True, nil
			}
			return faulttree.False, nil
		}
	}
	if r.kind == "basic-event" || r.kind == "event" {
		if d := has(p.events); d != nil {
			return faulttree.EventRef(d.index), nil
		}
		if r.kind == "basic-event" { // its probability is not known, and its cut sets are
			d := lookup(p.events, r.name)
			p.event(d)
			return faulttree.EventRef(d.index), nil
		}
	}
	return 0, &Error{r.line, r.col, fmt.Sprintf("the %s %q is not defined", r.kind, r.name), p.meant(r)}
}

// meant proposes the kind under which a name is known.
func (p *parser) meant(r reference) string {
	var kinds []string
	for kind, in := range map[string]map[string]*definition{"gate": p.gates, "basic-event": p.events, "house-event": p.houses} {
		if d, ok := in[r.name]; ok && d.defined && kind != r.kind {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	if len(kinds) == 0 {
		return ""
	}
	return fmt.Sprintf("there is a %s of this name", kinds[0])
}

func (p *parser) number(x expression, depth int) (float64, error) {
	if depth > maxParameters {
		return 0, &Error{x.line, x.col, fmt.Sprintf("parameters depend on each other more than %d deep", maxParameters), ""}
	}
	switch x.kind {
	case "float":
		return x.number, nil
	case "parameter":
		d, ok := p.parameters[x.name]
		if !ok || !d.defined {
			return 0, &Error{x.line, x.col, fmt.Sprintf("the parameter %q is not defined", x.name), ""}
		}
		if !d.computed { // others may ask again
			if d.computing {
				return 0, &Error{d.line, d.col, fmt.Sprintf("the parameter %q depends on itself", x.name), ""}
			}
			d.computing = true
			n, err := p.number(d.value, depth+1)
			if err != nil {
				return 0, err
			}
			d.number, d.computed = n, true
		}
		return d.number, nil
	}
	rate, err := p.number(x.parts[0], depth+1)
	if err != nil {
		return 0, err
	}
	time, err := p.number(x.parts[1], depth+1)
	if err != nil {
		return 0, err
	}
	if rate < 0 || time < 0 {
		return 0, &Error{x.line, x.col, "a rate and a time are not negative", ""}
	}
	return -math.Expm1(-rate * time), nil
}
