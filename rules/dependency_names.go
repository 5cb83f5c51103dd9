package rules

import (
	"slices"

	"lintel/analyzer"
)

// dependencyName names a dependency as the design does and as a waiver may: by its target, or, of
// one with alternatives, by its key.
func dependencyName(a *analyzer.Analysis, d *analyzer.Dependency) string {
	if len(d.AnyOf) > 0 {
		return edgeName(a.Module(d.From).Name, d.Key)
	}
	return edgeName(a.Module(d.From).Name, d.To.Name)
}

// dependencyAliases gives the names by which a waiver may name a finding about dependencies: of
// each, the module that it starts from, the dependency by its key, and by each of its targets.
func dependencyAliases(a *analyzer.Analysis, dependencies ...*analyzer.Dependency) []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, d := range dependencies {
		from := a.Module(d.From).Name
		add(from)
		add(edgeName(from, d.Key))
		for _, ref := range d.Dependency.Targets() {
			add(edgeName(from, ref.Name))
		}
	}
	return names
}
