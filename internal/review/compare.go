package review

import (
	"slices"

	"lintel/rules"
)

// Compare compares two states of one design; one of them may be nil, for a design that came or went.
func Compare(old, new *rules.Result) *Comparison {
	c := &Comparison{Old: old, New: new}
	switch {
	case old == nil && new == nil:
		c.Status = Unchanged
		return c
	case old == nil:
		c.Status = Added
	case new == nil:
		c.Status = Removed
	default:
		c.match = matchDesigns(old.Design, new.Design)
		c.Changes = c.match.changes()
		switch {
		case old.Design.System != new.Design.System:
			c.Status = Renamed
		case len(c.Changes) > 0:
			c.Status = Changed
		default:
			c.Status = Unchanged
		}
	}
	before, after := newSide(old), newSide(new)
	dead := c.match.deadJourneys(before, after)
	c.Findings = matchFindings(old, new, c.match, c.onlyRenamed(), dead)
	c.Gained, c.Lost = c.match.comparePoints(before, after, dead)
	c.Journeys = c.match.compareJourneys(before, after)
	c.Figures = figures(before, after)
	if c.match != nil && len(dead) > 0 {
		praiseNothing(c.Figures, slices.ContainsFunc(c.Journeys, func(j JourneyChange) bool { return j.NewDown }))
	}
	if c.match != nil {
		c.Modules = c.match.moduleFigures(before, after)
	}
	return c
}

// onlyRenamed reports whether the designs differ in names and in nothing else, and are judged by the same settings.
func (c *Comparison) onlyRenamed() bool {
	other := func(ch Change) bool { return ch.Status != Renamed || len(ch.Fields) > 0 }
	return c.match != nil && !slices.ContainsFunc(c.Changes, other) && len(LintChanges(c.Old.SettingsFile(), c.New.SettingsFile())) == 0
}
