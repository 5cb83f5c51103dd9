package whatif

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"

	"lintel/internal/report"
)

// TextOptions say how text looks.
type TextOptions struct {
	Color bool
	Width int // of prose, in columns of a terminal
	// TableWidth is what tables may take; where it is 0, as where there is no terminal, nothing of them is cut or left out.
	TableWidth int
	All        bool // of an answer: no list is cut
	Limit      int  // of a table: the rows to show; 0 is all
}

// What lists are cut to.
const (
	mostJourneys = 15
	mostCauses   = 8
	mostNames    = 8
	mostLoads    = 12
)

type textWriter struct {
	b       strings.Builder
	palette report.Palette
	o       TextOptions
	cut     bool // a list was cut
}

// Text writes the answer for people: what users notice first, then what failed inside, then what is left.
func Text(w io.Writer, a *Answer, o TextOptions) error {
	t := &textWriter{palette: report.NewPalette(o.Color), o: o}
	t.answer(a)
	_, err := io.WriteString(w, t.b.String())
	return err
}

func (t *textWriter) linef(format string, args ...any) { fmt.Fprintf(&t.b, format+"\n", args...) }

// heading starts a part.
func (t *textWriter) heading(paint func(...any) string, text string) {
	t.b.WriteString("\n" + paint(text) + "\n")
}

// item writes a line that hangs over by indent where it is wider than a line may be; lead stands in front of its first line.
func (t *textWriter) item(lead, text string, indent int) {
	t.b.WriteString(lead)
	used := uniseg.StringWidth(lead)
	for i, word := range words(text) {
		n := uniseg.StringWidth(word)
		switch {
		case i == 0:
		case used+1+n > t.o.Width:
			t.b.WriteString("\n" + strings.Repeat(" ", indent))
			used = indent
		default:
			t.b.WriteString(" ")
			used++
		}
		t.b.WriteString(word)
		used += n
	}
	t.b.WriteString("\n")
}

// words splits a text where lines may break: not behind an arrow.
func words(text string) (out []string) {
	glue := ""
	for _, word := range strings.Split(text, " ") {
		if word == "->" {
			glue = "-> "
			continue
		}
		out = append(out, glue+word)
		glue = ""
	}
	if glue != "" {
		out = append(out, strings.TrimSpace(glue))
	}
	return out
}

func (t *textWriter) answer(a *Answer) {
	t.linef("%s", t.palette.Bold(fmt.Sprintf("%s (%s)", report.Visible(a.Design.System), report.Visible(a.Design.Path))))
	t.item("", a.headline(), 2)
	for _, note := range a.notes() {
		t.item("", note, 2)
	}
	of := func(now State, before bool) (out []Journey) {
		for _, j := range a.Journeys {
			if j.Now == now && (j.Now == j.Before) == before {
				out = append(out, j)
			}
		}
		return out
	}
	t.journeys(t.palette.Bad, "Journeys down", of(Down, false), len(a.Journeys))
	t.journeys(t.palette.Changed, "Journeys degraded", of(Degraded, false), len(a.Journeys))
	t.journeys(t.palette.Rule, "Journeys down before anything failed", of(Down, true), len(a.Journeys))
	t.journeys(t.palette.Rule, "Journeys degraded before anything failed", of(Degraded, true), len(a.Journeys))
	if works := of(Works, true); len(works) > 0 && len(works) < len(a.Journeys) {
		t.unaffected(works, len(a.Journeys))
	}
	t.modules(a)
	t.capacity(a)
	if t.cut {
		t.linef("\nLists are cut: --all shows all of them.")
	}
}

// headline is the answer in one sentence.
func (a *Answer) headline() string {
	var names []string
	for _, e := range a.Events {
		names = append(names, report.Visible(e.Name))
	}
	verb := "fails"
	if len(names) > 1 {
		verb = "fail"
	}
	down, degraded := 0, 0
	for _, j := range a.Journeys {
		switch {
		case j.Now == j.Before:
		case j.Now == Down:
			down++
		case j.Now == Degraded:
			degraded++
		}
	}
	of := func(n int) string {
		is := "are"
		if n == 1 {
			is = "is"
		}
		switch {
		case len(a.Journeys) == 1:
			return "the one journey " + is
		case n == len(a.Journeys):
			return fmt.Sprintf("all %d journeys are", n)
		}
		return fmt.Sprintf("%d of %s %s", n, counted(len(a.Journeys), "journey"), is)
	}
	out := fmt.Sprintf("When %s %s, ", enumerate(names), verb)
	switch {
	case len(a.Journeys) == 0:
		out += "no journey notices: the design has none"
	case down > 0 && degraded > 0:
		out += fmt.Sprintf("%s down and %d degraded", of(down), degraded)
	case down > 0:
		out += of(down) + " down"
	case degraded > 0:
		out += of(degraded) + " degraded"
	default:
		out += "no journey is down or degraded"
		if slices.ContainsFunc(a.Journeys, func(j Journey) bool { return j.Before != Works }) {
			out += " that was not before"
		}
	}
	overloaded := 0
	for i := range a.Capacity.Modules {
		if a.Capacity.Modules[i].becomesOverloaded() {
			overloaded++
		}
	}
	if overloaded == 1 {
		out += "; 1 module would be overloaded at peak"
	} else if overloaded > 1 {
		out += fmt.Sprintf("; %d modules would be overloaded at peak", overloaded)
	}
	return out + "."
}

