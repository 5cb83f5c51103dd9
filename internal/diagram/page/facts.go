package page

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"lintel/schema"
)

// facts collects what a design states of something, in words: pairs of label and value.
type facts [][2]string

func (f *facts) add(label, value string) {
	if value != "" {
		*f = append(*f, [2]string{label, value})
	}
}

func moduleFacts(m *schema.Module) [][2]string {
	var f facts
	f.add("Kind", string(m.Kind))
	f.add("Technology", m.Technology)
	f.add("Team", m.Team)
	f.add("Group", m.Group)
	f.add("Layer", m.Layer)
	if m.Tier != nil {
		f.add("Tier", strconv.Itoa(*m.Tier))
	}
	if m.Entry {
		f.add("Entry", "called from outside")
	}
	f.add("Tags", strings.Join(m.Tags, ", "))
	f.add("Replicas", strconv.Itoa(m.Replicas))
	if s := m.Autoscaling; s != nil {
		f.add("Autoscaling", fmt.Sprintf("%d to %d", s.Min, s.Max))
	}
	f.add("Redundancy", redundancy(m))
	f.add("Replication", string(m.Redundancy.Replication))
	f.add("Placement", placement(m.Placement))
	f.add("Load balancing", string(m.LoadBalancing))
	if m.State != m.Kind.DefaultState() {
		f.add("State", string(m.State))
	}
	if s := m.Session; s != nil {
		f.add("Sessions", phrase(s.Kept, before("in ", s.In.Name)))
	}
	if b := m.Backup; b != nil {
		every, tested := "", ""
		if b.Every != nil {
			every = "every " + inWords(b.Every)
		}
		if b.Tested != nil {
			tested = map[bool]string{true: "tested", false: "not tested"}[*b.Tested]
		}
		f.add("Backup", commas(phrase(before("to ", b.To.Name), every), tested))
	}
	f.add("Monitors", names(m.Monitors))
	f.add("Recovers", names(m.Recovers))
	f.add("Availability", percent(m.Availability))
	f.add("Fails", commas(before("every ", inWords(m.MTBF)), before("repaired within ", inWords(m.MTTR))))
	f.add("Promised", commas(percent(m.SLO.Availability), before("within ", inWords(m.SLO.Latency))))
	f.add("Latency", inWords(m.Latency))
	if m.Capacity != nil {
		f.add("Capacity", number(*m.Capacity)+" requests/s each")
	}
	f.add("Deployed", commas(before("with unit ", m.Deploy.Unit), m.Deploy.Strategy))
	if m.Operations != nil {
		f.add("Operations", strconv.Itoa(*m.Operations))
	}
	return f
}

func redundancy(m *schema.Module) string {
	need, mode, failover := "", "", ""
	if n := m.Need(); n != 1 {
		need = fmt.Sprintf("%d needed", n)
	}
	if m.Redundancy.Mode != schema.ActiveActive || m.ReliableReplicas() > 1 {
		mode = string(m.Redundancy.Mode)
	}
	if m.Redundancy.Failover == schema.ManualFailover {
		failover = "manual failover"
	}
	return commas(mode, failover, need)
}

func placement(p *schema.Placement) string {
	if p == nil {
		return ""
	}
	if len(p.Spread) > 0 {
		return names(p.Spread)
	}
	var out []string
	for _, c := range p.Counts {
		out = append(out, fmt.Sprintf("%s ×%d", c.Domain.Name, c.Count))
	}
	return commas(out...)
}

func dependencyFacts(d *schema.Dependency) [][2]string {
	var f facts
	f.add("Description", d.Description)
	f.add("Protocol", d.Protocol)
	f.add("Access", string(d.Access))
	f.add("Fallback", d.Fallback)
	f.add("Timeout", inWords(d.Timeout))
	if r := d.Retries; r != nil {
		backoff := before("backoff ", r.Backoff)
		if r.Pause != nil {
			backoff = "pause " + inWords(r.Pause)
		}
		jitter := ""
		if r.Jitter != nil {
			jitter = map[bool]string{true: "jitter", false: "no jitter"}[*r.Jitter]
		}
		f.add("Retries", commas(strconv.Itoa(r.Max), backoff, jitter))
	}
	if d.CircuitBreaker != nil {
		f.add("Circuit breaker", map[bool]string{true: "yes", false: "no"}[*d.CircuitBreaker])
	}
	if d.Calls != nil {
		f.add("Calls per request", number(*d.Calls))
	}
	return f
}

func journeyFacts(j *schema.Journey) [][2]string {
	var f facts
	f.add("Promised", commas(percent(j.SLO.Availability), before("within ", inWords(j.SLO.Latency))))
	if j.Peak != nil {
		f.add("Peak", number(*j.Peak)+" requests/s")
	}
	return f
}

func names(refs []schema.Ref) string {
	var out []string
	for _, r := range refs {
		out = append(out, r.Name)
	}
	return commas(out...)
}

// commas and phrase join what is not empty.
func commas(parts ...string) string { return joined(", ", parts) }
func phrase(parts ...string) string { return joined(" ", parts) }

func joined(by string, parts []string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, by)
}

func before(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func percent(f *float64) string {
	if f == nil {
		return ""
	}
	return number(*f) + " %"
}

// inWords writes a duration as a design does; "" where none is stated.
func inWords(d *time.Duration) string {
	if d == nil {
		return ""
	}
	return schema.FormatDuration(*d)
}
