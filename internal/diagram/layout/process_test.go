package layout

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lintel/internal/diagram"
)

// engine is the real program, built once.
var engine string

func TestMain(m *testing.M) {
	if as := os.Getenv("LINTEL_TEST_ENGINE"); as != "" {
		playEngine(as)
		return
	}
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	engine = filepath.Join(folder, "lintel-graphviz")
	if out, err := exec.Command("go", "build", "-o", engine, "lintel/cmd/lintel-graphviz").CombinedOutput(); err != nil {
		panic(string(out))
	}
	// The cache of the user who runs the tests is not theirs to fill.
	os.Setenv("XDG_CACHE_HOME", filepath.Join(folder, "cache"))
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// playEngine is what the test binary does in the place of an engine.
func playEngine(as string) {
	switch as {
	case "hang":
		time.Sleep(time.Minute)
	case "crash":
		panic("out of luck")
	case "flood":
		block := make([]byte, 1<<20)
		for {
			if _, err := os.Stdout.Write(block); err != nil {
				os.Exit(1)
			}
		}
	}
}

// fake is an engine that behaves as told. It is a script, since the environment is not passed on.
func fake(t *testing.T, script string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	path := filepath.Join(t.TempDir(), "lintel-graphviz")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func play(t *testing.T, as string) string {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return fake(t, "LINTEL_TEST_ENGINE="+as+" exec '"+self+"'")
}

// pair is a small diagram: a needs b.
func pair() (*diagram.Diagram, Sizes) {
	d := &diagram.Diagram{
		Nodes: []*diagram.Node{{Name: "a", Group: -1}, {Name: "b", Group: -1}},
		Edges: []*diagram.Edge{{From: 0, To: 1, Count: 1}},
	}
	return d, Sizes{Nodes: []Point{{120, 60}, {120, 60}}, Edges: []Point{{}}}
}

func computePair(ctx context.Context, e Engine) (*Layout, error) {
	d, s := pair()
	return Compute(ctx, d, s, e)
}

// ownCache gives the test a cache folder and an empty temporary folder of its own.
func ownCache(t *testing.T) (cache, temp string) {
	if runtime.GOOS != "linux" {
		t.Skip("sets the cache folder by XDG_CACHE_HOME")
	}
	base, temp := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CACHE_HOME", base)
	t.Setenv("TMPDIR", temp)
	return filepath.Join(base, "lintel", "graphviz"), temp
}

func files(t *testing.T, folder string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestCacheIsPrivateAndWarm(t *testing.T) {
	cache, temp := ownCache(t)
	start := time.Now()
	if _, err := computePair(t.Context(), Engine{Program: engine}); err != nil {
		t.Fatal(err)
	}
	cold := time.Since(start)
	for _, folder := range []string{cache, filepath.Dir(cache)} {
		info, err := os.Stat(folder)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v, want 0700", folder, info.Mode().Perm())
		}
	}
	code := files(t, cache)
	if len(code) != 1 {
		t.Fatalf("the cache holds %q, want one file", code)
	}
	before, err := os.Stat(code[0])
	if err != nil {
		t.Fatal(err)
	}
	start = time.Now()
	if _, err := computePair(t.Context(), Engine{Program: engine}); err != nil {
		t.Fatal(err)
	}
	warm := time.Since(start)
	after, err := os.Stat(code[0])
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) || !after.ModTime().Equal(before.ModTime()) {
		t.Error("the second start compiled the engine again")
	}
	if warm > cold/2 {
		t.Errorf("the second start took %v, the first %v: the cache does not help", warm, cold)
	}
	if rest := files(t, temp); len(rest) != 0 {
		t.Errorf("left in the temporary folder: %q", rest)
	}
	entries, _ := os.ReadDir(temp)
	if len(entries) != 0 {
		t.Errorf("left in the temporary folder: %v", entries)
	}
}

func TestWithoutCacheFolder(t *testing.T) {
	_, temp := ownCache(t)
	t.Setenv("XDG_CACHE_HOME", "/proc/nothing") // can't be made
	program := fake(t, `stat -c %a "$TMPDIR" >`+filepath.Join(temp, "mode")+`; exec `+engine+` "$@"`)
	if _, err := computePair(t.Context(), Engine{Program: program}); err != nil {
		t.Fatal(err)
	}
	mode, err := os.ReadFile(filepath.Join(temp, "mode"))
	if err != nil || strings.TrimSpace(string(mode)) != "700" {
		t.Errorf("the temporary cache has mode %q, %v; want 700", mode, err)
	}
	os.Remove(filepath.Join(temp, "mode"))
	if entries, _ := os.ReadDir(temp); len(entries) != 0 {
		t.Errorf("left in the temporary folder: %v", entries)
	}
}

func TestUnsafeCacheFolder(t *testing.T) {
	t.Run("open to others", func(t *testing.T) {
		cache, _ := ownCache(t)
		if err := os.MkdirAll(cache, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(cache, 0o777); err != nil {
			t.Fatal(err)
		}
		if _, err := computePair(t.Context(), Engine{Program: engine}); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(cache); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("mode %v, %v; want 0700", info.Mode(), err)
		}
	})
	t.Run("symbolic link", func(t *testing.T) {
		cache, temp := ownCache(t)
		if err := os.MkdirAll(filepath.Dir(cache), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(temp, cache); err != nil {
			t.Fatal(err)
		}
		_, err := computePair(t.Context(), Engine{Program: engine})
		if refused := (*CacheError)(nil); !errors.As(err, &refused) || !strings.Contains(err.Error(), "symbolic link") {
			t.Errorf("%v, want a *CacheError", err)
		}
		if rest := files(t, temp); len(rest) != 0 {
			t.Errorf("written through the link: %q", rest)
		}
	})
	t.Run("another user's", func(t *testing.T) {
		cache, _ := ownCache(t)
		if err := os.MkdirAll(cache, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(cache, 12345, -1); err != nil {
			t.Skip("only root can give folders away")
		}
		_, err := computePair(t.Context(), Engine{Program: engine})
		if refused := (*CacheError)(nil); !errors.As(err, &refused) {
			t.Errorf("%v, want a *CacheError", err)
		}
	})
}

func TestDamagedCache(t *testing.T) {
	cache, _ := ownCache(t)
	if _, err := computePair(t.Context(), Engine{Program: engine}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(files(t, cache)[0])
	if err != nil {
		t.Fatal(err)
	}
	flipped := slices.Clone(whole)
	for i := 100; i < 20_000; i++ { // the table of functions, which has no checksum
		flipped[i] ^= 0x55
	}
	for name, code := range map[string][]byte{
		"empty": nil, "cut in the head": whole[:10], "cut": whole[:len(whole)/2], "nonsense": []byte(strings.Repeat("nonsense ", 1000)),
		"cut at the end": whole[:len(whole)-100], "other functions": flipped,
	} {
		t.Run(name, func(t *testing.T) {
			path := files(t, cache)[0]
			if err := os.WriteFile(path, code, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := computePair(t.Context(), Engine{Program: engine}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestConcurrentFirstStarts(t *testing.T) {
	ownCache(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := computePair(t.Context(), Engine{Program: engine}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestTimeout(t *testing.T) {
	note := filepath.Join(t.TempDir(), "pid")
	start := time.Now()
	_, err := computePair(t.Context(), Engine{Program: fake(t, "sleep 60 & echo $! >"+note+"; wait"), Timeout: 300 * time.Millisecond})
	if late := (*TimeoutError)(nil); !errors.As(err, &late) || late.Limit != 300*time.Millisecond {
		t.Fatalf("%v, want a *TimeoutError", err)
	}
	for _, advice := range []string{"300ms", "--view overview", "--collapse", "--layout ", "--layout-timeout"} {
		if !strings.Contains(err.Error(), advice) {
			t.Errorf("%q does not speak of %s", err, advice)
		}
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	if !gone(t, note) {
		t.Error("what the engine started still runs")
	}
}

func TestCancel(t *testing.T) {
	note := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	_, err := computePair(ctx, Engine{Program: fake(t, "echo $$ >"+note+"; exec sleep 60")})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%v, want %v", err, context.Canceled)
	}
	if !gone(t, note) {
		t.Error("the engine still runs")
	}
}

// gone reports whether the process whose id is in the file ends within a second.
func gone(t *testing.T, file string) bool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		state, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		if err != nil || strings.Contains(string(state), ") Z ") {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func TestEngineFails(t *testing.T) {
	for name, test := range map[string]struct{ program, want string }{
		"refuses":           {fake(t, "echo out of luck >&2; exit 1"), "out of luck"},
		"crashes":           {play(t, "crash"), "out of luck"},
		"dies":              {fake(t, "kill -SEGV $$"), "segmentation fault"},
		"says nonsense":     {fake(t, "cat >/dev/null; echo nonsense"), "no drawing"},
		"says nothing":      {fake(t, "cat >/dev/null"), "no drawing"},
		"knows no node":     {fake(t, `cat >/dev/null; echo '{"bb":"0,0,10,10"}'`), "node"},
		"has no room":       {fake(t, `cat >/dev/null; echo '{"bb":"0,0,nan,10"}'`), "no drawing"},
		"floods":            {play(t, "flood"), "larger"},
		"can't be run":      {t.TempDir(), "denied"},
		"speaks at length":  {fake(t, "head -c 1000000 /dev/zero | tr '\\0' 'x' >&2; exit 1"), "xxx"},
		"speaks in colours": {fake(t, "printf '\\033[31mred\\033[0m\\n\\nmore' >&2; exit 1"), "[31mred[0m more"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := computePair(t.Context(), Engine{Program: test.program, Timeout: 20 * time.Second})
			failed := (*EngineError)(nil)
			if !errors.As(err, &failed) || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("%v, want an *EngineError that tells %q", err, test.want)
			}
			if len(err.Error()) > 1000 || strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("not a short line: %q", err)
			}
		})
	}
}

func TestEngineIsFoundOnPathOnly(t *testing.T) {
	t.Setenv("PATH", "")
	_, err := computePair(t.Context(), Engine{})
	if missing := (*MissingError)(nil); !errors.As(err, &missing) {
		t.Fatalf("%v, want a *MissingError", err)
	}
	for _, advice := range []string{"go install", "make build", "mermaid", "matrix"} {
		if !strings.Contains(err.Error(), advice) {
			t.Errorf("%q does not speak of %s", err, advice)
		}
	}
	t.Chdir(filepath.Dir(engine))
	t.Setenv("PATH", ".")
	missing := (*MissingError)(nil)
	if _, err := computePair(t.Context(), Engine{}); !errors.As(err, &missing) {
		t.Errorf("%v: an engine in the working folder was taken", err)
	}
	t.Setenv("PATH", filepath.Dir(engine))
	if _, err := computePair(t.Context(), Engine{}); err != nil {
		t.Error(err)
	}
}

func TestNoNodesNoEngine(t *testing.T) {
	l, err := Compute(t.Context(), &diagram.Diagram{Groups: []*diagram.Group{{Parent: -1}}}, Sizes{Groups: make([]Point, 1)}, Engine{Program: "/nothing"})
	if err != nil || len(l.Groups) != 1 {
		t.Errorf("%v, %v", l, err)
	}
}
