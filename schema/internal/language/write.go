package language

import (
	"os"
	"path/filepath"
)

// docs is the folder of the pages that hold the reference, from that of the definition.
const docs = "../docs"

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
	files := map[string][]byte{
		"fields_gen.go":       table,
		"jsonschema_gen.json": jsonSchema,
		"openapi_gen.json":    openAPI,
	}
	for _, name := range []string{languagePage, policiesPage} {
		at := filepath.Join(docs, name)
		page, err := os.ReadFile(filepath.Join(dir, at))
		if err != nil {
			return nil, err
		}
		if files[at], err = Insert(page, l.Reference(name)); err != nil {
			return nil, err
		}
	}
	return files, nil
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
