package vcs_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"lintel/internal/vcs"
)

func TestCommit(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	one := s.commit("the first")
	s.write("a", "2")
	two := s.commit("the second: fix it")
	s.git("tag", "-a", "-m", "annotated", "v1", one)
	s.git("branch", "topic/x", one)
	r := s.open()
	for revision, want := range map[string]string{"HEAD": two, "HEAD~1": one, "@": two, "main": two, "v1": one, "topic/x": one, two[:8]: two, two: two,
		":/first": one, "HEAD^{/first}": one, "HEAD@{0}": two} {
		c, err := r.Commit(revision)
		if err != nil || c.ID != want || c.Name != revision || !strings.HasPrefix(want, c.Short) || len(c.Short) < 7 {
			t.Errorf("%s is %+v, %v, not %s", revision, c, err, want)
		}
	}
	s.git("checkout", "-q", "--detach", one)
	if c, err := s.open().Commit("HEAD"); err != nil || c.ID != one {
		t.Errorf("detached, HEAD is %+v, %v", c, err)
	}
}

func TestUnknownRevision(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.commit("one")
	s.git("tag", "v1.0.0")
	s.git("update-ref", "refs/remotes/origin/develop", "HEAD")
	r := s.open()
	for _, c := range []struct{ revision, message, hint string }{
		{"mian", "git knows no revision mian", "did you mean main?"},
		{"v1.0.1", "git knows no revision v1.0.1", "did you mean v1.0.0?"},
		{"develop", "git knows no revision develop", "did you mean origin/develop?"},
		{"origin/topic", "git knows no revision origin/topic", "git fetch origin topic gets that branch"},
		{"quite-another", "git knows no revision quite-another", ""},
		{"HEAD~7", "git knows no revision HEAD~7", ""},
		{"0123456789abcdef0123456789abcdef01234567", "git knows no revision 0123456789abcdef0123456789abcdef01234567", ""},
		{"HEAD:a", "HEAD:a is a blob, not a commit", "name a commit, a branch or a tag"},
		{"HEAD^{tree}", "HEAD^{tree} is a tree, not a commit", "name a commit, a branch or a tag"},
		{"", `"" is no revision`, "name a commit, a branch or a tag"},
		{"--upload-pack=evil", `"--upload-pack=evil" is no revision`, "name a commit, a branch or a tag"},
		{"-1", `"-1" is no revision`, "name a commit, a branch or a tag"},
		{"a\nb", `"a\nb" is no revision`, "name a commit, a branch or a tag"},
		{"^main", "git knows no revision ^main", "did you mean main?"},
		{"mian~1", "git knows no revision mian~1", "did you mean main~1?"},
		{"main..HEAD", "git knows no revision main..HEAD", ""},
		{"main missing", "git knows no revision main missing", ""},
	} {
		_, err := r.Commit(c.revision)
		wantError(t, err, c.message, c.hint)
	}
	if _, err := r.Commit("main"); err != nil {
		t.Errorf("after that: %v", err)
	}
}

func TestAmbiguousRevision(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.commit("one")
	seen := map[string]bool{} // four digits that two commits begin with
	prefix := ""
	for i := 0; prefix == "" && i < 2000; i++ {
		id := s.git("commit-tree", "-m", fmt.Sprint(i), "HEAD^{tree}")
		if seen[id[:4]] {
			prefix = id[:4]
		}
		seen[id[:4]] = true
	}
	_, err := s.open().Commit(prefix)
	wantError(t, err, "several objects begin with "+prefix, "write more of its id")
}

func TestUnborn(t *testing.T) {
	s := newSandbox(t)
	r := s.open()
	for _, revision := range []string{"HEAD", "@"} {
		_, err := r.Commit(revision)
		wantError(t, err, "the repository has no commit yet", "commit something first; lintel check needs no commit")
	}
	_, err := r.DefaultBranch()
	wantError(t, err, "the repository has no commit yet", "commit something first; lintel check needs no commit")
	s.write("a", "1")
	s.git("add", "a")
	s.write("b", "1")
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		new  *vcs.Tree
		want string
	}{{index, "[a]"}, {nil, "[a b]"}, {r.Empty(), "[]"}} {
		if got, err := r.Changed(r.Empty(), c.new); fmt.Sprint(got) != c.want || err != nil {
			t.Errorf("changed: %v, %v, not %s", got, err, c.want)
		}
	}
	if got := listing(t, r.Empty()); got != "" {
		t.Errorf("the empty tree holds %s", got)
	}
}

