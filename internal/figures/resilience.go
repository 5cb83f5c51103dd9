//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"lintel/analyzer"
	"lintel/analyzer/faulttree/openpsa"
	resiliences "lintel/analyzer/resilience"
	"lintel/internal/generate"
	"lintel/schema"
)

// resilience measures exact failure analysis in whole processes: of fault trees, of designs, and of the fault trees of the
// folder that LINTEL_FAULT_TREES names.
func resilience(dir, lintel string) error {
	work := filepath.Join(dir, "resilience")
	if err := os.Mkdir(work, 0o777); err != nil {
		return err
	}
	for _, measure := range []func(string, string) error{fatTrees, resilientDesigns, corpus} {
		if err := measure(work, lintel); err != nil {
			return err
		}
	}
	return nil
}

// within prints a figure beside its limit.
func within(what string, took, limit time.Duration) {
	fmt.Printf("  %-66s %9.1f ms (limit %g s) %s\n", what, milliseconds(took), limit.Seconds(), verdict(took <= limit))
}

// fatTrees measures the probability of fat trees of 48 and 64 ports, and prints the numbers of their cut sets.
func fatTrees(work, lintel string) error {
	fmt.Println("Exact probability and number of cut sets of fat trees, whole process, median of 3 runs:")
	for _, c := range []struct{ ports, replicas int }{{24, 2}, {48, 2}, {48, 3}, {64, 2}, {64, 3}} {
		t := generate.FatTree(c.ports, c.replicas, 1)
		name := t.Name + ".xml"
		f, err := os.Create(filepath.Join(work, name))
		if err != nil {
			return err
		}
		if err := openpsa.Write(f, t); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
		costs, err := sideBySide(work, 3, figuresOf(lintel, name))
		if err != nil {
			return err
		}
		a, err := ask(work, figuresOf(lintel, name))
		if err != nil {
			return err
		}
		within(fmt.Sprintf("%d ports, %d replicas: %s sets, %v", c.ports, c.replicas, known(a.Count), known(a.Probability)), costs[0].wall, time.Second)
	}
	return nil
}

func known[T any](x *T) any {
	if x == nil {
		return "unknown"
	}
	return *x
}

func figuresOf(lintel, file string) []string {
	return []string{lintel, "cutsets", "--limit", "0", "--format", "json", file}
}

// resilientDesigns measures what is asked about designs: small ones in whole processes, the tiers without the reading of
// the design, each in a process of its own.
func resilientDesigns(work, lintel string) error {
	of := func(replicas int) *schema.Design {
		d := &schema.Design{System: "majority", Modules: []*schema.Module{{Name: "api", Kind: schema.Service, Entry: true}},
			Journeys: []*schema.Journey{{Name: "call", Entry: schema.Ref{Name: "api"}}}}
		generate.Replicated(d, replicas)
		d.Modules[0].Redundancy.Need = new(replicas/2 + 1)
		return d
	}
	for name, d := range map[string]*schema.Design{
		"boutique.cue": generate.Replicated(generate.Design(generate.T0, 1), 5), "of-5.cue": of(5), "of-200.cue": of(200),
	} {
		if err := os.WriteFile(filepath.Join(work, name), generate.CUE(d), 0o666); err != nil {
			return err
		}
	}
	fmt.Println("Small designs, whole process, median of 11 runs:")
	var took []time.Duration
	for _, c := range []struct {
		what string
		args []string
	}{
		{"Online Boutique, 5 replicas over 3 zones: availability", []string{"availability", "boutique.cue"}},
		{"Online Boutique, 5 replicas over 3 zones: cut sets to order 2", []string{"cutsets", "--order", "2", "boutique.cue"}},
		{"3 of 5 replicas over 3 zones: availability", []string{"availability", "of-5.cue"}},
		{"101 of 200 replicas over 3 zones: availability", []string{"availability", "of-200.cue"}},
	} {
		costs, err := sideBySide(work, 11, append([]string{lintel}, c.args...))
		if err != nil {
			return err
		}
		took = append(took, costs[0].wall)
		within(c.what, costs[0].wall, 20*time.Millisecond)
	}
	fmt.Printf("  200 replicas against 5: ratio %.2f (at most 1.5) %s\n", ratio(took[3], took[2]), verdict(ratio(took[3], took[2]) <= 1.5))
	self, err := os.Executable()
	if err != nil {
		return err
	}
	fmt.Println("Large designs, reading aside:")
	for _, tier := range []string{generate.T2.Name, generate.T3.Name} {
		cmd := exec.Command(self, "analyze-resilience", tier)
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return err
		}
	}
	return nil
}

// analyzeResilience measures one tier in this process: availability of all journeys, and of T3 what single failures do.
func analyzeResilience(tier string) error {
	if tier == generate.T2.Name {
		took, exact, err := allJourneys(generate.Replicated(generate.Design(generate.T2, 1), 3))
		if err != nil {
			return err
		}
		within("T2, 3 replicas over 3 zones: all journeys, "+exact, took, 2*time.Second)
		return nil
	}
	d := generate.Design(generate.T3, 1)
	start := time.Now()
	a := analyzer.New(d)
	a.Failures()
	within("T3: single failures", time.Since(start), 300*time.Millisecond)
	var zones []analyzer.Scenario
	for i, f := range d.FailureDomains {
		if f.Kind == schema.Zone {
			zones = append(zones, analyzer.Scenario{Events: []analyzer.Event{{Kind: analyzer.DomainEvent, Module: -1, Domain: int32(i)}}})
		}
	}
	start = time.Now()
	analyzer.New(d).SimulateAll(zones, func(int, analyzer.Outcome, func(int32) bool) {})
	within(fmt.Sprintf("T3: each of %d zones", len(zones)), time.Since(start), time.Second)
	took, exact, err := allJourneys(d)
	if err != nil {
		return err
	}
	within("T3: all journeys, "+exact, took, 10*time.Second)
	return nil
}

