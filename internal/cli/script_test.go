package cli

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	cue "cuelang.org/go/cmd/cue/cmd"
	"github.com/rogpeppe/go-internal/testscript"
	urfave "github.com/urfave/cli/v2"

	"lintel/schema"
)

var update = flag.Bool("update", false, "write the expected output of the scripts anew")

func TestMain(m *testing.M) {
	lintel := func() int { return Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr) }
	testscript.Main(m, map[string]func(){
		"lintel": func() { os.Exit(lintel()) },
		// A lintel with a fault, in the main goroutine, in one of the workers and in one of the loader's.
		"lintel-with-bug": func() {
			rulesCommand.run = func(*session, *urfave.Context) error { panic("no such rule") }
			versionCommand.run = func(*session, *urfave.Context) error {
				eachOnAllCores(3, func(i int) {
					if i == 1 {
						panic("worker 1 stumbled")
					}
				})
				return nil
			}
			metricsCommand.run = func(*session, *urfave.Context) error {
				panic(&schema.Panic{Value: "the loader stumbled", Stack: []byte("loader.go:1\n")})
			}
			os.Exit(lintel())
		},
		"cue": func() { os.Exit(cue.Main()) },
	})
}

// engineFolder builds lintel-graphviz and returns the folder that holds it and nothing else.
func engineFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "lintel/cmd/lintel-graphviz").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return dir
}

func TestScripts(t *testing.T) {
	engine, cache := engineFolder(t), t.TempDir()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("CUE_CACHE_DIR", e.WorkDir+"/.cache")
			e.Setenv("XDG_CACHE_HOME", cache) // the engine keeps there what takes it long to make
			e.Setenv("PATH_WITHOUT_ENGINE", e.Getenv("PATH"))
			e.Setenv("PATH", e.Getenv("PATH")+string(filepath.ListSeparator)+engine)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code":       code,
			"startswith": startsWith,
		},
		Condition: condition,
	})
}

// code runs a command and compares its exit code: code 2 lintel check. Output is for stdout and stderr.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code CODE command [args]")
	}
	want := args[0]
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = strings.TrimPrefix(exit.ProcessState.String(), "exit status ")
	}
	if got != want {
		ts.Fatalf("exit code %s, want %s", got, want)
	}
}

// startsWith compares the first bytes of a file: startswith FILE TEXT, where TEXT may hold the escapes of Go.
func startsWith(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: startswith FILE TEXT")
	}
	want, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	if got := ts.ReadFile(args[0]); !strings.HasPrefix(got, want) {
		ts.Fatalf("%s starts with %q, not with %q", args[0], got[:min(len(got), 40)], want)
	}
}

// condition serves [needs:PROGRAM], which is true when the program is installed. CI has to have it.
func condition(cond string) (bool, error) {
	program, ok := strings.CutPrefix(cond, "needs:")
	if !ok {
		return false, fmt.Errorf("unknown condition %q", cond)
	}
	if _, err := exec.LookPath(program); err == nil {
		return true, nil
	}
	if os.Getenv("CI") != "" {
		return false, fmt.Errorf("%s is not installed, and CI is set", program)
	}
	return false, nil
}
