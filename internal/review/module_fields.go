package review

import (
	"slices"
	"strconv"

	"lintel/schema"
)

// moduleFields are the fields of a module but dependsOn, in the order of the language reference.
var moduleFields = []field[schema.Module]{
	{name: "kind", weight: 15, value: func(m *schema.Module, _ *renames) string { return string(m.Kind) }},
	{name: "description", weight: descriptive, value: func(m *schema.Module, _ *renames) string { return m.Description }},
	{name: "technology", weight: descriptive, value: func(m *schema.Module, _ *renames) string { return m.Technology }},
	{name: "tags", weight: descriptive, value: func(m *schema.Module, _ *renames) string { return set(m.Tags) }},
	{name: "links", weight: descriptive, value: func(m *schema.Module, _ *renames) string { return links(m.Links) }},
	{name: "team", weight: 4, value: func(m *schema.Module, _ *renames) string { return m.Team }},
	{name: "group", weight: 4, value: func(m *schema.Module, _ *renames) string { return m.Group }},
	{name: "layer", weight: 4, value: func(m *schema.Module, _ *renames) string { return m.Layer }},
	{name: "tier", weight: 12, value: func(m *schema.Module, _ *renames) string { return whole(m.Tier) }},
	{name: "entry", weight: 15, value: func(m *schema.Module, _ *renames) string { return strconv.FormatBool(m.Entry) }},
	{name: "replicas", strengthens: "more of them that can be relied on", weight: 25, value: func(m *schema.Module, _ *renames) string {
		if m.Autoscaling != nil && m.Replicas == 1 {
			return "" // the floor of autoscaling counts; the default says nothing
		}
		return strconv.Itoa(m.Replicas)
	}, effect: func(old, new *schema.Module) Effect {
		return more(old.ReliableReplicas(), new.ReliableReplicas())
	}},
	{name: "redundancy.mode", strengthens: "from quorum to another", weight: 25, value: func(m *schema.Module, _ *renames) string { return string(m.Redundancy.Mode) },
		effect: func(old, new *schema.Module) Effect {
			return has(old.Redundancy.Mode != schema.Quorum, new.Redundancy.Mode != schema.Quorum)
		}},
	{name: "redundancy.need", strengthens: "fewer", weight: 25, value: func(m *schema.Module, _ *renames) string { return strconv.Itoa(m.Need()) },
		// A majority that changes with the number of replicas is no change of its own.
		same:   func(old, new *schema.Module) bool { return old.Redundancy.Need == nil && new.Redundancy.Need == nil },
		effect: func(old, new *schema.Module) Effect { return fewer(old.Need(), new.Need()) }},
	{name: "redundancy.failover", strengthens: "automatic", weight: 25, value: func(m *schema.Module, _ *renames) string { return string(m.Redundancy.Failover) },
		effect: func(old, new *schema.Module) Effect {
			return has(old.Redundancy.Failover != schema.ManualFailover, new.Redundancy.Failover != schema.ManualFailover)
		}},
	{name: "redundancy.replication", strengthens: "synchronous, where both state it", weight: 12, value: func(m *schema.Module, _ *renames) string { return string(m.Redundancy.Replication) },
		effect: func(old, new *schema.Module) Effect {
			return bothStated(old.Redundancy.Replication, new.Redundancy.Replication, has(old.Redundancy.Replication == schema.Synchronous, new.Redundancy.Replication == schema.Synchronous))
		}},
	{name: "autoscaling.min", strengthens: "more replicas that can be relied on", weight: 25, value: func(m *schema.Module, _ *renames) string {
		if m.Autoscaling == nil {
			return ""
		}
		return strconv.Itoa(m.Autoscaling.Min)
	}, effect: func(old, new *schema.Module) Effect {
		return more(old.ReliableReplicas(), new.ReliableReplicas())
	}},
	{name: "autoscaling.max", strengthens: "more", weight: 10, value: func(m *schema.Module, _ *renames) string {
		if m.Autoscaling == nil {
			return ""
		}
		return strconv.Itoa(m.Autoscaling.Max)
	}, effect: func(old, new *schema.Module) Effect { return more(ceiling(old), ceiling(new)) }},
	{name: "placement", strengthens: "over more failure domains, where both state it", refers: true, weight: 25, value: func(m *schema.Module, r *renames) string { return placement(m.Placement, r) },
		effect: func(old, new *schema.Module) Effect {
			if old.Placement == nil || new.Placement == nil {
				return Neutral
			}
			return more(domainsOf(old.Placement), domainsOf(new.Placement))
		}},
	{name: "loadBalancing", strengthens: "from none to another, where both state it", weight: 12, value: func(m *schema.Module, _ *renames) string { return string(m.LoadBalancing) },
		effect: func(old, new *schema.Module) Effect {
			return bothStated(old.LoadBalancing, new.LoadBalancing, has(old.LoadBalancing != schema.NotBalanced, new.LoadBalancing != schema.NotBalanced))
		}},
	{name: "state", weight: 12, value: func(m *schema.Module, _ *renames) string {
		if m.State == m.Kind.DefaultState() {
			return "" // it follows the kind
		}
		return string(m.State)
	}},
	{name: "session.kept", strengthens: "from local to sticky to shared", weight: 12, value: func(m *schema.Module, _ *renames) string {
		if m.Session == nil {
			return ""
		}
		return m.Session.Kept
	}, effect: func(old, new *schema.Module) Effect {
		if old.Session == nil || new.Session == nil {
			return Neutral
		}
		order := []string{"local", "sticky", "shared"}
		return more(slices.Index(order, old.Session.Kept), slices.Index(order, new.Session.Kept))
	}},
	{name: "session.in", refers: true, weight: 12, value: func(m *schema.Module, r *renames) string {
		if m.Session == nil {
			return ""
		}
		return r.module(m.Session.In.Name)
	}},
	{name: "backup.to", strengthens: "a backup where there was none", refers: true, weight: 15, value: func(m *schema.Module, r *renames) string {
		if m.Backup == nil {
			return ""
		}
		return r.module(m.Backup.To.Name)
	}, effect: func(old, new *schema.Module) Effect { return has(old.Backup != nil, new.Backup != nil) }},
	{name: "backup.every", strengthens: "a backup where there was none, or more often", weight: 12, value: func(m *schema.Module, _ *renames) string {
		if m.Backup == nil {
			return ""
		}
		return duration(m.Backup.Every)
	}, effect: func(old, new *schema.Module) Effect {
		if old.Backup == nil || new.Backup == nil {
			return has(old.Backup != nil, new.Backup != nil)
		}
		return fewerKnown(old.Backup.Every, new.Backup.Every)
	}},
	{name: "backup.tested", strengthens: "true", weight: 12, value: func(m *schema.Module, _ *renames) string {
		if m.Backup == nil {
			return ""
		}
		return truth(m.Backup.Tested)
	}, effect: func(old, new *schema.Module) Effect {
		return has(old.Backup != nil && isTrue(old.Backup.Tested), new.Backup != nil && isTrue(new.Backup.Tested))
	}},
	// A backup of which nothing else is told.
	{name: "backup", strengthens: "a backup where there was none", weight: 15, value: func(m *schema.Module, _ *renames) string {
		if b := m.Backup; b != nil && b.To.Name == "" && b.Every == nil && b.Tested == nil {
			return "{}"
		}
		return ""
	}, effect: func(old, new *schema.Module) Effect { return has(old.Backup != nil, new.Backup != nil) }},
	{name: "monitors", strengthens: "more modules, none less", refers: true, weight: 8, value: func(m *schema.Module, r *renames) string { return names(m.Monitors, r.module) },
		effect: func(old, new *schema.Module) Effect { return wider(old.Monitors, new.Monitors) }},
	{name: "recovers", strengthens: "more modules, none less", refers: true, weight: 8, value: func(m *schema.Module, r *renames) string { return names(m.Recovers, r.module) },
		effect: func(old, new *schema.Module) Effect { return wider(old.Recovers, new.Recovers) }},
	{name: "availability", strengthens: "higher, where both state it", weight: 12, value: func(m *schema.Module, _ *renames) string { return percent(m.Availability) },
		effect: fewerDown},
	{name: "mtbf", strengthens: "a higher availability that follows, where both state it", weight: 12, value: func(m *schema.Module, _ *renames) string { return duration(m.MTBF) }, effect: fewerDown},
	{name: "mttr", strengthens: "a higher availability that follows, where both state it", weight: 12, value: func(m *schema.Module, _ *renames) string { return duration(m.MTTR) }, effect: fewerDown},
	{name: "slo.availability", weight: 10, value: func(m *schema.Module, _ *renames) string { return percent(m.SLO.Availability) }},
	{name: "slo.latency", weight: 10, value: func(m *schema.Module, _ *renames) string { return duration(m.SLO.Latency) }},
	{name: "latency", weight: 10, value: func(m *schema.Module, _ *renames) string { return duration(m.Latency) }},
	{name: "capacity.perReplica", strengthens: "more, where both state it", weight: 12, value: func(m *schema.Module, _ *renames) string { return number(m.Capacity) },
		effect: func(old, new *schema.Module) Effect { return moreKnown(old.Capacity, new.Capacity) }},
	{name: "deploy.unit", weight: 8, value: func(m *schema.Module, _ *renames) string {
		if m.Deploy.Unit == m.Name {
			return "" // a unit of its own is the default
		}
		return m.Deploy.Unit
	}},
	{name: "deploy.strategy", weight: 6, value: func(m *schema.Module, _ *renames) string {
		if m.Deploy.Strategy == "" {
			return "rolling"
		}
		return m.Deploy.Strategy
	}},
	{name: "operations", weight: 4, value: func(m *schema.Module, _ *renames) string { return whole(m.Operations) }},
}

func ceiling(m *schema.Module) int {
	if m.Autoscaling != nil {
		return m.Autoscaling.Max
	}
	return m.Replicas
}

func domainsOf(p *schema.Placement) int {
	if len(p.Counts) == 0 {
		return len(p.Spread)
	}
	n := 0
	for _, c := range p.Counts {
		if c.Count > 0 {
			n++
		}
	}
	return n
}

// bothStated is e, where both sides state the value.
func bothStated[S ~string](old, new S, e Effect) Effect {
	if old == "" || new == "" {
		return Neutral
	}
	return e
}

func fewerDown(old, new *schema.Module) Effect {
	return lessDown(old.Unavailability, new.Unavailability)
}
