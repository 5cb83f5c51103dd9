package availability

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fatih/color"

	"lintel/analyzer/resilience"
	"lintel/internal/report"
)

// TextOptions say how text looks.
type TextOptions struct {
	Color bool
	Width int // of prose, in columns of a terminal
	// TableWidth is what tables may take; where it is 0, as where there is no terminal, nothing of them is cut or left out.
	TableWidth int
	Limit      int // journeys to show, and modules; 0 is all
}

// maxDetails is how many targets the text shows the contributors of, the worst first.
const maxDetails = 5

// Text writes the report for people.
func Text(w io.Writer, r *Report, o TextOptions) error {
	t := &textWriter{r: r, o: o}
	for _, p := range []struct {
		to    *func(...any) string
		attrs []color.Attribute
	}{{&t.bold, []color.Attribute{color.Bold}}, {&t.red, []color.Attribute{color.FgRed}}, {&t.green, []color.Attribute{color.FgGreen}}, {&t.faint, []color.Attribute{color.Faint}}} {
		c := color.New(p.attrs...)
		c.DisableColor()
		if o.Color {
			c.EnableColor()
		}
		*p.to = c.SprintFunc()
	}
	t.report()
	_, err := io.WriteString(w, t.b.String())
	return err
}

type textWriter struct {
	b                       strings.Builder
	r                       *Report
	o                       TextOptions
	shown                   []*Target // those with rows, journeys first
	bold, red, green, faint func(...any) string
}

func (t *textWriter) linef(format string, args ...any) { fmt.Fprintf(&t.b, format+"\n", args...) }

func (t *textWriter) report() {
	r := t.r
	t.linef("%s (%s)", report.Visible(r.System), report.Visible(r.Path))
	if len(r.Journeys) > 0 {
		t.targets("journey", r.Journeys)
	}
	if len(r.Modules) > 0 {
		t.targets("module", r.Modules)
	}
	t.legend()
	t.details()
	t.parts()
}

// limited gives the targets that are shown where no more than limit may be, which 0 does not say.
func limited(list []Target, limit int) []Target {
	if limit > 0 && len(list) > limit {
		return list[:limit]
	}
	return list
}

func (t *textWriter) targets(what string, list []Target) {
	shown := limited(list, t.o.Limit)
	table := report.Table{Width: t.o.TableWidth, Columns: []report.Column{
		{Head: what, Least: 8}, {}, {Head: "availability", Right: true}, {Head: "down/year", Right: true, Gives: 2}, {Head: "/month", Right: true, Gives: 4},
		{Head: "SLO", Right: true, Gives: 3}, {Head: "budget", Right: true, Gives: 5}, {Head: "used", Right: true, Gives: 1}, {},
	}}
	for i := range shown {
		table.Rows = append(table.Rows, t.rowsOf(&shown[i])...)
		t.shown = append(t.shown, &shown[i])
	}
	t.b.WriteString("\n")
	t.table(&table)
	if n := len(list) - len(shown); n > 0 {
		t.linef("… and %s more: --limit %d shows more, --limit 0 all", report.Thousands(n), 2*t.o.Limit)
	}
}

// table writes a table into memory, which takes all.
func (t *textWriter) table(table *report.Table) { _ = table.Write(&t.b) }

// rowsOf gives the lines of one target: one where its figure is exact and nothing is unknown.
func (t *textWriter) rowsOf(g *Target) []report.Row {
	type line struct {
		label string
		q     float64
		judge bool
	}
	var lines []line
	add := func(label string, p resilience.Probability) {
		join := func(s string) string { return strings.TrimPrefix(label+", "+s, ", ") }
		switch p.Method {
		case resilience.Exact:
			lines = append(lines, line{label, p.Low, true})
		case resilience.Interval:
			lines = append(lines, line{join("between"), p.High, true}, line{"and", p.Low, true})
		default:
			lines = append(lines, line{join("about"), p.Mid(), false}, line{"from", p.High, true}, line{"to", p.Low, true})
		}
	}
	if len(g.Unknown) > 0 {
		add("at worst", g.Worst)
		add("at best", g.Best)
	} else {
		add("", g.Worst)
	}
	var rows []report.Row
	for i, l := range lines {
		cells := report.Cells("", l.label, percent(l.q), downtime(l.q, Year), downtime(l.q, Month), "", "", "", "")
		cells[1].Paint = t.faint
		if i == 0 {
			cells[0] = report.Cell{Text: report.Visible(g.Name), Paint: t.bold}
			if g.SLO != nil {
				cells[5].Text, cells[6].Text = plain(*g.SLO), downtime(budget(*g.SLO), Month)
			}
		}
		if g.DownBefore {
			cells[1] = report.Cell{Text: "never up", Paint: t.red}
		}
		if g.SLO != nil && l.judge {
			cells[7].Text = share(Used(l.q, *g.SLO))
			cells[8] = report.Cell{Text: "missed", Paint: t.red}
			if Met(l.q, *g.SLO) {
				cells[8] = report.Cell{Text: "met", Paint: t.green}
			}
		}
		rows = append(rows, report.Row{Cells: cells})
	}
	return rows
}

