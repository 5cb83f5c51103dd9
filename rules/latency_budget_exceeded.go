package rules

import (
	"fmt"
	"strings"
	"time"

	"lintel/analyzer"
	"lintel/schema"
)

// latencyBudgetExceeded tells of promised latencies (of journeys and modules) that cannot be kept: the latencies on one
// way of synchronous hard calls add up to more, even if every module makes all its calls at once and each of them once.
// What is told is therefore certain.
//
// A module that cannot keep its promise is told once. Those that call it are judged as if it kept it.
var latencyBudgetExceeded = &Rule{
	ID:       "INT006",
	Name:     "latency-budget-exceeded",
	Severity: Error,
	Summary:  "The latencies on a way of synchronous calls add up to more than the promised latency.",
	Needs:    []string{"latency", "slo"},
	Sources: []Source{
		{Title: "Dean, Barroso, The Tail at Scale (CACM, 2013)", URL: "https://doi.org/10.1145/2408776.2408794"},
		{Title: "Kelley, Walker, Critical-path analysis for exploring execution-time problems (1959): the critical path", URL: "https://doi.org/10.1145/1460299.1460318"},
	},
	Run: runLatencyBudgetExceeded,
}

func runLatencyBudgetExceeded(p *Pass) {
	a := p.Analysis
	promised := false
	for _, m := range p.Design.Modules {
		promised = promised || m.SLO.Latency != nil
	}
	for _, j := range p.Design.Journeys {
		promised = promised || j.SLO.Latency != nil
	}
	if !promised {
		return
	}
	bound := a.LatencyBound()
	unchecked := 0
	judge := func(subject Subject, place schema.Range, slo, least time.Duration, complete bool, path func() []analyzer.LatencyStep) {
		switch {
		case least > slo:
			p.reportBudget(subject, place, slo, least, path())
		case !complete:
			unchecked++
		}
	}
	for i, m := range p.Design.Modules {
		if m.SLO.Latency != nil {
			judge(Subject{OfModule, m.Name}, placeOfFirst(m, "slo.latency"), *m.SLO.Latency, bound.Least[i], bound.Complete[i],
				func() []analyzer.LatencyStep { return bound.Path(int32(i)) })
		}
	}
	journeys := a.Journeys()
	for i := range journeys {
		j := &journeys[i]
		if j.Entry < 0 || j.Stated == nil || j.Stated.SLO.Latency == nil {
			continue
		}
		least, path, complete := bound.OfJourney(j)
		judge(Subject{OfJourney, j.Name}, j.Stated.At("slo.latency"), *j.Stated.SLO.Latency, least, complete, func() []analyzer.LatencyStep { return path })
	}
	p.Unchecked(unchecked, "latency")
}

func (p *Pass) reportBudget(subject Subject, place schema.Range, slo, least time.Duration, path []analyzer.LatencyStep) {
	a := p.Analysis
	for len(path) > 1 && path[len(path)-1].Takes == 0 {
		path = path[:len(path)-1] // it adds nothing, or nothing that is known
	}
	f := Finding{Subject: subject, Location: place}
	if subject.Kind == OfJourney {
		f.Journeys = []string{subject.Name}
	}
	largest := 0
	var parts []string
	for i, s := range path {
		m := a.Module(s.Module)
		f.Path = append(f.Path, m.Name)
		if s.Takes > path[largest].Takes {
			largest = i
		}
		field := "latency"
		part := m.Name + " " + schema.FormatDuration(s.Takes)
		if s.Promised {
			field, part = "slo.latency", part+" by its own promise"
		}
		if s.Takes > 0 {
			parts = append(parts, part)
			if len(f.Related) < maxShownPlaces {
				f.Related = append(f.Related, Related{Message: part, Location: placeOfFirst(m, field)})
			}
		}
	}
	const most = 6
	sum := strings.Join(parts, " + ")
	if len(parts) > most {
		sum = strings.Join(parts[:most-1], " + ") + fmt.Sprintf(" and %d more", len(parts)-most+1)
	}
	switch {
	case len(path) == 1 && subject.Name == f.Path[0] && subject.Kind == OfModule:
		f.Message = fmt.Sprintf("%s promises to answer within %s, but takes %s by itself", subject.Name, schema.FormatDuration(slo), schema.FormatDuration(least))
	default:
		f.Message = fmt.Sprintf("%s promises an answer within %s, but one takes at least %s, even if all calls run at once: %s",
			subject.Name, schema.FormatDuration(slo), schema.FormatDuration(least), sum)
	}
	// What can be left out of the way: the call to the part that takes longest, or the last one before it without which the
	// rest is in time.
	before := make([]time.Duration, len(path)) // what the modules before each take
	for i := range path[1:] {
		before[i+1] = before[i] + path[i].Takes
	}
	for at := min(max(largest, 1), len(path)-1); at > 0; at-- {
		if from, to := path[at-1].Module, path[at].Module; before[at] <= slo && a.Module(from).Kind != schema.External {
			f.Suggestions = append(f.Suggestions, fmt.Sprintf("make %s asynchronous, so that %s answers without waiting for %s", linkName(a, from, to), a.Module(from).Name, a.Module(to).Name))
			break
		}
	}
	slow := path[largest]
	if rest := least - slow.Takes; rest < slo {
		f.Suggestions = append(f.Suggestions, orElse(f.Suggestions, fmt.Sprintf("bring the latency of %s down to %s", a.Module(slow.Module).Name, schema.FormatDuration(slo-rest))))
	}
	f.Suggestions = append(f.Suggestions, orElse(f.Suggestions, fmt.Sprintf("promise %s or more", schema.FormatDuration(least))))
	p.Report(f)
}
