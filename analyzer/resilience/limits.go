package resilience

import (
	"sync/atomic"

	"lintel/analyzer/faulttree"
)

// Limits bound each computation.
type Limits struct {
	Nodes int          // of one diagram; 0 is faulttree.DefaultNodes
	Stop  *atomic.Bool // set when the time is over; may be nil
}

func (l Limits) budget() faulttree.Budget { return faulttree.Budget{Nodes: l.Nodes, Stop: l.Stop} }

func (l Limits) stopped() bool { return l.Stop != nil && l.Stop.Load() }