func (t *textWriter) legend() {
	any := func(has func(g *Target) bool) bool { return slices.ContainsFunc(t.shown, has) }
	method := func(m resilience.Method) bool {
		return any(func(g *Target) bool { return g.Best.Method == m || g.Worst.Method == m })
	}
	if n := len(t.r.NotComputed); n > 0 {
		t.linef("")
		t.wrapped(2, fmt.Sprintf("Not computed: %s more, for which --timeout left no time: %s. Name those that you ask about (--journey, --module), or allow more.", report.Thousands(n), first(t.r.NotComputed)))
	}
	t.linef("")
	t.prose(0, "A year is 365 days and a month 30. Failures are taken as independent.")
	if any(func(g *Target) bool { return g.SLO != nil }) {
		t.wrapped(2, "budget: the time down that the SLO allows a month; used: how much of it the design takes by itself.")
	}
	if any(func(g *Target) bool { return len(g.Unknown) > 0 }) {
		t.wrapped(2, fmt.Sprintf("at worst: what is unknown (below) is %s available; at best: it never fails.", plain(t.r.Assume.Pessimistic)))
	}
	if method(resilience.Interval) {
		t.wrapped(2, "between … and: not computed exactly within --timeout and --memory; the figure lies between the two for certain.")
	}
	if method(resilience.Simulated) {
		t.wrapped(2, fmt.Sprintf("about: not computed exactly within --timeout and --memory, but simulated; with %s confidence it lies between the two figures below it.", plain(100*resilience.Confidence)))
	}
	if any(func(g *Target) bool { return g.DownBefore }) {
		t.wrapped(2, "never up: down before anything fails; lintel check tells why.")
	}
}

func (t *textWriter) details() {
	shown, left, grouped, explained := 0, 0, false, map[string]bool{}
	for _, g := range t.shown {
		if len(g.Contributors) == 0 || g.Worst.High == 0 || !t.r.tells() {
			continue
		}
		if shown == maxDetails {
			left++
			continue
		}
		shown++
		for _, head := range t.contributors(g) {
			explained[head] = true
		}
		grouped = grouped || slices.ContainsFunc(g.Contributors, func(c Contributor) bool { return len(c.Events) > 1 })
	}
	if shown == 0 {
		return
	}
	t.linef("")
	if left > 0 {
		t.prose(0, fmt.Sprintf("What contributes to the other %s: --journey NAME or --module NAME.", report.Thousands(left)))
	}
	if grouped {
		t.wrapped(2, fmt.Sprintf("each, alike: the figures are of the one that contributes most; the others differ by less than %s.", plain(100*resilience.Alike)))
	}
	share := "share: what of the downtime goes away if the part never fails (Fussell-Vesely)"
	if explained["saves"] {
		share += "; saves: that a year"
	}
	t.wrapped(2, share+".")
	for _, c := range [][2]string{
		{"Birnbaum", "how much likelier a failure is when the part is down than when up."},
		{"RAW", "how many times as large the downtime is while the part is down (risk achievement worth)."},
		{"RRW", "how many times as large it is as without the failures of the part (risk reduction worth)."},
	} {
		if explained[c[0]] {
			t.wrapped(2, c[0]+": "+c[1])
		}
	}
}

