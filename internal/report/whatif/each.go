package whatif

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"lintel/analyzer"
	"lintel/internal/report"
	"lintel/schema"
)

// Kinds are what a table can be made of: the kinds of failure domains, from small to large, then modules and replicas.
func Kinds() []string {
	return []string{"host", "rack", "power", "network", "zone", "region", "provider", "module", "replica"}
}

// Table tells what each of many failures brings down, one at a time.
type Table struct {
	Design *schema.Design
	Kinds  []string
	Rows   []Row // the worst first
	// Harmless counts the replicas that bring nothing down and overload nothing by themselves, or that belong to a module
	// without capacity to begin with; they have no rows.
	Harmless int
	Before   Loss // what is down or overloaded before anything fails, which no row counts
	// Capacity tells what is not stated of the demand before anything fails, and so what is not known of overloads; it has
	// the modules that state a capacity and are asked for something.
	Capacity *Capacity
}

// Row is one failure.
type Row struct {
	Event string // as ParseEvents reads it
	Kind  string // of Kinds
	Alike int    // of a replica: how many of its module, itself among them, bring down the same; 1 for others
	Loss
}

// Loss is what a failure brings down, beyond what is down before anything fails.
type Loss struct {
	Down, Degraded []string // journeys, in order of name
	Modules        int      // modules that are down, those that fail themselves included
	// Overloaded are the modules that work, but can't serve what they are asked for at peak, in order of name. nil where
	// that is not known: no module that is asked for something states a capacity, or there was too much to compute.
	Overloaded []string
}

// Each finds out what each failure of some kinds brings down.
func Each(a *analyzer.Analysis, kinds []string) *Table {
	t := &Table{Design: a.Design}
	for _, k := range Kinds() {
		if slices.Contains(kinds, k) {
			t.Kinds = append(t.Kinds, k)
		}
	}
	e := &each{a: a, t: t, overloads: newOverloads(a)}
	e.before = a.Simulate(analyzer.Scenario{}).Outcome
	t.Before = e.loss(e.before, analyzer.Outcome{})
	t.Capacity, t.Before.Overloaded = e.overloads.before, e.overloads.was
	var scenarios []analyzer.Scenario
	for i, f := range a.Design.FailureDomains {
		if slices.Contains(t.Kinds, string(f.Kind)) {
			event := analyzer.Event{Kind: analyzer.DomainEvent, Module: -1, Domain: int32(i)}
			scenarios = append(scenarios, analyzer.Scenario{Events: []analyzer.Event{event}})
			t.Rows = append(t.Rows, Row{Event: a.EventName(event), Kind: string(f.Kind), Alike: 1})
		}
	}
	if slices.Contains(t.Kinds, "module") {
		for i := range a.Design.Modules {
			scenarios = append(scenarios, e.whole(int32(i)))
			t.Rows = append(t.Rows, Row{Event: a.ModuleEventName(int32(i)), Kind: "module", Alike: 1})
		}
	}
	a.SimulateAll(scenarios, func(i int, o analyzer.Outcome, down func(int32) bool) {
		t.Rows[i].Loss = e.loss(o, e.before)
		e.overloads.note(t.Rows, i, scenarios[i], down)
	})
	if slices.Contains(t.Kinds, "replica") {
		e.replicas()
	}
	worst := func(x, y *Row) int {
		return cmp.Or(cmp.Compare(len(y.Down), len(x.Down)), cmp.Compare(len(y.Overloaded), len(x.Overloaded)), cmp.Compare(len(y.Degraded), len(x.Degraded)),
			cmp.Compare(y.Modules, x.Modules), cmp.Compare(x.Event, y.Event))
	}
	e.overloads.compute(t.Rows, worst)
	slices.SortStableFunc(t.Rows, func(x, y Row) int { return worst(&x, &y) })
	return t
}

type each struct {
	a         *analyzer.Analysis
	t         *Table
	before    analyzer.Outcome
	overloads *overloads
}

// whole is the failure of a module with all its replicas.
func (e *each) whole(m int32) analyzer.Scenario {
	if e.a.Module(m).Kind == schema.External {
		return analyzer.Scenario{Events: []analyzer.Event{{Kind: analyzer.ExternalEvent, Module: m, Domain: -1}}}
	}
	return analyzer.Scenario{Modules: []int32{m}}
}

// loss names what o has beyond before.
func (e *each) loss(o, before analyzer.Outcome) Loss {
	return Loss{Down: e.journeys(o.Lost, before.Lost), Degraded: e.journeys(o.Degraded, before.Degraded), Modules: o.Down - before.Down}
}

func (e *each) journeys(now, before []int32) []string {
	out := []string{}
	for _, j := range now {
		if _, was := slices.BinarySearch(before, j); !was {
			out = append(out, e.a.Journeys()[j].Name)
		}
	}
	return out
}

