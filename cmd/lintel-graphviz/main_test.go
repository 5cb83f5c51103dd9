package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	if os.Getenv("TMPDIR") == os.DevNull { // as package codecache has it
		os.Unsetenv("TMPDIR")
	}
	os.Exit(m.Run())
}

// program runs the program itself, in this process.
func program(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, said bytes.Buffer
	code = run(args, strings.NewReader(stdin), &out, &said)
	return code, out.String(), said.String()
}

const graph = "digraph { a -> b; subgraph cluster_c { b -> c } }"

func TestLayoutsAndFormats(t *testing.T) {
	for _, layout := range layouts {
		code, out, said := program(graph, "-K", layout, "-T", "plain")
		if code != 0 || said != "" || !strings.HasPrefix(out, "graph 1 ") || strings.Count(out, "\nnode ") != 3 {
			t.Errorf("-K %s: %d, %q, %q", layout, code, said, out)
		}
	}
	for format, start := range map[string]string{
		"json0": "{", "json": "{", "svg": "<?xml", "dot": "digraph", "xdot": "digraph", "plain": "graph", "plain-ext": "graph",
	} {
		code, out, said := program(graph, "-T", format)
		if code != 0 || said != "" || !strings.HasPrefix(out, start) {
			t.Errorf("-T %s: %d, %q, %.40q", format, code, said, out)
		}
	}
	if len(formats) != 7 {
		t.Error("a format is not tested")
	}
}

func TestFaults(t *testing.T) {
	for _, test := range []struct {
		stdin string
		args  []string
		code  int
		want  string
	}{
		{"digraph {\n a -> -> b }", nil, 2, "line 2"},
		{"", nil, 2, "no graph"},
		{" \n", nil, 2, "no graph"},
		{"digraph {", nil, 2, "line 1"},
		{"graph { a -> b }", nil, 2, "line 1"},
		{"digraph { a\x00 }", nil, 2, "null byte"},
		{"\xff\xfe", nil, 2, "syntax error"},
		{graph, []string{"-K", "spiral"}, 2, "there are dot, neato"},
		{graph, []string{"-T", "png"}, 2, "there are json0, json"},
		{graph, []string{"-x"}, 2, "--help"},
		{graph, []string{"-K"}, 2, "--help"},
		{graph, []string{"a.dot"}, 2, "stdin"},
		{graph, []string{"-limit", "soon"}, 2, "soon"},
	} {
		code, out, said := program(test.stdin, test.args...)
		if code != test.code || out != "" || !strings.Contains(said, test.want) || strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "lintel-graphviz: ") {
			t.Errorf("%q %q: %d, %q, %q; want %d and one line that tells %q", test.stdin, test.args, code, out, said, test.code, test.want)
		}
	}
	if code, out, said := program("", "--help"); code != 0 || said != "" || !strings.Contains(out, "-limit TIME") {
		t.Errorf("--help: %d, %q, %q", code, out, said)
	}
	if code, out, said := program("", "--version"); code != 0 || said != "" || !strings.HasPrefix(out, "lintel-graphviz ") {
		t.Errorf("--version: %d, %q, %q", code, out, said)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error)  { return 0, errors.New("out of luck") }
func (broken) Write([]byte) (int, error) { return 0, errors.New("out of luck") }

func TestBrokenPipes(t *testing.T) {
	var out, said bytes.Buffer
	if code := run(nil, broken{}, &out, &said); code != 2 || !strings.Contains(said.String(), "out of luck") {
		t.Errorf("stdin: %d, %q", code, &said)
	}
	said.Reset()
	if code := run(nil, strings.NewReader(graph), broken{}, &said); code != 2 || !strings.Contains(said.String(), "out of luck") {
		t.Errorf("stdout: %d, %q", code, &said)
	}
}

// The engine reads machine code from the temporary folder before main starts: only from the user's own.
func TestNoCodeFromSharedFolders(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the temporary folder is the user's own")
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "lintel-graphviz")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for mode, files := range map[os.FileMode]int{0o700: 1, 0o777: 0, 0o750: 0} {
		temp := t.TempDir()
		if err := os.Chmod(temp, mode); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(path)
		cmd.Env = []string{"TMPDIR=" + temp}
		cmd.Stdin = strings.NewReader(graph)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		entries, err := os.ReadDir(temp)
		if err != nil || len(entries) != files {
			t.Errorf("mode %v: %v, %v in the temporary folder, want %d", mode, entries, err, files)
		}
	}
}

func TestLimit(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "lintel-graphviz")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd := exec.Command(path, "-limit", "200ms")
	stdin, err := cmd.StdinPipe() // stays open
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	out, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(string(out), "200ms") {
		t.Errorf("%d, %v, %q", code, err, out)
	}
}
