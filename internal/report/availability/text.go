package availability

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/rivo/uniseg"

	"lintel/analyzer/resilience"
	"lintel/internal/report"
)

// maxDetails is how many targets the text shows the contributors of, the worst first.
const maxDetails = 5

// Text writes the report for people. It fits 100 columns, where names are not longer than that allows.
func Text(w io.Writer, r *Report, colored bool) error {
	t := &textWriter{r: r}
	for _, p := range []struct {
		to    *func(...any) string
		attrs []color.Attribute
	}{{&t.bold, []color.Attribute{color.Bold}}, {&t.red, []color.Attribute{color.FgRed}}, {&t.green, []color.Attribute{color.FgGreen}}, {&t.faint, []color.Attribute{color.Faint}}} {
		c := color.New(p.attrs...)
		c.DisableColor()
		if colored {
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

// row is one line of a table of targets.
type row struct {
	cells []cell
}

type cell struct {
	text  string
	paint func(...any) string
}

func (t *textWriter) targets(what string, list []Target) {
	rows := []row{{[]cell{{what, nil}, {"", nil}, {"availability", nil}, {"down/year", nil}, {"/month", nil}, {"SLO", nil}, {"budget", nil}, {"used", nil}, {"", nil}}}}
	for i := range list {
		rows = append(rows, t.rowsOf(&list[i])...)
	}
	t.b.WriteString("\n")
	t.table(rows, 2)
}

// rowsOf gives the lines of one target: one where its figure is exact and nothing is unknown.
func (t *textWriter) rowsOf(g *Target) []row {
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
	var rows []row
	for i, l := range lines {
		cells := []cell{{"", nil}, {l.label, t.faint}, {percent(l.q), nil}, {downtime(l.q, Year), nil}, {downtime(l.q, Month), nil}, {"", nil}, {"", nil}, {"", nil}, {"", nil}}
		if i == 0 {
			cells[0] = cell{short(report.Visible(g.Name), 20), t.bold}
			if g.SLO != nil {
				cells[5].text, cells[6].text = plain(*g.SLO), downtime(budget(*g.SLO), Month)
			}
		}
		if g.DownBefore {
			cells[1] = cell{"never up", t.red}
		}
		if g.SLO != nil && l.judge {
			cells[7].text = share(Used(l.q, *g.SLO))
			cells[8] = cell{"missed", t.red}
			if Met(l.q, *g.SLO) {
				cells[8] = cell{"met", t.green}
			}
		}
		rows = append(rows, row{cells})
	}
	return rows
}

// table writes rows: the first left columns to the left, the others to the right, columns that are empty left out.
func (t *textWriter) table(rows []row, left int) {
	widths := make([]int, len(rows[0].cells))
	filled := make([]bool, len(widths))
	for i, r := range rows {
		for k, c := range r.cells {
			widths[k] = max(widths[k], uniseg.StringWidth(c.text))
			filled[k] = filled[k] || c.text != "" && i > 0
		}
	}
	for _, r := range rows {
		var b strings.Builder
		for k, c := range r.cells {
			if !filled[k] {
				continue
			}
			text := c.text
			pad := strings.Repeat(" ", widths[k]-uniseg.StringWidth(text))
			if c.paint != nil && text != "" {
				text = c.paint(text)
			}
			if k > 0 {
				b.WriteString("  ")
			}
			if k < left || k == len(r.cells)-1 {
				b.WriteString(text + pad)
			} else {
				b.WriteString(pad + text)
			}
		}
		t.b.WriteString(strings.TrimRight(b.String(), " ") + "\n")
	}
}

// short cuts the middle out of a name that is wider than width columns.
func short(s string, width int) string {
	if uniseg.StringWidth(s) <= width {
		return s
	}
	var clusters []string
	for g := uniseg.NewGraphemes(s); g.Next(); {
		clusters = append(clusters, g.Str())
	}
	head, tail, room := 0, len(clusters), width-1
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

// all gives the targets that are told, journeys first.
func (r *Report) all() []*Target {
	var out []*Target
	for i := range r.Journeys {
		out = append(out, &r.Journeys[i])
	}
	for i := range r.Modules {
		out = append(out, &r.Modules[i])
	}
	return out
}

func (t *textWriter) legend() {
	any := func(has func(g *Target) bool) bool { return slices.ContainsFunc(t.r.all(), has) }
	method := func(m resilience.Method) bool {
		return any(func(g *Target) bool { return g.Best.Method == m || g.Worst.Method == m })
	}
	if n := len(t.r.NotComputed); n > 0 {
		t.linef("")
		t.wrapped(2, fmt.Sprintf("Not computed: %d more, for which --timeout left no time: %s. Name those that you ask about (--journey, --module), or allow more.", n, first(t.r.NotComputed)))
	}
	t.linef("")
	t.linef("A year is 365 days and a month 30. Failures are taken as independent of each other.")
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
	shown, left, grouped := 0, 0, false
	for _, g := range t.r.all() {
		if len(g.Contributors) == 0 || g.Worst.High == 0 || !t.r.tells() {
			continue
		}
		if shown == maxDetails {
			left++
			continue
		}
		shown++
		t.contributors(g)
		grouped = grouped || slices.ContainsFunc(g.Contributors, func(c Contributor) bool { return len(c.Events) > 1 })
	}
	if shown == 0 {
		return
	}
	t.linef("")
	if left > 0 {
		t.linef("What contributes to the other %d: --journey NAME or --module NAME.", left)
	}
	if grouped {
		t.wrapped(2, fmt.Sprintf("each, alike: the figures are of the one that contributes most; the others differ by less than %s.", plain(100*resilience.Alike)))
	}
	t.wrapped(2, "share: what of the downtime goes away if the part never fails (Fussell-Vesely); saves: that a year.")
	t.wrapped(2, "Birnbaum: how much likelier a failure is when the part is down than when it is up.")
	t.wrapped(2, "RAW: how many times as large the downtime is while the part is down (risk achievement worth).")
	t.wrapped(2, "RRW: how many times as large it is as without the failures of the part (risk reduction worth).")
}

func (t *textWriter) contributors(g *Target) {
	title := report.Visible(g.Name)
	if len(g.Unknown) > 0 {
		title += ", at worst"
	}
	t.linef("\n%s", t.bold("What contributes to "+title+":"))
	rows := []row{{[]cell{{"  part", nil}, {"availability", nil}, {"", nil}, {"share", nil}, {"saves", nil}, {"Birnbaum", nil}, {"RAW", nil}, {"RRW", nil}, {"", nil}}}}
	for _, c := range g.Contributors {
		name := report.Visible(c.Events[0])
		switch n := len(c.Events); {
		case c.Any > 0:
			name = fmt.Sprintf("%s, any %d at once", short(report.Visible(c.Part), 16), c.Any)
		case n > 1 && c.Part != "":
			name = fmt.Sprintf("%s, each of %d", short(report.Visible(c.Part), 20), n)
		case n > 1:
			name = fmt.Sprintf("%s and %d alike", short(name, 20), n-1)
		default:
			name = short(name, 30)
		}
		source := ""
		switch c.Source {
		case resilience.Typical:
			source = "assumed"
		case resilience.Unknown:
			source = "unknown"
		}
		rows = append(rows, row{[]cell{
			{"  " + name, nil}, {percent(c.Unavailability), nil}, {source, t.red}, {share(c.FussellVesely), t.bold}, {downtime(c.FussellVesely*g.Worst.Low, Year), nil},
			{rounded(c.Birnbaum), nil}, {rounded(c.RiskAchievementWorth), nil}, {rounded(c.RiskReductionWorth), nil}, {"", nil},
		}})
	}
	t.table(rows, 1)
	if g.Left > 0 {
		t.linef("  and %d more (--top all)", g.Left)
	}
}

// textWidth is what a line of text takes at most.
const textWidth = 100

// wrapped writes a text in lines, the further ones indented. Its head, up to a colon, stands out.
func (t *textWriter) wrapped(indent int, text string) {
	list := lines(text, indent)
	if head, rest, ok := strings.Cut(list[0], ":"); ok {
		list[0] = t.bold(head+":") + rest
	}
	t.linef("%s", strings.Join(list, "\n"))
}

func lines(text string, indent int) []string {
	var lines []string
	line := ""
	for _, word := range strings.SplitAfter(text, " ") {
		if line != "" && uniseg.StringWidth(line)+uniseg.StringWidth(strings.TrimRight(word, " ")) > textWidth {
			lines = append(lines, strings.TrimRight(line, " "))
			line = strings.Repeat(" ", indent)
		}
		line += word
	}
	return append(lines, line)
}

// parts tells what is assumed and what is unknown.
func (t *textWriter) parts() {
	r := t.r
	if len(r.Assumed) > 0 {
		t.linef("")
		t.linef("%s", t.bold("Assumed, not stated by the design (--assume typical, docs/availability.md):"))
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
			t.wrapped(4, fmt.Sprintf("  %s: %s", k, listed(byKind[k])))
		}
	}
	if len(r.Unknown) > 0 {
		t.linef("")
		t.wrapped(2, "Unknown availability: "+listed(r.Unknown))
		if !r.tells() {
			t.linef("The design states no availability of any of them, so these figures say nothing of this system yet.")
		}
		hint := "State it as availability: 99.9, or as mtbf: \"90d\" and mttr: \"30m\", of a module (for each replica) or a failure domain"
		if !r.Assume.Typical {
			hint += "; --assume typical takes typical values instead, and marks each of them"
		}
		t.linef("%s.", strings.Join(lines(hint, 0), "\n"))
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
		s += fmt.Sprintf(" and %d more (--format json lists all)", len(list)-most)
	}
	return s
}
