package cutsets

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lintel/internal/report"
)

// maxPieces bounds how many names, or ranges of them, a line of text lists of one choice. JSON lists all.
const maxPieces = 6

// listed joins names, those with consecutive numbers as a range: "orders/1 … orders/5, stripe".
func listed(names []string, most int) string {
	var pieces []string
	count := 0
	for i := 0; i < len(names); {
		if len(pieces) == most {
			pieces = append(pieces, fmt.Sprintf("and %d more", len(names)-count))
			break
		}
		n := run(names[i:])
		if n < 3 {
			n = 1
			pieces = append(pieces, report.Visible(names[i]))
		} else {
			pieces = append(pieces, report.Visible(names[i])+" … "+report.Visible(names[i+n-1]))
		}
		count += n
		i += n
	}
	return strings.Join(pieces, ", ")
}

// run gives how many of the first names differ by a number at their end that goes up by one.
func run(names []string) int {
	stem, number, ok := numbered(names[0])
	n := 1
	for ok && n < len(names) {
		s, k, has := numbered(names[n])
		if !has || s != stem || k != number+n {
			break
		}
		n++
	}
	return n
}

// numbered splits "orders/12" and "pump12" into what stands in front of the number, and the number.
func numbered(name string) (stem string, number int, ok bool) {
	i := len(name)
	for i > 0 && name[i-1] >= '0' && name[i-1] <= '9' && len(name)-i < 9 {
		i--
	}
	if i == len(name) || i == 0 || i+1 < len(name) && name[i] == '0' {
		return "", 0, false
	}
	number, err := strconv.Atoi(name[i:])
	return name[:i], number, err == nil && utf8.ValidString(name)
}

// Sort puts the events of a set, and the members that it chooses from, in order of their names, where orders/10 comes after
// orders/2. Choices of one group keep their members at the same places.
func (s *Set) Sort() {
	slices.SortFunc(s.Events, compareNames)
	for i := range s.Choose {
		for _, events := range s.Choose[i].Of {
			slices.SortFunc(events, compareNames)
		}
	}
	done := map[int]bool{}
	for _, first := range s.Choose {
		if done[first.Group] {
			continue
		}
		done[first.Group] = true
		at := make([]int, len(first.Of))
		for i := range at {
			at[i] = i
		}
		slices.SortStableFunc(at, func(a, b int) int { return slices.CompareFunc(first.Of[a], first.Of[b], compareNames) })
		for i := range s.Choose {
			if c := &s.Choose[i]; c.Group == first.Group {
				of := make([][]string, len(c.Of))
				for k := range of {
					of[k] = c.Of[at[k]]
				}
				c.Of = of
			}
		}
	}
}

func compareNames(a, b string) int {
	x, m, okX := numbered(a)
	y, n, okY := numbered(b)
	if okX && okY && x == y {
		return cmp.Compare(m, n)
	}
	return cmp.Compare(a, b)
}

// phrase names what a set holds: "stripe + any 2 of orders/1 … orders/5".
func phrase(s Set) string {
	var parts []string
	for _, e := range s.Events {
		parts = append(parts, report.Visible(e))
	}
	taken := map[int]bool{}
	for _, c := range s.Choose {
		members := make([]string, len(c.Of))
		for i, events := range c.Of {
			members[i] = report.Visible(strings.Join(events, " + "))
			if len(events) > 1 {
				members[i] = "(" + members[i] + ")"
			}
		}
		other := ""
		if taken[c.Group] {
			other = "other "
		}
		taken[c.Group] = true
		if c.Count == len(members) && other == "" {
			parts = append(parts, "all of "+listed(members, maxPieces))
		} else {
			parts = append(parts, fmt.Sprintf("any %s%d of %s", other, c.Count, listed(members, maxPieces)))
		}
	}
	if len(parts) == 0 {
		return "nothing has to fail"
	}
	return strings.Join(parts, " + ")
}
