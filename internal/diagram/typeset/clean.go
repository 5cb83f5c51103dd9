package typeset

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// Clean returns s as it is set, and as a file must state it to be read back alike: valid UTF-8 without
// control characters. Whatever Unicode counts as space, line break or control is one space each, invalid
// bytes are U+FFFD, and characters that show nothing of themselves are left out: direction marks and
// overrides, soft hyphens, zero-width spaces, variation selectors and joiners that join nothing. Letters and
// their marks are composed (form NFC); marks go that no font can set on their letter. The other functions clean
// what they are given; Clean(Clean(s)) == Clean(s).
func Clean(s string) string {
	if clean(s) {
		return s
	}
	for range 6 { // what is left out may bring others together
		next := norm.NFC.String(settable(norm.NFC.String(readable(s))))
		if next == s {
			break
		}
		s = next
	}
	return s
}

// readable returns s without what can't be written or shows nothing.
func readable(s string) string {
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

// settable returns s without the marks that no face has together with their letter. A browser would look for
// them in other fonts, and set their letters in those too.
func settable(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x300 && (invisible(r) || continues(r)) }) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for cluster := range clusters(s) {
		runes := []rune(cluster)
		if len(runes) == 1 {
			if isMark(runes[0]) && !someFaceHas(runes[0]) {
				cluster = string(utf8.RuneError)
			}
			b.WriteString(cluster)
			continue
		}
		f, fit := choose(runes, false)
		if fit == whole {
			b.WriteString(cluster)
			continue
		}
		b.WriteRune(runes[0])
		replaced := false
		for _, r := range runes[1:] {
			switch {
			case fit == not && !someFaceHas(r), fit == partly && f.has([]rune{r}) && !replaced:
				b.WriteRune(r)
			case !invisible(r) && !replaced:
				b.WriteRune(utf8.RuneError)
				replaced = true
			}
		}
	}
	return b.String()
}

// clusters yields the grapheme clusters of s; but signs that are put before numbers, and whole Korean syllables,
// are clusters by themselves, as they are set alone.
func clusters(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for rest, state := s, -1; rest != ""; {
			var cluster string
			cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
			start := 0
			before := rune(0)
			for i, r := range cluster {
				if i > 0 && (r >= 0xAC00 && r <= 0xD7A3 || unicode.Is(unicode.Prepended_Concatenation_Mark, before)) {
					if !yield(cluster[start:i]) {
						return
					}
					start = i
				}
				before = r
			}
			if !yield(cluster[start:]) {
				return
			}
		}
	}
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
	return isArabic(r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r) || r >= 0x2190 && r < 0x3400 || r >= 0x1F000 && r < 0x20000
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

// continues tells whether r belongs to the character before it although it has a width: a spacing mark, a skin tone.
func continues(r rune) bool { return unicode.Is(unicode.Mc, r) || r >= 0x1F3FB && r <= 0x1F3FF }

// invisible tells whether r has no width of its own.
func invisible(r rune) bool { return isMark(r) || ignorable(r) }
