package format

import (
	"fmt"
	"slices"
	"strings"
)

// maxComment is the most that a comment may hold, in bytes: GitHub takes 65,536 characters.
const maxComment = 65_000

// section is a part of a comment: rows between a head and a foot. It is shown with as many of its rows as there is room
// for, and says how many it leaves out.
type section struct {
	design     int // of which it is; -1 for the whole comment
	priority   int // sections of a lower one get their room first
	head, foot string
	rows       []string
	most       int                // rows that are shown at most; 0 for no limit
	rest       func(n int) string // the row that says that n are left out
	shown      int
	wanted     bool
}

// minimal is the length of a section without rows.
func (s *section) minimal() int {
	return len(s.head) + len(s.foot) + len(s.rest(len(s.rows)))
}

func (s *section) String() string {
	var b strings.Builder
	b.WriteString(s.head)
	for _, row := range s.rows[:s.shown] {
		b.WriteString(row)
	}
	if n := len(s.rows) - s.shown; n > 0 {
		b.WriteString(s.rest(n))
	}
	b.WriteString(s.foot)
	return b.String()
}

// comment is a text of limited length that is made of sections.
type comment struct {
	intro    string
	headings []string // of the designs
	sections []*section
	outro    string
}

// reserve is what the line about designs that are left out takes at most.
const reserve = 200

// String gives the comment with as much of it as there is room for, the most important first; nothing is cut within a
// row.
func (c *comment) String() string {
	room := maxComment - len(c.intro) - len(c.outro) - reserve
	order := slices.Clone(c.sections)
	slices.SortStableFunc(order, func(a, b *section) int { return a.priority - b.priority })
	headed := map[int]bool{-1: true}
	for _, s := range order {
		cost := s.minimal()
		if !headed[s.design] {
			cost += len(c.headings[s.design])
		}
		if cost > room || len(s.rows) > 0 && cost+len(s.rows[0]) > room {
			continue
		}
		room -= cost
		s.wanted, headed[s.design] = true, true
		for s.shown < len(s.rows) && (s.most == 0 || s.shown < s.most) && len(s.rows[s.shown]) <= room {
			room -= len(s.rows[s.shown])
			s.shown++
		}
	}
	var b strings.Builder
	b.WriteString(c.intro)
	at, missing := -1, 0
	out := map[int]bool{} // designs of which nothing is shown
	for _, s := range c.sections {
		if !s.wanted {
			missing++
			if !headed[s.design] {
				out[s.design] = true
			}
			continue
		}
		if s.design != at {
			at = s.design
			b.WriteString(c.headings[at])
		}
		b.WriteString(s.String())
	}
	switch {
	case len(out) > 0:
		fmt.Fprintf(&b, "\nMore does not fit into a comment: %s, and parts of others. `lintel review` shows all.\n", plural(len(out), "design is left out", "designs are left out"))
	case missing > 0:
		b.WriteString("\nMore does not fit into a comment; `lintel review` shows all.\n")
	}
	b.WriteString(c.outro)
	return b.String()
}
