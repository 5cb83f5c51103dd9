package schema

import "cuelang.org/go/cue"

// Policy is a rule of the team's own, as a design or a settings file states it.
type Policy struct {
	Name        string
	Message     string // a template; see the package rules
	Severity    string // "" when not stated, else off, info, warning or error
	Description string // why, for "lintel explain"
	Link        string // an address that tells more
	// Value is the policy as a CUE value. Selectors and requirements in it are constraints and seldom concrete. CUE
	// values of one context must not be used by two goroutines at once: whoever uses it holds Lock.
	Value cue.Value
	Lock  *PolicyLock
	// OK and Bad are examples: designs that the policy has nothing to say about, and such that it finds at fault.
	OK, Bad []PolicyExample

	Pos    Range  // of the policy's name
	Places Places // of its fields
}

// PolicyExample is a design that stands beside a policy.
type PolicyExample struct {
	Name   string // "" in a list
	Value  cue.Value
	Design *Design // as Load would give it
	Pos    Range
}

// At returns the place of a field, or of the policy where the field is not stated.
func (p *Policy) At(field string) Range { return place(p.Places, field, p.Pos) }
