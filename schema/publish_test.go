package schema_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/format"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"lintel/schema"
)

func compileJSON(t testing.TB, text []byte, at string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("mem:///schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mem:///schema.json" + at)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestJSONSchema holds the JSON forms to the verdict of CUE on every design that can be written as
// JSON.
func TestJSONSchema(t *testing.T) {
	forms := map[string]*jsonschema.Schema{
		"JSON Schema": compileJSON(t, schema.JSONSchema(), ""),
		"OpenAPI":     compileJSON(t, schema.OpenAPI(), "#/components/schemas/System"),
	}
	ctx, system := definition(t)
	good, bad := 0, 0
	for _, path := range designs(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		v := ctx.CompileBytes(text)
		data, err := v.MarshalJSON()
		if err != nil {
			continue // no concrete value: nothing to write as JSON
		}
		valid := system.Unify(v).Validate(cue.Concrete(true)) == nil
		if valid {
			good++
		} else {
			bad++
		}
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for name, form := range forms {
			err := form.Validate(instance)
			// JSON Schema takes 3.0 and 1e3 for integers.
			if base := filepath.Base(path); base == "replicas-float.cue" || base == "replicas-exponent.cue" {
				continue
			}
			if (err == nil) != valid {
				t.Errorf("%s: %s says %v, CUE says it is valid: %v", path, name, err, valid)
			}
		}
	}
	if good < 20 || bad < 80 {
		t.Errorf("only %d good and %d bad designs", good, bad)
	}
}

// TestDescriptions: every field of the JSON form says what it means.
func TestDescriptions(t *testing.T) {
	var doc struct {
		Schema string `json:"$schema"`
		Defs   map[string]struct {
			Description string
			Properties  map[string]struct{ Description string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(schema.JSONSchema(), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Defs) < 15 {
		t.Fatalf("only %d definitions", len(doc.Defs))
	}
	for name, d := range doc.Defs {
		if d.Description == "" {
			t.Errorf("%s has no description", name)
		}
		for field, p := range d.Properties {
			if len(p.Description) < 10 {
				t.Errorf("%s.%s has no description", name, field)
			}
		}
	}
}

// TestCUE holds the single file to the folder of files.
func TestCUE(t *testing.T) {
	text := schema.CUE()
	formatted, err := format.Source(text)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, formatted) {
		t.Error("schema.CUE is not as cue fmt writes it")
	}
	v := cuecontext.New().CompileBytes(text)
	if v.Err() != nil {
		t.Fatal(v.Err())
	}
	err = fs.WalkDir(schema.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		one, err := fs.ReadFile(schema.Files(), path)
		if err != nil {
			return err
		}
		if formatted, err := format.Source(one); err != nil || !bytes.Equal(formatted, one) {
			t.Errorf("%s is not as cue fmt writes it (%v)", path, err)
		}
		for line := range strings.Lines(string(one)) {
			if strings.HasPrefix(line, "#") && !bytes.Contains(text, []byte(line)) {
				t.Errorf("schema.CUE lacks %s: %s", path, line)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
