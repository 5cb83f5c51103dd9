package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"lintel/analyzer"
	"lintel/internal/generate"
	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

const policyShop = `
system: "shop"
modules: {
	web: {kind: "gateway", layer: "web", group: "front", team: "site", tier: 0, entry: true, replicas: 2, dependsOn: {
		payments: {timeout: "2s"}
		either: anyOf: ["cache-a", "cache-b"]
	}}
	payments: {group: "money", team: "cash", tier: 1, tags: ["pci"], replicas: 2, dependsOn: {ledger: {access: "write"}, bank: {strength: "soft"}}}
	ledger: {kind: "database", group: "money", tags: ["pci"], replicas: 3, redundancy: mode: "quorum", backup: {to: "vault", every: "24h"}}
	"cache-a": {kind: "cache", replicas: 2}
	"cache-b": {kind: "cache", replicas: 2, autoscaling: {min: 1, max: 4}}
	vault: {kind: "object-store", replicas: 2}
	bank: {kind: "external"}
}
failureDomains: {z1: kind: "zone", z2: kind: "zone"}
journeys: buy: {entry: "web", slo: {availability: 99.9, latency: "1s"}, peak: 10}
`

// TestPolicyMessages: what is said of a fault, where, and what is suggested.
func TestPolicyMessages(t *testing.T) {
	for policy, want := range map[string][]string{
		// Modules.
		`{modules: tags: list.Contains("pci"), require: replicas: >=3}`: {`module payments 8:67 "payments: replicas is 2, not >=3" [replicas: 3]`},
		`{modules: kind: "database", require: {backup: tested: true, slo: availability: >=99.9}}`: {
			`module ledger 9:2 "ledger: there is no slo.availability, which must be >=99.9" [slo: availability: 99.9]`,
			`module ledger 9:101 "ledger: there is no backup.tested, which must be true" [backup: tested: true]`,
		},
		`{modules: kind: "database", require: {team: string}}`:                     {`module ledger 9:2 "ledger: there is no team" [state team]`},
		`{modules: kind: "cache", require: facts: reliableReplicas: >=2}`:          {`module cache-b 11:2 "cache-b: facts.reliableReplicas is 1, not >=2" []`},
		`{modules: kind: "cache", require: autoscaling?: min: >=2}`:                {`module cache-b 11:56 "cache-b: autoscaling.min is 1, not >=2" [autoscaling: min: 2]`},
		`{modules: kind: "gateway", require: team?: _|_}`:                          {`module web 4:55 "web: team is stated: \"site\"" [leave out team]`},
		`{modules: kind: "gateway", require: {kind: "service"} | {replicas: >=3}}`: {`module web 4:2 "web: it is not {kind: \"service\"} or {replicas: >=3}" []`},
		`{modules: tier: <=1, forbid: true, message: "{module} of {team} has tier {tier} and {facts.fanOut} dependencies, {facts.dependencies}; {slo.latency}; {{x}}"}`: {
			`module web 4:2 "web of site has tier 0 and 3 dependencies, cache-a, cache-b and payments; no latency; {x}" []`,
			`module payments 8:2 "payments of cash has tier 1 and 2 dependencies, bank and ledger; no latency; {x}" []`,
		},
		`{modules: kind: "external", forbid: true, message: "no externals"}`:                    {`module bank 13:2 "bank: no externals" []`},
		`{modules: kind: "cache", count: <=1}`:                                                  {`system shop 2:1 "2 modules are such as {kind: \"cache\"} (cache-a and cache-b), where the policy wants <=1" []`},
		`{modules: kind: "queue", count: >=1, message: "a queue is needed, there are {count}"}`: {`system shop 2:1 "a queue is needed, there are 0" []`},
		// Dependencies, an alternative each.
		`{dependencies: to: kind: "cache", forbid: true}`: {
			`dependency web -> cache-a 6:19 "web must not depend on cache-a" []`, `dependency web -> cache-b 6:30 "web must not depend on cache-b" []`,
		},
		`{dependencies: {from: kind: "gateway", anyOf: []}, require: facts: timeoutSeconds: <2, message: "{from} waits for {to} ({to.team}) {timeout}, not {wanted}"}`: {
			`dependency web -> payments 5:3 "web waits for payments (cash) 2s, not {facts: timeoutSeconds: <2}" []`,
		},
		`{dependencies: strength: "soft", require: fallback: string}`: {`dependency payments -> bank 8:119 "payments -> bank: there is no fallback" [state fallback]`},
		// Groups, journeys, the design.
		`{groups: {}, require: facts: cohesion: >=0.5}`:                                                         {`group front 4:39 "front: facts.cohesion is 0, not >=0.5" []`, `group money 9:29 "money: facts.cohesion is 0.3333, not >=0.5" []`},
		`{journeys: {}, require: slo: availability: >=99.95}`:                                                   {`journey buy 16:37 "buy: slo.availability is 99.9, not >=99.95" [slo: availability: 99.95]`},
		`{journeys: {}, require: facts: modules: list.MaxItems(3), message: "{journey} needs {facts.modules}"}`: {`journey buy 16:11 "buy needs bank, cache-a, cache-b and 3 more" []`},
		`{design: {}, require: facts: modules: <=5}`:                                                            {`system shop 2:1 "shop: facts.modules is 7, not <=5" []`},
		`{design: {}, require: teams: list.Contains("ops"), message: "no ops"}`:                                 {`system shop 2:1 "shop: no ops (teams is [\"cash\", \"site\"], not list.Contains(\"ops\"))" []`},
		`{modules: name: "payments", mustUse: kind: "cache"}`:                                                   {`module payments 8:2 "payments depends on no module such as {kind: \"cache\"}" []`},
		`{modules: name: "web", neverReaches: tags: list.Contains("pci"), except: kind: "job"}`: {
			`module web 4:2 "web must never reach ledger, and does by way of web -> payments -> ledger" []`,
			`module web 4:2 "web must never reach payments, and depends on it" []`,
		},
		// The name of what is at fault stands there, whatever the message names.
		`{modules: kind: "cache", forbid: true, message: "three, please: {replicas}"}`:        {`module cache-a 10:2 "cache-a: three, please: 2" []`, `module cache-b 11:2 "cache-b: three, please: 2" []`},
		`{dependencies: to: kind: "external", forbid: true, message: "no way to {to}"}`:       {`dependency payments -> bank 8:119 "payments -> bank: no way to bank" []`},
		`{design: {}, require: facts: modules: <=5, message: "{facts.modules} are too many"}`: {`system shop 2:1 "7 are too many" []`},
		// Of its dependencies, the one that lacks something is named.
		`{modules: {}, require: dependsOn: [string]: timeout: string}`: {
			`module web 4:104 "web: there is no dependsOn.either.timeout" [state dependsOn.either.timeout]`,
			`module payments 8:80 "payments: there is no dependsOn.bank.timeout" [state dependsOn.bank.timeout]`,
			`module payments 8:80 "payments: there is no dependsOn.ledger.timeout" [state dependsOn.ledger.timeout]`,
		},
		// What several fields of one thing lack is told of each.
		`{modules: kind: "database", require: {team: string, tier: 0}, message: "{module} is wrong"}`: {
			`module ledger 9:2 "ledger is wrong (there is no team)" [state team]`, `module ledger 9:2 "ledger is wrong (there is no tier, which must be 0)" [tier: 0]`,
		},
		// Of several demands, each has a message of its own where the names in the team's do not fit.
		`{modules: name: "payments", mayUse: [{kind: "database"}], mustUse: {kind: "database", replicas: 9}, count: 2, require: tier: 0, message: "{from} uses {to}"}`: {
			`system shop 2:1 "1 module is such as {name: \"payments\"} (payments), where the policy wants 2" []`,
			`module payments 8:2 "payments depends on no module such as {kind: \"database\", replicas: 9}" []`,
			`module payments 8:43 "payments: tier is 1, not 0" [tier: 0]`,
			`dependency payments -> bank 8:119 "payments uses bank" []`,
		},
		`{modules: kind: "cache", count: <=1, message: "{replicas} replicas"}`:          {`system shop 2:1 "2 modules are such as {kind: \"cache\"} (cache-a and cache-b), where the policy wants <=1" []`},
		`{modules: kind: "gateway", neverReaches: kind: "database", message: "{path}"}`: {`module web 4:2 "web -> payments -> ledger" []`},
	} {
		t.Run(policy, func(t *testing.T) {
			d := rulestest.Parse(t, policyShop)
			d.Lint.Policies = policiesOf(t, "import \"list\"\n_unused: list.Max\np: "+policy)
			if errs := rules.CheckSettings(&d.Lint); len(errs) > 0 {
				t.Fatal(errs)
			}
			var got []string
			for _, f := range rulestest.Check(d, rules.Settings{Only: []string{"POL"}}).Findings {
				got = append(got, fmt.Sprintf("%s %s %d:%d %q %v", f.Subject.Kind, f.Subject.Name, f.Location.StartLine, f.Location.StartColumn, f.Message, f.Suggestions))
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// TestPoliciesAtOnce: designs that share the policies of a settings file are judged at the same time.
func TestPoliciesAtOnce(t *testing.T) {
	file := &schema.Lint{Policies: policiesOf(t, tenPolicies)}
	d := generate.Design(generate.T1, 3)
	alone := len(rules.Run(analyzer.New(d), rules.Settings{File: file, Only: []string{"POL"}}, rulestest.Today).Findings)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			res := rules.Run(analyzer.New(d), rules.Settings{File: file, Only: []string{"POL"}}, rulestest.Today)
			if len(res.Findings) != alone {
				t.Errorf("%d findings, alone %d", len(res.Findings), alone)
			}
		})
	}
	group.Wait()
	seen := map[string]bool{}
	for _, f := range rules.Run(analyzer.New(d), rules.Settings{File: file, Only: []string{"POL"}}, rulestest.Today).Findings {
		if seen[f.Fingerprint()] {
			t.Errorf("the fingerprint of %s is taken: %s", f.Subject.Name, f.Message)
		}
		seen[f.Fingerprint()] = true
	}
}

// TestPolicyOfNothing: what another program left out is told, and does no harm.
func TestPolicyOfNothing(t *testing.T) {
	d := rulestest.Parse(t, policyShop)
	d.Lint.Policies = []*schema.Policy{{Name: "nothing"}}
	if errs := rules.CheckSettings(&d.Lint); len(errs) == 0 {
		t.Error("a policy without a value is right")
	}
	if res := rulestest.Check(d, rules.Settings{Only: []string{"POL"}}); len(res.Findings) != 0 {
		t.Errorf("found %v", res.Findings)
	}
	if _, err := rules.TestPolicy(d.Lint.Policies[0], d); err == nil {
		t.Error("tested without a word")
	}
}

// TestPolicyFindingsAreNews: what gets worse in a thing that is at fault already is a finding of its own, and what gets
// better is none.
func TestPolicyFindingsAreNews(t *testing.T) {
	const text = `
import "list"
"needs": {modules: kind: "database", require: {replicas: >=2, team: string, backup: tested: true}}
"never": {modules: entry: true, neverReaches: tags: list.Contains("pci")}
"one":   {modules: kind: "cache", count: <=1}
"ring":  {modules: {}, acyclic: true}
"facts": {design: {}, require: facts: {cycles: 0, modules: <=5}}
`
	fingerprints := func(design string) map[string]string {
		d := rulestest.Parse(t, design)
		d.Lint.Policies = policiesOf(t, text+"_unused: list.Max")
		out := map[string]string{}
		for _, f := range rulestest.Check(d, rules.Settings{Only: []string{"POL"}}).Findings {
			out[f.Fingerprint()] = f.Rule.Name + " " + f.Message
		}
		return out
	}
	const start = `system: "s", modules: {
	web: {entry: true, replicas: 2, dependsOn: ["cards"%s]}
	cards: {tags: ["pci"], replicas: 2}
	vault: {tags: ["pci"], replicas: 2}
	db: {kind: "database", replicas: 1%s}
	"c-a": kind: "cache", "c-b": kind: "cache"%s
	"r-a": dependsOn: ["r-b"], "r-b": dependsOn: ["r-a"%s]
}`
	const team, tested = `, team: "x"`, `, backup: tested: true`
	before := fingerprints(fmt.Sprintf(start, "", team+tested, "", ""))
	for _, c := range []struct {
		name, design string
		news         int
	}{
		{"nothing", fmt.Sprintf(start, "", team+tested, "", ""), 0},
		{"another goal", fmt.Sprintf(start, `, "vault"`, team+tested, "", ""), 1},
		{"a field is lost", fmt.Sprintf(start, "", tested, "", ""), 1},
		{"two fields are lost", fmt.Sprintf(start, "", "", "", ""), 2},
		{"one more", fmt.Sprintf(start, "", team+tested, `, "c-c": kind: "cache"`, ""), 1},
		{"a larger cycle", fmt.Sprintf(start, "", team+tested, `, "r-c": dependsOn: ["r-a"]`, `, "r-c"`), 1},
	} {
		var news []string
		for id, what := range fingerprints(c.design) {
			if before[id] == "" {
				news = append(news, what)
			}
		}
		if len(news) != c.news {
			t.Errorf("%s: %d are new, want %d: %q", c.name, len(news), c.news, news)
		}
	}
	// Mending one of two fields is no news.
	worse := fingerprints(fmt.Sprintf(start, "", "", "", ""))
	for id, what := range before {
		if worse[id] == "" {
			t.Errorf("new, where less is wrong: %s", what)
		}
	}
}

// TestIdlePolicies: a policy that can find nothing since what it speaks of is not there is told.
func TestIdlePolicies(t *testing.T) {
	for policy, want := range map[string]string{
		`{modules: {}, layers: ["ui", "logic", "data"]}`:                                  `selects modules of which none is of one of its layers`,
		`{modules: {}, layers: ["web", "logic", "data"]}`:                                 ``,
		`{modules: kind: "gateway", neverReaches: kind: "search"}`:                        `names modules never to be reached of which there are none`,
		`{modules: kind: "gateway", neverReaches: kind: "database"}`:                      ``,
		`{modules: {}, neverReaches: kind: "database", via: when: "deploy"}`:              `follows dependencies of which there are none`,
		`{modules: {}, reaches: kind: "database", via: when: "deploy"}`:                   `follows dependencies of which there are none`,
		`{modules: {}, independent: "deploy.unit"}`:                                       `selects modules of which none has deploy.unit`,
		`{modules: {}, independent: "team"}`:                                              ``,
		`{modules: {}, except: [{kind: !="external"}, {kind: "external"}], forbid: true}`: `selects nothing but what it excepts`,
	} {
		d := rulestest.Parse(t, policyShop)
		d.Lint.Policies = policiesOf(t, "p: "+policy)
		if errs := rules.CheckSettings(&d.Lint); len(errs) > 0 {
			t.Error(errs)
		}
		got := ""
		for _, f := range rulestest.Check(d, rules.Settings{Only: []string{"POL", "HYG006"}}).Findings {
			if f.Rule.ID == "HYG006" {
				got = f.Message
			}
		}
		if want != "" {
			want = "the policy p " + want + ", so that nothing is held to it"
		}
		if got != want {
			t.Errorf("%s: %q, want %q", policy, got, want)
		}
	}
}

// TestSamePolicyTwice: the name and the id of a policy are the same, so that two of them are one too many.
func TestSamePolicyTwice(t *testing.T) {
	list := policiesOf(t, `"x": {modules: {}, forbid: true}, "POL/x": {modules: {}, require: team: string}`)
	if errs := rules.CheckSettings(&schema.Lint{Policies: list}); len(errs) != 1 || !strings.Contains(errs[0].Message, `policies "x" and "POL/x" are the same policy`) {
		t.Errorf("got %v", errs)
	}
}

// TestSingleDomainsAreThoseOfRES001: the only region is a choice, not a fault.
func TestSingleDomainsAreThoseOfRES001(t *testing.T) {
	for _, c := range []struct{ design, settings, want string }{
		{`placement: ["z1", "z2"]`, ``, ``},
		{`placement: ["z1"]`, ``, `z1`},
		{`placement: ["z1", "z2"]`, `rules: RES001: domains: ["region"]`, `r`},
	} {
		d := rulestest.Parse(t, `system: "s", modules: web: {entry: true, replicas: 2, `+c.design+`}
failureDomains: {z1: {kind: "zone", in: "r"}, z2: {kind: "zone", in: "r"}, r: kind: "region"}
journeys: buy: entry: "web"
lint: {`+c.settings+`}`)
		d.Lint.Policies = policiesOf(t, `a: {journeys: {}, require: facts: singleDomains: [], message: "{facts.singleDomains}"}, b: {design: {}, require: facts: singleDomains: [], message: "{facts.singleDomains}"}`)
		var got []string
		for _, f := range rulestest.Check(d, rules.Settings{Only: []string{"POL"}}).Findings {
			got = append(got, f.Rule.Name+" "+f.Message)
		}
		slices.Sort(got)
		var want []string
		if c.want != "" {
			want = []string{"a buy: " + c.want, "b " + c.want}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s %s: %q, want %q", c.design, c.settings, got, want)
		}
	}
}
