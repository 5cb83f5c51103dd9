package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestRealDrawingsAreValid holds the drawings of the systems in testdata, as JSON, to the schema that docs/ promises.
func TestRealDrawingsAreValid(t *testing.T) {
	t.Setenv("PATH", engineFolder(t)+string(filepath.ListSeparator)+os.Getenv("PATH"))
	schema, err := jsonschema.NewCompiler().Compile("../../docs/schemas/drawing.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, flags := range []string{"--layout-timeout 5m", "--layout-timeout 5m --findings", "--view matrix"} {
		var out, errs bytes.Buffer
		args := []string{"render", "../../testdata/designs/...", "../../testdata/wellbuilt/...", "--output", filepath.Join(dir, "{system}.json")}
		if code := Main(append(args, strings.Fields(flags)...), strings.NewReader(""), &out, &errs); code != exitClean {
			t.Fatalf("%s: exit code %d\n%s", flags, code, &errs)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.json"))
		if err != nil || len(files) < 10 {
			t.Fatalf("%s: %d drawings: %v", flags, len(files), err)
		}
		for _, file := range files {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			v, err := jsonschema.UnmarshalJSON(f)
			f.Close()
			if err != nil {
				t.Fatalf("%s %s: %v", file, flags, err)
			}
			if err := schema.Validate(v); err != nil {
				t.Errorf("%s %s: %v", file, flags, err)
			}
		}
	}
}
