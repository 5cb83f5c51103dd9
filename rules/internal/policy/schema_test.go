package policy

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"lintel/schema"
)

// TestShapesOfSchema holds what selectors see to what the language lets them ask for.
func TestShapesOfSchema(t *testing.T) {
	type definition struct {
		Ref        string                `json:"$ref"`
		Properties map[string]definition `json:"properties"`
	}
	var doc struct {
		Defs map[string]definition `json:"$defs"`
	}
	if err := json.Unmarshal(schema.JSONSchema(), &doc); err != nil {
		t.Fatal(err)
	}
	for selector, name := range map[string]string{
		modulesSelector: "ModuleMatch", dependenciesSelector: "DependencyMatch", groupsSelector: "GroupMatch",
		journeysSelector: "JourneyMatch", designSelector: "DesignMatch",
	} {
		var asked []string
		var walk func(d definition, prefix string)
		walk = func(d definition, prefix string) {
			if of, ok := strings.CutPrefix(d.Ref, "#/$defs/"); ok {
				d = doc.Defs[of]
				if prefix != "" && of == "ModuleMatch" { // of a dependency's ends
					d.Properties = nil
				}
			}
			if len(d.Properties) == 0 {
				asked = append(asked, strings.TrimSuffix(prefix, "."))
			}
			for field, sub := range d.Properties {
				walk(sub, prefix+field+".")
			}
		}
		walk(definition{Ref: "#/$defs/" + name}, "")
		var seen []string
		for _, f := range Fields(selector) {
			seen = append(seen, f.Path)
		}
		slices.Sort(asked)
		slices.Sort(seen)
		if len(seen) < 5 || !slices.Equal(asked, seen) {
			t.Errorf("%s: the language has\n%s\nselectors see\n%s", selector, strings.Join(asked, " "), strings.Join(seen, " "))
		}
	}
}
