package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lintel/rules"
	"lintel/rules/rulestest"
	"lintel/schema"
)

// link is one dependency between two services, by number.
type link struct{ from, to int }

// inCycles marks the services that reach themselves over the links, but one, and gives who reaches whom.
func inCycles(n int, links []link, without int) (reach [][]bool) {
	reach = make([][]bool, n)
	for i := range reach {
		reach[i] = make([]bool, n)
	}
	for i, l := range links {
		if i != without {
			reach[l.from][l.to] = true
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
			}
		}
	}
	return reach
}

// largestKnot is the number of services in the largest knot that holds at least share percent of n and no fewer than least,
// of which as many are left in cycles whatever one of its links is dropped; 0 where there is none.
func largestKnot(n int, links []link, share float64, least int) int {
	enough := func(k int) bool { return k >= least && float64(k)*100 >= share*float64(n) }
	all := inCycles(n, links, -1)
	best := 0
	for i := range n {
		var members []int
		for j := range n {
			if i == j || all[i][j] && all[j][i] {
				members = append(members, j)
			}
		}
		if !enough(len(members)) || len(members) <= best || !all[i][i] {
			continue
		}
		var inside []link
		for _, l := range links {
			if slices.Contains(members, l.from) && slices.Contains(members, l.to) && l.from != l.to {
				inside = append(inside, l)
			}
		}
		tied := true
		for without := range inside {
			rest, left := inCycles(n, inside, without), 0
			for _, m := range members {
				if rest[m][m] {
					left++
				}
			}
			tied = tied && enough(left)
		}
		if tied {
			best = len(members)
		}
	}
	return best
}

// TestDistributedMonolithMatchesTheDefinition compares CPL010 with a search that drops every link in turn.
func TestDistributedMonolithMatchesTheDefinition(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 8).Draw(t, "services")
		d := &schema.Design{System: "drawn", Pos: schema.Range{File: "d.cue", StartLine: 1, EndLine: 1}}
		for i := range n {
			d.Modules = append(d.Modules, &schema.Module{Name: fmt.Sprint("m", i), Kind: schema.Service, Replicas: 2})
		}
		var sync, hard []link
		for from := range n {
			for to := range n {
				if rapid.IntRange(0, n).Draw(t, "link") > 2 {
					continue
				}
				dep := &schema.Dependency{Key: fmt.Sprint("m", to), Pos: schema.Range{File: "d.cue", StartLine: 2, EndLine: 2}}
				dep.Mode = rapid.SampledFrom([]schema.Mode{schema.Sync, schema.Sync, schema.Async}).Draw(t, "mode")
				dep.Strength = rapid.SampledFrom([]schema.Strength{schema.Hard, schema.Hard, schema.Soft}).Draw(t, "strength")
				dep.When = rapid.SampledFrom([]schema.Phase{schema.Runtime, schema.Runtime, schema.Runtime, schema.Startup}).Draw(t, "when")
				d.Modules[from].DependsOn = append(d.Modules[from].DependsOn, dep)
				if dep.When == schema.Runtime && dep.Mode == schema.Sync {
					sync = append(sync, link{from, to})
				}
				if dep.When == schema.Runtime && dep.Strength == schema.Hard {
					hard = append(hard, link{from, to})
				}
			}
		}
		d.Normalize()
		want := max(largestKnot(n, sync, 50, 4), largestKnot(n, hard, 50, 4))
		res := rulestest.Check(d, rules.Settings{Only: []string{"CPL010"}})
		switch {
		case want == 0 && len(res.Findings) > 0:
			t.Fatalf("no knot, and yet %s", res.Findings[0].Message)
		case want > 0 && (len(res.Findings) != 1 || !strings.HasPrefix(res.Findings[0].Message, fmt.Sprintf("%d of the %d services ", want, n))):
			t.Fatalf("a knot of %d, and %v", want, res.Findings)
		case want > 0:
			found++
		}
	})
	if found == 0 {
		t.Error("no drawn design was a distributed monolith")
	}
}
