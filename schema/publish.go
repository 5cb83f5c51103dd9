package schema

import (
	"bytes"
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

// ImportPath is the path by which CUE files import the definition of the language.
const ImportPath = "lintel.arch/schema"

//go:embed *.cue
var definition embed.FS

//go:embed jsonschema_gen.json
var jsonSchema []byte

//go:embed openapi_gen.json
var openAPI []byte

// Files holds the CUE files that define the language, as they belong below
// cue.mod/pkg/lintel.arch/schema of a CUE module.
func Files() fs.FS { return definition }

// CUE is the definition of the language as one CUE file.
func CUE() []byte { return slices.Clone(single()) }

var single = sync.OnceValue(func() []byte { return joined(func(string) bool { return true }) })

// withoutPolicies is the definition for designs that state no policies, which compiles sooner.
var withoutPolicies = sync.OnceValue(func() []byte {
	return append(joined(func(name string) bool { return !strings.HasPrefix(name, "policy") }), "\n#Policies: {...}\n"...)
})

// joined writes the files of the definition that are wanted as one.
func joined(wanted func(name string) bool) []byte {
	names, _ := fs.Glob(definition, "*.cue") // the pattern is right, and the files are embedded
	names = slices.DeleteFunc(names, func(name string) bool { return !wanted(name) })
	order := []string{"system.cue", "module.cue", "dependency.cue", "domain.cue", "journey.cue", "transaction.cue", "lint.cue", "policy.cue", "policy_match.cue", "text.cue"}
	rank := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	var doc string
	var imports []string
	var body bytes.Buffer
	for _, name := range names {
		text, _ := definition.ReadFile(name)
		head, rest, _ := strings.Cut(string(text), "package schema\n")
		if name == "system.cue" {
			doc = head
		}
		lines := strings.SplitAfter(rest, "\n")
		for len(lines) > 0 && (strings.TrimSpace(lines[0]) == "" || strings.HasPrefix(lines[0], "import ")) {
			if strings.HasPrefix(lines[0], "import ") {
				imports = append(imports, strings.TrimSpace(strings.TrimPrefix(lines[0], "import ")))
			}
			lines = lines[1:]
		}
		body.WriteString("\n" + strings.Join(lines, ""))
	}
	slices.Sort(imports)
	out := doc + "package schema\n\nimport (\n"
	for _, imp := range slices.Compact(imports) {
		out += "\t" + imp + "\n"
	}
	return append([]byte(out+")\n"), body.Bytes()...)
}

// JSONSchema is the definition of a design as JSON Schema, draft 2020-12.
func JSONSchema() []byte { return slices.Clone(jsonSchema) }

// OpenAPI is the definition as the schemas of an OpenAPI 3.1 document.
func OpenAPI() []byte { return slices.Clone(openAPI) }
