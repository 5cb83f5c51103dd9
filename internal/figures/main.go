//go:build unix

// Figures measures what lintel promises and prints each figure beside its limit, as ratios taken
// side by side in one run. It is what `make bench` runs; it is no test, since times differ between
// machines. With the name of a part it measures only that.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"lintel/analyzer"
	"lintel/internal/generate"
	"lintel/rules"
)

func main() {
	var err error
	if len(os.Args) == 3 && os.Args[1] == "analyze" {
		err = analyze(os.Args[2])
	} else if len(os.Args) == 3 && os.Args[1] == "analyze-resilience" {
		err = analyzeResilience(os.Args[2])
	} else {
		err = all(os.Args[1:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

// all measures the parts that are named, or every one.
func all(names []string) error {
	dir, err := os.MkdirTemp("", "lintel-figures-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	lintel, cue := filepath.Join(dir, "lintel"), filepath.Join(dir, "cue")
	if err := build(lintel, "lintel/cmd/lintel"); err != nil {
		return err
	}
	if err := build(cue, "cuelang.org/go/cmd/cue"); err != nil {
		return err
	}
	engine := filepath.Join(dir, "lintel-graphviz") // beside lintel, which looks for it there
	if err := build(engine, "lintel/cmd/lintel-graphviz"); err != nil {
		return err
	}
	var failed error
	for _, part := range []struct {
		name    string
		measure func() error
	}{
		{"check", func() error { return smallDesign(dir, lintel, cue) }},
		{"scaling", scaling},
		{"files", func() error { return manyFiles(dir, lintel) }},
		{"policies", func() error { return policies(dir, lintel) }},
		{"drawing", func() error { return drawing(dir, lintel, engine) }},
		{"review", func() error { return reviewing(dir, lintel) }},
		{"hook", func() error { return hook(dir, lintel, cue) }},
		{"resilience", func() error { return resilience(dir, lintel) }},
	} {
		if len(names) == 0 || slices.Contains(names, part.name) {
			failed = errors.Join(failed, part.measure())
		}
	}
	return failed
}

func build(to, pkg string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-o", to, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as "make build" does, for both alike
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
	}
	return nil
}

func verdict(ok bool) string {
	if ok {
		return "ok"
	}
	return "MISSED"
}

const megabyte = 1 << 20

// smallDesign compares the whole process on the design of 12 modules with `cue vet -c` of the same
// file: once as most people write it, once embedding the schema, which both then evaluate.
func smallDesign(dir, lintel, cue string) error {
	plain := generate.CUE(generate.Design(generate.T0, 1))
	work := filepath.Join(dir, "small")
	if err := os.Mkdir(work, 0o777); err != nil {
		return err
	}
	if _, err := run(work, lintel, "init", "."); err != nil {
		return err
	}
	for name, text := range map[string][]byte{
		"plain.cue":    plain,
		"embedded.cue": append([]byte("import \"lintel.arch/schema\"\n\nschema.#System\n"), plain...),
	} {
		if err := os.WriteFile(filepath.Join(work, name), text, 0o666); err != nil {
			return err
		}
	}
	fmt.Println("Whole process, 12 modules, median of 41 runs in turn:")
	for _, c := range []struct {
		what  string
		check []string
		vet   []string
	}{
		{"plain design", []string{lintel, "check", "plain.cue"}, []string{cue, "vet", "-c", "plain.cue"}},
		{"design that embeds the schema", []string{lintel, "check", "embedded.cue"}, []string{cue, "vet", "-c", "embedded.cue"}},
	} {
		costs, err := sideBySide(work, 41, c.check, c.vet)
		if err != nil {
			return err
		}
		times := ratio(costs[0].wall, costs[1].wall)
		fmt.Printf("  %-30s lintel check %6.1f ms, %3d MB; cue vet -c %6.1f ms, %3d MB; ratio %.2f (at most 1.0) %s; memory (at most 40 MB) %s\n",
			c.what, milliseconds(costs[0].wall), costs[0].memory/megabyte, milliseconds(costs[1].wall), costs[1].memory/megabyte,
			times, verdict(times <= 1), verdict(costs[0].memory <= 40*megabyte))
	}
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// scaling measures graph, failure analysis and all rules on the tiers, each in a process of its own.
func scaling() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	fmt.Println("Graph, failure analysis and all rules, loading aside:")
	for _, tier := range generate.Tiers {
		cmd := exec.Command(self, "analyze", tier.Name)
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return err
		}
		if tier == generate.T3 {
			memory := maxrss(cmd.ProcessState)
			fmt.Printf("  %s: %d MB at most, the generated design included (limit 1024 MB) %s\n", tier.Name, memory/megabyte, verdict(memory <= 1024*megabyte))
		}
	}
	return nil
}

func analyze(tier string) error {
	for _, spec := range generate.Tiers {
		if spec.Name != tier {
			continue
		}
		var best time.Duration
		findings := 0
		d := generate.Design(spec, 1)
		size := len(d.Modules)
		for _, m := range d.Modules {
			for _, dep := range m.DependsOn {
				size += len(dep.Targets())
			}
		}
		for range 5 {
			start := time.Now()
			findings = len(rules.Run(analyzer.New(d), rules.Settings{}, start).Findings)
			if took := time.Since(start); best == 0 || took < best {
				best = took
			}
		}
		limit := ""
		if spec == generate.T3 {
			limit = " (limit 1 s) " + verdict(best <= time.Second)
		}
		fmt.Printf("  %s: %6d modules and dependencies, %6d findings, %8.2f ms, %5.2f µs each%s\n",
			spec.Name, size, findings, milliseconds(best), float64(best.Microseconds())/float64(size), limit)
		return nil
	}
	return fmt.Errorf("no tier %q", tier)
}

// manyFiles compares one run over 200 designs with the sum of 200 runs over one.
func manyFiles(dir, lintel string) error {
	work := filepath.Join(dir, "many")
	if err := os.Mkdir(work, 0o777); err != nil {
		return err
	}
	const files = 200
	together := []string{lintel, "check"}
	var apart time.Duration
	for i := range files {
		name := fmt.Sprintf("d%03d.cue", i)
		d := generate.Design(generate.T1, uint64(i))
		d.System = fmt.Sprintf("system-%d", i)
		if err := os.WriteFile(filepath.Join(work, name), generate.CUE(d), 0o666); err != nil {
			return err
		}
		together = append(together, name)
	}
	for i := range files {
		c, err := run(work, lintel, "check", fmt.Sprintf("d%03d.cue", i))
		if err != nil {
			return err
		}
		apart += c.wall
	}
	c, err := sideBySide(work, 3, together)
	if err != nil {
		return err
	}
	times := ratio(c[0].wall, apart)
	fmt.Printf("%d designs of 60 modules: one run %.2f s, %d MB; the sum of single runs %.2f s; ratio %.2f (at most 1.0) %s\n",
		files, c[0].wall.Seconds(), c[0].memory/megabyte, apart.Seconds(), times, verdict(times <= 1))
	return nil
}
