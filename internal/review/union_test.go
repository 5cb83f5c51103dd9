package review

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/schema"
)

// A union holds all that the new design has, unchanged, and what was removed, once; it can be analysed and drawn, and
// neither design is changed by it.
func TestUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, new := randomDesign(t), randomDesign(t)
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			new = edited(t, old)
		case 1:
			new = renameAll(edited(t, old), func(s string) string { return "x-" + s }, func(s string) string { return s + "-2" }, func(s string) string { return s }, func(s string) string { return s })
		}
		oldCopy, newCopy := copyOf(old), copyOf(new)
		c := Compare(judge(old), judge(new))
		u, marks := c.Union()
		if ch := matchDesigns(oldCopy, old).changes(); len(ch) > 0 {
			t.Fatalf("the old design was changed: %+v", ch)
		}
		if ch := matchDesigns(newCopy, new).changes(); len(ch) > 0 {
			t.Fatalf("the new design was changed: %+v", ch)
		}

		isModule, isDomain := map[string]bool{}, map[string]bool{}
		for _, f := range u.FailureDomains {
			if isDomain[f.Name] {
				t.Fatalf("failure domain %s twice", f.Name)
			}
			isDomain[f.Name] = true
		}
		for _, m := range u.Modules {
			if isModule[m.Name] {
				t.Fatalf("module %s twice", m.Name)
			}
			isModule[m.Name] = true
		}
		count := func(k Kind, s Status) (n int) {
			for _, ch := range c.Changes {
				if ch.Kind == k && ch.Status == s {
					n++
				}
			}
			return n
		}
		if n := len(new.Modules) + count(OfModule, Removed); n != len(u.Modules) {
			t.Errorf("%d modules, want %d", len(u.Modules), n)
		}
		if n := len(new.FailureDomains) + count(OfFailureDomain, Removed); n != len(u.FailureDomains) {
			t.Errorf("%d failure domains, want %d", len(u.FailureDomains), n)
		}
		for _, m := range u.Modules {
			if marks.Modules[m.Name] != Removed {
				n := find(new.Modules, m.Name)
				if n == nil || m.Replicas != n.Replicas {
					t.Errorf("%s is not as in the new design", m.Name)
				}
			}
			keys := map[string]bool{}
			for _, d := range m.DependsOn {
				if keys[d.Key] {
					t.Errorf("%s -> %s twice", m.Name, d.Key)
				}
				keys[d.Key] = true
				for _, r := range d.Targets() {
					if !isModule[r.Name] {
						t.Errorf("%s -> %s: there is no %q", m.Name, d.Key, r.Name)
					}
				}
			}
			if m.Backup != nil && !isModule[m.Backup.To.Name] {
				t.Errorf("%s has its backup in %q", m.Name, m.Backup.To.Name)
			}
			if m.Placement != nil {
				for _, r := range m.Placement.Spread {
					if !isDomain[r.Name] {
						t.Errorf("%s is placed in %q", m.Name, r.Name)
					}
				}
			}
		}
		for name := range marks.Modules {
			if !isModule[name] {
				t.Errorf("a mark of %q, which is no module", name)
			}
		}
		for name := range marks.Dependencies {
			from, key, _ := strings.Cut(name, " -> ")
			m := find(u.Modules, from)
			if m == nil || !slices.ContainsFunc(m.DependsOn, func(d *schema.Dependency) bool { return d.Key == key }) {
				t.Errorf("a mark of %q, which is no dependency", name)
			}
		}
		if !slices.IsSortedFunc(u.Modules, func(a, b *schema.Module) int { return strings.Compare(a.Name, b.Name) }) {
			t.Error("the modules are not in order")
		}
		a := analyzer.New(u)
		a.Failures()
		if _, err := diagram.Build(a, nil, diagram.Options{}); err != nil {
			t.Error(err)
		}
	})
}

// What a dependency no longer leads to is in the union: as an alternative that went where there still is a choice, else as
// a dependency that was removed.
func TestUnionHoldsOldTargets(t *testing.T) {
	refs := func(names ...string) (out []schema.Ref) {
		for _, n := range names {
			out = append(out, schema.Ref{Name: n})
		}
		return out
	}
	design := func(d schema.Dependency) *schema.Design {
		d.Key = "store"
		out := &schema.Design{System: "s", Modules: []*schema.Module{{Name: "api", Replicas: 1, DependsOn: []*schema.Dependency{&d}}}}
		for _, n := range []string{"a", "b", "c"} {
			out.Modules = append(out.Modules, &schema.Module{Name: n, Replicas: 1})
		}
		out.Normalize()
		return out
	}
	for _, c := range []struct {
		name         string
		old, new     schema.Dependency
		dependencies string // of the union, with what became of them
	}{
		{"to", schema.Dependency{To: schema.Ref{Name: "a"}}, schema.Dependency{To: schema.Ref{Name: "b"}}, "a removed [a], store changed [b]"},
		{"one is left", schema.Dependency{AnyOf: refs("a", "b")}, schema.Dependency{AnyOf: refs("a")}, "b removed [b], store changed [a]"},
		{"two are left", schema.Dependency{AnyOf: refs("a", "b", "c")}, schema.Dependency{AnyOf: refs("a", "b")}, "store changed [a b c-removed]"},
		{"others", schema.Dependency{AnyOf: refs("a", "b")}, schema.Dependency{AnyOf: refs("b", "c")}, "store changed [b c-added a-removed]"},
		{"two went", schema.Dependency{AnyOf: refs("a", "b")}, schema.Dependency{To: schema.Ref{Name: "c"}}, "store changed [c], store (removed) removed [a b]"},
		{"one more", schema.Dependency{AnyOf: refs("a", "b")}, schema.Dependency{AnyOf: refs("a", "b", "c")}, "store changed [a b c-added]"},
		{"none", schema.Dependency{AnyOf: refs("a", "b")}, schema.Dependency{AnyOf: refs("a", "b"), Need: 2}, "store changed [a b]"},
	} {
		old, new := design(c.old), design(c.new)
		u, marks := Compare(judge(old), judge(new)).Union()
		var got []string
		for _, d := range find(u.Modules, "api").DependsOn {
			var targets []string
			for _, r := range d.Targets() {
				name := r.Name
				if s := marks.Targets["api -> "+d.Key+" -> "+name]; s != "" {
					name += "-" + string(s)
				}
				targets = append(targets, name)
			}
			got = append(got, strings.TrimSpace(d.Key+" "+string(marks.Dependencies["api -> "+d.Key]))+" ["+strings.Join(targets, " ")+"]")
		}
		if text := strings.Join(got, ", "); text != c.dependencies {
			t.Errorf("%s: %s, want %s", c.name, text, c.dependencies)
		}
	}
}
