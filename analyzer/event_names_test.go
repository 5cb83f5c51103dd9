package analyzer_test

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lintel/analyzer"
	"lintel/schema"
)

func eventDesign() *schema.Design {
	d := &schema.Design{
		System: "shop",
		Modules: []*schema.Module{
			{Name: "orders", Replicas: 3, DependsOn: []*schema.Dependency{{Key: "payment", AnyOf: []schema.Ref{{Name: "bank"}, {Name: "both"}}}}},
			{Name: "cart", Replicas: 1},
			{Name: "nothing", Replicas: 0},
			{Name: "bank", Kind: schema.External, Replicas: 2},
			{Name: "both", Replicas: 2},
			{Name: "a/2", Replicas: 1},
			{Name: "a:2", Replicas: 1},
			{Name: "a", Replicas: 5},
			{Name: "module:a", Replicas: 1},
			{Name: "domain", Replicas: 4},
		},
		FailureDomains: []*schema.FailureDomain{{Name: "both"}, {Name: "zone-a"}, {Name: "zone-b"}},
	}
	d.Normalize()
	return d
}

func TestParseEvent(t *testing.T) {
	a := analyzer.New(eventDesign())
	index := func(name string) int32 {
		i, ok := a.ModuleIndex(name)
		if !ok {
			t.Fatalf("no module %s", name)
		}
		return i
	}
	domain := func(name string) analyzer.Scenario {
		d, ok := a.DomainIndex(name)
		if !ok {
			t.Fatalf("no domain %s", name)
		}
		return analyzer.Scenario{Events: []analyzer.Event{{Kind: analyzer.DomainEvent, Module: -1, Domain: d}}}
	}
	whole := func(name string) analyzer.Scenario { return analyzer.Scenario{Modules: []int32{index(name)}} }
	replicas := func(name string, numbers ...int) (s analyzer.Scenario) {
		for _, r := range numbers {
			s.Events = append(s.Events, analyzer.Event{Kind: analyzer.ReplicaEvent, Module: index(name), Replica: r, Domain: -1})
		}
		return s
	}
	for text, want := range map[string]analyzer.Scenario{
		"orders":          whole("orders"),
		"orders/1":        replicas("orders", 1),
		"orders/3":        replicas("orders", 3),
		"orders:1":        replicas("orders", 1),
		"orders:2":        replicas("orders", 1, 2),
		"orders:3":        whole("orders"),
		"zone-a":          domain("zone-a"),
		"domain:zone-a":   domain("zone-a"),
		"module:orders":   whole("orders"),
		"module:orders/2": replicas("orders", 2),
		"module:orders:2": replicas("orders", 1, 2),
		"module:both":     whole("both"),
		"module:both/2":   replicas("both", 2),
		"both/2":          replicas("both", 2),
		"domain:both":     domain("both"),
		"bank":            {Events: []analyzer.Event{{Kind: analyzer.ExternalEvent, Module: index("bank"), Domain: -1}}},
		"nothing":         whole("nothing"),
		"a/2":             whole("a/2"), // a name comes before what it could say
		"a/3":             replicas("a", 3),
		"a:2":             whole("a:2"),
		"a/2/1":           replicas("a/2", 1),
		"module:a":        whole("module:a"),
		"domain:2":        replicas("domain", 1, 2),
	} {
		got, err := a.ParseEvent(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", text, diff)
		}
	}
}

