package vcs_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"

	"lintel/internal/vcs"
)

func TestTree(t *testing.T) {
	s := newSandbox(t)
	s.write("a.txt", "one\r\ntwo\n")
	s.write("sub/deep/b", "b")
	s.write("sub.txt", "sorts before the folder sub in git, and after it here")
	s.write("sub-x/c", "")
	s.write("run", "#!/bin/sh\n")
	if err := os.Chmod(filepath.Join(s.dir, "run"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.commit("one")
	index, err := s.open().Index()
	if err != nil {
		t.Fatal(err)
	}
	for name, tree := range map[string]*vcs.Tree{"commit": s.at("HEAD"), "index": index} {
		if err := fstest.TestFS(tree, "a.txt", "sub/deep/b", "sub.txt", "sub-x/c", "run"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		info, err := tree.Stat("run")
		if err != nil || info.Mode() != 0o755 || info.Size() != 10 || info.Name() != "run" {
			t.Errorf("%s: run is %v, %v", name, info, err)
		}
		for path, want := range map[string]error{"nowhere": fs.ErrNotExist, "sub/nowhere/x": fs.ErrNotExist, "a.txt/x": syscall.ENOTDIR} {
			if _, err := tree.Open(path); !errors.Is(err, want) {
				t.Errorf("%s: opening %s gives %v, not %v", name, path, err, want)
			}
		}
		if _, err := tree.ReadFile("sub"); !errors.Is(err, syscall.EISDIR) {
			t.Errorf("%s: reading a folder gives %v", name, err)
		}
		if _, err := tree.ReadDir("a.txt"); !errors.Is(err, syscall.ENOTDIR) {
			t.Errorf("%s: listing a file gives %v", name, err)
		}
	}
}

func TestTreeOfBothObjectFormats(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		s := newSandbox(t, "--object-format="+format)
		s.write("a", "1")
		s.write("sub/b", "2")
		s.commit("one")
		s.git("rm", "-q", "a")
		s.write("empty", "")
		s.git("add", "empty")
		want := "a: \"1\"\nsub/b: \"2\"\n"
		if got := listing(t, s.at("HEAD")); got != want {
			t.Errorf("%s: it holds\n%snot\n%s", format, got, want)
		}
		r := s.open()
		index, err := r.Index()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := listing(t, index), "empty: \"\"\nsub/b: \"2\"\n"; got != want {
			t.Errorf("%s: the index holds\n%snot\n%s", format, got, want)
		}
		changed, err := r.Changed(r.Empty(), index)
		if fmt.Sprint(changed) != "[empty sub/b]" || err != nil {
			t.Errorf("%s: changed since nothing: %v, %v", format, changed, err)
		}
	}
}

func TestTreeWithLinks(t *testing.T) {
	s := newSandbox(t)
	s.write("real/file", "text")
	s.write("real/sub/x", "x")
	for name, target := range map[string]string{
		"to-file": "real/file", "to-folder": "real", "real/up": "../real/file", "chain": "to-folder/up", "by-way-of-folder": "to-folder/sub/../file",
		"nowhere": "real/nothing", "out": "../outside", "absolute": "/etc/passwd", "loop": "loop2", "loop2": "loop", "real/out": "../../outside/x", "top": ".",
	} {
		s.link(name, target)
	}
	s.commit("one")
	tree := s.at("HEAD")
	for _, name := range []string{"to-file", "to-folder/file", "real/up", "chain", "by-way-of-folder", "to-folder/up", "top/top/real/file"} {
		if got := read(t, tree, name); got != "text" {
			t.Errorf("%s holds %q", name, got)
		}
	}
	outside := "this symbolic link leads out of the repository"
	for name, want := range map[string]string{"nowhere": "file does not exist", "out": outside, "absolute": outside, "real/out": outside, "to-folder/out": outside,
		"loop": syscall.ELOOP.Error(), "loop/x": syscall.ELOOP.Error(), "to-file/x": syscall.ENOTDIR.Error()} {
		_, err := tree.Open(name)
		var pe *fs.PathError
		if !errors.As(err, &pe) || pe.Err.Error() != want || pe.Path != name {
			t.Errorf("%s: %v, not %s", name, err, want)
		}
	}
	if info, err := tree.Lstat("to-folder"); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("to-folder is %v, %v", info, err)
	}
	if info, err := tree.Stat("to-folder"); err != nil || !info.IsDir() || info.Name() != "to-folder" {
		t.Errorf("at its end, to-folder is %v, %v", info, err)
	}
	if target, err := tree.ReadLink("nowhere"); err != nil || target != "real/nothing" {
		t.Errorf("nowhere leads to %q, %v", target, err)
	}
	if _, err := tree.ReadLink("real/file"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a file as a link: %v", err)
	}
	list, err := tree.ReadDir("to-folder")
	if err != nil || len(list) != 4 {
		t.Errorf("to-folder lists %v, %v", list, err)
	}
}

// TestTreeWithOddNames has names that git must quote and that are not UTF-8.
func TestTreeWithOddNames(t *testing.T) {
	s := newSandbox(t)
	names := []string{"with space", "line\nbreak", "tab\tand\"quote\"", "ünïcode", "-dash", "back\\slash", "sub dir/:(top)x", "\xff\xfe"}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		names = []string{"with space", "ünïcode", "-dash"}
	}
	for _, name := range names {
		s.write(name, "holds "+name)
	}
	s.commit("one")
	r := s.open()
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	for _, tree := range []*vcs.Tree{s.at("HEAD"), index} {
		for _, name := range names {
			if got := read(t, tree, name); got != "holds "+name {
				t.Errorf("%q holds %q", name, got)
			}
		}
	}
	got, err := r.Changed(r.Empty(), index)
	slices.Sort(names)
	if !slices.Equal(got, names) || err != nil {
		t.Errorf("changed: %q, %v, not %q", got, err, names)
	}
	for _, name := range names {
		s.write(name, "new")
	}
	s.write("untracked\nand odd", "")
	got, err = r.Changed(index, nil)
	names = append(names, "untracked\nand odd")
	slices.Sort(names)
	if !slices.Equal(got, names) || err != nil {
		t.Errorf("changed in the working tree: %q, %v, not %q", got, err, names)
	}
}

