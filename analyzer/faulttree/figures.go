package faulttree

import (
	"math"
	"math/big"
)

// Figures are what a budget tells of a tree. Nothing of it is an estimate.
type Figures struct {
	// Count is the exact numbers of minimal cut sets by the number of their events, from 0 to Orders.
	Count []*big.Int
	// Orders is the highest order that is counted; AllOrders where there are no further sets, or none that were asked for.
	Orders int
	// Low and High bound the probability of the top. They are equal where it is exact, and NaN where it depends on one
	// that is not known.
	Low, High float64
}

// AllOrders is more than the order of any set.
const AllOrders = math.MaxInt32

// quickNodes is the size of the diagrams with which Figures tries to be exact before it bounds anything: half a second
// on a slow machine, and enough for most trees.
const quickNodes = 1 << 18

// Figures computes the numbers of minimal cut sets up to an order (all for 0) and the probability. What is not known
// exactly after a short try is bounded first, and its low orders counted, so that these are there when the rest of the
// budget is spent on the exact figures in vain.
func (m *Model) Figures(maxOrder int, b Budget) Figures {
	f := Figures{Orders: AllOrders}
	var counted, known bool
	exact := func(b Budget) {
		if !counted {
			f.Count, counted = m.CountByOrder(maxOrder, b)
		}
		if !known {
			f.Low, known = m.Probability(b)
			f.High = f.Low
		}
	}
	quick := Budget{Nodes: min(b.nodes(), quickNodes), Stop: b.Stop}
	exact(quick)
	if known && counted {
		return f
	}
	var lowest []*big.Int
	if !counted {
		lowest = m.CountLowest(3, quick)
	}
	var bounds interval
	if !known {
		bounds.low, bounds.high = m.Bounds(1, b.Stop)
	}
	if !b.stopped() {
		exact(b)
	}
	if !known {
		f.Low, f.High = bounds.low, bounds.high
	}
	if !counted {
		f.Count, f.Orders = lowest, max(len(lowest)-1, 0)
	}
	return f
}
