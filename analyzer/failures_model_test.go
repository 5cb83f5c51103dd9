package analyzer_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lintel/analyzer"
	"lintel/schema"
)

// The tests of this file go through the model of failures sentence by sentence.

type option func(*schema.Module)

func module(name string, options ...option) *schema.Module {
	m := &schema.Module{Name: name, Replicas: 1}
	for _, o := range options {
		o(m)
	}
	return m
}

func kind(k schema.Kind) option   { return func(m *schema.Module) { m.Kind = k } }
func entry(m *schema.Module)      { m.Entry = true }
func replicas(n int) option       { return func(m *schema.Module) { m.Replicas = n } }
func needOfReplicas(n int) option { return func(m *schema.Module) { m.Redundancy.Need = &n } }
func quorum(m *schema.Module)     { m.Redundancy.Mode = schema.Quorum }
func standby(f schema.Failover) option {
	return func(m *schema.Module) { m.Redundancy.Mode, m.Redundancy.Failover = schema.ActivePassive, f }
}

func floor(n int) option {
	return func(m *schema.Module) { m.Autoscaling = &schema.Autoscaling{Min: n, Max: n + 5} }
}

func placed(domains ...string) option {
	return func(m *schema.Module) { m.Placement = &schema.Placement{Spread: refs(domains)} }
}

// counts takes "zone-a=2".
func counts(items ...string) option {
	return func(m *schema.Module) {
		m.Placement = &schema.Placement{}
		for _, item := range items {
			domain, n, _ := strings.Cut(item, "=")
			count, _ := strconv.Atoi(n)
			m.Placement.Counts = append(m.Placement.Counts, schema.PlacementCount{Domain: schema.Ref{Name: domain}, Count: count})
		}
	}
}

func refs(names []string) (out []schema.Ref) {
	for _, n := range names {
		out = append(out, schema.Ref{Name: n})
	}
	return out
}

// needs adds a dependency: "db", or "db soft async startup", or "a|b|c 2".
func needs(texts ...string) option {
	return func(m *schema.Module) {
		for _, text := range texts {
			words := strings.Fields(text)
			d := &schema.Dependency{Key: words[0]}
			if targets := strings.Split(words[0], "|"); len(targets) > 1 {
				d.AnyOf = refs(targets)
			}
			for _, w := range words[1:] {
				switch w {
				case "soft":
					d.Strength = schema.Soft
				case "async":
					d.Mode = schema.Async
				case "startup", "deploy", "recovery":
					d.When = schema.Phase(w)
				default:
					d.Need, _ = strconv.Atoi(w)
				}
			}
			m.DependsOn = append(m.DependsOn, d)
		}
	}
}

func design(parts ...any) *schema.Design {
	d := &schema.Design{System: "test"}
	for _, p := range parts {
		switch p := p.(type) {
		case *schema.Module:
			d.Modules = append(d.Modules, p)
		case *schema.Journey:
			d.Journeys = append(d.Journeys, p)
		case string: // "zone-a" or "zone-a in region"
			name, in, _ := strings.Cut(p, " in ")
			d.FailureDomains = append(d.FailureDomains, &schema.FailureDomain{Name: name, Kind: schema.Zone, In: schema.Ref{Name: in}})
		}
	}
	d.Normalize()
	return d
}

func journey(name, entry string) *schema.Journey {
	return &schema.Journey{Name: name, Entry: schema.Ref{Name: entry}}
}

func using(j *schema.Journey, uses ...string) *schema.Journey {
	j.HasUses, j.Uses = true, refs(uses)
	return j
}

