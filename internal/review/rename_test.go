package review

import (
	"fmt"
	"testing"

	"lintel/internal/generate"
	"lintel/schema"
)

// renameAll gives a copy of a design in which the names of modules, failure domains, journeys and transactions are as
// the functions say, references and all.
func renameAll(d *schema.Design, module, domain, journey, transaction func(string) string) *schema.Design {
	out := *d
	refs := func(list []schema.Ref, name func(string) string) []schema.Ref {
		if list == nil {
			return nil
		}
		l := make([]schema.Ref, len(list))
		for i, r := range list {
			l[i] = ref(r, name)
		}
		return l
	}
	out.Modules, out.FailureDomains, out.Journeys, out.Transactions = nil, nil, nil, nil
	for _, m := range d.Modules {
		c := *m
		c.Name = module(m.Name)
		if m.Placement != nil {
			p := &schema.Placement{Spread: refs(m.Placement.Spread, domain)}
			for _, n := range m.Placement.Counts {
				p.Counts = append(p.Counts, schema.PlacementCount{Domain: ref(n.Domain, domain), Count: n.Count})
			}
			c.Placement = p
		}
		if m.Session != nil {
			c.Session = &schema.Session{Kept: m.Session.Kept, In: ref(m.Session.In, module)}
		}
		if m.Backup != nil {
			b := *m.Backup
			b.To = ref(b.To, module)
			c.Backup = &b
		}
		if m.Deploy.Unit == m.Name {
			c.Deploy.Unit = c.Name
		}
		c.Monitors, c.Recovers = refs(m.Monitors, module), refs(m.Recovers, module)
		c.DependsOn = nil
		for _, d := range m.DependsOn {
			e := *d
			if len(d.AnyOf) == 0 && d.To.Name == d.Key {
				e.Key = module(d.Key)
			}
			e.To, e.AnyOf = ref(d.To, module), refs(d.AnyOf, module)
			c.DependsOn = append(c.DependsOn, &e)
		}
		out.Modules = append(out.Modules, &c)
	}
	for _, f := range d.FailureDomains {
		c := *f
		c.Name, c.In = domain(f.Name), ref(f.In, domain)
		out.FailureDomains = append(out.FailureDomains, &c)
	}
	for _, j := range d.Journeys {
		c := *j
		c.Name, c.Entry, c.Uses = journey(j.Name), ref(j.Entry, module), refs(j.Uses, module)
		out.Journeys = append(out.Journeys, &c)
	}
	for _, t := range d.Transactions {
		c := *t
		c.Name, c.Spans = transaction(t.Name), refs(t.Spans, module)
		out.Transactions = append(out.Transactions, &c)
	}
	out.Normalize()
	return &out
}

func ref(r schema.Ref, name func(string) string) schema.Ref {
	if r.Name != "" {
		r.Name = name(r.Name)
	}
	return r
}

func TestAllRenamed(t *testing.T) {
	for _, spec := range []generate.Spec{generate.T0, generate.T1, generate.T2} {
		d := generate.Design(spec, 1)
		prefix := func(s string) string { return "x-" + s }
		r := findRenames(d, renameAll(d, prefix, prefix, prefix, prefix))
		check := func(kind string, n int, names map[string]string) {
			for o, n := range names {
				if n != "x-"+o {
					t.Errorf("%s: %s %s taken for %s", spec.Name, kind, o, n)
				}
			}
			if len(names) != n {
				t.Errorf("%s: %d of %d %s", spec.Name, len(names), n, kind)
			}
		}
		check("modules", len(d.Modules), r.modules)
		check("domains", len(d.FailureDomains), r.domains)
		check("journeys", len(d.Journeys), r.journeys)
		check("transactions", len(d.Transactions), r.transactions)
	}
}

func BenchmarkAllRenamed(b *testing.B) {
	d := generate.Design(generate.T2, 1)
	prefix := func(s string) string { return "x-" + s }
	i := 0
	names := map[string]string{}
	other := func(s string) string {
		if names[s] == "" {
			names[s] = fmt.Sprint("n", i)
			i++
		}
		return names[s]
	}
	for _, c := range []struct {
		name string
		new  *schema.Design
	}{
		{"prefix", renameAll(d, prefix, prefix, prefix, prefix)},
		{"numbers", renameAll(d, other, other, other, other)},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				findRenames(d, c.new)
			}
		})
	}
}
