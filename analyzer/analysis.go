// Package analyzer is the mathematics of lintel: facts about one design, computed on demand and
// once. It knows no rule, no severity and no output.
//
// Modules, dependencies, failure domains and journeys are named by their index: Module(i) is
// Design.Modules[i], and so on. The indices are in order of name, so results that are sorted by
// index are sorted by name.
package analyzer

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"time"

	"lintel/schema"
)

// Analysis holds the facts about one design. Its methods are safe for concurrent use; the design
// must not be changed while it is in use.
type Analysis struct {
	Design *schema.Design

	moduleIndex  map[string]int32
	domainIndex  map[string]int32
	dependencies []Dependency
	byModule     []int32 // dependencies of module i are dependencies[byModule[i]:byModule[i+1]]
	domainParent []int32 // -1 for a root, for an unknown parent, and where the chain is circular

	journeys []Journey

	failureModel   func() *failureModel
	failures       func() *Failures
	moduleFailures func() *ModuleFailures
	metrics        func() *Metrics
	demandGraph    func() *demandGraph
}

// Dependency is one entry of a module's dependsOn with its targets resolved.
type Dependency struct {
	*schema.Dependency
	From    int32
	Targets []int32 // sorted, without repetition; targets that the design does not have are left out
	// Unknown is the number of targets that the design does not have. For the failure model they are
	// absent: a dependency with no known target counts as satisfied.
	Unknown int

	// What the inner loops ask often is kept beside the targets, and reads the same as in the embedded
	// Dependency, which lies elsewhere in memory.
	When     schema.Phase
	Mode     schema.Mode
	Strength schema.Strength
	Calls    *float64
	Timeout  *time.Duration
	Retries  *schema.Retries

	hardRuntime bool
	choice      bool  // it states alternatives
	need        int32 // of Targets that must work; more than there are where it can never be satisfied
}

// HardRuntime reports whether the failure of d fails its module: a hard dependency in the runtime
// phase, synchronous or not.
func (d *Dependency) HardRuntime() bool {
	return d.hardRuntime
}

// Journey is a journey of the design, or one that is implied where the design states none.
type Journey struct {
	Name  string
	Entry int32 // -1 where the design does not have the module
	// Stated is nil for an implied journey.
	Stated *schema.Journey
	// Ignored lists the dependencies of the entry (by index) that do not count for this journey
	// because of its "uses".
	Ignored []int32
}

// New prepares the analysis of d, which must be as schema.Load or Design.Normalize leave it. It
// costs time linear in the size of d; the other facts are computed when asked for.
func New(d *schema.Design) *Analysis {
	a := &Analysis{Design: d}
	a.index()
	a.journeys = a.resolveJourneys()
	a.failureModel = sync.OnceValue(a.computeFailureModel)
	a.failures = sync.OnceValue(a.computeFailures)
	a.moduleFailures = sync.OnceValue(a.computeModuleFailures)
	a.metrics = sync.OnceValue(a.computeMetrics)
	a.demandGraph = sync.OnceValue(a.computeDemandGraph)
	return a
}

func (a *Analysis) index() {
	d := a.Design
	a.moduleIndex = make(map[string]int32, len(d.Modules))
	edges := 0
	for i, m := range d.Modules {
		a.moduleIndex[m.Name] = int32(i)
		edges += len(m.DependsOn)
	}
	a.domainIndex = make(map[string]int32, len(d.FailureDomains))
	for i, f := range d.FailureDomains {
		a.domainIndex[f.Name] = int32(i)
	}
	a.domainParent = make([]int32, len(d.FailureDomains))
	for i, f := range d.FailureDomains {
		a.domainParent[i] = -1
		if p, ok := a.domainIndex[f.In.Name]; ok {
			a.domainParent[i] = p
		}
	}
	a.cutCircularDomains()

	a.dependencies = make([]Dependency, edges)
	a.byModule = make([]int32, 1, len(d.Modules)+1)
	for _, m := range d.Modules {
		a.byModule = append(a.byModule, a.byModule[len(a.byModule)-1]+int32(len(m.DependsOn)))
	}
	// Each part fills in the dependencies of modules of its own.
	most := 1
	if edges >= concurrentFrom {
		most = runtime.GOMAXPROCS(0)
	}
	parts := make([]func(), most)
	from := 0
	for i := range parts {
		start, end := from, len(d.Modules)
		if i+1 < most {
			end, _ = slices.BinarySearch(a.byModule, int32(edges*(i+1)/most))
		}
		parts[i] = func() { a.resolveTargets(start, end) }
		from = end
	}
	together(edges, parts...)
}

// resolveTargets fills in the dependencies of the modules with index from up to, without, to.
func (a *Analysis) resolveTargets(from, to int) {
	k := a.byModule[from]
	targets := make([]int32, 0, a.byModule[to]-k)
	for i, m := range a.Design.Modules[from:to] {
		for _, dep := range m.DependsOn {
			start, unknown := len(targets), 0
			resolve := func(ref *schema.Ref) {
				if t, ok := a.moduleIndex[ref.Name]; ok {
					targets = append(targets, t)
				} else {
					unknown++
				}
			}
			if len(dep.AnyOf) == 0 {
				resolve(&dep.To)
			}
			for r := range dep.AnyOf {
				resolve(&dep.AnyOf[r])
			}
			own := targets[start:len(targets):len(targets)]
			if len(own) > 1 {
				slices.SortFunc(own, cmp.Compare)
				own = slices.Compact(own)
				targets = targets[:start+len(own)]
			}
			a.dependencies[k] = Dependency{
				Dependency: dep, From: int32(from + i), Targets: own, Unknown: unknown,
				When: dep.When, Mode: dep.Mode, Strength: dep.Strength, Calls: dep.Calls, Timeout: dep.Timeout, Retries: dep.Retries,
				hardRuntime: dep.Strength == schema.Hard && dep.When == schema.Runtime,
				choice:      len(dep.AnyOf) > 0,
				need:        needOf(dep, len(own)),
			}
			k++
		}
	}
}

