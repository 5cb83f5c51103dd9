package schema

import (
	"strings"

	"cuelang.org/go/cue/literal"
	"github.com/cockroachdb/apd/v3"
)

// numberText gives the canonical text of a CUE number literal: digits alone for an integer, and a
// text with a point or an exponent for any other number.
func numberText(lit string, negative bool) (string, bool) {
	var info literal.NumInfo
	if err := literal.ParseNum(lit, &info); err != nil {
		return "", false
	}
	var d apd.Decimal
	if err := info.Decimal(&d); err != nil || d.Form != apd.Finite {
		return "", false
	}
	d.Negative = negative != d.Negative
	return decimalText(&d, info.IsInt()), true
}

// decimalText is the canonical text of d.
func decimalText(d *apd.Decimal, isInt bool) string {
	if d.IsZero() {
		if isInt {
			return "0"
		}
		return "0.0"
	}
	if isInt {
		return d.Text('f')
	}
	var r apd.Decimal
	r.Reduce(d)
	if r.Exponent < -30 || r.Exponent > 30 {
		return r.Text('E')
	}
	s := r.Text('f')
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}
