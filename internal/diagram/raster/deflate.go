package raster

import (
	"encoding/binary"
	"math/bits"
)

// deflater compresses as RFC 1951 says. It knows that what it compresses is a picture: most bytes repeat those of
// the pixel on their left or those of the row above, for long stretches, and there it compares eight bytes at a time and
// looks for little else. That takes a third of the time of compress/flate at its fastest, for files as small.
type deflater struct {
	tokens    []token
	lengths   [286]uint32 // how often each symbol of a byte or length occurs, and of a distance
	distances [30]uint32
	seen      [1 << seenBits]int32 // where four bytes were last seen, plus one, by their hash
	out       bitWriter
}

const (
	seenBits      = 14
	shortestMatch = 4 // shorter ones gain little
	longestMatch  = 258
	farthestMatch = 1 << 15
	endOfBlock    = 256
)

// token is a byte, or a match: isMatch, how long it is above the 3 of the shortest, times 1<<16, and how far back less one.
type token uint32

const isMatch token = 1 << 31

// block appends data as one block, whose rows have stride bytes, pixel of them for a pixel. All but the last
// end with a whole byte, so that another block may follow.
func (d *deflater) block(data []byte, pixel, stride int, last bool) []byte {
	d.match(data, pixel, stride)
	d.out.reset(8*len(d.tokens) + 1024)
	d.write(last)
	if !last {
		d.out.add(0, 3) // an empty block of bytes as they are
		d.out.align()
		d.out.add(0xffff0000, 32)
	}
	d.out.align()
	return d.out.data[:d.out.n]
}

// match makes data tokens.
func (d *deflater) match(data []byte, pixel, stride int) {
	d.tokens = d.tokens[:0]
	clear(d.seen[:])
	clear(d.lengths[:])
	clear(d.distances[:])
	d.lengths[endOfBlock] = 1
	at := 0
	for at+shortestMatch <= len(data) {
		four := binary.LittleEndian.Uint32(data[at:])
		best, far := 0, 0
		if at >= pixel && binary.LittleEndian.Uint32(data[at-pixel:]) == four {
			best, far = alike(data, at, pixel), pixel
		}
		if at >= stride && stride <= farthestMatch && binary.LittleEndian.Uint32(data[at-stride:]) == four {
			if n := alike(data, at, stride); n > best {
				best, far = n, stride
			}
		}
		slot := &d.seen[four*0x9e3779b1>>(32-seenBits)]
		if from := at - int(*slot-1); best < enough && *slot > 0 && from <= farthestMatch && binary.LittleEndian.Uint32(data[at-from:]) == four {
			if n := alike(data, at, from); n > best {
				best, far = n, from
			}
		}
		*slot = int32(at + 1)
		if best == 0 { // what begins within a pixel is seldom worth a look
			for _, b := range data[at : at+pixel] {
				d.literal(b)
			}
			at += pixel
			continue
		}
		d.repeat(best, far)
		at += best
	}
	for _, b := range data[at:] {
		d.literal(b)
	}
}

// enough is how long a match is that no longer one is looked for.
const enough = 32

// alike returns how many bytes from at on are those that many bytes before. The first four are known to be.
func alike(data []byte, at, before int) int {
	a, b := data[at:], data[at-before:]
	n := shortestMatch
	for n+8 <= len(a) {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
		n += 8
	}
	for n < len(a) && a[n] == b[n] {
		n++
	}
	return n
}

func (d *deflater) literal(b byte) {
	d.tokens = append(d.tokens, token(b))
	d.lengths[b]++
}

// repeat adds matches of n bytes in all.
func (d *deflater) repeat(n, far int) {
	symbol, _, _ := distanceSymbol(uint32(far - 1))
	for n > 0 {
		length := min(n, longestMatch)
		if rest := n - length; rest > 0 && rest < 3 {
			length -= 3
		}
		d.tokens = append(d.tokens, isMatch|token(length-3)<<16|token(far-1))
		l, _, _ := lengthSymbol(uint32(length - 3))
		d.lengths[l]++
		d.distances[symbol]++
		n -= length
	}
}

// lengthSymbol returns the symbol of a length, less 3, and the bits that follow it.
func lengthSymbol(length uint32) (symbol, extra uint32, count uint) {
	switch {
	case length == longestMatch-3:
		return 285, 0, 0
	case length < 8:
		return 257 + length, 0, 0
	}
	n := uint(bits.Len32(length)) - 3
	return 257 + 4*uint32(n) + length>>n, length & (1<<n - 1), n
}

