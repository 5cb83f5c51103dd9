package analyzer

import (
	"math"
	"math/big"
	"testing"
)

// exactTail sums in rational numbers, p given as that of its double.
func exactTail(n, k int, p float64) float64 {
	q := new(big.Float).SetPrec(400).SetFloat64(p)
	r := new(big.Float).SetPrec(400).Sub(big.NewFloat(1).SetPrec(400), q)
	power := func(x *big.Float, e int) *big.Float {
		out := big.NewFloat(1).SetPrec(400)
		for b := new(big.Float).SetPrec(400).Set(x); e > 0; e >>= 1 {
			if e&1 == 1 {
				out.Mul(out, b)
			}
			b = new(big.Float).SetPrec(400).Mul(b, b)
		}
		return out
	}
	sum := new(big.Float).SetPrec(400)
	for i := max(k, 0); i <= n; i++ {
		t := new(big.Float).SetPrec(400).SetInt(new(big.Int).Binomial(int64(n), int64(i)))
		sum.Add(sum, t.Mul(t, power(q, i)).Mul(t, power(r, n-i)))
	}
	f, _ := sum.Float64()
	return f
}

func TestBinomialTail(t *testing.T) {
	for _, n := range []int{1, 2, 3, 5, 16, 17, 40, 300} {
		for _, p := range []float64{1e-12, 1e-5, 0.001, 0.01, 0.3, 0.5, 0.77, 0.999, 1 - 1e-9} {
			for _, k := range []int{-1, 0, 1, 2, n / 100, n / 10, n / 3, n / 2, n/2 + 1, n - n/5, n - 1, n, n + 1} {
				got, want := BinomialTail(n, k, p), exactTail(n, k, p)
				if want < 1e-290 {
					continue
				}
				if math.Abs(got-want) > 2e-13*want {
					t.Errorf("P(at least %d of %d, each %g) = %.17g, want %.17g", k, n, p, got, want)
				}
			}
		}
	}
	for _, p := range []float64{0, 1} {
		if got := BinomialTail(5, 2, p); got != p {
			t.Errorf("p %g: %g", p, got)
		}
	}
}

// A million replicas and more: against the normal distribution, which is near there.
func TestBinomialTailOfMany(t *testing.T) {
	for _, n := range []int{1_000_000, 1_000_000_000} {
		mean, sd := float64(n)*0.01, math.Sqrt(float64(n)*0.01*0.99)
		for _, z := range []float64{-3, -1, 0, 1, 2, 3} {
			k := int(mean + z*sd)
			got, normal := BinomialTail(n, k, 0.01), 0.5*math.Erfc((float64(k)-0.5-mean)/sd/math.Sqrt2)
			if math.Abs(got-normal) > 0.05*normal {
				t.Errorf("P(at least %d of %d) = %g, about %g", k, n, got, normal)
			}
		}
		if got := BinomialTail(n, n/2, 0.01); got != 0 {
			t.Errorf("half of %d: %g", n, got)
		}
	}
}
