package rules

import "lintel/schema"

// Settings steer a run. Of the layers, a later one wins over an earlier one: defaults, the settings
// file, the design's own "lint" field, and last Override.
type Settings struct {
	// File is the "lint" field of the nearest .lintel.cue of the design, or nil.
	File *schema.Lint
	// Override holds severities given on the command line, by rule id.
	Override map[string]Severity
	// Only and Skip limit the run to, or leave out, rules, by id or category ("RES"). Empty lists do
	// nothing.
	Only, Skip []string
}

// effective is the settings of one run, resolved for one design.
type effective struct {
	severities map[string]Severity // only those that someone has set
	params     map[string]map[string]any
	only, skip map[string]bool
}

func resolve(s Settings, d *schema.Design) *effective {
	e := &effective{severities: map[string]Severity{}, params: map[string]map[string]any{}, only: set(s.Only), skip: set(s.Skip)}
	if s.File != nil {
		e.apply(s.File.Rules)
	}
	e.apply(d.Lint.Rules)
	for id, sev := range s.Override {
		e.severities[id] = sev
	}
	return e
}

func set(names []string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[n] = true
	}
	return out
}

func (e *effective) apply(list []schema.RuleSetting) {
	for _, s := range list {
		r, ok := Find(s.Rule)
		if !ok {
			continue // schema.Load refuses unknown rules
		}
		if sev, ok := ParseSeverity(s.Severity); ok {
			e.severities[r.ID] = sev
		}
		for _, q := range s.Params {
			if e.params[r.ID] == nil {
				e.params[r.ID] = map[string]any{}
			}
			e.params[r.ID][q.Name] = q.Value
		}
	}
}

func (e *effective) severity(r *Rule) (s Severity, set bool) {
	if s, ok := e.severities[r.ID]; ok {
		return s, true
	}
	return r.Severity, false
}

func (e *effective) runs(r *Rule) bool {
	if s, _ := e.severity(r); s == Off {
		return false
	}
	if len(e.only) > 0 && !e.only[r.ID] && !e.only[r.Category()] {
		return false
	}
	return !e.skip[r.ID] && !e.skip[r.Category()]
}

func (e *effective) param(r *Rule, name string) (any, bool) {
	v, ok := e.params[r.ID][name]
	return v, ok
}
