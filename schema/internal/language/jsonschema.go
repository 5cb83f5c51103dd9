package language

import (
	"bytes"
	"encoding/json"
)

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	key   string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		for k, v := range []any{m.key, m.value} {
			if k == 1 {
				b.WriteByte(':')
			}
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(v); err != nil {
				return nil, err
			}
			b.Truncate(b.Len() - 1) // Encode ends with a line break
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (o *object) add(key string, value any) { *o = append(*o, member{key, value}) }

func indent(o object) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(o)
	return []byte(visibleJSON.Replace(b.String())), err
}

// JSONSchema writes the definition as a JSON Schema (draft 2020-12) of a design.
func (l *Language) JSONSchema() ([]byte, error) {
	root := l.Def("System")
	defs := l.schemas("#/$defs/", root)
	return indent(object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", "https://lintel.arch/schema/design.json"},
		{"title", "A lintel design"},
		{"description", root.Doc},
		{"$ref", "#/$defs/System"},
		{"$defs", defs},
	})
}

// OpenAPI writes the definition as the schemas of an OpenAPI 3.1 document without paths.
func (l *Language) OpenAPI() ([]byte, error) {
	defs := l.schemas("#/components/schemas/", l.Def("System"))
	return indent(object{
		{"openapi", "3.1.0"},
		{"info", object{
			{"title", "lintel designs"},
			{"description", l.Def("System").Doc},
			{"version", "1"},
		}},
		{"paths", object{}},
		{"components", object{{"schemas", defs}}},
	})
}

// schemas gives the definitions that root needs, in their order.
func (l *Language) schemas(prefix string, root *Type) object {
	used := map[*Type]bool{}
	var use func(t *Type)
	use = func(t *Type) {
		if t == nil || used[t] {
			return
		}
		used[t] = true
		if t.List != nil {
			use(t.List.Elem)
		}
		for _, c := range t.Choices {
			use(c.Type)
		}
		if t.Struct != nil {
			use(t.Struct.Elem)
			use(t.Struct.Rest)
			for _, f := range t.Struct.Fields {
				use(f.Type)
			}
		}
	}
	use(root)
	w := schemaWriter{prefix: prefix, named: map[*Type]bool{}}
	for _, d := range l.Defs {
		w.named[d] = true
	}
	out := object{}
	for _, d := range l.Defs {
		if used[d] {
			out.add(d.Name, append(object{{"description", d.Doc}}, w.schema(d)...))
		}
	}
	return out
}

type schemaWriter struct {
	prefix string
	named  map[*Type]bool
}

func (w *schemaWriter) ref(t *Type) object {
	if w.named[t] {
		return object{{"$ref", w.prefix + t.Name}}
	}
	return w.schema(t)
}

func (w *schemaWriter) schema(t *Type) object {
	var alts []object
	switch {
	case t.Any:
		return object{}
	case t.True:
		alts = append(alts, object{{"const", true}})
	case t.Bool:
		alts = append(alts, object{{"type", "boolean"}})
	}
	for _, n := range t.Numbers {
		alts = append(alts, numberSchema(n))
	}
	if t.Text != nil {
		alts = append(alts, textSchemas(t.Text)...)
	}
	if t.List != nil {
		o := object{{"type", "array"}, {"items", w.ref(t.List.Elem)}}
		if t.List.Min > 0 {
			o.add("minItems", t.List.Min)
		}
		if t.List.Unique {
			o.add("uniqueItems", true)
		}
		alts = append(alts, o)
	}
	if t.Struct != nil {
		alts = append(alts, w.structSchema(t.Struct))
	}
	if len(alts) == 1 {
		return alts[0]
	}
	return object{{"anyOf", alts}}
}

func numberSchema(n Number) object {
	o := object{{"type", "number"}}
	if n.Integer {
		o[0].value = "integer"
	}
	if n.Min != "" && n.Min == n.Max {
		return append(o, member{"const", json.RawMessage(n.Min)})
	}
	if n.Min != "" {
		key := "minimum"
		if n.Above {
			key = "exclusiveMinimum"
		}
		o.add(key, bound(n.Min))
	}
	if n.Max != "" {
		o.add("maximum", bound(n.Max))
	}
	return o
}

// bound writes a bound without an exponent, as people read it.
func bound(s string) any {
	var f float64
	if err := json.Unmarshal([]byte(s), &f); err == nil && f == float64(int64(f)) {
		return int64(f)
	}
	return json.RawMessage(s)
}