func TestParseEventErrors(t *testing.T) {
	a := analyzer.New(eventDesign())
	for text, want := range map[string]string{
		"both":                        `"both" is a module and a failure domain: write "module:both" or "domain:both"`,
		"ordrs":                       `no module or failure domain "ordrs": did you mean "orders"?`,
		"ordrs/2":                     `no module or failure domain "ordrs": did you mean "orders"?`,
		"ordrs:2":                     `no module or failure domain "ordrs": did you mean "orders"?`,
		"zone-c":                      `no module or failure domain "zone-c": did you mean "zone-a"?`,
		"module:zone-a":               `no module "zone-a": it is a failure domain: write "domain:zone-a"`,
		"domain:orders":               `no failure domain "orders": it is a module: write "module:orders"`,
		"modul:orders":                `no module or failure domain "modul:orders": did you mean "module:orders"?`,
		"domian:zone-a":               `no module or failure domain "domian:zone-a": did you mean "domain:zone-a"?`,
		"payment":                     `no module or failure domain "payment": it names a choice, which fails with its alternatives: write "bank", "both"`,
		"module:ordrs/1":              `no module "ordrs": did you mean "module:orders"?`,
		"domain:zone-c":               `no failure domain "zone-c": did you mean "domain:zone-a"?`,
		"orders/4":                    `orders has no replica 4: it has 3: write "orders/1" to "orders/3"`,
		"orders/0":                    `orders has no replica 0: it has 3: write "orders/1" to "orders/3"`,
		"orders:0":                    `orders can't lose 0 replicas: it has 3: write "orders:1" to "orders:3"`,
		"orders:99999999999999999999": `orders can't lose 9223372036854775807 replicas: it has 3: write "orders:1" to "orders:3"`,
		"cart/2":                      `cart has no replica 2: it has 1 replica: write "cart"`,
		"nothing/1":                   `nothing has no replicas`,
		"bank/1":                      `bank is external and fails as a whole: write "bank"`,
		"zone-a/1":                    `zone-a is a failure domain, which has no replicas: write "zone-a"`,
		"zone-a:2":                    `zone-a is a failure domain, which has no replicas: write "zone-a"`,
		"orders/x":                    `no module or failure domain "orders/x": did you mean "orders"?`,
		"":                            `no module or failure domain ""`,
		"/2":                          `no module or failure domain ""`,
	} {
		_, err := a.ParseEvent(text)
		var e *analyzer.EventError
		if !errors.As(err, &e) {
			t.Errorf("%q: got %v, want an EventError", text, err)
		} else if err.Error() != want {
			t.Errorf("%q:\n got %s\nwant %s", text, err, want)
		}
	}
}

// Of any number of replicas those are taken whose loss hurts most: with manual failover, the primary.
func TestParseEventWorstReplicas(t *testing.T) {
	d := &schema.Design{System: "s", Modules: []*schema.Module{
		{Name: "db", Replicas: 3, Redundancy: schema.Redundancy{Mode: schema.ActivePassive, Failover: schema.ManualFailover}},
	}}
	d.Normalize()
	a := analyzer.New(d)
	one, err := a.ParseEvent("db:1")
	if err != nil {
		t.Fatal(err)
	}
	if !a.Simulate(one).ModuleDown[0] {
		t.Error("db:1 does not take the primary")
	}
	second, err := a.ParseEvent("db/2")
	if err != nil {
		t.Fatal(err)
	}
	if a.Simulate(second).ModuleDown[0] {
		t.Error("db/2 takes more than a standby")
	}
}

// "Any two" are further ones than those that fail anyway.
func TestParseEventsTakesFurtherReplicas(t *testing.T) {
	d := &schema.Design{
		System: "s",
		Modules: []*schema.Module{
			{Name: "b", Replicas: 4, Placement: &schema.Placement{Spread: refs([]string{"z1", "z1", "z2", "z2"})}},
			{Name: "p", Replicas: 4, Placement: &schema.Placement{Spread: refs([]string{"z2", "z1"})}, Redundancy: schema.Redundancy{Mode: schema.ActivePassive, Failover: schema.ManualFailover}},
			{Name: "q", Replicas: 4, Redundancy: schema.Redundancy{Mode: schema.ActivePassive, Failover: schema.ManualFailover},
				Placement: &schema.Placement{Counts: []schema.PlacementCount{{Domain: schema.Ref{Name: "z1"}, Count: 2}, {Domain: schema.Ref{Name: "z2"}, Count: 2}}}},
		},
		FailureDomains: []*schema.FailureDomain{{Name: "r"}, {Name: "z1", In: schema.Ref{Name: "r"}}, {Name: "z2", In: schema.Ref{Name: "r"}}},
	}
	d.Normalize()
	a := analyzer.New(d)
	for texts, want := range map[string]string{
		"b:2":              "b:2=[1 2]",
		"z1 b:2":           "b:2=[3 4]",
		"b:2 z1":           "b:2=[3 4]",
		"z2 b:1":           "b:1=[1]",
		"b/1 b:2":          "b:2=[2 3]",
		"b/1 b/3 b:1":      "b:1=[2]",
		"b:2 b:1":          "b:2=[1 2] b:1=[3]",
		"b:1 module:b:2":   "b:1=[1] module:b:2=[2 3]",
		"b:2 b:2":          "b:2=[1 2] b:2=[1 2]",
		"z1 b:3":           "b:3=[3 4]",
		"b:3 b:2":          "b:3=[1 2 3] b:2=[4]",
		"r b:1":            "b:1=[]",
		"b b:1":            "b:1=[]",
		"b:4 b:1":          "b:1=[]",
		"z1 p:1":           "p:1=[1]",
		"z2 p:1":           "p:1=[2]",
		"p/1 p:1":          "p:1=[2]",
		"z1 q:1":           "q:1=[1]", // no failure domain takes a primary whose place is unknown
		"z1 q/1 q:1":       "q:1=[3]",
		"z1 b:2 p:1 p:2 q": "b:2=[3 4] p:1=[1] p:2=[3]",
	} {
		words := strings.Fields(texts)
		together, events, err := a.ParseEvents(words...)
		if err != nil {
			t.Errorf("%s: %v", texts, err)
			continue
		}
		var got []string
		var all analyzer.Scenario
		for i, e := range events {
			if e.Text != words[i] {
				t.Errorf("%s: event %d is that of %s", texts, i, e.Text)
			}
			if e.Any != nil {
				got = append(got, fmt.Sprintf("%s=%v", e.Text, e.Any.Replicas))
			}
			all.Events, all.Modules = append(all.Events, e.Scenario.Events...), append(all.Modules, e.Scenario.Modules...)
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: took %s, want %s", texts, got, want)
		}
		if tell(a, a.Simulate(together)) != tell(a, a.Simulate(all)) {
			t.Errorf("%s: together is not what the events are", texts)
		}
	}
}

