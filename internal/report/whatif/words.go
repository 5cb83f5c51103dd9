package whatif

import (
	"fmt"
	"strings"

	"lintel/internal/report"
)

// String says why a module does not work: "zone-a holds both replicas of orders".
func (r *Reason) String() string {
	name := report.Visible(r.Module)
	switch r.Kind {
	case Whole:
		return name + " fails"
	case CutOff:
		return name + " -> " + report.Visible(r.To) + " is cut"
	case Alternatives:
		return fmt.Sprintf("%s needs %d of the %d alternatives of %s", name, r.Need, r.Up, report.Visible(r.To))
	case Primary:
		if r.Alone {
			return fmt.Sprintf("%s holds the primary of %s, and failover is manual", report.Visible(r.Domains[0].Name), name)
		}
		return fmt.Sprintf("the primary of %s is lost, and failover is manual", name)
	}
	switch {
	case r.Replicas == 0:
		return name + " has no replicas"
	case r.Need > r.Replicas:
		return fmt.Sprintf("%s has %s and needs %d", name, counted(r.Replicas, "replica"), r.Need)
	case !r.Alone && r.Replicas == 1:
		return name + " loses its only replica"
	case !r.Alone:
		return fmt.Sprintf("%s has %d of %s up and needs %d", name, r.Up, counted(r.Replicas, "replica"), r.Need)
	}
	var places []string
	for _, d := range r.Domains {
		places = append(places, report.Visible(d.Name))
	}
	verb := " holds "
	if len(places) > 1 {
		verb = " hold "
	}
	where := enumerate(places) + verb
	switch {
	case r.Replicas == 1:
		return where + "the only replica of " + name
	case r.Up == 0 && r.Replicas == 2:
		return where + "both replicas of " + name
	case r.Up == 0:
		return fmt.Sprintf("%sall %d replicas of %s", where, r.Replicas, name)
	}
	return fmt.Sprintf("%s%d of the %d replicas of %s, which needs %d", where, r.Replicas-r.Up, r.Replicas, name, r.Need)
}

// String gives the way in one line, the reason at its end.
func (w *Way) String() string {
	path := make([]string, len(w.Path))
	for i, name := range w.Path {
		path[i] = report.Visible(name)
	}
	line := strings.Join(path, " -> ")
	switch {
	case w.Reason != nil && len(w.Path) == 1:
		return w.Reason.String()
	case w.Reason != nil:
		return line + ": " + w.Reason.String()
	case w.Soft == nil:
		return line
	}
	return line + " -> " + w.Soft.end()
}

// String tells the soft dependency, as the end of a way, why it is not satisfied, and what is done instead.
func (s *Soft) String() string { return report.Visible(s.Module) + " -> " + s.end() }

// end is String without the module that has the dependency.
func (s *Soft) end() string {
	out := report.Visible(s.Key) + " (soft)"
	if !s.Choice && len(s.Missing) == 1 && s.Missing[0].Name != s.Key {
		out = report.Visible(s.Missing[0].Name) + " (soft)"
	}
	var why []string
	for i := range s.Missing {
		m := &s.Missing[i]
		if m.Cut {
			why = append(why, report.Visible(s.Module)+" -> "+report.Visible(m.Name)+" is cut")
		} else if m.Reason != nil {
			why = append(why, m.Way.String())
		}
		if i == 1 && len(s.Missing) > 2 {
			why = append(why, fmt.Sprintf("and %d more alternatives", len(s.Missing)-2))
			break
		}
	}
	if s.Choice && len(why) == 0 {
		why = append(why, "it needs more alternatives than there are")
	}
	out += ": " + strings.Join(why, ", ")
	if s.Fallback == "" {
		return out + "; no fallback is stated"
	}
	return out + "; fallback: " + report.Visible(s.Fallback)
}

func enumerate(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%s %ss", report.Thousands(n), what)
}
