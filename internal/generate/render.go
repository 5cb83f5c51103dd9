package generate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"lintel/schema"
)

// CUE returns d as a CUE file that loads as the same design.
func CUE(d *schema.Design) []byte {
	w := writer{cue: true}
	w.fields(document(d).kept())
	return w.Bytes()
}

// JSON returns d as a JSON file that loads as the same design.
func JSON(d *schema.Design) []byte {
	var w writer
	w.value(document(d).kept())
	w.WriteByte('\n')
	return w.Bytes()
}

// object is a struct of the document with its fields in order. Fields without a value are left out.
type object []field

type field struct {
	name  string
	value any // nil, string, bool, int, float64, a pointer to one of these, time.Duration, []any, object
}

func document(d *schema.Design) object {
	return object{
		{"system", d.System},
		{"failureDomains", each(d.FailureDomains, func(f *schema.FailureDomain) field {
			return field{f.Name, object{{"kind", string(f.Kind)}, {"in", f.In.Name}, {"availability", f.Availability}, {"mtbf", f.MTBF}, {"mttr", f.MTTR}}}
		})},
		{"modules", each(d.Modules, func(m *schema.Module) field { return field{m.Name, module(m)} })},
		{"journeys", each(d.Journeys, func(j *schema.Journey) field {
			return field{j.Name, object{{"entry", j.Entry.Name}, {"uses", list(j.Uses, j.HasUses)}, {"slo", slo(j.SLO)}, {"peak", j.Peak}}}
		})},
		{"transactions", each(d.Transactions, func(t *schema.Transaction) field {
			return field{t.Name, object{{"spans", list(t.Spans, true)}, {"coordination", t.Coordination}}}
		})},
	}
}

func each[T any](items []T, tell func(T) field) object {
	var out object
	for _, item := range items {
		out = append(out, tell(item))
	}
	return out
}

func list(refs []schema.Ref, stated bool) any {
	if !stated && len(refs) == 0 {
		return nil
	}
	out := []any{}
	for _, r := range refs {
		out = append(out, r.Name)
	}
	return out
}

func texts(items []string) any {
	if len(items) == 0 {
		return nil
	}
	out := []any{}
	for _, s := range items {
		out = append(out, s)
	}
	return out
}

func slo(s schema.SLO) object {
	return object{{"availability", s.Availability}, {"latency", s.Latency}}
}

// unless leaves a value out where it is the default.
func unless[T comparable](value, standard T) any {
	if value == standard {
		return nil
	}
	return value
}

func module(m *schema.Module) object {
	var links any
	if len(m.Links) > 0 {
		links = each(m.Links, func(l schema.Link) field { return field{l.Label, l.URL} })
	}
	var autoscaling, placement, session, backup, capacity any
	if a := m.Autoscaling; a != nil {
		autoscaling = object{{"min", a.Min}, {"max", a.Max}}
	}
	if p := m.Placement; p != nil {
		placement = list(p.Spread, true)
		if len(p.Counts) > 0 {
			placement = each(p.Counts, func(c schema.PlacementCount) field { return field{c.Domain.Name, c.Count} })
		}
	}
	if s := m.Session; s != nil {
		session = object{{"kept", s.Kept}, {"in", s.In.Name}}
	}
	if b := m.Backup; b != nil {
		backup = object{{"to", b.To.Name}, {"every", b.Every}, {"tested", b.Tested}}
	}
	if m.Capacity != nil {
		capacity = object{{"perReplica", m.Capacity}}
	}
	return object{
		{"kind", unless(string(m.Kind), string(schema.Service))},
		{"description", m.Description},
		{"technology", m.Technology},
		{"tags", texts(m.Tags)},
		{"links", links},
		{"team", m.Team},
		{"group", m.Group},
		{"layer", m.Layer},
		{"tier", m.Tier},
		{"entry", unless(m.Entry, false)},
		{"replicas", unless(m.Replicas, 1)},
		{"redundancy", object{
			{"mode", unless(string(m.Redundancy.Mode), string(schema.ActiveActive))},
			{"need", m.Redundancy.Need},
			{"failover", unless(string(m.Redundancy.Failover), string(schema.AutomaticFailover))},
			{"replication", string(m.Redundancy.Replication)},
		}},
		{"autoscaling", autoscaling},
		{"placement", placement},
		{"loadBalancing", string(m.LoadBalancing)},
		{"state", unless(string(m.State), string(m.Kind.DefaultState()))},
		{"session", session},
		{"backup", backup},
		{"monitors", list(m.Monitors, false)},
		{"recovers", list(m.Recovers, false)},
		{"availability", m.Availability},
		{"mtbf", m.MTBF},
		{"mttr", m.MTTR},
		{"slo", slo(m.SLO)},
		{"latency", m.Latency},
		{"capacity", capacity},
		{"deploy", object{{"unit", m.Deploy.Unit}, {"strategy", m.Deploy.Strategy}}},
		{"operations", m.Operations},
		{"dependsOn", each(m.DependsOn, func(d *schema.Dependency) field { return field{d.Key, dependency(d)} })},
	}
}