func textSchemas(t *Text) []object {
	if t.Any {
		return []object{{{"type", "string"}}}
	}
	var alts []object
	if len(t.Values) > 0 {
		alts = append(alts, object{{"type", "string"}, {"enum", t.Values}})
	}
	for _, p := range t.Patterns {
		alts = append(alts, object{{"type", "string"}, {"pattern", portable(p)}})
	}
	if t.Date {
		alts = append(alts, object{{"type", "string"}, {"format", "date"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}})
	}
	return alts
}

func (w *schemaWriter) structSchema(s *Struct) object {
	o := object{{"type", "object"}}
	var required []string
	var chosen conditions
	if len(s.Fields) > 0 {
		props := object{}
		for _, f := range s.Fields {
			p := object{{"description", f.Doc}}
			if f.Default != "" {
				if json.Valid([]byte(f.Default)) {
					p.add("default", json.RawMessage(f.Default))
				} else {
					p[0].value = f.Doc + " Default: " + f.Default + "."
				}
			}
			if fields := choices(f.Type); fields == nil {
				p = append(p, w.ref(f.Type)...)
			} else {
				for _, c := range fields {
					chosen = chosen.with(c.Field, f.Name, w.ref(chosenType(f.Type, c.Field)))
				}
			}
			props.add(f.Name, p)
			if f.Required {
				required = append(required, f.Name)
			}
		}
		o.add("properties", props)
	}
	if len(required) > 0 {
		o.add("required", required)
	}
	if s.Elem != nil {
		o.add("patternProperties", object{{portable(s.Key), w.ref(s.Elem)}})
	}
	if s.Min > 0 {
		o.add("minProperties", s.Min)
	}
	switch {
	case s.Rest != nil:
		o.add("additionalProperties", w.ref(s.Rest))
	case !s.Open:
		o.add("additionalProperties", false)
	}
	if len(s.Needs) > 0 {
		needs := object{}
		for _, p := range s.Needs {
			if len(p) == 2 {
				needs.add(p[0], []string{p[1]})
			}
		}
		o.add("dependentRequired", needs)
	}
	var all []object
	for _, p := range s.Exclusive {
		all = append(all, object{{"not", object{{"required", p[:]}}}})
	}
	for _, p := range s.Needs {
		if len(p) > 2 {
			all = append(all, object{{"if", object{{"required", p[:1]}}}, {"then", someOf("anyOf", p[1:])}})
		}
	}
	for _, p := range s.SomeOf {
		all = append(all, someOf("anyOf", p))
	}
	for _, p := range s.MostOne {
		for i := range p {
			for _, q := range p[i+1:] {
				all = append(all, object{{"not", object{{"required", []string{p[i], q}}}}})
			}
		}
	}
	for _, c := range chosen {
		all = append(all, object{{"if", object{{"required", []string{c.field}}}}, {"then", object{{"properties", c.properties}}}})
	}
	if len(all) > 0 {
		o.add("allOf", all)
	}
	return o
}

// someOf demands fields.
func someOf(how string, fields []string) object {
	var list []object
	for _, f := range fields {
		list = append(list, object{{"required", []string{f}}})
	}
	return object{{how, list}}
}

// conditions are types of fields that hold where another field stands beside them.
type conditions []condition

type condition struct {
	field      string
	properties object
}

func (list conditions) with(field, name string, schema object) conditions {
	for i := range list {
		if list[i].field == field {
			list[i].properties.add(name, schema)
			return list
		}
	}
	return append(list, condition{field, object{{name, schema}}})
}

// choices gives the choices that a type depends on, as itself or for the elements of its list.
func choices(t *Type) []Choice {
	if len(t.Choices) == 0 && t.List != nil {
		return t.List.Elem.Choices
	}
	return t.Choices
}

// chosenType is t where a field stands beside the value.
func chosenType(t *Type, field string) *Type {
	pick := func(list []Choice) *Type {
		for _, c := range list {
			if c.Field == field {
				return c.Type
			}
		}
		return &Type{Any: true}
	}
	switch {
	case t.List == nil || len(t.List.Elem.Choices) == 0:
		return pick(t.Choices)
	case len(t.Choices) == 0:
		return &Type{List: &List{Elem: pick(t.List.Elem.Choices), Min: t.List.Min}}
	}
	one := pick(t.Choices)
	return &Type{Struct: one.Struct, List: &List{Elem: pick(t.List.Elem.Choices), Min: t.List.Min}}
}