// scenario reads "db/1 zone:a external:mail module:web".
func scenario(a *analyzer.Analysis, text string) (s analyzer.Scenario) {
	for _, word := range strings.Fields(text) {
		if name, replica, ok := strings.Cut(word, "/"); ok {
			n, _ := strconv.Atoi(replica)
			i, _ := a.ModuleIndex(name)
			s.Events = append(s.Events, analyzer.Event{Kind: analyzer.ReplicaEvent, Module: i, Replica: n, Domain: -1})
			continue
		}
		what, name, _ := strings.Cut(word, ":")
		switch what {
		case "zone":
			d, _ := a.DomainIndex(name)
			s.Events = append(s.Events, analyzer.Event{Kind: analyzer.DomainEvent, Module: -1, Domain: d})
		case "external":
			i, _ := a.ModuleIndex(name)
			s.Events = append(s.Events, analyzer.Event{Kind: analyzer.ExternalEvent, Module: i, Domain: -1})
		case "module":
			i, _ := a.ModuleIndex(name)
			s.Modules = append(s.Modules, i)
		}
	}
	return s
}

// tell gives "down: web db; lost: shop; degraded: browse", without what is empty.
func tell(a *analyzer.Analysis, s *analyzer.Simulation) string {
	var down, parts []string
	for i, is := range s.ModuleDown {
		if is {
			down = append(down, a.Module(int32(i)).Name)
		}
	}
	names := func(journeys []int32) (out []string) {
		for _, j := range journeys {
			out = append(out, a.Journeys()[j].Name)
		}
		return out
	}
	for _, p := range []struct {
		what string
		list []string
	}{{"down", down}, {"lost", names(s.Lost)}, {"degraded", names(s.Degraded)}} {
		if len(p.list) > 0 {
			parts = append(parts, p.what+": "+strings.Join(p.list, " "))
		}
	}
	return strings.Join(parts, "; ")
}

