package cutsets

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// figure gives a probability in three digits.
func figure(p float64) string { return figureIn(p, 0) }

// figureIn is figure with more digits.
func figureIn(p float64, more int) string {
	if unknown(p) {
		return "unknown"
	}
	digits := 3
	if p > 0.99 && p < 1 { // never rounded to 1
		digits = 1 - int(math.Floor(math.Log10(1-p)))
	}
	return strconv.FormatFloat(p, 'g', min(digits+more, 17), 64)
}

// ends gives both ends of an interval, with so many more digits that they differ where that can be.
func ends(a, b float64, in func(x float64, more int) string) (string, string) {
	from, to := in(a, 0), in(b, 0)
	for more := 1; from == to && a != b && more <= 17; more++ {
		from, to = in(a, more), in(b, more)
	}
	return from, to
}

// percent gives the availability that is left by a probability of failure, to the second digit in which it differs from
// 100 %, and from 0 %.
func percent(failure float64) string { return percentIn(failure, 0) }

// percentIn is percent with more digits.
func percentIn(failure float64, more int) string {
	const closest = 1e-12 // below it the digits of a float64 no longer tell
	switch {
	case failure <= 0:
		return "100 %"
	case failure >= 1:
		return "0 %"
	case failure < closest:
		return "over 99.9999999999 %"
	}
	digits := min(max(1, -1-int(math.Floor(math.Log10(failure))), 1-int(math.Floor(math.Log10(100*(1-failure)))))+more, 17)
	return strconv.FormatFloat(100*(1-failure), 'f', digits, 64) + " %"
}

// String says what a probability is, and how it is known.
func (p Probability) String() string {
	low, high := ends(p.Low, p.High, figureIn)
	switch p.Method {
	case "":
		return low
	case "simulated":
		return fmt.Sprintf("about %s (%s %% sure of %s to %s)", figure((p.Low+p.High)/2), strconv.FormatFloat(100*p.Confidence, 'f', -1, 64), low, high)
	}
	return fmt.Sprintf("between %s and %s", low, high)
}

// grouped gives a whole number with a comma between each three digits. JSON has all digits of those that are too long.
func grouped(n *big.Int) string {
	s := n.String()
	if len(s) > 30 {
		return "about " + new(big.Float).SetInt(n).Text('g', 4)
	}
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func plural(n *big.Int, what string) string {
	if n.IsInt64() && n.Int64() == 1 {
		return grouped(n) + " " + what
	}
	return grouped(n) + " " + what + "s"
}

// countedBy gives "2 of order 1, 11 of order 2". After the number of all sets it leads on from that, and gives ", all of
// order 2" where there is one order only.
func countedBy(byOrder []*big.Int, afterAll bool) string {
	var parts []string
	last := 0
	for order, n := range byOrder {
		if n.Sign() > 0 {
			parts = append(parts, fmt.Sprintf("%s of order %d", grouped(n), order))
			last = order
		}
	}
	switch {
	case !afterAll:
		return strings.Join(parts, ", ")
	case len(parts) > 1:
		return ": " + strings.Join(parts, ", ")
	case byOrder[last].Cmp(big.NewInt(1)) == 0:
		return fmt.Sprintf(", of order %d", last)
	}
	return fmt.Sprintf(", all of order %d", last)
}
