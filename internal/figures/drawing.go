//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"lintel/internal/generate"
)

// hundred is a design with as many dependencies a module as real systems of its size have.
var hundred = generate.Spec{Name: "100", Modules: 100, Dependencies: 200, Journeys: 6, Regions: 1}

// drawing compares the whole process from a design to SVG with native dot on the DOT that lintel writes of it, plus
// one start of lintel-graphviz; PNG with SVG; and tells how long the views of a large design take.
func drawing(dir, lintel, engine string) error {
	work := filepath.Join(dir, "drawing")
	if err := os.Mkdir(work, 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(work, "one.dot"), []byte("digraph { n0 }\n"), 0o666); err != nil {
		return err
	}
	native, err := exec.LookPath("dot")
	if err != nil {
		fmt.Println("Drawing: Graphviz is not installed, nothing to compare with.")
	}
	cache := filepath.Join(work, "cache")
	if err := os.Mkdir(cache, 0o700); err != nil {
		return err
	}
	start := []string{"env", "TMPDIR=" + cache, engine, "-K", "dot", "-T", "json0"}
	fmt.Println("Drawing, whole process, median of 15 runs in turn:")
	for _, spec := range []generate.Spec{generate.T0, hundred} {
		design := filepath.Join(work, spec.Name+".cue")
		if err := os.WriteFile(design, generate.CUE(generate.Design(spec, 1)), 0o666); err != nil {
			return err
		}
		picture, graph := filepath.Join(work, spec.Name), filepath.Join(work, spec.Name+".dot")
		if _, err := run(work, lintel, "render", "--quiet", design, "-o", graph); err != nil {
			return err
		}
		commands := [][]string{
			{lintel, "render", "--quiet", design, "-o", picture + ".svg"},
			{lintel, "render", "--quiet", design, "-o", picture + ".png"},
			{"sh", "-c", `"$@" < one.dot > /dev/null`, "sh"},
		}
		commands[2] = append(commands[2], start...)
		if native != "" {
			commands = append(commands, []string{native, "-Tsvg", graph, "-o", picture + ".native.svg"})
		}
		costs, err := sideBySide(work, 15, commands...)
		if err != nil {
			return err
		}
		svg, png, engineStart := costs[0].wall, costs[1].wall, costs[2].wall
		fmt.Printf("  %3d modules: SVG %6.1f ms, PNG %6.1f ms, ratio %.2f (at most 2) %s; start of the engine %.1f ms\n",
			spec.Modules, milliseconds(svg), milliseconds(png), ratio(png, svg), verdict(ratio(png, svg) <= 2), milliseconds(engineStart))
		if native != "" {
			r := ratio(svg, costs[3].wall+engineStart)
			fmt.Printf("               native dot -Tsvg %.1f ms; SVG to native dot and the engine's start %.2f (at most 1.5, never above 3) %s\n",
				milliseconds(costs[3].wall), r, verdict(r <= 1.5))
		}
	}
	return largeDrawing(work, lintel)
}

// largeDrawing times the views that stay useful for 2,000 modules.
func largeDrawing(work, lintel string) error {
	d := generate.Design(generate.T2, 1)
	design := filepath.Join(work, "T2.cue")
	if err := os.WriteFile(design, generate.CUE(d), 0o666); err != nil {
		return err
	}
	load, err := run(work, lintel, "metrics", design)
	if err != nil {
		return err
	}
	fmt.Printf("Drawing 2,000 modules (reading the design and its metrics alone take %.2f s):\n", load.wall.Seconds())
	for _, view := range [][]string{{"--view", "overview"}, {"--view", "matrix"}, {"--view", "journey", "--journey", d.Journeys[0].Name}} {
		c, err := run(work, append([]string{lintel, "render", "--quiet", design, "-o", "T2.svg"}, view...)...)
		if err != nil {
			return err
		}
		fmt.Printf("  %-9s %6.2f s, %4d MB (seconds: at most 10) %s\n", view[1], c.wall.Seconds(), c.memory/megabyte, verdict(c.wall <= 10*time.Second))
	}
	return nil
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }
