package house

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lintel/analyzer"
	"lintel/rules"
	"lintel/schema"
)

// realSystems lists testdata/designs; each folder holds a design and the report on it that someone
// has read line by line.
var realSystems = []string{
	"bank-of-anthos", "hotel-reservation", "online-boutique", "otel-demo", "robot-shop", "sock-shop", "train-ticket",
}

// TestRealSystems compares the reports on real systems with those that were read and agreed with.
func TestRealSystems(t *testing.T) {
	lintel := filepath.Join(binaries(t), "lintel")
	found, err := filepath.Glob("../../testdata/designs/*/design.cue")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range found {
		names = append(names, filepath.Base(filepath.Dir(f)))
	}
	if !slices.Equal(names, realSystems) {
		t.Errorf("testdata/designs holds %v, this test knows %v", names, realSystems)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			for _, format := range []string{"text", "json"} {
				golden := filepath.Join("../../testdata/designs", name, "report."+map[string]string{"text": "txt", "json": "json"}[format])
				cmd := exec.Command(lintel, "check", "--format", format, "./testdata/designs/"+name)
				cmd.Dir = "../.."
				cmd.Env = []string{"COLUMNS=100", "HOME=" + t.TempDir(), "PATH="}
				var out bytes.Buffer
				cmd.Stdout = &out
				if format == "text" {
					cmd.Stderr = &out // with the note about what could not be checked
				}
				_ = cmd.Run()
				if code := cmd.ProcessState.ExitCode(); code != 0 && code != 1 {
					t.Fatalf("exit code %d\n%s", code, out.Bytes())
				}
				if *update {
					if err := os.WriteFile(golden, out.Bytes(), 0o666); err != nil {
						t.Fatal(err)
					}
					continue
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(want, out.Bytes()) {
					t.Errorf("%s differs; lintel now prints\n%s", golden, out.Bytes())
				}
			}
		})
	}
}

// TestWellBuiltSystemsAreClean holds "a well-built system has no findings", of any severity.
func TestWellBuiltSystemsAreClean(t *testing.T) {
	files, err := filepath.Glob("../../testdata/wellbuilt/*.cue")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d designs: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".cue"), func(t *testing.T) {
			designs, err := schema.Load(schema.LoadOptions{}, file)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range designs {
				for _, f := range rules.Run(analyzer.New(d), rules.Settings{}, time.Now()).Findings {
					t.Errorf("%s: %s %s %s: %s", f.Location, f.Severity, f.Rule.ID, f.Rule.Name, f.Message)
				}
			}
		})
	}
}
