package diagram

import (
	"fmt"
	"strings"
)

// describe writes what the picture says in words: its headings, the sentences for people who can't see it,
// and the notes that do not follow from another step.
func (b *builder) describe() {
	d := b.d
	d.Title = b.o.Title
	if d.Title == "" {
		d.Title = d.System
	}
	var view string
	switch d.View {
	case ViewOverview:
		view = "overview by " + string(d.GroupBy)
	case ViewDeployment:
		view = "deployment"
		if d.GroupBy != GroupByDomain {
			view += " by " + string(d.GroupBy)
		}
	case ViewMatrix:
		view = "dependency matrix"
		if b.summed {
			view += " by " + string(d.GroupBy)
		}
	}
	if view != "" {
		b.subtitle = append([]string{view}, b.subtitle...)
	}
	d.Subtitle = strings.Join(b.subtitle, " · ")
	notes := b.failureNotes()
	if b.cut {
		notes = append(notes, "Lines are drawn within a failure domain where both ends stand there; calls may cross domains.")
	}
	d.Notes = append(notes, d.Notes...)
	d.Description = b.inWords()
}

func (b *builder) inWords() string {
	d := b.d
	var s strings.Builder
	what := counted(b.count, "module")
	if !b.all {
		what = fmt.Sprintf("%s of %s", thousands(b.count), counted(b.a.Modules(), "module"))
	}
	s.WriteString(what)
	lines := 0
	for k, dep := range b.a.Dependencies() {
		if !b.shown[dep.From] || !b.draws(int32(k)) {
			continue
		}
		for _, t := range dep.Targets {
			if b.shown[t] {
				lines++
				break
			}
		}
	}
	fmt.Fprintf(&s, " with %s", plural(lines, "dependency", "dependencies"))
	if n := len(b.groups); n > 0 {
		switch {
		case b.placed:
			fmt.Fprintf(&s, ", placed in %s", plural(n, "failure domain", "failure domains"))
		case d.GroupBy != GroupByNone:
			in := "in"
			if d.GroupBy == GroupByTeam || d.GroupBy == GroupByKind {
				in = "of"
			}
			fmt.Fprintf(&s, ", %s %s", in, counted(n, string(d.GroupBy)))
		}
	}
	s.WriteString(".")
	if b.journey >= 0 {
		fmt.Fprintf(&s, " Shown is what the journey %s needs.", b.o.Journey)
	}
	var entries []string
	for i, m := range b.a.Design.Modules {
		if m.Entry && b.shown[i] && !b.faded[i] {
			entries = append(entries, m.Name)
		}
	}
	if len(entries) > 0 {
		fmt.Fprintf(&s, " Called from outside: %s.", enumerate(entries))
	}
	if f := d.Failure; f != nil {
		fmt.Fprintf(&s, " With the loss of %s: %s of %s down, %s degraded.", enumerate(f.Events), thousands(f.Down), counted(b.a.Modules(), "module"), thousands(f.Degraded))
		for _, list := range []struct {
			label string
			names []string
		}{{"lost", f.Lost}, {"degraded", f.Limping}, {"already lost before", f.LostBefore}, {"already degraded before", f.LimpingBefore}} {
			if len(list.names) > 0 {
				fmt.Fprintf(&s, " Journeys %s: %s.", list.label, enumerate(list.names))
			}
		}
		if f.DownBefore+f.DegradedBefore > 0 {
			fmt.Fprintf(&s, " Before it, %s down, %s degraded.", plural(f.DownBefore, "module was", "modules were"), thousands(f.DegradedBefore))
		}
	}
	if d.Changed {
		if words := b.changeWords(); words != "" {
			fmt.Fprintf(&s, " Changed: %s.", words)
		}
	}
	if n := len(d.Findings); n > 0 {
		fmt.Fprintf(&s, " %s marked.", plural(n, "finding is", "findings are"))
	}
	return s.String()
}