// distanceSymbol returns the symbol of a distance, less 1, and the bits that follow it.
func distanceSymbol(far uint32) (symbol, extra uint32, count uint) {
	if far < 4 {
		return far, 0, 0
	}
	n := uint(bits.Len32(far)) - 2
	return 2*uint32(n) + far>>n, far & (1<<n - 1), n
}

// write writes the tokens.
func (d *deflater) write(last bool) {
	lengths, distances := newHuffmanCode(d.lengths[:], 15), newHuffmanCode(d.distances[:], 15)
	d.header(lengths.lengths, distances.lengths, last)
	w := &d.out
	for _, t := range d.tokens {
		if t&isMatch == 0 {
			w.add(uint64(lengths.bits[t]), uint(lengths.lengths[t]))
			continue
		}
		symbol, extra, count := lengthSymbol(uint32(t >> 16 & 0xff))
		n := uint(lengths.lengths[symbol])
		v := uint64(lengths.bits[symbol]) | uint64(extra)<<n
		n += count
		symbol, extra, count = distanceSymbol(uint32(t & 0x7fff))
		v |= uint64(distances.bits[symbol]) << n
		n += uint(distances.lengths[symbol])
		w.add(v|uint64(extra)<<n, n+count)
	}
	w.add(uint64(lengths.bits[endOfBlock]), uint(lengths.lengths[endOfBlock]))
}

// header writes the lengths of the codes, themselves run-length encoded and with a Huffman code (section 3.2.7).
func (d *deflater) header(lengths, distances []uint8, last bool) {
	lengths, distances = trim(lengths, 257), trim(distances, 1)
	all := append(append(make([]uint8, 0, 316), lengths...), distances...)
	type step struct {
		symbol, extra uint8
		count         uint
	}
	var steps []step
	for i := 0; i < len(all); {
		n := 1
		for i+n < len(all) && all[i+n] == all[i] {
			n++
		}
		switch v := all[i]; {
		case v == 0 && n >= 11:
			n = min(n, 138)
			steps = append(steps, step{18, uint8(n - 11), 7})
		case v == 0 && n >= 3:
			steps = append(steps, step{17, uint8(n - 3), 3})
		case n >= 4:
			n = min(n, 7)
			steps = append(steps, step{v, 0, 0}, step{16, uint8(n - 4), 2})
		default:
			n = 1
			steps = append(steps, step{v, 0, 0})
		}
		i += n
	}
	var counts [19]uint32
	for _, s := range steps {
		counts[s.symbol]++
	}
	code := newHuffmanCode(counts[:], 7)
	order := [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	n := len(order)
	for n > 4 && code.lengths[order[n-1]] == 0 {
		n--
	}
	w := &d.out
	final := uint64(0)
	if last {
		final = 1
	}
	w.add(final|2<<1, 3)
	w.add(uint64(len(lengths)-257)|uint64(len(distances)-1)<<5|uint64(n-4)<<10, 14)
	for _, s := range order[:n] {
		w.add(uint64(code.lengths[s]), 3)
	}
	for _, s := range steps {
		w.add(uint64(code.bits[s.symbol]), uint(code.lengths[s.symbol]))
		w.add(uint64(s.extra), s.count)
	}
}

// trim returns lengths without zeros at the end, but at least so many.
func trim(lengths []uint8, least int) []uint8 {
	n := len(lengths)
	for n > least && lengths[n-1] == 0 {
		n--
	}
	return lengths[:n]
}

// bitWriter writes bits, from the lowest of each byte on.
type bitWriter struct {
	data  []byte
	n     int // whole bytes
	acc   uint64
	count uint // bits in acc, less than 8 between calls
}

// reset makes room for size bytes and starts anew.
func (w *bitWriter) reset(size int) {
	if len(w.data) < size {
		w.data = make([]byte, size+size/4)
	}
	w.n, w.acc, w.count = 0, 0, 0
}

// add writes the count lowest bits of v, whose others are 0; count is at most 56.
func (w *bitWriter) add(v uint64, count uint) {
	w.acc |= v << w.count
	w.count += count
	binary.LittleEndian.PutUint64(w.data[w.n:], w.acc)
	w.n += int(w.count / 8)
	w.acc >>= w.count &^ 7
	w.count &= 7
}

// align fills the last byte.
func (w *bitWriter) align() {
	if w.count > 0 {
		w.add(0, 8-w.count)
	}
}
