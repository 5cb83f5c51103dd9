package analyzer

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"lintel/schema"

	"pgregory.net/rapid"
)

func number(x float64) *float64 { return &x }

// drawLoad adds calls, phases and journeys to a drawn design.
func drawLoad(t *rapid.T, most int) *schema.Design {
	d := drawDesign(t, most)
	if len(d.Modules) == 0 {
		return d
	}
	complete := rapid.Bool().Draw(t, "complete")
	calls := []float64{0, 0.2, 0.5, 0.5, 1, 2, -1}
	if complete {
		calls = calls[:6]
	}
	for _, m := range d.Modules {
		for _, dep := range m.DependsOn {
			dep.Calls = number(rapid.SampledFrom(calls).Draw(t, "calls"))
			if *dep.Calls < 0 {
				dep.Calls = nil
			}
			dep.Mode = rapid.SampledFrom([]schema.Mode{"sync", "sync", "async"}).Draw(t, "mode")
			dep.When = rapid.SampledFrom([]schema.Phase{"runtime", "runtime", "runtime", "startup"}).Draw(t, "when")
		}
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "journeys") {
		m := rapid.SampledFrom(d.Modules).Draw(t, "entry")
		j := &schema.Journey{Name: fmt.Sprintf("j%d", i), Entry: schema.Ref{Name: m.Name}}
		if complete || rapid.IntRange(0, 3).Draw(t, "silent") > 0 {
			j.Peak = number(rapid.SampledFrom([]float64{0, 1, 10, 64}).Draw(t, "peak"))
		}
		if rapid.IntRange(0, 2).Draw(t, "narrow") == 0 {
			j.HasUses = true
			for range rapid.IntRange(0, 2).Draw(t, "uses") {
				j.Uses = append(j.Uses, schema.Ref{Name: rapid.SampledFrom(d.Modules).Draw(t, "used").Name})
			}
		}
		d.Journeys = append(d.Journeys, j)
	}
	if rapid.IntRange(0, 9).Draw(t, "lost entry") == 0 {
		d.Journeys = append(d.Journeys, &schema.Journey{Name: "lost", Entry: schema.Ref{Name: "nowhere"}})
	}
	d.Normalize()
	return d
}

// referenceLoad follows requests round by round. What is not stated is nothing in demand, and one
// request in probe.
func referenceLoad(a *Analysis) (demand []float64, known, endless []bool, peaks, calls []int32) {
	n := a.Modules()
	deps := a.Dependencies()
	carried := func(d *Dependency) (float64, bool) { // calls, and whether they are stated
		if d.Calls == nil {
			return 0, false
		}
		return *d.Calls, true
	}

	// Which modules may be asked, and from where nothing certain can be said: walk from each journey
	// with "something on the way was not stated" as part of the state.
	type state struct {
		module  int32
		missing bool
	}
	seen := map[state]bool{}
	missingCalls := map[int32]bool{}
	var walk func(s state)
	hop := func(k int32, missing bool) {
		d := &deps[k]
		c, stated := carried(d)
		if d.When != schema.Runtime || stated && c == 0 || len(d.Targets) == 0 {
			return
		}
		if !stated {
			missingCalls[k] = true
		}
		for _, t := range d.Targets {
			walk(state{t, missing || !stated})
		}
	}
	walk = func(s state) {
		if seen[s] {
			return
		}
		seen[s] = true
		for k := range deps {
			if deps[k].From == s.module {
				hop(int32(k), s.missing)
			}
		}
	}
	entered := make([]bool, n) // by a journey without peak
	for i, j := range a.Journeys() {
		silent := j.Stated == nil || j.Stated.Peak == nil
		if j.Entry < 0 || !silent && *j.Stated.Peak == 0 {
			continue
		}
		if silent {
			peaks = append(peaks, int32(i))
			entered[j.Entry] = true
		}
		for k := range deps {
			if deps[k].From == j.Entry && !slices.Contains(j.Ignored, int32(k)) {
				hop(int32(k), silent)
			}
		}
	}
	for k := range deps {
		if missingCalls[int32(k)] {
			calls = append(calls, int32(k))
		}
	}

	// evenly is the part of the calls that one of the alternatives gets.
	evenly := func(d *Dependency) float64 {
		return min(float64(max(d.Need, 1))/float64(len(d.Targets)), 1)
	}

	// rounds returns what arrives from other modules within so many rounds of calls.
	rounds := func(count int, inflow []float64) []float64 {
		y := make([]float64, n)
		for range count {
			next := slices.Clone(inflow)
			for _, d := range deps {
				if c, _ := carried(&d); c > 0 && d.When == schema.Runtime {
					for _, t := range d.Targets {
						next[t] += y[d.From] * c * evenly(&d)
					}
				}
			}
			y = next
		}
		return y
	}
	inflow := make([]float64, n)
	own := make([]float64, n)
	for _, j := range a.Journeys() {
		if j.Entry < 0 || j.Stated == nil || j.Stated.Peak == nil {
			continue
		}
		own[j.Entry] += *j.Stated.Peak
		for k, d := range deps {
			if c, _ := carried(&d); d.From == j.Entry && d.When == schema.Runtime && !slices.Contains(j.Ignored, int32(k)) {
				for _, t := range d.Targets {
					inflow[t] += *j.Stated.Peak * c * evenly(&d)
				}
			}
		}
	}
	probe := make([]float64, n) // one request for each module that may be asked
	for s := range seen {
		probe[s.module] = 1
	}
	early, late := rounds(1000, probe), rounds(1200, probe)
	demand, known, endless = rounds(2000, inflow), make([]bool, n), make([]bool, n)
	for v := range n {
		demand[v] += own[v]
		endless[v] = math.IsInf(late[v], 0) || math.IsNaN(late[v]) || late[v]-early[v] > 1e-3*max(1, early[v])
		known[v] = !seen[state{int32(v), true}] && !entered[v] && !endless[v]
	}
	return demand, known, endless, peaks, calls
}

func TestLoadMatchesTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(drawLoad(t, 6))
		l := a.Load()
		demand, known, endless, peaks, calls := referenceLoad(a)
		for v := range a.Modules() {
			if l.Known[v] != known[v] || slices.Contains(l.Diverges, int32(v)) != endless[v] {
				t.Fatalf("module %d: known %v, diverges %v; want %v and %v", v, l.Known[v], l.Diverges, known[v], endless[v])
			}
			switch {
			case endless[v]:
				if !(l.Demand[v] >= 0 && (l.Demand[v] <= demand[v]*(1+1e-9) || math.IsNaN(demand[v]))) {
					t.Fatalf("module %d: demand of at least %v, but it is %v without end", v, l.Demand[v], demand[v])
				}
			case math.Abs(l.Demand[v]-demand[v]) > 1e-6*max(1, demand[v]):
				t.Fatalf("module %d: demand %v, want %v", v, l.Demand[v], demand[v])
			}
		}
		if !slices.Equal(l.MissingPeak, peaks) || !slices.Equal(l.MissingCalls, calls) || !slices.IsSorted(l.Diverges) {
			t.Fatalf("missing peaks %v, calls %v; want %v and %v", l.MissingPeak, l.MissingCalls, peaks, calls)
		}
	})
}

// TestLoadWithoutModules compares with the load of a design that does not have the modules that are down.
func TestLoadWithoutModules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawLoad(t, 6)
		if len(d.Journeys) == 0 {
			t.Skip("the journeys of the two designs would not be the same")
		}
		for _, j := range d.Journeys {
			j.HasUses, j.Uses = false, nil // an alternative that is not there is none that is listed
		}
		a := New(d)
		down := make([]bool, a.Modules())
		rest := &schema.Design{System: d.System, Journeys: d.Journeys}
		for v, m := range d.Modules {
			if down[v] = rapid.IntRange(0, 3).Draw(t, "down") == 0; !down[v] {
				rest.Modules = append(rest.Modules, m)
			}
		}
		got := a.LoadWithout(down)
		b := New(rest)
		want := b.Load()
		for v := range a.Modules() {
			i, there := b.ModuleIndex(a.Module(int32(v)).Name)
			if there == down[v] {
				t.Fatalf("module %d: not where it should be", v)
			}
			if down[v] && (got.Demand[v] != 0 || !got.Known[v]) {
				t.Fatalf("module %d is down, but its demand is %v, known %v", v, got.Demand[v], got.Known[v])
			}
			if !down[v] && (math.Abs(got.Demand[v]-want.Demand[i]) > 1e-9*max(1, want.Demand[i]) || got.Known[v] != want.Known[i] ||
				slices.Contains(got.Diverges, int32(v)) != slices.Contains(want.Diverges, i)) {
				t.Fatalf("module %d: demand %v, known %v; want %v and %v", v, got.Demand[v], got.Known[v], want.Demand[i], want.Known[i])
			}
		}
	})
}

