package vcs

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// program is the git program, with what is the same for all its runs.
type program struct {
	path string
	args []string // before the command: the repository
	env  []string
	dir  string
}

// safeArgs keep git from running anything of the repository's choice and from writing: no hooks, no monitor of the
// file system, no pager.
var safeArgs = []string{"--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull}

// patience is how long a canceled git, or what it has started, may keep its pipes open.
const patience = 2 * time.Second

func (p program) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.path, slices.Concat(safeArgs, p.args, args)...)
	cmd.Env, cmd.Dir, cmd.WaitDelay = p.env, p.dir, patience
	return cmd
}

// failure is what git said when it failed.
type failure struct {
	code   int
	stderr string
	err    error
}

func (f *failure) Error() string {
	if line := f.line(); line != "" {
		return line
	}
	return f.err.Error()
}

// line is git's own word on what is wrong.
func (f *failure) line() string {
	first := ""
	for line := range strings.Lines(f.stderr) {
		line = strings.TrimSpace(line)
		for _, prefix := range []string{"fatal: ", "error: "} {
			if rest, ok := strings.CutPrefix(line, prefix); ok {
				return rest
			}
		}
		if first == "" {
			first = line
		}
	}
	return first
}

// run gives what git prints. The error is that of the context or a *failure.
func (p program) run(ctx context.Context, args ...string) ([]byte, error) {
	return p.feed(ctx, "", args...)
}

// feed is run with a text for git to read.
func (p program) feed(ctx context.Context, stdin string, args ...string) ([]byte, error) {
	cmd := p.command(ctx, args...)
	var stdout, stderr bytes.Buffer
	if stdin != "" {
		cmd.Stdin = strings.NewReader(stdin)
	}
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		f := &failure{code: -1, stderr: stderr.String(), err: err}
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			f.code = exit.ExitCode()
		}
		return stdout.Bytes(), f
	}
	return stdout.Bytes(), nil
}

// findGit finds the program.
func findGit() (program, error) {
	path, err := exec.LookPath("git")
	if err != nil {
		return program{}, &Error{Message: "the git program is not found", Hint: "install git, or put its folder on PATH; lintel diff OLD NEW compares files without git"}
	}
	return program{path: path, env: environment(os.Environ())}, nil
}

// environment is that of git's processes: messages in English, no questions, no locks. What says where the repository
// is stays, absolute, since git runs in another folder than we do.
func environment(env []string) []string {
	out := make([]string, 0, len(env)+4)
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		switch name {
		case "LC_ALL", "LANGUAGE", "GIT_PAGER", "GIT_OPTIONAL_LOCKS", "GIT_TERMINAL_PROMPT", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS",
			"GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS":
			continue
		case "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY":
			if abs, err := filepath.Abs(value); err == nil && value != "" {
				e = name + "=" + abs
			}
		}
		out = append(out, e)
	}
	return append(out, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_PAGER=cat")
}

// variable gives the last value of an environment variable, "" where there is none.
func variable(env []string, name string) string {
	for _, e := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value
		}
	}
	return ""
}

// without gives an environment without some variables.
func without(env []string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(e string) bool {
		name, _, _ := strings.Cut(e, "=")
		return slices.Contains(names, name)
	})
}

// ofRepository are the variables that say which repository git works on.
var ofRepository = []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
	"GIT_COMMON_DIR", "GIT_PREFIX", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_IMPLICIT_WORK_TREE", "GIT_NAMESPACE"}
