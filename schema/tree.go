package schema

import "cuelang.org/go/cue"

// node is a value of the input before its meaning is known: what the readers (CUE syntax, CUE
// evaluator, JSON, YAML) produce and what decode turns into a Design.
type node struct {
	kind   nodeKind
	pos    Range   // of the value
	text   string  // a string's value; a number's literal; "true" or "false"
	fields []field // of a struct, in order of declaration; no label twice
	items  []*node // of a list
}

// field is one field of a struct.
type field struct {
	name  string
	pos   Range // of the label
	value *node
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	stringNode
	listNode
	structNode
	// unknownNode stands for a value that is not concrete or could not be computed; the reader has
	// reported it, and decode keeps silent about it.
	unknownNode
)

// document is one design as a reader found it.
type document struct {
	path    string // as Design.Path
	files   []string
	root    *node
	sources map[string][]byte

	// Of a document that went through the evaluator and states policies: their values, and those that need not be
	// concrete, by the unknownNode that stands for them.
	policies    cue.Value
	constraints map[*node]cue.Value
}
