// Package review compares two states of designs: what changed in them, what that does to their resilience and
// coupling, and which findings are new, fixed or as before.
package review

import (
	"lintel/rules"
	"lintel/schema"
)

// Review is the comparison of all designs of two states, the old and the new one.
type Review struct {
	Old, New State
	Designs  []*Comparison // in order of path, the new one where there is one
}

// State is one of the two states.
type State struct {
	Name string    // for people: "main (3f2c1a9)", "the working tree", "old/shop.cue"
	Kind StateKind // "" is Path
	// Revision is the name that the user gave, or that stands for it: "main", "HEAD"; Commit is the full id of the commit.
	// Both are "" where the state is no commit.
	Revision, Commit string
	MergeBase        bool // Commit is where the new state left Revision, and not Revision itself
	// Errors are the faults of designs that do not load; these take no part in the comparison.
	Errors schema.Errors
}

// StateKind says where the designs of a state come from.
type StateKind string

// The kinds of states.
const (
	Path        StateKind = "path" // a file or folder, or stdin
	AtCommit    StateKind = "commit"
	InIndex     StateKind = "index"
	WorkingTree StateKind = "workingTree"
	Nothing     StateKind = "nothing" // before the first commit
)

// Status says what became of something.
type Status string

// What becomes of things. A thing that is Renamed may have changes beside.
const (
	Unchanged Status = "unchanged"
	Added     Status = "added"
	Removed   Status = "removed"
	Renamed   Status = "renamed"
	Changed   Status = "changed"
)

// Comparison is that of one design.
type Comparison struct {
	// Status is Renamed where the system has another name, else Changed where there are changes.
	Status   Status
	Moved    bool          // the design is found under another path
	Old, New *rules.Result // nil on the side that does not have the design

	Changes  []Change // the weightiest first; none where the design is added or removed
	Findings Findings
	// Gained and Lost are the single points of failure that one state has and the other has not; what is only renamed
	// is in neither, nor is what took down a journey and was left to another one, or whose journeys are all gone or down.
	Gained, Lost []SinglePoint
	Journeys     []JourneyChange // of those whose standing differs, in order of name
	Figures      []Figure        // those of the whole design, in a fixed order, also where nothing changed
	Modules      []ModuleFigures // of those for which they differ, the largest growth of the blast radius first

	match *match // which things of the two designs are the same; nil where one side has none
}

// Kind says what kind of thing changed.
type Kind string

// The kinds of things that change.
const (
	OfSystem        Kind = "system"
	OfModule        Kind = "module"
	OfDependency    Kind = "dependency" // named "a -> b", by the key of dependsOn
	OfFailureDomain Kind = "failureDomain"
	OfJourney       Kind = "journey"
	OfTransaction   Kind = "transaction"
	OfRule          Kind = "rule" // a setting of a rule
	OfWaiver        Kind = "waiver"
	OfPolicy        Kind = "policy"
)

// Change is one thing that was added, removed, renamed or changed. The dependencies of a module that came or went are
// part of it, and no changes of their own.
type Change struct {
	Kind    Kind
	Status  Status
	Name    string // the new one; of what is removed, the old one
	OldName string // where it was renamed; else ""
	// Fields are in the order in which the language reference has them. Of what was added or removed they tell what it
	// states beyond the defaults, with "" on the other side.
	Fields []FieldChange
	// Weight orders changes: the higher, the more a reviewer has to know of it.
	Weight int
	Effect Effect       // the gravest of its fields, or of its coming or going
	Place  schema.Range // where the new design declares it; of what is removed, where the old one did
}

// FieldChange is one field of a thing that changed: "replicas" from "3" to "1". A value is "" where the design does
// not state it and it has no default.
type FieldChange struct {
	Field    string // as in the design, with dots: "redundancy.mode"
	Old, New string // as a design states them: "3", "500ms", "99.9%", "[zone-a, zone-b]"
	Effect   Effect
	Place    schema.Range // where the new design states it, failing that the old one, failing that the thing
}

