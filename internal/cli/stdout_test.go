package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) {
	return 0, errors.New("write /dev/stdout: no space left on device")
}

// TestStdoutThatTakesNothing: whatever a command prints, it fails where that can't be written, and says so.
func TestStdoutThatTakesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range map[string]string{
		"shop.cue": "system: \"shop\"\nmodules: {\n\tweb: {entry: true, replicas: 2, dependsOn: [\"db\"]}\n\tdb: {kind: \"database\", capacity: perReplica: 5}\n}\n",
		"next.cue": "system: \"shop\"\nmodules: web: {entry: true, replicas: 2}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if code := Main([]string{"baseline", "write", "shop.cue"}, strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}); code != exitClean {
		t.Fatalf("baseline write: exit code %d", code)
	}
	lines := map[string][]string{
		"check":           {"shop.cue"},
		"whatif":          {"shop.cue --fail db", "shop.cue --each module --format json"},
		"cutsets":         {"shop.cue", "shop.cue --format json"},
		"availability":    {"shop.cue", "shop.cue --format json"},
		"improve":         {"shop.cue --goal no-spof", "shop.cue --goal no-spof --format patch"},
		"review":          nil, // of a git repository; prints as diff does
		"diff":            {"shop.cue next.cue"},
		"render":          {"shop.cue --format mermaid"},
		"export open-psa": {"shop.cue"},
		"rules":           {"", "--format json"},
		"explain":         {"RES001"},
		"metrics":         {"shop.cue", "shop.cue --format csv"},
		"baseline write":  nil, // to a file
		"baseline prune":  nil,
		"baseline show":   {""},
		"policy test":     {""},
		"policy list":     {""},
		"init":            nil,
		"schema":          {""},
		"version":         {""},
		"completion":      {"bash", "zsh", "fish", "powershell"},
		"man":             {""},
	}
	for _, c := range withParts(commands()) {
		list, known := lines[c.name]
		if len(c.parts) == 0 && !known {
			t.Errorf("lintel %s: is not asked", c.name)
		}
		if len(c.parts) == 0 {
			list = append(slices.Clone(list), "--help")
		}
		for _, line := range list {
			var stderr bytes.Buffer
			code := Main(append(strings.Fields(c.name), strings.Fields(line)...), strings.NewReader(""), fullDisk{}, &stderr)
			if code != exitInput || !strings.Contains(stderr.String(), "no space left on device") {
				t.Errorf("lintel %s %s: exit code %d\n%s", c.name, line, code, stderr.String())
			}
		}
	}
}
