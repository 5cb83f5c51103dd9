// Package format prints reviews: one file for each format, each a pure function of the same Report.
package format

import (
	"slices"

	"lintel/internal/report"
	"lintel/internal/review"
	"lintel/rules"
	"lintel/schema"
)

// Report is all that a review tells, whatever the format it is printed in.
type Report struct {
	Version  string // of lintel
	Old, New review.State
	Designs  []*Design // in order of path
	FailOn   FailOn
	// Prefix is the working folder below the root of the repository, slash-separated; see report.Report.
	Prefix string
	// Tag names the comment of a pull request, so that it is found again and replaced.
	Tag string
	// Notes tell what was left out: "the submodule vendor/shop is left out". They stand in every format.
	Notes []string
	Quiet bool // leaves the notes out
	// Strict makes faults of the old state as grave as those of the new one.
	Strict bool
}

// Design is the comparison of one design, and what the settings of its two states do to it.
type Design struct {
	*review.Comparison
	// Unread says that the old state of the design does not load: nothing is known of it, and all findings count as new.
	Unread bool
	// Settings are the changes of the settings file that governs it. Those of its own settings are among Changes.
	Settings []review.Change
	// Silenced are findings of the new state by the old settings that the new settings do not give; Brought are those
	// among the unchanged findings that the old settings do not give.
	Silenced, Brought []*rules.Finding
	// SilencedNew are those of Silenced that the old state does not have by the old settings.
	SilencedNew []*rules.Finding
	// Overlay is the diagram of the changes in Mermaid, or "".
	Overlay string
}

// FailOn says which outcome of a review fails it.
type FailOn string

// The outcomes that fail a review.
const (
	NewError   FailOn = "new-error"   // a new finding of severity error
	NewWarning FailOn = "new-warning" // a new finding of severity error or warning
	Any        FailOn = "any"         // any new finding
	Weaker     FailOn = "weaker"      // any new finding, and whatever else got weaker; see Design.Weaker
	Never      FailOn = "never"
)

// Failed reports whether the review fails. What the baseline took in with the change is as new as what it did not. Faults
// of the input are not looked at.
func (r *Report) Failed() bool {
	for _, d := range r.Designs {
		if r.FailOn == Weaker && d.Weaker() > 0 {
			return true
		}
		for _, f := range slices.Concat(d.Findings.New, d.Findings.NewlyKnown) {
			switch {
			case r.FailOn == Any, r.FailOn == Weaker,
				r.FailOn == NewWarning && f.Severity >= rules.Warning,
				r.FailOn == NewError && f.Severity >= rules.Error:
				return true
			}
		}
	}
	return false
}

// Faulty reports whether the input has faults that fail the command: those of the new state, and, where Strict, of the old.
func (r *Report) Faulty() bool { return len(r.New.Errors) > 0 || r.Strict && len(r.Old.Errors) > 0 }

// result gives the state of a design that is shown: the new one where there is one.
func (d *Design) result() *rules.Result {
	if d.New != nil {
		return d.New
	}
	return d.Old
}

// Differs reports whether there is anything to tell of a design.
func (d *Design) Differs() bool {
	return d.Status != review.Unchanged || d.Unread || d.Moved || d.tells()
}

// tells reports whether there is anything to tell but that a design came, went or has another name or place.
func (d *Design) tells() bool {
	return len(d.listed()) > 0 || len(d.changedSettings()) > 0 || len(d.Findings.New) > 0 || len(d.Findings.Fixed) > 0 || len(d.Findings.Changed) > 0 ||
		len(d.Findings.NewlyKnown) > 0 || len(d.Findings.Revealed) > 0 ||
		len(d.Gained) > 0 || len(d.Lost) > 0 || len(d.Journeys) > 0 || len(d.Silenced) > 0 || len(d.Brought) > 0 || len(d.waived()) > 0
}

// fixed are the findings of the old state that are gone, and not only waived. Where the design is gone, nothing is fixed.
func (d *Design) fixed() []*rules.Finding {
	if d.New == nil {
		return nil
	}
	var out []*rules.Finding
	for _, f := range d.Findings.Fixed {
		if d.Findings.Counterparts[f] == nil {
			out = append(out, f)
		}
	}
	return out
}

// waived are the findings of the new state that are waived, and were not before, or not there.
func (d *Design) waived() []*rules.Finding {
	out := slices.Clone(d.Findings.Waived)
	for _, f := range d.Findings.Fixed {
		if now := d.Findings.Counterparts[f]; now != nil && !slices.Contains(out, now) {
			out = append(out, now)
		}
	}
	return out
}

// gone are the findings of the old state that the new one neither has nor has mended: those of a design that is removed,
// those whose rule no longer runs, and those about journeys that are gone, or down before anything fails.
func (d *Design) gone() []*rules.Finding {
	if d.New == nil {
		return d.Findings.Fixed
	}
	return d.Findings.Unjudged
}

