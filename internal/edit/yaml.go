package edit

import (
	"strings"

	"lintel/analyzer/change"
)

func isYAML(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

func (s *session) setYAML(_ map[string][]byte, f change.Field) *Elsewhere {
	return s.elsewhere(f, s.placeOf(f.Path), "%s stands in a YAML file, which is not edited", pathText(f.Path))
}
