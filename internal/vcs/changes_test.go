package vcs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lintel/internal/vcs"
)

func TestChangedAndRenames(t *testing.T) {
	s := newSandbox(t)
	long := strings.Repeat("a line that is the same before and after\n", 20)
	s.write("kept", "1")
	s.write("changed", "1")
	s.write("removed", "1")
	s.write("shop/old.cue", long)
	s.write("moved.txt", long+"text")
	s.write(".gitignore", "*.log\n")
	s.commit("one")
	s.git("tag", "one")
	s.write("changed", "2")
	s.git("mv", "shop/old.cue", "shop/new.cue")
	s.write("shop/new.cue", long+"and one more\n")
	s.git("mv", "moved.txt", "away.txt")
	s.git("rm", "-q", "removed")
	s.write("added", "quite another text")
	s.commit("two")
	s.write("staged", "something else again")
	s.git("add", "staged")
	s.write("unstaged", "1")
	s.write("kept", "2")
	s.write("ignored.log", "1")
	s.write("new folder/x", "1")
	nested := sandbox{t, filepath.Join(s.dir, "nested")}
	if err := os.Mkdir(nested.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	nested.git("init", "-q")
	nested.write("x", "1")
	nested.commit("nested")

	r := s.open()
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	one, two := s.at("one"), s.at("HEAD")
	between := `["added" "away.txt" "changed" "moved.txt" "removed" "shop/new.cue" "shop/old.cue"]`
	for _, c := range []struct {
		name     string
		old, new *vcs.Tree
		want     string
	}{
		{"between commits", one, two, between},
		{"a commit with itself", two, s.at("main"), `[]`},
		{"HEAD with the index", two, index, `["staged"]`},
		{"the first commit with the index", one, index, strings.Replace(between, ` "shop/old.cue"`, ` "shop/old.cue" "staged"`, 1)},
		{"HEAD with the working tree", two, nil, `["kept" "nested" "new folder/x" "staged" "unstaged"]`},
		{"the index with the working tree", index, nil, `["kept" "nested" "new folder/x" "unstaged"]`},
		{"the index with itself", index, index, `[]`},
		{"the working tree with itself", nil, nil, `[]`},
	} {
		for range 2 {
			if got, err := r.Changed(c.old, c.new); fmt.Sprintf("%q", got) != c.want || err != nil {
				t.Errorf("%s: changed %q, %v, not %s", c.name, got, err, c.want)
			}
			c.old, c.new, c.name = c.new, c.old, c.name+", backwards" // which changes the same files
		}
	}

	for _, c := range []struct {
		old, new *vcs.Tree
		patterns []string
		want     string
	}{
		{one, two, nil, "map[moved.txt:away.txt shop/old.cue:shop/new.cue]"},
		{two, one, nil, "map[away.txt:moved.txt shop/new.cue:shop/old.cue]"},
		{one, index, nil, "map[moved.txt:away.txt shop/old.cue:shop/new.cue]"},
		{index, one, nil, "map[away.txt:moved.txt shop/new.cue:shop/old.cue]"},
		{one, nil, []string{"*.cue", "*.json"}, "map[shop/old.cue:shop/new.cue]"},
		{nil, one, []string{"*.cue"}, "map[shop/new.cue:shop/old.cue]"},
		{two, index, nil, "map[]"},
		{nil, nil, nil, "map[]"},
	} {
		if got, err := r.Renames(c.old, c.new, c.patterns...); fmt.Sprint(got) != c.want || err != nil {
			t.Errorf("renamed %v, %v, not %s", got, err, c.want)
		}
	}
}

// TestChangedFromFolder opens the repository from a folder of it, with settings that make git's own output relative to
// that.
func TestChangedFromFolder(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.write("sub/b", "1")
	s.commit("one")
	s.git("config", "diff.relative", "true")
	s.git("config", "status.relativePaths", "true")
	s.git("config", "diff.renames", "copies")
	s.git("config", "diff.noprefix", "true")
	s.git("config", "core.quotePath", "true")
	s.git("config", "diff.autoRefreshIndex", "false")
	s.write("a", "2")
	s.write("sub/b", "2")
	s.write("c", "1")
	r := s.openAt("sub")
	tree := s.at("HEAD")
	if got, err := r.Changed(tree, nil); fmt.Sprint(got) != "[a c sub/b]" || err != nil {
		t.Errorf("changed %q, %v", got, err)
	}
}

// TestTouchedFilesAreNotChanged has files whose times differ from what the index has, and whose contents do not.
func TestTouchedFilesAreNotChanged(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.commit("one")
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(s.dir, "a"), later, later); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(s.dir, ".git", "index"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.open().Changed(s.at("HEAD"), nil); len(got) != 0 || err != nil {
		t.Errorf("changed %q, %v", got, err)
	}
	after, err := os.ReadFile(filepath.Join(s.dir, ".git", "index"))
	if err != nil || string(before) != string(after) {
		t.Errorf("the index was written: %v", err)
	}
}

// TestLockedIndex reads while another git holds the lock of the index.
func TestLockedIndex(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.commit("one")
	s.write("a", "2")
	s.write(".git/index.lock", "")
	r := s.open()
	if _, err := r.Index(); err != nil {
		t.Error(err)
	}
	if got, err := r.Changed(s.at("HEAD"), nil); fmt.Sprint(got) != "[a]" || err != nil {
		t.Errorf("changed %q, %v", got, err)
	}
}

func TestHugeHistory(t *testing.T) {
	s := newSandbox(t)
	var b strings.Builder
	for i := 1; i <= 20_000; i++ {
		fmt.Fprintf(&b, "commit refs/heads/main\ncommitter C <c@example.com> %d +0000\ndata 1\nx\nM 644 inline a\ndata %d\n%d\n", 1_700_000_000+i, len(fmt.Sprint(i)), i)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "stream"), []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	s.git("-c", "alias.import=!git fast-import --quiet < stream", "import")
	r := s.open()
	old, err := r.Commit("main~19990")
	if err != nil {
		t.Fatal(err)
	}
	head, err := r.Commit("main")
	if err != nil {
		t.Fatal(err)
	}
	base, err := r.MergeBase(old, head)
	if err != nil || base.ID != old.ID {
		t.Fatalf("the merge base is %+v, %v", base, err)
	}
	start := time.Now()
	tree, err := r.At(old)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, tree, "a"); got != "10" {
		t.Errorf("a holds %q", got)
	}
	if took := time.Since(start); took > time.Second { // some 200 µs; reading the history takes far longer
		t.Errorf("reading one file took %v", took)
	}
}

