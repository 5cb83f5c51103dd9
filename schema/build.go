package schema

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// builder makes a design of a tree that has been checked: every value is of its type. A value that
// the reader could not compute (unknownNode) leaves its field unstated; the reader has told of it.
type builder struct{ doc *document }

// span is the place of a field: from its label to the end of its value where that ends on the
// same line, else the label.
func (f *field) span() Range {
	v := f.value.pos
	switch {
	case !f.pos.IsKnown():
		return v
	case v.File == f.pos.File && v.StartLine == f.pos.StartLine && v.EndLine == v.StartLine && v.EndColumn > f.pos.EndColumn:
		r := f.pos
		r.EndLine, r.EndColumn = v.EndLine, v.EndColumn
		return r
	}
	return f.pos
}

// labelPos is where a name is written.
func (f *field) labelPos() Range {
	if f.pos.IsKnown() {
		return f.pos
	}
	return f.value.pos
}

// places gives where the fields of n, and those of their structs, are stated.
func places(n *node, nested ...string) Places {
	if len(n.fields) == 0 {
		return nil
	}
	out := make(Places, 0, len(n.fields)+2)
	for i := range n.fields {
		f := &n.fields[i]
		out = append(out, FieldPlace{f.name, f.span()})
		if f.value.kind != structNode || !slices.Contains(nested, f.name) {
			continue
		}
		for k := range f.value.fields {
			inner := &f.value.fields[k]
			out = append(out, FieldPlace{f.name + "." + inner.name, inner.span()})
		}
	}
	return out
}

func (b builder) design(n *node, d *Design) {
	d.Places = places(n, "lint")
	if len(d.Files) > 0 {
		d.Pos = Range{File: d.Files[0], StartLine: 1, StartColumn: 1, EndLine: 1, EndColumn: 1}
	}
	for i := range n.fields {
		f := &n.fields[i]
		v := f.value
		switch f.name {
		case "system":
			d.System, d.Pos = v.text, f.span()
		case "modules":
			d.Modules = each(v, b.module)
		case "failureDomains":
			d.FailureDomains = each(v, b.failureDomain)
		case "journeys":
			d.Journeys = each(v, b.journey)
		case "transactions":
			d.Transactions = each(v, b.transaction)
		case "lint":
			b.lint(v, &d.Lint)
		}
	}
}

// each makes one T of each field.
func each[T any](n *node, build func(*field, *T)) []*T {
	if len(n.fields) == 0 {
		return nil
	}
	values := make([]T, len(n.fields))
	out := make([]*T, len(n.fields))
	for i := range n.fields {
		build(&n.fields[i], &values[i])
		out[i] = &values[i]
	}
	return out
}

func (b builder) module(f *field, m *Module) {
	m.Name, m.Pos, m.Replicas = f.name, f.labelPos(), 1
	n := f.value
	m.Places = places(n, "redundancy", "autoscaling", "session", "backup", "slo", "capacity", "deploy")
	for i := range n.fields {
		f := &n.fields[i]
		v := f.value
		if v.kind == unknownNode {
			continue
		}
		switch f.name {
		case "kind":
			m.Kind = Kind(v.text)
		case "description":
			m.Description = v.text
		case "technology":
			m.Technology = v.text
		case "tags":
			m.Tags = b.strings(v)
		case "links":
			m.Links = b.links(v)
		case "team":
			m.Team = v.text
		case "group":
			m.Group = v.text
		case "layer":
			m.Layer = v.text
		case "tier":
			m.Tier = new(b.int(v))
		case "entry":
			m.Entry = b.bool(v)
		case "replicas":
			m.Replicas = b.int(v)
		case "redundancy":
			b.redundancy(v, &m.Redundancy)
		case "autoscaling":
			m.Autoscaling = &Autoscaling{}
			b.ints(v, map[string]*int{"min": &m.Autoscaling.Min, "max": &m.Autoscaling.Max})
		case "placement":
			m.Placement = b.placement(v)
		case "loadBalancing":
			m.LoadBalancing = LoadBalancing(v.text)
		case "state":
			m.State = State(v.text)
		case "session":
			m.Session = &Session{}
			b.session(v, m.Session)
		case "backup":
			m.Backup = &Backup{Pos: f.span()}
			b.backup(v, m.Backup)
		case "monitors":
			m.Monitors = b.refs(v)
		case "recovers":
			m.Recovers = b.refs(v)
		case "availability":
			m.Availability = new(b.percentage(v))
		case "mtbf":
			m.MTBF = new(b.duration(v))
		case "mttr":
			m.MTTR = new(b.duration(v))
		case "slo":
			b.slo(v, &m.SLO)
		case "latency":
			m.Latency = new(b.duration(v))
		case "capacity":
			if per := v.field("perReplica"); per != nil && per.value.kind == numberNode {
				m.Capacity = new(b.float(per.value))
			}
		case "deploy":
			b.deploy(v, &m.Deploy)
		case "operations":
			m.Operations = new(b.int(v))
		case "dependsOn":
			m.DependsOn = b.dependencies(v)
		}
	}
}

