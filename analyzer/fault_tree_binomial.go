package analyzer

import "math"

// BinomialTail is the probability that at least k of n independent events of probability p occur, to about 1e-13 of its
// size, however many they are.
//
// The first term is by C. Loader, Fast and accurate computation of binomial probabilities (2000), which loses no digits in
// the logarithms of large factorials; its neighbours follow by their ratio, down to where they no longer count.
func BinomialTail(n, k int, p float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n || p <= 0:
		return 0
	case p >= 1:
		return 1
	case float64(k) <= float64(n)*p: // the other side is the smaller one
		return max(0, 1-binomialSum(n, k-1, p, -1))
	}
	return min(1, binomialSum(n, k, p, 1))
}

// binomialSum adds up the probabilities of k, k+step, k+2·step, … of n, which fall.
func binomialSum(n, k int, p float64, step int) float64 {
	term := binomialTerm(n, k, p)
	sum := term
	for {
		if step > 0 {
			if k == n {
				break
			}
			term *= float64(n-k) / float64(k+1) * (p / (1 - p))
			k++
		} else {
			if k == 0 {
				break
			}
			term *= float64(k) / float64(n-k+1) * ((1 - p) / p)
			k--
		}
		sum += term
		if term <= sum*1e-18 {
			break
		}
	}
	return sum
}

// binomialTerm is the probability that exactly k of n occur, 0 < p < 1.
func binomialTerm(n, k int, p float64) float64 {
	x, m := float64(k), float64(n)
	switch k {
	case 0:
		return math.Exp(m * math.Log1p(-p))
	case n:
		return math.Exp(m * math.Log(p))
	}
	exponent := stirlingError(m) - stirlingError(x) - stirlingError(m-x) - deviance(x, m*p) - deviance(m-x, m*(1-p))
	return math.Exp(exponent) * math.Sqrt(m/(2*math.Pi*x*(m-x)))
}

// stirlingError is ln n! − ln(√(2πn)·(n/e)ⁿ).
func stirlingError(n float64) float64 {
	if n < 16 {
		f, _ := math.Lgamma(n + 1)
		return f - (n+0.5)*math.Log(n) + n - 0.5*math.Log(2*math.Pi)
	}
	s := n * n
	return (1./12 - (1./360-(1./1260-(1./1680-1./1188/s)/s)/s)/s) / n
}

// deviance is x·ln(x/m) + m − x, also where x is near m.
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	s := (x - m) * v
	e := 2 * x * v
	for j := 1.0; ; j++ {
		e *= v * v
		next := s + e/(2*j+1)
		if next == s {
			return s
		}
		s = next
	}
}
