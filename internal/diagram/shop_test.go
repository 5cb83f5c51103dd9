package diagram_test

import (
	"fmt"
	"strings"
	"testing"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/schema"
)

// shop is a small design with a bit of everything.
func shop() *schema.Design {
	refs := func(names ...string) (out []schema.Ref) {
		for _, n := range names {
			out = append(out, schema.Ref{Name: n})
		}
		return out
	}
	spread := func(names ...string) *schema.Placement { return &schema.Placement{Spread: refs(names...)} }
	d := &schema.Design{
		System: "shop",
		FailureDomains: []*schema.FailureDomain{
			{Name: "eu", Kind: schema.Region},
			{Name: "zone-a", Kind: schema.Zone, In: schema.Ref{Name: "eu"}},
			{Name: "zone-b", Kind: schema.Zone, In: schema.Ref{Name: "eu"}},
			{Name: "host-1", Kind: schema.Host, In: schema.Ref{Name: "zone-a"}},
			{Name: "empty", Kind: schema.Zone},
		},
		Modules: []*schema.Module{
			{
				Name: "web", Kind: schema.Gateway, Group: "edge", Team: "front", Tier: new(0), Entry: true, Replicas: 2, Placement: spread("zone-a", "zone-b"),
				DependsOn: []*schema.Dependency{
					{Key: "orders", Protocol: "http"},
					{Key: "search", Protocol: "http", Strength: schema.Soft},
					{Key: "pay", AnyOf: refs("psp-one", "psp-two"), Protocol: "https"},
					{Key: "gone"},
				},
			},
			{
				Name: "orders", Group: "ordering", Team: "back", Replicas: 3, Technology: "Go", Placement: spread("host-1", "zone-b"),
				DependsOn: []*schema.Dependency{
					{Key: "orders-db", Protocol: "postgres"},
					{Key: "read", To: schema.Ref{Name: "orders-db"}, Protocol: "postgres", Strength: schema.Soft},
					{Key: "mail", Mode: schema.Async, When: schema.Startup},
				},
			},
			{
				Name: "orders-db", Kind: schema.Database, Group: "ordering", Technology: "PostgreSQL 16", Replicas: 2,
				Redundancy: schema.Redundancy{Mode: schema.ActivePassive, Failover: schema.ManualFailover}, Placement: spread("zone-a", "zone-b"),
			},
			{Name: "search", Kind: schema.Search, Replicas: 3, Tags: []string{"pci"}, Redundancy: schema.Redundancy{Mode: schema.Quorum}, Placement: spread("eu")},
			{Name: "mail", Kind: schema.Queue, Replicas: 1, DependsOn: []*schema.Dependency{{Key: "orders", Strength: schema.Soft}}},
			{Name: "psp-one", Kind: schema.External, Replicas: 1},
			{Name: "psp-two", Kind: schema.External, Replicas: 1},
		},
		Journeys: []*schema.Journey{
			{Name: "browse", Entry: schema.Ref{Name: "web"}, HasUses: true, Uses: refs("search")},
			{Name: "buy", Entry: schema.Ref{Name: "web"}},
		},
	}
	d.Normalize()
	return d
}

func draw(t *testing.T, d *schema.Design, o diagram.Options) *diagram.Diagram {
	t.Helper()
	out, err := diagram.Build(analyzer.New(d), nil, o)
	if err != nil {
		t.Fatal(err)
	}
	consistent(t, out)
	return out
}

func failing(t *testing.T, d *schema.Design, names ...string) []diagram.Failing {
	t.Helper()
	out, err := diagram.ParseFailures(analyzer.New(d), names...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sketch writes a diagram as text, a line for each part: "name @ frame, frame | caption".
func sketch(d *diagram.Diagram) string {
	var s strings.Builder
	stateOf := func(state diagram.State, faded bool) string {
		out := [...]string{"", " degraded", " down", " failed"}[state]
		if faded {
			out += " faded"
		}
		return out
	}
	in := func(g int) (out string) {
		for ; g >= 0; g = d.Groups[g].Parent {
			out += " @" + d.Groups[g].Name
		}
		return out
	}
	for _, g := range d.Groups {
		fmt.Fprintf(&s, "[%s %s]%s%s\n", g.Kind, g.Name, in(g.Parent), stateOf(g.State, g.Faded))
	}
	name := func(i int) string {
		n := d.Nodes[i]
		if n.Role == diagram.ChoiceNode {
			return "<" + n.Name + ">" + in(n.Group)
		}
		return n.Name + in(n.Group)
	}
	for i, n := range d.Nodes {
		fmt.Fprintf(&s, "%s%s", name(i), stateOf(n.State, n.Faded))
		if c := n.Caption(); len(c) > 0 {
			fmt.Fprintf(&s, " | %s", strings.Join(c, " | "))
		}
		s.WriteByte('\n')
	}
	for _, e := range d.Edges {
		fmt.Fprintf(&s, "%s -> %s", name(e.From), name(e.To))
		for _, word := range []string{string(e.Mode), string(e.Strength)} {
			if word != "sync" && word != "hard" {
				s.WriteString(" " + word)
			}
		}
		if e.InCycle {
			s.WriteString(" cycle")
		}
		s.WriteString(stateOf(e.State, e.Faded))
		if l := e.Label(); l != "" {
			fmt.Fprintf(&s, " | %s", l)
		}
		s.WriteByte('\n')
	}
	if m := d.Matrix; m != nil {
		for i, r := range m.Rows {
			fmt.Fprintf(&s, "%d %s%s:", i, r.Name, stateOf(r.State, false))
			for _, c := range m.Cells {
				if c.Row == i {
					fmt.Fprintf(&s, " %d×%d", c.Column, c.Count)
					if !c.Hard {
						s.WriteString("soft")
					}
					if c.InCycle {
						s.WriteString("cycle")
					}
				}
			}
			s.WriteByte('\n')
		}
		for _, b := range m.Bands {
			fmt.Fprintf(&s, "%s %s %d-%d\n", b.Kind, b.Name, b.First, b.End)
		}
	}
	return s.String()
}
