package change_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lintel/analyzer/change"
	"lintel/schema"
)

const source = `
system: "shop"
failureDomains: {
	a: kind: "zone"
	b: kind: "zone"
	c: kind: "zone"
}
modules: {
	web: {entry: true, replicas: 2, placement: ["a", "b"], dependsOn: {orders: {}, payment: {to: "stripe"}, mail: {anyOf: ["post", "pigeon"]}}}
	orders: {placement: {a: 1}, redundancy: mode: "active-passive"}
	scaled: {autoscaling: {min: 1, max: 2}, replicas: 1}
	db: {kind: "database", replicas: 3, redundancy: {mode: "quorum", need: 2, failover: "manual"}}
	stripe: {kind: "external", availability: 99.9, team: "money", tier: 1}
	post: kind: "external"
	pigeon: kind: "external"
}
`

func load(t *testing.T, text string) *schema.Design {
	t.Helper()
	designs, err := schema.Load(schema.LoadOptions{Dir: t.TempDir(), Stdin: reader(text)}, "-")
	if err != nil {
		t.Fatal(err)
	}
	return designs[0]
}

func TestApply(t *testing.T) {
	cases := []struct {
		name   string
		change change.Change
		text   string
		fields []change.Field
		from   string // what the source says
		to     string // what it says after the change
	}{
		{
			"replicas and placement by counts",
			change.Change{Module: "orders", Replicas: 3, Placement: []string{"a", "c"}},
			"orders: replicas 1 → 3, spread over a, c",
			[]change.Field{
				{Path: []string{"modules", "orders", "replicas"}, Value: 3},
				{Path: []string{"modules", "orders", "placement", "a"}, Value: 2},
				{Path: []string{"modules", "orders", "placement", "c"}, Value: 1},
			},
			`orders: {placement: {a: 1}`, `orders: {replicas: 3, placement: {a: 2, c: 1}`,
		},
		{
			"one count and a further one",
			change.Change{Module: "orders", Replicas: 3, Counts: []change.Count{{Domain: "a", Replicas: 1}, {Domain: "c", Replicas: 2}}},
			"orders: replicas 1 → 3, in c 0 → 2",
			[]change.Field{
				{Path: []string{"modules", "orders", "replicas"}, Value: 3},
				{Path: []string{"modules", "orders", "placement", "c"}, Value: 2},
			},
			`orders: {placement: {a: 1}`, `orders: {replicas: 3, placement: {a: 1, c: 2}`,
		},
		{
			"placement by list",
			change.Change{Kind: change.Place, Module: "web", Placement: []string{"a", "c"}},
			"web: spread over a, c",
			[]change.Field{{Path: []string{"modules", "web", "placement"}, Value: []string{"a", "c"}}},
			`placement: ["a", "b"]`, `placement: ["a", "c"]`,
		},
		{
			"the floor of autoscaling, its ceiling and stated replicas",
			change.Change{Module: "scaled", Replicas: 3},
			"scaled: autoscaling.min 1 → 3",
			[]change.Field{
				{Path: []string{"modules", "scaled", "replicas"}, Value: 3},
				{Path: []string{"modules", "scaled", "autoscaling", "min"}, Value: 3},
				{Path: []string{"modules", "scaled", "autoscaling", "max"}, Value: 3},
			},
			`autoscaling: {min: 1, max: 2}, replicas: 1`, `autoscaling: {min: 3, max: 3}, replicas: 3`,
		},
		{
			"need with the replicas of a quorum, and failover",
			change.Change{Module: "db", Replicas: 5, Need: 3, Failover: schema.AutomaticFailover},
			"db: replicas 3 → 5, redundancy.failover manual → automatic, redundancy.need 2 → 3",
			[]change.Field{
				{Path: []string{"modules", "db", "replicas"}, Value: 5},
				{Path: []string{"modules", "db", "redundancy", "failover"}, Value: "automatic"},
				{Path: []string{"modules", "db", "redundancy", "need"}, Value: 3},
			},
			`replicas: 3, redundancy: {mode: "quorum", need: 2, failover: "manual"}`, `replicas: 5, redundancy: {mode: "quorum", need: 3, failover: "automatic"}`,
		},
		{
			"soft",
			change.Change{Kind: change.Soften, Module: "web", Dependency: "orders", Fallback: "a note"},
			`web -> orders: soft, fallback "a note"`,
			[]change.Field{
				{Path: []string{"modules", "web", "dependsOn", "orders", "strength"}, Value: "soft"},
				{Path: []string{"modules", "web", "dependsOn", "orders", "fallback"}, Value: "a note"},
			},
			`orders: {}, payment`, `orders: {strength: "soft", fallback: "a note"}, payment`,
		},
		{
			"an alternative in place of to",
			change.Change{Kind: change.Alternative, Module: "web", Dependency: "payment", Alternative: "other", Placement: []string{"b"}},
			"web -> payment: stripe or other",
			[]change.Field{
				{Path: []string{"modules", "other"}, Value: []change.Field{
					{Path: []string{"kind"}, Value: "external"},
					{Path: []string{"description"}, Value: "An alternative to stripe"},
					{Path: []string{"team"}, Value: "money"},
					{Path: []string{"tier"}, Value: 1},
					{Path: []string{"placement"}, Value: []string{"b"}},
					{Path: []string{"availability"}, Value: 99.9},
				}},
				{Path: []string{"modules", "web", "dependsOn", "payment", "to"}, Value: nil},
				{Path: []string{"modules", "web", "dependsOn", "payment", "anyOf"}, Value: []string{"stripe", "other"}},
			},
			`payment: {to: "stripe"}, mail: {anyOf: ["post", "pigeon"]}}}`,
			`payment: {anyOf: ["stripe", "other"]}, mail: {anyOf: ["post", "pigeon"]}}}
	other: {kind: "external", description: "An alternative to stripe", team: "money", tier: 1, placement: ["b"], availability: 99.9}`,
		},
		{
			"one more alternative, which is there",
			change.Change{Kind: change.Alternative, Module: "web", Dependency: "mail", Alternative: "stripe"},
			"web -> mail: post or pigeon or stripe",
			[]change.Field{{Path: []string{"modules", "web", "dependsOn", "mail", "anyOf"}, Value: []string{"post", "pigeon", "stripe"}}},
			`anyOf: ["post", "pigeon"]`, `anyOf: ["post", "pigeon", "stripe"]`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, untouched := load(t, source), load(t, source)
			if got := c.change.In(d); got != c.text {
				t.Errorf("text: %s\nwant: %s", got, c.text)
			}
			if diff := cmp.Diff(c.fields, c.change.Fields(d)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			got, err := change.Apply(d, c.change)
			if err != nil {
				t.Fatal(err)
			}
			want := load(t, replaced(t, source, c.from, c.to))
			if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(schema.Range{}), cmpopts.IgnoreFields(schema.Design{}, "Sources"),
				cmp.Transformer("sorted", func(p schema.Places) []string { return stated(p) })); diff != "" {
				t.Errorf("applied, and the source with the change (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(untouched, d, cmpopts.IgnoreFields(schema.Design{}, "Path")); diff != "" {
				t.Errorf("the original changed:\n%s", diff)
			}
			again, err := change.Apply(got, c.change)
			switch {
			case c.change.Kind == change.Alternative && err == nil:
				t.Error("the same alternative again is no error")
			case c.change.Kind != change.Alternative && (err != nil || len(c.change.Fields(again)) > 0):
				t.Errorf("the same change again sets %v, %v", c.change.Fields(again), err)
			}
		})
	}
}

// stated lists the leaves among the places that make a difference to an analysis.
func stated(p schema.Places) (out []string) {
	for _, f := range p {
		if slices.Contains([]string{"replicas", "placement", "to", "anyOf", "strength", "fallback"}, f.Field) {
			out = append(out, f.Field)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestApplyToWhatIsNotThere(t *testing.T) {
	d := load(t, source)
	for _, c := range []change.Change{
		{Module: "nowhere", Replicas: 2},
		{Module: "web", Replicas: 2, Placement: []string{"nowhere"}},
		{Kind: change.Soften, Module: "web", Dependency: "nothing"},
		{Kind: change.Alternative, Module: "web", Dependency: "orders", Alternative: "orders"},
		{Kind: change.Alternative, Module: "web", Dependency: "orders"},
		{Kind: change.Alternative, Module: "web", Dependency: "orders", Alternative: "x", Placement: []string{"nowhere"}},
	} {
		if _, err := change.Apply(d, c); err == nil {
			t.Errorf("%v: no error", c)
		}
		if f := c.Fields(d); f != nil {
			t.Errorf("%v sets %v", c, f)
		}
	}
}
