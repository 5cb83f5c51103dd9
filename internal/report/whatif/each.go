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
	// Harmless counts the replicas that bring nothing down by themselves, for want of which no module loses its
	// capacity, or that belong to a module without capacity to begin with; they have no rows.
	Harmless int
	Before   Loss // what is down before anything fails, which no row counts
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
}

// Each finds out what each failure of some kinds brings down.
func Each(a *analyzer.Analysis, kinds []string) *Table {
	t := &Table{Design: a.Design}
	for _, k := range Kinds() {
		if slices.Contains(kinds, k) {
			t.Kinds = append(t.Kinds, k)
		}
	}
	e := &each{a: a, t: t}
	e.before = a.Simulate(analyzer.Scenario{}).Outcome
	t.Before = e.loss(e.before, analyzer.Outcome{})
	var scenarios []analyzer.Scenario
	for i, f := range a.Design.FailureDomains {
		if slices.Contains(t.Kinds, string(f.Kind)) {
			event := analyzer.Event{Kind: analyzer.DomainEvent, Module: -1, Domain: int32(i)}
			scenarios = append(scenarios, analyzer.Scenario{Events: []analyzer.Event{event}})
			t.Rows = append(t.Rows, Row{Event: a.EventName(event), Kind: string(f.Kind), Alike: 1})
		}
	}
	if slices.Contains(t.Kinds, "module") {
		for i, m := range a.Design.Modules {
			s := analyzer.Scenario{Modules: []int32{int32(i)}}
			if m.Kind == schema.External {
				s = analyzer.Scenario{Events: []analyzer.Event{{Kind: analyzer.ExternalEvent, Module: int32(i), Domain: -1}}}
			}
			scenarios = append(scenarios, s)
			t.Rows = append(t.Rows, Row{Event: a.ModuleEventName(int32(i)), Kind: "module", Alike: 1})
		}
	}
	a.SimulateAll(scenarios, func(i int, o analyzer.Outcome, _ func(int32) bool) {
		t.Rows[i].Loss = e.loss(o, e.before)
	})
	if slices.Contains(t.Kinds, "replica") {
		e.replicas()
	}
	slices.SortStableFunc(t.Rows, func(x, y Row) int {
		return cmp.Or(cmp.Compare(len(y.Down), len(x.Down)), cmp.Compare(len(y.Degraded), len(x.Degraded)), cmp.Compare(y.Modules, x.Modules), cmp.Compare(x.Event, y.Event))
	})
	return t
}

type each struct {
	a      *analyzer.Analysis
	t      *Table
	before analyzer.Outcome
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

// replicas adds the rows of replicas whose loss takes their module's capacity, alike ones together.
func (e *each) replicas() {
	f := e.a.Failures()
	fatal := make([]int, e.a.Modules())
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
	}
	for i, m := range e.a.Design.Modules {
		if m.Kind != schema.External { // which fails as a whole
			e.t.Harmless += max(m.ReliableReplicas(), 0) - fatal[i]
		}
	}
}

