package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestAvailabilitySchema holds the JSON of "availability" to the schema that docs/ promises: of all designs of the project, with
// and without assumptions, exact and not.
func TestAvailabilitySchema(t *testing.T) {
	s, err := jsonschema.NewCompiler().Compile("../../docs/schemas/availability.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, pattern := range []string{"worked/*.cue", "wellbuilt/*.cue", "outages/*/*.cue", "designs/*"} {
		some, err := filepath.Glob(filepath.Join("../../testdata", pattern))
		if err != nil || len(some) == 0 {
			t.Fatalf("%s: %v, %v", pattern, some, err)
		}
		paths = append(paths, some...)
	}
	odd := filepath.Join(t.TempDir(), "odd.cue")
	if err := os.WriteFile(odd, []byte(`system: "odd"
failureDomains: z: kind: "zone"
modules: {
	a: {entry: true, availability: 0, slo: availability: 100, placement: ["z"]}
	b: {entry: true, replicas: 0, slo: availability: 99}
	c: {entry: true, availability: 100, slo: availability: 100}
	d: {entry: true, mtbf: "1s", mttr: "0s", replicas: 3, redundancy: mode: "quorum"}
}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	paths = append(paths, odd)
	inexact := 0
	for _, path := range paths {
		for _, flags := range [][]string{nil, {"--assume", "typical", "--modules", "--top", "all"}, {"--pessimistic", "0", "--top", "0"}, {"--timeout", "1ns", "--modules"}} {
			var stdout, stderr bytes.Buffer
			code := Main(append([]string{"availability", path, "--format", "json"}, flags...), strings.NewReader(""), &stdout, &stderr)
			if code != 0 {
				t.Fatalf("%s %v: exit %d\n%s", path, flags, code, stderr.String())
			}
			if strings.Contains(stdout.String(), `"method"`) {
				inexact++
			}
			v, err := jsonschema.UnmarshalJSON(&stdout)
			if err != nil {
				t.Fatalf("%s %v: %v", path, flags, err)
			}
			if err := s.Validate(v); err != nil {
				t.Errorf("%s %v: %v", path, flags, err)
			}
		}
	}
	if inexact == 0 {
		t.Error("no result was inexact")
	}
}