// Effect says in which direction a change works on what the design survives (of rules, waivers and policies: on what is
// checked), by the meaning of the field alone; what it really does is told by findings and figures.
type Effect string

// The effects.
const (
	Neutral     Effect = ""
	Strengthens Effect = "strengthens"
	Weakens     Effect = "weakens"
)

// Findings are those of the two states, matched by fingerprint, with names that were changed taken into account. Where a
// rule tells the same of one subject several times, as many are matched as both sides have.
//
// A finding that was waived and no longer is, is new; one that is waived now is fixed. What a baseline holds is not new,
// whatever the old state had.
type Findings struct {
	New       []*rules.Finding // of the new design
	Fixed     []*rules.Finding // of the old design
	Unchanged []*rules.Finding // of the new design
	Known     []*rules.Finding // of the new design: those that a baseline holds
	// NewlyKnown are those of Known that the old design did not have: the baseline took them in with the fault.
	NewlyKnown []*rules.Finding
	// Revealed are those of Unchanged that the old design had and did not tell, since another finding told of the cause;
	// Covered are those of the old design of which the same holds in the new one.
	Revealed, Covered []*rules.Finding
	// Waived are those of the new design that are waived there, and that the old design had not, or not waived.
	Waived []*rules.Finding
	// Unjudged are those of the old design whose rule takes no part in the run over the new one, or all of whose journeys
	// are gone there, or down before anything fails: they are neither there nor mended.
	Unjudged []*rules.Finding
	// Changed are those of Unchanged that are graver or lighter, or that concern other journeys.
	Changed []FindingChange
	// Counterparts gives, of New and Unchanged, the finding of the old design that it was, and of Fixed, that of the new
	// design that it became; it holds only those that have one. So a new finding was waived before (its counterpart's
	// Waiver says how) where it has one, and a fixed one is waived now.
	Counterparts map[*rules.Finding]*rules.Finding
}

// FindingChange is a finding that both states have, and that is not quite the same.
type FindingChange struct {
	Old, New *rules.Finding
	// GainedJourneys and LostJourneys are those that only the new one concerns, and only the old one, by the new names.
	GainedJourneys, LostJourneys []string
}

// SinglePoint is a module (one of its replicas), external module or failure domain that alone takes journeys down, as
// rules.SinglePoints tells them: neither waivers nor settings hide it.
type SinglePoint struct {
	Kind     rules.SubjectKind // module or failureDomain
	External bool              // the module is an external one
	Name     string
	Journeys []string // sorted
	Path     []string // from the entry of the first to the culprit
	Place    schema.Range
}

// JourneyChange tells how the standing of a journey changed.
type JourneyChange struct {
	Name, OldName string // as in Change
	Status        Status // Added, Removed or Changed; a journey that is only renamed has the same standing
	// SinglePoints are the numbers of single points of failure that take it down; Modules those of the modules that it
	// needs: its entry, and what that reaches along hard runtime dependencies, alternatives included. They are 0 on a side
	// without the journey.
	OldSinglePoints, NewSinglePoints int
	OldModules, NewModules           int
	// Down tells that it is down before anything fails.
	OldDown, NewDown bool
	// SurvivesOld and SurvivesNew are the kinds of failure domains of which it survives the loss of any one,
	// sorted: "host", "zone". They hold only kinds in which something that it needs is placed.
	SurvivesOld, SurvivesNew []string
}

// Figure is one number about the whole design, before and after. Known is false on a side without the design.
type Figure struct {
	ID                 string // "modules", "largestBlastRadius", for programs
	Name               string // for people
	Old, New           float64
	OldKnown, NewKnown bool
	Unit               string // "", "%" …
	MoreIs             Effect // whether a larger value weakens or strengthens; Neutral where neither
}

// ModuleFigures are those of one module, before and after; -1 on a side without the module.
type ModuleFigures struct {
	Name, OldName                  string // OldName is "" where it was not renamed
	OldBlast, NewBlast             int    // modules that go down with it as a whole, itself not counted
	OldFanIn, NewFanIn             int
	OldFanOut, NewFanOut           int
	OldInstability, NewInstability float64
}
