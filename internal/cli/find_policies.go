package cli

import (
	"slices"
	"strings"

	"lintel/rules"
	"lintel/schema"
)

// policies gives the policies of designs, by default of those in the working folder, and of the settings files that
// govern them, by name; where no design is found, those of the settings file of the working folder. Faults are those of
// what could not be read.
func (s *session) policies(paths []string, config string) (list []*rules.Rule, faults schema.Errors, err error) {
	load := s.loadOptions("")
	asked := len(paths) > 0
	if !asked {
		paths = []string{"."}
	}
	designs, err := schema.Load(load, paths...)
	faults, err = asFaults(err)
	if err != nil {
		return nil, nil, err
	}
	files := newSettingsFiles(load, config)
	if len(designs) == 0 && !asked {
		designs = []*schema.Design{{}} // the settings of the folder stand for themselves
	}
	seen := map[*rules.Rule]bool{}
	for _, d := range designs {
		file, err := files.of(d)
		if more, other := asFaults(err); other != nil {
			return nil, nil, other
		} else if err != nil {
			faults = append(faults, more...)
			continue
		}
		for _, r := range rules.Policies(&d.Lint, file) {
			if !seen[r] {
				seen[r] = true
				list = append(list, r)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *rules.Rule) int { return strings.Compare(a.Name, b.Name) })
	return list, faults, nil
}

// findPolicy returns the policies of a name or id: designs may state different ones. Where there is none, it fails as the
// search for a rule did, with the hint of a policy whose name is near; where the user named the designs, the faults for
// which some could not be read say more.
func (s *session) findPolicy(name string, paths []string, config string, noRule error) ([]*rules.Rule, schema.Errors, error) {
	list, faults, err := s.policies(paths, config)
	if err != nil {
		return nil, nil, err
	}
	var found []*rules.Rule
	names := make([]string, len(list))
	for i, r := range list {
		if names[i] = r.Name; r.Name == name || r.ID == name {
			found = append(found, r)
		}
	}
	if len(found) > 0 {
		return found, nil, nil
	}
	if near, ok := nearest(name, names); ok {
		return nil, nil, usagef("there is no rule or policy %q", name).hint("did you mean %q?", near)
	}
	if len(faults) > 0 && len(paths) > 0 {
		return nil, faults, exit(exitInput)
	}
	return nil, nil, noRule
}
