//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"lintel/internal/generate"
	"lintel/schema"
)

// thousand is a design as large as those of which a review still has to be quick.
var thousand = generate.Spec{Name: "1000", Modules: 1000, Dependencies: 5000, Journeys: 30, Regions: 2, Racks: 1}

// reviewing compares the whole process of a review of a design of 1,000 modules between two revisions with one check of
// it. Some modules were changed, as a branch does.
func reviewing(dir, lintel string) error {
	git, err := exec.LookPath("git")
	if err != nil {
		fmt.Println("Review: git is not installed, nothing to measure.")
		return nil
	}
	work := filepath.Join(dir, "review")
	if err := os.Mkdir(work, 0o777); err != nil {
		return err
	}
	d := generate.Design(thousand, 1)
	for _, m := range d.Modules {
		if m.Autoscaling != nil {
			m.Autoscaling.Max = min(m.Autoscaling.Max, 1_000_000) // as the language bounds it
		}
	}
	if err := runGit(work, git, "init", "-q", "-b", "main"); err != nil {
		return err
	}
	for i, message := range []string{"before", "after"} {
		if i == 1 {
			change(d)
		}
		if err := os.WriteFile(filepath.Join(work, "design.cue"), generate.CUE(d), 0o666); err != nil {
			return err
		}
		if err := runGit(work, git, "add", "design.cue"); err != nil {
			return err
		}
		if err := runGit(work, git, "-c", "user.name=figures", "-c", "user.email=figures@example.org", "commit", "-q", "-m", message); err != nil {
			return err
		}
	}
	costs, err := sideBySide(work, 15,
		[]string{lintel, "check", "--quiet", "design.cue"},
		[]string{lintel, "review", "--quiet", "HEAD~1..HEAD"},
		[]string{lintel, "review", "--quiet", "HEAD~1"},
		[]string{lintel, "review", "--quiet", "--format", "markdown", "HEAD~1"},
	)
	if err != nil {
		return err
	}
	fmt.Println("Review of a design of 1,000 modules, whole process, median of 15 runs in turn:")
	fmt.Printf("  lintel check %.1f ms, %d MB\n", milliseconds(costs[0].wall), costs[0].memory/megabyte)
	for i, what := range []string{"between two revisions", "of the working tree", "as a comment"} {
		c := costs[i+1]
		r := ratio(c.wall, costs[0].wall)
		fmt.Printf("  review %-21s %.1f ms, %d MB, ratio %.2f (at most 2.5) %s\n", what, milliseconds(c.wall), c.memory/megabyte, r, verdict(r <= 2.5))
	}
	return nil
}

// change does to a design what a branch may do: fewer replicas, a new module, a dependency less.
func change(d *schema.Design) {
	for i, m := range d.Modules {
		if i%50 == 0 && m.Replicas > 1 {
			m.Replicas--
		}
		if i%100 == 7 && len(m.DependsOn) > 1 {
			m.DependsOn = m.DependsOn[1:]
		}
	}
	d.Modules = append(d.Modules, &schema.Module{
		Name: "arrival", Replicas: 2, DependsOn: []*schema.Dependency{{Key: d.Modules[0].Name}},
	})
	d.Normalize()
}

func runGit(dir, git string, args ...string) error {
	cmd := exec.Command(git, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("git %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}