// allJourneys measures the availability of all journeys of a design, within the time that lintel availability gives for
// 10 seconds, and tells how many are exact.
func allJourneys(d *schema.Design) (took time.Duration, exact string, err error) {
	start := time.Now()
	stop := new(atomic.Bool)
	system, err := resiliences.New(analyzer.New(d), resiliences.Assumptions{Pessimistic: 99}, resiliences.Limits{Stop: stop})
	if err != nil {
		return 0, "", err
	}
	known := 0
	for j := range d.Journeys {
		left := 9*time.Second - time.Since(start)
		stop := new(atomic.Bool)
		timer := time.AfterFunc(max(left, 0)/time.Duration(len(d.Journeys)-j), func() { stop.Store(true) })
		system.Limit(resiliences.Limits{Stop: stop})
		a, err := system.Availability(analyzer.OfJourney(int32(j)))
		timer.Stop()
		if err != nil {
			return 0, "", err
		}
		if a.Worst.Method == resiliences.Exact {
			known++
		}
	}
	return time.Since(start), fmt.Sprintf("%d of %d exact", known, len(d.Journeys)), nil
}

// answer is what lintel cutsets tells of a fault tree.
type answer struct {
	Count        *string           `json:"count"`
	CountByOrder map[string]string `json:"countByOrder"`
	Counted      *int              `json:"countedToOrder"`
	Probability  *float64          `json:"probability"`
	Low, High    float64
}

func ask(dir string, command []string) (a answer, err error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return a, err
	}
	var report struct{ Journeys []answer }
	if err := json.Unmarshal(out, &report); err != nil {
		return a, err
	}
	if len(report.Journeys) != 1 {
		return a, fmt.Errorf("%v: %d fault trees", command, len(report.Journeys))
	}
	return report.Journeys[0], nil
}

// corpus measures the fault trees of the folder that LINTEL_FAULT_TREES names, which holds an expected.tsv: model, gates,
// events, minimal cut sets, probability and the seconds that SCRAM takes to count, each a question mark where unknown.
func corpus(work, lintel string) error {
	folder := os.Getenv("LINTEL_FAULT_TREES")
	if folder == "" {
		fmt.Println("Fault trees of a folder: LINTEL_FAULT_TREES names none")
		return nil
	}
	text, err := os.ReadFile(filepath.Join(folder, "expected.tsv"))
	if err != nil {
		return err
	}
	fmt.Println("Fault trees, number of cut sets and probability, whole process, median of 3 runs:")
	logs, compared := 0.0, 0
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		row := strings.Split(line, "\t")
		if len(row) < 6 {
			return fmt.Errorf("expected.tsv: %q", line)
		}
		command := figuresOf(lintel, filepath.Join(folder, row[0]+".xml"))
		if row[3] == "?" {
			start := time.Now()
			a, err := ask(work, command)
			if err != nil {
				return err
			}
			exact := a.Probability != nil && a.Count != nil
			within(fmt.Sprintf("%s: by order %v; between %.4g and %.4g", row[0], a.CountByOrder, a.Low, a.High), time.Since(start), time.Minute)
			// Of the one that nobody has solved, this is what was known.
			asGood := a.Counted != nil && *a.Counted >= 3 && a.CountByOrder["3"] == "10" && len(a.CountByOrder["1"]+a.CountByOrder["2"]) == 0 && a.Low >= 9.93e-6 && a.High < 2.72e-2
			fmt.Printf("  %-66s %s\n", "  orders 1 to 3 exact, and an interval tighter than the published one", verdict(exact || asGood))
			continue
		}
		costs, err := sideBySide(work, 3, command)
		if err != nil {
			return err
		}
		a, err := ask(work, command)
		if err != nil {
			return err
		}
		want, err := strconv.ParseFloat(row[4], 64)
		if err != nil {
			return err
		}
		theirs, err := strconv.ParseFloat(row[5], 64)
		if err != nil {
			return err
		}
		limit := 2 * time.Second
		if theirs > 0.3 {
			logs += math.Log(costs[0].wall.Seconds() / theirs)
			compared++
		} else if theirs < 0.1 {
			limit = 30 * time.Millisecond
		}
		right := a.Count != nil && *a.Count == row[3] && a.Probability != nil && math.Abs(*a.Probability-want) <= 1e-9*want
		within(fmt.Sprintf("%s: figures %s, %d MB (limit 600 MB) %s", row[0], verdict(right), costs[0].memory/megabyte, verdict(costs[0].memory <= 600*megabyte)), costs[0].wall, limit)
	}
	if compared > 0 {
		mean := math.Exp(logs / float64(compared))
		fmt.Printf("  geometric mean of our time over SCRAM's, for the %d trees on which that takes over 0.3 s: %.3f (at most 0.2) %s\n", compared, mean, verdict(mean <= 0.2))
	}
	return nil
}
