package rules_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

// Names that designs are drawn from; the last ones are never declared.
var (
	drawnModules = []string{"a", "b", "c", "d", "e", "f", "nowhere"}
	drawnDomains = []string{"h1", "h2", "z1", "z2", "r1", "r2", "nowhere"}
)

// drawDesign draws a design of any sense or nonsense that the Go model can hold, within the types: such
// as another program may build.
func drawDesign(t *rapid.T) *schema.Design {
	ref := func(names []string, label string) schema.Ref {
		return schema.Ref{Name: rapid.SampledFrom(names).Draw(t, label)}
	}
	refs := func(names []string, most int, label string) []schema.Ref {
		var out []schema.Ref
		for range rapid.IntRange(0, most).Draw(t, "number of "+label) {
			out = append(out, ref(names, label))
		}
		return out
	}
	maybe := func(label string) bool { return rapid.IntRange(0, 3).Draw(t, label) == 0 }
	rate := func(label string) *float64 {
		if !maybe(label) {
			return nil
		}
		return new(rapid.SampledFrom([]float64{0, 0.5, 1, 2, 100, 1e300, -1}).Draw(t, label))
	}
	number := func(label string) int { return rapid.SampledFrom([]int{0, 1, 1, 2, 2, 3, 5, 6, -1}).Draw(t, label) }
	d := &schema.Design{System: "drawn"}

	kinds := []schema.Kind{"", schema.Service, schema.Gateway, schema.LoadBalancer, schema.Database, schema.Cache, schema.Queue,
		schema.Configuration, schema.External, schema.Job, schema.Monitoring}
	for i, name := range drawnModules[:rapid.IntRange(1, 6).Draw(t, "modules")] {
		m := &schema.Module{Name: name, Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Replicas: number("replicas"), Pos: schema.Range{File: "d.cue", StartLine: i + 1, StartColumn: 1, EndLine: i + 1, EndColumn: 2}}
		m.Entry = maybe("entry")
		m.Team = rapid.SampledFrom([]string{"", "", "x", "y"}).Draw(t, "team")
		m.Group = rapid.SampledFrom([]string{"", "", "g", "h"}).Draw(t, "group")
		if maybe("tier") {
			m.Tier = new(rapid.IntRange(0, 3).Draw(t, "tier"))
		}
		m.Redundancy.Mode = rapid.SampledFrom([]schema.RedundancyMode{"", "", schema.ActivePassive, schema.Quorum}).Draw(t, "mode")
		m.Redundancy.Failover = rapid.SampledFrom([]schema.Failover{"", schema.ManualFailover}).Draw(t, "failover")
		m.Redundancy.Replication = rapid.SampledFrom([]schema.Replication{"", schema.Asynchronous}).Draw(t, "replication")
		m.LoadBalancing = rapid.SampledFrom([]schema.LoadBalancing{"", schema.NotBalanced}).Draw(t, "balancing")
		if maybe("need") {
			m.Redundancy.Need = new(number("need"))
		}
		if maybe("autoscaling") {
			m.Autoscaling = &schema.Autoscaling{Min: number("min"), Max: number("max")}
		}
		switch rapid.IntRange(0, 3).Draw(t, "placement") {
		case 0:
			m.Placement = &schema.Placement{Spread: refs(drawnDomains, 3, "spread")}
		case 1:
			m.Placement = &schema.Placement{}
			for _, r := range refs(drawnDomains, 3, "counts") {
				m.Placement.Counts = append(m.Placement.Counts, schema.PlacementCount{Domain: r, Count: number("count")})
			}
		}
		if maybe("session") {
			m.Session = &schema.Session{Kept: rapid.SampledFrom([]string{"", "local", "sticky", "shared"}).Draw(t, "kept"), In: ref(append(drawnModules, ""), "in")}
		}
		if maybe("backup") {
			m.Backup = &schema.Backup{To: ref(append(drawnModules, ""), "to")}
			if maybe("tested") {
				m.Backup.Tested = new(maybe("tested"))
			}
		}
		m.Monitors, m.Recovers = refs(drawnModules, 1, "monitors"), refs(drawnModules, 1, "recovers")
		m.Capacity = rate("capacity")
		promise := func(label string) schema.SLO {
			slo := schema.SLO{}
			if maybe(label) {
				slo.Availability = new(rapid.SampledFrom([]float64{0, 90, 99, 99.9, 100, 101, -1}).Draw(t, "promised availability"))
			}
			if maybe(label) {
				slo.Latency = new(time.Duration(rapid.IntRange(-1, 4).Draw(t, "promised latency")) * time.Second)
			}
			return slo
		}
		m.SLO = promise("slo")
		if maybe("latency") {
			m.Latency = new(time.Duration(rapid.IntRange(-1, 3).Draw(t, "own latency")) * time.Second)
		}
		if maybe("availability") {
			m.Availability = new(rapid.SampledFrom([]float64{0, 90, 99.9, 100}).Draw(t, "own availability"))
		}
		if maybe("operations") {
			m.Operations = new(rapid.SampledFrom([]int{-1, 0, 1, 8, 9, 500}).Draw(t, "operations"))
		}
		if maybe("unit") {
			m.Deploy.Unit = "u"
		}
		keys := map[string]bool{}
		for range rapid.IntRange(0, 4).Draw(t, "dependencies") {
			dep := &schema.Dependency{To: ref(drawnModules, "to"), Calls: rate("calls")}
			dep.Key = dep.To.Name
			if maybe("anyOf") {
				dep.Key, dep.To, dep.AnyOf, dep.Need = "any-"+dep.Key, schema.Ref{}, append(refs(drawnModules, 2, "anyOf"), dep.To), rapid.IntRange(0, 3).Draw(t, "alternatives")
			}
			if keys[dep.Key] {
				continue
			}
			keys[dep.Key] = true
			dep.Mode = rapid.SampledFrom([]schema.Mode{"", schema.Async}).Draw(t, "mode")
			dep.Strength = rapid.SampledFrom([]schema.Strength{"", schema.Soft}).Draw(t, "strength")
			dep.Access = rapid.SampledFrom([]schema.Access{"", schema.Read, schema.Write}).Draw(t, "access")
			dep.When = rapid.SampledFrom([]schema.Phase{"", "", schema.Startup, schema.Deploys, schema.Recovery}).Draw(t, "when")
			if maybe("timeout") {
				dep.Timeout = new(time.Duration(rapid.IntRange(0, 3).Draw(t, "timeout")) * time.Second)
			}
			if maybe("retries") {
				dep.Retries = &schema.Retries{Max: rapid.IntRange(0, 4).Draw(t, "max")}
			}
			m.DependsOn = append(m.DependsOn, dep)
		}
		d.Modules = append(d.Modules, m)
	}
	domainKinds := []schema.DomainKind{schema.Host, schema.Zone, schema.Region, schema.Provider}
	for _, name := range drawnDomains[:rapid.IntRange(0, 6).Draw(t, "domains")] {
		d.FailureDomains = append(d.FailureDomains, &schema.FailureDomain{Name: name, Kind: rapid.SampledFrom(domainKinds).Draw(t, "kind"), In: ref(append(drawnDomains, "", "", ""), "in")})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "journeys") {
		j := &schema.Journey{Name: fmt.Sprint("j", i), Entry: ref(drawnModules, "entry"), Peak: rate("peak"), HasUses: maybe("uses")}
		if j.HasUses {
			j.Uses = refs(drawnModules, 3, "uses")
		}
		if maybe("slo of a journey") {
			j.SLO = schema.SLO{Availability: new(99.9), Latency: new(time.Second)}
		}
		d.Journeys = append(d.Journeys, j)
	}
	if maybe("transaction") {
		d.Transactions = append(d.Transactions, &schema.Transaction{Name: "t", Spans: refs(drawnModules, 3, "spans"),
			Coordination: rapid.SampledFrom([]string{"", "none", "saga", "2pc", "outbox"}).Draw(t, "coordination")})
	}
	if maybe("waivers") {
		d.Lint.Waivers = append(d.Lint.Waivers, schema.Waiver{Rule: rapid.SampledFrom([]string{"RES001", "REP001", "HYG001", "HYG004", "NOPE"}).Draw(t, "rule"),
			At: rapid.SampledFrom([]string{"a", "*", "a -> *", ""}).Draw(t, "at"), Reason: rapid.SampledFrom([]string{"", "agreed"}).Draw(t, "reason")})
	}
	d.Normalize()
	return d
}

