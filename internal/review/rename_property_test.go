package review

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lintel/schema"
)

// A module under another name is recognised where it is connected to anything, and all else is as it was: no field of
// another thing changed, no finding came or went.
func TestAnyModuleRenamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randomDesign(t)
		m := rapid.SampledFrom(d.Modules).Draw(t, "module")
		to := rapid.SampledFrom([]string{"zulu", "a", "x-" + m.Name, m.Name + "-v2"}).Draw(t, "to")
		same := func(s string) string { return s }
		renamed := renameAll(d, func(s string) string {
			if s == m.Name {
				return to
			}
			return s
		}, same, same, same)
		if !connected(d, m) && to != "x-"+m.Name {
			return
		}
		checkOnlyRenamed(t, d, renamed, map[string]string{m.Name: to}, nil)
	})
}

func connected(d *schema.Design, m *schema.Module) bool {
	g := newGraph(d)
	partner := make([]int32, len(g.things))
	i := g.index[ofModules][m.Name]
	partner[i] = -1
	g.describe(partner)
	return len(g.things[i].links) > 0
}

// checkOnlyRenamed checks that Compare tells the renames of modules, and of failure domains, and nothing else.
func checkOnlyRenamed(t *rapid.T, old, new *schema.Design, modules, domains map[string]string) {
	t.Helper()
	c := Compare(judge(old), judge(new))
	told := map[Kind]map[string]string{OfModule: {}, OfFailureDomain: {}}
	for _, ch := range c.Changes {
		if ch.Status != Renamed || len(ch.Fields) > 0 || told[ch.Kind] == nil {
			t.Fatalf("another change than a rename: %+v", ch)
		}
		told[ch.Kind][ch.OldName] = ch.Name
	}
	if !maps.Equal(told[OfModule], modules) || !maps.Equal(told[OfFailureDomain], domains) {
		t.Fatalf("renames %v, want %v and %v", told, modules, domains)
	}
	if len(c.Gained)+len(c.Lost)+len(c.Journeys)+len(c.Modules) > 0 {
		t.Errorf("gained %+v, lost %+v, journeys %+v, modules %+v", c.Gained, c.Lost, c.Journeys, c.Modules)
	}
	if f := c.Findings; len(f.New)+len(f.Fixed)+len(f.Changed)+len(f.Unjudged) > 0 || len(f.Unchanged) != len(c.New.Findings) {
		for _, n := range f.New {
			t.Logf("new: %s %v %q %v", n.Rule.ID, n.Subject, n.Key, n.Aliases)
		}
		for _, n := range f.Fixed {
			t.Logf("fixed: %s %v %q %v", n.Rule.ID, n.Subject, n.Key, n.Aliases)
		}
		for _, n := range f.Changed {
			t.Logf("changed: %+v", n)
		}
		t.Errorf("findings are not as they were")
	}
}

// Where everything has a prefix, all is recognised that can be told apart at all, and so it is in the other direction.
func TestEverythingRenamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randomDesign(t)
		prefix := func(s string) string { return "x-" + s }
		same := func(s string) string { return s }
		new := renameAll(d, prefix, prefix, same, same)
		modules, domains := map[string]string{}, map[string]string{}
		for _, m := range d.Modules {
			modules[m.Name] = prefix(m.Name)
		}
		for _, f := range d.FailureDomains {
			domains[f.Name] = prefix(f.Name)
		}
		checkOnlyRenamed(t, d, new, modules, domains)
	})
}

// What is told to be renamed is so by the definition, looked at one by one; and of what is left, no two are alike beyond
// doubt.
func TestRenamesByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, new := randomDesign(t), randomDesign(t)
		if rapid.Bool().Draw(t, "edited") {
			new = edited(t, old)
		}
		r := findRenames(old, new)
		back := findRenames(new, old)
		for _, p := range []struct{ there, back map[string]string }{{r.modules, back.modules}, {r.domains, back.domains}, {r.journeys, back.journeys}, {r.transactions, back.transactions}} {
			if len(p.there) != len(p.back) {
				t.Fatalf("%v there, %v back", p.there, p.back)
			}
			for o, n := range p.there {
				if p.back[n] != o {
					t.Fatalf("%v there, %v back", p.there, p.back)
				}
			}
		}
		for o, n := range r.modules {
			if find(new.Modules, o) != nil || find(old.Modules, n) != nil {
				t.Fatalf("%s taken for %s, which both designs have", o, n)
			}
			a, b := find(old.Modules, o), find(new.Modules, n)
			if a.Kind != b.Kind {
				t.Fatalf("%s, a %s, taken for %s, a %s", o, a.Kind, n, b.Kind)
			}
			if !neighboursKnown(old, new, a, b, r) {
				continue // what cannot be told apart counts, too
			}
			if share := slowShare(old, new, a, b, r); share+nameLikeness(o, n)/4 < leastScore-1e-9 {
				t.Fatalf("%s taken for %s, of which only %.2f is the same", o, n, share)
			}
		}
	})
}

