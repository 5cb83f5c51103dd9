package diagram_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/schema"
)

// checks runs a property over some hundreds of random designs, or over 12,000 with LINTEL_LONG=1.
func checks(t *testing.T, property func(*rapid.T)) {
	n := "200"
	if os.Getenv("LINTEL_LONG") != "" {
		n = "12000"
	}
	f := flag.Lookup("rapid.checks")
	if old := f.Value.String(); old == f.DefValue {
		if err := flag.Set("rapid.checks", n); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { flag.Set("rapid.checks", old) })
	}
	rapid.Check(t, property)
}

// chooser draws numbers choice by choice, which rapid can shrink, or evenly from a seed.
type chooser func(label string, n int) int

func newChooser(t *rapid.T) chooser {
	if seed := rapid.Int64().Draw(t, "seed"); rapid.Bool().Draw(t, "even") {
		even := rand.New(rand.NewPCG(uint64(seed), 0))
		return func(_ string, n int) int { return even.IntN(n) }
	}
	return func(label string, n int) int { return rapid.IntRange(0, n-1).Draw(t, label) }
}

func (c chooser) oneIn(label string, n int) bool { return c(label, n) == n-1 }

func oneFrom[T any](c chooser, label string, of ...T) T { return of[c(label, len(of))] }

// someDesign draws a small design with everything that a diagram shows: nested domains, groups,
// alternatives, cycles, unknown names, and modules without replicas.
func someDesign(c chooser) *schema.Design {
	d := &schema.Design{System: "random"}
	domains := c("domains", 7)
	domain := func() schema.Ref {
		if domains == 0 || c.oneIn("nowhere", 15) {
			return schema.Ref{Name: "nowhere"}
		}
		return schema.Ref{Name: fmt.Sprintf("d%d", c("domain", domains))}
	}
	for i := range domains {
		f := &schema.FailureDomain{Name: fmt.Sprintf("d%d", i), Kind: oneFrom(c, "domain kind", schema.Zone, schema.Zone, schema.Region, schema.Rack)}
		if i > 0 && !c.oneIn("root", 3) {
			f.In.Name = fmt.Sprintf("d%d", c("in", i))
		}
		if c.oneIn("odd in", 15) {
			f.In = domain()
		}
		d.FailureDomains = append(d.FailureDomains, f)
	}
	modules := 1 + c("modules", 14)
	module := func() schema.Ref {
		if c.oneIn("unknown", 30) {
			return schema.Ref{Name: "nobody"}
		}
		return schema.Ref{Name: fmt.Sprintf("m%d", c("to", modules))}
	}
	for i := range modules {
		m := &schema.Module{
			Name:       fmt.Sprintf("m%d", i),
			Kind:       oneFrom(c, "kind", schema.Service, schema.Service, schema.Database, schema.External, schema.Queue),
			Technology: oneFrom(c, "technology", "", "Go", "PostgreSQL 16"),
			Group:      oneFrom(c, "group", "", "g1", "g2", "g3"),
			Team:       oneFrom(c, "team", "", "t1", "t2"),
			Layer:      oneFrom(c, "layer", "", "l1"),
			Entry:      c.oneIn("entry", 5),
			Replicas:   oneFrom(c, "replicas", 1, 1, 2, 3, 5, 0),
		}
		if c.oneIn("tier stated", 2) {
			m.Tier = new(c("tier", 4))
		}
		if c.oneIn("tagged", 3) {
			m.Tags = []string{"pci"}
		}
		if c.oneIn("autoscaling", 6) {
			m.Autoscaling = &schema.Autoscaling{Min: c("min", 4), Max: 4}
		}
		m.Redundancy.Mode = oneFrom(c, "mode", schema.ActiveActive, schema.ActivePassive, schema.Quorum)
		m.Redundancy.Failover = oneFrom(c, "failover", schema.AutomaticFailover, schema.ManualFailover)
		switch c("placement", 3) {
		case 1:
			m.Placement = &schema.Placement{}
			for range 1 + c("spread", 4) {
				m.Placement.Spread = append(m.Placement.Spread, domain())
			}
		case 2:
			m.Placement = &schema.Placement{}
			seen := map[string]bool{}
			for range c("counts", 4) {
				if at := domain(); !seen[at.Name] {
					seen[at.Name] = true
					m.Placement.Counts = append(m.Placement.Counts, schema.PlacementCount{Domain: at, Count: c("count", 4)})
				}
			}
		}
		for k := range c("dependencies", 5) {
			dep := &schema.Dependency{
				Key:      fmt.Sprintf("k%d", k),
				Mode:     oneFrom(c, "sync", schema.Sync, schema.Async),
				Strength: oneFrom(c, "strength", schema.Hard, schema.Hard, schema.Soft),
				When:     oneFrom(c, "when", schema.Runtime, schema.Runtime, schema.Runtime, schema.Startup, schema.Recovery),
				Protocol: oneFrom(c, "protocol", "", "grpc", "http"),
			}
			if c.oneIn("anyOf", 3) {
				for range 1 + c("alternatives", 3) {
					dep.AnyOf = append(dep.AnyOf, module())
				}
				dep.Need = 1 + c("need", len(dep.AnyOf)+1)
			} else {
				dep.To = module()
			}
			m.DependsOn = append(m.DependsOn, dep)
		}
		d.Modules = append(d.Modules, m)
	}
	for i := range c("journeys", 4) {
		j := &schema.Journey{Name: fmt.Sprintf("j%d", i), Entry: module(), HasUses: c.oneIn("has uses", 2)}
		if j.HasUses {
			for range c("uses", 4) {
				j.Uses = append(j.Uses, module())
			}
		}
		d.Journeys = append(d.Journeys, j)
	}
	d.Normalize()
	return d
}

