package schema

//go:generate go run ./internal/generate

// valueType says which values are allowed: those of any of its parts that are set. The table of types
// is generated from the CUE definition; see fields_gen.go.
type valueType struct {
	name string // of a definition, "Duration"; "" for a type that stands in place
	doc  string

	any      bool // every value is allowed
	boolean  bool
	onlyTrue bool // of the booleans, true alone
	numbers  []numberRange
	text     *textType
	list     *listType
	fields   *structType
	// choices are the types by the fields that stand beside the value: that of the first of them that is stated.
	choices []typeChoice
}

// typeChoice is the type of a value where a field stands beside it.
type typeChoice struct {
	field string
	typ   *valueType
}

// numberRange is a range of numbers. Bounds are decimals, "" for none.
type numberRange struct {
	integer  bool
	min, max string
	above    bool // min itself is left out
}

// textType is what a string may be: anything, one of values, a match of one of patterns, or a day.
type textType struct {
	any, date bool
	values    []string
	patterns  []string
}

// listType is a list of elem.
type listType struct {
	elem   *valueType
	min    int
	unique bool
}

// structType is a struct of known fields, one that maps names that match key to elem, or, if open,
// any struct.
type structType struct {
	known []fieldType

	key  string
	elem *valueType
	min  int

	open bool
	rest *valueType // of all other fields; nil where there are none

	exclusive [][2]string // fields that do not stand together
	needs     [][]string  // the first needs one of the rest
	mostOne   [][]string  // at most one of them stands
	someOf    [][]string  // at least one of them stands
}

// anything is the type of a value that nothing is asked of.
var anything = valueType{any: true}

// beside is t, or what it chooses where the fields of n stand beside the value.
func (t *valueType) beside(n *node) *valueType {
	if t.list != nil && len(t.list.elem.choices) > 0 {
		out := *t
		list := *t.list
		list.elem = list.elem.beside(n)
		out.list = &list
		if len(t.choices) > 0 {
			one := (&valueType{choices: t.choices}).beside(n)
			out.choices, out.any, out.fields = nil, one.any, one.fields
		}
		return &out
	}
	if len(t.choices) == 0 {
		return t
	}
	for _, c := range t.choices {
		if n.field(c.field) != nil {
			return c.typ
		}
	}
	return &anything
}

// fieldType is a known field of a struct. The text def is a CUE literal or words.
type fieldType struct {
	name, doc, def string
	required       bool
	typ            *valueType
}

// field returns the known field of a name, or nil.
func (s *structType) field(name string) *fieldType {
	for i := range s.known {
		if s.known[i].name == name {
			return &s.known[i]
		}
	}
	return nil
}

// names lists the known fields.
func (s *structType) names() []string {
	out := make([]string, len(s.known))
	for i := range s.known {
		out[i] = s.known[i].name
	}
	return out
}