// Weaker counts what got weaker and is no new finding: findings as before that are graver or concern more journeys, single
// points of failure that no finding tells of, and journeys that stand worse than all of these tell.
func (d *Design) Weaker() int {
	if d.Old == nil || d.New == nil {
		return 0
	}
	n := 0
	told := map[string]bool{} // journeys
	tell := func(journeys []string) {
		for _, j := range journeys {
			told[j] = true
		}
	}
	for _, f := range slices.Concat(d.Findings.New, d.Findings.NewlyKnown, d.waived()) {
		tell(f.Journeys)
	}
	for i := range d.Findings.Changed {
		if c := &d.Findings.Changed[i]; c.New.Severity > c.Old.Severity || len(c.GainedJourneys) > 0 {
			n++
			tell(c.GainedJourneys)
		}
	}
	n += len(untold(d.Gained, slices.Concat(d.Findings.New, d.Findings.Known, d.waived())))
	for _, p := range d.Gained {
		tell(p.Journeys)
	}
	for i := range d.Journeys {
		if j := &d.Journeys[i]; j.Status == review.Changed && !told[j.Name] && weakerJourney(j) {
			n++
		}
	}
	return n
}

func weakerJourney(j *review.JourneyChange) bool {
	switch {
	case j.NewDown:
		return !j.OldDown
	case j.OldDown:
		return false
	}
	return j.NewSinglePoints > j.OldSinglePoints || len(minus(j.SurvivesOld, j.SurvivesNew)) > 0
}

// standingJourneys are the journeys of whose standing there is something to tell.
func (d *Design) standingJourneys() []*review.JourneyChange {
	var out []*review.JourneyChange
	for i := range d.Journeys {
		if d.Journeys[i].Status != review.Removed {
			out = append(out, &d.Journeys[i])
		}
	}
	return out
}

// findings gives a report of package report that holds only some findings of the results.
func (r *Report) findings(of func(d *Design) (*rules.Result, []*rules.Finding)) *report.Report {
	out := &report.Report{Version: r.Version, Prefix: r.Prefix, Quiet: true}
	for _, d := range r.Designs {
		res, list := of(d)
		if res == nil {
			continue
		}
		some := *res
		some.Findings, some.Waived, some.Known, some.Unchecked = nil, nil, nil, nil
		for _, f := range list {
			one := *f
			if slices.Contains(d.Findings.NewlyKnown, f) {
				one.Related = append(slices.Clone(f.Related), rules.Related{Message: "the baseline holds it since this change"})
			}
			if before := d.Findings.Counterparts[f]; before != nil && before.Waiver != nil && f.Waiver == nil {
				one.Related = append(slices.Clone(f.Related), rules.Related{Message: "it was waived until now: " + before.Waiver.Reason})
			}
			some.Findings = append(some.Findings, one)
		}
		out.Results = append(out.Results, &some)
	}
	return out
}

// newFindings gives a report of the new findings of all designs and the faults of the new state.
func (r *Report) newFindings() *report.Report {
	out := r.findings(func(d *Design) (*rules.Result, []*rules.Finding) {
		return d.New, slices.Concat(d.Findings.New, d.Findings.NewlyKnown)
	})
	out.Errors = r.New.Errors
	return out
}

// faults gives the faults of both states.
func (r *Report) faults() (old, new schema.Errors) { return r.Old.Errors, r.New.Errors }

// SettingsDiffer reports whether the two states are judged by other rules.
func (d *Design) SettingsDiffer() bool {
	judging := func(c review.Change) bool { return c.Kind == review.OfRule || c.Kind == review.OfPolicy }
	return d.Old != nil && d.New != nil && (slices.ContainsFunc(d.Changes, judging) || slices.ContainsFunc(d.Settings, judging))
}

// CompareSettings tells what a change of settings does to the findings, from a comparison of the same states in which the
// old settings judge.
func (d *Design) CompareSettings(byOld *review.Comparison) {
	has := func(lists ...[]*rules.Finding) map[string]bool {
		out := map[string]bool{}
		for _, list := range lists {
			for _, f := range list {
				out[f.Fingerprint()] = true
			}
		}
		return out
	}
	old, new := byOld.Findings, d.Findings
	without := has(old.New, old.Unchanged, old.Known)
	for i := range byOld.New.Waived {
		without[byOld.New.Waived[i].Fingerprint()] = true
	}
	for _, f := range new.Unchanged {
		if !without[f.Fingerprint()] {
			d.Brought = append(d.Brought, f)
		}
	}
	with := has(new.New, new.Unchanged, new.Known)
	for i := range d.New.Waived {
		with[d.New.Waived[i].Fingerprint()] = true
	}
	for _, f := range old.New {
		if !with[f.Fingerprint()] {
			d.Silenced, d.SilencedNew = append(d.Silenced, f), append(d.SilencedNew, f)
		}
	}
	for _, f := range old.Unchanged {
		if !with[f.Fingerprint()] {
			d.Silenced = append(d.Silenced, f)
		}
	}
}
