package language

import (
	"fmt"
	"strings"
)

// The pages that hold the reference.
const (
	languagePage = "language.md"
	policiesPage = "policies.md"
)

// page is the page that tells of a definition.
func (t *Type) page() string {
	if strings.HasPrefix(t.File, "policy") {
		return policiesPage
	}
	return languagePage
}

// Reference writes the definitions of a page as Markdown: a table of fields for each struct.
func (l *Language) Reference(page string) string {
	var b strings.Builder
	for _, d := range l.Defs {
		if d.page() != page || d.Struct == nil || len(d.Struct.Fields) == 0 || d.Name == "RuleSettings" || isRule(d.Name) {
			continue
		}
		fmt.Fprintf(&b, "### %s\n\n%s\n\n", d.Name, d.Doc)
		b.WriteString("| field | value | default | meaning |\n| --- | --- | --- | --- |\n")
		for _, f := range d.Struct.Fields {
			def := "–"
			switch {
			case f.Required:
				def = "required"
			case isLiteral(f.Default):
				def = "`" + f.Default + "`"
			case f.Default != "":
				def = f.Default
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Name, cell(f.Type.markdown(page)), cell(def), cell(f.Doc))
		}
		for _, p := range d.Struct.Exclusive {
			fmt.Fprintf(&b, "\n`%s` and `%s` exclude each other.\n", p[0], p[1])
		}
		for _, p := range d.Struct.Needs {
			fmt.Fprintf(&b, "\n`%s` needs %s.\n", p[0], strings.ReplaceAll(codes(p[1:]), ", ", " or "))
		}
		for _, p := range d.Struct.MostOne {
			fmt.Fprintf(&b, "\nAt most one of %s is stated.\n", codes(p))
		}
		for _, p := range d.Struct.SomeOf {
			fmt.Fprintf(&b, "\nAt least one of %s is stated.\n", codes(p))
		}
		b.WriteString("\n")
	}
	b.WriteString("### Values\n\n")
	for _, d := range l.Defs {
		if d.page() != page || d.Text == nil && len(d.Numbers) == 0 && d.List == nil || d.Struct != nil || isRule(d.Name) {
			continue
		}
		fmt.Fprintf(&b, "- **%s**: %s", d.Name, d.Doc)
		if d.Text != nil && len(d.Text.Values) > 0 {
			fmt.Fprintf(&b, " One of %s.", codes(d.Text.Values))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// isRule reports whether a definition holds the settings of one rule; those have pages of their own.
func isRule(name string) bool {
	return len(name) == 6 && strings.ToUpper(name) == name && name[5] >= '0' && name[5] <= '9'
}

func isLiteral(def string) bool {
	return def != "" && (def[0] == '"' || def == "true" || def == "false" || def[0] >= '0' && def[0] <= '9') && !strings.Contains(def, ";")
}

func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

func codes(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = "`" + s + "`"
	}
	return strings.Join(out, ", ")
}

// markdown names the values of a type in a few words.
func (t *Type) markdown(page string) string {
	at := ""
	if t.Name != "" && t.page() != page {
		at = t.page()
	}
	switch {
	case t.Any:
		return "anything"
	case len(t.Choices) > 0 && t.List == nil:
		return "what is selected: " + t.choices(page)
	case len(t.Choices) > 0:
		return "what is selected, or a list of such"
	case t.Name == "RuleSettings":
		return "[settings by rule](rules/README.md)"
	case t.Name != "" && t.Struct != nil && len(t.Struct.Fields) > 0:
		return fmt.Sprintf("[%s](%s#%s)", t.Name, at, strings.ToLower(t.Name))
	case t.Name != "" && (t.Struct == nil || t.Struct.Elem == nil):
		return fmt.Sprintf("[%s](%s#values)", strings.ToLower(t.Name), at)
	}
	var parts []string
	switch {
	case t.True:
		parts = append(parts, "`true`")
	case t.Bool:
		parts = append(parts, "`true` or `false`")
	}
	for _, n := range t.Numbers {
		parts = append(parts, n.markdown())
	}
	if t.Text != nil {
		if t.Text.Any {
			parts = append(parts, "text")
		}
		if len(t.Text.Values) > 0 {
			parts = append(parts, codes(t.Text.Values))
		}
		if len(t.Text.Patterns) > 0 {
			parts = append(parts, "a [duration](#values)")
		}
	}
	if t.List != nil {
		parts = append(parts, "list of "+t.List.Elem.markdown(page))
	}
	if t.Struct != nil {
		if t.Struct.Elem != nil {
			parts = append(parts, "`{NAME: …}` of "+t.Struct.Elem.markdown(page))
		} else {
			parts = append(parts, "struct")
		}
	}
	return strings.Join(parts, ", or ")
}

func (t *Type) choices(page string) string {
	var parts []string
	for _, c := range t.Choices {
		parts = append(parts, c.Type.markdown(page))
	}
	return strings.Join(parts, ", ")
}

func (n Number) markdown() string {
	s := "number"
	if n.Integer {
		s = "whole number"
	}
	switch {
	case len(n.Max) > 6 && n.Min != "":
		return s + ", at least " + n.Min
	case n.Min != "" && n.Max != "":
		return s + " " + n.Min + " to " + n.Max
	}
	return s
}

const (
	begin = "<!-- generated from the definition in schema/: begin -->\n"
	end   = "<!-- generated from the definition in schema/: end -->\n"
)

// Insert replaces the generated part of a page.
func Insert(page []byte, reference string) ([]byte, error) {
	text := string(page)
	i, j := strings.Index(text, begin), strings.Index(text, end)
	if i < 0 || j < i {
		return nil, fmt.Errorf("the page has no marks %q and %q", begin, end)
	}
	return []byte(text[:i+len(begin)] + "\n" + reference + "\n" + text[j:]), nil
}
