package typeset

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// levels returns the embedding level of each character of one paragraph, and the paragraph's own, by the
// Unicode bidirectional algorithm (UAX #9). There are no explicit marks in text that Clean has cleaned, so
// the rules X1 to X10 come to nothing and the paragraph is one sequence. The libraries at hand don't give
// the levels, without which numbers beside right-to-left words land in the wrong place.
func levels(text []rune) (level []uint8, paragraph uint8) {
	b := bidiLine{}
	for i, r := range text {
		p, _ := bidi.LookupRune(r)
		if c := p.Class(); c != bidi.BN { // rule X9
			b.at = append(b.at, i)
			b.class = append(b.class, c)
			b.original = append(b.original, c)
			b.bracket = append(b.bracket, bracketOf(p, r))
		}
	}
	for _, c := range b.class { // rules P2 and P3
		if c == bidi.L {
			break
		}
		if c == bidi.R || c == bidi.AL {
			paragraph = 1
			break
		}
	}
	b.embedding = bidi.L
	if paragraph == 1 {
		b.embedding = bidi.R
	}
	b.weak()
	b.brackets()
	b.neutral()

	level = make([]uint8, len(text))
	last, k := paragraph, 0
	for i := range text {
		if k < len(b.at) && b.at[k] == i {
			last = implicit(b.class[k], paragraph)
			k++
		}
		level[i] = last
	}
	for i := len(text) - 1; i >= 0; i-- { // rule L1
		p, _ := bidi.LookupRune(text[i])
		if c := p.Class(); c != bidi.WS && c != bidi.S && c != bidi.B && c != bidi.BN {
			break
		}
		level[i] = paragraph
	}
	return level, paragraph
}

// implicit gives a resolved class its level (rules I1 and I2).
func implicit(c bidi.Class, paragraph uint8) uint8 {
	switch {
	case c == bidi.R:
		return 1
	case c == bidi.L:
		return 2 * paragraph
	default:
		return 2 // a number
	}
}

// bracketOf returns a number that a bracket has in common with its partner, negative for the closing one; 0 for no bracket.
func bracketOf(p bidi.Properties, r rune) rune {
	if !p.IsBracket() {
		return 0
	}
	switch r { // equal by canonical decomposition (UAX #9, BD16)
	case 0x2329, 0x3008:
		return 0x2329
	case 0x232A, 0x3009:
		return -0x2329
	}
	if p.IsOpeningBracket() {
		return r
	}
	return -[]rune(bidi.ReverseString(string(r)))[0]
}

// bidiLine is a paragraph without the characters that take no part.
type bidiLine struct {
	at              []int
	class, original []bidi.Class
	bracket         []rune
	embedding       bidi.Class
}

// weak applies the rules W1 to W7.
func (b *bidiLine) weak() {
	c := b.class
	previous, strong := b.embedding, b.embedding
	for i := range c {
		if c[i] == bidi.NSM {
			c[i] = previous // W1
		}
		previous = c[i]
		switch c[i] {
		case bidi.L, bidi.R, bidi.AL:
			strong = c[i]
		case bidi.EN:
			if strong == bidi.AL {
				c[i] = bidi.AN // W2
			}
		}
	}
	for i := range c {
		if c[i] == bidi.AL {
			c[i] = bidi.R // W3
		}
	}
	for i := 1; i+1 < len(c); i++ { // W4
		if c[i-1] == c[i+1] && (c[i] == bidi.ES && c[i-1] == bidi.EN ||
			c[i] == bidi.CS && (c[i-1] == bidi.EN || c[i-1] == bidi.AN)) {
			c[i] = c[i-1]
		}
	}
	for i := 0; i < len(c); { // W5
		end := i
		for end < len(c) && c[end] == bidi.ET {
			end++
		}
		if end > i && (i > 0 && c[i-1] == bidi.EN || end < len(c) && c[end] == bidi.EN) {
			for k := i; k < end; k++ {
				c[k] = bidi.EN
			}
		}
		i = max(end, i+1)
	}
	strong = b.embedding
	for i := range c {
		switch c[i] {
		case bidi.ES, bidi.ET, bidi.CS:
			c[i] = bidi.ON // W6
		case bidi.L, bidi.R:
			strong = c[i]
		case bidi.EN:
			if strong == bidi.L {
				c[i] = bidi.L // W7
			}
		}
	}
}

// direction returns L or R for what is strong where neutral characters are resolved, numbers being R; else ON.
func direction(c bidi.Class) bidi.Class {
	switch c {
	case bidi.L:
		return bidi.L
	case bidi.R, bidi.EN, bidi.AN:
		return bidi.R
	}
	return bidi.ON
}

// deepestBracket is how many open brackets are remembered (UAX #9, BD16).
const deepestBracket = 63

// brackets applies the rule N0.
func (b *bidiLine) brackets() {
	var open []int
	var pairs [][2]int
scan:
	for i, bracket := range b.bracket {
		switch {
		case bracket == 0 || b.class[i] != bidi.ON:
		case bracket > 0:
			if len(open) == deepestBracket {
				break scan
			}
			open = append(open, i)
		default:
			for k := len(open) - 1; k >= 0; k-- {
				if b.bracket[open[k]] == -bracket {
					pairs = append(pairs, [2]int{open[k], i})
					open = open[:k]
					break
				}
			}
		}
	}
	slices.SortFunc(pairs, func(p, q [2]int) int { return p[0] - q[0] })
	for _, p := range pairs {
		same, other := false, false
		for i := p[0] + 1; i < p[1]; i++ {
			d := direction(b.class[i])
			same = same || d == b.embedding
			other = other || d != b.embedding && d != bidi.ON
		}
		if !same && !other {
			continue
		}
		to := b.embedding
		if !same {
			context := b.embedding
			for i := p[0] - 1; i >= 0; i-- {
				if d := direction(b.class[i]); d != bidi.ON {
					context = d
					break
				}
			}
			to = context // the other direction if that is what stands before, else the paragraph's
		}
		for _, i := range p {
			b.class[i] = to
			for k := i + 1; k < len(b.class) && b.original[k] == bidi.NSM; k++ {
				b.class[k] = to
			}
		}
	}
}

// neutral applies the rules N1 and N2.
func (b *bidiLine) neutral() {
	c := b.class
	before := b.embedding
	for i := 0; i < len(c); {
		if d := direction(c[i]); d != bidi.ON {
			before = d
			i++
			continue
		}
		end := i
		for end < len(c) && direction(c[end]) == bidi.ON {
			end++
		}
		after := b.embedding
		if end < len(c) {
			after = direction(c[end])
		}
		to := b.embedding
		if before == after {
			to = before
		}
		for ; i < end; i++ {
			c[i] = to
		}
	}
}

// RightToLeft tells whether s as a whole is read from right to left, which its first letter decides.
func RightToLeft(s string) bool {
	for _, r := range Clean(s) {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}
