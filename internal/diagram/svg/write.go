package svg

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
)

// text escapes s for the content of elements and of attributes in double quotes. What XML 1.0 has no place
// for becomes a space or U+FFFD.
func text(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r < 0x20 || r >= 0x7f && r <= 0x9f:
			b.WriteByte(' ')
		case r == utf8.RuneError, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			b.WriteRune(utf8.RuneError)
		default:
			_, n := utf8.DecodeRuneInString(s[i:])
			b.WriteString(s[i : i+n])
		}
	}
	return b.String()
}

func hex(c scene.Color) string {
	const digits = "0123456789abcdef"
	b := []byte{'#'}
	short := true
	for _, v := range []uint8{c.R, c.G, c.B} {
		b = append(b, digits[v>>4], digits[v&15])
		short = short && v>>4 == v&15
	}
	if short {
		return string([]byte{'#', b[1], b[3], b[5]})
	}
	return string(b)
}

// cents is a length in hundredths, the finest that is written.
type cents int64

func inCents(v float64) cents {
	if math.IsNaN(v) || math.Abs(v) > 1e9 {
		return 0
	}
	return cents(math.Round(v * 100))
}

// number writes v with at most two decimals.
func number(v float64) string { return string(inCents(v).append(nil)) }

func (c cents) append(b []byte) []byte {
	if c < 0 {
		b, c = append(b, '-'), -c
	}
	whole, rest := c/100, c%100
	if whole > 0 || rest == 0 {
		b = strconv.AppendInt(b, int64(whole), 10)
	}
	if rest > 0 {
		b = append(b, '.', byte('0'+rest/10))
		if rest%10 > 0 {
			b = append(b, byte('0'+rest%10))
		}
	}
	return b
}

// pathData writes segments with steps relative to where the pen is, in whole hundredths, so that no error adds up.
func pathData(segs []scene.Segment) string {
	var b []byte
	var x, y, startX, startY cents
	last := byte(0)
	command := func(c byte) {
		if c != last {
			b = append(b, c)
		}
		last = c
	}
	value := func(v cents) {
		if n := len(b); v >= 0 && (b[n-1] >= '0' && b[n-1] <= '9') {
			b = append(b, ' ')
		}
		b = v.append(b)
	}
	for _, s := range segs {
		px, py := inCents(s.P.X), inCents(s.P.Y)
		switch s.Op {
		case scene.Move:
			last = 0
			command('M')
			value(px)
			value(py)
			startX, startY = px, py
			last = 0
		case scene.Line:
			switch {
			case py == y:
				command('h')
				value(px - x)
			case px == x:
				command('v')
				value(py - y)
			default:
				command('l')
				value(px - x)
				value(py - y)
			}
		case scene.Curve:
			command('c')
			for _, v := range []cents{inCents(s.C1.X) - x, inCents(s.C1.Y) - y, inCents(s.C2.X) - x, inCents(s.C2.Y) - y, px - x, py - y} {
				value(v)
			}
		case scene.Close:
			b = append(b, 'z')
			last = 0
			x, y = startX, startY
			continue
		}
		x, y = px, py
	}
	return string(b)
}

// fontRules returns @font-face rules with the fonts in them.
func fontRules(fonts []typeset.WebFont) string {
	var b strings.Builder
	for _, f := range fonts {
		b.WriteString("@font-face{font-family:'" + f.Family + "';font-weight:" + f.Weight + ";src:url(data:font/ttf;base64,")
		b.WriteString(base64.StdEncoding.EncodeToString(f.Data))
		b.WriteString(") format('truetype')}")
	}
	return b.String()
}
