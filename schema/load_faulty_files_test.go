//go:build unix

package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestFaultyFiles holds that no file of a folder is left out in silence where nobody can say whether it is a design
// or a part of one, and that nothing waits for a pipe.
func TestFaultyFiles(t *testing.T) {
	const design = "package shop\n\nsystem: \"shop\"\nmodules: web: {}\n"
	link := func(to string) func(string) error {
		return func(name string) error { return os.Symlink(to, name) }
	}
	text := func(s string) func(string) error {
		return func(name string) error { return os.WriteFile(name, []byte(s), 0o666) }
	}
	pipe := func(name string) error { return syscall.Mkfifo(name, 0o666) }
	cases := []struct {
		name, file, path string
		make             func(name string) error
		want             string // "" where the file is passed over
	}{
		{"dangling link", "b.cue", ".", link("nowhere"), "b.cue: cannot be read: this symbolic link leads nowhere"},
		{"dangling link beside the file that is named", "b.cue", "a.cue", link("nowhere"), "b.cue: cannot be read: this symbolic link leads nowhere"},
		{"dangling link and a pattern", "b.cue", "./...", link("nowhere"), "b.cue: cannot be read: this symbolic link leads nowhere"},
		{"dangling link and a glob", "b.cue", "*.cue", link("nowhere"), "b.cue: cannot be read: this symbolic link leads nowhere"},
		{"dangling link that is named", "nowhere.cue", "nowhere.cue", link("nowhere"), "nowhere.cue: cannot be read: this symbolic link leads nowhere"},
		{"dangling link to data", "b.json", ".", link("nowhere"), "b.json: cannot be read: this symbolic link leads nowhere"},
		{"link to itself", "b.cue", ".", link("b.cue"), "b.cue: cannot be read: too many levels of symbolic links"},
		{"pipe", "b.cue", ".", pipe, "b.cue: is a named pipe, not a file"},
		{"pipe and a pattern", "b.json", "./...", pipe, "b.json: is a named pipe, not a file"},
		{"pipe and a glob", "b.yaml", "*", pipe, "b.yaml: is a named pipe, not a file"},
		{"pipe that is named", "b.cue", "b.cue", pipe, "b.cue: is a named pipe, not a file"},
		{"pipe of another kind", "b.txt", ".", pipe, ""},
		{"device", "b.cue", ".", link("/dev/zero"), "b.cue: is a device, not a file"},
		{"NUL", "b.cue", ".", text("package shop\n\x00"), "b.cue:2:1: this is not text: it has a NUL byte"},
		{"UTF-16", "b.cue", ".", text("\xff\xfep\x00"), "b.cue: this file is UTF-16 text; a design is UTF-8"},
		{"empty", "b.cue", ".", text(""), ""},
		{"data that is no text", "b.json", ".", text("\x00"), ""},
		{"JSON on one line", "b.json", ".", text(`{"system": "b", "modules": {"web": {}}, }`), "b.json:1:39: a comma stands before the end of this object"},
		{"JSON on one line and a pattern", "b.json", "./...", text(`{"system": "b", "modules": {"web": {}}`), "b.json:1:1: this object is not closed"},
		{"other JSON", "b.json", ".", text(`{"compilerOptions": {"module": "system"}, }`), ""},
		{"left out by a condition", "b.cue", ".", text("@if(prod)\n\npackage shop\n\nx: y\n"), ""},
		{"named, and left out by a condition", "b.cue", "b.cue", text("@if(prod)\n\npackage shop\n"), "b.cue: @if(prod) leaves this file out"},
		{"named, and to be ignored", "b.cue", "b.cue", text("@ignore()\n\nsystem: \"b\"\nmodules: {}\n"), "b.cue: @ignore() leaves this file out"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := text(design)(filepath.Join(dir, "a.cue")); err != nil {
				t.Fatal(err)
			}
			if err := c.make(filepath.Join(dir, c.file)); err != nil {
				t.Skip(err)
			}
			done := make(chan string, 1)
			go func() {
				_, err := Load(LoadOptions{Dir: dir}, c.path)
				if err != nil {
					done <- err.Error()
				} else {
					done <- ""
				}
			}()
			select {
			case got := <-done:
				if got != c.want {
					t.Errorf("got %s\nwant %s", got, c.want)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("Load hangs")
			}
		})
	}
}

// TestUnreadableFileOfPackage is about a file that this user may not read.
func TestUnreadableFileOfPackage(t *testing.T) {
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"a.cue": 0o666, "b.cue": 0} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("package shop\nsystem: \"shop\"\nmodules: web: {}\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.ReadFile(filepath.Join(dir, "b.cue")); err == nil {
		t.Skip("this user may read every file")
	}
	for _, path := range []string{".", "a.cue", "./...", "*.cue"} {
		designs, err := Load(LoadOptions{Dir: dir}, path)
		if err == nil || strings.TrimSpace(err.Error()) != "b.cue: cannot be read: permission denied" || len(designs) > 0 {
			t.Errorf("%s: %v, %d designs", path, err, len(designs))
		}
	}
}

// TestLinkToDesign holds that a design and a link to it are one design.
func TestLinkToDesign(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"shop.cue": "system: \"a\"\nmodules: web: {}\n", "pkg/a.cue": "package p\nsystem: \"b\"\nmodules: web: {}\n"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"alias.cue": "shop.cue", "other": "pkg"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	for _, paths := range [][]string{{"alias.cue", "shop.cue", "other", "pkg"}, {"shop.cue", "alias.cue", "pkg/a.cue", "other/a.cue"}} {
		designs, err := Load(LoadOptions{Dir: dir}, paths...)
		if err != nil || len(designs) != 2 || designs[0].Path != "pkg/a.cue" || designs[1].Path != "shop.cue" {
			t.Errorf("%v: %d designs, %v", paths, len(designs), err)
		}
	}
}

// TestValuesThatDouble holds that a value that doubles in each of many steps is given up, not the process.
func TestValuesThatDouble(t *testing.T) {
	var b strings.Builder
	b.WriteString("system: \"a\"\nmodules: web: {}\n_a0: \"0123456789abcdef\"\n")
	for i := range 24 { // what is given up runs on, to 256 MB at most
		fmt.Fprintf(&b, "_a%d: _a%d + _a%d\n", i+1, i, i)
	}
	l, _ := newLoader(LoadOptions{Dir: t.TempDir(), Stdin: strings.NewReader(b.String())})
	l.bounds.memory = 64 << 20
	inputs, errs := l.resolve([]string{"-"})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if _, errs, _ := l.read(inputs[0]); !strings.Contains(errs.Error(), "takes more than 64 MB of memory") {
		t.Errorf("%v", errs)
	}
}
