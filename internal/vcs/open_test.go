package vcs_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lintel/internal/vcs"
)

func TestOpen(t *testing.T) {
	s := newSandbox(t)
	s.write("a/b/c.txt", "x")
	for _, folder := range []string{"", "a", "a/b"} {
		if r := s.openAt(folder); r.Root() != s.dir || r.Bare() || r.Shallow() {
			t.Errorf("from %q: root %q, bare %v, shallow %v", folder, r.Root(), r.Bare(), r.Shallow())
		}
	}
}

func TestOpenThroughLink(t *testing.T) {
	s := newSandbox(t)
	s.write("sub/x", "")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(s.dir, link); err != nil {
		t.Fatal(err)
	}
	r, err := vcs.Open(context.Background(), filepath.Join(link, "sub"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Root() != s.dir {
		t.Errorf("the root is %q, not %q", r.Root(), s.dir)
	}
}

func TestOpenWithLineBreakInPath(t *testing.T) {
	needGit(t)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := sandbox{t, filepath.Join(dir, "a\nb")}
	if err := os.Mkdir(s.dir, 0o777); err != nil {
		t.Skip(err)
	}
	s.git("init", "-q")
	s.write("x", "text")
	s.commit("one")
	if r := s.open(); r.Root() != s.dir {
		t.Errorf("the root is %q, not %q", r.Root(), s.dir)
	}
	if got := read(t, s.at("HEAD"), "x"); got != "text" {
		t.Errorf("x holds %q", got)
	}
}

func TestOpenWithoutGit(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := vcs.Open(context.Background(), ".")
	wantError(t, err, "the git program is not found", "install git, or put its folder on PATH; lintel diff OLD NEW compares files without git")
}

func TestOpenOutsideOfRepositories(t *testing.T) {
	needGit(t)
	dir := t.TempDir()
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir))
	_, err := vcs.Open(context.Background(), dir)
	wantError(t, err, dir+" lies in no git repository", "go to the repository; lintel diff OLD NEW compares files without git")
	_, err = vcs.Open(context.Background(), filepath.Join(dir, "nowhere"))
	wantError(t, err, "there is no folder "+filepath.Join(dir, "nowhere"), "")
}

func TestOpenInsideGitFolder(t *testing.T) {
	s := newSandbox(t)
	_, err := vcs.Open(context.Background(), filepath.Join(s.dir, ".git", "refs"))
	wantError(t, err, filepath.Join(s.dir, ".git", "refs")+" lies in a repository's own folder, not in its working tree", "go to the working tree, beside .git")
}

func TestOpenUntrusted(t *testing.T) {
	s := newSandbox(t)
	t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
	_, err := vcs.Open(context.Background(), s.dir)
	wantError(t, err, "git does not trust the repository of "+s.dir+", because it belongs to another user",
		"if you do, run: git config --global --add safe.directory "+s.dir)
}

func TestBare(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.commit("one")
	bare := sandbox{t, filepath.Join(filepath.Dir(s.dir), "bare.git")}
	s.git("clone", "-q", "--bare", s.dir, bare.dir)
	for _, folder := range []string{"", "refs"} {
		r := bare.openAt(folder)
		if !r.Bare() || r.Root() != bare.dir {
			t.Errorf("bare %v, root %q", r.Bare(), r.Root())
		}
	}
	tree := bare.at("main")
	if got := read(t, tree, "a"); got != "1" {
		t.Errorf("a holds %q", got)
	}
	r := bare.open()
	_, err := r.Index()
	wantError(t, err, "a bare repository has no index", "name two revisions to compare")
	_, err = r.Changed(tree, nil)
	wantError(t, err, "a bare repository has no working tree", "name two revisions to compare")
	if branch, err := r.DefaultBranch(); branch != "main" || err != nil {
		t.Errorf("the default branch is %q, %v", branch, err)
	}
}

func TestWorktree(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.commit("one")
	other := sandbox{t, filepath.Join(filepath.Dir(s.dir), "other")}
	s.git("worktree", "add", "-q", "-b", "feature", other.dir)
	other.write("sub/b", "2")
	other.git("add", "-A")
	r := other.openAt("sub")
	if r.Root() != other.dir {
		t.Errorf("the root is %q, not %q", r.Root(), other.dir)
	}
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := listing(t, index), "a: \"1\"\nsub/b: \"2\"\n"; got != want {
		t.Errorf("the index holds\n%snot\n%s", got, want)
	}
}

// TestSeparateGitDir opens a working tree that the repository's folder says the place of, and not the other way round.
func TestSeparateGitDir(t *testing.T) {
	needGit(t)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := sandbox{t, filepath.Join(dir, "work")}
	if err := os.Mkdir(s.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	s.git("init", "-q", "--separate-git-dir", filepath.Join(dir, "store"))
	s.write("a", "1")
	s.commit("one")
	if got := read(t, s.at("HEAD"), "a"); got != "1" {
		t.Errorf("a holds %q", got)
	}
}

func TestCancel(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.commit("one")
	ctx, cancel := context.WithCancel(context.Background())
	r, err := vcs.Open(ctx, s.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c, err := r.Commit("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := r.At(c); !errors.Is(err, context.Canceled) {
		t.Errorf("At gives %v", err)
	}
	if _, err := r.Index(); !errors.Is(err, context.Canceled) {
		t.Errorf("Index gives %v", err)
	}
	if _, err := vcs.Open(ctx, s.dir); !errors.Is(err, context.Canceled) {
		t.Errorf("Open gives %v", err)
	}
}

// TestCancelWhileGitHangs has a git that never answers.
func TestCancelWhileGitHangs(t *testing.T) {
	s := newSandbox(t)
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell")
	}
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "git"), []byte("#!"+sh+"\nexec sleep 60\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	ask := func() error {
		r, err := vcs.Open(ctx, s.dir)
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = r.Commit("HEAD")
		return err
	}
	if err := ask(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it gives %v", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestNothingOfTheRepositoryRuns(t *testing.T) {
	s := newSandbox(t)
	s.write("a.cue", "1")
	s.write("evil.sh", "#!/bin/sh\necho ran >> \""+filepath.Join(s.dir, "ran")+"\"\n")
	if err := os.Chmod(filepath.Join(s.dir, "evil.sh"), 0o777); err != nil {
		t.Fatal(err)
	}
	s.write(".gitattributes", "*.cue diff=evil\n")
	s.commit("one")
	evil := filepath.Join(s.dir, "evil.sh")
	for _, set := range [][2]string{{"core.fsmonitor", evil}, {"core.pager", evil}, {"pager.diff", evil}, {"diff.external", evil}, {"diff.evil.command", evil},
		{"diff.evil.textconv", evil}, {"core.sshCommand", evil}, {"core.editor", evil}, {"alias.cat-file", "!" + evil}} {
		s.git("config", set[0], set[1])
	}
	for _, hook := range []string{"post-index-change", "reference-transaction", "fsmonitor-watchman"} {
		text, err := os.ReadFile(evil)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.dir, ".git", "hooks", hook), text, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	s.write("a.cue", "2")
	r := s.open()
	tree := s.at("HEAD")
	if _, err := r.Index(); err != nil {
		t.Error(err)
	}
	changed, err := r.Changed(tree, nil)
	if err != nil || !strings.Contains(strings.Join(changed, " "), "a.cue") {
		t.Errorf("changed: %q, %v", changed, err)
	}
	if _, err := r.Renames(tree, nil); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(filepath.Join(s.dir, "ran")); err == nil {
		t.Errorf("something ran: %s", text)
	}
}