// TestSplitIndex has an index in two files.
func TestSplitIndex(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.write("b", "1")
	s.commit("one")
	s.git("update-index", "--split-index")
	s.write("a", "2")
	s.git("add", "a")
	s.write("b", "2")
	r := s.open()
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := listing(t, index), "a: \"2\"\nb: \"1\"\n"; got != want {
		t.Errorf("the index holds\n%snot\n%s", got, want)
	}
	if got, err := r.Changed(index, nil); fmt.Sprint(got) != "[b]" || err != nil {
		t.Errorf("changed %q, %v", got, err)
	}
}

// TestIndexAfterFoldersAndFilesChangePlaces has a file where a folder was, and the other way round.
func TestIndexAfterFoldersAndFilesChangePlaces(t *testing.T) {
	s := newSandbox(t)
	s.write("a/x/y", "1")
	s.write("a/z", "1")
	s.write("b", "1")
	s.write("c/d/e", "1")
	s.write("k/k", "1")
	s.commit("one")
	s.git("rm", "-q", "-r", "a", "b", "c/d")
	s.write("a", "2")
	s.write("b/new/deep", "2")
	s.write("c/d", "2")
	s.git("add", "-A")
	r := s.open()
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	want := "a: \"2\"\nb/new/deep: \"2\"\nc/d: \"2\"\nk/k: \"1\"\n"
	if got := listing(t, index); got != want {
		t.Errorf("the index holds\n%snot\n%s", got, want)
	}
	s.git("rm", "-q", "-r", "--cached", ".")
	if index, err = s.open().Index(); err != nil {
		t.Fatal(err)
	}
	if got := listing(t, index); got != "" {
		t.Errorf("the empty index holds %s", got)
	}
}

// TestRenamesInConflict has a file that was renamed on one side and changed on both.
func TestRenamesInConflict(t *testing.T) {
	s := newSandbox(t)
	long := strings.Repeat("a line\n", 50)
	s.write("a", "1\n"+long)
	s.write("c", "1\n"+strings.Repeat("another line\n", 50))
	s.commit("one")
	s.git("switch", "-q", "-c", "other")
	s.git("mv", "a", "b")
	s.git("mv", "c", "d")
	s.write("b", "2\n"+long)
	s.commit("renamed")
	s.git("switch", "-q", "main")
	s.write("a", "3\n"+long)
	s.commit("changed")
	if _, err := s.try("merge", "other"); err == nil {
		t.Fatal("it was merged")
	}
	before := s.git("ls-files", "--stage")
	r := s.open()
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	head, err := r.Commit("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	old, err := r.At(head)
	if err != nil {
		t.Fatal(err)
	}
	for _, trees := range [][2]*vcs.Tree{{old, index}, {index, old}} {
		want := "map[a:b c:d]"
		if trees[0] == index {
			want = "map[b:a d:c]"
		}
		renames, err := r.Renames(trees[0], trees[1])
		if err != nil || fmt.Sprint(renames) != want {
			t.Errorf("the renames are %v, not %s; %v", renames, want, err)
		}
	}
	if _, err := index.ReadFile("b"); err == nil || !strings.Contains(err.Error(), "in conflict") {
		t.Errorf("the file in conflict: %v", err)
	}
	if after := s.git("ls-files", "--stage"); after != before {
		t.Errorf("the index has become\n%s", after)
	}
}
