package resilience

import (
	"lintel/analyzer"
	"lintel/schema"
)

// TypicalValue is what is assumed of one kind of thing where the user asks for it.
type TypicalValue struct {
	Kind         string  // of a module or a failure domain
	Domain       bool    // of a failure domain
	Availability float64 // percent, of one replica, of an external module as a whole, or of a failure domain by itself
	Reason       string  // where it is from
}

const instanceReason = "one virtual machine is promised 99.5 % (Amazon Compute SLA, instance level); what runs on it also fails and is deployed"

// TypicalValues is the table of typical availabilities, on the careful side. docs/availability.md has it, with its sources.
func TypicalValues() []TypicalValue {
	of := func(domain bool, availability float64, reason string, kinds ...string) (out []TypicalValue) {
		for _, k := range kinds {
			out = append(out, TypicalValue{k, domain, availability, reason})
		}
		return out
	}
	var out []TypicalValue
	for _, rows := range [][]TypicalValue{
		of(false, 99.5, instanceReason, "service", "frontend", "gateway", "load-balancer", "worker", "job", "function", "discovery", "config", "dns", "identity", "monitoring"),
		of(false, 99.5, instanceReason, "database", "cache", "queue", "object-store", "search"),
		of(false, 99.9, "a judgement", "network"),
		of(false, 99.9, "a judgement", "external"),
		of(true, 99.5, "a judgement", "host"),
		of(true, 99.95, "a judgement", "rack", "power", "network", "zone"),
		of(true, 99.99, "a judgement", "region", "provider"),
	} {
		out = append(out, rows...)
	}
	return out
}

// typical gives the typical probability of an event.
func (s *System) typical(e analyzer.Event) (q float64, ok bool) {
	d := s.Analysis.Design
	kind, domain := "", e.Kind == analyzer.DomainEvent
	if domain {
		kind = string(d.FailureDomains[e.Domain].Kind)
	} else {
		kind = string(d.Modules[e.Module].Kind)
		if kind == "" {
			kind = string(schema.Service)
		}
	}
	for _, v := range TypicalValues() {
		if v.Domain == domain && v.Kind == kind {
			return (100 - v.Availability) / 100, true
		}
	}
	return 0, false
}
