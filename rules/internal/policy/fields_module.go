package policy

import (
	"cmp"
	"strconv"
	"sync"
	"time"

	"lintel/schema"
)

const (
	textType   = "string"
	namesType  = "[...string]"
	countType  = "int & >=0"
	numberType = "number"
	shareType  = "number & >=0 & <=1"
	boolType   = "bool"
)

// The fields of a module are listed on first use. They ask for those of other modules, so that the list can't be the
// value of a variable.
var modules struct {
	once  sync.Once
	shape *shape
}

func moduleShape() *shape {
	modules.once.Do(func() { modules.shape = newModuleShape() })
	return modules.shape
}

func newModuleShape() *shape {
	text := func(name, doc string, get func(m *schema.Module) string) field {
		return field{name: name, typ: textType, doc: doc, get: func(s *subject) any { return stated(get(s.m())) }}
	}
	return &shape{noun: "module", fields: []field{
		text("name", "The module's name.", func(m *schema.Module) string { return m.Name }),
		{name: "kind", typ: kindType, doc: "What the module is.", get: func(s *subject) any { return string(s.m().Kind) }},
		text("description", "What the module does.", func(m *schema.Module) string { return m.Description }),
		text("technology", "What it is built with.", func(m *schema.Module) string { return m.Technology }),
		{name: "tags", typ: namesType, doc: "Its tags; [] where it has none.", get: func(s *subject) any { return list(s.m().Tags) }},
		{name: "links", typ: "{[string]: string}", doc: "Addresses by label, those of a list by their number, from \"1\"; {} where there are none.", get: func(s *subject) any { return linksOf(s.m()) }},
		text("team", "The team that owns it.", func(m *schema.Module) string { return m.Team }),
		text("group", "The subsystem that it belongs to.", func(m *schema.Module) string { return m.Group }),
		text("layer", "The layer that it belongs to.", func(m *schema.Module) string { return m.Layer }),
		{name: "tier", typ: "int & >=0 & <=3", doc: "How critical it is, from 0 (most) to 3.", get: func(s *subject) any { return number(s.m().Tier) }},
		{name: "entry", typ: boolType, doc: "Whether it is called from outside.", get: func(s *subject) any { return s.m().Entry }},
		{name: "replicas", typ: countType, doc: "How many copies run, as stated; see facts.reliableReplicas.", get: func(s *subject) any { return s.m().Replicas }},
		{name: "redundancy", doc: "How the copies stand in for each other.", sub: redundancyShape()},
		{name: "autoscaling", doc: "The bounds of the number of replicas.", sub: &shape{noun: "autoscaling", fields: []field{
			{name: "min", typ: countType, doc: "The fewest replicas.", get: func(s *subject) any { return s.m().Autoscaling.Min }},
			{name: "max", typ: countType, doc: "The most replicas.", get: func(s *subject) any { return s.m().Autoscaling.Max }},
		}}, has: func(s *subject) bool { return s.m().Autoscaling != nil }},
		{name: "placement", typ: "{[string]: int}", doc: "The number of replicas in each failure domain, by its name.", get: func(s *subject) any { return placementOf(s.m()) }},
		{name: "loadBalancing", typ: `"platform" | "proxy" | "client" | "dns" | "none"`, doc: "How callers reach the replicas.", get: func(s *subject) any { return stated(string(s.m().LoadBalancing)) }},
		{name: "state", typ: `"stateless" | "session" | "stateful"`, doc: "What a replica keeps between requests; by kind where it is not stated.", get: func(s *subject) any { return string(s.m().State) }},
		{name: "session", doc: "Where user sessions live.", sub: &shape{noun: "session", fields: []field{
			{name: "kept", typ: `"local" | "sticky" | "shared"`, doc: "How user sessions are kept.", get: func(s *subject) any { return s.m().Session.Kept }},
			{name: "in", typ: textType, doc: "The module that holds shared sessions.", get: func(s *subject) any { return stated(s.m().Session.In.Name) }},
		}}, has: func(s *subject) bool { return s.m().Session != nil }},
		{name: "backup", doc: "Where its data is copied.", sub: &shape{noun: "backup", fields: []field{
			{name: "to", typ: textType, doc: "The module that holds the copies.", get: func(s *subject) any { return stated(s.m().Backup.To.Name) }},
			duration("every", "How often a copy is made.", "facts.backupSeconds", func(s *subject) *time.Duration { return s.m().Backup.Every }),
			{name: "tested", typ: boolType, doc: "Whether a copy has been restored.", get: func(s *subject) any { return truth(s.m().Backup.Tested) }},
		}}, has: func(s *subject) bool { return s.m().Backup != nil }},
		{name: "monitors", typ: namesType, doc: "The modules that it watches; [] where there are none.", get: func(s *subject) any { return refs(s.m().Monitors) }},
		{name: "recovers", typ: namesType, doc: "The modules that it is used to repair; [] where there are none.", get: func(s *subject) any { return refs(s.m().Recovers) }},
		{name: "availability", typ: numberType, doc: "The availability of one replica, in percent, which may follow from mtbf and mttr.", get: func(s *subject) any {
			m := s.m()
			if q, ok := m.Unavailability(); ok && m.Availability == nil {
				return 100 - 100*q
			}
			return fraction(m.Availability)
		}},
		duration("mtbf", "The mean time between its failures.", "facts.mtbfSeconds", func(s *subject) *time.Duration { return s.m().MTBF }),
		duration("mttr", "The mean time until it is up again.", "facts.mttrSeconds", func(s *subject) *time.Duration { return s.m().MTTR }),
		{name: "slo", doc: "What is promised to its callers.", sub: sloShape(func(s *subject) *schema.SLO { return &s.m().SLO }),
			has: func(s *subject) bool { return s.m().SLO != schema.SLO{} }},
		duration("latency", "Its own typical time, without its dependencies.", "facts.latencySeconds", func(s *subject) *time.Duration { return s.m().Latency }),
		{name: "capacity", doc: "What it can carry.", sub: &shape{noun: "capacity", fields: []field{
			{name: "perReplica", typ: numberType, doc: "Requests a second that one replica can serve.", get: func(s *subject) any { return fraction(s.m().Capacity) }},
		}}, has: func(s *subject) bool { return s.m().Capacity != nil }},
		{name: "deploy", doc: "How it is shipped.", sub: &shape{noun: "deploy", fields: []field{
			{name: "unit", typ: textType, doc: "What it is shipped with; absent where it is shipped alone.", get: func(s *subject) any { return stated(s.m().Deploy.Unit) }},
			{name: "strategy", typ: `"rolling" | "recreate" | "blue-green" | "canary"`, doc: "How a new version replaces the old one.", get: func(s *subject) any {
				if v := s.m().Deploy.Strategy; v != "" {
					return v
				}
				return "rolling"
			}},
		}}},
		{name: "operations", typ: countType, doc: "How many operations it offers.", get: func(s *subject) any { return number(s.m().Operations) }},
		{name: "dependsOn", typ: "{[string]: {...}}", doc: "Its dependencies by name, each with its details and defaults; {} where it has none.", get: func(s *subject) any { return dependsOn(s, nil) }, some: dependsOn},
		{name: "facts", doc: "What the analysis finds out about it.", sub: moduleFacts()},
	}}
}

