package vcs

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestDiscoverAgreesWithGit compares what discover finds with what git finds, in repositories of many forms.
func TestDiscoverAgreesWithGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("git is not installed")
		}
		t.Skip("git is not installed")
	}
	for name, c := range map[string]struct {
		script string // run by a shell in an empty folder
		dir    string
		quick  bool // discover is to find it
	}{
		"plain":             {"git init -q r", "r", true},
		"from a folder":     {"git init -q r; mkdir -p r/a/b", "r/a/b", true},
		"by a link":         {"git init -q r; mkdir r/a; ln -s r/a l", "l", true},
		"clone":             {"git init -q s; git -C s commit -q --allow-empty -m x; git clone -q s r", "r", true},
		"shallow":           {"git init -q s; git -C s commit -q --allow-empty -m x; git -C s commit -q --allow-empty -m y; git clone -q --depth 1 file://$PWD/s r", "r", true},
		"inside of another": {"git init -q o; git init -q o/r", "o/r", true},
		"bare":              {"git init -q --bare r", "r", false},
		"in a bare one":     {"git init -q --bare r", "r/refs", false},
		"in its own folder": {"git init -q r", "r/.git", false},
		"deeper in it":      {"git init -q r", "r/.git/refs", false},
		"worktree":          {"git init -q s; git -C s commit -q --allow-empty -m x; git -C s worktree add -q ../r", "r", false},
		"elsewhere":         {"git init -q --separate-git-dir s r", "r", false},
		"submodule":         {"git init -q s; git -C s commit -q --allow-empty -m x; git init -q o; git -C o -c protocol.file.allow=always submodule --quiet add $PWD/s r", "o/r", false},
		"sha256":            {"git init -q --object-format=sha256 r", "r", false},
		"core.worktree":     {"git init -q r; mkdir w; git -C r config core.worktree ../../w", "r", false},
		"core.bare":         {"git init -q r; git -C r config core.bare true", "r", false},
		"core.bare, yes":    {"git init -q r; printf '[core]\\n\\tBare\\n' >> r/.git/config", "r", false},
		"included":          {"git init -q r; git -C r config include.path other", "r", false},
		"odd settings":      {"git init -q r; printf '[co\\\\\\nre]\\n' >> r/.git/config", "r", false},
		"sparse":            {"git init -q r; git -C r commit -q --allow-empty -m x; git -C r sparse-checkout set --cone a", "r", false},
		"no HEAD":           {"git init -q r; rm r/.git/HEAD", "r", false},
		"empty .git":        {"mkdir -p r/.git", "r", false},
		"none":              {"mkdir r", "r", false},
	} {
		t.Run(name, func(t *testing.T) {
			top, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("sh", "-c", c.script)
			cmd.Dir = top
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			git, err := findGit()
			if err != nil {
				t.Fatal(err)
			}
			git.dir = filepath.Join(top, c.dir)
			git.env = without(git.env, "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0")
			got, ok := discover(git.dir, git.env)
			if ok != c.quick {
				t.Errorf("discover finds it: %v", ok)
			}
			if !ok {
				return
			}
			want, err := git.locate(context.Background())
			if err != nil || got != want {
				t.Errorf("discover finds %+v, git %+v, %v", got, want, err)
			}
		})
	}
	for _, variable := range []string{"GIT_DIR=x", "GIT_WORK_TREE=x", "GIT_CEILING_DIRECTORIES=/", "GIT_CONFIG_PARAMETERS='core.bare=true'", "GIT_CONFIG_KEY_0=core.worktree"} {
		if _, ok := discover(".", []string{variable}); ok {
			t.Errorf("with %s, discover finds a repository", variable)
		}
	}
}
