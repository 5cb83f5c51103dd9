package vcs_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

func TestWorkingTree(t *testing.T) {
	for _, args := range [][]string{{"--cone"}, {"--cone", "--sparse-index"}, {"--no-cone"}} {
		s := newSandbox(t)
		s.write("a", "1")
		s.write("in/b", "2")
		s.write("out/c", "3")
		s.write("out/deep/d", "4")
		s.link("in/link", "../out/deep")
		s.link("out/back", "../in/b")
		s.commit("one")
		if all, err := s.open().WorkingTree(); all != nil || err != nil {
			t.Errorf("with all on the disk: %v, %v", all, err)
		}
		s.git(append(append([]string{"sparse-checkout", "set"}, args...), "in")...)
		s.write("in/b", "6")
		s.write("in/new", "5")
		if _, err := os.Stat(filepath.Join(s.dir, "out", "c")); err == nil {
			t.Fatal("out/c is on the disk")
		}
		tree, err := s.open().WorkingTree()
		if err != nil || tree == nil {
			t.Fatal(tree, err)
		}
		if err := fstest.TestFS(tree, "in/b", "in/new", "out/c", "out/deep/d"); err != nil {
			t.Error(err)
		}
		for name, want := range map[string]string{"in/b": "6", "in/new": "5", "in/link/d": "4", "out/back": "6", "out/deep/d": "4"} {
			if got := read(t, tree, name); got != want {
				t.Errorf("%v: %s holds %q, not %q", args, name, got, want)
			}
		}
		for _, name := range []string{"nowhere", "out/nowhere", "out/c/d", "in/b/x", "../repo/a"} {
			if f, err := tree.Open(name); err == nil {
				t.Errorf("%v: %s is there: %v", args, name, f)
			}
		}
	}
}

// TestSkippedFiles has git skip a file that is there and one that is not, and links on the disk lead out of the repository, as they do
// otherwise.
func TestSkippedFiles(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.write("b", "3")
	s.commit("one")
	s.git("update-index", "--skip-worktree", "a", "b")
	s.write("b", "of this machine")
	if err := os.Remove(filepath.Join(s.dir, "a")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(s.dir), "beside"), []byte("2"), 0o666); err != nil {
		t.Fatal(err)
	}
	s.link("absolute", filepath.Join(filepath.Dir(s.dir), "beside"))
	s.link("relative", "../beside")
	s.link("loop", "loop")
	tree, err := s.open().WorkingTree()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"absolute": "2", "relative": "2", "a": "1", "b": "3"} {
		if got := read(t, tree, name); got != want {
			t.Errorf("%s holds %q, not %q", name, got, want)
		}
	}
	if _, err := tree.Open("loop"); err == nil {
		t.Error("a link to itself is opened")
	}
}
