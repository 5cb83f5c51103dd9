package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"lintel/schema"
)

// Severity says how much a finding weighs.
type Severity uint8

// The severities, from the least.
const (
	Off Severity = iota
	Info
	Warning
	Error
)

var severityNames = [...]string{"off", "info", "warning", "error"}

// String gives "off", "info", "warning" or "error".
func (s Severity) String() string { return severityNames[s] }

// ParseSeverity reads what String gives.
func ParseSeverity(s string) (Severity, bool) {
	for i, name := range severityNames {
		if s == name {
			return Severity(i), true
		}
	}
	return Off, false
}

// SubjectKind says what kind of thing a finding speaks of.
type SubjectKind string

// The kinds of subjects.
const (
	OfModule        SubjectKind = "module"
	OfDependency    SubjectKind = "dependency" // named "a -> b"
	OfFailureDomain SubjectKind = "failureDomain"
	OfJourney       SubjectKind = "journey"
	OfTransaction   SubjectKind = "transaction"
	OfGroup         SubjectKind = "group"
	OfTeam          SubjectKind = "team"
	OfSystem        SubjectKind = "system"
)

// Subject is what a finding speaks of.
type Subject struct {
	Kind SubjectKind
	Name string
}

// Finding is one fault that a rule found, with its proof and what to do about it.
type Finding struct {
	Rule     *Rule
	Severity Severity
	System   string
	Subject  Subject
	// Message says in plain words, on one line, what is wrong and what follows from it.
	Message  string
	Location schema.Range // the one line that declares the subject
	Related  []Related    // other places that belong to the fault, in order of reading
	Journeys []string     // the journeys concerned, sorted
	// Path is the proof: names of modules from the entry (or the first in a chain or cycle; a cycle
	// repeats its first at its end) to the culprit.
	Path []string
	// Paths holds one path for each of several journeys; Path is then the first one's.
	Paths []JourneyPath
	// Suggestions name concrete changes, the best first, each one line.
	Suggestions []string
	// Remedies tell, of those suggestions that are changes of the design, what they change and achieve, in order of
	// Suggestion. They are no part of what a finding is: neither its fingerprint nor a baseline knows them.
	Remedies []Remedy
	// Key tells apart findings of one rule on one subject; "" where there can be but one. It must
	// not depend on places or order.
	Key string
	// Aliases are further names by which a waiver may name the subject, such as a module that a
	// dependency starts from.
	Aliases []string

	Waiver *schema.Waiver // what waives it, or nil
}

// Related is a further place of a finding.
type Related struct {
	Message  string
	Location schema.Range
}

// JourneyPath is the way by which a journey reaches a culprit.
type JourneyPath struct {
	Journey string
	Path    []string
}

// Fingerprint names the finding across runs: the same for moved lines, renamed files and reordered
// declarations; 32 hexadecimal digits.
func (f *Finding) Fingerprint() string {
	h := sha256.Sum256([]byte(strings.Join([]string{f.Rule.ID, f.System, string(f.Subject.Kind), f.Subject.Name, f.Key}, "\x00")))
	return hex.EncodeToString(h[:16])
}

// Unchecked tells of checks that a rule did not make: because the design does not state what they need, or because they
// are more work than is allowed.
type Unchecked struct {
	Rule   *Rule
	Fields []string // that are not stated, in the order that the rule names them
	Bound  string   // the parameter of the rule that bounds the work; "" where fields are not stated
	Count  int      // modules, dependencies, journeys … for which the check was not made
}
