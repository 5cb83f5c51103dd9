package rules

import (
	"slices"
	"strings"

	"lintel/schema"
)

// Ran reports whether the rule with this id took part in the run. It is known where there is such a rule: in the
// catalogue, or as a policy of the design or of its settings file.
func (res *Result) Ran(id string) (ran, known bool) {
	if slices.Contains(res.ran, id) {
		return true, true
	}
	if _, ok := Find(id); ok {
		return false, true
	}
	name, ok := strings.CutPrefix(id, "POL/")
	lists := [][]*schema.Policy{res.Design.Lint.Policies}
	if res.settings != nil {
		lists = append(lists, res.settings.Policies)
	}
	return false, ok && slices.ContainsFunc(slices.Concat(lists...), func(p *schema.Policy) bool { return p.Name == name })
}
