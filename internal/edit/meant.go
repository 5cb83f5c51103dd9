package edit

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"lintel/analyzer/change"
	"lintel/schema"
)

// object is a struct of a design as plain data, as JSON has it.
type object = map[string]any

// tree gives what d states as plain data that loads as the same design, less its "lint", which no edit changes.
func tree(d *schema.Design) object {
	o := object{"system": d.System}
	modules, domains, journeys, transactions := object{}, object{}, object{}, object{}
	for _, m := range d.Modules {
		modules[m.Name] = moduleTree(m)
	}
	for _, f := range d.FailureDomains {
		domains[f.Name] = kept(object{"kind": string(f.Kind), "in": f.In.Name, "availability": percent(f.Availability), "mtbf": f.MTBF, "mttr": f.MTTR})
	}
	for _, j := range d.Journeys {
		journeys[j.Name] = kept(object{"entry": j.Entry.Name, "uses": names(j.Uses, j.HasUses), "slo": sloTree(j.SLO), "peak": j.Peak})
	}
	for _, t := range d.Transactions {
		transactions[t.Name] = kept(object{"spans": names(t.Spans, true), "coordination": t.Coordination})
	}
	o["modules"] = modules
	for name, all := range map[string]object{"failureDomains": domains, "journeys": journeys, "transactions": transactions} {
		if _, stated := d.Places.Of(name); stated || len(all) > 0 {
			o[name] = all
		}
	}
	return o
}

func sloTree(s schema.SLO) any {
	return whole(kept(object{"availability": percent(s.Availability), "latency": s.Latency}))
}

// whole is o, or nothing where it states nothing.
func whole(o object) any {
	if len(o) == 0 {
		return nil
	}
	return o
}

// unless leaves out the value that an absent field has, unless the design states it.
func unless[T comparable](places schema.Places, field string, value, absent T) any {
	if _, stated := places.Of(field); stated || value != absent {
		return value
	}
	return nil
}

func moduleTree(m *schema.Module) object {
	o := object{
		"kind":        unless(m.Places, "kind", string(m.Kind), string(schema.Service)),
		"description": m.Description, "technology": m.Technology,
		"tags": texts(m.Tags), "links": linksTree(m.Links),
		"team": m.Team, "group": m.Group, "layer": m.Layer,
		"tier":     m.Tier,
		"entry":    unless(m.Places, "entry", m.Entry, false),
		"replicas": unless(m.Places, "replicas", m.Replicas, 1),
		"redundancy": whole(kept(object{
			"mode":        unless(m.Places, "redundancy.mode", string(m.Redundancy.Mode), string(schema.ActiveActive)),
			"need":        m.Redundancy.Need,
			"failover":    unless(m.Places, "redundancy.failover", string(m.Redundancy.Failover), string(schema.AutomaticFailover)),
			"replication": string(m.Redundancy.Replication),
		})),
		"loadBalancing": string(m.LoadBalancing),
		"state":         unless(m.Places, "state", string(m.State), string(m.Kind.DefaultState())),
		"monitors":      names(m.Monitors, false), "recovers": names(m.Recovers, false),
		"availability": percent(m.Availability), "mtbf": m.MTBF, "mttr": m.MTTR,
		"slo": sloTree(m.SLO), "latency": m.Latency,
		"deploy":     whole(kept(object{"unit": m.Deploy.Unit, "strategy": m.Deploy.Strategy})),
		"operations": m.Operations,
	}
	if a := m.Autoscaling; a != nil {
		o["autoscaling"] = object{"min": a.Min, "max": a.Max}
	}
	if p := m.Placement; p != nil {
		o["placement"] = names(p.Spread, true)
		if len(p.Counts) > 0 {
			counts := object{}
			for _, c := range p.Counts {
				counts[c.Domain.Name] = c.Count
			}
			o["placement"] = counts
		}
	}
	if s := m.Session; s != nil {
		o["session"] = kept(object{"kept": s.Kept, "in": s.In.Name})
	}
	if b := m.Backup; b != nil {
		o["backup"] = kept(object{"to": b.To.Name, "every": b.Every, "tested": b.Tested})
	}
	if m.Capacity != nil {
		o["capacity"] = object{"perReplica": *m.Capacity}
	}
	if len(m.DependsOn) > 0 {
		deps := object{}
		for _, d := range m.DependsOn {
			deps[d.Key] = dependencyTree(d)
		}
		o["dependsOn"] = deps
	}
	return kept(o)
}

func linksTree(links []schema.Link) any {
	labelled, plain := object{}, []any{}
	for _, l := range links {
		if l.Label != "" {
			labelled[l.Label] = l.URL
		}
		plain = append(plain, l.URL)
	}
	switch {
	case len(links) == 0:
		return nil
	case len(labelled) == len(links):
		return labelled
	}
	return plain
}

func dependencyTree(d *schema.Dependency) object {
	o := object{
		"to": unless(d.Places, "to", d.To.Name, d.Key), "anyOf": names(d.AnyOf, false), "need": unless(d.Places, "need", d.Need, 1),
		"mode":     unless(d.Places, "mode", string(d.Mode), string(schema.Sync)),
		"strength": unless(d.Places, "strength", string(d.Strength), string(schema.Hard)),
		"when":     unless(d.Places, "when", string(d.When), string(schema.Runtime)),
		"access":   string(d.Access), "fallback": d.Fallback, "protocol": d.Protocol, "description": d.Description,
		"timeout": d.Timeout, "circuitBreaker": d.CircuitBreaker, "calls": d.Calls,
	}
	if len(d.AnyOf) > 0 {
		delete(o, "to")
	}
	if r := d.Retries; r != nil {
		retries := object{"max": r.Max, "backoff": r.Backoff, "jitter": r.Jitter}
		if r.Pause != nil {
			retries["backoff"] = r.Pause
		}
		o["retries"] = kept(retries)
	}
	return kept(o)
}

