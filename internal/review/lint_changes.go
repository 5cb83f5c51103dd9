package review

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"lintel/rules"
	"lintel/schema"
)

// lintChanges tells what changed in what the designs say about the checks themselves.
func (m *match) lintChanges() []Change {
	return slices.Concat(m.ruleChanges(), m.waiverChanges(), m.policyChanges())
}

// ruleChanges tells which settings of rules differ, defaults understood.
func (m *match) ruleChanges() []Change {
	type setting struct{ old, new *schema.RuleSetting }
	settings := map[string]setting{}
	for i := range m.old.Lint.Rules {
		s := &m.old.Lint.Rules[i]
		settings[ruleID(s.Rule)] = setting{old: s}
	}
	for i := range m.new.Lint.Rules {
		s := &m.new.Lint.Rules[i]
		both := settings[ruleID(s.Rule)]
		both.new = s
		settings[ruleID(s.Rule)] = both
	}
	var out []Change
	for _, id := range slices.Sorted(maps.Keys(settings)) {
		s := settings[id]
		c := Change{Kind: OfRule, Name: id, Status: Changed, Fields: settingFields(id, s.old, s.new)}
		if len(c.Fields) == 0 {
			continue
		}
		switch {
		case s.old == nil:
			c.Status, c.Place = Added, s.new.Pos
		case s.new == nil:
			c.Status, c.Place = Removed, s.old.Pos
		default:
			c.Place = s.new.Pos
		}
		for _, f := range c.Fields {
			weight := settingParam
			if f.Field == "severity" {
				weight = settingSeverity
			}
			c.Effect = gravest(c.Effect, f.Effect)
			c.Weight = max(c.Weight, weigh(weight, f.Effect))
		}
		out = append(out, c)
	}
	return out
}

// ruleID gives the id of a rule that is named by its id or name; other names stay as they are.
func ruleID(name string) string {
	if r, ok := rules.Find(name); ok {
		return r.ID
	}
	return name
}

// settingFields compares two settings of one rule; nil stands for the defaults.
func settingFields(id string, old, new *schema.RuleSetting) []FieldChange {
	none := &schema.RuleSetting{}
	old, new = cmp.Or(old, none), cmp.Or(new, none)
	rule, known := rules.Find(id)
	var out []FieldChange
	add := func(field, o, n string, e Effect, at schema.Range) {
		if o != n {
			out = append(out, FieldChange{Field: field, Old: o, New: n, Effect: e, Place: at})
		}
	}
	severity := func(s *schema.RuleSetting) string {
		if s.Severity == "" && known {
			return rule.Severity.String()
		}
		return s.Severity
	}
	add("severity", severity(old), severity(new), graver(severity(old), severity(new)), cmp.Or(new.Pos, old.Pos))

	names := map[string]bool{}
	for _, s := range []*schema.RuleSetting{old, new} {
		for _, p := range s.Params {
			names[p.Name] = true
		}
	}
	param := func(s *schema.RuleSetting, name string) (string, schema.Range) {
		for _, p := range s.Params {
			if p.Name == name {
				return paramValue(p.Value), p.Pos
			}
		}
		if known {
			for _, p := range rule.Params {
				if p.Name == name {
					return paramValue(p.Default), schema.Range{}
				}
			}
		}
		return "", schema.Range{}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		o, oldPlace := param(old, name)
		n, newPlace := param(new, name)
		add(name, o, n, Neutral, cmp.Or(newPlace, oldPlace, new.Pos, old.Pos))
	}
	return out
}

// graver tells what a change of a severity means for what is checked.
func graver(old, new string) Effect {
	o, okOld := rules.ParseSeverity(old)
	n, okNew := rules.ParseSeverity(new)
	if !okOld || !okNew {
		return Neutral
	}
	return more(o, n)
}

// paramValue writes a parameter of a rule as a design states it.
func paramValue(v any) string {
	switch v := v.(type) {
	case []string:
		if len(v) == 0 {
			return "[]"
		}
		return set(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// waiver is a schema.Waiver as a thing of a design.
type waiver struct{ *schema.Waiver }

// At gives the place of a field, or of the waiver where the field is not stated.
func (w waiver) At(field string) schema.Range {
	if r, ok := w.Places.Of(field); ok {
		return r
	}
	return w.Pos
}

// place is where the waiver holds, in the form in which all write it.
func (w waiver) place() string {
	from, to, ok := strings.Cut(w.Waiver.At, "->")
	if !ok {
		return strings.TrimSpace(w.Waiver.At)
	}
	return edge(strings.TrimSpace(from), strings.TrimSpace(to))
}

func (w waiver) name() string { return ruleID(w.Rule) + " at " + w.place() }

var waiverFields = []field[waiver]{
	{name: "reason", weight: descriptive, value: func(w *waiver, _ *renames) string { return w.Reason }},
	{name: "until", strengthens: "an earlier day, or one where there was none", weight: 8, value: func(w *waiver, _ *renames) string {
		if w.Until == nil {
			return ""
		}
		return w.Until.Format(time.DateOnly)
	}, effect: func(old, new *waiver) Effect {
		if old.Until == nil || new.Until == nil {
			return has(old.Until != nil, new.Until != nil)
		}
		return fewer(old.Until.Unix(), new.Until.Unix())
	}},
	{name: "ticket", weight: descriptive, value: func(w *waiver, _ *renames) string { return w.Ticket }},
}

// waiverChanges tells what became of the waivers, which have no names and may be stated several times. One that follows
// what it is about to its new name is as it was.
func (m *match) waiverChanges() []Change {
	if len(m.old.Lint.Waivers)+len(m.new.Lint.Waivers) == 0 {
		return nil
	}
	names := newFindingNames(m)
	var pairs []pair[waiver]
	at := map[string][]int{} // pairs that wait for an old one, by name
	for i := range m.new.Lint.Waivers {
		w := &waiver{&m.new.Lint.Waivers[i]}
		at[w.name()] = append(at[w.name()], len(pairs))
		pairs = append(pairs, pair[waiver]{new: w})
	}
	left := make([]*waiver, len(m.old.Lint.Waivers))
	for i := range left {
		left[i] = &waiver{&m.old.Lint.Waivers[i]}
	}
	text := func(w *waiver) string { return w.Reason + "\x00" + waiverFields[1].value(w, nil) + "\x00" + w.Ticket }
	// The same waiver first, then one of the same rule for the same place.
	for _, exact := range []bool{true, false} {
		left = slices.DeleteFunc(left, func(w *waiver) bool {
			for _, place := range append(names.any(w.place()), w.place()) {
				name := ruleID(w.Rule) + " at " + place
				for k, i := range at[name] {
					if !exact || text(pairs[i].new) == text(w) {
						pairs[i].old = w
						at[name] = slices.Delete(slices.Clone(at[name]), k, k+1)
						return true
					}
				}
			}
			return false
		})
	}
	for _, w := range left {
		pairs = append(pairs, pair[waiver]{old: w})
	}
	var out []Change
	for _, p := range pairs {
		name := func(w *waiver) string { return p.any().name() } // a place that was renamed is the same
		c, ok := changeOf(OfWaiver, p, waiverFields, &waiver{&schema.Waiver{}}, m.renames, name, waiverAdded, waiverRemoved)
		if !ok {
			continue
		}
		switch c.Status {
		case Added:
			c.Effect = Weakens
			c.Weight = weigh(c.Weight, c.Effect)
		case Removed:
			c.Effect = Strengthens
		}
		out = append(out, c)
	}
	return out
}