func TestTreeWithSubmodule(t *testing.T) {
	inner := newSandbox(t)
	inner.write("design.cue", "inner")
	innerID := inner.commit("inner")
	s := newSandbox(t)
	s.write("a", "1")
	s.git("submodule", "--quiet", "add", inner.dir, "libs/in ner")
	s.commit("one")
	r := s.open()
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	for _, tree := range []*vcs.Tree{s.at("HEAD"), index} {
		if got := fmt.Sprintf("%q", tree.Submodules); got != `["libs/in ner"]` {
			t.Errorf("submodules: %s", got)
		}
		if list, err := tree.ReadDir("libs/in ner"); err != nil || len(list) != 0 {
			t.Errorf("the submodule lists %v, %v", list, err)
		}
		if info, err := tree.Stat("libs/in ner"); err != nil || !info.IsDir() {
			t.Errorf("the submodule is %v, %v", info, err)
		}
		_, err := tree.Open("libs/in ner/design.cue")
		if !errors.Is(err, fs.ErrNotExist) || !strings.HasSuffix(err.Error(), "it lies in the submodule libs/in ner, which is a repository of its own") {
			t.Errorf("a file of the submodule: %v", err)
		}
	}
	// Inside the submodule, it is the submodule that one stands in.
	if in := s.openAt("libs/in ner"); in.Root() != filepath.Join(s.dir, "libs", "in ner") {
		t.Errorf("from inside, the root is %q", in.Root())
	} else if c, err := in.Commit("HEAD"); err != nil || c.ID != innerID {
		t.Errorf("from inside, HEAD is %+v, %v", c, err)
	}
	// What changes in the submodule is told of once it is at another commit.
	old := s.at("HEAD")
	sub := sandbox{t, filepath.Join(s.dir, "libs", "in ner")}
	sub.write("design.cue", "changed")
	if got, err := r.Changed(old, nil); len(got) != 0 || err != nil {
		t.Errorf("changed: %q, %v", got, err)
	}
	sub.commit("two")
	if got, err := r.Changed(old, nil); fmt.Sprintf("%q", got) != `["libs/in ner"]` || err != nil {
		t.Errorf("changed: %q, %v", got, err)
	}
}

func TestIndexInConflict(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.write("b", "1")
	s.write("c/x", "1")
	s.commit("one")
	s.git("checkout", "-q", "-b", "topic")
	s.write("a", "2")
	s.git("rm", "-q", "b")
	s.write("c/x", "2")
	s.commit("two")
	s.git("checkout", "-q", "main")
	s.write("a", "3")
	s.write("b", "3")
	s.commit("three")
	if _, err := s.try("merge", "topic"); err == nil {
		t.Fatal("there is no conflict")
	}
	r := s.open()
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	const told = "open %s: it is in conflict; resolve the merge, then git add it"
	want := fmt.Sprintf("a: "+told+"\nb: "+told+"\nc/x: \"2\"\n", "a", "b")
	if got := listing(t, index); got != want {
		t.Errorf("the index holds\n%snot\n%s", got, want)
	}
	if got := fmt.Sprint(index.Conflicts()); got != "[a b]" {
		t.Errorf("in conflict: %s", got)
	}
	if got, err := r.Changed(s.at("HEAD"), index); fmt.Sprint(got) != "[a b c/x]" || err != nil {
		t.Errorf("changed: %v, %v", got, err)
	}
}

func TestIndexWithAnnouncedFile(t *testing.T) {
	s := newSandbox(t)
	s.write("old", "1")
	s.commit("one")
	s.write("sub/announced", "text")
	s.write("empty", "")
	s.git("add", "--intent-to-add", "sub/announced")
	s.git("add", "empty")
	r := s.openAt("sub")
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := listing(t, index), "empty: \"\"\nold: \"1\"\n"; got != want {
		t.Errorf("the index holds\n%snot\n%s", got, want)
	}
	if got, err := r.Changed(s.at("HEAD"), index); fmt.Sprint(got) != "[empty]" || err != nil {
		t.Errorf("changed: %v, %v", got, err)
	}
}

