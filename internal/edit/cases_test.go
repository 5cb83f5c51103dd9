package edit_test

import "lintel/analyzer/change"

var cases = []struct {
	name      string
	fields    []change.Field
	path      string
	files     string
	elsewhere []string
}{
	{
		name:   "a literal number",
		fields: []change.Field{set("modules/orders/replicas", 3)},
		files: `
-- shop.cue --
system: "shop"
modules: {
	// The heart.
	orders: {replicas: 2, team: "ordering"} // keep
}
-- want/shop.cue --
system: "shop"
modules: {
	// The heart.
	orders: {replicas: 3, team: "ordering"} // keep
}
`,
	},
	{
		name:   "a new field in a struct on one line",
		fields: []change.Field{set("modules/web/placement", []string{"zone-a", "zone-b"})},
		files: `
-- shop.cue --
system: "shop"
failureDomains: {"zone-a": kind: "zone", "zone-b": kind: "zone"}
modules: {
	web: {kind: "gateway", replicas: 3, dependsOn: ["orders"]} // the door
	orders: {}
}
-- want/shop.cue --
system: "shop"
failureDomains: {"zone-a": kind: "zone", "zone-b": kind: "zone"}
modules: {
	web: {kind: "gateway", replicas: 3, placement: ["zone-a", "zone-b"], dependsOn: ["orders"]} // the door
	orders: {}
}
`,
	},
	{
		name: "new fields in a struct over lines, which stays aligned",
		fields: []change.Field{
			set("modules/orders/replicas", 3),
			set("modules/orders/redundancy/failover", "automatic"),
			set("modules/orders/redundancy/mode", "active-passive"),
			set("modules/orders/placement", []string{"zone-a", "zone-b"}),
		},
		files: `
-- shop.cue --
package shop

system: "shop"

failureDomains: {
	"zone-a": kind: "zone"
	"zone-b": kind: "zone"
}

modules: {
	orders: {
		team:  "ordering" // they know
		state: "stateless"

		// What it cannot do without.
		dependsOn: ["db"]
	}
	db: kind: "database"
}
-- want/shop.cue --
package shop

system: "shop"

failureDomains: {
	"zone-a": kind: "zone"
	"zone-b": kind: "zone"
}

modules: {
	orders: {
		team:     "ordering" // they know
		replicas: 3
		redundancy: {failover: "automatic", mode: "active-passive"}
		placement: ["zone-a", "zone-b"]
		state: "stateless"

		// What it cannot do without.
		dependsOn: ["db"]
	}
	db: kind: "database"
}
`,
	},
	{
		name:   "details of a dependency in a list on one line",
		fields: []change.Field{set("modules/web/dependsOn/orders", object("strength", "soft", "fallback", "show \"later\""))},
		files: `
-- shop.cue --
system: "shop"
modules: {
	web: dependsOn: ["orders", "stock-level"]
	orders: {}
	"stock-level": {}
}
-- want/shop.cue --
system: "shop"
modules: {
	web: dependsOn: {orders: {strength: "soft", fallback: "show \"later\""}, "stock-level": {}}
	orders: {}
	"stock-level": {}
}
`,
	},
	{
		name: "details of a dependency in a list over lines",
		fields: []change.Field{
			set("modules/web/dependsOn/orders/strength", "soft"),
			set("modules/web/dependsOn/orders/fallback", "later"),
		},
		files: `
-- shop.cue --
system: "shop"
modules: {
	web: dependsOn: [
		"orders", // the heart
		// Where things are.
		"stock",
	]
	orders: {}
	stock: {}
}
-- want/shop.cue --
system: "shop"
modules: {
	web: dependsOn: {
		orders: {strength: "soft", fallback: "later"} // the heart
		// Where things are.
		stock: {}
	}
	orders: {}
	stock: {}
}
`,
	},
	{
		name:   "a chain gets braces",
		fields: []change.Field{set("modules/db/replicas", 2), set("modules/web/dependsOn/cache", object("strength", "soft", "fallback", "ask db"))},
		files: `
-- shop.cue --
system: "shop"

modules: db: kind: "database" // one
modules: web: dependsOn: db: protocol: "postgres"
modules: cache: kind: "cache"
-- want/shop.cue --
system: "shop"

modules: db: {kind: "database", replicas: 2} // one
modules: web: dependsOn: {db: protocol: "postgres", cache: {strength: "soft", fallback: "ask db"}}
modules: cache: kind: "cache"
`,
	},
	{
		name:   "a chain over lines is written once more",
		fields: []change.Field{set("modules/spare", object("kind", "cache"))},
		files: `
-- shop.cue --
system: "shop"
modules: db: {
	kind: "database"
}
-- want/shop.cue --
system: "shop"
modules: db: {
	kind: "database"
}
modules: spare: {kind: "cache"}
`,
	},
	{
		name: "new modules, and an alternative of one",
		fields: []change.Field{
			set("modules/payments-2", object("kind", "external", "availability", 99.95)),
			set("modules/web/dependsOn/payments/anyOf", []string{"payments", "payments-2"}),
		},
		files: `
-- shop.cue --
system: "shop"
modules: {
	web: {dependsOn: ["payments"]}
	payments: {kind: "external"}
}
-- want/shop.cue --
system: "shop"
modules: {
	web: {dependsOn: {payments: {anyOf: ["payments", "payments-2"]}}}
	payments: {kind: "external"}
	"payments-2": {kind: "external", availability: 99.95}
}
`,
	},
	{
		name:   "a field takes the place of another",
		fields: []change.Field{set("modules/web/dependsOn/pay/to", nil), set("modules/web/dependsOn/pay/anyOf", []string{"a", "b"})},
		files: `
-- shop.cue --
system: "shop"
modules: {
	web: dependsOn: pay: {
		protocol: "https"
		to: "a"
	}
	a: {}
	b: {}
}
-- want/shop.cue --
system: "shop"
modules: {
	web: dependsOn: pay: {
		anyOf: ["a", "b"]
		protocol: "https"
	}
	a: {}
	b: {}
}
`,
	},
	{
		name: "what does not stand there literally",
		fields: []change.Field{
			set("modules/a/replicas", 3),
			set("modules/h/replicas", 3),
			set("modules/b/replicas", 3),
			set("modules/c/replicas", 3),
			set("modules/d/replicas", 3),
			set("modules/e/replicas", 3),
			set("modules/e/kind", "worker"),
			set("modules/f/replicas", 3),
		},
		files: `
-- shop.cue --
package shop

#Service: {
	replicas: *2 | int
	...
}
#Fixed: {replicas: 2}
_n: 2
system: "shop"
modules: {
	a: #Service
	b: #Service & {replicas: 2}
	h: #Fixed
	c: replicas: _n
	d: replicas: int & 2
	for n in ["e", "g"] {
		(n): {replicas: 2, kind: "job"}
	}
	f: {replicas: 2}
}
-- more.cue --
package shop

modules: f: replicas: 2
-- want/shop.cue --
package shop

#Service: {
	replicas: *2 | int
	...
}
#Fixed: {replicas: 2}
_n: 2
system: "shop"
modules: {
	a: #Service & {replicas: 3}
	b: #Service & {replicas: 3}
	h: #Fixed
	c: replicas: _n
	d: replicas: int & 2
	for n in ["e", "g"] {
		(n): {replicas: 2, kind: "job"}
	}
	f: {replicas: 2}
}
`,
		elsewhere: []string{
			`shop.cue:7:10: modules.h.replicas comes from the template #Fixed`,
			`shop.cue:14:5: modules.c.replicas is taken from _n`,
			`shop.cue:15:5: modules.d.replicas is an expression: int & 2`,
			`shop.cue:17:3: modules.e comes from a comprehension`,
			`shop.cue:17:3: modules.e comes from a comprehension`,
			`more.cue:3:13: modules.f.replicas is stated in 2 places`,
		},
	},
	{
		name:   "several files of a package",
		fields: []change.Field{set("modules/db/replicas", 3), set("modules/web/replicas", 2)},
		files: `
-- a.cue --
package shop

system: "shop"
modules: web: dependsOn: ["db"]
-- b.cue --
package shop

modules: db: {
	kind:     "database"
	replicas: 1
}
-- want/a.cue --
package shop

system: "shop"
modules: web: {replicas: 2, dependsOn: ["db"]}
-- want/b.cue --
package shop

modules: db: {
	kind:     "database"
	replicas: 3
}
`,
	},
	{
		name: "JSON",
		path: "shop.json",
		fields: []change.Field{
			set("modules/web/replicas", 3),
			set("modules/web/placement", []string{"z"}),
			set("modules/db/replicas", 2),
			set("modules/web/dependsOn/db/strength", "soft"),
			set("modules/new", object("kind", "cache")),
		},
		files: `
-- shop.json --
{
  "system": "shop",
  "failureDomains": {"z": {"kind": "zone"}},
  "modules": {
    "web": {"replicas": 2, "dependsOn": ["db"]},
    "db": {
      "kind": "database"
    }
  }
}
-- want/shop.json --
{
  "system": "shop",
  "failureDomains": {"z": {"kind": "zone"}},
  "modules": {
    "web": {"replicas": 3, "placement": ["z"], "dependsOn": {"db": {"strength": "soft"}}},
    "db": {
      "kind": "database",
      "replicas": 2
    },
    "new": {"kind": "cache"}
  }
}
`,
	},
}