// shop returns a design for tables: web calls orders and, softly, ads; orders writes its database
// and, asynchronously, a queue.
func shop() *schema.Design {
	d := &schema.Design{System: "shop", Modules: []*schema.Module{
		{Name: "ads"}, {Name: "db"}, {Name: "queue"},
		{Name: "web", DependsOn: []*schema.Dependency{
			{Key: "orders", Calls: number(2)}, {Key: "ads", Strength: schema.Soft, Calls: number(0.5)}}},
		{Name: "orders", DependsOn: []*schema.Dependency{
			{Key: "db", Calls: number(3)}, {Key: "queue", Mode: schema.Async, Calls: number(1)}}},
	}, Journeys: []*schema.Journey{
		{Name: "browse", Entry: schema.Ref{Name: "web"}, Peak: number(100), HasUses: true, Uses: []schema.Ref{{Name: "ads"}}},
		{Name: "buy", Entry: schema.Ref{Name: "web"}, Peak: number(10)},
	}}
	d.Normalize()
	return d
}

// loads gives "module demand" for each, with "?" after what is not known.
func loads(a *Analysis) string {
	l := a.Load()
	out := ""
	for v := range l.Demand {
		mark := ""
		if !l.Known[v] {
			mark = "?"
		}
		out += fmt.Sprintf("%s %.4g%s, ", a.Module(int32(v)).Name, l.Demand[v], mark)
	}
	return out
}

