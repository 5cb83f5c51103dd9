//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"lintel/internal/generate"
)

// hook compares the whole process of the hook lintel-changed, with one design of 12 modules among twenty changed, with
// `cue vet -c` of that design.
func hook(dir, lintel, cue string) error {
	if _, err := exec.LookPath("git"); err != nil {
		fmt.Println("Hook: git is not installed, nothing to measure.")
		return nil
	}
	work := filepath.Join(dir, "hook")
	if err := os.Mkdir(work, 0o777); err != nil {
		return err
	}
	git := func(args ...string) error {
		cmd := exec.Command("git", args...)
		cmd.Dir = work
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
			"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("git %v: %w\n%s", args, err, out)
		}
		return nil
	}
	const designs = 20
	text := generate.CUE(generate.Design(generate.T0, 1))
	for i := range designs {
		own := bytes.Replace(text, []byte(`"boutique"`), fmt.Appendf(nil, `"boutique-%d"`, i), 1)
		folder := filepath.Join(work, fmt.Sprintf("d%02d", i))
		if err := os.Mkdir(folder, 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, "design.cue"), own, 0o666); err != nil {
			return err
		}
	}
	for _, step := range [][]string{{"init", "-q"}, {"add", "."}, {"commit", "-q", "-m", "designs"}} {
		if err := git(step...); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(work, "d00", "design.cue"), append(text, "// changed\n"...), 0o666); err != nil {
		return err
	}
	if err := git("add", "."); err != nil {
		return err
	}
	costs, err := sideBySide(work, 41,
		[]string{lintel, "check", "--quiet", "--changed-files", "d00/design.cue"},
		[]string{cue, "vet", "-c", "d00/design.cue"},
		[]string{lintel, "check", "--quiet", "d00/design.cue"},
		[]string{lintel, "check", "--quiet", "--staged", "--changed-since", "HEAD", "./..."},
		[]string{"git", "diff", "--cached", "--name-only", "HEAD"},
	)
	if err != nil {
		return err
	}
	r := ratio(costs[0].wall, costs[1].wall)
	fmt.Println("Hook, whole process, one changed design of 12 modules among twenty, median of 41 runs in turn:")
	fmt.Printf("  lintel check --changed-files d00/design.cue %6.1f ms; cue vet -c of the design %6.1f ms; ratio %.2f (at most 1.3) %s\n",
		milliseconds(costs[0].wall), milliseconds(costs[1].wall), r, verdict(r <= 1.3))
	fmt.Printf("  lintel check of the design alone %6.1f ms; --staged --changed-since HEAD ./... %6.1f ms; one run of git %6.1f ms\n",
		milliseconds(costs[2].wall), milliseconds(costs[3].wall), milliseconds(costs[4].wall))
	return nil
}
