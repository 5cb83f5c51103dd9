package schema

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"cuelang.org/go/cue/literal"
)

// decimal is a number as it is written, exactly: 0.digits × 10^exp. Bounds are checked on it, since
// a float64 would round 100.00000000000000001 to 100.
type decimal struct {
	neg     bool
	digits  string // without zeros at either end; "" for zero
	exp     int
	integer bool // written as an integer: 3, not 3.0 or 3e0
}

// maxExponent is the largest power of ten that CUE reads rightly.
const maxExponent = 100_000

// parseDecimal reads a number literal of CUE, JSON or YAML.
func parseDecimal(s string) (decimal, error) {
	text, integer := s, true
	if !isPlain(s) {
		var info literal.NumInfo
		if err := literal.ParseNum(s, &info); err != nil {
			return decimal{}, err
		}
		text, integer = info.String(), info.IsInt()
	}
	d := decimal{integer: integer}
	text, d.neg = strings.CutPrefix(text, "-")
	mantissa, power := text, ""
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa, power = text[:i], text[i+1:]
		e, err := strconv.Atoi(power)
		if err != nil || e > maxExponent || e < -maxExponent {
			return decimal{}, fmt.Errorf("the exponent %s is out of range", power)
		}
		d.exp = e
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	d.exp += len(whole)
	d.digits = whole + fraction
	n := len(d.digits)
	d.digits = strings.TrimLeft(d.digits, "0")
	d.exp -= n - len(d.digits)
	d.digits = strings.TrimRight(d.digits, "0")
	if d.digits == "" {
		d.exp, d.neg = 0, false
	}
	return d, nil
}

// isPlain reports whether s is a decimal integer without separators or leading zeros.
func isPlain(s string) bool {
	s = strings.TrimPrefix(s, "-")
	if s == "" || s[0] == '0' && len(s) > 1 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func (d decimal) compare(o decimal) int {
	switch {
	case d.neg != o.neg:
		if d.neg {
			return -1
		}
		return 1
	case d.neg:
		return magnitude(o, d)
	}
	return magnitude(d, o)
}

// magnitude compares without regard to the sign.
func magnitude(a, b decimal) int {
	switch {
	case a.digits == "" || b.digits == "":
		return cmp.Compare(len(a.digits), len(b.digits))
	case a.exp != b.exp:
		return cmp.Compare(a.exp, b.exp)
	}
	return strings.Compare(a.digits, b.digits)
}

// holds reports whether d lies in the range, or why not: its kind (a fraction where an integer is asked
// for), below it or above it.
func (r *numberRange) holds(d decimal) (ok bool, why rangeFault) {
	if r.integer && !d.integer {
		return false, notInteger
	}
	if r.min != "" {
		bound, err := parseDecimal(r.min)
		if c := d.compare(bound); err != nil || c < 0 || c == 0 && r.above {
			return false, tooSmall
		}
	}
	if r.max != "" {
		bound, err := parseDecimal(r.max)
		if err != nil || d.compare(bound) > 0 {
			return false, tooLarge
		}
	}
	return true, 0
}

type rangeFault uint8

const (
	notInteger rangeFault = iota + 1
	tooSmall
	tooLarge
)

// int64 gives the value of an integer; ok is false where it does not fit.
func (d decimal) int64() (n int64, ok bool) {
	if d.digits == "" {
		return 0, true
	}
	if d.exp < len(d.digits) || d.exp > 19 {
		return 0, false
	}
	text := d.digits + strings.Repeat("0", d.exp-len(d.digits))
	if d.neg {
		text = "-" + text
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// float64 gives the nearest float64; ok is false where it overflows.
func (d decimal) float64() (f float64, ok bool) {
	if d.digits == "" {
		return 0, true
	}
	f, err := strconv.ParseFloat("0."+d.digits+"e"+strconv.Itoa(d.exp), 64)
	if d.neg {
		f = -f
	}
	return f, err == nil || !math.IsInf(f, 0)
}

// shift gives d × 10^n, written plainly.
func (d decimal) shift(n int) string {
	d.exp += n
	text := d.digits
	switch {
	case text == "":
		return "0"
	case d.exp <= -20 || d.exp > 20:
		text = "0." + text + "e" + strconv.Itoa(d.exp)
	case d.exp <= 0:
		text = "0." + strings.Repeat("0", -d.exp) + text
	case d.exp >= len(text):
		text += strings.Repeat("0", d.exp-len(text))
	default:
		text = text[:d.exp] + "." + text[d.exp:]
	}
	if d.neg {
		text = "-" + text
	}
	return text
}
