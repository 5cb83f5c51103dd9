package review

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// nameLikeness tells how alike two names are, from 0 to 1: by the words that they share (Dice's coefficient) or by the
// letters that they share in order (1 less the edit distance in parts of the longer name), whichever is more.
func nameLikeness(a, b string) float64 {
	if a == b {
		return 1
	}
	v, w := words(a), words(b)
	byWord := 2 * float64(sharedWords(v, w)) / float64(max(len(v)+len(w), 1))
	r, q := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	if longest := max(len(r), len(q)); longest <= 64 {
		return max(byWord, 1-float64(editDistance(r, q))/float64(longest))
	}
	return byWord
}

// words gives the words of a name in lower case, sorted: "orders-DB2" has db2 and orders, "ordersDb" has db and orders.
func words(name string) []string {
	var out []string
	start := -1
	runes := []rune(name)
	end := func(i int) {
		if start >= 0 {
			out = append(out, strings.ToLower(string(runes[start:i])))
		}
		start = -1
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end(i)
		case start >= 0 && unicode.IsUpper(r) && unicode.IsLower(runes[i-1]):
			end(i)
			start = i
		case start < 0:
			start = i
		}
	}
	end(len(runes))
	slices.Sort(out)
	return out
}

// sharedWords counts what two sorted lists have in common.
func sharedWords(a, b []string) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		switch c := cmp.Compare(a[0], b[0]); {
		case c < 0:
			a = a[1:]
		case c > 0:
			b = b[1:]
		default:
			n++
			a, b = a[1:], b[1:]
		}
	}
	return n
}

// editDistance is Levenshtein's.
func editDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// maxByName is the size of a class up to which all names are compared with all.
const maxByName = 64

// byName pairs things that can be told apart by nothing but their names: those whose names are alike, and clearly more
// so than any other two with one of them.
func (s *renameSearch) byName(c class) [][2]int32 {
	if len(c.old) > maxByName || len(c.new) > maxByName {
		return s.byAffix(c)
	}
	like := make([][]float64, len(c.old))
	for i, o := range c.old {
		like[i] = make([]float64, len(c.new))
		for j, n := range c.new {
			like[i][j] = nameLikeness(s.old.things[o].name, s.new.things[n].name)
		}
	}
	var out [][2]int32
	for i, o := range c.old {
		for j, n := range c.new {
			if like[i][j] < alikeNames {
				continue
			}
			clear := true
			for k := range c.new {
				clear = clear && (k == j || like[i][j]-like[i][k] >= nameMargin)
			}
			for k := range c.old {
				clear = clear && (k == i || like[i][j]-like[k][j] >= nameMargin)
			}
			if clear {
				out = append(out, [2]int32{o, n})
			}
		}
	}
	return out
}

// affixes is what stands before and after the core of a name, on both sides.
type affixes struct{ oldPrefix, oldSuffix, newPrefix, newSuffix string }

// byAffix pairs the things of a large class by a prefix or suffix that was put to their names, or taken from them.
func (s *renameSearch) byAffix(c class) [][2]int32 {
	votes := map[affixes]int{}
	const asked = 8
	for i := 0; i < len(c.old); i += max(len(c.old)/asked, 1) {
		o := s.old.things[c.old[i]].name
		for _, n := range c.new {
			n := s.new.things[n].name
			if at := strings.Index(n, o); at >= 0 {
				votes[affixes{newPrefix: n[:at], newSuffix: n[at+len(o):]}]++
			} else if at := strings.Index(o, n); at >= 0 {
				votes[affixes{oldPrefix: o[:at], oldSuffix: o[at+len(n):]}]++
			}
		}
	}
	var best affixes
	most, again := 0, false
	for a, n := range votes {
		switch {
		case n > most:
			best, most, again = a, n, false
		case n == most:
			again = true
		}
	}
	if most < 2 || again {
		return nil
	}
	at := map[string]int32{}
	for _, n := range c.new {
		at[s.new.things[n].name] = n
	}
	var out [][2]int32
	for _, o := range c.old {
		name := s.old.things[o].name
		if !strings.HasPrefix(name, best.oldPrefix) || !strings.HasSuffix(name, best.oldSuffix) || len(name) < len(best.oldPrefix)+len(best.oldSuffix) {
			continue
		}
		core := name[len(best.oldPrefix) : len(name)-len(best.oldSuffix)]
		if n, ok := at[best.newPrefix+core+best.newSuffix]; ok {
			out = append(out, [2]int32{o, n})
		}
	}
	return out
}
