package generate

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"lintel/schema"
)

func TestSameSeedSameDesign(t *testing.T) {
	for _, spec := range []Spec{T0, T1, T2} {
		if !reflect.DeepEqual(Design(spec, 7), Design(spec, 7)) {
			t.Errorf("%s: two designs of one seed differ", spec.Name)
		}
	}
	if reflect.DeepEqual(Design(T1, 1), Design(T1, 2)) {
		t.Error("another seed gives the same design")
	}
}

func TestSizes(t *testing.T) {
	for _, spec := range Tiers {
		d := Design(spec, 1)
		if len(d.Modules) != spec.Modules {
			t.Errorf("%s: %d modules, want %d", spec.Name, len(d.Modules), spec.Modules)
		}
		_, in, _ := shape(d)
		pairs := 0
		for _, n := range in {
			pairs += n
		}
		if math.Abs(float64(pairs-spec.Dependencies)) > 0.01*float64(spec.Dependencies) {
			t.Errorf("%s: %d dependencies, want %d within 1 %%", spec.Name, pairs, spec.Dependencies)
		}
		if len(d.Journeys) != spec.Journeys {
			t.Errorf("%s: %d journeys, want %d", spec.Name, len(d.Journeys), spec.Journeys)
		}
	}
}

// shape returns fan-out, fan-in and instances of the modules, each sorted.
func shape(d *schema.Design) (out, in, instances []int) {
	callers := map[string]int{}
	for _, m := range d.Modules {
		n := 0
		for _, dep := range m.DependsOn {
			for _, t := range dep.Targets() {
				callers[t.Name]++
				n++
			}
		}
		out = append(out, n)
		instances = append(instances, m.Replicas)
	}
	for _, m := range d.Modules {
		in = append(in, callers[m.Name])
	}
	slices.Sort(out)
	slices.Sort(in)
	slices.Sort(instances)
	return out, in, instances
}

func TestT3HasMetasShape(t *testing.T) {
	out, in, instances := shape(Design(T3, 1))
	n := len(out)
	quantile := func(s []int, p float64) float64 { return float64(s[int(p*float64(n-1))]) }
	top := func(s []int, k int) float64 {
		sum, all := 0, 0
		for i, v := range s {
			all += v
			if i >= n-k {
				sum += v
			}
		}
		return 100 * float64(sum) / float64(all)
	}
	single := 0
	for _, v := range instances {
		if v == 1 {
			single++
		}
	}
	for _, c := range []struct {
		what                 string
		got, want, tolerance float64 // relative
	}{
		{"fan-out p50", quantile(out, 0.5), 4, 0.1},
		{"fan-out p90", quantile(out, 0.9), 13, 0.1},
		{"fan-out p99", quantile(out, 0.99), 93, 0.1},
		{"fan-out max", quantile(out, 1), 5865, 0.1},
		{"fan-in p50", quantile(in, 0.5), 2, 0.1},
		{"fan-in p90", quantile(in, 0.9), 12, 0.1},
		{"fan-in p99", quantile(in, 0.99), 70, 0.1},
		{"fan-in max", quantile(in, 1), 14084, 0.1},
		{"callers of the top ten, %", top(in, 10), 28.7, 0.1},
		{"callers of the top hundred, %", top(in, 100), 51.7, 0.1},
		{"instances p50", quantile(instances, 0.5), 34, 0.1},
		{"instances p90", quantile(instances, 0.9), 186, 0.1},
		{"instances p99", quantile(instances, 0.99), 9243, 0.1},
		{"instances max", quantile(instances, 1), 557_156, 0.1},
		{"single instances, %", 100 * float64(single) / float64(n), 4.4, 0.25},
	} {
		t.Logf("%-30s %10.1f  published %10.1f", c.what, c.got, c.want)
		if math.Abs(c.got-c.want) > c.tolerance*c.want {
			t.Errorf("%s = %.1f, want %.1f within %.0f %%", c.what, c.got, c.want, 100*c.tolerance)
		}
	}
}

// Most hard calls lead down, but there are cycles of hard runtime dependencies at every size above
// the demo.
func TestThereAreCycles(t *testing.T) {
	for _, spec := range Tiers[1:] {
		d := Design(spec, 1)
		needs := map[string][]string{}
		for _, m := range d.Modules {
			for _, dep := range m.DependsOn {
				if dep.Strength == schema.Hard && dep.When == schema.Runtime && len(dep.AnyOf) == 0 {
					needs[m.Name] = append(needs[m.Name], dep.To.Name)
				}
			}
		}
		const open, done = 1, 2
		state, back, calls := map[string]int{}, 0, 0
		var visit func(string)
		visit = func(name string) {
			state[name] = open
			for _, to := range needs[name] {
				calls++
				switch state[to] {
				case 0:
					visit(to)
				case open:
					back++
				}
			}
			state[name] = done
		}
		for _, m := range d.Modules {
			if state[m.Name] == 0 {
				visit(m.Name)
			}
		}
		if back == 0 || back > calls/20 {
			t.Errorf("%s: %d of %d hard calls close a cycle, want a few", spec.Name, back, calls)
		}
	}
}
