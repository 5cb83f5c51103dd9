package report

import (
	"io"
	"math"
	"slices"
	"strings"

	"github.com/rivo/uniseg"
)

// Table aligns cells in columns, for people. A column of which every cell is empty is left out.
type Table struct {
	Columns []Column
	Rows    []Row
	Indent  int // columns of a terminal in front of each line
	// Width is what a line may take, in columns of a terminal; 0 is as much as it needs.
	Width int
	// Head paints the first line; nil leaves it as it is.
	Head func(a ...any) string
	// Rest, if not nil, gives what follows the cells of a row, by its index, in the room that is left of Width: it is
	// math.MaxInt where Width is 0. What is wider than the room stands on a line of its own. RestHead is above it.
	Rest     func(row, room int) string
	RestHead string
	// RestLeast is the room for which cells are cut, as far as they may be; no column is left out for it.
	RestLeast int
}

// Column is a column of a Table.
type Column struct {
	Head  string
	Right bool // its cells end at one edge, as figures do
	Tight bool // one space in front of it, and not two
	// Least, if not 0, is the width to which its cells may be cut where there is no room; their middle goes.
	Least int
	// Gives, if not 0, allows to leave it out where there is no room even so: the columns with the highest number first,
	// all that have it together. Its head is then named below the table.
	Gives int
}

// Row is a line of a Table.
type Row struct {
	Cells []Cell
	Paint func(a ...any) string // nil leaves it as it is
}

// Cell is a piece of a Row.
type Cell struct {
	Text  string
	Keep  string                // follows Text where that is cut, too: " and 2 alike"
	Paint func(a ...any) string // nil leaves it as it is
}

func (c *Cell) width() int { return width(c.Text) + width(c.Keep) }

// Cells gives cells that are not painted.
func Cells(texts ...string) []Cell {
	out := make([]Cell, len(texts))
	for i, text := range texts {
		out[i].Text = text
	}
	return out
}

// Write writes the table. Its texts must not hold control characters.
func (t *Table) Write(w io.Writer) error {
	widths, left := t.layout()
	used := t.Indent
	for k, n := range widths {
		if n > 0 {
			used += n + t.gap(k, widths)
		}
	}
	room := math.MaxInt
	if t.Width > 0 {
		room = t.Width - used - 2
	}
	var b strings.Builder
	head := Row{Cells: make([]Cell, len(t.Columns)), Paint: t.Head}
	for k, c := range t.Columns {
		head.Cells[k].Text = c.Head
	}
	rest := t.RestHead
	if t.Rest == nil || width(rest) > room {
		rest = ""
	}
	t.line(&b, widths, used, head, rest, room)
	for i, r := range t.Rows {
		rest := ""
		if t.Rest != nil {
			rest = t.Rest(i, room)
		}
		t.line(&b, widths, used, r, rest, room)
	}
	if len(left) > 0 {
		indent := strings.Repeat(" ", t.Indent)
		b.WriteString(indent + "…" + wrapText("no room for these columns: "+strings.Join(left, ", "), t.Indent+2, t.Width, indent+"  ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// LeftOut gives the heads of the columns for which there is no room, those first that go first.
func (t *Table) LeftOut() []string {
	_, left := t.layout()
	return left
}

// layout gives the widths of the columns, 0 for those that are left out, and the heads of those for which there is no room.
func (t *Table) layout() (widths []int, left []string) {
	widths = make([]int, len(t.Columns))
	for _, r := range t.Rows {
		for k, c := range r.Cells {
			widths[k] = max(widths[k], c.width())
		}
	}
	for k, c := range t.Columns {
		if widths[k] > 0 || len(t.Rows) == 0 {
			widths[k] = max(widths[k], width(c.Head))
		}
	}
	if t.Width <= 0 {
		return widths, nil
	}
	for {
		over := t.Indent - t.Width
		for k, n := range widths {
			if n > 0 {
				over += n + t.gap(k, widths)
			}
		}
		spare := 0
		for k, c := range t.Columns {
			if c.Least > 0 {
				spare += max(widths[k]-c.Least, 0)
			}
		}
		most := 0
		for k, c := range t.Columns {
			if widths[k] > 0 {
				most = max(most, c.Gives)
			}
		}
		if over <= spare || most == 0 {
			if t.RestLeast > 0 {
				over += 2 + t.RestLeast
			}
			for k, c := range t.Columns {
				if c.Least > 0 {
					cut := min(max(widths[k]-c.Least, 0), max(over, 0))
					widths[k] -= cut
					over -= cut
				}
			}
			return widths, left
		}
		for k, c := range t.Columns {
			if c.Gives == most && widths[k] > 0 {
				widths[k] = 0
				if c.Head != "" && !slices.Contains(left, c.Head) {
					left = append(left, c.Head)
				}
			}
		}
	}
}

// gap is the number of spaces in front of column k.
func (t *Table) gap(k int, widths []int) int {
	switch {
	case !slices.ContainsFunc(widths[:k], func(n int) bool { return n > 0 }):
		return 0
	case t.Columns[k].Tight:
		return 1
	}
	return 2
}

// line writes a row and what follows it.
func (t *Table) line(b *strings.Builder, widths []int, used int, r Row, rest string, room int) {
	var line strings.Builder
	line.WriteString(strings.Repeat(" ", t.Indent))
	for k, c := range r.Cells {
		if widths[k] == 0 {
			continue
		}
		const least = 4 // columns of a name that tell something
		text := CutMiddle(c.Text+c.Keep, widths[k])
		if room := widths[k] - width(c.Keep); room >= least {
			text = CutMiddle(c.Text, room) + c.Keep
		}
		pad := strings.Repeat(" ", widths[k]-width(text))
		if c.Paint != nil && text != "" {
			text = c.Paint(text)
		}
		line.WriteString(strings.Repeat(" ", t.gap(k, widths)))
		if t.Columns[k].Right {
			line.WriteString(pad + text)
		} else {
			line.WriteString(text + pad)
		}
	}
	text := strings.TrimRight(line.String(), " ")
	switch {
	case rest == "":
	case width(rest) <= room:
		text = line.String() + "  " + rest
	default:
		indent := strings.Repeat(" ", t.Indent+4)
		text += "\n" + indent + strings.TrimLeft(wrapText(rest, len(indent), t.Width, indent), " \n")
	}
	if r.Paint != nil {
		text = r.Paint(text)
	}
	b.WriteString(text + "\n")
}

// CutMiddle gives s in at most most columns of a terminal: where it is wider, its beginning and its end, and "…" between them.
func CutMiddle(s string, most int) string {
	if width(s) <= most {
		return s
	}
	var clusters []string
	for g := uniseg.NewGraphemes(s); g.Next(); {
		clusters = append(clusters, g.Str())
	}
	head, tail, room := 0, len(clusters), most-1
	for front := true; head < tail; front = !front {
		c := clusters[tail-1]
		if front {
			c = clusters[head]
		}
		if room -= uniseg.StringWidth(c); room < 0 {
			break
		}
		if front {
			head++
		} else {
			tail--
		}
	}
	return strings.Join(clusters[:head], "") + "…" + strings.Join(clusters[tail:], "")
}