// replicas adds the rows of replicas whose loss takes their module's capacity, or overloads it, alike ones together.
func (e *each) replicas() {
	f := e.a.Failures()
	fatal := make([]int, e.a.Modules())
	first := len(e.t.Rows)
	var scenarios []analyzer.Scenario
	for i, event := range f.Events {
		if event.Kind != analyzer.ReplicaEvent {
			continue
		}
		fatal[event.Module] += f.Alike[i]
		// Whichever of them it is, its module lacks capacity, and that is all: those in other domains are alike, too.
		if last := len(e.t.Rows) - 1; i > 0 && f.Events[i-1].Module == event.Module {
			e.t.Rows[last].Alike += f.Alike[i]
			continue
		}
		e.t.Rows = append(e.t.Rows, Row{Event: e.a.EventName(event), Kind: "replica", Alike: f.Alike[i], Loss: e.loss(f.Outcomes[i], analyzer.Outcome{})})
		scenarios = append(scenarios, e.whole(event.Module)) // which leaves the same to the others
	}
	if e.overloads.known() {
		e.a.SimulateAll(scenarios, func(i int, _ analyzer.Outcome, down func(int32) bool) {
			e.overloads.note(e.t.Rows, first+i, scenarios[i], down)
		})
	}
	harmless := make([]int, e.a.Modules())
	for i, m := range e.a.Design.Modules {
		if m.Kind != schema.External { // which fails as a whole
			harmless[i] = max(m.ReliableReplicas(), 0) - fatal[i]
		}
	}
	for i, m := range e.overloads.at {
		up := max(e.a.Module(m).ReliableReplicas(), 0)
		if harmless[m] == 0 || !e.overloads.overloadedBy(i, up-1) {
			continue
		}
		event := analyzer.Event{Kind: analyzer.ReplicaEvent, Module: m, Replica: 1 + fatal[m], Domain: -1} // the primary may be fatal
		e.t.Rows = append(e.t.Rows, Row{
			Event: e.a.EventName(event), Kind: "replica", Alike: harmless[m],
			Loss: Loss{Down: []string{}, Degraded: []string{}, Overloaded: []string{e.a.Module(m).Name}},
		})
		harmless[m] = 0
	}
	for _, n := range harmless {
		e.t.Harmless += n
	}
}

// TableText writes a table for people.
func TableText(w io.Writer, t *Table, o TextOptions) error {
	x := &textWriter{palette: report.NewPalette(o.Color), o: o}
	x.linef("%s", x.palette.Bold(fmt.Sprintf("%s (%s)", report.Visible(t.Design.System), report.Visible(t.Design.Path))))
	x.item("", t.headline(), 2)
	shown := t.Rows
	if o.Limit > 0 && len(shown) > o.Limit {
		shown = shown[:o.Limit]
	}
	if len(shown) > 0 {
		x.linef("")
		x.rows(t, shown)
	}
	if n := len(t.Rows) - len(shown); n > 0 {
		x.item("", fmt.Sprintf("… and %s more: --limit %d shows more rows, --limit 0 all", report.Thousands(n), 2*o.Limit), 2)
	}
	for _, note := range t.notes() {
		x.item("", note, 2)
	}
	_, err := io.WriteString(w, x.b.String())
	return err
}

// headline tells how many failures take something down.
func (t *Table) headline() string {
	down, degraded, overloads, events := 0, 0, 0, 0
	for _, r := range t.Rows {
		events += r.Alike
		if len(r.Overloaded) > 0 {
			overloads += r.Alike
		}
		if len(r.Down) > 0 {
			down += r.Alike
		} else if len(r.Degraded) > 0 {
			degraded += r.Alike
		}
	}
	events += t.Harmless
	kinds := strings.Join(t.Kinds, ", ")
	if n := len(t.Kinds); n > 1 {
		kinds = strings.Join(t.Kinds[:n-1], ", ") + " or " + t.Kinds[n-1]
	}
	if events == 0 {
		return fmt.Sprintf("The design has no %s that can fail.", kinds)
	}
	what := kinds
	if len(t.Kinds) > 1 {
		what = "failure of a " + kinds
	}
	out := fmt.Sprintf("Of %s, ", countedOf(events, what, len(t.Kinds) > 1))
	switch {
	case down == 0 && degraded == 0:
		out += "none takes a journey down or degrades one"
	case down == 0:
		out += fmt.Sprintf("none takes a journey down, %s", degrades(degraded))
	default:
		out += fmt.Sprintf("%s take a journey down", report.Thousands(down))
		if down == 1 {
			out = strings.Replace(out, "1 take a", "1 takes a", 1)
		}
		if degraded > 0 {
			out += ", " + degrades(degraded)
		}
	}
	switch {
	case overloads == 1:
		out += "; 1 overloads a module at peak"
	case overloads > 1:
		out += fmt.Sprintf("; %s overload a module at peak", report.Thousands(overloads))
	}
	return out + "."
}