func swap[T any](r *rand.Rand, list []T) {
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func render(res *rules.Result) string {
	var b strings.Builder
	for _, list := range [][]rules.Finding{res.Findings, res.Waived} {
		for i := range list {
			f := &list[i]
			fmt.Fprintln(&b, f.Location, f.Severity, f.Rule.ID, f.Subject, f.Message, f.Journeys, f.Path, f.Paths, f.Suggestions, f.Related, f.Fingerprint())
		}
	}
	for _, u := range res.Unchecked {
		fmt.Fprintln(&b, u.Rule.ID, u.Fields, u.Count)
	}
	return b.String()
}

// TestRunOnAnyDesign: whatever a program builds, the rules come to an end without a panic, say every
// thing once, in plain lines, with a subject and a suggestion, and the same for the same design.
func TestRunOnAnyDesign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDesign(t)
		res := rulestest.Check(d, rules.Settings{})
		if again := render(rulestest.Check(d, rules.Settings{})); again != render(res) {
			t.Fatalf("two runs differ:\n%s\n%s", render(res), again)
		}
		fingerprints := map[string]string{}
		for _, f := range slices.Concat(res.Findings, res.Waived) {
			if other, ok := fingerprints[f.Fingerprint()]; ok {
				t.Errorf("the same fingerprint:\n%s %s\n%s", f.Rule.ID, f.Message, other)
			}
			fingerprints[f.Fingerprint()] = f.Message
			if f.Message == "" || strings.Contains(f.Message, "\n") || strings.Contains(f.Message, "%!") || len(f.Suggestions) == 0 || f.Subject.Name == "" {
				t.Errorf("%s: message %q, suggestions %q, subject %v", f.Rule.ID, f.Message, f.Suggestions, f.Subject)
			}
			if f.Severity == rules.Off || !slices.IsSorted(f.Journeys) {
				t.Errorf("%s %s: severity %s, journeys %q", f.Rule.ID, f.Message, f.Severity, f.Journeys)
			}
		}
	})
}

