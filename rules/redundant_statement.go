package rules

import (
	"fmt"
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// redundantStatement tells of fields of modules and dependencies that state what holds without them. Only what can be dropped
// without changing anything else is told: a literal that stands in a module of the design itself, with nothing besides
// that could fill the field in (see plainStatements).
var redundantStatement = &Rule{
	ID:       "HYG005",
	Name:     "redundant-statement",
	Severity: Off,
	Summary:  "A field states what its default says.",
	Sources: []Source{
		{Title: "The CUE language: defaults, and cue trim, which drops what they say", URL: "https://cuelang.org/docs/concept/how-cue-works-with-configuration/"},
	},
	Run: runRedundantStatement,
}

func runRedundantStatement(p *Pass) {
	plain := plainStatements(p.Design)
	if plain == nil {
		return
	}
	a := p.Analysis
	for i, m := range p.Design.Modules {
		own := plain[m.Name]
		if own == nil {
			continue
		}
		for _, field := range redundantFields(a, m) {
			place, stated := m.Places.Of(field.name)
			if !stated || !own[field.name] {
				continue
			}
			p.Report(Finding{
				Subject:     Subject{OfModule, m.Name},
				Key:         field.name,
				Message:     fmt.Sprintf("%s states %s: %s, which is the default", m.Name, field.name, field.value),
				Location:    place,
				Suggestions: []string{fmt.Sprintf("drop %s", field.name)},
			})
		}
		deps := a.DependenciesOf(int32(i))
		for k := range deps {
			d := &deps[k]
			for _, field := range redundantDependencyFields(d) {
				place, stated := d.Places.Of(field.name)
				if !stated || !own["dependsOn."+d.Key+"."+field.name] {
					continue
				}
				p.Report(Finding{
					Subject:     Subject{OfDependency, edgeName(m.Name, d.Key)},
					Key:         field.name,
					Message:     fmt.Sprintf("%s states %s: %s, which is the default", edgeName(m.Name, d.Key), field.name, field.value),
					Location:    place,
					Aliases:     dependencyAliases(a, d),
					Suggestions: []string{fmt.Sprintf("drop %s", field.name)},
				})
			}
		}
	}
}

// fieldValue is a field by its path below a module or dependency, and its value as a design writes it.
type fieldValue struct{ name, value string }

// redundantFields lists the fields of m that have the value of their default. A need that is the majority of a quorum is
// not among them: it would not follow the number of replicas any more.
func redundantFields(a *analyzer.Analysis, m *schema.Module) []fieldValue {
	var out []fieldValue
	add := func(is bool, name, value string) {
		if is {
			out = append(out, fieldValue{name, value})
		}
	}
	add(m.Kind == schema.Service, "kind", `"service"`)
	add(!m.Entry, "entry", "false")
	add(m.Replicas == 1, "replicas", "1")
	add(m.Redundancy.Mode == schema.ActiveActive, "redundancy.mode", `"active-active"`)
	add(m.Redundancy.Mode != schema.Quorum && m.Need() == 1, "redundancy.need", "1")
	add(m.Redundancy.Failover == schema.AutomaticFailover, "redundancy.failover", `"automatic"`)
	// What a cache or the like holds counts as its own where its state is stated, so that states nothing twice.
	add(m.State == m.Kind.DefaultState() && (m.State == schema.Stateless || keepsByKind(m.Kind)), "state", fmt.Sprintf("%q", string(m.State)))
	add(m.Deploy.Strategy == "rolling", "deploy.strategy", `"rolling"`)
	alone := !slices.ContainsFunc(a.Design.Modules, func(o *schema.Module) bool { return o != m && o.Deploy.Unit == m.Deploy.Unit })
	add(m.Deploy.Unit == m.Name && alone, "deploy.unit", fmt.Sprintf("%q", m.Name))
	return out
}

// keepsByKind reports whether modules of kind k are where their data live, whether they state so or not; see keepsData.
func keepsByKind(k schema.Kind) bool {
	return k == schema.Database || k == schema.ObjectStore || k == schema.Queue
}

func redundantDependencyFields(d *analyzer.Dependency) []fieldValue {
	var out []fieldValue
	add := func(is bool, name, value string) {
		if is {
			out = append(out, fieldValue{name, value})
		}
	}
	add(d.Mode == schema.Sync, "mode", `"sync"`)
	add(d.Strength == schema.Hard, "strength", `"hard"`)
	add(d.When == schema.Runtime, "when", `"runtime"`)
	add(len(d.AnyOf) > 0 && d.Need == 1, "need", "1")
	add(len(d.AnyOf) == 0 && d.To.Name == d.Key, "to", fmt.Sprintf("%q", d.Key))
	return out
}
