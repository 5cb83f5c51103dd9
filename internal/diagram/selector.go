package diagram

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lintel/schema"
)

// selectorFields are the fields that a selector may name.
var selectorFields = [...]string{"kind", "group", "team", "layer", "tag", "tier", "name"}

// moduleKinds are all kinds of modules, in the order in which a legend lists them.
var moduleKinds = [...]schema.Kind{
	schema.Frontend, schema.Gateway, schema.LoadBalancer, schema.Service, schema.Worker, schema.Job, schema.Function,
	schema.Database, schema.Cache, schema.Queue, schema.ObjectStore, schema.Search,
	schema.Discovery, schema.Configuration, schema.DNS, schema.Identity, schema.Monitoring, schema.Network, schema.External,
}

func kindNames() []string {
	names := make([]string, len(moduleKinds))
	for i, k := range moduleKinds {
		names[i] = string(k)
	}
	return names
}

// ParseSelector reads "kind=database,cache" for an option, whose name is that of the flag without
// dashes. A backslash before a comma makes it part of a value. An error is an *OptionError.
func ParseSelector(option, text string) (Selector, error) {
	field, values, ok := strings.Cut(text, "=")
	field = strings.TrimSpace(field)
	if !ok || field == "" {
		return Selector{}, &OptionError{Option: option, Detail: fmt.Sprintf("%q is no selector", text), Hint: "write FIELD=VALUE, as in kind=database,cache"}
	}
	if !slices.Contains(selectorFields[:], field) {
		return Selector{}, unknown(option, "modules can't be chosen by %q", field, selectorFields[:])
	}
	s := Selector{Field: field}
	for _, v := range splitValues(values) {
		if v = strings.TrimSpace(v); v == "" {
			return Selector{}, &OptionError{Option: option, Detail: fmt.Sprintf("%q lacks a value", text), Hint: "write FIELD=VALUE, as in kind=database,cache"}
		}
		switch {
		case strings.Contains(v, "*"):
		case field == "kind" && !slices.Contains(kindNames(), v):
			return Selector{}, unknown(option, "no kind of module is %q", v, kindNames())
		case field == "tier" && (len(v) != 1 || v < "0" || v > "3"):
			return Selector{}, &OptionError{Option: option, Detail: fmt.Sprintf("no tier is %q", v), Hint: "tiers are 0 (most critical) to 3"}
		}
		s.Values = append(s.Values, v)
	}
	return s, nil
}

// splitValues splits at commas that no backslash stands before.
func splitValues(text string) []string {
	var out []string
	var value strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == ',':
			value.WriteByte(',')
			i++
		case text[i] == ',':
			out = append(out, value.String())
			value.Reset()
		default:
			value.WriteByte(text[i])
		}
	}
	return append(out, value.String())
}

// String writes s as ParseSelector reads it.
func (s Selector) String() string {
	values := make([]string, len(s.Values))
	for i, v := range s.Values {
		values[i] = strings.ReplaceAll(v, ",", `\,`)
	}
	return s.Field + "=" + strings.Join(values, ",")
}

// SelectorFields lists the fields that a selector may name.
func SelectorFields() []string { return slices.Clone(selectorFields[:]) }

// SelectorValues lists the values of a field that are the same for all designs; nil where a design chooses them.
func SelectorValues(field string) []string {
	switch field {
	case "kind":
		return kindNames()
	case "tier":
		return []string{"0", "1", "2", "3"}
	}
	return nil
}

// fieldOf returns what m states for a selector's field; "" where it states nothing.
func fieldOf(m *schema.Module, field string) []string {
	switch field {
	case "kind":
		return []string{string(m.Kind)}
	case "group":
		return []string{m.Group}
	case "team":
		return []string{m.Team}
	case "layer":
		return []string{m.Layer}
	case "tag":
		return m.Tags
	case "tier":
		if m.Tier != nil {
			return []string{strconv.Itoa(*m.Tier)}
		}
	case "name":
		return []string{m.Name}
	}
	return nil
}

// selected tells which modules s matches. It refuses a selector with a value that matches none; a kind
// or tier that does not occur may stand beside others that do.
func (b *builder) selected(option string, s Selector) ([]bool, error) {
	if !slices.Contains(selectorFields[:], s.Field) {
		return nil, unknown(option, "modules can't be chosen by %q", s.Field, selectorFields[:])
	}
	out := make([]bool, b.a.Modules())
	used := make([]bool, len(s.Values))
	any := false
	for i, m := range b.a.Design.Modules {
		for _, is := range fieldOf(m, s.Field) {
			if is == "" {
				continue
			}
			for k, v := range s.Values {
				if matches(v, is) {
					out[i], used[k], any = true, true, true
				}
			}
		}
	}
	closed := s.Field == "kind" || s.Field == "tier"
	for k, v := range s.Values {
		if used[k] || any && closed {
			continue
		}
		return nil, unknown(option, "no module has "+s.Field+" %q", v, b.statedValues(s.Field))
	}
	return out, nil
}

// statedValues lists what modules state for a field, sorted, each once.
func (b *builder) statedValues(field string) []string {
	var values []string
	for _, m := range b.a.Design.Modules {
		for _, v := range fieldOf(m, field) {
			if v != "" {
				values = append(values, v)
			}
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// matches reports whether pattern, in which * stands for any text, matches all of text.
func matches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(text) < len(first)+len(last) || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return true
}

// unknown is the error for a name that is none of known; format holds one %q for the name.
func unknown(option, format, name string, known []string) error {
	e := &OptionError{Option: option, Detail: fmt.Sprintf(format, shortName(name))}
	const most = 12 // names in a hint
	listed := make([]string, min(len(known), most))
	for i := range listed {
		listed[i] = shortName(known[i])
	}
	switch near := schema.Nearest(name, known); {
	case near != "":
		e.Hint = fmt.Sprintf("did you mean %q?", shortName(near))
	case len(known) == 0:
	case len(known) <= most:
		e.Hint = "there is " + strings.Join(listed, ", ")
	default:
		e.Hint = fmt.Sprintf("there is %s and %d more", strings.Join(listed, ", "), len(known)-most)
	}
	return e
}

// shortName cuts a name to what can be read in a message.
func shortName(name string) string {
	const most = 80
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}