func names(refs []schema.Ref, stated bool) any {
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

// kept is o without the fields that state nothing, and with plain values for pointers.
func kept(o object) object {
	for name, value := range o {
		switch v := value.(type) {
		case nil:
			delete(o, name)
		case string:
			if v == "" {
				delete(o, name)
			}
		case *time.Duration:
			if delete(o, name); v != nil {
				o[name] = durationText(*v)
			}
		case *int:
			keepPointer(o, name, v)
		case *bool:
			keepPointer(o, name, v)
		case *float64:
			keepPointer(o, name, v)
		}
	}
	return o
}

// percent is a percentage; one that as a number would be taken for a fraction is written as text.
func percent(v *float64) any {
	if v != nil && *v > 0 && *v <= 1 {
		return number(*v) + "%"
	}
	return v
}

// durationText writes a duration so that every field that takes it at all takes it.
func durationText(d time.Duration) string {
	if d >= 1e9*time.Second {
		return schema.FormatDuration(d)
	}
	return fmt.Sprintf("%d.%09ds", d/time.Second, d%time.Second)
}

func keepPointer[T any](o object, name string, v *T) {
	if delete(o, name); v != nil {
		o[name] = *v
	}
}

// setTree sets a field of a tree, or takes it away where value is nil, and reports whether that changed anything.
func setTree(o object, path []string, value change.Value) bool {
	last := path[len(path)-1]
	for _, name := range path[:len(path)-1] {
		inner, ok := o[name].(object)
		if !ok {
			if value == nil {
				return false
			}
			inner = object{}
			o[name] = inner
		}
		o = inner
	}
	old, had := o[last]
	if value == nil {
		delete(o, last)
		return had
	}
	o[last] = change.Plain(value)
	return !had || !same(old, o[last])
}

func same(a, b any) bool { return reflect.DeepEqual(a, b) }

// checkField tells of a field that can be no field of a design.
func checkField(f change.Field) error {
	if len(f.Path) < 2 && !(len(f.Path) == 1 && f.Path[0] == "system") || slices.Contains(f.Path, "") {
		return fmt.Errorf("%q is no field of a thing of the design", pathText(f.Path))
	}
	if f.Path[0] == "lint" {
		return fmt.Errorf("%s: settings of the checks are not edited", pathText(f.Path))
	}
	return checkValue(pathText(f.Path), f.Value)
}

func checkValue(path string, v change.Value) error {
	switch v := v.(type) {
	case nil, int, float64, string, bool, []string:
		return nil
	case []change.Field:
		seen := map[string]bool{}
		for _, f := range v {
			if len(f.Path) != 1 || f.Path[0] == "" || seen[f.Path[0]] || f.Value == nil {
				return fmt.Errorf("%s: a field of a struct has a name of its own, one, and a value", path)
			}
			seen[f.Path[0]] = true
			if err := checkValue(path+"."+f.Path[0], f.Value); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("%s: a %T is no value of a field", path, v)
}

// difference names the first thing in which got is not what was meant, or "". The settings of the checks are those of
// the design before.
func difference(meant, got, before *schema.Design) string {
	if at := differs(bare(meant), bare(got), ""); at != "" {
		return at
	}
	if !sameSettings(before.Lint, got.Lint) {
		return "lint"
	}
	return ""
}

// bare is all that the analyses see of d: its tree without places, with what has a default filled in.
func bare(d *schema.Design) object {
	o := object{}
	for _, m := range d.Modules {
		c := *m
		c.Places = nil
		t := moduleTree(&c)
		t["state"], t["reliable"], t["need"] = string(m.State), m.ReliableReplicas(), m.Need()
		deps := object{}
		for _, dep := range m.DependsOn {
			c := *dep
			c.Places = nil
			deps[dep.Key] = dependencyTree(&c)
		}
		if len(deps) > 0 {
			t["dependsOn"] = deps
		}
		o["modules."+m.Name] = t
	}
	c := *d
	c.Places, c.Modules = nil, nil
	for name, value := range tree(&c) {
		if name != "modules" {
			o[name] = value
		}
	}
	return o
}

// differs gives the path of a field that only one of two trees has, or that has another value there.
func differs(a, b any, at string) string {
	x, ok1 := a.(object)
	y, ok2 := b.(object)
	if !ok1 || !ok2 {
		if same(a, b) {
			return ""
		}
		return at
	}
	all := maps.Clone(x)
	maps.Copy(all, y)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if d := differs(x[name], y[name], strings.TrimPrefix(at+"."+name, ".")); d != "" {
			return d
		}
	}
	return ""
}

// sameSettings compares what two designs say about the checks, places aside. CUE values of policies cannot be compared, so
// only what is plain data of them is.
func sameSettings(a, b schema.Lint) bool {
	plain := func(l schema.Lint) string {
		var out strings.Builder
		for _, r := range l.Rules {
			fmt.Fprintf(&out, "%q %q", r.Rule, r.Severity)
			for _, p := range r.Params {
				fmt.Fprintf(&out, " %q %v", p.Name, p.Value)
			}
		}
		for _, w := range l.Waivers {
			fmt.Fprintf(&out, "%q %q %q %v %q", w.Rule, w.At, w.Reason, w.Until, w.Ticket)
		}
		for _, p := range l.Policies {
			fmt.Fprintf(&out, "%q %q %q %q %q", p.Name, p.Message, p.Severity, p.Description, p.Link)
		}
		return out.String()
	}
	return plain(a) == plain(b)
}