// shuffled is d as if its author had declared everything in another order.
func shuffled(c chooser, d *schema.Design) *schema.Design {
	out := *d
	out.Modules = nil
	for _, m := range d.Modules {
		copied := *m
		copied.DependsOn = nil
		for _, dep := range m.DependsOn {
			other := *dep
			other.AnyOf = mixed(c, dep.AnyOf)
			copied.DependsOn = append(copied.DependsOn, &other)
		}
		copied.DependsOn = mixed(c, copied.DependsOn)
		if m.Placement != nil {
			copied.Placement = &schema.Placement{Spread: m.Placement.Spread, Counts: mixed(c, m.Placement.Counts)}
		}
		out.Modules = append(out.Modules, &copied)
	}
	out.Modules = mixed(c, out.Modules)
	out.FailureDomains = mixed(c, d.FailureDomains)
	out.Journeys = mixed(c, d.Journeys)
	out.Normalize()
	return &out
}

func mixed[T any](c chooser, list []T) []T {
	list = slices.Clone(list)
	for i := len(list) - 1; i > 0; i-- {
		k := c("mix", i+1)
		list[i], list[k] = list[k], list[i]
	}
	return list
}

// someEvents names some failures of d.
func someEvents(t *rapid.T, c chooser, a *analyzer.Analysis) []diagram.Failing {
	var names []string
	for range 1 + c("events", 3) {
		var name string
		if n := len(a.Design.FailureDomains); n > 0 && c.oneIn("a domain", 2) {
			name = a.Design.FailureDomains[c("which", n)].Name
		} else {
			m := a.Design.Modules[c("which", a.Modules())]
			name = m.Name
			if r := m.ReliableReplicas(); r > 0 && m.Kind != schema.External && c.oneIn("a replica", 2) {
				name = fmt.Sprintf("%s%s%d", name, oneFrom(c, "mark", "/", ":"), 1+c("replica", r))
			}
		}
		names = append(names, name)
	}
	out, err := diagram.ParseFailures(a, names...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// someOptions draws options that need no names of the design but those of journeys and groups.
func someOptions(t *rapid.T, c chooser, a *analyzer.Analysis) diagram.Options {
	o := diagram.Options{
		View:    oneFrom(c, "view", diagram.ViewAuto, diagram.ViewOverview, diagram.ViewModules, diagram.ViewDeployment, diagram.ViewMatrix),
		GroupBy: oneFrom(c, "group by", diagram.GroupByAuto, diagram.GroupByGroup, diagram.GroupByTeam, diagram.GroupByLayer, diagram.GroupByZone, diagram.GroupByRegion, diagram.GroupByDomain, diagram.GroupByKind, diagram.GroupByNone),
		Rest:    oneFrom(c, "rest", diagram.DropRest, diagram.FadeRest),
	}
	if js := a.Journeys(); len(js) > 0 && c.oneIn("journey", 2) {
		o.Journey = js[c("which journey", len(js))].Name
		if o.View == diagram.ViewAuto {
			o.View = diagram.ViewJourney
		}
	}
	if c.oneIn("focus", 3) {
		o.Focus = []string{a.Module(int32(c("which", a.Modules()))).Name}
		o.Depth = c("depth", 4)
		o.Direction = oneFrom(c, "direction", diagram.Both, diagram.Up, diagram.Deep)
	}
	if c.oneIn("collapse", 3) {
		o.Collapse = []string{oneFrom(c, "pattern", "*", "g1", "t*", "d1", "d0")}
	}
	if c.oneIn("only", 4) {
		o.Only = []diagram.Selector{{Field: "kind", Values: []string{"service", "database"}}}
	}
	if c.oneIn("hide", 4) {
		o.Hide = []diagram.Selector{{Field: "tag", Values: []string{"pci"}}}
	}
	if c.oneIn("fail", 2) {
		o.Fail = someEvents(t, c, a)
	}
	return o
}
