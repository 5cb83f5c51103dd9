package page

import (
	"cmp"
	"slices"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/rules"
	"lintel/schema"
)

// data is what the page knows, as JSON. Modules, dependencies, domains, journeys and findings are named
// by index, as in the analysis; simulate.js tells the shape of what it needs of them.
type data struct {
	System       string           `json:"system"`
	Modules      []moduleData     `json:"modules"`
	Dependencies []dependencyData `json:"dependencies"`
	Domains      []domainData     `json:"domains"`
	Journeys     []journeyData    `json:"journeys"`
	Findings     []findingData    `json:"findings"`
	Views        []viewData       `json:"views"`
	Start        startData        `json:"start"`
}

// startData is how the page opens where its address says nothing else.
type startData struct {
	Theme   string   `json:"theme"`
	View    string   `json:"view"`
	Journey string   `json:"journey,omitempty"`
	Fail    scenario `json:"fail"`
	Marks   bool     `json:"marks"`
}

// scenario is an analyzer.Scenario as simulate.js has it.
type scenario struct {
	Modules   []int32  `json:"modules,omitempty"`
	Domains   []int32  `json:"domains,omitempty"`
	Externals []int32  `json:"externals,omitempty"`
	Replicas  [][2]int `json:"replicas,omitempty"`
}

type moduleData struct {
	Name        string      `json:"name"`
	Kind        string      `json:"kind"`
	Group       string      `json:"group,omitempty"`
	Team        string      `json:"team,omitempty"`
	Layer       string      `json:"layer,omitempty"`
	Tags        []string    `json:"tags,omitempty"`
	Description string      `json:"description,omitempty"`
	Links       [][2]string `json:"links,omitempty"`
	Place       string      `json:"place,omitempty"`
	Facts       [][2]string `json:"facts,omitempty"`
	Entry       bool        `json:"entry,omitempty"`
	Takes       int         `json:"takes,omitempty"` // the other modules that fail with it, all of its replicas at once
	Loses       int         `json:"loses,omitempty"` // the journeys that fail with it

	Replicas *int       `json:"replicas,omitempty"` // nil for 1
	Need     *int       `json:"need,omitempty"`     // nil for 1
	Manual   bool       `json:"manual,omitempty"`
	External bool       `json:"external,omitempty"`
	Primary  *int32     `json:"primary,omitempty"` // nil for an unknown place
	Spread   []int32    `json:"spread,omitempty"`
	Counts   [][2]int64 `json:"counts,omitempty"`
}

type dependencyData struct {
	From    int32       `json:"from"`
	Targets []int32     `json:"targets"`
	Need    int32       `json:"need,omitempty"` // of the targets; 0 for 1
	Soft    bool        `json:"soft,omitempty"`
	Async   bool        `json:"async,omitempty"`
	When    string      `json:"when,omitempty"` // "" for run time
	Key     string      `json:"key,omitempty"`  // of a dependency with alternatives
	Unknown []string    `json:"unknown,omitempty"`
	Facts   [][2]string `json:"facts,omitempty"`
}

type domainData struct {
	Name string `json:"name"`
	Kind string `json:"kind,omitempty"`
	In   *int32 `json:"in,omitempty"` // nil for a root
}

type journeyData struct {
	Name    string      `json:"name"`
	Entry   int32       `json:"entry"` // -1 where the design does not have it
	Ignored []int32     `json:"ignored,omitempty"`
	Facts   [][2]string `json:"facts,omitempty"`
	Place   string      `json:"place,omitempty"`
	// Fatal lists the modules each of which takes the journey down with it, the first mostFatal of Fatals.
	Fatal  []int32 `json:"fatal,omitempty"`
	Fatals int     `json:"fatals,omitempty"`
}

const mostFatal = 100

type findingData struct {
	Rule        string     `json:"rule"`
	Name        string     `json:"name"`
	Severity    string     `json:"severity"`
	Subject     string     `json:"subject"`
	SubjectKind string     `json:"subjectKind"`
	Message     string     `json:"message"`
	Place       string     `json:"place,omitempty"`
	Paths       []pathData `json:"paths,omitempty"`
	Suggestions []string   `json:"suggestions,omitempty"`
	Related     []string   `json:"related,omitempty"`
	Culprits    []int32    `json:"culprits,omitempty"`   // modules
	Dependency  *int32     `json:"dependency,omitempty"` // the one that it speaks of
}

