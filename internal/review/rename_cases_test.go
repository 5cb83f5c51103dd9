package review

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"lintel/internal/generate"
	"lintel/schema"
)

// load reads a design from CUE text; "system" is added.
func load(t *testing.T, text string) *schema.Design {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "shop.cue"), []byte("system: \"shop\"\n"+text), 0o644); err != nil {
		t.Fatal(err)
	}
	designs, err := schema.Load(schema.LoadOptions{Dir: dir}, "shop.cue")
	if err != nil {
		t.Fatal(err)
	}
	return designs[0]
}

func TestRenameCases(t *testing.T) {
	const shop = `
failureDomains: {"zone-a": kind: "zone", "zone-b": kind: "zone"}
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, dependsOn: ["orders", "search"]}
	orders: {team: "red", replicas: 2, placement: ["zone-a", "zone-b"], dependsOn: ["orders-db"]}
	"orders-db": {kind: "database", team: "red", replicas: 3, technology: "PostgreSQL"}
	search: {team: "blue", replicas: 2, dependsOn: ["index"]}
	index: {kind: "search", team: "blue", replicas: 2}
}
journeys: buy: entry: "web"
transactions: order: {spans: ["orders", "orders-db"], coordination: "saga"}
`
	for _, test := range []struct {
		name, old, new string
		want           map[string]string // of all sorts
	}{
		{"another name and other replicas", shop, `
failureDomains: {"zone-a": kind: "zone", "zone-b": kind: "zone"}
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, dependsOn: ["ordering", "search"]}
	ordering: {team: "red", replicas: 1, placement: ["zone-a", "zone-b"], dependsOn: ["orders-db"]}
	"orders-db": {kind: "database", team: "red", replicas: 3, technology: "PostgreSQL"}
	search: {team: "blue", replicas: 2, dependsOn: ["index"]}
	index: {kind: "search", team: "blue", replicas: 2}
}
journeys: buy: entry: "web"
transactions: order: {spans: ["ordering", "orders-db"], coordination: "saga"}
`, map[string]string{"orders": "ordering"}},
		{"neighbours of one another, and what they stand in", shop, `
failureDomains: {"az-1": kind: "zone", "az-2": kind: "zone"}
modules: {
	edge: {kind: "gateway", entry: true, replicas: 2, dependsOn: ["purchase", "search"]}
	purchase: {team: "red", replicas: 2, placement: ["az-1", "az-2"], dependsOn: ["pg"]}
	pg: {kind: "database", team: "red", replicas: 3, technology: "PostgreSQL"}
	search: {team: "blue", replicas: 2, dependsOn: ["index"]}
	index: {kind: "search", team: "blue", replicas: 2}
}
journeys: purchase: entry: "edge"
transactions: checkout: {spans: ["purchase", "pg"], coordination: "saga"}
`, map[string]string{"web": "edge", "orders": "purchase", "orders-db": "pg", "buy": "purchase", "order": "checkout"}}, // the zones cannot be told apart
		{"of another kind", shop, `
failureDomains: {"zone-a": kind: "zone", "zone-b": kind: "zone"}
modules: {
	web: {kind: "gateway", entry: true, replicas: 2, dependsOn: ["orders", "search"]}
	orders: {team: "red", replicas: 2, placement: ["zone-a", "zone-b"], dependsOn: ["orders-queue"]}
	"orders-queue": {kind: "queue", team: "red", replicas: 3, technology: "PostgreSQL"}
	search: {team: "blue", replicas: 2, dependsOn: ["index"]}
	index: {kind: "search", team: "blue", replicas: 2}
}
journeys: buy: entry: "web"
transactions: order: {spans: ["orders", "orders-queue"], coordination: "saga"}
`, nil},
		{"one that was split in two", `modules: {web: {entry: true, dependsOn: ["orders"]}, orders: {team: "red", dependsOn: ["db"]}, db: kind: "database"}`,
			`modules: {web: {entry: true, dependsOn: ["reader", "writer"]}, reader: {team: "red", dependsOn: ["db"]}, writer: {team: "red", dependsOn: ["db"]}, db: kind: "database"}`, nil},
		{"one that was replaced by another", `modules: {web: {entry: true, dependsOn: ["recommendations"]}, recommendations: {team: "red", replicas: 2, tier: 2}}`,
			`modules: {web: {entry: true, dependsOn: ["mail"]}, mail: {team: "blue", replicas: 4, tier: 1}}`, nil},
		{"nothing to go by", `modules: {web: entry: true, old: {}}`, `modules: {web: entry: true, new: {}}`, nil},
		{"nothing to go by but the name", `modules: {web: entry: true, reports: {}}`, `modules: {web: entry: true, "reports-v2": {}}`, map[string]string{"reports": "reports-v2"}},
		{"two alike, told apart by their names", `modules: {web: {entry: true, dependsOn: ["w1", "w2"]}, w1: {}, w2: {}}`,
			`modules: {web: {entry: true, dependsOn: ["x-w1", "x-w2"]}, "x-w1": {}, "x-w2": {}}`, map[string]string{"w1": "x-w1", "w2": "x-w2"}},
		{"two alike, told apart by nothing", `modules: {web: {entry: true, dependsOn: ["ann", "bob"]}, ann: {}, bob: {}}`,
			`modules: {web: {entry: true, dependsOn: ["kim", "lou"]}, kim: {}, lou: {}}`, nil},
		{"the old name is another's now", `modules: {web: {entry: true, dependsOn: ["orders"]}, orders: {team: "red", dependsOn: ["db"]}, db: kind: "database"}`,
			`modules: {web: {entry: true, dependsOn: ["orders"]}, orders: {team: "red", dependsOn: ["core"]}, core: {team: "red", dependsOn: ["db"]}, db: kind: "database"}`, nil},
		{"journeys with one entry and nothing else to tell them apart", `modules: web: entry: true, journeys: {buy: entry: "web", look: entry: "web"}`,
			`modules: web: entry: true, journeys: {shop: entry: "web", view: entry: "web"}`, nil},
		{"journeys that differ in what they promise", `modules: web: entry: true, journeys: {buy: {entry: "web", peak: 10}, look: {entry: "web", peak: 500}}`,
			`modules: web: entry: true, journeys: {pay: {entry: "web", peak: 10}, view: {entry: "web", peak: 500}}`, map[string]string{"buy": "pay", "look": "view"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := func(s string) string { return s }
			r := findRenames(load(t, text(test.old)), load(t, text(test.new)))
			got := map[string]string{}
			for _, m := range []map[string]string{r.modules, r.domains, r.journeys, r.transactions} {
				maps.Copy(got, m)
			}
			if !maps.Equal(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// Of 2,000 modules that all have a prefix now, of which a tenth changed in a field or a dependency beside, nearly all are
// recognised, none wrongly, and soon.
func TestRenamedAndChanged(t *testing.T) {
	d := generate.Design(generate.T2, 4)
	r := rand.New(rand.NewPCG(1, 2))
	names := rand.New(rand.NewPCG(3, 4)).Perm(len(d.Modules))
	number := map[string]string{}
	for i, m := range d.Modules {
		number[m.Name] = fmt.Sprintf("unit-%04d", names[i])
	}
	for _, c := range []struct {
		name   string
		rename func(string) string
		least  int
	}{
		{"a prefix", func(s string) string { return "x-" + s }, 2000},
		{"names that say nothing", func(s string) string { return number[s] }, 1950},
	} {
		new := copyOf(renameAll(d, c.rename, func(s string) string { return s }, func(s string) string { return s }, func(s string) string { return s }))
		for _, m := range new.Modules {
			switch r.IntN(20) {
			case 0:
				m.Replicas++
			case 1:
				if len(m.DependsOn) > 0 {
					k := r.IntN(len(m.DependsOn))
					m.DependsOn = slices.Delete(m.DependsOn, k, k+1)
				}
			}
		}
		start := time.Now()
		got := findRenames(d, new)
		took := time.Since(start)
		for o, n := range got.modules {
			if n != c.rename(o) {
				t.Errorf("%s: %s taken for %s", c.name, o, n)
			}
		}
		t.Logf("%s: %d of %d in %s", c.name, len(got.modules), len(d.Modules), took)
		if len(got.modules) < c.least {
			t.Errorf("%s: %d of %d recognised", c.name, len(got.modules), len(d.Modules))
		}
	}
}
