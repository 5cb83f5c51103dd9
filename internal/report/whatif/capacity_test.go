package whatif_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"lintel/analyzer"
	"lintel/internal/report/whatif"
	"lintel/schema"
)

// TestCapacityByHand: standbys serve nothing, autoscaling may make up for a loss, alternatives take over, and what is not
// known is a lower bound.
func TestCapacityByHand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "shop.cue")
	if err := os.WriteFile(file, []byte(`
system: "s"
journeys: {
	buy: {entry: "web", peak: 90}
	look: {entry: "site"}
}
modules: {
	web: {autoscaling: {min: 2, max: 4}, capacity: perReplica: 50, dependsOn: {db: {calls: 1}, pay: {anyOf: ["a", "b"], calls: 0.5}, loop: {calls: 1}}}
	db: {kind: "database", replicas: 3, redundancy: mode: "active-passive", capacity: perReplica: 100}
	a: {replicas: 2, capacity: perReplica: 20}
	b: {replicas: 2, capacity: perReplica: 20}
	site: {replicas: 2, capacity: perReplica: 10}
	loop: {capacity: perReplica: 10, dependsOn: "loop-end": calls: 2}
	"loop-end": {dependsOn: loop: {calls: 1, strength: "soft"}}
}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := schema.Load(schema.LoadOptions{}, file)
	if err != nil {
		t.Fatal(err)
	}
	a := analyzer.New(list[0])
	for _, c := range []struct{ event, module, want string }{
		{"db/2", "web", "90/100 -> 90/100 of at most 200: fits"},
		{"db/2", "db", "90/100 -> 90/100 of at most 100: fits"},
		{"web/1", "web", "90/100 -> 90/50 of at most 150: scales out"},
		{"a", "b", "22.5/40 -> 45/40 of at most 40: overloaded"},
		{"a", "a", "22.5/40 -> 0/0 of at most 0: down"},
		{"a:1", "a", "22.5/40 -> 22.5/20 of at most 20: overloaded"},
		{"web -> a", "b", "22.5/40 -> 45/40 of at most 40: overloaded"},
		{"web -> a", "a", "22.5/40 -> 0/40 of at most 40: fits"},
		{"site/1", "web", "90/100 -> 90/100 of at most 200: fits"},
		{"a", "loop", "endless/10 -> endless/10 of at most 10: overloaded"},
		{"loop -> loop-end", "loop", "endless/10 -> 0/10 of at most 10: down"},
		{"loop-end -> loop", "loop", "endless/10 -> 90/10 of at most 10: overloaded"},
	} {
		s, named, err := a.ParseEvents(c.event)
		if err != nil {
			t.Fatal(err)
		}
		got := "nothing"
		for _, l := range whatif.Ask(a, s, named).Capacity.Modules {
			if l.Module == c.module {
				figure := func(f whatif.Figure) string {
					if f.Endless {
						return fmt.Sprintf("endless/%g", f.Serves)
					}
					return fmt.Sprintf("%g/%g", f.Demand, f.Serves)
				}
				got = fmt.Sprintf("%s -> %s of at most %g: %s", figure(l.Before), figure(l.After), l.Most, l.Verdict())
			}
		}
		if got != c.want {
			t.Errorf("%s: %s: %s, want %s", c.event, c.module, got, c.want)
		}
	}
	s, named, err := a.ParseEvents("a")
	if err != nil {
		t.Fatal(err)
	}
	capacity := whatif.Ask(a, s, named).Capacity
	if fmt.Sprint(capacity.WithoutPeak, capacity.WithoutCalls, capacity.WithoutCapacity) != "[look] 0 [loop-end]" {
		t.Errorf("not known: %v, %d, %v", capacity.WithoutPeak, capacity.WithoutCalls, capacity.WithoutCapacity)
	}
}
