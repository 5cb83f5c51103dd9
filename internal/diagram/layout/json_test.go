package layout

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"lintel/analyzer"
	"lintel/internal/diagram"
	"lintel/internal/generate"
)

// drawingSchema is the published schema.
func drawingSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("../../../docs/schemas/drawing.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("drawing.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("drawing.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestJSONKeepsToItsSchema(t *testing.T) {
	schema := drawingSchema(t)
	a := analyzer.New(generate.Design(generate.T1, 1))
	hostile := &diagram.Diagram{
		Title: "</script>\x00\xff\u202e", Nodes: []*diagram.Node{{Name: "\"<&'\\\n", Group: 0, Marks: []int{1}}},
		Groups: []*diagram.Group{{Name: "g", Parent: -1}}, Findings: []*diagram.Finding{{Number: 1, Severity: "error"}},
		Failure: &diagram.Failure{}, Flow: diagram.FlowRight,
	}
	diagrams := map[string]*diagram.Diagram{"nothing": {}, "hostile": hostile}
	for _, view := range []diagram.View{diagram.ViewModules, diagram.ViewOverview, diagram.ViewDeployment, diagram.ViewMatrix} {
		d, err := diagram.Build(a, nil, diagram.Options{View: view})
		if err != nil {
			t.Fatal(err)
		}
		diagrams[string(view)] = d
	}
	for name, d := range diagrams {
		t.Run(name, func(t *testing.T) {
			l, err := Compute(t.Context(), d, measure(d), Engine{Program: engine})
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range []*Layout{l, nil} {
				var first, second bytes.Buffer
				if err := JSON(&first, d, l); err != nil {
					t.Fatal(err)
				}
				if err := JSON(&second, d, l); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(first.Bytes(), second.Bytes()) {
					t.Error("twice written, it differs")
				}
				doc, err := jsonschema.UnmarshalJSON(&first)
				if err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(doc); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// What the diagram knows is in the drawing, too, under the same name.
func TestJSONTellsAllOfTheDiagram(t *testing.T) {
	left := map[string]bool{ // indices in the analysis, which mean nothing outside
		"Node.Module": true, "Edge.Dependencies": true, "MatrixRow.Module": true,
		"Diagram.LeftOut": true, // is among the notes
	}
	for _, pair := range []struct{ from, to any }{
		{diagram.Diagram{}, drawing{}}, {diagram.Node{}, nodeJSON{}}, {diagram.Group{}, groupJSON{}}, {diagram.Edge{}, edgeJSON{}},
		{diagram.Finding{}, findingJSON{}}, {diagram.Failure{}, failureJSON{}}, {diagram.Matrix{}, matrixJSON{}},
		{diagram.MatrixRow{}, rowJSON{}}, {diagram.MatrixCell{}, cellJSON{}}, {diagram.MatrixBand{}, bandJSON{}},
	} {
		from, to := reflect.TypeOf(pair.from), reflect.TypeOf(pair.to)
		for f := range from.Fields() {
			g, ok := to.FieldByName(f.Name)
			if !ok && !left[from.Name()+"."+f.Name] {
				t.Errorf("%s.%s is not written", from.Name(), f.Name)
			}
			if want := strings.ToLower(f.Name[:1]) + f.Name[1:]; ok && g.Tag.Get("json") != want {
				t.Errorf("%s.%s is written as %q, want %q", from.Name(), f.Name, g.Tag.Get("json"), want)
			}
		}
	}
}

func TestJSONHasThePlaces(t *testing.T) {
	d, s := pair()
	l, err := Compute(t.Context(), d, s, Engine{Program: engine})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := JSON(&b, d, l); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Width, Height float64
		Nodes         []struct{ Box boxJSON }
		Edges         []struct{ Curve [][2]float64 }
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	upper, lower := doc.Nodes[0].Box, doc.Nodes[1].Box
	if upper.Width != 120 || upper.Height != 60 || upper.Y+60 >= lower.Y || doc.Height < lower.Y+60 {
		t.Errorf("a lies at %v, b at %v of %v", upper, lower, doc.Height)
	}
	curve := doc.Edges[0].Curve
	if end := curve[len(curve)-1]; end[1] < lower.Y-1 || end[1] > lower.Y+1 {
		t.Errorf("the arrow ends at %v, b begins at %v", end, lower.Y)
	}
}
