package vcs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxConfig bounds the settings of a repository that discover reads, in bytes.
const maxConfig = 64 << 10

// discover finds the most common repository without asking git, whose start takes longer than all that lintel does: a folder
// .git beside the working tree, both belonging to the user, whose settings name no other form. Where anything is out of the
// ordinary, ok is false, and git has the word.
func discover(dir string, env []string) (l location, ok bool) {
	for _, name := range append([]string{"GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_TEST_ASSUME_DIFFERENT_OWNER", "GIT_CONFIG_PARAMETERS"}, ofRepository...) {
		if variable(env, name) != "" {
			return l, false
		}
	}
	if slices.ContainsFunc(env, func(e string) bool { return strings.HasPrefix(e, "GIT_CONFIG_KEY_") && outOfTheOrdinary(e) }) {
		return l, false
	}
	top, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return l, false
	}
	here, ok := ownerOf(top)
	if !ok {
		return l, false
	}
	for {
		info, err := os.Lstat(filepath.Join(top, ".git"))
		if err == nil && !info.IsDir() || filepath.Base(top) == ".git" || exists(top, "HEAD") && exists(top, "objects") {
			return l, false // a worktree, a submodule; inside of a repository's own folder; bare
		}
		if err == nil {
			break
		}
		up := filepath.Dir(top)
		at, ok := ownerOf(up)
		if up == top || !os.IsNotExist(err) || !ok || at.device != here.device {
			return l, false
		}
		top = up
	}
	git := filepath.Join(top, ".git")
	work, ok := ownerOf(top)
	store, ok2 := ownerOf(git)
	if !ok || !ok2 || work.user != os.Geteuid() || store.user != os.Geteuid() {
		return l, false
	}
	if !exists(git, "HEAD") || !exists(git, "objects") || !exists(git, "refs") || exists(git, "commondir") || exists(git, "config.worktree") {
		return l, false
	}
	config, err := os.ReadFile(filepath.Join(git, "config"))
	if err != nil || len(config) > maxConfig || outOfTheOrdinary(string(config)) {
		return l, false
	}
	shallow, err := os.Stat(filepath.Join(git, "shallow"))
	return location{shallow: err == nil && shallow.Size() > 0, gitDir: git, top: top}, true
}

// outOfTheOrdinary reports whether settings may say where the working tree is, or that there is none, or that the repository is of another
// format.
func outOfTheOrdinary(config string) bool {
	config = strings.ToLower(config)
	for _, word := range []string{"worktree", "extensions", "include", `\`, "format"} {
		if strings.Contains(strings.ReplaceAll(config, "repositoryformatversion = 0", ""), word) {
			return true
		}
	}
	return strings.Contains(strings.ReplaceAll(config, "bare = false", ""), "bare")
}

func exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

// owner tells to whom a file belongs, and on which device it lies.
type owner struct {
	user   int
	device uint64
}
