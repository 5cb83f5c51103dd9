package review

import "lintel/schema"

var domainFields = []field[schema.FailureDomain]{
	{name: "kind", weight: 15, value: func(f *schema.FailureDomain, _ *renames) string { return string(f.Kind) }},
	{name: "in", refers: true, weight: 20, value: func(f *schema.FailureDomain, r *renames) string { return r.domain(f.In.Name) }},
	{name: "availability", strengthens: "higher, where both state it", weight: 12, value: func(f *schema.FailureDomain, _ *renames) string { return percent(f.Availability) },
		effect: fewerDownDomain},
	{name: "mtbf", strengthens: "a higher availability that follows, where both state it", weight: 12, value: func(f *schema.FailureDomain, _ *renames) string { return duration(f.MTBF) },
		effect: fewerDownDomain},
	{name: "mttr", strengthens: "a higher availability that follows, where both state it", weight: 12, value: func(f *schema.FailureDomain, _ *renames) string { return duration(f.MTTR) },
		effect: fewerDownDomain},
}

func fewerDownDomain(old, new *schema.FailureDomain) Effect {
	return lessDown(old.Unavailability, new.Unavailability)
}

var journeyFields = []field[schema.Journey]{
	{name: "entry", refers: true, weight: 25, value: func(j *schema.Journey, r *renames) string { return r.module(j.Entry.Name) }},
	{name: "uses", refers: true, weight: 20, value: func(j *schema.Journey, r *renames) string {
		switch {
		case !j.HasUses:
			return ""
		case len(j.Uses) == 0:
			return "[]"
		}
		return names(j.Uses, r.module)
	}},
	{name: "slo.availability", weight: 10, value: func(j *schema.Journey, _ *renames) string { return percent(j.SLO.Availability) }},
	{name: "slo.latency", weight: 10, value: func(j *schema.Journey, _ *renames) string { return duration(j.SLO.Latency) }},
	{name: "peak", strengthens: "less, where both state it", weight: 12, value: func(j *schema.Journey, _ *renames) string { return number(j.Peak) },
		effect: func(old, new *schema.Journey) Effect { return fewerKnown(old.Peak, new.Peak) }},
}

var transactionFields = []field[schema.Transaction]{
	{name: "spans", refers: true, weight: 10, value: func(t *schema.Transaction, r *renames) string { return names(t.Spans, r.module) }},
	{name: "coordination", strengthens: "some where there was none", weight: 20, value: func(t *schema.Transaction, _ *renames) string { return t.Coordination },
		effect: func(old, new *schema.Transaction) Effect { return has(coordinated(old), coordinated(new)) }},
}

func coordinated(t *schema.Transaction) bool { return t.Coordination != "" && t.Coordination != "none" }
