package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
)

// object is the number of an object in the file.
type object int

func (o object) String() string { return strconv.Itoa(int(o)) + " 0 R" }

// file is a PDF file in memory.
type file struct {
	out     bytes.Buffer
	offsets []int // by number; 0 for an object that was not written yet. No object has number 0.
	catalog object
	info    object
}

func newFile() *file {
	f := &file{offsets: make([]int, 1)}
	// The second line has bytes above 127, so that programs take the file for binary.
	f.out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	return f
}

// reserve returns the number of an object to be written later.
func (f *file) reserve() object {
	f.offsets = append(f.offsets, 0)
	return object(len(f.offsets) - 1)
}

// put writes an object.
func (f *file) put(o object, body string) {
	f.offsets[o] = f.out.Len()
	fmt.Fprintf(&f.out, "%d 0 obj\n%s\nendobj\n", o, body)
}

func (f *file) add(body string) object {
	o := f.reserve()
	f.put(o, body)
	return o
}

// stream writes a compressed stream. entries go into its dictionary.
func (f *file) stream(o object, entries string, data []byte) {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(data) // to memory: never fails
	_ = z.Close()
	f.offsets[o] = f.out.Len()
	fmt.Fprintf(&f.out, "%d 0 obj\n<<%s/Filter/FlateDecode/Length %d>>\nstream\n", o, entries, packed.Len())
	f.out.Write(packed.Bytes())
	f.out.WriteString("\nendstream\nendobj\n")
}

// finish writes the table of objects and returns the file. Its identifier is made from its content.
func (f *file) finish() []byte {
	at := f.out.Len()
	sum := sha256.Sum256(f.out.Bytes())
	fmt.Fprintf(&f.out, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets))
	for _, o := range f.offsets[1:] {
		fmt.Fprintf(&f.out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&f.out, "trailer\n<</Size %d/Root %v/Info %v/ID[<%x><%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets), f.catalog, f.info, sum[:16], sum[:16], at)
	return f.out.Bytes()
}

// textString returns s as a text string: in UTF-16 where it is not ASCII.
func textString(s string) string {
	for _, r := range s {
		if r < ' ' || r > '~' {
			return "<FEFF" + utf16Hex(s) + ">"
		}
	}
	return byteString(s)
}

var escapes = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer(`\`, `\\`, `(`, `\(`, `)`, `\)`, "\r", `\r`, "\n", `\n`)
})

// byteString returns s as a string of bytes.
func byteString(s string) string { return "(" + escapes().Replace(s) + ")" }

func utf16Hex(s string) string {
	const digits = "0123456789ABCDEF"
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, digits[u>>12], digits[u>>8&15], digits[u>>4&15], digits[u&15])
	}
	return string(b)
}

// farthest is how far off, in units, anything may lie.
const farthest = 1e6

// number writes v with at most three decimals.
func number(v float64) string {
	if math.IsNaN(v) {
		v = 0
	}
	v = max(-1e9, min(v, 1e9))
	s := strconv.FormatFloat(v, 'f', 3, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" || s == "" {
		return "0"
	}
	return s
}

// numbers writes some, a space after each.
func numbers(vs ...float64) string {
	var b strings.Builder
	for _, v := range vs {
		b.WriteString(number(v))
		b.WriteByte(' ')
	}
	return b.String()
}
