package vcs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Want is what a caller of Open is going to ask for, so that git can be set to work at once: its start is what takes time.
type Want uint8

// The wants.
const (
	WantIndex Want = iota + 1 // Index
)

// Open finds the repository that dir lies in. Canceling the context ends what git is doing for it.
func Open(ctx context.Context, dir string, wants ...Want) (*Repository, error) {
	git, err := findGit()
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, &Error{Message: "the working folder cannot be found: " + err.Error()}
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, &Error{Message: "there is no folder " + dir}
	}
	git.dir = dir
	r := &Repository{ctx: ctx, git: git}
	// A hook is told its repository by variables. They name no working tree, which git then takes to be the folder that it
	// runs in; and where we stand in another repository by now, they are not about that.
	if variable(git.env, "GIT_DIR") != "" && variable(git.env, "GIT_WORK_TREE") == "" {
		told, err := git.locate(ctx)
		free := git
		free.env = without(git.env, ofRepository...)
		if found, err2 := free.locate(ctx); err2 == nil && (err != nil || found.top != told.top || !sameFolder(found.gitDir, told.gitDir)) {
			if err != nil || !sameFolder(found.gitDir, told.gitDir) {
				r.git.env = free.env
			}
			told, err = found, nil
		}
		if err := r.settle(told, err); err != nil {
			return nil, err
		}
		return r, nil
	}
	at, found := discover(dir, git.env)
	if !found {
		r.early(wants)
		at, err = git.locate(ctx)
	} else if err = ctx.Err(); err != nil {
		err = context.Cause(ctx)
	}
	if err := r.settle(at, err); err != nil {
		r.Close()
		return nil, err
	}
	if found {
		r.early(wants)
	}
	return r, nil
}

// early starts what is going to be needed. Git finds the repository by itself where we do not know it yet.
func (r *Repository) early(wants []Want) {
	if slices.Contains(wants, WantIndex) {
		git := r.git
		found := make(chan differences, 1)
		r.found = found
		go func() {
			list, err := git.staged(r.ctx, "HEAD")
			found <- differences{list, err}
		}()
	}
	_, _ = r.batch() // what is wrong with it shows when it is asked
}

// location is what git says about a repository.
type location struct {
	bare, shallow, sha256 bool
	gitDir, top           string
	inside                bool // in the repository's own folder, beside no working tree
}

// locate asks git for the repository of its folder.
func (p program) locate(ctx context.Context) (l location, err error) {
	out, err := p.run(ctx, "rev-parse", "--is-bare-repository", "--is-shallow-repository", "--show-object-format",
		"--is-inside-git-dir", "--absolute-git-dir", "--show-toplevel")
	lines := strings.SplitN(string(out), "\n", 5)
	if len(lines) < 5 {
		if err == nil {
			err = &failure{err: errors.New("git rev-parse does not say where the repository is")}
		}
		return l, err
	}
	l.bare, l.shallow, l.sha256, l.inside = lines[0] == "true", lines[1] == "true", lines[2] == "sha256", lines[3] == "true"
	rest := strings.TrimSuffix(lines[4], "\n")
	switch {
	case err != nil && (l.bare || l.inside): // there is no working tree to show
		l.gitDir = rest
		return l, nil
	case err != nil:
		return l, err
	case strings.Count(rest, "\n") == 1:
		l.gitDir, l.top, _ = strings.Cut(rest, "\n")
		return l, nil
	}
	// A path holds a line break.
	dir, err := p.run(ctx, "rev-parse", "--absolute-git-dir")
	if err != nil {
		return l, err
	}
	l.gitDir = strings.TrimSuffix(string(dir), "\n")
	l.top = strings.TrimPrefix(rest, l.gitDir+"\n")
	return l, nil
}

// settle takes over where the repository is, or explains why there is none.
func (r *Repository) settle(l location, err error) error {
	var f *failure
	switch {
	case errors.As(err, &f):
		return noRepository(f, r.git.dir)
	case err != nil:
		return err
	case l.inside && !l.bare && l.top == "":
		return &Error{Message: r.git.dir + " lies in a repository's own folder, not in its working tree", Hint: "go to the working tree, beside .git"}
	}
	r.bare, r.shallow, r.sha256, r.gitDir = l.bare, l.shallow, l.sha256, filepath.FromSlash(l.gitDir)
	r.root = filepath.FromSlash(l.top)
	if r.bare || r.root == "" {
		r.root = r.gitDir
	}
	if real, err := filepath.EvalSymlinks(r.root); err == nil {
		r.root = real
	}
	if !r.bare && l.top != "" && !within(r.git.dir, r.root) {
		return &Error{Message: r.git.dir + " lies outside of the working tree " + r.root,
			Hint: "go to the working tree, or unset GIT_DIR and GIT_WORK_TREE, which name it"}
	}
	r.git.args = []string{"--git-dir=" + r.gitDir}
	if !r.bare {
		r.git.args = append(r.git.args, "--work-tree="+r.root)
	}
	if index := variable(r.git.env, "GIT_INDEX_FILE"); index != "" && !filepath.IsAbs(index) {
		r.git.env = append(without(r.git.env, "GIT_INDEX_FILE"), "GIT_INDEX_FILE="+filepath.Join(r.root, index))
	}
	r.git.dir = r.root
	return nil
}

func noRepository(f *failure, dir string) error {
	said := f.stderr
	switch {
	case strings.Contains(said, "dubious ownership"):
		return &Error{Message: "git does not trust the repository of " + dir + ", because it belongs to another user",
			Hint: "if you do, run: git config --global --add safe.directory " + trusted(said, dir)}
	case strings.Contains(said, "not a git repository"):
		return &Error{Message: dir + " lies in no git repository", Hint: "go to the repository; lintel diff OLD NEW compares files without git"}
	case strings.Contains(said, "usage: git rev-parse"), strings.Contains(said, "unknown option"):
		return &Error{Message: "this git is too old", Hint: "lintel needs git 2.30 or newer"}
	}
	return &Error{Message: "git cannot read the repository of " + dir + ": " + f.Error()}
}

// trusted is the folder that git asks to be trusted.
func trusted(said, dir string) string {
	if _, after, ok := strings.Cut(said, "safe.directory "); ok {
		line, _, _ := strings.Cut(after, "\n")
		return strings.TrimSpace(line)
	}
	return dir
}

// within reports whether a folder is another one or lies below it.
func within(dir, top string) bool {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	for ; ; dir = filepath.Dir(dir) {
		if sameFolder(dir, top) {
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

func sameFolder(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