// TestJourneysThatAreDownAreTold: HYG002 tells of each journey that is down before anything fails, with
// a way that leads there, and of no other.
func TestJourneysThatAreDownAreTold(t *testing.T) {
	seen := 0
	rapid.Check(t, func(t *rapid.T) {
		d := drawDesign(t)
		d.Lint = schema.Lint{}
		res := rulestest.Check(d, rules.Settings{Only: []string{"HYG002"}})
		down := map[string]bool{}
		for _, j := range res.Analysis.Failures().Before.Lost {
			down[res.Analysis.Journeys()[j].Name] = true
		}
		seen += len(down)
		told := map[string]bool{}
		for _, f := range res.Findings {
			if !strings.Contains(f.Message, "before anything fails") {
				continue
			}
			for _, j := range f.Journeys {
				told[j] = true
				if !down[j] {
					t.Errorf("%s is not down: %s", j, f.Message)
				}
			}
			for _, p := range f.Paths {
				for i, m := range p.Path[1:] {
					if !hardDependency(d, p.Path[i], m) {
						t.Errorf("%s does not hard-depend on %s: %s", p.Path[i], m, f.Message)
					}
				}
				last := p.Path[len(p.Path)-1]
				if f.Subject.Kind == rules.OfModule && last != f.Subject.Name || f.Subject.Kind == rules.OfDependency && !strings.HasPrefix(f.Subject.Name, last+" -> ") {
					t.Errorf("the way %q does not lead to %s", p.Path, f.Subject.Name)
				}
			}
		}
		for j := range down {
			if !told[j] {
				t.Errorf("nobody tells that %s is down before anything fails:\n%s", j, render(res))
			}
		}
	})
	if seen == 0 {
		t.Error("no journey of any drawn design was down")
	}
}

func hardDependency(d *schema.Design, from, to string) bool {
	for _, m := range d.Modules {
		if m.Name != from {
			continue
		}
		for _, dep := range m.DependsOn {
			if dep.Strength == schema.Hard && dep.When == schema.Runtime && slices.ContainsFunc(dep.Targets(), func(r schema.Ref) bool { return r.Name == to }) {
				return true
			}
		}
	}
	return false
}

// TestOrderOfDeclarationDoesNotMatter runs the rules on one design declared in several orders.
func TestOrderOfDeclarationDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		first := drawDesign(t)
		other := *first
		other.Modules, other.FailureDomains, other.Journeys = slices.Clone(first.Modules), slices.Clone(first.FailureDomains), slices.Clone(first.Journeys)
		r := rand.New(rand.NewPCG(seed, 1))
		swap(r, other.Modules)
		swap(r, other.FailureDomains)
		swap(r, other.Journeys)
		want := render(rulestest.Check(first, rules.Settings{}))
		other.Normalize()
		if got := render(rulestest.Check(&other, rules.Settings{})); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	})
}
