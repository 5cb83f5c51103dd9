package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lintel/schema"
)

// unknownReference tells of every name that refers to a part of the design and is not in it, and of
// waivers for a rule that does not exist. For the failure model such a part is absent, so that other
// verdicts about the module are made without it.
var unknownReference = &Rule{
	ID: "HYG001", Name: "unknown-reference", Severity: Error,
	Summary: "A name refers to a module, failure domain or rule that does not exist.",
	Sources: []Source{
		{"Codd, Extending the Database Relational Model to Capture More Meaning, 1979: referential integrity", "https://doi.org/10.1145/320107.320109"},
	},
	Run: runUnknownReference,
}

func runUnknownReference(p *Pass) { p.unknownReferences() }

// meantModules marks the modules that HYG001 offers for names that the design does not have; none where it does not
// run.
func (p *Pass) meantModules() map[string]bool {
	if !p.Runs(unknownReference.ID) {
		return nil
	}
	own := &Pass{Rule: unknownReference, Design: p.Design, Analysis: p.Analysis, settings: p.settings}
	meant := map[string]bool{}
	for key, near := range own.unknownReferences().near {
		if near != "" && strings.HasPrefix(key, "module ") {
			meant[near] = true
		}
	}
	return meant
}

// unknownReferences reports every name that is not in the design.
func (p *Pass) unknownReferences() *referenceCheck {
	a := p.Analysis
	c := &referenceCheck{p: p, near: map[string]string{}}
	for _, m := range p.Design.Modules {
		c.modules = append(c.modules, m.Name)
	}
	for _, f := range p.Design.FailureDomains {
		c.domains = append(c.domains, f.Name)
	}
	isModule := func(name string) bool { _, ok := a.ModuleIndex(name); return ok }
	isDomain := func(name string) bool { _, ok := a.DomainIndex(name); return ok }

	for i, m := range p.Design.Modules {
		subject := Subject{OfModule, m.Name}
		module := func(ref schema.Ref, field, says string) {
			if ref.Name != "" && !isModule(ref.Name) {
				c.report(reference{ref, subject, field, m.Name + " " + says, "module", m.At(field), nil})
			}
		}
		for _, d := range a.DependenciesOf(int32(i)) {
			if d.Unknown == 0 {
				continue
			}
			for _, ref := range d.Dependency.Targets() {
				if !isModule(ref.Name) {
					says := m.Name + " depends on"
					if len(d.AnyOf) > 0 {
						says = fmt.Sprintf("%s names as an alternative of %s", m.Name, d.Key)
					}
					c.report(reference{ref, Subject{OfDependency, edgeName(m.Name, ref.Name)}, "dependsOn." + d.Key, says, "module", d.Pos, []string{m.Name, edgeName(m.Name, d.Key)}})
				}
			}
		}
		if m.Placement != nil {
			refs := m.Placement.Spread
			for _, n := range m.Placement.Counts {
				refs = append(refs[:len(refs):len(refs)], n.Domain)
			}
			for _, ref := range refs {
				if !isDomain(ref.Name) {
					c.report(reference{ref, subject, "placement", m.Name + " is placed in", "failure domain", m.At("placement"), nil})
				}
			}
		}
		if m.Session != nil {
			module(m.Session.In, "session.in", "keeps its sessions in")
		}
		if m.Backup != nil {
			module(m.Backup.To, "backup.to", "has its backup in")
		}
		for _, ref := range m.Monitors {
			module(ref, "monitors", "monitors")
		}
		for _, ref := range m.Recovers {
			module(ref, "recovers", "recovers")
		}
	}
	for _, f := range p.Design.FailureDomains {
		if f.In.Name != "" && !isDomain(f.In.Name) {
			c.report(reference{f.In, Subject{OfFailureDomain, f.Name}, "in", f.Name + " lies in", "failure domain", f.At("in"), nil})
		}
	}
	for _, j := range p.Design.Journeys {
		subject := Subject{OfJourney, j.Name}
		if !isModule(j.Entry.Name) {
			c.report(reference{j.Entry, subject, "entry", j.Name + " enters at", "module", j.At("entry"), nil})
		}
		for _, ref := range j.Uses {
			if !isModule(ref.Name) {
				c.report(reference{ref, subject, "uses", j.Name + " uses", "module", j.At("uses"), nil})
			}
		}
	}
	for _, t := range p.Design.Transactions {
		for _, ref := range t.Spans {
			if !isModule(ref.Name) {
				c.report(reference{ref, Subject{OfTransaction, t.Name}, "spans", t.Name + " spans", "module", t.At("spans"), nil})
			}
		}
	}
	p.unknownRulesOfWaivers(p.Design.Lint.Waivers, Subject{OfSystem, p.Design.System})
	p.keysOnce()
	return c
}

