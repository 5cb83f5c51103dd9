package raster

import (
	"cmp"
	"math/bits"
	"slices"
)

// huffmanCode is a prefix code: the bits of each symbol, the first of them lowest, and their number. Symbols of no
// bits don't occur.
type huffmanCode struct {
	bits    []uint32
	lengths []uint8
}

// newHuffmanCode returns the best prefix code for symbols that occur so often, with at most limit bits for each, or
// nearly the best where that limit counts. Symbols are given codes as RFC 1951, section 3.2.2, says.
func newHuffmanCode(counts []uint32, limit int) huffmanCode {
	c := huffmanCode{make([]uint32, len(counts)), make([]uint8, len(counts))}
	var used []uint16 // the symbols that occur, from the rarest on
	for s, n := range counts {
		if n > 0 {
			used = append(used, uint16(s))
		}
	}
	slices.SortFunc(used, func(a, b uint16) int { return cmp.Or(cmp.Compare(counts[a], counts[b]), cmp.Compare(a, b)) })
	atLength := depths(counts, used, limit)
	i := 0
	for length := limit; length > 0; length-- {
		for range atLength[length] {
			c.lengths[used[i]] = uint8(length)
			i++
		}
	}
	var next [16]uint32
	code := uint32(0)
	for length := 1; length <= limit; length++ {
		code = (code + uint32(atLength[length-1])) << 1
		next[length] = code
	}
	for s, length := range c.lengths {
		if length > 0 {
			c.bits[s] = bits.Reverse32(next[length]) >> (32 - length)
			next[length]++
		}
	}
	return c
}

// depths returns how many symbols have a code of each length, 0 to limit bits. used is sorted by the counts.
func depths(counts []uint32, used []uint16, limit int) (atLength [16]int) {
	n := len(used)
	if n <= 1 {
		atLength[1] = n
		return atLength
	}
	// Huffman's algorithm with two queues: the symbols, and the nodes above them in the order of their making.
	weights := make([]uint64, 0, 2*n-1)
	for _, s := range used {
		weights = append(weights, uint64(counts[s]))
	}
	parents := make([]int, 2*n-1)
	symbol, node := 0, n
	for len(weights) < 2*n-1 {
		sum := uint64(0)
		for range 2 {
			i := node
			if symbol < n && (node == len(weights) || weights[symbol] <= weights[node]) {
				i = symbol
				symbol++
			} else {
				node++
			}
			sum += weights[i]
			parents[i] = len(weights)
		}
		weights = append(weights, sum)
	}
	depth := make([]int, 2*n-1)
	excess := 0 // of the share of all codes that are taken, in codes of limit bits
	for i := 2*n - 3; i >= 0; i-- {
		depth[i] = depth[parents[i]] + 1
		if i < n {
			d := min(depth[i], limit)
			atLength[d]++
			excess += 1 << (limit - d)
		}
	}
	// Where codes were cut short, one of the others grows by a bit, and one of the longest moves beside it. That takes
	// one code less, so in the end exactly all are taken.
	for excess -= 1 << limit; excess > 0; excess-- {
		d := limit - 1
		for atLength[d] == 0 {
			d--
		}
		atLength[d]--
		atLength[d+1] += 2
		atLength[limit]--
	}
	return atLength
}
