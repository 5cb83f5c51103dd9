package rules

import (
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// dependencyName names a dependency as the design does and as a waiver may: by its target, or, of
// one with alternatives, by its key.
func dependencyName(a *analyzer.Analysis, d *analyzer.Dependency) string {
	if len(d.AnyOf) > 0 {
		return edgeName(a.Module(d.From).Name, d.Key)
	}
	return edgeName(a.Module(d.From).Name, d.To.Name)
}

// hardLink returns the hard runtime dependency by which module from needs module to: of several, one
// without a spare. It is nil where there is none.
func hardLink(a *analyzer.Analysis, from, to int32) *analyzer.Dependency {
	var found *analyzer.Dependency
	deps := a.DependenciesOf(from)
	for k := range deps {
		d := &deps[k]
		if d.HardRuntime() && slices.Contains(d.Targets, to) && (found == nil || hasSpare(found) && !hasSpare(d)) {
			found = d
		}
	}
	return found
}

// linkName names the hard runtime dependency by which module from needs module to.
func linkName(a *analyzer.Analysis, from, to int32) string {
	if d := hardLink(a, from, to); d != nil {
		return dependencyName(a, d)
	}
	return edgeName(a.Module(from).Name, a.Module(to).Name)
}

// firstOwnLink names the first dependency on a way whose module is not external: one that this
// design can make soft. It is "" where there is none.
func firstOwnLink(a *analyzer.Analysis, way []int32) string {
	for k := 0; k+1 < len(way); k++ {
		if a.Module(way[k]).Kind != schema.External {
			return linkName(a, way[k], way[k+1])
		}
	}
	return ""
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
