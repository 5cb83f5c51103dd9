//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// cost is what one run of a command took.
type cost struct {
	wall   time.Duration
	memory int64 // bytes, the largest resident set
}

// run runs a command and measures it. Exit code 1 (findings) is as good as 0.
func run(dir string, command ...string) (cost, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if cmd.ProcessState == nil {
		return cost{}, err
	}
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 1 {
		return cost{}, fmt.Errorf("%v: exit code %d: %s", command, code, stderr.Bytes())
	}
	return cost{wall, maxrss(cmd.ProcessState)}, nil
}

// maxrss is the largest resident set of a process that has ended, in bytes.
func maxrss(p *os.ProcessState) int64 {
	if usage, ok := p.SysUsage().(*syscall.Rusage); ok {
		return int64(usage.Maxrss) * maxrssUnit
	}
	return 0
}

// sideBySide runs the commands in turn, rounds times each, so that whatever else the machine does
// falls on all of them alike, and returns the median time and the largest memory of each.
func sideBySide(dir string, rounds int, commands ...[]string) ([]cost, error) {
	all := make([][]cost, len(commands))
	for round := range rounds + 1 {
		for i, command := range commands {
			c, err := run(dir, command...)
			if err != nil {
				return nil, err
			}
			if round > 0 { // the first round warms the caches
				all[i] = append(all[i], c)
			}
		}
	}
	out := make([]cost, len(commands))
	for i, costs := range all {
		slices.SortFunc(costs, func(a, b cost) int { return int(a.wall - b.wall) })
		out[i].wall = costs[len(costs)/2].wall
		for _, c := range costs {
			out[i].memory = max(out[i].memory, c.memory)
		}
	}
	return out, nil
}
