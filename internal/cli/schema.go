package cli

import (
	urfave "github.com/urfave/cli/v2"

	"lintel/schema"
)

var languageFormats = []string{"cue", "jsonschema", "openapi"}

var schemaCommand = &command{
	name:    "schema",
	summary: "Print the definition of the design language",
	about: `Prints the schema that every design is held to: as CUE, as a JSON Schema or as
OpenAPI, each field with its documentation.`,
	flags: []flagSpec{
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: languageFormats, initial: "cue", usage: "cue, jsonschema or openapi."},
	},
	examples: []example{
		{"lintel schema", "read it"},
		{"lintel schema --format jsonschema > design.schema.json", "for an editor of JSON or YAML"},
	},
	run: runSchema,
}

func runSchema(s *session, c *urfave.Context) error {
	switch f := c.String("format"); f {
	case "cue":
		return s.print(string(schema.CUE()))
	case "jsonschema":
		return s.print(string(schema.JSONSchema()))
	case "openapi":
		return s.print(string(schema.OpenAPI()))
	default:
		return badChoice("--format", f, languageFormats)
	}
}