func TestModelOfFailures(t *testing.T) {
	type cases map[string]string // scenario → what it brings down
	for _, c := range []struct {
		sentence string
		design   *schema.Design
		cases    cases
	}{
		{
			"one replica of a module can fail",
			design(module("web", needs("db")), module("db")),
			cases{"": "", "db/1": "down: db web; lost: web", "web/1": "down: web; lost: web"},
		},
		{
			"one failure domain can fail",
			design(module("web", placed("a")), "a", "b"),
			cases{"zone:a": "down: web; lost: web", "zone:b": ""},
		},
		{
			"an external module fails as a whole",
			design(module("web", needs("mail")), module("mail", kind(schema.External), replicas(3))),
			cases{"external:mail": "down: mail web; lost: web"},
		},
		{
			"an external module has no replica events",
			design(module("web", needs("mail")), module("mail", kind(schema.External))),
			cases{"mail/1": ""},
		},
		{
			"only an external module has an external event",
			design(module("web")),
			cases{"external:web": ""},
		},
		{
			"an external module's replicas stand in failure domains all the same",
			design(module("web", needs("mail")), module("mail", kind(schema.External), replicas(2), placed("a", "a")), "a"),
			cases{"zone:a": "down: mail web; lost: web"},
		},
		{
			"a failure domain is down when the domain it is in is down",
			design(module("web", placed("rack")), "rack in zone", "zone in region", "region"),
			cases{"zone:region": "down: web; lost: web", "zone:zone": "down: web; lost: web", "zone:rack": "down: web; lost: web"},
		},
		{
			"a failure domain does not fail with a domain in it",
			design(module("web", placed("zone")), "rack in zone", "zone"),
			cases{"zone:rack": ""},
		},
		{
			"a domain in an unknown one is a root",
			design(module("web", placed("a")), "a in nowhere"),
			cases{"zone:a": "down: web; lost: web"},
		},
		{
			"domains in each other are roots",
			design(module("web", placed("a")), module("api", placed("b")), module("app", placed("c")), "a in b", "b in a", "c in a"),
			cases{"zone:a": "down: web; lost: web", "zone:b": "down: api; lost: api", "zone:c": "down: app; lost: app"},
		},
		{
			"a replica is up when its place is unknown and its event does not occur",
			design(module("web"), module("api", placed("nowhere")), "a"),
			cases{"zone:a": "", "web/1": "down: web; lost: web", "api/1": "down: api; lost: api"},
		},
		{
			"a list of domains deals the replicas in turn",
			design(module("web", replicas(3), needOfReplicas(2), placed("a", "b")), "a", "b"),
			cases{"zone:a": "down: web; lost: web", "zone:b": ""},
		},
		{
			"a list longer than the replicas is used as far as they go",
			design(module("web", placed("a", "b")), "a", "b"),
			cases{"zone:a": "down: web; lost: web", "zone:b": ""},
		},
		{
			"counts place that many in each domain",
			design(module("web", replicas(3), needOfReplicas(2), counts("a=1", "b=2")), "a", "b"),
			cases{"zone:a": "", "zone:b": "down: web; lost: web"},
		},
		{
			"replicas that the counts leave over stand in an unknown place",
			design(module("web", replicas(3), counts("a=2")), "a"),
			cases{"zone:a": "", "zone:a web/3": "down: web; lost: web"},
		},
		{
			"a replica that fails twice is lost once",
			design(module("web", replicas(3), needOfReplicas(2), placed("a", "b")), "a", "b"),
			cases{"zone:b web/2": "", "zone:b web/1": "down: web; lost: web", "web/1 web/1": "", "web/1 web/2": "down: web; lost: web"},
		},
		{
			"a module has capacity when at least need of its replicas are up",
			design(module("web", replicas(3), needOfReplicas(2))),
			cases{"web/1": "", "web/1 web/3": "down: web; lost: web"},
		},
		{
			"the need of a quorum is more than half",
			design(module("etcd", kind(schema.Service), replicas(4), quorum)),
			cases{"etcd/1": "", "etcd/1 etcd/2": "down: etcd; lost: etcd"},
		},
		{
			"the need of a quorum can be stated",
			design(module("etcd", replicas(3), quorum, needOfReplicas(3))),
			cases{"etcd/2": "down: etcd; lost: etcd"},
		},
		{
			"a module that needs more replicas than it has never has capacity",
			design(module("web", replicas(2), needOfReplicas(3))),
			cases{"": "down: web; lost: web"},
		},
		{
			"a standby saves a module by automatic failover",
			design(module("db", replicas(2), standby(schema.AutomaticFailover))),
			cases{"db/1": "", "db/2": "", "db/1 db/2": "down: db; lost: db"},
		},
		{
			"with manual failover, a module has capacity only while its primary is up",
			design(module("db", replicas(2), standby(schema.ManualFailover))),
			cases{"db/1": "down: db; lost: db", "db/2": ""},
		},
		{
			"with manual failover, the primary's domain counts",
			design(module("db", replicas(2), standby(schema.ManualFailover), placed("b", "a")), "a", "b"),
			cases{"zone:b": "down: db; lost: db", "zone:a": ""},
		},
		{
			"counts over several domains do not say where the primary stands: no domain takes it, and they count for the need",
			design(module("db", replicas(4), needOfReplicas(2), standby(schema.ManualFailover), counts("a=1", "b=3")), "a in r", "b in r", "r"),
			cases{"zone:a": "", "zone:b": "down: db; lost: db", "zone:r": "down: db; lost: db", "db/1": "down: db; lost: db", "db/2": ""},
		},
		{
			"counts in one domain say where the primary stands, if they place all replicas",
			design(module("db", replicas(2), standby(schema.ManualFailover), counts("a=2")), module("x", replicas(3), standby(schema.ManualFailover), counts("a=2")), "a"),
			cases{"zone:a": "down: db; lost: db"},
		},
		{
			"with manual failover, need of the replicas must be up besides",
			design(module("db", replicas(3), needOfReplicas(3), standby(schema.ManualFailover))),
			cases{"db/3": "down: db; lost: db"},
		},
		{
			"manual failover means nothing to active copies",
			design(module("db", replicas(2), func(m *schema.Module) { m.Redundancy.Failover = schema.ManualFailover })),
			cases{"db/1": ""},
		},
		{
			"a module with no replicas never has capacity",
			design(module("web", needs("db")), module("db", replicas(0)), module("ads", entry)),
			cases{"": "down: db web"},
		},
		{
			"what can be relied on of an autoscaled module is its floor",
			design(module("web", replicas(5), floor(1))),
			cases{"web/1": "down: web; lost: web", "web/2": ""},
		},
		{
			"an autoscaled module with a floor of none never has capacity",
			design(module("web", replicas(5), floor(0))),
			cases{"": "down: web; lost: web"},
		},
		{
			"a module works when each of its hard dependencies works",
			design(module("web", needs("api", "auth")), module("api", needs("db")), module("auth"), module("db")),
			cases{"db/1": "down: api db web; lost: web", "auth/1": "down: auth web; lost: web"},
		},
		{
			"need of anyOf must work",
			design(module("web", needs("a|b|c 2")), module("a"), module("b"), module("c")),
			cases{"a/1": "down: a", "a/1 c/1": "down: a c web; lost: web"},
		},
		{
			"one of anyOf must work where need is not stated",
			design(module("web", needs("a|b")), module("a"), module("b")),
			cases{"a/1": "down: a", "a/1 b/1": "down: a b web; lost: web"},
		},
		{
			"all of anyOf must work where all are needed",
			design(module("web", needs("a|b 2")), module("a"), module("b")),
			cases{"b/1": "down: b web; lost: web"},
		},
		{
			"soft, startup, deploy and recovery dependencies do not count",
			design(module("web", needs("ads soft", "config startup", "registry deploy", "backup recovery"), entry), module("ads"), module("config"), module("registry"), module("backup")),
			cases{"config/1": "down: config", "registry/1": "down: registry", "backup/1": "down: backup", "ads/1": "down: ads; degraded: web"},
		},
		{
			"a hard asynchronous dependency does count",
			design(module("web", needs("queue async")), module("queue", kind(schema.Queue))),
			cases{"queue/1": "down: queue web; lost: web"},
		},
		{
			"nothing fails without a cause: a cycle alone does not",
			design(module("web", needs("api")), module("api", needs("web")), module("app", needs("app"), entry)),
			cases{"": "", "app/1": "down: app; lost: app"},
		},
		{
			"a cause inside a cycle fails all of it",
			design(module("web", needs("api"), entry), module("api", needs("core")), module("core", needs("web", "db")), module("db")),
			cases{"db/1": "down: api core db web; lost: web"},
		},
		{
			"alternatives that lean on each other do not hold each other up",
			design(module("web", needs("a|b"), entry), module("a", needs("b|db")), module("b", needs("a|db")), module("db")),
			// Nothing fails without a cause: a and b satisfy each other.
			cases{"db/1": "down: db", "a/1 db/1": "down: a b db web; lost: web"},
		},
		{
			"a dependency of which no target is known counts as satisfied",
			design(module("web", needs("nobody", "no|one 2"), entry)),
			cases{"": ""},
		},
		{
			"an alternative that is not known is none",
			design(module("web", needs("a|nobody"), entry), module("a")),
			cases{"": "", "a/1": "down: a web; lost: web"},
		},
		{
			"a dependency that needs more than the known alternatives is never satisfied",
			design(module("web", needs("a|nobody 2"), entry), module("a"), module("app", needs("a|b 3")), module("b")),
			cases{"": "down: app web; lost: web"},
		},
		{
			"an alternative of one's own never fails first",
			design(module("web", needs("web|a", "web|b 2"), entry), module("a"), module("b")),
			cases{"a/1": "down: a", "b/1": "down: b web; lost: web"},
		},
		{
			"a journey works when its entry works",
			design(module("web", needs("db")), module("db"), module("app"), journey("shop", "web"), journey("browse", "app")),
			cases{"db/1": "down: db web; lost: shop", "app/1": "down: app; lost: browse"},
		},
		{
			"with uses, dependencies that are not listed do not count for the journey",
			design(module("web", needs("cart", "ads")), module("cart"), module("ads"), using(journey("shop", "web"), "cart"), journey("all", "web")),
			cases{"cart/1": "down: cart web; lost: all shop", "ads/1": "down: ads web; lost: all", "web/1": "down: web; lost: all shop"},
		},
		{
			"with uses that are empty, only the entry's own capacity counts",
			design(module("web", needs("cart")), module("cart"), using(journey("ping", "web"))),
			cases{"cart/1": "down: cart web", "web/1": "down: web; lost: ping"},
		},
		{
			"an anyOf counts when one of its alternatives is listed",
			design(module("web", needs("a|b", "c|d")), module("a"), module("b"), module("c"), module("d"), using(journey("shop", "web"), "b")),
			cases{"a/1 b/1": "down: a b web; lost: shop", "c/1 d/1": "down: c d web"},
		},
		{
			"an alternative that the design does not have may be listed, and counts its dependency in",
			design(module("web", needs("ads|ghost")), module("ads"), using(journey("shop", "web"), "ghost")),
			cases{"ads/1": "down: ads web; lost: shop"},
		},
		{
			"uses narrows the journey, not the module",
			design(module("app", needs("web"), entry), module("web", needs("cart", "ads")), module("cart"), module("ads"), using(journey("shop", "web"), "cart"), journey("app", "app")),
			cases{"ads/1": "down: ads app web; lost: app"},
		},
		{
			"uses narrows the entry's own dependencies, also where the way leads back to it",
			design(module("web", needs("cart", "ads")), module("cart", needs("web")), module("ads"), using(journey("shop", "web"), "cart")),
			cases{"ads/1": "down: ads cart web; lost: shop"},
		},
		{
			"a journey whose entry is unknown is never lost",
			design(module("web"), journey("shop", "nobody"), journey("browse", "web")),
			cases{"web/1": "down: web; lost: browse"},
		},
		{
			"a design without journeys has one for each entry",
			design(module("web", entry), module("app", entry), module("api")),
			cases{"web/1 app/1 api/1": "down: api app web; lost: app web"},
		},
		{
			"failing those, one for each module that no other depends on, stores and externals excepted",
			design(module("web", needs("api soft", "web")), module("api"), module("db", kind(schema.Database)), module("mail", kind(schema.External)), module("job", kind(schema.Job))),
			cases{"module:web module:api module:db module:mail module:job": "down: api db job mail web; lost: job web"},
		},
		{
			"degraded: some soft dependency on the way does not work",
			design(module("web", needs("api", "ads soft"), entry), module("api", needs("tips soft")), module("ads"), module("tips")),
			cases{"ads/1": "down: ads; degraded: web", "tips/1": "down: tips; degraded: web"},
		},
		{
			"degraded: the way goes on through soft dependencies that work",
			design(module("web", needs("ads soft"), entry), module("ads", needs("tips soft")), module("tips")),
			cases{"tips/1": "down: tips; degraded: web"},
		},
		{
			"degraded: the way goes through alternatives that work, not through one that does not",
			design(module("web", needs("a|b"), entry), module("a", needs("db", "tips soft")), module("b"), module("db"), module("tips", needs("db"))),
			cases{"tips/1": "down: tips; degraded: web", "db/1": "down: a db tips"},
		},
		{
			"degraded: a soft anyOf is not satisfied while fewer than need work",
			design(module("web", needs("a|b|c 2 soft"), entry), module("a"), module("b"), module("c")),
			cases{"a/1": "down: a", "a/1 b/1": "down: a b; degraded: web"},
		},
		{
			"degraded: only the runtime counts",
			design(module("web", needs("ads soft startup"), entry), module("ads")),
			cases{"ads/1": "down: ads"},
		},
		{
			"degraded: a journey that is lost is not degraded as well",
			design(module("web", needs("db", "ads soft"), entry), module("db"), module("ads")),
			cases{"db/1 ads/1": "down: ads db web; lost: web"},
		},
		{
			"degraded: what the journey does not use is not on its way",
			design(module("web", needs("cart", "ads soft")), module("cart"), module("ads"), using(journey("shop", "web"), "cart")),
			cases{"ads/1": "down: ads"},
		},
		{
			"degraded: the way back to the entry shows all of it",
			design(module("web", needs("cart", "ads soft")), module("cart", needs("web")), module("ads"), using(journey("shop", "web"), "cart")),
			cases{"ads/1": "down: ads; degraded: shop"},
		},
		{
			"degraded before anything fails",
			design(module("web", needs("ads soft", "a|b 3 soft"), entry), module("ads", replicas(0)), module("a"), module("b")),
			cases{"": "down: ads; degraded: web"},
		},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			a := analyzer.New(c.design)
			for text, want := range c.cases {
				if got := tell(a, a.Simulate(scenario(a, text))); got != want {
					t.Errorf("%q: got %q, want %q", text, got, want)
				}
			}
		})
	}
}

