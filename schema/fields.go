package schema

//go:generate go run ./internal/generate

// valueType says which values are allowed: those of any of its parts that are set. The table of types
// is generated from the CUE definition; see fields_gen.go.
type valueType struct {
	name string // of a definition, "Duration"; "" for a type that stands in place
	doc  string

	boolean bool
	numbers []numberRange
	text    *textType
	list    *listType
	fields  *structType
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

	exclusive [][2]string // fields that do not stand together
	needs     [][2]string // the first needs the second
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