func degrades(n int) string {
	if n == 1 {
		return "1 degrades one"
	}
	return report.Thousands(n) + " degrade one"
}

func countedOf(n int, what string, several bool) string {
	if several {
		return report.Thousands(n) + " failures" + strings.TrimPrefix(what, "failure")
	}
	return counted(n, what)
}

func (t *Table) notes() (out []string) {
	known := len(t.Capacity.Modules) > 0
	if n := t.Harmless; n > 0 {
		does := "brings nothing down alone, and has no row."
		if n > 1 {
			does = "bring nothing down alone, and have no row."
		}
		if known {
			does = strings.Replace(does, " down ", " down and overloads nothing ", 1)
			if n > 1 {
				does = strings.Replace(does, "overloads", "overload", 1)
			}
		}
		out = append(out, counted(n, "replica")+" "+does)
	}
	if b := t.Before; len(b.Down)+len(b.Degraded)+b.Modules+len(b.Overloaded) > 0 {
		note := fmt.Sprintf("Not counted, as it is so before anything fails: %s down, %d degraded, %s down", counted(len(b.Down), "journey"), len(b.Degraded), counted(b.Modules, "module"))
		if n := len(b.Overloaded); n > 0 {
			note += fmt.Sprintf(", %s overloaded", report.Thousands(n))
		}
		out = append(out, note+".")
	}
	late := 0
	for i := range t.Rows {
		if t.Rows[i].Overloaded == nil {
			late++
		}
	}
	switch c := t.Capacity; {
	case len(t.Rows)+t.Harmless == 0:
	case !known:
		out = append(out, "Overload at peak is not known: "+c.whyNothing())
	default:
		if late > 0 {
			out = append(out, fmt.Sprintf("Overload was not computed for %s with a ?, which would take long; --fail tells it of each.", counted(late, "row")))
		}
		if missing := c.missing(); len(missing) > 0 {
			out = append(out, "There may be more overload than is known: "+enumerate(missing)+".")
		}
	}
	return out
}

// rows writes the rows of a table. The list of journeys gives way to figures.
func (t *textWriter) rows(of *Table, rows []Row) {
	table := report.Table{
		Width: t.o.TableWidth, Head: t.palette.Rule, RestHead: "journeys", RestLeast: 15,
		Columns: []report.Column{
			{Head: "event", Least: 12}, {Head: "kind", Gives: 2}, {Head: "journeys down", Right: true}, {Head: "degraded", Right: true, Gives: 1},
			{Head: "modules down", Right: true, Gives: 3}, {Head: "overloaded", Right: true},
		},
		Rest: func(i, room int) string {
			const least, most = 8, 60
			if room < least {
				return ""
			}
			return which(&rows[i], min(room, most))
		},
	}
	for i := range rows {
		r := &rows[i]
		alike, kind, overloaded := "", "", ""
		if r.Alike > 1 {
			alike = fmt.Sprintf(" (and %s alike)", report.Thousands(r.Alike-1))
		}
		if len(of.Kinds) > 1 {
			kind = r.Kind
		}
		switch {
		case r.Overloaded != nil:
			overloaded = report.Thousands(len(r.Overloaded))
		case len(of.Capacity.Modules) > 0:
			overloaded = "?"
		}
		line := report.Row{Cells: report.Cells(report.Visible(r.Event), kind, report.Thousands(len(r.Down)), report.Thousands(len(r.Degraded)), report.Thousands(r.Modules), overloaded)}
		line.Cells[0].Keep = alike
		switch {
		case len(r.Down) > 0:
			line.Paint = t.palette.Bad
		case len(r.Degraded)+len(r.Overloaded) > 0:
			line.Paint = t.palette.Changed
		}
		table.Rows = append(table.Rows, line)
	}
	_ = table.Write(&t.b) // which takes all
}

// which names what a row is about, as far as there is room: the journeys that are down, those degraded if there are none, and
// failing both what is overloaded.
func which(r *Row, room int) string {
	switch {
	case len(r.Down) > 0:
		return firstOf(r.Down, room)
	case len(r.Degraded) > 0:
		return firstOf(r.Degraded, room)
	case len(r.Overloaded) > 0:
		const verb = "overloads "
		return verb + firstOf(r.Overloaded, room-len(verb))
	}
	return ""
}

// firstOf names the first of a list, as many as there is room for, and counts the others.
func firstOf(list []string, room int) string {
	out, used := "", 0
	for i, name := range list {
		part := report.Visible(name)
		if i > 0 {
			part = ", " + part
		}
		rest := ""
		if left := len(list) - i - 1; left > 0 {
			rest = fmt.Sprintf(" and %s more", report.Thousands(left))
		}
		n := uniseg.StringWidth(part)
		if used+n+len(rest) > room {
			if i == 0 {
				return report.CutMiddle(part, room)
			}
			return out + fmt.Sprintf(" and %s more", report.Thousands(len(list)-i))
		}
		out += part
		used += n
	}
	return out
}
