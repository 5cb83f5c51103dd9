package vcs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lintel/internal/vcs"
)

// TestMain keeps the tests apart from the user's settings, from a hook and from a CI that they may run in. As a hook of
// one of the tests' repositories, the program tells what it finds.
func TestMain(m *testing.M) {
	if os.Getenv("VCS_TEST_HOOK") != "" {
		os.Exit(tellAsHook())
	}
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		if strings.HasPrefix(name, "GIT_") || strings.HasPrefix(name, "CI_") || strings.HasPrefix(name, "GITHUB_") {
			os.Unsetenv(name)
		}
	}
	for _, e := range []string{"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com",
		"GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example.com", "GIT_AUTHOR_DATE=2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z",
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=protocol.file.allow", "GIT_CONFIG_VALUE_0=always"} {
		name, value, _ := strings.Cut(e, "=")
		os.Setenv(name, value)
	}
	os.Exit(m.Run())
}

// sandbox is a repository of a test.
type sandbox struct {
	*testing.T
	dir string
}

func needGit(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("git is not installed")
		}
		t.Skip("git is not installed")
	}
}

func newSandbox(t *testing.T, args ...string) sandbox {
	t.Helper()
	needGit(t)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := sandbox{t, filepath.Join(dir, "repo")}
	if err := os.Mkdir(s.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	s.git(append([]string{"init", "-q", "-b", "main"}, args...)...)
	return s
}

// git runs git in the repository, and gives what it prints, without the last line break.
func (s sandbox) git(args ...string) string {
	s.Helper()
	out, err := s.try(args...)
	if err != nil {
		s.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSuffix(out, "\n")
}

func (s sandbox) try(args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = s.dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (s sandbox) write(name, text string) {
	s.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		s.Fatal(err)
	}
}

func (s sandbox) link(name, target string) {
	s.Helper()
	if err := os.Symlink(target, filepath.Join(s.dir, name)); err != nil {
		s.Fatal(err)
	}
}

// commit commits all that there is, and gives the id.
func (s sandbox) commit(message string) string {
	s.Helper()
	s.git("add", "-A")
	s.git("commit", "-q", "--allow-empty", "-m", message)
	return s.git("rev-parse", "HEAD")
}

func (s sandbox) open() *vcs.Repository { return s.openAt("") }

func (s sandbox) openAt(folder string) *vcs.Repository {
	s.Helper()
	r, err := vcs.Open(context.Background(), filepath.Join(s.dir, folder))
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { r.Close() })
	return r
}

func (s sandbox) at(revision string) *vcs.Tree {
	s.Helper()
	r := s.open()
	c, err := r.Commit(revision)
	if err != nil {
		s.Fatal(err)
	}
	tree, err := r.At(c)
	if err != nil {
		s.Fatal(err)
	}
	return tree
}

// listing shows a tree: the names of its files with their contents, of links what they lead to.
func listing(t *testing.T, tree fs.FS) string {
	t.Helper()
	var b strings.Builder
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
		case d.Type()&fs.ModeSymlink != 0:
			target, err := fs.ReadLink(tree, name)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "%s -> %s\n", name, target)
		default:
			text, err := fs.ReadFile(tree, name)
			if err != nil {
				fmt.Fprintf(&b, "%s: %v\n", name, err)
				return nil
			}
			fmt.Fprintf(&b, "%s: %q\n", name, text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// wantError compares an error with what it should say; "~" at the beginning stands for a part of the hint.
func wantError(t *testing.T, err error, message, hint string) {
	t.Helper()
	var e *vcs.Error
	if !errors.As(err, &e) {
		t.Fatalf("the error is %T (%v), not an *Error", err, err)
	}
	if e.Message != message {
		t.Errorf("the message is %q, not %q", e.Message, message)
	}
	if part, ok := strings.CutPrefix(hint, "~"); ok && strings.Contains(e.Hint, part) {
		return
	}
	if e.Hint != hint {
		t.Errorf("the hint is %q, not %q", e.Hint, hint)
	}
}

func read(t *testing.T, tree fs.FS, name string) string {
	t.Helper()
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSuffix(text, []byte("\n")))
}
