package schema

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// TestDecimal compares decimals with big.Rat.
func TestDecimal(t *testing.T) {
	number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,2})?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, err := parseDecimal(a)
		if err != nil {
			t.Fatal(err)
		}
		y, err := parseDecimal(b)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := new(big.Rat).SetString(a)
		q, _ := new(big.Rat).SetString(b)
		if got, want := x.compare(y), p.Cmp(q); got != want {
			t.Fatalf("%s and %s: %d, want %d", a, b, got, want)
		}
		if f, ok := x.float64(); ok {
			if want, _ := p.Float64(); f != want {
				t.Fatalf("%s: %v, want %v", a, f, want)
			}
		}
		n, ok := x.int64()
		if fits := p.IsInt() && p.Num().IsInt64(); ok != fits || ok && n != p.Num().Int64() {
			t.Fatalf("%s: %d, %v; want %v", a, n, ok, p)
		}
		if back, ok := new(big.Rat).SetString(x.shift(2)); !ok || back.Cmp(new(big.Rat).Mul(p, big.NewRat(100, 1))) != 0 {
			t.Fatalf("%s × 100 is written as %s", a, x.shift(2))
		}
	})
}

func TestDecimalForms(t *testing.T) {
	for s, want := range map[string]struct {
		n       int64
		integer bool
	}{
		"3": {3, true}, "-0": {0, true}, "1_000": {1000, true}, "1K": {1000, true}, "1.5K": {1500, true}, "1Ki": {1024, true},
		"0x1F": {31, true}, "0b101": {5, true}, "0o17": {15, true}, "3.0": {3, false}, "1e3": {1000, false}, "3.0e0": {3, false}, "-2": {-2, true},
		"9223372036854775807": {9223372036854775807, true}, "-9223372036854775808": {-9223372036854775808, true},
	} {
		d, err := parseDecimal(s)
		if err != nil || d.integer != want.integer {
			t.Errorf("%s: %+v, %v", s, d, err)
			continue
		}
		if n, ok := d.int64(); !ok || n != want.n {
			t.Errorf("%s: %d, want %d", s, n, want.n)
		}
	}
	for _, s := range []string{"", "-", "x", "1e100001", "1e-100001", "1e99999999999999999999", "0x", "1.2.3", "Infinity", "NaN", "007", "1 "} {
		if d, err := parseDecimal(s); err == nil {
			t.Errorf("%q is read as %+v", s, d)
		}
	}
	for _, s := range []string{"9223372036854775808", "1e99999", "2.5"} {
		d, err := parseDecimal(s)
		if _, ok := d.int64(); err != nil || ok {
			t.Errorf("%s fits an int64 (%v)", s, err)
		}
	}
}
