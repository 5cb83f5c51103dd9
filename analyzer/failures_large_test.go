package analyzer_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"

	"lintel/analyzer"
	"lintel/internal/generate"
	"lintel/schema"
)

// Larger designs fill several words and blocks, and their components are too large to settle in one
// round. The reference is slow on them, so a normal run asks it about some scenarios only; with
// LINTEL_LONG=1 it is asked about all.
func TestLargeDesignsAgreeWithReference(t *testing.T) {
	for name, d := range map[string]*schema.Design{
		"generated":               fewReplicas(generate.Design(generate.Spec{Name: "large", Modules: 700, Dependencies: 3000, Journeys: 30, Regions: 2, Racks: 2}, 1)),
		"one ring of choices":     ring(600, 0, 2),
		"a ring with plain edges": ring(600, 3, 2),
		"a ring of threes":        ring(600, 4, 3),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, r := analyzer.New(d), newReference(d)
			before := r.outcome(refScenario{})
			f, whole := a.Failures(), a.ModuleFailures()
			compare(t, "before", a, f.Before, before)
			step := 67
			if os.Getenv("LINTEL_LONG") != "" {
				step = 1
			}
			for i := 0; i < len(f.Events); i += step {
				e := refEventOf(a, f.Events[i], 1)
				compare(t, fmt.Sprint(e), a, f.Outcomes[i], r.outcome(e.scenario()).beyond(before))
			}
			for i := 0; i < a.Modules(); i += step {
				name := a.Module(int32(i)).Name
				want := r.outcome(refScenario{modules: map[string]bool{name: true}}).beyond(before)
				delete(want.down, name)
				want.degraded, want.unsatisfied = nil, nil
				compare(t, name+" as a whole", a, analyzer.Outcome{Lost: whole.Lost[i], Down: whole.Down[i]}, want)
			}
		})
	}
}

// fewReplicas keeps the reference, which goes through replicas one by one, from taking for ever.
func fewReplicas(d *schema.Design) *schema.Design {
	for _, m := range d.Modules {
		if m.Replicas > 6 {
			m.Replicas, m.Autoscaling, m.Redundancy.Need = 1+m.Replicas%6, nil, nil
		}
	}
	return d
}

// ring makes modules that each need one of a few of those that follow, round and round, and, every
// so many, one of them for certain. Every third calls softly as well.
func ring(n, plain, alternatives int) *schema.Design {
	random := rand.New(rand.NewPCG(uint64(plain), uint64(alternatives)))
	ref := func(i int) schema.Ref { return schema.Ref{Name: fmt.Sprintf("m%03d", i%n)} }
	d := &schema.Design{System: "ring"}
	for i := range n {
		m := &schema.Module{Name: ref(i).Name, Replicas: 1}
		choice := &schema.Dependency{Key: "choice", Need: 1 + random.IntN(alternatives-1)}
		for k := range alternatives {
			choice.AnyOf = append(choice.AnyOf, ref(i+1+3*k+random.IntN(3)))
		}
		m.DependsOn = append(m.DependsOn, choice)
		if plain > 0 && random.IntN(plain) == 0 {
			m.DependsOn = append(m.DependsOn, &schema.Dependency{Key: "sure", To: ref(i + 1 + random.IntN(4))})
		}
		if i%3 == 0 {
			soft := *choice
			soft.Key, soft.Strength = "soft", schema.Soft
			m.DependsOn = append(m.DependsOn, &soft)
		}
		d.Modules = append(d.Modules, m)
		if i%20 == 0 {
			d.Journeys = append(d.Journeys, &schema.Journey{Name: "from " + m.Name, Entry: ref(i)})
		}
	}
	d.Normalize()
	return d
}

// Running twice, and with another division of labour, gives the same.
func TestFailuresAreDeterministic(t *testing.T) {
	d := generate.Design(generate.T2, 1)
	text := func() string {
		a := analyzer.New(d)
		return fmt.Sprintf("%v %v", *a.Failures(), *a.ModuleFailures())
	}
	first := text()
	for _, workers := range []int{1, 3} {
		old := runtime.GOMAXPROCS(workers)
		again := text()
		runtime.GOMAXPROCS(old)
		if again != first {
			t.Fatalf("another run, with %d workers, differs", workers)
		}
	}
}