func dependency(d *schema.Dependency) stated {
	var retries any
	if r := d.Retries; r != nil {
		var backoff any = r.Backoff
		if r.Pause != nil {
			backoff = r.Pause
		}
		retries = object{{"max", r.Max}, {"backoff", backoff}, {"jitter", r.Jitter}}
	}
	return stated{
		{"to", unless(d.To.Name, d.Key)},
		{"anyOf", list(d.AnyOf, false)},
		{"need", unless(d.Need, 1)},
		{"mode", unless(string(d.Mode), string(schema.Sync))},
		{"strength", unless(string(d.Strength), string(schema.Hard))},
		{"when", unless(string(d.When), string(schema.Runtime))},
		{"access", string(d.Access)},
		{"fallback", d.Fallback},
		{"protocol", d.Protocol},
		{"description", d.Description},
		{"timeout", d.Timeout},
		{"retries", retries},
		{"circuitBreaker", d.CircuitBreaker},
		{"calls", d.Calls},
	}
}

// stated is an object that is written although it is empty.
type stated object

// plain returns the value behind a pointer, and nil for what the design does not state.
func plain(value any) any {
	switch v := value.(type) {
	case nil:
		return nil
	case string:
		return unless(v, "")
	case *int:
		if v != nil {
			return *v
		}
		return nil
	case *bool:
		if v != nil {
			return *v
		}
		return nil
	case *float64:
		if v != nil {
			return *v
		}
		return nil
	case *time.Duration:
		if v != nil {
			return v.String()
		}
		return nil
	case object:
		if kept := v.kept(); len(kept) > 0 {
			return kept
		}
		return nil
	case stated:
		return object(v).kept()
	}
	return value
}

// kept returns o without the fields that state nothing, at all depths.
func (o object) kept() object {
	out := object{}
	for _, f := range o {
		if v := plain(f.value); v != nil {
			out = append(out, field{f.name, v})
		}
	}
	return out
}

// writer writes JSON, or CUE as a person writes it: labels without quotes where they can do without,
// no commas between lines.
type writer struct {
	bytes.Buffer
	cue   bool
	depth int
}

var label = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9]*$`)

func (w *writer) line() {
	w.WriteByte('\n')
	for range w.depth {
		w.WriteByte('\t')
	}
}

// fields writes the fields of an object, without braces.
func (w *writer) fields(o object) {
	for i, f := range o {
		if i > 0 || w.depth > 0 {
			w.line()
		}
		if w.cue && label.MatchString(f.name) {
			w.WriteString(f.name)
		} else {
			w.scalar(f.name)
		}
		w.WriteString(": ")
		w.value(f.value)
		if !w.cue && i < len(o)-1 {
			w.WriteByte(',')
		}
	}
	if w.depth == 0 {
		w.WriteByte('\n')
	}
}

func (w *writer) value(v any) {
	switch v := v.(type) {
	case object:
		w.WriteByte('{')
		if len(v) > 0 {
			w.depth++
			w.fields(v)
			w.depth--
			w.line()
		}
		w.WriteByte('}')
	case []any:
		w.WriteByte('[')
		for i, x := range v {
			if i > 0 {
				w.WriteString(", ")
			}
			w.value(x)
		}
		w.WriteByte(']')
	default:
		w.scalar(v)
	}
}

// scalar writes a text, number or truth value, which CUE and JSON write alike.
func (w *writer) scalar(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("generate: %T can't be written: %v", v, err)) // a mistake in this file
	}
	w.Write(b)
}
