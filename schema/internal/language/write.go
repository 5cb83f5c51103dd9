package language

import (
	"os"
	"path/filepath"
)

// reference is the page that holds the language reference.
const reference = "../docs/language.md"

// Derived gives the files that derive from the definition, by their path from the folder of the
// definition.
func Derived(l *Language, dir string) (map[string][]byte, error) {
	table, err := l.GoTable()
	if err != nil {
		return nil, err
	}
	jsonSchema, err := l.JSONSchema()
	if err != nil {
		return nil, err
	}
	openAPI, err := l.OpenAPI()
	if err != nil {
		return nil, err
	}
	page, err := os.ReadFile(filepath.Join(dir, reference))
	if err != nil {
		return nil, err
	}
	if page, err = Insert(page, l.Reference()); err != nil {
		return nil, err
	}
	return map[string][]byte{
		"fields_gen.go":       table,
		"jsonschema_gen.json": jsonSchema,
		"openapi_gen.json":    openAPI,
		reference:             page,
	}, nil
}

// WriteAll writes the files that derive from the definition in dir.
func WriteAll(l *Language, dir string) error {
	files, err := Derived(l, dir)
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
