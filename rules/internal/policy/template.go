package policy

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"

	"lintel/schema"
)

// template is a message with the names of fields in braces; "{{" and "}}" stand for a brace.
type template struct {
	parts []templatePart
	names bool // some part is the name of a field
	// subject tells that the name of what is at fault is among them.
	subject bool
}

type templatePart struct {
	text string // as it is, or
	name string // what to fill in
}

// template reads the message of a policy, nil where it has none.
func (c *compiler) template(src *schema.Policy, p *Policy) *template {
	if strings.TrimSpace(src.Message) == "" {
		return nil
	}
	message := src.Value.LookupPath(cue.MakePath(cue.Str("message")))
	if !message.Exists() {
		message = src.Value
	}
	t := &template{}
	text := strings.Builder{}
	rest := src.Message
	for rest != "" {
		switch {
		case strings.HasPrefix(rest, "{{"), strings.HasPrefix(rest, "}}"):
			text.WriteByte(rest[0])
			rest = rest[2:]
		case rest[0] == '{':
			end := strings.IndexByte(rest, '}')
			if end < 0 {
				c.fault(message, "message", "message: the brace of "+quote(rest)+" is never closed", "write {{ for a brace that means itself")
				return t
			}
			name := strings.TrimSpace(rest[1:end])
			rest = rest[end+1:]
			if known, ok := c.knownName(p, name); !ok {
				c.fault(message, "message", fmt.Sprintf("message: there is no {%s}", name), known)
			}
			t.parts = append(t.parts, templatePart{text: text.String()}, templatePart{name: name})
			text.Reset()
			t.names, t.subject = true, t.subject || namesSubject(name)
		default:
			text.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	t.parts = append(t.parts, templatePart{text: text.String()})
	return t
}

// knownName tells whether a template of p may hold a name, and a hint where not.
func (c *compiler) knownName(p *Policy, name string) (hint string, ok bool) {
	extra := p.templateNames()
	if slices.Contains(extra, name) {
		return "", true
	}
	f, wrong, in := p.shape.find(name)
	if f != nil && f.turn == nil {
		return "", true
	}
	if f == nil && in != nil && in != p.shape {
		if near := didYouMean(wrong, in.names(), ""); near != "" {
			return near, false
		}
		return "known there are " + strings.Join(in.names(), ", "), false
	}
	if facts := p.shape.field("facts"); facts != nil && facts.sub.field(name) != nil {
		return fmt.Sprintf("did you mean %q?", "facts."+name), false
	}
	return didYouMean(name, slices.Concat(extra, p.shape.names()), "known are "+strings.Join(slices.Concat(extra, p.shape.names()), ", ")), false
}

// templateNames lists what a template of p may name beside the fields of what is selected.
func (p *Policy) templateNames() []string {
	names := []string{"policy", "system", "subject", "wanted"}
	switch p.Selector {
	case modulesSelector:
		names = append(names, "module")
		if p.acyclic || p.hasDependencyDemand() {
			names = append(names, "path")
		}
		if p.hasDependencyDemand() {
			names = append(names, "from", "to")
		}
	case dependenciesSelector:
		names = append(names, "module", "from", "to", "dependency", "path")
	case groupsSelector:
		names = append(names, "group")
	case journeysSelector:
		names = append(names, "journey")
	}
	if p.count != nil {
		names = append(names, "count", "selected")
	}
	return names
}

// hasDependencyDemand tells whether some faults of p are dependencies.
func (p *Policy) hasDependencyDemand() bool {
	return p.limitsUse || p.limitsUsers || len(p.layers) > 0 || p.independent != "" || p.neverReaches != nil
}

// namesSubject tells whether what a template names says which thing is at fault.
func namesSubject(name string) bool {
	first, rest, _ := strings.Cut(name, ".")
	switch first {
	case "module", "name", "subject", "dependency", "group", "journey", "path", "selected":
		return rest == ""
	case "from":
		return rest == "" || rest == "name"
	}
	return false
}

// fill gives the message for a fault, on one line. It is not ok where it names what is no part of such a fault, as {to}
// of a module that should have used another one.
func (t *template) fill(p *Policy, v *Violation) (text string, ok bool) {
	var b strings.Builder
	for _, part := range t.parts {
		if part.name == "" {
			b.WriteString(part.text)
			continue
		}
		if !p.applies(part.name, v) {
			return "", false
		}
		b.WriteString(p.filled(part.name, v))
	}
	return strings.Join(strings.Fields(b.String()), " "), true
}

// applies tells whether a fault has what a template names.
func (p *Policy) applies(name string, v *Violation) bool {
	switch name {
	case "path":
		return len(v.Path) > 0
	case "count", "selected":
		return p.count == nil || v.counted
	case "from", "to":
		return v.edge != nil || len(v.Path) > 0 && v.Path[0] != v.Path[len(v.Path)-1]
	}
	if !v.counted {
		return true
	}
	switch name {
	case "policy", "system", "subject", "wanted", "module", "group", "journey":
		return true
	}
	return false // a field of one of those that are too many
}

func (p *Policy) filled(name string, v *Violation) string {
	a := v.at.facts.analysis
	switch name {
	case "policy":
		return p.Source.Name
	case "system":
		return a.Design.System
	case "subject":
		return v.Name
	case "wanted":
		return v.wanted
	case "path":
		return strings.Join(v.Path, " -> ")
	case "count":
		return fmt.Sprint(len(v.selected))
	case "selected":
		return enumerate(v.selected)
	}
	switch {
	case name == "module" && p.Selector == modulesSelector, name == "group" && p.Selector == groupsSelector, name == "journey" && p.Selector == journeysSelector:
		if v.whole {
			return enumerate(v.selected)
		}
		name = "name"
	case name == "from" && v.edge != nil:
		return a.Module(v.edge.from).Name
	case name == "to" && v.edge != nil:
		return a.Module(v.edge.to).Name
	case name == "module" && v.edge != nil:
		return a.Module(v.edge.from).Name
	case name == "from" && len(v.Path) > 0:
		return v.Path[0]
	case name == "to" && len(v.Path) > 0:
		return v.Path[len(v.Path)-1]
	case name == "dependency":
		return v.Name
	}
	if v.whole && p.Selector != designSelector {
		return enumerate(v.selected)
	}
	return inWords(p.shape.at(v.at, name), name)
}

// inWords writes a value for a message.
func inWords(v any, name string) string {
	switch v := v.(type) {
	case nil:
		return "no " + name[strings.LastIndexByte(name, '.')+1:]
	case string:
		return v
	case []string:
		if len(v) == 0 {
			return "none"
		}
		return enumerate(v)
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = inWords(e, name)
		}
		if len(parts) == 0 {
			return "none"
		}
		return enumerate(parts)
	case float64:
		return roundedLiteral(v)
	}
	return literal(v)
}

// roundedLiteral writes a number with as many digits as a reader needs.
func roundedLiteral(f float64) string {
	text := fmt.Sprintf("%.4f", f)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