// neighboursKnown reports whether all modules have a partner, so that what they are connected to is known.
func neighboursKnown(old, new *schema.Design, a, b *schema.Module, r *renames) bool {
	linked := func(d *schema.Design, m *schema.Module, known func(string) bool) bool {
		for _, o := range d.Modules {
			for _, dep := range o.DependsOn {
				for _, t := range dep.Targets() {
					if o == m && !known(t.Name) || t.Name == m.Name && !known(o.Name) {
						return false
					}
				}
			}
			if o.Backup != nil && (o == m && !known(o.Backup.To.Name) || o.Backup.To.Name == m.Name && !known(o.Name)) {
				return false
			}
		}
		return true
	}
	back := map[string]bool{}
	for _, n := range r.modules {
		back[n] = true
	}
	return linked(old, a, func(name string) bool { return find(new.Modules, r.module(name)) != nil }) &&
		linked(new, b, func(name string) bool { return back[name] || find(old.Modules, name) != nil })
}

// slowShare is the part of what two modules state, and of their connections, that is the same, in plain words.
func slowShare(old, new *schema.Design, a, b *schema.Module, r *renames) float64 {
	traits := func(d *schema.Design, m *schema.Module, r *renames) []string {
		var out []string
		known := func(name string) bool { return find(d.Modules, name) != nil }
		link := func(role, name string, known bool) {
			if known {
				out = append(out, "link "+role+" "+name)
			}
		}
		for _, f := range describeFields(moduleFields, m, emptyModule) {
			out = append(out, "field "+f.name+"="+f.value)
		}
		if m.Kind != schema.Service {
			out = append(out, "field kind")
		}
		if m.Placement != nil {
			for _, s := range m.Placement.Spread {
				link("placed in", r.domain(s.Name), true)
			}
		}
		if m.Backup != nil {
			link("backup to", r.module(m.Backup.To.Name), known(m.Backup.To.Name))
		}
		for _, other := range d.Modules {
			if other.Backup != nil && other.Backup.To.Name == m.Name {
				link("backup of", r.module(other.Name), true)
			}
			for _, dep := range other.DependsOn {
				for _, t := range dep.Targets() {
					if other == m {
						link("needs", r.module(t.Name), known(t.Name))
					}
					if t.Name == m.Name {
						link("needed by", r.module(other.Name), true)
					}
				}
			}
		}
		for _, j := range d.Journeys {
			name := mapped(r.journeyNames(), j.Name)
			if j.Entry.Name == m.Name {
				link("entry of", name, true)
			}
			for _, u := range j.Uses {
				if u.Name == m.Name {
					link("used by", name, true)
				}
			}
		}
		for _, tr := range d.Transactions {
			for _, s := range tr.Spans {
				if s.Name == m.Name {
					link("spanned by", mapped(r.transactionNames(), tr.Name), true)
				}
			}
		}
		return out
	}
	x, y := traits(old, a, r), traits(new, b, nil)
	same := 0
	rest := slices.Clone(y)
	for _, t := range x {
		if i := slices.Index(rest, t); i >= 0 {
			same++
			rest = slices.Delete(rest, i, i+1)
		}
	}
	// A field that both state differently is one.
	all := len(x) + len(y) - same
	for _, f := range describeFields(moduleFields, a, emptyModule) {
		for _, g := range describeFields(moduleFields, b, emptyModule) {
			if f.name == g.name && f.value != g.value {
				all--
			}
		}
	}
	if all == 0 {
		return 1
	}
	return float64(same) / float64(all)
}

func (r *renames) journeyNames() map[string]string {
	if r == nil {
		return nil
	}
	return r.journeys
}

func (r *renames) transactionNames() map[string]string {
	if r == nil {
		return nil
	}
	return r.transactions
}