const kindType = `"service" | "frontend" | "gateway" | "load-balancer" | "worker" | "job" | "function" | "database" | "cache" | "queue" | "object-store" | "search" | "discovery" | "config" | "dns" | "identity" | "monitoring" | "network" | "external"`

func redundancyShape() *shape {
	return &shape{noun: "redundancy", fields: []field{
		{name: "mode", typ: `"active-active" | "active-passive" | "quorum"`, doc: "How the copies serve.", get: func(s *subject) any { return string(s.m().Redundancy.Mode) }},
		{name: "need", typ: countType, doc: "How many copies must be up, by default too.", get: func(s *subject) any { return s.m().Need() }},
		{name: "failover", typ: `"automatic" | "manual"`, doc: "How a standby takes over.", get: func(s *subject) any { return string(s.m().Redundancy.Failover) }},
		{name: "replication", typ: `"synchronous" | "asynchronous"`, doc: "How the copies share data.", get: func(s *subject) any { return stated(string(s.m().Redundancy.Replication)) }},
	}}
}

func sloShape(of func(s *subject) *schema.SLO) *shape {
	return &shape{noun: "slo", fields: []field{
		{name: "availability", typ: numberType, doc: "The share that is served, in percent.", get: func(s *subject) any { return fraction(of(s).Availability) }},
		duration("latency", "The longest time that a request may take.", "facts.sloLatencySeconds", func(s *subject) *time.Duration { return of(s).Latency }),
	}}
}

// duration is a field that holds a duration, as text such as "1m30s".
func duration(name, doc, seconds string, get func(s *subject) *time.Duration) field {
	return field{name: name, typ: textType, doc: doc + " As text such as \"500ms\" or \"1m30s\"; as a number in " + seconds + ".", seconds: seconds, get: func(s *subject) any {
		if d := get(s); d != nil {
			return schema.FormatDuration(*d)
		}
		return nil
	}}
}

// seconds is a fact that holds a duration as a number.
func seconds(name, doc string, get func(s *subject) *time.Duration) field {
	return field{name: name, typ: numberType, doc: doc, get: func(s *subject) any {
		if d := get(s); d != nil {
			return d.Seconds()
		}
		return nil
	}}
}

// linksOf gives the addresses by label, those without one by their number.
func linksOf(m *schema.Module) any {
	out := map[string]any{}
	for i, l := range m.Links {
		out[cmp.Or(l.Label, strconv.Itoa(i+1))] = l.URL
	}
	return out
}

// placementOf gives the number of reliable replicas in each failure domain.
func placementOf(m *schema.Module) any {
	if m.Placement == nil {
		return nil
	}
	out := map[string]any{}
	for _, d := range m.ReplicaDomains() {
		if d != "" {
			n, _ := out[d].(int)
			out[d] = n + 1
		}
	}
	return out
}

// dependsOn gives the dependencies of a module as a dependency's own fields, by key: all of these, or only those of the
// given names.
func dependsOn(s *subject, only []string) any {
	out := map[string]any{}
	own := s.analysis().DependenciesOf(s.module)
	for k := range own {
		out[own[k].Key] = dependencyFieldsShape().all(s.ownDependency(k), only)
	}
	return out
}