func TestLoadByHand(t *testing.T) {
	dependency := func(d *schema.Design, module, key string) *schema.Dependency {
		for _, m := range d.Modules {
			for _, dep := range m.DependsOn {
				if m.Name == module && dep.Key == key {
					return dep
				}
			}
		}
		t.Fatalf("no dependency %s of %s", key, module)
		return nil
	}
	for _, c := range []struct {
		name   string
		change func(d *schema.Design)
		want   string
	}{
		{"a journey carries demand over what it uses, soft and async alike", func(*schema.Design) {},
			"ads 55, db 60, orders 20, queue 20, web 110, "},
		{"a startup dependency carries none", func(d *schema.Design) { dependency(d, "orders", "db").When = schema.Startup },
			"ads 55, db 0, orders 20, queue 20, web 110, "},
		{"alternatives share evenly, those that the design has", func(d *schema.Design) {
			x := dependency(d, "orders", "db")
			x.To, x.AnyOf = schema.Ref{}, []schema.Ref{{Name: "db"}, {Name: "ads"}, {Name: "nowhere"}}
		}, "ads 85, db 30, orders 20, queue 20, web 110, "},
		{"where two of three are needed, each gets two thirds", func(d *schema.Design) {
			x := dependency(d, "orders", "db")
			x.To, x.Need, x.AnyOf = schema.Ref{}, 2, []schema.Ref{{Name: "db"}, {Name: "ads"}, {Name: "queue"}}
		}, "ads 95, db 40, orders 20, queue 60, web 110, "},
		{"where all are needed, each gets the whole", func(d *schema.Design) {
			x := dependency(d, "orders", "db")
			x.To, x.Need, x.AnyOf = schema.Ref{}, 3, []schema.Ref{{Name: "db"}, {Name: "ads"}}
		}, "ads 115, db 60, orders 20, queue 20, web 110, "},
		{"calls that are not stated leave what is behind unknown", func(d *schema.Design) { dependency(d, "web", "orders").Calls = nil },
			"ads 55, db 0?, orders 0?, queue 0?, web 110, "},
		{"what is certain stays as a lower bound", func(d *schema.Design) {
			d.Modules = append(d.Modules, &schema.Module{Name: "x", DependsOn: []*schema.Dependency{{Key: "db"}}})
			d.Journeys = append(d.Journeys, &schema.Journey{Name: "x", Entry: schema.Ref{Name: "x"}, Peak: number(1)})
		}, "ads 55, db 60?, orders 20, queue 20, web 110, x 1, "},
		{"so does a peak beside one that is not stated", func(d *schema.Design) { d.Journeys[1].Peak = nil },
			"ads 50?, db 0?, orders 0?, queue 0?, web 100?, "},
		{"a journey that does not use it does not make it unknown", func(d *schema.Design) { d.Journeys[0].Peak = nil },
			"ads 5?, db 60, orders 20, queue 20, web 10?, "},
		{"what never is called stays known", func(d *schema.Design) {
			dependency(d, "web", "orders").Calls = number(0)
			dependency(d, "orders", "db").Calls = nil
		}, "ads 55, db 0, orders 0, queue 0, web 110, "},
		// orders gets 20 from web and half of its own again from the db's trigger: 20 + 3*1/6*orders.
		{"calls round a cycle add up", func(d *schema.Design) {
			d.Modules[1].DependsOn = []*schema.Dependency{{Key: "orders", Calls: number(1. / 6)}}
		}, "ads 55, db 120, orders 40, queue 40, web 110, "},
		{"calls that multiply round a cycle have no finite sum", func(d *schema.Design) {
			d.Modules[1].DependsOn = []*schema.Dependency{{Key: "orders", Calls: number(1. / 3)}}
		}, "ads 55, db 0?, orders 20?, queue 20?, web 110, "},
		{"a journey into a cycle sees what comes back", func(d *schema.Design) {
			d.Modules[0].DependsOn = []*schema.Dependency{{Key: "web", Calls: number(1)}}
			dependency(d, "web", "orders").Calls = number(1)
			// web = 110 + ads, ads = (110 + ads)/2 = 110; orders = 10 + what comes back.
		}, "ads 110, db 360, orders 120, queue 120, web 220, "},
		{"no number of requests is as good as none stated", func(d *schema.Design) { d.Journeys[0].Peak = number(math.NaN()); d.Journeys[1].Peak = number(-3) },
			"ads 0?, db 0?, orders 0?, queue 0?, web 0?, "},
	} {
		d := shop()
		c.change(d)
		d.Normalize()
		if got := loads(New(d)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestLoadWithoutStatedJourneysIsUnknown(t *testing.T) {
	d := shop()
	d.Journeys = nil
	l := New(d).Load()
	if !slices.Equal(l.MissingPeak, []int32{0}) || slices.Contains(l.Known, true) {
		t.Errorf("missing peaks %v, known %v", l.MissingPeak, l.Known)
	}
}

func TestHugeLoadsStayNumbers(t *testing.T) {
	d := ring(30)
	d.Modules[29].DependsOn = nil
	for _, m := range d.Modules {
		for _, dep := range m.DependsOn {
			dep.Calls = number(1e300)
		}
	}
	d.Journeys = []*schema.Journey{{Name: "j", Entry: schema.Ref{Name: d.Modules[0].Name}, Peak: number(1e300)}}
	l := New(d).Load()
	for v, x := range l.Demand {
		if math.IsInf(x, 0) || math.IsNaN(x) {
			t.Errorf("module %d: %v", v, x)
		}
	}
}

// TestIterationAgreesWithElimination solves networks by both methods.
func TestIterationAgreesWithElimination(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "vertices")
		f := &cycleFlows{inflow: make([]float64, n)}
		gains := rapid.SampledFrom([]float64{0.05, 0.2, 0.3, 0.5, 1.2})
		edge := func(u, v int) {
			f.from, f.to = append(f.from, int32(u)), append(f.to, int32(v))
			f.gain = append(f.gain, gains.Draw(t, "gain"))
		}
		for u := range n {
			f.inflow[u] = float64(rapid.IntRange(0, 5).Draw(t, "inflow"))
			edge(u, (u+1)%n)
			for range rapid.IntRange(0, 2).Draw(t, "more") {
				edge(u, rapid.IntRange(0, n-1).Draw(t, "to"))
			}
		}
		y, verdict := f.eliminate()
		z, same := f.iterate()
		if same == flowsUndecided {
			// It may give up only where a little more or less changes the verdict.
			verdicts := map[flowVerdict]bool{}
			for _, scale := range []float64{0.98, 1.02} {
				g := &cycleFlows{inflow: f.inflow, from: f.from, to: f.to}
				for _, gain := range f.gain {
					g.gain = append(g.gain, gain*scale)
				}
				_, v := g.eliminate()
				verdicts[v] = true
			}
			if len(verdicts) == 1 {
				t.Fatalf("iteration gives up, elimination says %v", verdict)
			}
			return
		}
		if verdict != same {
			t.Fatalf("elimination says %v, iteration %v", verdict, same)
		}
		for i := range z {
			if math.Abs(y[i]-z[i]) > 1e-8*max(1, y[i]) {
				t.Fatalf("at %d: %v and %v", i, y[i], z[i])
			}
		}
	})
}

func TestLoadRoundALargeCycle(t *testing.T) {
	const n = 1000
	for _, c := range []struct {
		gain     float64 // of each dependency but the first, which has 1
		diverges bool
	}{{0.5, false}, {1, true}, {1.01, true}} {
		d := ring(n)
		for i, m := range d.Modules {
			m.DependsOn[0].Calls = number(c.gain)
			if i == 0 {
				m.DependsOn[0].Calls = number(1)
			}
		}
		d.Journeys = []*schema.Journey{{Name: "j", Entry: schema.Ref{Name: d.Modules[0].Name}, Peak: number(8)}}
		l := New(d).Load()
		if got := len(l.Diverges) == n; got != c.diverges {
			t.Errorf("calls %v: %d modules diverge", c.gain, len(l.Diverges))
		}
		if !c.diverges && (!l.Known[n-1] || l.Demand[1] != 8 || l.Demand[2] != 4) {
			t.Errorf("calls %v: demand %v, known %v", c.gain, l.Demand[:3], l.Known[:3])
		}
	}
}
