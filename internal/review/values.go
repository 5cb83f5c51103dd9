package review

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"lintel/schema"
)

// Values are written as a design states them; "" is what it does not state.

func whole(v *int) string {
	if v == nil {
		return ""
	}
	return strconv.Itoa(*v)
}

func number(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

func percent(v *float64) string {
	if v == nil {
		return ""
	}
	return number(v) + "%"
}

func duration(v *time.Duration) string {
	if v == nil {
		return ""
	}
	return schema.FormatDuration(*v)
}

func truth(v *bool) string {
	if v == nil {
		return ""
	}
	return strconv.FormatBool(*v)
}

// names writes names whose order says nothing; rename gives the name that each has in the new design.
func names(refs []schema.Ref, rename func(string) string) string {
	if len(refs) == 0 {
		return ""
	}
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = r.Name
		if rename != nil {
			out[i] = rename(r.Name)
		}
	}
	return set(out)
}

// set writes texts whose order says nothing.
func set(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return list(slices.Sorted(slices.Values(texts)))
}

func list(texts []string) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, t := range texts {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quoted(t))
	}
	b.WriteByte(']')
	return b.String()
}

// quoted writes a text that stands in a list or struct, with quotes where it would be read as more than one text.
func quoted(t string) string {
	if t == "" || strings.ContainsAny(t, `,:[]{}"`) {
		return strconv.Quote(t)
	}
	return t
}

// placement writes a list of failure domains, or the number of replicas in each.
func placement(p *schema.Placement, r *renames) string {
	switch {
	case p == nil:
		return ""
	case len(p.Counts) > 0:
		counts := make([]string, len(p.Counts))
		for i, c := range p.Counts {
			counts[i] = quoted(r.domain(c.Domain.Name)) + ": " + strconv.Itoa(c.Count)
		}
		slices.Sort(counts)
		return "{" + strings.Join(counts, ", ") + "}"
	}
	spread := make([]string, len(p.Spread))
	for i, d := range p.Spread {
		spread[i] = r.domain(d.Name)
	}
	return list(spread)
}

func links(l []schema.Link) string {
	if len(l) == 0 {
		return ""
	}
	out := make([]string, len(l))
	for i, link := range l {
		out[i] = quoted(link.Label) + ": " + quoted(link.URL)
	}
	slices.Sort(out)
	return "{" + strings.Join(out, ", ") + "}"
}
