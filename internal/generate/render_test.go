package generate

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lintel/schema"
)

// What is written is read back as the same design, but for the places.
func TestRenderedDesignsLoadAsTheSame(t *testing.T) {
	for _, spec := range []Spec{T0, T1} {
		want := Design(spec, 3)
		for name, render := range map[string]func(*schema.Design) []byte{"x.cue": CUE, "x.json": JSON} {
			t.Run(spec.Name+" "+name, func(t *testing.T) {
				text := render(want)
				designs, err := schema.Load(schema.LoadOptions{Dir: t.TempDir(), Stdin: bytes.NewReader(text), StdinFilename: name}, "-")
				if err != nil {
					t.Fatal(err)
				}
				if len(designs) != 1 {
					t.Fatalf("%d designs", len(designs))
				}
				if diff := cmp.Diff(want, designs[0], withoutPlaces); diff != "" {
					t.Errorf("(-made +loaded)\n%s", diff)
				}
			})
		}
	}
}

var withoutPlaces = cmp.Options{
	cmpopts.IgnoreTypes(schema.Range{}, schema.Places{}),
	cmpopts.IgnoreFields(schema.Design{}, "Path", "Files", "Sources"),
	cmpopts.EquateEmpty(),
}

// The two formats say the same. This test needs no loader.
func TestJSONIsWellFormed(t *testing.T) {
	for _, spec := range []Spec{T0, T1, T2} {
		var document struct {
			System  string
			Modules map[string]struct{ Replicas *int }
		}
		d := Design(spec, 3)
		if err := json.Unmarshal(JSON(d), &document); err != nil {
			t.Fatalf("%s: %v", spec.Name, err)
		}
		got := map[string]int{}
		for name, m := range document.Modules {
			got[name] = 1
			if m.Replicas != nil {
				got[name] = *m.Replicas
			}
		}
		want := map[string]int{}
		for _, m := range d.Modules {
			want[m.Name] = m.Replicas
		}
		if document.System != d.System || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the JSON file does not hold the design's modules", spec.Name)
		}
	}
}
