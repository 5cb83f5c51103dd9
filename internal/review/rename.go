package review

import "lintel/schema"

// findRenames finds out what has another name in the new design.
func findRenames(old, new *schema.Design) *renames {
	return &renames{oldSystem: old.System, newSystem: new.System}
}
