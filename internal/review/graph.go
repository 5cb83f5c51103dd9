package review

import (
	"slices"
	"strconv"

	"lintel/schema"
)

// graph is a design as things that are connected, for the search for renames.
type graph struct {
	design *schema.Design
	things []thing
	index  [sorts]map[string]int32 // of things by name
}

// sort says of what list of the design a thing is.
type sort uint8

const (
	ofModules sort = iota
	ofDomains
	ofJourneys
	ofTransactions
	sorts
)

type thing struct {
	sort sort
	kind string // only things of one kind can be the same
	name string
	// fields are what the thing states beyond the defaults, names of other things left out; sorted by name. They are
	// there for those things only that may have been renamed.
	fields []statedField
	links  []link
}

type statedField struct{ name, value string }

// link is one connection of a thing, seen from it.
type link struct {
	role   role
	detail uint64 // what else is said of the connection
	to     int32
}

// role is what a thing is to the other; each has one for the other direction, which is next to it.
type role uint8

const (
	dependsOnIt role = 2 * iota
	placedIn
	sessionIn
	backupTo
	watches
	repairs
	liesIn
	entersAt
	uses
	spans
)

// inward is the role as it is seen from the other end.
func (r role) inward() role { return r + 1 }

func newGraph(d *schema.Design) *graph {
	g := &graph{design: d, things: make([]thing, 0, len(d.Modules)+len(d.FailureDomains)+len(d.Journeys)+len(d.Transactions))}
	for s := range g.index {
		g.index[s] = map[string]int32{}
	}
	add := func(of sort, kind, name string) {
		g.index[of][name] = int32(len(g.things))
		g.things = append(g.things, thing{sort: of, kind: kind, name: name})
	}
	for _, m := range d.Modules {
		add(ofModules, string(m.Kind), m.Name)
	}
	for _, f := range d.FailureDomains {
		add(ofDomains, string(f.Kind), f.Name)
	}
	for _, j := range d.Journeys {
		add(ofJourneys, "", j.Name)
	}
	for _, t := range d.Transactions {
		add(ofTransactions, "", t.Name)
	}
	return g
}

// describe fills in the fields and links of the things without a partner.
func (g *graph) describe(partner []int32) {
	d := g.design
	i := int32(0)
	for _, m := range d.Modules {
		if partner[i] < 0 {
			g.things[i].fields = describeFields(moduleFields, m, emptyModule)
		}
		g.describeModule(i, m, partner)
		i++
	}
	for _, f := range d.FailureDomains {
		if partner[i] < 0 {
			g.things[i].fields = describeFields(domainFields, f, &schema.FailureDomain{})
		}
		g.connect(partner, i, liesIn, ofDomains, f.In.Name, 0)
		i++
	}
	for _, j := range d.Journeys {
		if partner[i] < 0 {
			g.things[i].fields = describeFields(journeyFields, j, &schema.Journey{})
		}
		g.connect(partner, i, entersAt, ofModules, j.Entry.Name, 0)
		for _, r := range j.Uses {
			g.connect(partner, i, uses, ofModules, r.Name, 0)
		}
		i++
	}
	for _, t := range d.Transactions {
		if partner[i] < 0 {
			g.things[i].fields = describeFields(transactionFields, t, &schema.Transaction{})
		}
		for _, r := range t.Spans {
			g.connect(partner, i, spans, ofModules, r.Name, 0)
		}
		i++
	}
	for i := range g.things {
		sortFields(g.things[i].fields)
	}
}

func (g *graph) describeModule(i int32, m *schema.Module, partner []int32) {
	if p := m.Placement; p != nil {
		for _, r := range p.Spread {
			g.connect(partner, i, placedIn, ofDomains, r.Name, 0)
		}
		for _, c := range p.Counts {
			g.connect(partner, i, placedIn, ofDomains, c.Domain.Name, uint64(c.Count)+1)
		}
	}
	if m.Session != nil {
		g.connect(partner, i, sessionIn, ofModules, m.Session.In.Name, 0)
	}
	if m.Backup != nil {
		g.connect(partner, i, backupTo, ofModules, m.Backup.To.Name, 0)
	}
	for _, r := range m.Monitors {
		g.connect(partner, i, watches, ofModules, r.Name, 0)
	}
	for _, r := range m.Recovers {
		g.connect(partner, i, repairs, ofModules, r.Name, 0)
	}
	for _, dep := range m.DependsOn {
		detail := uint64(0)
		for k, t := range dep.Targets() {
			if to, ok := g.index[ofModules][t.Name]; ok && partner[i] >= 0 && partner[to] >= 0 {
				continue // neither end may have been renamed
			}
			if k == 0 || detail == 0 {
				detail = hashOfDependency(dep)
			}
			g.connect(partner, i, dependsOnIt, ofModules, t.Name, detail)
		}
	}
}

// connect notes a connection at those of its ends that may have been renamed. A name that the design does not have stays
// as it is, and so it is a field.
func (g *graph) connect(partner []int32, from int32, as role, of sort, name string, detail uint64) {
	if name == "" {
		return
	}
	to, ok := g.index[of][name]
	if !ok {
		if partner[from] < 0 {
			g.things[from].fields = append(g.things[from].fields, statedField{"unknown " + strconv.Itoa(int(as)) + " " + name, ""})
		}
		return
	}
	if partner[from] < 0 {
		g.things[from].links = append(g.things[from].links, link{as, detail, to})
	}
	if partner[to] < 0 {
		g.things[to].links = append(g.things[to].links, link{as.inward(), detail, from})
	}
}

// describeFields gives what a thing states beyond the defaults, without what refers to others.
func describeFields[T any](fields []field[T], t, empty *T) []statedField {
	var out []statedField
	for i := range fields {
		f := &fields[i]
		if f.refers || f.name == "kind" {
			continue
		}
		if v := f.value(t, nil); v != "" && v != f.value(empty, nil) && (f.same == nil || !f.same(empty, t)) {
			out = append(out, statedField{f.name, v})
		}
	}
	return out
}

func hashOfDependency(d *schema.Dependency) uint64 {
	h := uint64(1)
	for i := range dependencyFields {
		if f := &dependencyFields[i]; !f.refers {
			h = mix(h ^ hashText(f.value(d, nil)))
		}
	}
	if len(d.AnyOf) > 0 {
		h = mix(h + 1)
	}
	if len(d.AnyOf) > 0 || d.To.Name != d.Key {
		h = mix(h ^ hashText(d.Key))
	}
	return h
}

func sortFields(list []statedField) {
	slices.SortFunc(list, func(a, b statedField) int {
		if a.name < b.name {
			return -1
		} else if a.name > b.name {
			return 1
		}
		return 0
	})
}
