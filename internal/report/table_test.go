package report

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// modules is a table as commands write them: a name, figures, and what is said of each row.
func modules(width int) *Table {
	return &Table{
		Columns: []Column{
			{Head: "module", Least: 8}, {Head: "kind"}, {Head: "down/year", Right: true, Gives: 1}, {Head: "/month", Right: true, Gives: 2}, {Right: true, Tight: true, Gives: 2}, {Head: "used", Right: true},
		},
		Rows: []Row{
			{Cells: Cells("orders-database", "", "8.76 h", "43.2 min", "→ 3 h", "120 %")},
			{Cells: Cells("web", "", "", "1 s", "", "5 %")},
		},
		Width: width, RestHead: "notes",
		Rest: func(row, room int) string { return []string{"would be overloaded", ""}[row] },
	}
}

func TestTable(t *testing.T) {
	for _, c := range []struct {
		width int
		want  string
	}{
		{0, `
module           down/year    /month         used  notes
orders-database     8.76 h  43.2 min → 3 h  120 %  would be overloaded
web                              1 s          5 %
`}, {60, `
module           down/year    /month         used  notes
orders-database     8.76 h  43.2 min → 3 h  120 %
    would be overloaded
web                              1 s          5 %
`}, {45, `
module       down/year    /month         used
order…abase     8.76 h  43.2 min → 3 h  120 %
    would be overloaded
web                          1 s          5 %
`}, {40, `
module           down/year   used  notes
orders-database     8.76 h  120 %
    would be overloaded
web                           5 %
… no room for these columns: /month
`}, {20, `
module          used
orders…tabase  120 %
    would be
    overloaded
web              5 %
… no room for these
  columns: /month,
  down/year
`}, {5, `
module     used
orde…ase  120 %
    would
    be
    overloaded
web         5 %
… no
  room
  for
  these
  columns:
  /month,
  down/year
`},
	} {
		var b strings.Builder
		if err := modules(c.width).Write(&b); err != nil {
			t.Fatal(err)
		}
		if got := "\n" + b.String(); got != c.want {
			t.Errorf("%d columns:%s\nwant%s", c.width, got, c.want)
		}
	}
}

// TestTableFits: where columns that may go and names that may be cut leave enough room, no line is wider than that, and no
// more columns go than have to.
func TestTableFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "columns")
		table := &Table{Width: rapid.IntRange(10, 120).Draw(t, "width"), Indent: rapid.IntRange(0, 3).Draw(t, "indent")}
		text := rapid.StringMatching(`[a-zé世 ]{0,14}`)
		least := table.Indent
		for k := range n {
			c := Column{Head: fmt.Sprintf("head%d", k), Right: rapid.Bool().Draw(t, "right"), Tight: rapid.Bool().Draw(t, "tight"), Gives: rapid.IntRange(0, 3).Draw(t, "gives")}
			if k == 0 {
				c.Gives, c.Least = 0, 6
			}
			table.Columns = append(table.Columns, c)
		}
		for range rapid.IntRange(1, 4).Draw(t, "rows") {
			var cells []Cell
			for range n {
				cells = append(cells, Cell{Text: strings.TrimSpace(text.Draw(t, "cell"))})
			}
			table.Rows = append(table.Rows, Row{Cells: cells})
		}
		for k, c := range table.Columns { // what never goes
			widest := 0
			for _, r := range table.Rows {
				widest = max(widest, width(r.Cells[k].Text))
			}
			if c.Gives == 0 && widest > 0 {
				widest = max(widest, width(c.Head))
				if c.Least > 0 {
					widest = min(widest, c.Least)
				}
				least += 2 + widest
			}
		}
		var b strings.Builder
		if err := table.Write(&b); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(b.String(), "\n")[:len(table.Rows)+1]
		for _, line := range lines {
			if least <= table.Width && width(line) > table.Width {
				t.Fatalf("%d of %d columns: %s", width(line), table.Width, line)
			}
		}
		whole := *table
		whole.Width = 0
		var w strings.Builder
		if err := whole.Write(&w); err != nil {
			t.Fatal(err)
		}
		if paddedWidth(&whole) <= table.Width && w.String() != b.String() {
			t.Fatalf("there was room:\n%s\n%s", b.String(), w.String())
		}
	})
}

func paddedWidth(t *Table) int {
	widths, _ := t.layout()
	used := t.Indent
	for k, n := range widths {
		if n > 0 {
			used += n + t.gap(k, widths)
		}
	}
	return used
}

func TestTableWithoutRows(t *testing.T) {
	var b strings.Builder
	table := Table{Columns: []Column{{Head: "module"}, {Head: "Ca", Right: true}}}
	if err := table.Write(&b); err != nil || b.String() != "module  Ca\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
	var room int
	table = Table{Columns: []Column{{Head: "module"}}, Rows: []Row{{Cells: Cells("a")}}, Rest: func(_, r int) string { room = r; return "" }}
	if err := table.Write(&b); err != nil || room != math.MaxInt {
		t.Errorf("room for %d, %v", room, err)
	}
}

// TestTableCuts: what follows a name stays where the name is cut, and names are cut for what stands behind the columns.
func TestTableCuts(t *testing.T) {
	for width, want := range map[int]string{
		0:  "event                                         down  journeys\norders-database-of-the-shop (and 3 alike)        2  browse, checkout\n",
		60: "event                            down  journeys\norders-data…f-the-shop (and 3 alike)     2  browse, checkout\n",
		20: "event           down\norders-…alike)    2\n",
	} {
		table := Table{
			Columns: []Column{{Head: "event", Least: 14}, {Head: "down", Right: true}}, Width: width, RestHead: "journeys", RestLeast: 16,
			Rows: []Row{{Cells: []Cell{{Text: "orders-database-of-the-shop", Keep: " (and 3 alike)"}, {Text: "2"}}}},
			Rest: func(_, room int) string {
				if room < 16 {
					return ""
				}
				return "browse, checkout"
			},
		}
		var b strings.Builder
		if err := table.Write(&b); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
			t.Errorf("%d columns:\n%s\nwant\n%s", width, got, want)
		}
	}
}

func TestCutMiddle(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"orders", 6, "orders"},
		{"orders", 5, "or…rs"},
		{"orders", 4, "or…s"},
		{"orders", 1, "…"},
		{"", 1, ""},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
		{"界界界", 5, "界…界"},
		{"界界界", 4, "界…"},
	} {
		if got := CutMiddle(c.text, c.most); got != c.want {
			t.Errorf("CutMiddle(%q, %d) = %q, want %q", c.text, c.most, got, c.want)
		}
	}
}
