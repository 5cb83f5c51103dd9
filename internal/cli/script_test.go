package cli

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
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

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("CUE_CACHE_DIR", e.WorkDir+"/.cache")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code": code,
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
