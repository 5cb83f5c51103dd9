// Package language reads the CUE definition of lintel's language into a plain model and writes
// what derives from it: the table that the decoder follows, JSON Schema, OpenAPI and the language
// reference.
//
// It understands the part of CUE that the definition is written in and refuses all else, so that
// nothing is dropped silently.
package language

// Language is the definition, in the order of its files.
type Language struct {
	Doc  string // of the package
	Defs []*Type
}

// Def returns a definition by its name, without the "#", or nil.
func (l *Language) Def(name string) *Type {
	for _, d := range l.Defs {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// Type says which values are allowed: those of any of its parts that are set.
type Type struct {
	Name string // of a definition, without the "#"; "" for a type that stands in place
	Doc  string
	File string // of a definition

	Any     bool // every value is allowed
	Bool    bool
	True    bool // of the booleans, true alone
	Numbers []Number
	Text    *Text
	List    *List
	Struct  *Struct
	// Choices are the types by the fields that stand beside the value: that of the first of them that is stated.
	Choices []Choice
}

// Choice is the type of a value where a field stands beside it.
type Choice struct {
	Field string
	Type  *Type
}

// Number is a range of numbers. Min and Max are decimals as the definition writes them, "" for none.
type Number struct {
	Integer  bool
	Min, Max string
	Above    bool // Min itself is left out
}

// Text is what a string may be: anything, one of Values, a match of one of Patterns, or a day.
type Text struct {
	Any      bool
	Values   []string
	Patterns []string
	Date     bool
}

// List is a list of Elem.
type List struct {
	Elem   *Type
	Min    int
	Unique bool
}

// Struct is a struct with known Fields, one that maps names to Elem, or, with Open, any struct.
type Struct struct {
	Fields []Field

	Key  string // the pattern of the names
	Elem *Type
	Min  int

	Open bool
	Rest *Type // of all other fields; nil where there are none

	Exclusive [][2]string // fields that do not stand together
	Needs     [][]string  // the first needs one of the rest
	MostOne   [][]string  // at most one of them stands
	SomeOf    [][]string  // at least one of them stands
}

// Field is a field of a struct.
type Field struct {
	Name     string
	Doc      string // without the default
	Default  string // as the comment tells it: a CUE literal, or words; "" for none
	Required bool
	Type     *Type
}
