package house

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// startBytes is what a package of internal/diagram may allocate before main starts. lintel check links them all and runs
// before every commit, so fonts, tables and templates are made when a drawing first needs them.
const startBytes = 2048

// TestDrawingCostsNothingAtStart reads what the Go runtime tells about the start of a process.
func TestDrawingCostsNothingAtStart(t *testing.T) {
	cmd := exec.Command(filepath.Join(binaries(t), "lintel"), "version")
	cmd.Env = []string{"GODEBUG=inittrace=1"}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	ours := 0
	for line := range strings.Lines(stderr.String()) {
		var name string
		var at, took float64
		var bytes, allocs int
		if n, _ := fmt.Sscanf(line, "init %s @%f ms, %f ms clock, %d bytes, %d allocs", &name, &at, &took, &bytes, &allocs); n != 5 {
			continue
		}
		if strings.HasPrefix(name, "lintel/") {
			ours++
		}
		if strings.HasPrefix(name, "lintel/internal/diagram") && bytes > startBytes {
			t.Errorf("%s allocates %d bytes when lintel starts", name, bytes)
		}
	}
	if ours == 0 {
		t.Errorf("the runtime tells of no package of ours:\n%s", &stderr)
	}
}
