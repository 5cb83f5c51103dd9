package typeset

import "golang.org/x/text/unicode/norm"

// fitness says whether a face has the characters of a cluster.
type fitness uint8

const (
	whole  fitness = iota
	partly         // the first of them, and not all
	not            // no face has the first of them
)

// choose returns the first face that has all characters of a grapheme cluster, composed or not; if none has, the
// first that has the first of them, and if there is none, the main face.
func choose(cluster []rune, isBold bool) (*Face, fitness) {
	composed := cluster
	if len(cluster) > 1 {
		composed = []rune(norm.NFC.String(string(cluster)))
	}
	var second *Face
	for s := latin; s < scripts; s++ {
		if !asked(s, cluster) {
			continue
		}
		f := face(s, isBold)
		if f.has(cluster) || f.has(composed) {
			return f, whole
		}
		if second == nil && f.has(cluster[:1]) {
			second = f
		}
	}
	if second != nil {
		return second, partly
	}
	return face(latin, isBold), not
}

// someFaceHas tells whether a face has a character.
func someFaceHas(r rune) bool {
	for s := latin; s < scripts; s++ {
		if asked(s, []rune{r}) && face(s, false).font.glyph(r) != 0 {
			return true
		}
	}
	return false
}

// has tells whether the face has all characters that show.
func (f *Face) has(cluster []rune) bool {
	for _, r := range cluster {
		if f.font.glyph(r) == 0 && !ignorable(r) {
			return false
		}
	}
	return true
}

// asked keeps fonts closed that can't have the cluster.
func asked(s script, cluster []rune) bool {
	r := cluster[0]
	switch s {
	case hebrew:
		return isHebrew(r)
	case arabic:
		return isArabic(r)
	case thai:
		return isThai(r)
	case korean:
		return isKorean(r)
	case symbols:
		return !isCJK(r)
	case cjk:
		return r >= 0x2000
	case emoji:
		return r >= 0x2000 && !isCJK(r) || len(cluster) > 1 && cluster[len(cluster)-1] == 0x20E3 // a keycap
	}
	return true
}

func isHebrew(r rune) bool { return r >= 0x0590 && r <= 0x05FF || r >= 0xFB1D && r <= 0xFB4F }

func isArabic(r rune) bool {
	return r >= 0x0600 && r <= 0x06FF || r >= 0x0750 && r <= 0x077F || r >= 0x0870 && r <= 0x08FF ||
		r >= 0xFB50 && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFE || r >= 0x10E60 && r <= 0x10EFF || r >= 0x1EE00 && r <= 0x1EEFF
}

func isThai(r rune) bool { return r >= 0x0E00 && r <= 0x0E7F }

func isKorean(r rune) bool {
	return r >= 0x1100 && r <= 0x11FF || r >= 0x3130 && r <= 0x318F || r >= 0xA960 && r <= 0xA97F ||
		r >= 0xAC00 && r <= 0xD7FF || r >= 0xFFA0 && r <= 0xFFDC
}

// isCJK tells whether r is an ideograph, or a letter or sign of Chinese, Japanese or Korean. Between any two
// of them but signs, a line may break.
func isCJK(r rune) bool {
	return r >= 0x1100 && r <= 0x11FF || r >= 0x2E80 && r <= 0xA4CF && r != 0x3030 && r != 0x303D && r != 0x3297 && r != 0x3299 ||
		r >= 0xA960 && r <= 0xA97F || r >= 0xAC00 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFAFF ||
		r >= 0xFE30 && r <= 0xFE4F || r >= 0xFF00 && r <= 0xFFEF || r >= 0x20000 && r <= 0x3FFFF
}

// plain returns the glyph of a character of the main face that stands for itself, whatever is beside it; else 0.
func (f *Face) plain(r rune) uint16 {
	switch {
	case r < 0x20 || r == 0x7F:
		return 0
	case r < quick:
		return f.quick[r]
	case r == 0x374, r == 0x37E, r == 0x387, r == 0x2126, r == 0x212A, r == 0x212B: // Clean makes others of them
		return 0
	case r >= 0x180 && r <= 0x24F, r >= 0x370 && r <= 0x482, r >= 0x48A && r <= 0x52F, r >= 0x1E00 && r <= 0x1EFF,
		r >= 0x2010 && r <= 0x2027, r >= 0x2030 && r <= 0x205E, r >= 0x20A0 && r <= 0x20BF, r >= 0x2100 && r <= 0x22FF:
		return f.font.glyph(r)
	}
	return 0
}
