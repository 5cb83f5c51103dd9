package diagram

import (
	"errors"

	"lintel/analyzer"
	"lintel/rules"
)

// Build makes the diagram of the design that a analyses. Its findings are marked where o asks for it;
// otherwise r may be nil. An error is an *OptionError.
func Build(a *analyzer.Analysis, r *rules.Result, o Options) (*Diagram, error) {
	return nil, errors.New("not yet")
}

// ParseSelector reads "kind=database,cache".
func ParseSelector(option, text string) (Selector, error) {
	return Selector{}, errors.New("not yet")
}

// Caption returns what a node says below its name, at most two short lines, plain text: "database · PostgreSQL 16",
// "×3 · quorum, 2 needed · tier 0".
func (n *Node) Caption() []string { return nil }

// Label returns what is written on the edge: its protocol, phase, or number of dependencies; "" for nothing.
func (e *Edge) Label() string { return "" }

// LegendEntry explains one sign of the picture.
type LegendEntry struct {
	Sign Sign
	Kind string // of SignKind: the module kind
	Text string
}

// Sign names a sign that a legend explains.
type Sign string

// The signs.
const (
	SignKind     Sign = "kind"     // a module's shape and icon
	SignReplicas Sign = "replicas" // stacked boxes
	SignSummary  Sign = "summary"  // a group as one box
	SignChoice   Sign = "choice"   // alternatives
	SignEntry    Sign = "entry"    // called from outside
	SignSync     Sign = "sync"     // line: hard, synchronous, at run time
	SignAsync    Sign = "async"
	SignSoft     Sign = "soft"
	SignPhase    Sign = "phase" // needed at startup, deploy or recovery only
	SignCycle    Sign = "cycle"
	SignError    Sign = "error" // culprit of a finding, by severity
	SignWarning  Sign = "warning"
	SignInfo     Sign = "info"
	SignPath     Sign = "path" // on the path of a finding
	SignFailed   Sign = "failed"
	SignDown     Sign = "down"
	SignDegraded Sign = "degraded"
	SignFaded    Sign = "faded"
	SignCell     Sign = "cell" // matrix: row needs column
	SignSoftCell Sign = "soft-cell"
)

// Legend lists the signs that occur in d, and only those, in a fixed order.
func (d *Diagram) Legend() []LegendEntry { return nil }