// notes tell which replicas stand for any number of a module's.
func (a *Answer) notes() (out []string) {
	for _, e := range a.Events {
		if e.Asked == 0 {
			continue
		}
		name := report.Visible(e.Name)
		var numbers []string
		for _, r := range e.Any {
			numbers = append(numbers, strconv.Itoa(r))
		}
		switch {
		case len(numbers) == 0:
			out = append(out, name+" adds nothing: no replica is left.")
		case len(numbers) < e.Asked:
			out = append(out, fmt.Sprintf("%s stands for %s, all that are left.", name, replicasInWords(numbers)))
		default:
			out = append(out, fmt.Sprintf("%s stands for %s, as bad a choice as there is.", name, replicasInWords(numbers)))
		}
	}
	return out
}

func replicasInWords(numbers []string) string {
	if len(numbers) == 1 {
		return "replica " + numbers[0]
	}
	return "replicas " + enumerate(numbers)
}

func (t *textWriter) journeys(paint func(...any) string, title string, list []Journey, of int) {
	if len(list) == 0 {
		return
	}
	t.heading(paint, fmt.Sprintf("%s (%s of %s)", title, report.Thousands(len(list)), report.Thousands(of)))
	shown := list[:t.most(len(list), mostJourneys)]
	width := 0
	for _, j := range shown {
		width = max(width, min(uniseg.StringWidth(report.Visible(j.Name)), 24))
	}
	for _, j := range shown {
		name := report.Visible(j.Name)
		t.item("  "+name+strings.Repeat(" ", max(width-uniseg.StringWidth(name), 0))+"  ", j.Way.String(), width+4)
		if len(j.Spared) > 0 {
			t.item(strings.Repeat(" ", width+4), fmt.Sprintf("(it does not use %s, which its entry needs for others)", t.names(j.Spared)), width+4)
		}
	}
	t.more(len(list)-len(shown), "  ")
}

func (t *textWriter) unaffected(list []Journey, of int) {
	t.heading(t.palette.Good, fmt.Sprintf("Journeys unaffected (%s of %s)", report.Thousands(len(list)), report.Thousands(of)))
	var names []string
	for _, j := range list {
		if len(j.Spared) == 0 {
			names = append(names, j.Name)
		}
	}
	if len(names) > 0 {
		t.item("  ", t.names(names), 2)
	}
	shown := 0
	for _, j := range list {
		if len(j.Spared) == 0 {
			continue
		}
		if shown == mostJourneys && !t.o.All {
			t.cut = true
			t.more(len(list)-len(names)-shown, "  ")
			break
		}
		shown++
		t.item("  ", fmt.Sprintf("%s goes on although its entry is down for others: it does not use %s", report.Visible(j.Name), t.names(j.Spared)), 4)
	}
}

// most is how many of n are shown.
func (t *textWriter) most(n, limit int) int {
	if t.o.All || n <= limit+1 { // "and 1 more" takes as much room as the one
		return n
	}
	t.cut = true
	return limit
}

func (t *textWriter) more(n int, indent string) {
	if n > 0 {
		t.linef("%s… and %s more", indent, report.Thousands(n))
	}
}

// names joins names, of which there may be too many.
func (t *textWriter) names(list []string) string {
	shown := make([]string, t.most(len(list), mostNames))
	for i := range shown {
		shown[i] = report.Visible(list[i])
	}
	if n := len(list) - len(shown); n > 0 {
		return strings.Join(shown, ", ") + fmt.Sprintf(" and %s more", report.Thousands(n))
	}
	return enumerate(shown)
}

// cause is a reason with the modules that it takes down.
type cause struct {
	reason string
	module string
	takes  []string
}

