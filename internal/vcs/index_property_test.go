package vcs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestIndexIsWhatGitCommits compares the files of the index with those of the commit that git makes of it.
func TestIndexIsWhatGitCommits(t *testing.T) {
	needGit(t)
	rapid.Check(t, func(rt *rapid.T) {
		top, err := filepath.EvalSymlinks(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		s := sandbox{t, filepath.Join(top, "repo")}
		if err := os.Mkdir(s.dir, 0o777); err != nil {
			t.Fatal(err)
		}
		s.git("init", "-q", "-b", "main")
		name := rapid.SampledFrom([]string{"a", "b", "a/a", "a/b", "a.b", "a/a/c", "b/a", "c/d/e", "c/d", "a-b"})
		for range rapid.IntRange(1, 3).Draw(rt, "rounds") {
			for i := range rapid.IntRange(0, 6).Draw(rt, "edits") {
				file := name.Draw(rt, "name")
				path := filepath.Join(s.dir, file)
				if err := os.RemoveAll(path); err != nil && !os.IsNotExist(err) && !strings.Contains(err.Error(), "not a directory") {
					t.Fatal(err)
				}
				if rapid.Bool().Draw(rt, "only removed") {
					continue
				}
				for dir := filepath.Dir(path); dir != s.dir; dir = filepath.Dir(dir) { // what stands in the way
					if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
						os.Remove(dir)
					}
				}
				s.write(file, fmt.Sprint(i%3))
			}
			s.git("add", "-A")
			r := s.open()
			index, err := r.Index()
			if err != nil {
				t.Fatal(err)
			}
			got := listing(t, index)
			old := r.Empty()
			if c, err := r.Commit("HEAD"); err == nil {
				if old, err = r.At(c); err != nil {
					t.Fatal(err)
				}
			}
			changed, err := r.Changed(old, index)
			if err != nil {
				t.Fatal(err)
			}
			s.git("commit", "-q", "--allow-empty", "-m", "x")
			after := s.at("HEAD")
			if want := listing(t, after); got != want {
				rt.Fatalf("the index holds\n%sand the commit\n%s", got, want)
			}
			again, err := r.Changed(old, after)
			if err != nil || fmt.Sprint(again) != fmt.Sprint(changed) {
				rt.Fatalf("changed in the index: %q, in the commit: %q, %v", changed, again, err)
			}
		}
	})
}