func (b builder) links(n *node) []Link {
	var out []Link
	for _, item := range n.items {
		out = append(out, Link{URL: item.text})
	}
	for i := range n.fields {
		out = append(out, Link{Label: n.fields[i].name, URL: n.fields[i].value.text})
	}
	if n.kind == structNode {
		slices.SortFunc(out, func(a, b Link) int { return cmp.Compare(a.Label, b.Label) })
	}
	return out
}

func (b builder) redundancy(n *node, r *Redundancy) {
	for i := range n.fields {
		switch v := n.fields[i].value; n.fields[i].name {
		case "mode":
			r.Mode = RedundancyMode(v.text)
		case "need":
			r.Need = new(b.int(v))
		case "failover":
			r.Failover = Failover(v.text)
		case "replication":
			r.Replication = Replication(v.text)
		}
	}
}

func (b builder) ints(n *node, to map[string]*int) {
	for i := range n.fields {
		if p := to[n.fields[i].name]; p != nil {
			*p = b.int(n.fields[i].value)
		}
	}
}

// placement gives nil for an empty list or struct, which says nothing.
func (b builder) placement(n *node) *Placement {
	p := &Placement{Spread: b.refs(n)}
	for i := range n.fields {
		f := &n.fields[i]
		p.Counts = append(p.Counts, PlacementCount{Domain: Ref{f.name, f.labelPos()}, Count: b.int(f.value)})
	}
	if len(p.Spread) == 0 && len(p.Counts) == 0 {
		return nil
	}
	return p
}

func (b builder) session(n *node, s *Session) {
	for i := range n.fields {
		switch v := n.fields[i].value; n.fields[i].name {
		case "kept":
			s.Kept = v.text
		case "in":
			s.In = Ref{v.text, v.pos}
		}
	}
}

func (b builder) backup(n *node, out *Backup) {
	for i := range n.fields {
		switch v := n.fields[i].value; n.fields[i].name {
		case "to":
			out.To = Ref{v.text, v.pos}
		case "every":
			out.Every = new(b.duration(v))
		case "tested":
			out.Tested = new(b.bool(v))
		}
	}
}

func (b builder) slo(n *node, s *SLO) {
	for i := range n.fields {
		switch v := n.fields[i].value; n.fields[i].name {
		case "availability":
			s.Availability = new(b.percentage(v))
		case "latency":
			s.Latency = new(b.duration(v))
		}
	}
}

func (b builder) deploy(n *node, d *Deploy) {
	for i := range n.fields {
		switch v := n.fields[i].value; n.fields[i].name {
		case "unit":
			d.Unit = v.text
		case "strategy":
			d.Strategy = v.text
		}
	}
}

func (b builder) dependencies(n *node) []*Dependency {
	if n.kind == structNode {
		return each(n, b.dependency)
	}
	values := make([]Dependency, len(n.items))
	out := make([]*Dependency, 0, len(n.items))
	for i, item := range n.items {
		if item.kind == stringNode {
			values[i] = Dependency{Key: item.text, To: Ref{item.text, item.pos}, Pos: item.pos}
			out = append(out, &values[i])
		}
	}
	return out
}

func (b builder) dependency(f *field, d *Dependency) {
	d.Key, d.Pos = f.name, f.labelPos()
	n := f.value
	d.Places = places(n, "retries")
	for i := range n.fields {
		v := n.fields[i].value
		if v.kind == unknownNode {
			continue
		}
		switch n.fields[i].name {
		case "to":
			d.To = Ref{v.text, v.pos}
		case "anyOf":
			d.AnyOf = b.refs(v)
		case "need":
			d.Need = b.int(v)
		case "mode":
			d.Mode = Mode(v.text)
		case "strength":
			d.Strength = Strength(v.text)
		case "fallback":
			d.Fallback = v.text
		case "when":
			d.When = Phase(v.text)
		case "access":
			d.Access = Access(v.text)
		case "protocol":
			d.Protocol = v.text
		case "description":
			d.Description = v.text
		case "timeout":
			d.Timeout = new(b.duration(v))
		case "retries":
			d.Retries = &Retries{}
			b.retries(v, d.Retries)
		case "circuitBreaker":
			d.CircuitBreaker = new(b.bool(v))
		case "calls":
			d.Calls = new(b.float(v))
		}
	}
}

func (b builder) retries(n *node, r *Retries) {
	for i := range n.fields {
		switch v := n.fields[i].value; n.fields[i].name {
		case "max":
			r.Max = b.int(v)
		case "backoff":
			if pause, err := parseDuration(v.text); err == nil {
				r.Pause = &pause
			} else {
				r.Backoff = v.text
			}
		case "jitter":
			r.Jitter = new(b.bool(v))
		}
	}
}

