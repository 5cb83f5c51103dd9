package analyzer

import "math"

// eliminationLimit is the size up to which the equations of a component are solved by elimination,
// in time that grows with its cube.
const eliminationLimit = 200

// iterationLimit bounds the work on a larger component, in edges looked at.
const iterationLimit = 1 << 25

// cycleFlows is a strongly connected network in which each vertex passes on what it gets, times the
// gain of each edge. What arrives at the vertices in total, y, is the solution of y = inflow + G*y,
// with G the matrix of the gains.
type cycleFlows struct {
	inflow   []float64 // by vertex, from outside; not negative
	from, to []int32   // by edge
	gain     []float64 // by edge, positive
}

type flowVerdict uint8

const (
	flowsConverge flowVerdict = iota
	flowsDiverge              // what is passed on grows with each round
	flowsUndecided
)

// solve returns what arrives at each vertex. Where the verdict is flowsUndecided it is a lower
// bound, where it is flowsDiverge nil.
//
// The flow is finite for some positive inflow, and so for every inflow, exactly if the spectral
// radius of G is below 1 (Perron and Frobenius).
func (f *cycleFlows) solve() ([]float64, flowVerdict) {
	var y []float64
	verdict := flowsDiverge
	if len(f.inflow) <= eliminationLimit {
		y, verdict = f.eliminate()
	} else {
		y, verdict = f.iterate()
	}
	for _, x := range y {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, flowsDiverge // too large for a number
		}
	}
	return y, verdict
}

// eliminate solves the equations by Gaussian elimination. The matrix I-G has no positive entry off
// the diagonal; its pivots, taken in any order, are all positive exactly if the spectral radius of G
// is below 1, when it is a nonsingular M-matrix. Nothing cancels but on the diagonal, so no order of
// pivots is better than another.
//
// Source: A. Berman, R. Plemmons, Nonnegative Matrices in the Mathematical Sciences, 1979, chapter 6.
func (f *cycleFlows) eliminate() ([]float64, flowVerdict) {
	const smallest = 1e-9 // a pivot below is zero but for rounding
	n := len(f.inflow)
	m := make([]float64, n*n)
	y := append([]float64(nil), f.inflow...)
	for i := range n {
		m[i*n+i] = 1
	}
	for e, gain := range f.gain {
		m[int(f.to[e])*n+int(f.from[e])] -= gain
	}
	for k := range n {
		pivot := m[k*n+k]
		if !(pivot > smallest) {
			return nil, flowsDiverge
		}
		for i := k + 1; i < n; i++ {
			if m[i*n+k] == 0 {
				continue
			}
			factor := m[i*n+k] / pivot
			for j := k; j < n; j++ {
				m[i*n+j] -= factor * m[k*n+j]
			}
			y[i] -= factor * y[k]
		}
	}
	for k := n - 1; k >= 0; k-- {
		for j := k + 1; j < n; j++ {
			y[k] -= m[k*n+j] * y[j]
		}
		y[k] /= m[k*n+k]
	}
	return y, flowsConverge
}

// iterate first finds whether the spectral radius r of G is below 1, from a positive vector x: the
// least of (G*x)[i]/x[i] is at most r, and the largest at least r (Collatz and Wielandt). Then it
// sums up the series, each partial sum of which is a lower bound.
func (f *cycleFlows) iterate() ([]float64, flowVerdict) {
	n := len(f.inflow)
	rounds := max(iterationLimit/(n+len(f.gain)), 1)
	x, next := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = 1
	}
	verdict := flowsUndecided
	for r := 0; r < rounds && verdict == flowsUndecided; r++ {
		clear(next)
		for e, gain := range f.gain {
			next[f.to[e]] += gain * x[f.from[e]]
		}
		least, largest, sum := math.Inf(1), 0.0, 0.0
		for i := range x {
			least, largest = min(least, next[i]/x[i]), max(largest, next[i]/x[i])
			next[i] += x[i] // so that the iteration settles where the lengths of the cycles have a common divisor
			sum += next[i]
		}
		switch {
		case math.IsInf(sum, 0) || math.IsNaN(sum):
			return f.inflow, flowsUndecided
		case least >= 1:
			return nil, flowsDiverge
		case largest < 1:
			verdict = flowsConverge
		}
		for i := range x {
			x[i] = max(next[i]/sum, math.SmallestNonzeroFloat64)
		}
	}
	y := append([]float64(nil), f.inflow...)
	for range rounds {
		copy(next, f.inflow)
		for e, gain := range f.gain {
			next[f.to[e]] += gain * y[f.from[e]]
		}
		change := 0.0
		for i := range y {
			if next[i] > 0 {
				change = max(change, (next[i]-y[i])/next[i])
			}
		}
		y, next = next, y
		if change < 1e-14 {
			return y, verdict
		}
	}
	return y, flowsUndecided
}
