package cli

import (
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/schema"
)

var languageFormats = []string{"cue"}

var schemaCommand = &command{
	name:    "schema",
	summary: "Print the definition of the design language",
	about:   `Prints the schema that every design is held to, each field with its documentation.`,
	flags: []flag{
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: languageFormats, initial: "cue", usage: "cue."},
	},
	examples: []example{
		{"lintel schema", "read it"},
	},
	run: runSchema,
}

func runSchema(s *session, c *urfave.Context) error {
	if f := c.String("format"); f != "cue" {
		return badChoice("--format", f, languageFormats)
	}
	var b strings.Builder
	for _, f := range schema.Files() {
		b.Write(f.Text)
	}
	return s.print(b.String())
}
