package typeset

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean returns s as it is set, and as a file must state it to be read back alike: valid UTF-8 without
// control characters. Whatever Unicode counts as space, line break or control is one space each, invalid
// bytes are U+FFFD, and characters that show nothing of themselves are left out: direction marks and
// overrides, soft hyphens, zero-width spaces, variation selectors and joiners that join nothing. The other
// functions clean what they are given; Clean(Clean(s)) == Clean(s).
func Clean(s string) string {
	if clean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	before := rune(-1) // what was written last
	flag := false      // in a flag that is spelled with tags, such as Scotland's
	write := func(r rune) {
		b.WriteRune(r)
		before = r
	}
	for _, r := range s { // an invalid byte reads as U+FFFD
		tag := r >= 0xE0020 && r <= 0xE007F
		switch {
		case tag && flag:
			write(r)
			continue
		case r == zeroWidthJoiner || r == zeroWidthNonJoiner:
			if joins(before) {
				write(r)
			}
		case r == 0xA0:
			write(r)
		case r == ' ', unicode.IsControl(r), unicode.In(r, unicode.Z):
			write(' ')
		case ignorable(r):
		case r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF: // no characters; XML has no place for some
			write(utf8.RuneError)
		default:
			write(r)
		}
		flag = r == 0x1F3F4
	}
	return b.String()
}

const (
	zeroWidthNonJoiner = 0x200C
	zeroWidthJoiner    = 0x200D
)

// clean tells of most texts at once that there is nothing to do.
func clean(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// joins tells whether a joiner after r can change how it looks: in scripts whose letters join, and in emoji.
func joins(r rune) bool {
	return isArabic(r) || r >= 0x2190 && r < 0x3400 || r >= 0x1F000 && r < 0x20000
}

// ignorable tells whether r is one of the characters that Unicode calls default ignorable (DerivedCoreProperties).
func ignorable(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case r == 0xAD, r == 0x034F, r == 0x061C, r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFEFF, r == 0xFFA0:
		return true
	}
	return r >= 0x17B4 && r <= 0x17B5 || r >= 0x180B && r <= 0x180F || r >= 0x200B && r <= 0x200F ||
		r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x206F || r >= 0xFE00 && r <= 0xFE0F ||
		r >= 0xFFF0 && r <= 0xFFFB || r >= 0x1BCA0 && r <= 0x1BCA3 || r >= 0x1D173 && r <= 0x1D17A || r >= 0xE0000 && r <= 0xE0FFF
}

// isMark tells whether r is set over, under or through the character before it, without a width of its own.
func isMark(r rune) bool {
	return r >= 0x300 && unicode.In(r, unicode.Mn, unicode.Me)
}