// causes groups modules that are down by the reason why they are, those first that take most down.
func causes(modules []Module, before bool) []cause {
	at := map[string]int{}
	var out []cause
	for _, m := range modules {
		if m.Now != Failed && m.Now != Down || m.Reason == nil || (m.Before == Failed || m.Before == Down) != before {
			continue
		}
		key := m.Reason.String() + "\x00" + m.Reason.Module
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, cause{reason: m.Reason.String(), module: m.Reason.Module})
		}
		if m.Name != m.Reason.Module || m.Now == Down {
			out[i].takes = append(out[i].takes, m.Name)
		}
	}
	slices.SortStableFunc(out, func(x, y cause) int {
		return cmp.Or(cmp.Compare(len(y.takes), len(x.takes)), cmp.Compare(x.module, y.module))
	})
	return out
}

func (t *textWriter) modules(a *Answer) {
	down, was, degraded := 0, 0, []string{}
	for _, m := range a.Modules {
		switch {
		case m.Now == Degraded && m.Before != Degraded:
			degraded = append(degraded, m.Name)
		case m.Now == Degraded:
		case m.Before == Failed || m.Before == Down:
			was++
		default:
			down++
		}
	}
	all := len(a.Design.Modules)
	part := func(paint func(...any) string, title string, n int, before bool) {
		if n == 0 {
			return
		}
		t.heading(paint, fmt.Sprintf("%s (%s of %s)", title, report.Thousands(n), report.Thousands(all)))
		list := causes(a.Modules, before)
		shown := list[:t.most(len(list), mostCauses)]
		for _, c := range shown {
			t.item("  ", c.reason, 4)
			if len(c.takes) > 0 {
				t.item("    takes down ", t.names(c.takes), 6)
			}
		}
		t.more(len(list)-len(shown), "  ")
	}
	part(t.palette.Bad, "Modules down", down, false)
	if len(degraded) > 0 {
		t.heading(t.palette.Changed, fmt.Sprintf("Modules degraded (%s of %s)", report.Thousands(len(degraded)), report.Thousands(all)))
		t.item("  ", t.names(degraded), 2)
	}
	part(t.palette.Rule, "Modules down before anything failed", was, true)
}

// capacity tells what is left against the peak.
func (t *textWriter) capacity(a *Answer) {
	c := a.Capacity
	t.heading(t.palette.Rule, "Capacity left at peak, in requests/s")
	if len(c.Modules) == 0 {
		t.item("  ", "Not known: "+c.whyNothing(), 4)
		return
	}
	var list []Load // those that are still asked for something
	down, idle := 0, 0
	for _, l := range c.Modules {
		switch {
		case l.Down:
			down++
		case l.After.Demand == 0 && !l.After.Endless && l.After.Known:
			idle++
		default:
			list = append(list, l)
		}
	}
	slices.SortStableFunc(list, func(x, y Load) int {
		return cmp.Or(cmp.Compare(rank(&x), rank(&y)), -cmp.Compare(x.After.Utilisation(), y.After.Utilisation()))
	})
	if len(list) > 0 {
		shown := list[:t.most(len(list), mostLoads)]
		t.table(shown)
		t.more(len(list)-len(shown), "  ")
	}
	if down > 0 {
		t.item("  ", "Down, of those that state a capacity: "+counted(down, "module")+".", 4)
	}
	if idle > 0 {
		t.item("  ", "Asked for nothing any more, as what needs them is down: "+counted(idle, "module")+".", 4)
	}
	t.peaks(a)
	for _, s := range c.unknown() {
		t.item("  ", s, 4)
	}
}

// peaks tells what part of the demand the journeys that are down have, and which others meet an overload.
func (t *textWriter) peaks(a *Answer) {
	total, lost := 0.0, 0.0
	for _, j := range a.Journeys {
		if j.Peak == nil {
			continue
		}
		total += *j.Peak
		if j.Now == Down {
			lost += *j.Peak
		}
	}
	if lost > 0 {
		t.item("  ", fmt.Sprintf("Lost with the journeys that are down: %s of %s requests/s of all stated peaks.", rate(lost), rate(total)), 4)
	}
	load := map[string]*Load{}
	for i := range a.Capacity.Modules {
		load[a.Capacity.Modules[i].Module] = &a.Capacity.Modules[i]
	}
	meets := map[string][]string{}
	var modules []string
	for _, tight := range a.Capacity.Tight {
		if load[tight.Module].Verdict() != Overloaded {
			continue
		}
		if meets[tight.Module] == nil {
			modules = append(modules, tight.Module)
		}
		meets[tight.Module] = append(meets[tight.Module], tight.Journey)
	}
	for i, m := range modules {
		if i == mostCauses && !t.o.All {
			t.cut = true
			break
		}
		t.item("  ", fmt.Sprintf("%s would be overloaded on the way of %s.", report.Visible(m), t.names(meets[m])), 4)
	}
}

func rank(l *Load) int {
	switch l.Verdict() {
	case Overloaded:
		return 0
	case ScalesOut:
		return 1
	case Fits:
		return 2
	}
	return 3
}