// TestContentsAsStored reads what git stores, not what a checkout makes of it.
func TestContentsAsStored(t *testing.T) {
	s := newSandbox(t)
	s.write(".gitattributes", "*.txt text eol=crlf\n*.up filter=up\n")
	s.git("config", "filter.up.clean", "tr A-Z a-z")
	s.git("config", "filter.up.smudge", "tr a-z A-Z")
	s.write("a.txt", "one\r\ntwo\r\n")
	s.write("b.up", "TEXT")
	s.commit("one")
	for _, name := range []string{"a.txt", "b.up"} {
		if err := os.Remove(filepath.Join(s.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	s.git("checkout", "-q", "--", ".")
	tree := s.at("HEAD")
	if a, b := read(t, tree, "a.txt"), read(t, tree, "b.up"); a != "one\ntwo" || b != "text" {
		t.Errorf("they hold %q and %q", a, b)
	}
	if got, err := s.open().Changed(tree, nil); len(got) != 0 || err != nil {
		t.Errorf("changed: %q, %v", got, err)
	}
}

func TestHugeFile(t *testing.T) {
	s := newSandbox(t)
	const size = 65 << 20
	s.write("huge.json", strings.Repeat("x", size))
	s.write("small", "1")
	s.git("-c", "core.compression=1", "add", "-A")
	s.commit("one")
	tree := s.at("HEAD")
	f, err := tree.Open("huge.json")
	if err != nil {
		t.Fatal(err)
	}
	if info, err := f.Stat(); err != nil || info.Size() != size {
		t.Errorf("its size is %d, %v", info.Size(), err)
	}
	if _, err := io.ReadAll(f); err == nil || !strings.HasSuffix(err.Error(), "the file is too large") {
		t.Errorf("reading it gives %v", err)
	}
	if got := read(t, tree, "small"); got != "1" {
		t.Errorf("after that, small holds %q", got)
	}
}

func TestPartialClone(t *testing.T) {
	s := newSandbox(t)
	s.git("config", "uploadpack.allowFilter", "true")
	s.git("config", "uploadpack.allowAnySHA1InWant", "true")
	s.write("a", "1")
	s.write("sub/b", "1")
	s.commit("one")
	s.write("a", "2")
	s.commit("two")
	for _, filter := range []string{"blob:none", "tree:0"} {
		clone := sandbox{t, filepath.Join(filepath.Dir(s.dir), "clone-"+filter[:4])}
		s.git("clone", "-q", "--no-checkout", "--filter="+filter, "file://"+s.dir, clone.dir)
		if got, want := listing(t, clone.at("HEAD~1")), "a: \"1\"\nsub/b: \"1\"\n"; got != want {
			t.Errorf("%s: it holds\n%snot\n%s", filter, got, want)
		}
	}
	clone := sandbox{t, filepath.Join(filepath.Dir(s.dir), "clone-gone")}
	s.git("clone", "-q", "--no-checkout", "--filter=blob:none", "file://"+s.dir, clone.dir)
	tree := clone.at("HEAD~1")
	if err := os.Rename(s.dir, s.dir+"-gone"); err != nil {
		t.Fatal(err)
	}
	if _, err := tree.ReadFile("a"); err == nil || !strings.HasPrefix(err.Error(), "open a: git ") {
		t.Errorf("with its origin gone: %v", err)
	}
	if _, err := tree.ReadDir("sub"); err != nil {
		t.Errorf("after that: %v", err)
	}
}

func TestSparseCheckout(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.write("in/b", "2")
	s.write("out/c", "3")
	s.commit("one")
	s.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
	r := s.open()
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	want := "a: \"1\"\nin/b: \"2\"\nout/c: \"3\"\n"
	if got := listing(t, index); got != want {
		t.Errorf("the index holds\n%snot\n%s", got, want)
	}
	if got, err := r.Changed(s.at("HEAD"), nil); len(got) != 0 || err != nil {
		t.Errorf("changed: %q, %v", got, err)
	}
}

// TestConcurrentReaders reads two trees of one repository from many goroutines.
func TestConcurrentReaders(t *testing.T) {
	s := newSandbox(t)
	for i := range 50 {
		s.write(fmt.Sprintf("d%d/f", i), strings.Repeat(fmt.Sprint(i), 1+i*100))
	}
	s.commit("one")
	r := s.open()
	c, err := r.Commit("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := r.At(c)
	if err != nil {
		t.Fatal(err)
	}
	index, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for k := range 8 {
		group.Go(func() {
			for i := range 50 {
				i = (i + 7*k) % 50
				for _, tree := range []*vcs.Tree{tree, index} {
					text, err := tree.ReadFile(fmt.Sprintf("d%d/f", i))
					if err != nil || string(text) != strings.Repeat(fmt.Sprint(i), 1+i*100) {
						t.Errorf("d%d/f holds %d bytes, %v", i, len(text), err)
					}
				}
			}
		})
	}
	group.Wait()
}

func TestClosed(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	s.commit("one")
	r := s.open()
	if _, err := r.Commit("HEAD"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}
