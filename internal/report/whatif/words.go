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
	case len(w.Path) > 1:
		return line + ": " + w.Soft.String()
	}
	return w.Soft.String()
}

// String says what a module goes on without, what it does instead, and why.
func (s *Soft) String() string {
	var missing []string
	for _, m := range s.Missing {
		missing = append(missing, report.Visible(m.Name))
	}
	what := enumerate(missing)
	if s.Choice {
		what = fmt.Sprintf("%s (%s)", report.Visible(s.Key), what)
		if len(missing) == 0 {
			what = report.Visible(s.Key)
		}
	}
	out := fmt.Sprintf("%s does without %s", report.Visible(s.Module), what)
	if s.Fallback != "" {
		out += ", its fallback: " + report.Visible(s.Fallback)
	}
	for _, m := range s.Missing {
		if m.Cut {
			out += "; " + report.Visible(s.Module) + " -> " + report.Visible(m.Name) + " is cut"
		} else if m.Reason != nil {
			out += "; " + m.Way.String()
		}
		break
	}
	return out
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
	return fmt.Sprintf("%s %ss", thousands(n), what)
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