// needOf is the number of the known targets of d that must work. A design that asks for more alternatives
// than the known ones contradicts itself, and the dependency is never satisfied.
func needOf(d *schema.Dependency, known int) int32 {
	if len(d.AnyOf) == 0 {
		return 1
	}
	return int32(min(max(d.Need, 1), known+1))
}

// cutCircularDomains makes every domain whose chain of parents never ends a root. A domain in
// itself is a contradiction that a rule reports; the analysis has to come to an end all the same.
func (a *Analysis) cutCircularDomains() {
	const (
		onWay = 1 + iota
		ends
		circular
	)
	state := make([]uint8, len(a.domainParent))
	for i := range a.domainParent {
		last := int32(i)
		for last >= 0 && state[last] == 0 {
			state[last] = onWay
			last = a.domainParent[last]
		}
		found := uint8(ends)
		if last >= 0 && state[last] != ends {
			found = circular
		}
		for d := int32(i); d >= 0 && state[d] == onWay; d = a.domainParent[d] {
			state[d] = found
		}
	}
	for i := range a.domainParent {
		if state[i] == circular {
			a.domainParent[i] = -1
		}
	}
}

// Module returns the module with index i.
func (a *Analysis) Module(i int32) *schema.Module { return a.Design.Modules[i] }

// Modules returns the number of modules.
func (a *Analysis) Modules() int { return len(a.Design.Modules) }

// ModuleIndex returns the index of a module by its name.
func (a *Analysis) ModuleIndex(name string) (int32, bool) {
	i, ok := a.moduleIndex[name]
	return i, ok
}

// DomainIndex returns the index of a failure domain by its name.
func (a *Analysis) DomainIndex(name string) (int32, bool) {
	i, ok := a.domainIndex[name]
	return i, ok
}

// DomainParent returns the index of the domain that holds domain i, or -1.
func (a *Analysis) DomainParent(i int32) int32 { return a.domainParent[i] }

// InDomain reports whether failure domain i is domain in, or lies in it at any depth.
func (a *Analysis) InDomain(i, in int32) bool {
	for ; i >= 0; i = a.domainParent[i] {
		if i == in {
			return true
		}
	}
	return false
}

// Dependencies returns all dependencies, in order of module and key. The index of a dependency is
// its place in this list.
func (a *Analysis) Dependencies() []Dependency { return a.dependencies }

// DependenciesOf returns the dependencies of module i, in order of key.
func (a *Analysis) DependenciesOf(i int32) []Dependency {
	return a.dependencies[a.byModule[i]:a.byModule[i+1]]
}

// Journeys returns the journeys of the design in order of name: the stated ones; failing those, one
// for each module with entry: true; failing those, one for each module that no other depends on,
// stores and externals excepted.
func (a *Analysis) Journeys() []Journey { return a.journeys }

func (a *Analysis) resolveJourneys() []Journey {
	d := a.Design
	var out []Journey
	for _, j := range d.Journeys {
		e, ok := a.moduleIndex[j.Entry.Name]
		if !ok {
			out = append(out, Journey{Name: j.Name, Entry: -1, Stated: j})
			continue
		}
		out = append(out, Journey{Name: j.Name, Entry: e, Stated: j, Ignored: a.ignoredBy(j, e)})
	}
	if len(out) > 0 {
		return out
	}
	for i, m := range d.Modules {
		if m.Entry {
			out = append(out, Journey{Name: m.Name, Entry: int32(i)})
		}
	}
	if len(out) > 0 {
		return out
	}
	needed := make([]bool, len(d.Modules))
	for i := range a.dependencies {
		for _, t := range a.dependencies[i].Targets {
			if t != a.dependencies[i].From {
				needed[t] = true
			}
		}
	}
	for i, m := range d.Modules {
		if !needed[i] && !m.Kind.IsStore() && m.Kind != schema.External {
			out = append(out, Journey{Name: m.Name, Entry: int32(i)})
		}
	}
	return out
}

// ignoredBy lists the dependencies of entry that journey j does not use: those none of whose
// targets, as they are stated, is listed in its "uses". One that the design does not have may be.
func (a *Analysis) ignoredBy(j *schema.Journey, entry int32) []int32 {
	if !j.HasUses {
		return nil
	}
	var out []int32
	for k := a.byModule[entry]; k < a.byModule[entry+1]; k++ {
		listed := slices.ContainsFunc(j.Uses, func(u schema.Ref) bool {
			return slices.ContainsFunc(a.dependencies[k].Dependency.Targets(), func(t schema.Ref) bool { return t.Name == u.Name })
		})
		if !listed {
			out = append(out, k)
		}
	}
	return out
}
