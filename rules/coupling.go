package rules

import (
	"slices"

	"lintel/analyzer"
	"lintel/schema"
)

// couples reports whether d ties its module to its targets in daily operation, which is what the
// coupling rules judge. What is needed only to deploy or to recover does not count, nor do the
// relations of monitors, recovers and backup, which are no dependencies.
func couples(d *analyzer.Dependency) bool {
	return d.When == schema.Runtime || d.When == schema.Startup
}

// isPlatform reports whether modules of kind k serve every other module alike, by an interface that
// knows nothing of their purpose, so that depending on them tells nothing about the cut of the
// system.
func isPlatform(k schema.Kind) bool {
	switch k {
	case schema.Configuration, schema.Discovery, schema.DNS, schema.Identity, schema.Monitoring, schema.Network:
		return true
	}
	return false
}

// kindNames lists the kinds that a parameter of a rule may name.
var kindNames = []string{
	string(schema.Service), string(schema.Frontend), string(schema.Gateway), string(schema.LoadBalancer),
	string(schema.Worker), string(schema.Job), string(schema.Function), string(schema.Database),
	string(schema.Cache), string(schema.Queue), string(schema.ObjectStore), string(schema.Search),
	string(schema.Discovery), string(schema.Configuration), string(schema.DNS), string(schema.Identity),
	string(schema.Monitoring), string(schema.Network), string(schema.External),
}

// kindsOf gives the value of a parameter that lists kinds.
func (p *Pass) kindsOf(param string) map[schema.Kind]bool {
	set := map[schema.Kind]bool{}
	for _, k := range p.Strings(param) {
		set[schema.Kind(k)] = true
	}
	return set
}

// fans holds, for each module, the distinct other modules that depend on it (In) and that it depends
// on (Out), sorted: the afferent and efferent couplings of R. Martin, with what says nothing about
// the cut of the system left out:
//   - dependencies that are needed only to deploy or to recover,
//   - dependencies on platform modules (see isPlatform) and of monitoring modules,
//   - a store that one module alone uses: it is the inside of that module,
//   - all alternatives of an anyOf but one: they are one contract, however often it is fulfilled.
type fans struct {
	In, Out [][]int32
}

func countFans(a *analyzer.Analysis) *fans {
	n := a.Modules()
	all := make([][]int32, n) // who depends on a module, by any of the dependencies that count
	for i := range a.Dependencies() {
		d := &a.Dependencies()[i]
		if !couples(d) || a.Module(d.From).Kind == schema.Monitoring {
			continue
		}
		for _, t := range d.Targets {
			// Dependencies are in order of module, so one look back keeps the list distinct.
			if l := all[t]; t != d.From && (len(l) == 0 || l[len(l)-1] != d.From) {
				all[t] = append(l, d.From)
			}
		}
	}
	counts := func(t int32) bool {
		k := a.Module(t).Kind
		return !isPlatform(k) && !(k.IsStore() && len(all[t]) <= 1)
	}
	f := &fans{In: all, Out: make([][]int32, n)}
	for i := range f.Out {
		deps := a.DependenciesOf(int32(i))
		if a.Module(int32(i)).Kind == schema.Monitoring || len(deps) == 0 {
			continue
		}
		out := make([]int32, 0, len(deps))
		for k := range deps {
			if d := &deps[k]; couples(d) && len(d.AnyOf) == 0 {
				for _, t := range d.Targets {
					if t != int32(i) && counts(t) {
						out = append(out, t)
					}
				}
			}
		}
		slices.Sort(out)
		out = slices.Compact(out)
		plain := len(out)
		for k := range deps {
			d := &deps[k]
			if !couples(d) || len(d.AnyOf) == 0 {
				continue
			}
			known := slices.ContainsFunc(d.Targets, func(t int32) bool {
				_, ok := slices.BinarySearch(out[:plain], t)
				return ok || slices.Contains(out[plain:], t)
			})
			at := slices.IndexFunc(d.Targets, func(t int32) bool { return t != int32(i) && counts(t) })
			if !known && at >= 0 {
				out = append(out, d.Targets[at])
			}
		}
		slices.Sort(out)
		f.Out[i] = out
	}
	return f
}

// instability is R. Martin's Ce/(Ca+Ce): 0 for a module that only serves others, 1 for one that only
// uses others. A module without neighbours has 0.
func (f *fans) instability(i int32) float64 {
	in, out := len(f.In[i]), len(f.Out[i])
	if in+out == 0 {
		return 0
	}
	return float64(out) / float64(in+out)
}

// dependencyOn returns the first dependency of module from that couples it to module to, and whether
// there is one.
func dependencyOn(a *analyzer.Analysis, from, to int32) (*analyzer.Dependency, bool) {
	deps := a.DependenciesOf(from)
	for k := range deps {
		if couples(&deps[k]) && slices.Contains(deps[k].Targets, to) {
			return &deps[k], true
		}
	}
	return nil, false
}

// placeOf is the place of the dependency of module from on to, or of from where there is none.
func placeOf(a *analyzer.Analysis, from, to int32) schema.Range {
	if d, ok := dependencyOn(a, from, to); ok {
		return d.Pos
	}
	return a.Module(from).Pos
}
