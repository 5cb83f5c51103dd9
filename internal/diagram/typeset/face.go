package typeset

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"sync"
)

//go:embed fonts/*.ttf fonts/*.ttf.gz
var fontFiles embed.FS

// Face is one of the fonts that are part of the program.
type Face struct {
	family string
	weight string
	script script
	font   *sfnt
	index  int  // in the order in which fonts are tried
	layout bool // its text needs the rules of the font (GSUB, GPOS)

	quick [quick]uint16 // the glyphs of the main face's first characters

	shaperOnce sync.Once
	shaper     *shaper
}

// quick is how many characters the main face looks up without searching.
const quick = 0x180

// script says which characters a face is asked for.
type script uint8

const (
	latin script = iota // and Greek, Cyrillic, signs
	hebrew
	arabic
	thai
	emoji
	symbols // and rarer alphabets
	korean
	cjk
	scripts
)

// source is a face that is opened when it is first needed.
type source struct {
	file   string
	family string // that it gets in a picture; our own names, so that no font of the reader's machine is taken for it
	weight string // for CSS: all that the face stands for, so that no viewer makes a bold one up
	script script
	layout bool
}

// Order matters: every character is set in the first face that has it.
func regular(s script) source {
	return [scripts]source{
		latin:   {"Inter-Regular.ttf", "lintel Inter", "400", latin, false},
		hebrew:  {"NotoSansHebrew-Regular.ttf.gz", "lintel Hebrew", "400", hebrew, true},
		arabic:  {"NotoSansArabic-Regular.ttf.gz", "lintel Arabic", "400", arabic, true},
		thai:    {"NotoSansThai-Regular.ttf.gz", "lintel Thai", "400", thai, true},
		emoji:   {"NotoEmoji-Regular.ttf.gz", "lintel Emoji", "100 900", emoji, true},
		symbols: {"DejaVuSans.ttf.gz", "lintel Symbols", "100 900", symbols, false},
		korean:  {"NanumGothic-Regular.ttf.gz", "lintel Korean", "100 900", korean, false},
		cjk:     {"DroidSansFallback.ttf.gz", "lintel CJK", "100 900", cjk, false},
	}[s]
}

func bold(s script) source {
	return [scripts]source{
		latin:  {"Inter-SemiBold.ttf", "lintel Inter", "600", latin, false},
		hebrew: {"NotoSansHebrew-SemiBold.ttf.gz", "lintel Hebrew", "600", hebrew, true},
		arabic: {"NotoSansArabic-SemiBold.ttf.gz", "lintel Arabic", "600", arabic, true},
		thai:   {"NotoSansThai-SemiBold.ttf.gz", "lintel Thai", "600", thai, true},
	}[s]
}

// cell opens a face once.
type cell struct {
	once sync.Once
	face *Face
}

func (c *cell) open(index int, s source) *Face {
	c.once.Do(func() {
		f := &Face{family: s.family, weight: s.weight, script: s.script, index: index, layout: s.layout}
		data, err := readFont(s.file)
		if err == nil {
			f.font, err = openSFNT(data)
		}
		if err != nil {
			f.font = &sfnt{unitsPerEm: 1000, metrics: 1} // can't be: a test opens all of them
		}
		if f.script == latin {
			for r := range rune(quick) {
				if r >= ' ' && (r < 0x7F || r >= 0xA0) && !ignorable(r) {
					f.quick[r] = f.font.glyph(r)
				}
			}
		}
		c.face = f
	})
	return c.face
}

var regularCells, boldCells [scripts]cell

// face returns the face for a script.
func face(s script, isBold bool) *Face {
	if isBold && s < emoji { // these and the following have one weight
		return boldCells[s].open(2*int(s)+1, bold(s))
	}
	return regularCells[s].open(2*int(s), regular(s))
}

func readFont(file string) ([]byte, error) {
	data, err := fontFiles.ReadFile("fonts/" + file)
	if err != nil || !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return data, err
	}
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