// eventText gives "db/1 ×2", "zone:a" or "external:mail".
func eventText(a *analyzer.Analysis, e analyzer.Event, alike int) string {
	var text string
	switch e.Kind {
	case analyzer.ReplicaEvent:
		text = fmt.Sprintf("%s/%d", a.Module(e.Module).Name, e.Replica)
	case analyzer.DomainEvent:
		text = "zone:" + a.Design.FailureDomains[e.Domain].Name
	case analyzer.ExternalEvent:
		text = "external:" + a.Module(e.Module).Name
	}
	if alike > 1 {
		text += fmt.Sprint(" ×", alike)
	}
	return text
}

func TestEvents(t *testing.T) {
	for _, c := range []struct {
		name   string
		design *schema.Design
		want   []string
	}{
		{"each single replica is one", design(module("web"), module("api")), []string{"api/1", "web/1"}},
		{"a replica that leaves capacity is none", design(module("web", replicas(2))), nil},
		{"replicas in one place are alike", design(module("web", replicas(3), needOfReplicas(3))), []string{"web/1 ×3"}},
		{
			"replicas in several places are told apart",
			design(module("web", replicas(5), needOfReplicas(5), placed("b", "a", "b")), "a", "b"),
			[]string{"web/1 ×3", "web/2 ×2", "zone:a", "zone:b"},
		},
		{
			"a primary is like no other",
			design(module("db", replicas(3), needOfReplicas(3), standby(schema.ManualFailover), placed("a", "b")), "a", "b"),
			[]string{"db/1", "db/2", "db/3", "zone:a", "zone:b"},
		},
		{"a primary alone", design(module("db", replicas(3), standby(schema.ManualFailover))), []string{"db/1"}},
		{
			"kinds come in order, domains in order of name",
			design(module("web", needs("mail")), module("mail", kind(schema.External)), module("app"), "b", "a"),
			[]string{"app/1", "web/1", "zone:a", "zone:b", "external:mail"},
		},
		{"what has no capacity has no events", design(module("web", replicas(0)), module("mail", kind(schema.External), replicas(0))), nil},
		{
			"a million replicas cost no more than two",
			design(module("web", replicas(1_000_000), needOfReplicas(1_000_000), placed("a", "b", "c")), "a", "b", "c"),
			[]string{"web/1 ×333334", "web/2 ×333333", "web/3 ×333333", "zone:a", "zone:b", "zone:c"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := analyzer.New(c.design)
			f := a.Failures()
			var got []string
			for i, e := range f.Events {
				got = append(got, eventText(a, e, f.Alike[i]))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if len(f.Outcomes) != len(f.Events) {
				t.Errorf("%d outcomes of %d events", len(f.Outcomes), len(f.Events))
			}
		})
	}
}

// What is down before anything fails is told once, and takes no part in events.
func TestFailuresBefore(t *testing.T) {
	a := analyzer.New(design(
		module("old", replicas(0)),
		module("legacy", needs("old", "db")), module("web", needs("db", "tips soft", "x|y 3 soft")),
		module("db"), module("tips", needs("old")), module("x"), module("y"),
		journey("archive", "legacy"), journey("shop", "web"),
	))
	f := a.Failures()
	before := named(a, f.Before)
	if got := describe(before.lost); got != "archive" {
		t.Errorf("lost before: %s", got)
	}
	if got := describe(before.degraded); got != "shop" {
		t.Errorf("degraded before: %s", got)
	}
	if got := describe(before.unsatisfied); got != "web x|y" {
		t.Errorf("unsatisfied before: %s", got)
	}
	if f.Before.Down != 3 {
		t.Errorf("%d down before, want legacy, old and tips", f.Before.Down)
	}
	for i, e := range f.Events {
		o := named(a, f.Outcomes[i])
		switch text := eventText(a, e, 1); text {
		case "db/1":
			if describe(o.lost) != "shop" || f.Outcomes[i].Down != 2 {
				t.Errorf("db: lost %s, %d down; want shop and 2, with legacy left out", describe(o.lost), f.Outcomes[i].Down)
			}
		case "legacy/1", "tips/1", "x/1", "y/1", "web/1":
			if len(o.degraded)+len(o.unsatisfied) > 0 || o.lost["archive"] {
				t.Errorf("%s: lists again what was so before: %v", text, o)
			}
		default:
			t.Errorf("unexpected event %s", text)
		}
	}
}

func TestPath(t *testing.T) {
	for _, c := range []struct {
		name   string
		design *schema.Design
		event  string
		want   string // of the first journey
	}{
		{"from the entry to the culprit", design(module("web", needs("api"), entry), module("api", needs("db")), module("db")), "db/1", "web api db"},
		{"the entry itself", design(module("web", needs("api"), entry), module("api")), "web/1", "web"},
		{"the shortest", design(module("web", needs("api", "db"), entry), module("api", needs("db")), module("db")), "db/1", "web db"},
		{"the first in order of names", design(module("web", needs("c", "b"), entry), module("b", needs("db")), module("c", needs("db")), module("db")), "db/1", "web b db"},
		{"in order of names also at the end", design(module("web", needs("b"), entry), module("b", needs("y", "x")), module("x", placed("z")), module("y", placed("z")), "z"), "zone:z", "web b x"},
		{"the nearest of several culprits", design(module("web", needs("a"), entry), module("a", needs("b"), placed("z")), module("b", placed("z")), "z"), "zone:z", "web a"},
		{"none where the journey works", design(module("web", needs("ads soft"), entry), module("ads")), "ads/1", ""},
		{"none where it did not work before", design(module("web", needs("db", "old"), entry), module("old", replicas(0)), module("db")), "db/1", ""},
		{"through alternatives that fail with the event", design(module("web", needs("a|b"), entry), module("a", needs("db")), module("b", needs("db")), module("db")), "db/1", "web a db"},
		{"not through an alternative that was down before", design(module("web", needs("a|b"), entry), module("a", needs("db"), replicas(0)), module("b", needs("db")), module("db")), "db/1", "web b db"},
		{"not through a choice that is satisfied still", design(module("web", needs("a|c", "b"), entry), module("a", needs("db")), module("b", needs("x")), module("x", needs("db")), module("c"), module("db")), "db/1", "web b x db"},
		{"not along a soft dependency", design(module("web", needs("db soft", "api"), entry), module("api", needs("db")), module("db")), "db/1", "web api db"},
		{"round a cycle", design(module("web", needs("a"), entry), module("a", needs("b")), module("b", needs("a", "db")), module("db")), "db/1", "web a b db"},
		{"the first step counts for the journey", design(module("web", needs("db", "api")), module("api", needs("db")), module("db"), using(journey("shop", "web"), "api")), "db/1", "web api db"},
		{"back through the entry, which has all of its dependencies then", design(module("web", needs("db", "api")), module("api", needs("web")), module("db"), using(journey("shop", "web"), "api")), "db/1", "web api web db"},
		{"an external module", design(module("web", needs("mail"), entry), module("mail", kind(schema.External))), "external:mail", "web mail"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := analyzer.New(c.design)
			e := scenario(a, c.event).Events[0]
			if got := strings.Join(names(a, a.Path(e, 0)), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPathOfNonsenseIsNil(t *testing.T) {
	a := analyzer.New(design(module("web"), journey("shop", "nobody"), journey("browse", "web")))
	event := analyzer.Event{Kind: analyzer.ReplicaEvent, Module: 0, Replica: 1, Domain: -1}
	for name, path := range map[string][]int32{
		"journey with an unknown entry": a.Path(event, 1),
		"journey below the range":       a.Path(event, -1),
		"journey above the range":       a.Path(event, 2),
		"unknown module":                a.Path(analyzer.Event{Kind: analyzer.ReplicaEvent, Module: 7, Replica: 1}, 0),
		"unknown replica":               a.Path(analyzer.Event{Kind: analyzer.ReplicaEvent, Module: 0, Replica: 2}, 0),
		"unknown domain":                a.Path(analyzer.Event{Kind: analyzer.DomainEvent, Domain: 3}, 0),
		"unknown kind":                  a.Path(analyzer.Event{Kind: 9, Module: 0, Replica: 1}, 0),
	} {
		if path != nil {
			t.Errorf("%s: %v", name, path)
		}
	}
	if got := a.Path(event, 0); !slices.Equal(got, []int32{0}) {
		t.Errorf("browse: %v", got)
	}
}

func TestSpareAndSurvivesDomain(t *testing.T) {
	a := analyzer.New(design(
		module("a-single"), module("b-pair", replicas(2), placed("x", "y")),
		module("c-quorum", replicas(5), quorum, placed("x", "y")),
		module("d-manual", replicas(3), standby(schema.ManualFailover), placed("y", "x")),
		module("e-none", replicas(0)), module("f-unplaced", replicas(2)), module("g-lacking", needOfReplicas(2)),
		"x in r", "y in r", "r", "s",
	))
	x, _ := a.DomainIndex("x")
	y, _ := a.DomainIndex("y")
	r, _ := a.DomainIndex("r")
	for i, want := range []struct {
		spare   int
		x, y, r bool
	}{
		{0, true, true, true}, {1, true, true, false}, {2, false, true, false}, {0, true, false, false}, {-1, false, false, false}, {1, true, true, true}, {-1, false, false, false},
	} {
		m := int32(i)
		if got := a.Spare(m); got != want.spare {
			t.Errorf("Spare(%s) = %d, want %d", a.Module(m).Name, got, want.spare)
		}
		for d, want := range map[int32]bool{x: want.x, y: want.y, r: want.r} {
			if got := a.SurvivesDomain(m, d); got != want {
				t.Errorf("SurvivesDomain(%s, %s) = %t", a.Module(m).Name, a.Design.FailureDomains[d].Name, got)
			}
		}
	}
	if a.Spare(-1) != -1 || a.Spare(99) != -1 || a.SurvivesDomain(-1, 0) || a.SurvivesDomain(99, 0) || !a.SurvivesDomain(0, -1) || !a.SurvivesDomain(0, 99) {
		t.Error("indices out of range")
	}
}

func TestModuleFailures(t *testing.T) {
	a := analyzer.New(design(
		module("web", needs("api")), module("api", needs("db")), module("db"), module("old", replicas(0)), module("legacy", needs("old", "db")),
		journey("archive", "legacy"), journey("shop", "web"),
	))
	f := a.ModuleFailures()
	for name, want := range map[string]struct {
		down int
		lost string
	}{"web": {0, "shop"}, "api": {1, "shop"}, "db": {2, "shop"}, "old": {0, ""}, "legacy": {0, ""}} {
		i, _ := a.ModuleIndex(name)
		lost := describe(named(a, analyzer.Outcome{Lost: f.Lost[i]}).lost)
		if f.Down[i] != want.down || lost != want.lost {
			t.Errorf("%s: %d down, lost %q; want %d and %q", name, f.Down[i], lost, want.down, want.lost)
		}
	}
}

func TestEmptyDesign(t *testing.T) {
	a := analyzer.New(design())
	if f := a.Failures(); len(f.Events) != 0 || f.Before.Down != 0 {
		t.Errorf("%+v", f)
	}
	if f := a.ModuleFailures(); len(f.Down) != 0 {
		t.Errorf("%+v", f)
	}
	a.Simulate(analyzer.Scenario{Modules: []int32{0}})
	a.SimulateAll(nil, func(int, analyzer.Outcome, func(int32) bool) { t.Error("there is no scenario") })
}
