package raster

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/adler32"
	"io"
	"math"
	"math/rand/v2"
	"testing"
)

// trialRows returns rows of flat stretches and noise, some like the row above.
func trialRows(random *rand.Rand, stride, rows int) []byte {
	data := make([]byte, 0, stride*rows)
	values := 1 + random.IntN(256)
	for y := range rows {
		if y > 0 && random.IntN(3) > 0 {
			data = append(data, data[len(data)-stride:]...)
			if random.IntN(2) == 0 {
				data[y*stride+random.IntN(stride)]++
			}
			continue
		}
		for len(data) < stride*(y+1) {
			v, n := byte(random.IntN(values)), 1
			if random.IntN(4) == 0 {
				n = random.IntN(2 * stride)
			}
			data = append(data, bytes.Repeat([]byte{v}, min(n, stride*(y+1)-len(data)))...)
		}
	}
	return data
}

// TestDeflate holds that the standard library gets back what was compressed, in blocks after each other.
func TestDeflate(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	d := &deflater{}
	for range 300 {
		stride := 1 + random.IntN(3000)
		if random.IntN(10) == 0 {
			stride = 30_000 + random.IntN(6000) // about as far as a match reaches
		}
		var all, out []byte
		blocks := 1 + random.IntN(4)
		for i := range blocks {
			data := trialRows(random, stride, 1+random.IntN(9))
			all = append(all, data...)
			out = append(out, d.block(data, 1+2*random.IntN(2), stride, i == blocks-1)...)
		}
		got, err := io.ReadAll(flate.NewReader(bytes.NewReader(out)))
		if err != nil || !bytes.Equal(got, all) {
			t.Fatalf("rows of %d bytes, %d in all: %v, the same: %v", stride, len(all), err, bytes.Equal(got, all))
		}
	}
}

func FuzzDeflate(f *testing.F) {
	f.Add([]byte{}, uint16(1))
	f.Add([]byte{7}, uint16(3))
	f.Add(bytes.Repeat([]byte{1, 2, 3}, 300), uint16(258))
	f.Fuzz(func(t *testing.T, data []byte, stride uint16) {
		d := &deflater{}
		out := bytes.Clone(d.block(data, 1, 1+int(stride), false))
		out = append(out, d.block(data, 3, 1+int(stride), true)...)
		got, err := io.ReadAll(flate.NewReader(bytes.NewReader(out)))
		if err != nil || !bytes.Equal(got, append(bytes.Clone(data), data...)) {
			t.Fatalf("%v: %d bytes became %d", err, 2*len(data), len(got))
		}
	})
}

// TestHuffman holds that codes are complete, within their limit, and as short as the entropy allows.
func TestHuffman(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	fibonacci := make([]uint32, 40)
	for i := range fibonacci {
		fibonacci[i] = 1
		if i > 1 {
			fibonacci[i] = fibonacci[i-1] + fibonacci[i-2]
		}
	}
	cases := [][]uint32{fibonacci, fibonacci[:19], {5, 0, 3}}
	for range 300 {
		counts := make([]uint32, 2+random.IntN(285))
		counts[0], counts[1] = 1, 1
		for i := range counts {
			if random.IntN(3) > 0 {
				counts[i] = uint32(math.Exp(random.Float64() * 15))
			}
		}
		cases = append(cases, counts)
	}
	for _, counts := range cases {
		for _, limit := range []int{15, 9} {
			c := newHuffmanCode(counts, limit)
			taken, cost, entropy, total := 0, 0.0, 0.0, 0.0
			for _, n := range counts {
				total += float64(n)
			}
			for s, n := range counts {
				if length := int(c.lengths[s]); (length > 0) != (n > 0) || length > limit {
					t.Fatalf("symbol %d, %d times, has %d bits", s, n, length)
				}
				if n > 0 {
					taken += 1 << (limit - int(c.lengths[s]))
					cost += float64(n) * float64(c.lengths[s])
					entropy += float64(n) * math.Log2(total/float64(n))
				}
			}
			if taken != 1<<limit {
				t.Fatalf("%d of %d codes are taken: %v", taken, 1<<limit, counts)
			}
			if limit == 15 && cost > entropy+total {
				t.Fatalf("%.0f bits, the entropy is %.0f: %v", cost, entropy, counts)
			}
		}
	}
	for _, counts := range [][]uint32{{0, 0, 0}, {0, 9, 0}} {
		if c := newHuffmanCode(counts, 15); uint32(c.lengths[1]) != min(1, counts[1]) || c.lengths[0] != 0 {
			t.Errorf("%v: %v", counts, c.lengths)
		}
	}
}

// TestChecksum holds the sum of runs against that of the bytes.
func TestChecksum(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	for range 100 {
		width := 1 + random.IntN(maxSide)
		table := newColorTable()
		b := band{rows: 1 + random.IntN(4), colors: table}
		for range b.rows {
			for x := 0; x < width; {
				n := min(width-x, 1+int(math.Exp(random.Float64()*11)))
				b.runs = append(b.runs, table.count(0xff<<24|uint32(random.IntN(200))*0x1234f, n))
				x += n
			}
		}
		for _, p := range []*palette{nil, choose([]*colorTable{table})} {
			e := newEncoder(width, p)
			want := adler32.Checksum(e.unroll(&b))
			if got := (adler{a: 1}).then(e.checksum(&b)); got.b<<16|got.a != want {
				t.Fatalf("%d rows of %d pixels: %08x, not %08x", b.rows, width, got.b<<16|got.a, want)
			}
		}
	}
}

// TestLongRows holds that rows longer than any match reaches back are written right.
func TestLongRows(t *testing.T) {
	d := &deflater{}
	for _, stride := range []int{farthestMatch - 1, farthestMatch, farthestMatch + 1} {
		row := make([]byte, stride)
		for i := range stride / 4 {
			binary.LittleEndian.PutUint32(row[4*i:], uint32(i)*0x9e3779b1)
		}
		data := bytes.Repeat(row, 2)
		out := d.block(data, 1, stride, true)
		if got, err := io.ReadAll(flate.NewReader(bytes.NewReader(out))); err != nil || !bytes.Equal(got, data) {
			t.Errorf("rows of %d: %v", stride, err)
		}
		if repeated := len(out) < stride*3/2; repeated != (stride <= farthestMatch) {
			t.Errorf("two equal rows of %d bytes took %d", stride, len(out))
		}
	}
}