func TestMergeBase(t *testing.T) {
	s := newSandbox(t)
	one := s.commit("one")
	s.git("checkout", "-q", "-b", "topic")
	two := s.commit("two")
	s.git("checkout", "-q", "main")
	three := s.commit("three")
	s.git("checkout", "-q", "--orphan", "unrelated")
	s.commit("four")
	r := s.open()
	commit := func(name string) vcs.Commit {
		t.Helper()
		c, err := r.Commit(name)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, c := range []struct{ a, b, want string }{{"main", "topic", one}, {"topic", "main", one}, {"main", "main~1", one}, {"topic", "topic", two}} {
		if got, err := r.MergeBase(commit(c.a), commit(c.b)); err != nil || got.ID != c.want {
			t.Errorf("%s and %s: %+v, %v, not %s", c.a, c.b, got, err, c.want)
		}
	}
	if got, _ := r.MergeBase(commit("main"), commit("topic")); got.Name != "merge base of main and topic" || got.Short != one[:7] {
		t.Errorf("it is called %+v", got)
	}
	_, err := r.MergeBase(commit("main"), commit("unrelated"))
	wantError(t, err, "main and unrelated have no commit in common", "name two revisions of one history")

	// Each of the branches was merged into the other: both their last commits are merge bases.
	s.git("checkout", "-q", "topic")
	s.git("merge", "-q", "--no-ff", "-m", "m1", three)
	s.git("checkout", "-q", "main")
	s.git("merge", "-q", "--no-ff", "-m", "m2", two)
	got, err := r.MergeBase(commit("main"), commit("topic"))
	if err != nil || got.ID != two && got.ID != three {
		t.Errorf("several merge bases: %+v, %v", got, err)
	}
}

func TestShallow(t *testing.T) {
	s := newSandbox(t)
	for i := range 4 {
		s.write("a", fmt.Sprint(i))
		s.commit(fmt.Sprint(i))
	}
	s.git("checkout", "-q", "-b", "topic", "HEAD~2")
	s.write("b", "1")
	s.commit("topic")
	shallow := sandbox{t, filepath.Join(filepath.Dir(s.dir), "shallow")}
	s.git("clone", "-q", "--depth=1", "--branch=topic", "file://"+s.dir, shallow.dir)
	r := shallow.open()
	if !r.Shallow() {
		t.Error("it is not told to be shallow")
	}
	_, err := r.Commit("HEAD~1")
	wantError(t, err, "git knows no revision HEAD~1", "~git fetch --unshallow")
	_, err = r.Commit("origin/main")
	wantError(t, err, "git knows no revision origin/main", "~fetch-depth: 0")
	if got := read(t, shallow.at("HEAD"), "b"); got != "1" {
		t.Errorf("b holds %q", got)
	}

	shallow.git("fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main")
	r = shallow.open()
	main, err := r.Commit("origin/main")
	if err != nil {
		t.Fatal(err)
	}
	head, err := r.Commit("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.MergeBase(main, head)
	wantError(t, err, "this clone is shallow, and the commit where HEAD left origin/main is not in it", "~fetch-depth: 0")

	shallow.git("fetch", "-q", "--unshallow", "origin", "main:refs/remotes/origin/main", "topic")
	r = shallow.open()
	if base, err := r.MergeBase(main, head); err != nil || r.Shallow() || base.ID != s.git("rev-parse", "main~2") {
		t.Errorf("after git fetch --unshallow: %+v, %v", base, err)
	}
}

func TestDefaultBranch(t *testing.T) {
	s := newSandbox(t)
	first := s.commit("one")
	branch := func(want string) {
		t.Helper()
		if got, err := s.open().DefaultBranch(); got != want || err != nil {
			t.Errorf("it is %q, %v, not %q", got, err, want)
		}
	}
	branch("main")
	s.git("branch", "-m", "main", "master")
	branch("master")
	s.git("branch", "trunk")
	s.git("config", "init.defaultBranch", "trunk")
	branch("trunk")
	s.git("config", "--unset", "init.defaultBranch")
	s.git("update-ref", "refs/remotes/origin/main", first)
	branch("origin/main")
	s.git("update-ref", "refs/remotes/origin/develop", first)
	s.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop")
	branch("origin/develop")

	t.Setenv("CI_MERGE_REQUEST_DIFF_BASE_SHA", first)
	branch("origin/develop") // the clone is whole
	s.git("update-ref", "refs/remotes/origin/release/1", first)
	t.Setenv("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "release/1")
	branch("origin/release/1")
	t.Setenv("GITHUB_BASE_REF", "master")
	branch("master")
	t.Setenv("GITHUB_BASE_REF", "gone")
	_, err := s.open().DefaultBranch()
	wantError(t, err, "git knows no revision origin/gone", "git fetch origin gone gets that branch")
	t.Setenv("GITHUB_BASE_REF", "")
	t.Setenv("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "")
	t.Setenv("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/release/1")
	branch("origin/release/1")
}

func TestDefaultBranchNowhere(t *testing.T) {
	s := newSandbox(t)
	s.commit("one")
	s.git("branch", "-m", "main", "something")
	_, err := s.open().DefaultBranch()
	wantError(t, err, "there is no branch main or master, and git does not know the default branch of origin",
		"name the revision to compare with, or run: git remote set-head origin --auto")
}

// TestDefaultBranchOfShallowClone has what GitLab leaves of a repository: the last commits of a branch, and the id of
// the merge base.
func TestDefaultBranchOfShallowClone(t *testing.T) {
	s := newSandbox(t)
	s.commit("zero")
	base := s.commit("one")
	s.git("checkout", "-q", "-b", "topic")
	s.commit("two")
	shallow := sandbox{t, filepath.Join(filepath.Dir(s.dir), "shallow")}
	s.git("clone", "-q", "--depth=2", "--branch=topic", "file://"+s.dir, shallow.dir)
	t.Setenv("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")
	t.Setenv("CI_MERGE_REQUEST_DIFF_BASE_SHA", base)
	if got, err := shallow.open().DefaultBranch(); got != base || err != nil {
		t.Errorf("it is %q, %v, not %q", got, err, base)
	}
}