// table writes how modules cope; the verdicts stand behind the figures.
func (t *textWriter) table(loads []Load) {
	table := report.Table{
		Indent: 2, Width: t.o.TableWidth, Head: t.palette.Rule,
		Columns: []report.Column{
			{Head: "module", Least: 10}, {Head: "asked for", Right: true, Gives: 1}, {Tight: true, Gives: 1},
			{Head: "can serve", Right: true, Gives: 2}, {Tight: true, Gives: 2}, {Head: "used", Right: true}, {Tight: true},
		},
		Rest: func(i, _ int) string { return loads[i].inWords() },
	}
	for i := range loads {
		r := report.Row{Cells: cells(&loads[i])}
		if loads[i].Verdict() == Overloaded {
			r.Paint = t.palette.Bad
		}
		table.Rows = append(table.Rows, r)
	}
	_ = table.Write(&t.b) // which takes all
}

func cells(l *Load) []report.Cell {
	at := func(f Figure) string {
		switch {
		case f.Endless:
			return "endless"
		case !f.Known:
			return "≥ " + rate(f.Demand)
		}
		return rate(f.Demand)
	}
	return report.Cells(report.Visible(l.Module), at(l.Before), change(at(l.Before), at(l.After)), rate(l.Before.Serves), change(rate(l.Before.Serves), rate(l.After.Serves)),
		l.Before.used(), change(l.Before.used(), l.After.used()))
}

// used is the utilisation in words.
func (f Figure) used() string {
	u := f.Utilisation()
	switch {
	case math.IsInf(u, 1):
		return "∞"
	case !f.Known:
		return "≥ " + percent(u)
	}
	return percent(u)
}

// inWords is the verdict, where it is worth telling.
func (l *Load) inWords() string {
	switch l.Verdict() {
	case Overloaded:
		if l.wasOverloaded() {
			return "overloaded before, too"
		}
		return "would be overloaded"
	case ScalesOut:
		return fmt.Sprintf("fits only with more than %s, at most %d", counted(l.Up, "replica"), l.Ceiling)
	}
	return ""
}

func change(before, after string) string {
	if before == after {
		return ""
	}
	return "→ " + after
}

// whyNothing says why nothing is known of what is left.
func (c *Capacity) whyNothing() string {
	switch {
	case len(c.WithoutCapacity) > 0 && len(c.WithoutPeak) > 0:
		return "journeys state no peak, and modules no capacity."
	case len(c.WithoutCapacity) > 0:
		return "the modules that are asked for something state no capacity."
	case len(c.WithoutPeak) > 0:
		return "journeys state no peak."
	case c.WithoutCalls > 0:
		return "dependencies state no calls."
	}
	return "no journey asks for anything."
}

// unknown says what is not stated, and what that makes of the figures.
func (c *Capacity) unknown() (out []string) {
	if missing := c.unasked(); len(missing) > 0 {
		out = append(out, "A figure with ≥ is a lower bound: "+enumerate(missing)+".")
	}
	if n := len(c.WithoutCapacity); n > 0 {
		out = append(out, "Not known: what "+counted(n, "more module")+" can serve that state no capacity.")
	}
	return out
}

// unasked counts what is not stated of the demand.
func (c *Capacity) unasked() (missing []string) {
	if n := len(c.WithoutPeak); n > 0 {
		missing = append(missing, counted(n, "journey")+" without peak")
	}
	if c.WithoutCalls == 1 {
		missing = append(missing, "1 dependency without calls")
	} else if c.WithoutCalls > 1 {
		missing = append(missing, report.Thousands(c.WithoutCalls)+" dependencies without calls")
	}
	return missing
}

// missing counts all that is not stated.
func (c *Capacity) missing() []string {
	missing := c.unasked()
	if n := len(c.WithoutCapacity); n > 0 {
		missing = append(missing, counted(n, "module")+" without capacity")
	}
	return missing
}

// rate writes requests a second with three digits, and more where they are whole.
func rate(f float64) string {
	if f >= 100 {
		if f < 1e15 {
			return report.Thousands(int(math.Round(f)))
		}
		return strconv.FormatFloat(f, 'g', 3, 64)
	}
	return strconv.FormatFloat(f, 'g', 3, 64)
}

// percent writes a part of one; no part other than the whole reads as 100 %.
func percent(u float64) string {
	p := 100 * u
	digits := 0
	switch {
	case p >= 1e6:
		return strconv.FormatFloat(p, 'g', 3, 64) + " %"
	case p < 10 || p != 100 && math.Round(p) == 100:
		digits = 1
	}
	return strings.TrimSuffix(strconv.FormatFloat(p, 'f', digits, 64), ".0") + " %"
}
