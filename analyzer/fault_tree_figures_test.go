package analyzer_test

import (
	"maps"
	"math"
	"math/big"
	"math/bits"
	"testing"

	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// someAvailabilities states some of them; what is left out is unknown.
func someAvailabilities(t *rapid.T, d *schema.Design) {
	unknown := rapid.Bool().Draw(t, "some unknown")
	some := func(label string) *float64 {
		percents := []float64{99.9, 99, 95, 90, 50, 99.9999, 100, 0}
		if k := rapid.IntRange(0, 40).Draw(t, label); k < len(percents) {
			return &percents[k]
		} else if unknown && k%3 == 0 {
			return nil
		} else if k%2 == 0 {
			return &percents[k%4]
		}
		p := rapid.Float64Range(0, 100).Draw(t, "percent")
		return &p
	}
	for _, m := range d.Modules {
		m.Availability = some(m.Name)
	}
	for _, f := range d.FailureDomains {
		f.Availability = some(f.Name)
	}
}

// chances gives the probability of each event, unknown ones replaced.
func chances(a *analyzer.Analysis, events []analyzer.Event, unknown float64) []float64 {
	out := make([]float64, len(events))
	for i, e := range events {
		q, ok := 0.0, false
		if e.Kind == analyzer.DomainEvent {
			q, ok = a.Design.FailureDomains[e.Domain].Unavailability()
		} else {
			q, ok = a.Module(e.Module).Unavailability()
		}
		if out[i] = unknown; ok {
			out[i] = q
		}
	}
	return out
}

// weights gives for each set of events the probability that these and no others occur, but for event besides (-1 for
// none), of which nothing is asked.
func weights(chance []float64, besides int) []float64 {
	w := make([]float64, 1<<len(chance))
	w[0] = 1
	for i, q := range chance {
		for s := range 1 << i {
			with, without := q, 1-q
			if i == besides {
				with, without = 1, 1
			}
			w[s|1<<i], w[s] = w[s]*with, w[s]*without
		}
	}
	return w
}

// sum adds up the weights of sets that are chosen, with what is lost by rounding added again (W. Kahan, 1965).
func sum(w []float64, chosen func(s int) bool) float64 {
	total, lost := 0.0, 0.0
	for s, p := range w {
		if p != 0 && chosen(s) {
			p -= lost
			next := total + p
			lost = (next - total) - p
			total = next
		}
	}
	return total
}

func (v truth) probability(w []float64) float64 {
	return sum(w, func(s int) bool { return v[s] })
}

// minimal lists the minimal cut sets.
func (v truth) minimal(events int) map[int]bool {
	out := map[int]bool{}
	for s, fails := range v {
		for i := 0; i < events && fails; i++ {
			fails = s>>i&1 == 0 || !v[s&^(1<<i)]
		}
		if fails {
			out[s] = true
		}
	}
	return out
}

func near(a, b, relative float64) bool {
	return a == b || math.Abs(a-b) <= relative*math.Max(math.Abs(a), math.Abs(b))
}

// unfold lists the sets of events, as bits, that a folded cut set stands for.
func unfold(c resilience.CutSet, bit map[analyzer.Event]int) (out []int) {
	base := 0
	for _, e := range c.Events {
		base |= 1 << bit[e]
	}
	type member struct{ group, index int }
	taken := map[member]bool{}
	var choose func(k, from, left, set int)
	choose = func(k, from, left, set int) {
		if left == 0 {
			if k+1 == len(c.Choose) {
				out = append(out, set)
				return
			}
			choose(k+1, 0, c.Choose[k+1].Count, set)
			return
		}
		for m := from; m < len(c.Choose[k].Of); m++ {
			id := member{c.Choose[k].Group, m}
			if taken[id] {
				continue
			}
			more := set
			for _, e := range c.Choose[k].Of[m] {
				more |= 1 << bit[e]
			}
			taken[id] = true
			choose(k, m+1, left-1, more)
			delete(taken, id)
		}
	}
	choose(-1, 0, 0, base)
	return out
}

// All figures of every journey and module are those of brute force over all sets of events.
func TestFiguresAgreeWithBruteForce(t *testing.T) {
	checks(t, func(t *rapid.T) {
		most := []int{5, 7, 8, 9, 9, 10, 10, 11}[rapid.IntRange(0, 7).Draw(t, "most")]
		if rapid.IntRange(0, 80).Draw(t, "large") == 80 {
			most = 18
		}
		d := fewEvents(someDesign(t), most)
		someAvailabilities(t, d)
		a := analyzer.New(d)
		events := allEvents(a)
		bit := map[analyzer.Event]int{}
		for i, e := range events {
			bit[e] = i
		}
		pessimistic := []float64{99, 90, 50}[rapid.IntRange(0, 2).Draw(t, "pessimistic")]
		system, err := resilience.New(a, resilience.Assumptions{Pessimistic: pessimistic}, resilience.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		journeys, modules := truths(a, events)
		worst := chances(a, events, 1-pessimistic/100)
		inBest, inWorst := weights(chances(a, events, 0), -1), weights(worst, -1)
		without := make([][]float64, len(events))
		for i := range without {
			without[i] = weights(worst, i)
		}
		check := func(target analyzer.Target, name string, v truth) {
			got, err := system.Availability(target)
			if err != nil {
				t.Fatal(err)
			}
			p := v.probability(inWorst)
			for _, c := range []struct {
				side string
				got  resilience.Probability
				want float64
			}{{"best", got.Best, v.probability(inBest)}, {"worst", got.Worst, p}} {
				if c.got.Method != resilience.Exact || !near(c.got.Low, c.want, 1e-12) || c.got.Low != c.got.High {
					t.Fatalf("%s: %s is %v, want %g", name, c.side, c.got, c.want)
				}
			}
			checkContributors(t, a, got, v, bit, worst, without, p, name)
			checkUnknown(t, a, got, v, events, name)
			checkCutSets(t, a, system, target, v, events, bit, name)
		}
		for j, v := range journeys {
			check(analyzer.OfJourney(int32(j)), "the journey "+a.Journeys()[j].Name, v)
		}
		for m, v := range modules {
			check(analyzer.OfModule(int32(m)), a.Module(int32(m)).Name, v)
		}
	})
}

func checkContributors(t *rapid.T, a *analyzer.Analysis, got resilience.Availability, v truth, bit map[analyzer.Event]int, chance []float64, besides [][]float64, p float64, name string) {
	listed := map[int]bool{}
	last := math.Inf(1)
	for _, c := range got.Contributors {
		i := bit[c.Event]
		if listed[i] {
			t.Fatalf("%s: %s contributes twice", name, a.EventName(c.Event))
		}
		listed[i] = true
		if c.FussellVesely > last {
			t.Fatalf("%s: contributors are not in order", name)
		}
		last = c.FussellVesely
		with := sum(besides[i], func(s int) bool { return s>>i&1 == 1 && v[s] })
		without := sum(besides[i], func(s int) bool { return s>>i&1 == 0 && v[s] })
		birnbaum := sum(besides[i], func(s int) bool { return s>>i&1 == 1 && v[s] && !v[s&^(1<<i)] })
		if birnbaum == 0 {
			t.Fatalf("%s: %s is listed and makes no difference", name, a.EventName(c.Event))
		}
		want := []float64{chance[i], birnbaum, math.NaN(), math.NaN(), math.NaN()}
		if p > 0 {
			want[2], want[3], want[4] = chance[i]*birnbaum/p, with/p, p/without
		}
		for k, x := range []float64{c.Unavailability, c.Birnbaum, c.FussellVesely, c.RiskAchievementWorth, c.RiskReductionWorth} {
			// A Birnbaum importance is a difference, of which digits are lost where it is small beside 1; so are P(¬e)
			// where it is small beside P.
			relative, absolute := 1e-9, []float64{0, 1e-15, 1e-15 * chance[i] / p, 1e-15 / p, 0}[k]
			if k == 4 {
				relative = 1e-12 * max(1, min(x, want[k]))
			}
			if !near(x, want[k], relative) && !(math.IsNaN(x) && math.IsNaN(want[k])) && !(math.Abs(x-want[k]) <= absolute) {
				t.Fatalf("%s: %s of %s is %g, want %g (P %g)", name, []string{"unavailability", "Birnbaum", "Fussell-Vesely", "risk achievement worth", "risk reduction worth"}[k],
					a.EventName(c.Event), x, want[k], p)
			}
		}
	}
	// What is not listed contributes nothing.
	for e, i := range bit {
		if !listed[i] {
			if sum(besides[i], func(s int) bool { return s>>i&1 == 1 && v[s] && !v[s&^(1<<i)] }) > 1e-15 {
				t.Fatalf("%s: %s matters and is not listed", name, a.EventName(e))
			}
		}
	}
}

// checkUnknown: what is unknown and matters is told.
func checkUnknown(t *rapid.T, a *analyzer.Analysis, got resilience.Availability, v truth, events []analyzer.Event, name string) {
	told := map[analyzer.Event]bool{}
	for _, e := range got.Unknown {
		told[e] = true
	}
	unknown := chances(a, events, math.NaN())
	for i, e := range events {
		if told[e] && !math.IsNaN(unknown[i]) {
			t.Fatalf("%s: %s is known", name, a.EventName(e))
		}
		if e.Kind == analyzer.ReplicaEvent {
			e.Replica = 1
		}
		if told[e] || !math.IsNaN(unknown[i]) {
			continue
		}
		for s, fails := range v {
			if s>>i&1 == 1 && fails && !v[s&^(1<<i)] {
				t.Fatalf("%s: %s is unknown, matters and is not told", name, a.EventName(e))
			}
		}
	}
}

func checkCutSets(t *rapid.T, a *analyzer.Analysis, system *resilience.System, target analyzer.Target, v truth, events []analyzer.Event, bit map[analyzer.Event]int, name string) {
	want := v.minimal(len(events))
	chance := chances(a, events, math.NaN())
	maxOrder := rapid.SampledFrom([]int{0, 0, 1, 2, 3}).Draw(t, "order")
	if maxOrder > 0 {
		maps.DeleteFunc(want, func(s int, _ bool) bool { return bits.OnesCount(uint(s)) > maxOrder })
	}
	got, err := system.CutSets(target, maxOrder)
	if err != nil {
		t.Fatal(err)
	}
	byOrder := make([]int64, len(events)+1)
	for s := range want {
		byOrder[bits.OnesCount(uint(s))]++
	}
	if !got.Complete || got.Count().Cmp(big.NewInt(int64(len(want)))) != 0 {
		t.Fatalf("%s: %v cut sets, complete %t; want %d", name, got.Count(), got.Complete, len(want))
	}
	for k, n := range byOrder {
		have := new(big.Int)
		if k < len(got.ByOrder) {
			have = got.ByOrder[k]
		}
		if have.Cmp(big.NewInt(n)) != 0 {
			t.Fatalf("%s: %v cut sets of %d events, want %d", name, have, k, n)
		}
	}
	found := map[int]bool{}
	order, last := 0, math.Inf(1)
	for c := range got.All {
		sets := unfold(c, bit)
		if !c.Number.IsInt64() || c.Number.Int64() != int64(len(sets)) {
			t.Fatalf("%s: %v is said to be %v sets", name, c, c.Number)
		}
		if c.Order > order {
			order, last = c.Order, math.Inf(1)
		}
		for _, s := range sets {
			if !want[s] || found[s] || bits.OnesCount(uint(s)) != c.Order || c.Order < order {
				t.Fatalf("%s: the set%s in %v: minimal %t, found before %t", name, setText(a, events, s), c, want[s], found[s])
			}
			found[s] = true
			p := 1.0
			for i := range events {
				if s>>i&1 == 1 {
					p *= chance[i]
				}
			}
			if math.IsNaN(p) != math.IsNaN(c.Probability) || !math.IsNaN(p) && !near(p, c.Probability, 1e-13) {
				t.Fatalf("%s: the set%s has the probability %g, want %g", name, setText(a, events, s), c.Probability, p)
			}
		}
		rank := c.Probability
		if math.IsNaN(rank) {
			rank = 0
		}
		if rank > last*(1+1e-12) {
			t.Fatalf("%s: %v comes too late", name, c)
		}
		last = rank
	}
	if len(found) != len(want) {
		t.Fatalf("%s: %d sets listed, want %d", name, len(found), len(want))
	}
}
