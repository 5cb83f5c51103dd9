package vcs_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lintel/internal/vcs"
)

// tellAsHook is what the test program does as a pre-commit hook: it writes what the index holds of the file "a", and
// what differs from HEAD, to the file that a variable names.
func tellAsHook() int {
	out := func() string {
		r, err := vcs.Open(context.Background(), os.Getenv("VCS_TEST_FOLDER"))
		if err != nil {
			return err.Error()
		}
		defer r.Close()
		index, err := r.Index()
		if err != nil {
			return err.Error()
		}
		text, err := index.ReadFile("a")
		if err != nil {
			return err.Error()
		}
		old := r.Empty()
		if c, err := r.Commit("HEAD"); err == nil {
			if old, err = r.At(c); err != nil {
				return err.Error()
			}
		}
		changed, err := r.Changed(old, index)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%s %s %q", filepath.Base(r.Root()), text, changed)
	}()
	if err := os.WriteFile(os.Getenv("VCS_TEST_HOOK"), []byte(out), 0o666); err != nil {
		return 1
	}
	return 0
}

// hook installs the test program as a pre-commit hook that runs after a shell command, and gives a function that
// returns what it told last.
func (s sandbox) hook(before, folder string) func() string {
	s.Helper()
	program, err := os.Executable()
	if err != nil {
		s.Fatal(err)
	}
	told := filepath.Join(s.TempDir(), "told")
	common := s.git("rev-parse", "--git-common-dir")
	if !filepath.IsAbs(common) {
		common = filepath.Join(s.dir, common)
	}
	script := fmt.Sprintf("#!/bin/sh\n%s\nVCS_TEST_HOOK='%s' VCS_TEST_FOLDER='%s' exec '%s'\n", before, told, folder, program)
	if err := os.WriteFile(filepath.Join(common, "hooks", "pre-commit"), []byte(script), 0o777); err != nil {
		s.Fatal(err)
	}
	return func() string {
		text, err := os.ReadFile(told)
		if err != nil {
			s.Fatal(err)
		}
		os.Remove(told)
		return string(text)
	}
}

func TestHook(t *testing.T) {
	s := newSandbox(t)
	told := s.hook(":", ".")
	s.write("a", "1")
	s.write("b", "1")
	s.git("add", "-A")
	s.git("commit", "-q", "-m", "first") // there is no HEAD yet
	if got, want := told(), `repo 1 ["a" "b"]`; got != want {
		t.Errorf("the first commit: %s, not %s", got, want)
	}
	s.write("a", "2")
	s.git("add", "a")
	s.write("a", "3")
	s.git("commit", "-q", "-m", "staged")
	if got, want := told(), `repo 2 ["a"]`; got != want {
		t.Errorf("git commit: %s, not %s", got, want)
	}
	s.git("commit", "-q", "-a", "-m", "all") // by way of a temporary index
	if got, want := told(), `repo 3 ["a"]`; got != want {
		t.Errorf("git commit -a: %s, not %s", got, want)
	}
	s.write("a", "4")
	s.write("b", "2")
	s.git("add", "b")
	s.git("commit", "-q", "-m", "only a", "a") // by way of another temporary index
	if got, want := told(), `repo 4 ["a"]`; got != want {
		t.Errorf("git commit a: %s, not %s", got, want)
	}
}

func TestHookFromFolder(t *testing.T) {
	s := newSandbox(t)
	s.write("sub/b", "1")
	s.write("a", "1")
	s.commit("one")
	told := s.hook("cd sub", ".")
	s.write("a", "2")
	s.git("commit", "-q", "-a", "-m", "two")
	if got, want := told(), `repo 2 ["a"]`; got != want {
		t.Errorf("in a folder: %s, not %s", got, want)
	}
}

func TestHookInWorktree(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.write("sub/b", "1")
	s.commit("one")
	other := sandbox{t, filepath.Join(filepath.Dir(s.dir), "other")}
	s.git("worktree", "add", "-q", "-b", "feature", other.dir)
	for _, before := range []string{":", "cd sub"} {
		told := s.hook(before, ".")
		other.write("a", "2"+before)
		other.git("commit", "-q", "-a", "-m", "two")
		if got, want := told(), "other 2"+before+` ["a"]`; got != want {
			t.Errorf("after %q: %s, not %s", before, got, want)
		}
	}
}

// TestHookAboutAnotherRepository has a hook that looks into another repository. What git told it is not about that.
func TestHookAboutAnotherRepository(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "mine")
	s.commit("one")
	other := sandbox{t, filepath.Join(filepath.Dir(s.dir), "other")}
	if err := os.Mkdir(other.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	other.git("init", "-q")
	other.write("a", "theirs")
	other.commit("one")
	worktree := sandbox{t, filepath.Join(filepath.Dir(s.dir), "worktree")}
	s.git("worktree", "add", "-q", "-b", "feature", worktree.dir)
	told := s.hook(":", other.dir)
	worktree.write("a", "changed")
	worktree.git("commit", "-q", "-a", "-m", "two")
	if got, want := told(), `other theirs []`; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

// TestVariables reads the repository that variables name in full, as those who keep their home folder in git do.
func TestVariables(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.commit("one")
	work := filepath.Join(filepath.Dir(s.dir), "work")
	if err := os.Mkdir(work, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Dir(s.dir))
	t.Setenv("GIT_DIR", filepath.Join("repo", ".git"))
	t.Setenv("GIT_WORK_TREE", "work")
	r, err := vcs.Open(context.Background(), "work")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	if r.Root() != work || !strings.HasPrefix(listing(t, index), "a:") {
		t.Errorf("root %q, index %q", r.Root(), listing(t, index))
	}
}

// TestOutsideOfTheWorkingTree has variables name a working tree that we do not stand in: its files would be sought here.
func TestOutsideOfTheWorkingTree(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.write("sub/b", "1")
	s.commit("one")
	outside := filepath.Dir(s.dir)
	t.Setenv("GIT_DIR", filepath.Join(s.dir, ".git"))
	t.Setenv("GIT_WORK_TREE", s.dir)
	_, err := vcs.Open(context.Background(), outside)
	wantError(t, err, outside+" lies outside of the working tree "+s.dir, "~unset GIT_DIR and GIT_WORK_TREE")
	for _, dir := range []string{s.dir, filepath.Join(s.dir, "sub")} {
		r, err := vcs.Open(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if r.Close(); r.Root() != s.dir {
			t.Errorf("the root of %s is %s", dir, r.Root())
		}
	}
	link := filepath.Join(outside, "link")
	if err := os.Symlink(filepath.Join(s.dir, "sub"), link); err != nil {
		t.Skip(err)
	}
	r, err := vcs.Open(context.Background(), link)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
}