func (b builder) failureDomain(f *field, d *FailureDomain) {
	d.Name, d.Pos = f.name, f.labelPos()
	d.Places = places(f.value)
	for i := range f.value.fields {
		switch v := f.value.fields[i].value; f.value.fields[i].name {
		case "kind":
			d.Kind = DomainKind(v.text)
		case "in":
			d.In = Ref{v.text, v.pos}
		case "availability":
			d.Availability = new(b.percentage(v))
		case "mtbf":
			d.MTBF = new(b.duration(v))
		case "mttr":
			d.MTTR = new(b.duration(v))
		}
	}
}

func (b builder) journey(f *field, j *Journey) {
	j.Name, j.Pos = f.name, f.labelPos()
	j.Places = places(f.value, "slo")
	for i := range f.value.fields {
		switch v := f.value.fields[i].value; f.value.fields[i].name {
		case "entry":
			j.Entry = Ref{v.text, v.pos}
		case "uses":
			j.Uses, j.HasUses = b.refs(v), true
		case "slo":
			b.slo(v, &j.SLO)
		case "peak":
			j.Peak = new(b.float(v))
		}
	}
}

func (b builder) transaction(f *field, t *Transaction) {
	t.Name, t.Pos = f.name, f.labelPos()
	t.Places = places(f.value)
	for i := range f.value.fields {
		switch v := f.value.fields[i].value; f.value.fields[i].name {
		case "spans":
			t.Spans = b.refs(v)
		case "coordination":
			t.Coordination = v.text
		}
	}
}

func (b builder) lint(n *node, l *Lint) {
	for i := range n.fields {
		switch v := n.fields[i].value; n.fields[i].name {
		case "rules":
			for k := range v.fields {
				l.Rules = append(l.Rules, b.ruleSetting(&v.fields[k]))
			}
			slices.SortFunc(l.Rules, func(a, b RuleSetting) int { return strings.Compare(a.Rule, b.Rule) })
		case "waivers":
			for _, item := range v.items {
				l.Waivers = append(l.Waivers, b.waiver(item))
			}
		case "policies":
			l.Policies = b.policies(v)
		}
	}
}

// ruleSetting reads a severity, or a struct of a severity and parameters.
func (b builder) ruleSetting(f *field) RuleSetting {
	s := RuleSetting{Rule: f.name, Severity: f.value.text, Pos: f.labelPos()}
	settings := typeRuleSettings.fields.rest // of a policy
	if rule := typeRuleSettings.fields.field(f.name); rule != nil {
		settings = rule.typ
	}
	if settings.fields == nil {
		return s
	}
	for i := range f.value.fields {
		p := &f.value.fields[i]
		if p.name == "severity" {
			s.Severity = p.value.text
			continue
		}
		if t := settings.fields.field(p.name); t != nil {
			s.Params = append(s.Params, RuleParam{Name: p.name, Value: b.param(p.value, t.typ), Pos: p.span()})
		}
	}
	slices.SortFunc(s.Params, func(a, b RuleParam) int { return strings.Compare(a.Name, b.Name) })
	return s
}

func (b builder) param(n *node, t *valueType) any {
	switch n.kind {
	case boolNode:
		return b.bool(n)
	case stringNode:
		return n.text
	case listNode:
		return b.strings(n)
	case numberNode:
		if len(t.numbers) > 0 && t.numbers[0].integer {
			return int64(b.int(n))
		}
		return b.float(n)
	}
	return nil
}

func (b builder) waiver(n *node) Waiver {
	w := Waiver{Pos: firstLine(n.pos), Places: places(n)}
	for i := range n.fields {
		switch v := n.fields[i].value; n.fields[i].name {
		case "rule":
			w.Rule = v.text
		case "at":
			w.At = v.text
		case "reason":
			w.Reason = v.text
		case "until":
			if day, err := time.Parse(dateLayout, v.text); err == nil {
				w.Until = &day
			}
		case "ticket":
			w.Ticket = v.text
		}
	}
	return w
}

// refs gives the names in a list, in its order.
func (b builder) refs(n *node) []Ref {
	var out []Ref
	for _, item := range n.items {
		if item.kind == stringNode {
			out = append(out, Ref{item.text, item.pos})
		}
	}
	return out
}

func (b builder) strings(n *node) []string {
	out := make([]string, 0, len(n.items))
	for _, item := range n.items {
		if item.kind == stringNode {
			out = append(out, item.text)
		}
	}
	return out
}

func (b builder) bool(n *node) bool { return n.text == "true" }

// int gives the value of a number that the check found to be whole and in bounds.
func (b builder) int(n *node) int {
	d, err := parseDecimal(n.text)
	if err != nil {
		return 0
	}
	i, _ := d.int64()
	return int(i)
}

func (b builder) float(n *node) float64 {
	d, err := parseDecimal(n.text)
	if err != nil {
		return 0
	}
	f, _ := d.float64()
	return f
}

func (b builder) percentage(n *node) float64 {
	if n.kind == stringNode {
		f, _ := parsePercentage(n.text)
		return f
	}
	return b.float(n)
}

func (b builder) duration(n *node) time.Duration {
	d, _ := parseDuration(n.text)
	return d
}