// No other choice of as many replicas, beside the same events, leaves less of a module.
func TestParseEventsTakesTheWorst(t *testing.T) {
	checks(t, func(t *rapid.T) {
		d := someDesign(t)
		a := analyzer.New(d)
		var others []string
		for _, f := range d.FailureDomains {
			if rapid.IntRange(0, 2).Draw(t, "domain") == 0 {
				others = append(others, "domain:"+f.Name)
			}
		}
		for _, m := range d.Modules {
			n := m.ReliableReplicas()
			if m.Kind == schema.External || n < 2 || n > 8 {
				continue
			}
			texts := slices.Clone(others)
			for r := 1; r <= n; r++ {
				if rapid.IntRange(0, 3).Draw(t, "replica") == 0 {
					texts = append(texts, fmt.Sprintf("module:%s/%d", m.Name, r))
				}
			}
			rest, _, err := a.ParseEvents(texts...)
			if err != nil {
				t.Fatal(err)
			}
			asked := rapid.IntRange(1, n-1).Draw(t, "asked")
			chosen, events, err := a.ParseEvents(append(texts, fmt.Sprintf("module:%s:%d", m.Name, asked))...)
			if err != nil {
				t.Fatal(err)
			}
			i, _ := a.ModuleIndex(m.Name)
			down := a.Simulate(chosen).NoCapacity[i]
			took := events[len(texts)].Any.Replicas
			for set := range 1 << n {
				if bits.OnesCount(uint(set)) != asked {
					continue
				}
				other := rest
				for r := range n {
					if set&(1<<r) != 0 {
						other.Events = append(other.Events[:len(other.Events):len(other.Events)], analyzer.Event{Kind: analyzer.ReplicaEvent, Module: i, Replica: r + 1, Domain: -1})
					}
				}
				if a.Simulate(other).NoCapacity[i] && !down {
					t.Fatalf("%v, %d more of %s: took %v and left it up, but %b takes it down", texts, asked, m.Name, took, set)
				}
			}
		}
	})
}

func FuzzParseEvent(f *testing.F) {
	for _, text := range []string{"orders", "orders/2", "orders:2", "module:a", "domain:zone-a", "a/2/1", ":", "/", "module:", "x:y:z/1"} {
		f.Add(text)
	}
	a := analyzer.New(eventDesign())
	f.Fuzz(func(t *testing.T, text string) {
		s, err := a.ParseEvent(text)
		if (err == nil) == (len(s.Events)+len(s.Modules)+len(s.Cuts) == 0) {
			t.Fatalf("%q: scenario %v and error %v", text, s, err)
		}
	})
}
