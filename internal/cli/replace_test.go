package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestReplacementComesBack: where a file cannot take its place, those before it are as they were.
func TestReplacementComesBack(t *testing.T) {
	dir := t.TempDir()
	old, fresh, bad := filepath.Join(dir, "old"), filepath.Join(dir, "fresh"), filepath.Join(dir, "bad")
	if err := os.WriteFile(old, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	var list []*replacement
	for _, name := range []string{old, fresh, bad} {
		r, err := prepare(name, []byte("new"))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	if err := os.Mkdir(bad, 0o777); err != nil { // what another program may do meanwhile
		t.Fatal(err)
	}
	err := commitAll(list)
	if err == nil || !strings.Contains(err.Error(), bad) {
		t.Fatalf("got %v, want an error about %s", err, bad)
	}
	if text, _ := os.ReadFile(old); string(text) != "old" {
		t.Errorf("the old file holds %q", text)
	}
	if info, err := os.Stat(old); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the old file: %v, %v", info, err)
	}
	if _, err := os.Stat(fresh); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the file that was not there is there")
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if left = slices.DeleteFunc(left, func(s string) bool { return filepath.Base(s) == "." || filepath.Base(s) == ".." }); err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

// TestReadOnlyStays: a file that is marked as read-only is not replaced by another, though its folder allows that.
func TestReadOnlyStays(t *testing.T) {
	file := filepath.Join(t.TempDir(), "locked.cue")
	if err := os.WriteFile(file, []byte("old"), 0o444); err != nil {
		t.Fatal(err)
	}
	if _, err := prepare(file, []byte("new")); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("got %v, want an error that it is read-only", err)
	}
}