// pathData is a proof: modules from the first to the culprit.
type pathData struct {
	Journey string  `json:"journey,omitempty"`
	Modules []int32 `json:"modules"`
}

// newData collects what the page knows. Where changes are told, the simulation and its figures leave out what was removed,
// and of the findings those that are new are listed.
func newData(a *analyzer.Analysis, r *rules.Result, changes *diagram.Changes) *data {
	d := &data{
		System:       a.Design.System,
		Modules:      make([]moduleData, 0, a.Modules()),
		Dependencies: make([]dependencyData, 0, len(a.Dependencies())),
		Domains:      make([]domainData, 0, len(a.Design.FailureDomains)),
		Journeys:     make([]journeyData, 0, len(a.Journeys())),
		Findings:     []findingData{},
	}
	losses := without(a, changes).ModuleFailures()
	for i, m := range a.Design.Modules {
		own := newModule(a, m)
		own.Takes, own.Loses = losses.Down[i], len(losses.Lost[i])
		d.Modules = append(d.Modules, own)
	}
	for i := range a.Dependencies() {
		d.Dependencies = append(d.Dependencies, newDependency(a, &a.Dependencies()[i]))
	}
	for i, f := range a.Design.FailureDomains {
		own := domainData{Name: f.Name, Kind: string(f.Kind)}
		if p := a.DomainParent(int32(i)); p >= 0 {
			own.In = &p
		}
		d.Domains = append(d.Domains, own)
	}
	for _, j := range a.Journeys() {
		own := journeyData{Name: j.Name, Entry: j.Entry, Ignored: j.Ignored}
		if j.Stated != nil {
			own.Facts, own.Place = journeyFacts(j.Stated), diagram.PlaceOf(a.Design, j.Stated.Pos)
		}
		d.Journeys = append(d.Journeys, own)
	}
	for i, lost := range losses.Lost {
		for _, j := range lost {
			own := &d.Journeys[j]
			own.Fatals++
			if len(own.Fatal) < mostFatal {
				own.Fatal = append(own.Fatal, int32(i))
			}
		}
	}
	if r != nil {
		for _, f := range diagram.FindingsInOrder(a.Design, r) {
			if changes == nil || changes.NewFindings[f.Fingerprint()] {
				d.Findings = append(d.Findings, newFinding(a, f))
			}
		}
	}
	d.tellChanges(a, changes)
	return d
}

func newModule(a *analyzer.Analysis, m *schema.Module) moduleData {
	out := moduleData{
		Name: m.Name, Kind: string(m.Kind), Group: m.Group, Team: m.Team, Layer: m.Layer, Tags: m.Tags,
		Description: m.Description, Place: diagram.PlaceOf(a.Design, m.Pos), Facts: moduleFacts(m), Entry: m.Entry,
		External: m.Kind == schema.External,
		Manual:   m.Redundancy.Mode == schema.ActivePassive && m.Redundancy.Failover == schema.ManualFailover,
	}
	for _, l := range m.Links {
		out.Links = append(out.Links, [2]string{l.Label, l.URL})
	}
	if n := max(m.ReliableReplicas(), 0); n != 1 {
		out.Replicas = &n
	}
	if n := max(m.Need(), 0); n != 1 {
		out.Need = &n
	}
	domain := func(name string) int32 {
		if i, ok := a.DomainIndex(name); ok {
			return i
		}
		return -1
	}
	if p := domain(m.PrimaryDomain()); p >= 0 {
		out.Primary = &p
	}
	if m.Placement != nil {
		for _, ref := range m.Placement.Spread {
			out.Spread = append(out.Spread, domain(ref.Name))
		}
		if len(m.Placement.Spread) == 0 {
			for _, c := range m.Placement.Counts {
				out.Counts = append(out.Counts, [2]int64{int64(domain(c.Domain.Name)), int64(c.Count)})
			}
		}
	}
	return out
}

