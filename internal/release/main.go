// Command release builds what is published of a version of lintel: for each platform an archive with the programs, their
// manual, completions and the licences of all that is in them; the checksums; a bill of materials; the install script.
// The same source and the same version of Go give the same bytes, in every folder and on every machine.
//
//	go run ./internal/release -version 1.2.3
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// release is one version that is being built.
type release struct {
	version string // "1.2.3"
	commit  string // in full
	date    time.Time
	root    string // the source
	out     string // the folder for what is published
}

func main() {
	version := flag.String("version", "", "the version, such as 1.2.3")
	out := flag.String("out", "dist", "the folder for what is published; it is made anew")
	only := flag.String("only", "", "build for these platforms only, such as linux/amd64,darwin/arm64")
	flag.Parse()
	if err := run(*version, *out, *only); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(version, out, only string) error {
	r, err := newRelease(version, out)
	if err != nil {
		return err
	}
	chosen, err := choose(only)
	if err != nil {
		return err
	}
	names, err := r.build(chosen)
	if err != nil {
		return err
	}
	for _, name := range names {
		fmt.Println(filepath.Join(out, name))
	}
	return nil
}

// semver is a version as https://semver.org has it, without build metadata, which file names and tags do not bear well.
var semver = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`)

func newRelease(version, out string) (*release, error) {
	version = strings.TrimPrefix(version, "v")
	if !semver.MatchString(version) {
		return nil, fmt.Errorf("%q is no version; write make release VERSION=1.2.3", version)
	}
	root, err := git("", "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	if changes, err := git(root, "status", "--porcelain"); err != nil {
		return nil, err
	} else if changes != "" {
		return nil, fmt.Errorf("there are changes that are not committed, and nobody could build the same again:\n%s", changes)
	}
	commit, err := git(root, "rev-parse", "HEAD")
	if err != nil {
		return nil, err
	}
	seconds, err := git(root, "log", "-1", "--format=%cI", "HEAD")
	if err != nil {
		return nil, err
	}
	date, err := time.Parse(time.RFC3339, seconds)
	if err != nil {
		return nil, err
	}
	if out, err = filepath.Abs(out); err != nil {
		return nil, err
	}
	return &release{version: version, commit: commit, date: date.UTC(), root: root, out: out}, nil
}

// git gives what git prints, without the line's end.
func git(dir string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if bad := (*exec.ExitError)(nil); errors.As(err, &bad) {
		return "", fmt.Errorf("git %s: %s", strings.Join(args, " "), strings.TrimSpace(string(bad.Stderr)))
	}
	return strings.TrimSpace(string(out)), err
}
