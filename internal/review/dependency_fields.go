package review

import (
	"strconv"

	"lintel/schema"
)

// dependencyFields are the fields of a dependency, in the order of the language reference.
var dependencyFields = []field[schema.Dependency]{
	{name: "to", strengthens: "more alternatives to spare", refers: true, weight: 20, value: func(d *schema.Dependency, r *renames) string { return r.module(d.To.Name) }, effect: alternatives},
	{name: "anyOf", strengthens: "more alternatives to spare", refers: true, weight: 20, value: func(d *schema.Dependency, r *renames) string { return names(d.AnyOf, r.module) }, effect: alternatives},
	{name: "need", strengthens: "fewer", weight: 20, value: func(d *schema.Dependency, _ *renames) string { return strconv.Itoa(max(d.Need, 1)) },
		effect: func(old, new *schema.Dependency) Effect { return fewer(old.Need, new.Need) }},
	{name: "mode", strengthens: "async", weight: 20, value: func(d *schema.Dependency, _ *renames) string { return string(d.Mode) },
		effect: func(old, new *schema.Dependency) Effect {
			return has(old.Mode == schema.Async, new.Mode == schema.Async)
		}},
	{name: "strength", strengthens: "soft", weight: 30, value: func(d *schema.Dependency, _ *renames) string { return string(d.Strength) },
		effect: func(old, new *schema.Dependency) Effect {
			return has(old.Strength == schema.Soft, new.Strength == schema.Soft)
		}},
	{name: "fallback", strengthens: "one where there was none", weight: 10, value: func(d *schema.Dependency, _ *renames) string { return d.Fallback },
		effect: func(old, new *schema.Dependency) Effect { return has(old.Fallback != "", new.Fallback != "") }},
	{name: "when", strengthens: "from runtime to another", weight: 20, value: func(d *schema.Dependency, _ *renames) string { return string(d.When) },
		effect: func(old, new *schema.Dependency) Effect {
			return has(old.When != schema.Runtime, new.When != schema.Runtime)
		}},
	{name: "access", weight: 6, value: func(d *schema.Dependency, _ *renames) string { return string(d.Access) }},
	{name: "protocol", weight: 4, value: func(d *schema.Dependency, _ *renames) string { return d.Protocol }},
	{name: "description", weight: descriptive, value: func(d *schema.Dependency, _ *renames) string { return d.Description }},
	{name: "timeout", strengthens: "one where there was none", weight: 10, value: func(d *schema.Dependency, _ *renames) string { return duration(d.Timeout) },
		effect: func(old, new *schema.Dependency) Effect { return has(old.Timeout != nil, new.Timeout != nil) }},
	{name: "retries.max", weight: 10, value: func(d *schema.Dependency, _ *renames) string {
		if d.Retries == nil {
			return ""
		}
		return strconv.Itoa(d.Retries.Max)
	}},
	{name: "retries.backoff", strengthens: "one where there was none", weight: 8, value: func(d *schema.Dependency, _ *renames) string {
		switch {
		case d.Retries == nil:
			return ""
		case d.Retries.Pause != nil:
			return duration(d.Retries.Pause)
		}
		return d.Retries.Backoff
	}, effect: func(old, new *schema.Dependency) Effect {
		if old.Retries == nil || new.Retries == nil {
			return Neutral // who does not try again needs no pause
		}
		return has(backsOff(old.Retries), backsOff(new.Retries))
	}},
	{name: "retries.jitter", strengthens: "true", weight: 6, value: func(d *schema.Dependency, _ *renames) string {
		if d.Retries == nil {
			return ""
		}
		return truth(d.Retries.Jitter)
	}, effect: func(old, new *schema.Dependency) Effect {
		if old.Retries == nil || new.Retries == nil {
			return Neutral
		}
		return has(isTrue(old.Retries.Jitter), isTrue(new.Retries.Jitter))
	}},
	{name: "circuitBreaker", strengthens: "true", weight: 10, value: func(d *schema.Dependency, _ *renames) string { return truth(d.CircuitBreaker) },
		effect: func(old, new *schema.Dependency) Effect {
			return has(isTrue(old.CircuitBreaker), isTrue(new.CircuitBreaker))
		}},
	{name: "calls", strengthens: "fewer, where both state it", weight: 10, value: func(d *schema.Dependency, _ *renames) string { return number(d.Calls) },
		effect: func(old, new *schema.Dependency) Effect { return fewerKnown(old.Calls, new.Calls) }},
}

// alternatives tells what it means that other modules can do what is needed; names that changed along are no matter here,
// since only the number counts.
func alternatives(old, new *schema.Dependency) Effect {
	return more(len(old.Targets())-old.Need, len(new.Targets())-new.Need)
}

func backsOff(r *schema.Retries) bool {
	return r.Pause != nil || r.Backoff != "" && r.Backoff != "none"
}