// reference is a name that is not in the design.
type reference struct {
	ref     schema.Ref
	subject Subject
	field   string
	says    string // what the design says with the name, up to it
	kind    string // "module" or "failure domain"
	or      schema.Range
	aliases []string
}

type referenceCheck struct {
	p                *Pass
	modules, domains []string
	near             map[string]string // by kind and unknown name; "" where nothing is near
	sought           int
}

// maxSought bounds the search for the names that unknown ones may stand for: a design whose every
// name is unknown would otherwise cost time with the square of its size.
const maxSought = 200

func (c *referenceCheck) nearest(r reference) string {
	key := r.kind + " " + r.ref.Name
	near, ok := c.near[key]
	if !ok && c.sought < maxSought {
		c.sought++
		known := c.modules
		if r.kind != "module" {
			known = c.domains
		}
		near, _ = nearest(r.ref.Name, known)
		c.near[key] = near
	}
	return near
}

func (c *referenceCheck) report(r reference) {
	f := Finding{
		Subject:  r.subject,
		Message:  fmt.Sprintf("%s %q, which is no %s of the design", r.says, r.ref.Name, r.kind),
		Location: r.or,
		Key:      r.field + " " + r.ref.Name,
		Aliases:  append(r.aliases, r.ref.Name),
	}
	if r.ref.Pos.IsKnown() {
		f.Location = r.ref.Pos
	}
	declare := "declare it: " + declaration(r)
	if near := c.nearest(r); near != "" {
		f.Suggestions = []string{fmt.Sprintf("did you mean %q?", near), "or " + declare}
		f.Related = c.declared(r.kind, near)
	} else {
		f.Suggestions = []string{declare}
	}
	c.p.Report(f)
}

func declaration(r reference) string {
	if r.kind == "module" {
		return fmt.Sprintf("modules: %q: {kind: ...}, of kind external if it is not yours", r.ref.Name)
	}
	return fmt.Sprintf("failureDomains: %q: kind: ...", r.ref.Name)
}

func (c *referenceCheck) declared(kind, name string) []Related {
	a := c.p.Analysis
	var at schema.Range
	if kind == "module" {
		i, _ := a.ModuleIndex(name)
		at = a.Module(i).Pos
	} else {
		i, _ := a.DomainIndex(name)
		at = c.p.Design.FailureDomains[i].Pos
	}
	if !at.IsKnown() {
		return nil
	}
	return []Related{{Message: name + " is declared here", Location: at}}
}

// unknownRulesOfWaivers reports the waivers whose rule does not exist.
func (p *Pass) unknownRulesOfWaivers(waivers []schema.Waiver, subject Subject) {
	for i := range waivers {
		w := &waivers[i]
		if _, ok := p.settings.find(w.Rule); ok {
			continue
		}
		f := Finding{
			Subject:     subject,
			Message:     fmt.Sprintf("a waiver at %q is for %q, which is no rule of lintel: it waives nothing", w.At, w.Rule),
			Location:    w.Pos,
			Key:         "waiver " + w.Rule + " at " + normalizeAt(w.At),
			Aliases:     []string{w.Rule},
			Suggestions: []string{"\"lintel rules\" lists the rules"},
		}
		if r, ok := w.Places.Of("rule"); ok {
			f.Location = r
		}
		if near, ok := nearest(w.Rule, slices.Concat(namesOfRules(), p.settings.names())); ok {
			f.Suggestions = []string{fmt.Sprintf("did you mean %q?", near)}
		}
		p.Report(f)
	}
}

// keysOnce makes the findings' keys differ where one subject refers to the same unknown name in the
// same field more than once.
func (p *Pass) keysOnce() {
	type identity struct {
		subject Subject
		key     string
	}
	seen := map[identity]int{}
	for i := range p.findings {
		f := p.findings[i]
		id := identity{f.Subject, f.Key}
		if seen[id]++; seen[id] > 1 {
			f.Key = fmt.Sprintf("%s #%d", cmp.Or(f.Key, "-"), seen[id])
		}
	}
}
