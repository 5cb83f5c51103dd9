package rules

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"lintel/analyzer"
	"lintel/schema"
)

// TestFans compares the fans of random small designs with counts by name, one module at a time.
func TestFans(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	kinds := []schema.Kind{schema.Service, schema.Service, schema.Database, schema.Monitoring, schema.Configuration}
	phases := []schema.Phase{schema.Runtime, schema.Runtime, schema.Startup, schema.Deploys, schema.Recovery}
	for n := range 300 {
		d := &schema.Design{System: "s"}
		var names []string
		for i := range 7 {
			names = append(names, fmt.Sprint("m", i))
		}
		for _, name := range names {
			m := &schema.Module{Name: name, Kind: kinds[r.IntN(len(kinds))], Replicas: 1}
			for _, to := range names {
				if r.IntN(3) > 0 {
					continue
				}
				dep := &schema.Dependency{Key: to, When: phases[r.IntN(len(phases))]}
				if r.IntN(3) == 0 {
					dep.Key = "any-" + to
					dep.AnyOf = []schema.Ref{{Name: to}, {Name: names[r.IntN(len(names))]}, {Name: "nobody"}}
				}
				m.DependsOn = append(m.DependsOn, dep)
			}
			d.Modules = append(d.Modules, m)
		}
		d.Normalize()
		a := analyzer.New(d)
		got := newCoupling(a).Fans
		for i, m := range d.Modules {
			in, out := slowFanIn(d, m), slowFanOut(d, m)
			if gotIn := moduleNames(a, got.In[i]); !slices.Equal(gotIn, in) {
				t.Fatalf("design %d: %s has the fan-in %v, want %v", n, m.Name, gotIn, in)
			}
			if gotOut := moduleNames(a, got.Out[i]); !slices.Equal(gotOut, out) {
				t.Fatalf("design %d: %s has the fan-out %v, want %v", n, m.Name, gotOut, out)
			}
		}
	}
}

func counting(m *schema.Module) []*schema.Dependency {
	var out []*schema.Dependency
	for _, d := range m.DependsOn {
		if d.When == schema.Runtime || d.When == schema.Startup {
			out = append(out, d)
		}
	}
	return out
}

func slowFanIn(d *schema.Design, m *schema.Module) []string {
	var in []string
	for _, caller := range d.Modules {
		if caller == m || caller.Kind == schema.Monitoring {
			continue
		}
		if slices.ContainsFunc(counting(caller), func(dep *schema.Dependency) bool {
			return slices.ContainsFunc(dep.Targets(), func(r schema.Ref) bool { return r.Name == m.Name })
		}) {
			in = append(in, caller.Name)
		}
	}
	return in
}

func slowFanOut(d *schema.Design, m *schema.Module) []string {
	if m.Kind == schema.Monitoring {
		return nil
	}
	eligible := func(name string) bool {
		for _, to := range d.Modules {
			if to.Name == name && to != m {
				return !isPlatform(to.Kind) && (to.Kind != schema.Database || len(slowFanIn(d, to)) > 1)
			}
		}
		return false
	}
	known := func(dep *schema.Dependency) []string {
		var names []string
		for _, r := range dep.Targets() {
			if slices.ContainsFunc(d.Modules, func(m *schema.Module) bool { return m.Name == r.Name }) && !slices.Contains(names, r.Name) {
				names = append(names, r.Name)
			}
		}
		slices.Sort(names)
		return names
	}
	plain := map[string]bool{} // named by a dependency without a choice
	for _, dep := range counting(m) {
		if names := known(dep); len(names) == 1 {
			plain[names[0]] = true
		}
	}
	chosen := map[string]bool{}
	for name := range plain {
		if eligible(name) {
			chosen[name] = true
		}
	}
	for _, dep := range counting(m) {
		names := known(dep)
		if len(names) < 2 || slices.ContainsFunc(names, func(n string) bool { return plain[n] || chosen[n] }) {
			continue
		}
		for _, n := range names {
			if eligible(n) {
				chosen[n] = true
				break
			}
		}
	}
	var out []string
	for n := range chosen {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
