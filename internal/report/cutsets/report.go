// Package cutsets prints minimal cut sets and the figures that go with them, as text and as JSON. It decides nothing: what
// is exact, what is shown and in which order is settled before.
package cutsets

import (
	"iter"
	"math"
	"math/big"
)

// Report is what the printed targets have in common.
type Report struct {
	System string // the name of the design; "" of a file of fault trees
	Path   string // as the user named it
	// Limit is the largest number of cut sets that are shown of each target, symmetric ones counted once; negative is no
	// limit.
	Limit int
	// MaxOrder is the largest number of events of the cut sets that were asked for; 0 is no limit.
	MaxOrder int
	// Pessimistic is the availability, in percent, that unknown parts have in Target.Worst.
	Pessimistic float64
}

// Kind says what a target is.
type Kind uint8

// The kinds of targets.
const (
	Journey Kind = iota // of a design
	Module              // of a design
	Tree                // of a file of fault trees
)

// Target is one journey, module or fault tree.
type Target struct {
	Kind Kind
	Name string
	// ByOrder holds the exact numbers of minimal cut sets by order, from 0. Where Counted is not negative, only those up to
	// that order are known.
	ByOrder []*big.Int
	Counted int
	// TooManyReplicas tells that more were not counted because modules have more replicas than are told apart.
	TooManyReplicas bool
	// Best and Worst are the probabilities of failure with all that is unknown perfect and at the pessimistic value; they are
	// equal where nothing is unknown.
	Best, Worst Probability
	// Unknown names the events that take part and have no stated availability.
	Unknown []string
	// AllUnknown is set where no event that takes part has one.
	AllUnknown bool
	// Sets gives the cut sets in order of size, then falling probability; nil where none are known.
	Sets iter.Seq[Set]
	// SetsTo is the largest order that Sets goes to where the sets of higher ones are not known; otherwise negative.
	SetsTo int
}

// Count is the number of all cut sets, nil where it is not known.
func (t *Target) Count() *big.Int {
	if t.Counted >= 0 {
		return nil
	}
	sum := new(big.Int)
	for _, n := range t.ByOrder {
		sum.Add(sum, n)
	}
	return sum
}

// Exact reports whether both the numbers and the probabilities are exact.
func (t *Target) Exact() bool {
	return t.Counted < 0 && t.Best.Method == "" && t.Worst.Method == ""
}

// Probability is a probability of failure, from 0 to 1. Where Method is "interval" it certainly lies between Low and High,
// where it is "simulated" with the probability Confidence. An exact one has no method, and Low equals High.
type Probability struct {
	Low, High  float64
	Method     string
	Confidence float64
	// Certain is, of a simulated one, the wider interval that certainly holds it.
	Certain [2]float64
}

// Exactly gives an exact probability.
func Exactly(p float64) Probability { return Probability{Low: p, High: p} }

// Set is a minimal cut set, or several that are alike.
type Set struct {
	Order       int
	Events      []string // that all of them hold
	Choose      []Choice
	Number      *big.Int
	Probability float64 // of each; NaN where it is not known
}

// Choice is any Count of members that are alike. Of lists, by member, the events that bring it down. Two choices of the
// same group take different members: member i of one is member i of the other.
type Choice struct {
	Group int
	Count int
	Of    [][]string
}

func unknown(p float64) bool { return math.IsNaN(p) }
