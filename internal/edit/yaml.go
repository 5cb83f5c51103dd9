package edit

import (
	"strings"

	"lintel/analyzer/change"
	"lintel/schema"
)

func isYAML(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

func (s *session) setYAML(_ map[string][]byte, f change.Field) *Elsewhere {
	return s.elsewhere(f, schema.Range{File: s.design.Files[0]}, "YAML files are not edited yet")
}
