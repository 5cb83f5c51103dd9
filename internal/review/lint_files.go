package review

import "lintel/schema"

// LintChanges tells what changed between two settings files, the weightiest first; nil stands for one that is not there.
func LintChanges(old, new *schema.Lint) []Change {
	of := func(l *schema.Lint) *schema.Design {
		d := &schema.Design{}
		if l != nil {
			d.Lint = *l
		}
		return d
	}
	if old == new {
		return nil
	}
	out := matchDesigns(of(old), of(new)).lintChanges()
	sortChanges(out)
	return out
}