// TableText writes a table for people, of no more than limit rows, where that is not 0.
func TableText(w io.Writer, t *Table, color bool, limit int) error {
	p := report.NewPalette(color)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", p.Bold(fmt.Sprintf("%s (%s)", report.Visible(t.Design.System), report.Visible(t.Design.Path))))
	b.WriteString(t.headline() + "\n")
	shown := t.Rows
	if limit > 0 && len(shown) > limit {
		shown = shown[:limit]
	}
	if len(shown) > 0 {
		b.WriteString("\n")
		t.write(&b, p, shown)
	}
	if n := len(t.Rows) - len(shown); n > 0 {
		fmt.Fprintf(&b, "… and %s more: --limit %d shows more rows, --limit 0 all\n", thousands(n), 2*limit)
	}
	for _, note := range t.notes() {
		b.WriteString(note + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// headline tells how many failures take something down.
func (t *Table) headline() string {
	down, degraded, events := 0, 0, 0
	for _, r := range t.Rows {
		events += r.Alike
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
		out += fmt.Sprintf("%s take a journey down", thousands(down))
		if down == 1 {
			out = strings.Replace(out, "1 take a", "1 takes a", 1)
		}
		if degraded > 0 {
			out += ", " + degrades(degraded)
		}
	}
	return out + "."
}

func degrades(n int) string {
	if n == 1 {
		return "1 degrades one"
	}
	return thousands(n) + " degrade one"
}

func countedOf(n int, what string, several bool) string {
	if several {
		return thousands(n) + " failures" + strings.TrimPrefix(what, "failure")
	}
	return counted(n, what)
}

func (t *Table) notes() (out []string) {
	if t.Harmless > 0 {
		out = append(out, fmt.Sprintf("%s brings nothing down alone, and has no row.", counted(t.Harmless, "replica")))
		if t.Harmless > 1 {
			out[0] = fmt.Sprintf("%s bring nothing down alone, and have no row.", counted(t.Harmless, "replica"))
		}
	}
	b := t.Before
	if len(b.Down)+len(b.Degraded)+b.Modules > 0 {
		out = append(out, fmt.Sprintf("Not counted, as it is so before anything fails: %s down, %d degraded, %s down.", counted(len(b.Down), "journey"), len(b.Degraded), counted(b.Modules, "module")))
	}
	return out
}

// write aligns the rows. Names give way to figures in a page's columns, and the list of journeys to names.
func (t *Table) write(b *strings.Builder, p report.Palette, rows []Row) {
	severalKinds := len(t.Kinds) > 1
	head := []string{"event", "kind", "journeys down", "degraded", "modules down", "which journeys"}
	cells := [][]string{head}
	for _, r := range rows {
		name := report.Visible(r.Event)
		if r.Alike > 1 {
			name += fmt.Sprintf(" (and %s alike)", thousands(r.Alike-1))
		}
		cells = append(cells, []string{name, r.Kind, thousands(len(r.Down)), thousands(len(r.Degraded)), thousands(r.Modules), ""})
	}
	widths := make([]int, len(head))
	for _, row := range cells {
		for i, cell := range row {
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
	}
	if !severalKinds {
		widths[1] = 0
	}
	widths[0] = min(widths[0], 40)
	room := columns
	for i, w := range widths[:5] {
		if w > 0 || i != 1 {
			room -= w + 2
		}
	}
	for k, row := range cells {
		var line strings.Builder
		row[0] = short(row[0], widths[0])
		for i, cell := range row[:5] {
			pad := strings.Repeat(" ", max(widths[i]-uniseg.StringWidth(cell), 0))
			switch {
			case i == 1 && !severalKinds:
			case i < 2:
				line.WriteString(cell + pad + "  ")
			default:
				line.WriteString(pad + cell + "  ")
			}
		}
		text := strings.TrimRight(line.String(), " ")
		if k == 0 {
			b.WriteString(p.Rule(strings.TrimRight(line.String()+"journeys", " ")) + "\n")
			continue
		}
		if which := whichJourneys(&rows[k-1], room); which != "" {
			text = line.String() + which
		}
		if len(rows[k-1].Down) > 0 {
			text = p.Bad(text)
		} else if len(rows[k-1].Degraded) > 0 {
			text = p.Changed(text)
		}
		b.WriteString(text + "\n")
	}
}

// whichJourneys names the journeys of a row, those that are down first, as far as there is room.
func whichJourneys(r *Row, room int) string {
	out, used := "", 0
	list := r.Down
	if len(list) == 0 {
		list = r.Degraded
	}
	for i, name := range list {
		part := report.Visible(name)
		if i > 0 {
			part = ", " + part
		}
		rest := ""
		if left := len(list) - i - 1; left > 0 {
			rest = fmt.Sprintf(" and %s more", thousands(left))
		}
		n := uniseg.StringWidth(part)
		if used+n+len(rest) > room {
			if i == 0 {
				return short(part, max(room, 1))
			}
			return out + fmt.Sprintf(" and %s more", thousands(len(list)-i))
		}
		out += part
		used += n
	}
	return out
}
