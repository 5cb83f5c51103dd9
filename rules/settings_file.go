package rules

import "lintel/schema"

// SettingsFile is the settings file by which the run judged, or nil.
func (res *Result) SettingsFile() *schema.Lint { return res.settings }