// contributors writes a table, and gives the heads of its columns.
func (t *textWriter) contributors(g *Target) (heads []string) {
	title := report.Visible(g.Name)
	if len(g.Unknown) > 0 {
		title += ", at worst"
	}
	t.linef("\n%s", t.bold("What contributes to "+title+":"))
	table := report.Table{Width: t.o.TableWidth, Indent: 2, Columns: []report.Column{
		{Head: "part", Least: 16}, {Head: "availability", Right: true, Gives: 2}, {Right: true}, {Head: "share", Right: true}, {Head: "saves", Right: true, Gives: 1},
		{Head: "Birnbaum", Right: true, Gives: 4}, {Head: "RAW", Right: true, Gives: 3}, {Head: "RRW", Right: true, Gives: 5},
	}}
	for _, c := range g.Contributors {
		name, rest := report.Visible(c.Events[0]), ""
		switch n := len(c.Events); {
		case c.Any > 0:
			name, rest = report.Visible(c.Part), fmt.Sprintf(", any %d at once", c.Any)
		case n > 1 && c.Part != "":
			name, rest = report.Visible(c.Part), fmt.Sprintf(", each of %d", n)
		case n > 1:
			rest = fmt.Sprintf(" and %d alike", n-1)
		}
		source := ""
		switch c.Source {
		case resilience.Typical:
			source = "assumed"
		case resilience.Unknown:
			source = "unknown"
		}
		cells := report.Cells(name, percent(c.Unavailability), source, share(c.FussellVesely), downtime(c.FussellVesely*g.Worst.Low, Year),
			rounded(c.Birnbaum), rounded(c.RiskAchievementWorth), rounded(c.RiskReductionWorth))
		cells[0].Keep = rest
		cells[2].Paint, cells[3].Paint = t.red, t.bold
		table.Rows = append(table.Rows, report.Row{Cells: cells})
	}
	t.table(&table)
	if g.Left > 0 {
		t.linef("  and %d more (--top all)", g.Left)
	}
	left := table.LeftOut()
	for _, c := range table.Columns {
		if !slices.Contains(left, c.Head) {
			heads = append(heads, c.Head)
		}
	}
	return heads
}

// prose writes a text in lines, the further ones indented.
func (t *textWriter) prose(indent int, text string) {
	t.linef("%s", strings.TrimPrefix(report.Wrapped(text, 0, t.o.Width, strings.Repeat(" ", indent)), " "))
}

// wrapped is prose of which the head, up to a colon, stands out.
func (t *textWriter) wrapped(indent int, text string) {
	first, rest, more := strings.Cut(strings.TrimPrefix(report.Wrapped(text, 0, t.o.Width, strings.Repeat(" ", indent)), " "), "\n")
	if head, tail, ok := strings.Cut(first, ":"); ok {
		first = t.bold(head+":") + tail
	}
	if more {
		first += "\n" + rest
	}
	t.linef("%s", first)
}

// parts tells what is assumed and what is unknown.
func (t *textWriter) parts() {
	r := t.r
	if len(r.Assumed) > 0 {
		t.linef("")
		t.wrapped(2, "Assumed, not stated by the design (--assume typical, docs/availability.md):")
		byKind := map[string][]Part{}
		var kinds []string
		for _, p := range r.Assumed {
			k := fmt.Sprintf("%s of a %s", plain(p.Availability), p.Kind)
			if p.Domain {
				k += " (failure domain)"
			}
			if byKind[k] == nil {
				kinds = append(kinds, k)
			}
			byKind[k] = append(byKind[k], p)
		}
		for _, k := range kinds {
			head := "  " + k + ":"
			t.linef("%s%s", t.bold(head), report.Wrapped(listed(byKind[k]), report.TextWidth(head)+1, t.o.Width, "    "))
		}
	}
	if len(r.Unknown) > 0 {
		t.linef("")
		t.wrapped(2, "Unknown availability: "+listed(r.Unknown))
		if !r.tells() {
			t.prose(0, "The design states no availability of any of them, so these figures say nothing of this system yet.")
		}
		hint := "State it as availability: 99.9, or as mtbf: \"90d\" and mttr: \"30m\", of a module (for each replica) or a failure domain"
		if !r.Assume.Typical {
			hint += "; --assume typical takes typical values instead, and marks each of them"
		}
		t.prose(0, hint+".")
	}
}

// listed names parts, the first of many.
func listed(list []Part) string { return first(namesOf(list)) }

func first(list []string) string {
	const most = 12
	var names []string
	for _, name := range list[:min(len(list), most)] {
		names = append(names, report.Visible(name))
	}
	s := strings.Join(names, ", ")
	if len(list) > most {
		s += fmt.Sprintf(" and %s more (--format json lists all)", report.Thousands(len(list)-most))
	}
	return s
}
