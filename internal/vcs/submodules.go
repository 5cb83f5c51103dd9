package vcs

import (
	"slices"
	"strconv"
	"strings"
)

// findSubmodules fills t.Submodules. They are the ones that .gitmodules names: to know of others, all
// folders would have to be read.
func (t *Tree) findSubmodules() {
	text, err := t.ReadFile(".gitmodules")
	if err != nil {
		return // there is none
	}
	for line := range strings.Lines(string(text)) {
		key, value, ok := strings.Cut(line, "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(key), "path") {
			continue
		}
		path := strings.TrimSpace(value)
		if s, err := strconv.Unquote(path); err == nil {
			path = s
		}
		if e, err := t.lookup("lstat", path, false); err == nil && e.kind() == submoduleMode {
			t.Submodules = append(t.Submodules, path)
		}
	}
	slices.Sort(t.Submodules)
	t.Submodules = slices.Compact(t.Submodules)
}