func newDependency(a *analyzer.Analysis, d *analyzer.Dependency) dependencyData {
	out := dependencyData{
		From: d.From, Targets: d.Targets, Soft: d.Strength == schema.Soft, Async: d.Mode == schema.Async,
		Facts: dependencyFacts(d.Dependency),
	}
	if out.Targets == nil {
		out.Targets = []int32{}
	}
	if d.When != schema.Runtime {
		out.When = string(d.When)
	}
	if len(d.AnyOf) > 0 {
		// More alternatives than are known can't be had: the dependency is never satisfied.
		out.Need, out.Key = int32(min(max(d.Need, 1), len(d.Targets)+1)), d.Key
	}
	for _, ref := range d.Dependency.Targets() {
		if _, ok := a.ModuleIndex(ref.Name); !ok {
			out.Unknown = append(out.Unknown, ref.Name)
		}
	}
	return out
}

func newFinding(a *analyzer.Analysis, f *rules.Finding) findingData {
	out := findingData{
		Rule: f.Rule.ID, Name: f.Rule.Name, Severity: f.Severity.String(),
		Subject: f.Subject.Name, SubjectKind: string(f.Subject.Kind),
		Message: f.Message, Place: diagram.PlaceOf(a.Design, f.Location), Suggestions: f.Suggestions,
	}
	path := func(journey string, names []string) {
		p := pathData{Journey: journey}
		for _, name := range names {
			if i, ok := a.ModuleIndex(name); ok {
				p.Modules = append(p.Modules, i)
			}
		}
		if len(p.Modules) > 0 {
			out.Paths = append(out.Paths, p)
		}
	}
	for _, p := range f.Paths {
		path(p.Journey, p.Path)
	}
	if len(f.Paths) == 0 && len(f.Path) > 0 {
		journey := ""
		if len(f.Journeys) == 1 {
			journey = f.Journeys[0]
		}
		path(journey, f.Path)
	}
	for _, rel := range f.Related {
		text := rel.Message
		if at := diagram.PlaceOf(a.Design, rel.Location); at != "" {
			text += " (" + at + ")"
		}
		out.Related = append(out.Related, text)
	}
	switch f.Subject.Kind {
	case rules.OfModule:
		if i, ok := a.ModuleIndex(f.Subject.Name); ok {
			out.Culprits = []int32{i}
		}
	case rules.OfDependency:
		for k := range a.Dependencies() {
			if dep := &a.Dependencies()[k]; dependencyName(a, dep) == f.Subject.Name {
				out.Dependency, out.Culprits = new(int32(k)), []int32{dep.From}
				break
			}
		}
	case rules.OfGroup, rules.OfTeam:
		for i, m := range a.Design.Modules {
			if f.Subject.Kind == rules.OfGroup && m.Group == f.Subject.Name || f.Subject.Kind == rules.OfTeam && m.Team == f.Subject.Name {
				out.Culprits = append(out.Culprits, int32(i))
			}
		}
	case rules.OfSystem:
		if len(out.Paths) > 0 { // a cycle: all that stand on it
			out.Culprits = slices.Clone(out.Paths[0].Modules)
			slices.Sort(out.Culprits)
			out.Culprits = slices.Compact(out.Culprits)
		}
	}
	return out
}

// dependencyName is how findings name a dependency.
func dependencyName(a *analyzer.Analysis, d *analyzer.Dependency) string {
	return a.Module(d.From).Name + " -> " + d.Key
}

// newScenario translates a scenario for the page, sorted and without repetition.
func newScenario(s analyzer.Scenario) scenario {
	out := scenario{Modules: slices.Clone(s.Modules)}
	for _, e := range s.Events {
		switch e.Kind {
		case analyzer.ReplicaEvent:
			out.Replicas = append(out.Replicas, [2]int{int(e.Module), e.Replica})
		case analyzer.DomainEvent:
			out.Domains = append(out.Domains, e.Domain)
		case analyzer.ExternalEvent:
			out.Externals = append(out.Externals, e.Module)
		}
	}
	for _, list := range []*[]int32{&out.Modules, &out.Domains, &out.Externals} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	slices.SortFunc(out.Replicas, func(x, y [2]int) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	out.Replicas = slices.Compact(out.Replicas)
	return out
}
