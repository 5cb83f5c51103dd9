package rules

import "fmt"

// unstableDependency tells of stable modules that lean on unstable ones. Arcan reports a component
// when 30 % or more of its dependencies (the degree of unstable dependency) have a higher
// instability than its own. Between running services that measure alone would report most modules
// with a helper, so two things are asked beside it: the module is stable (more modules depend on it
// than it depends on), and what it leans on is unstable (depends on more modules than depend on it).
// Modules of one cycle have no order of stability; the rules about cycles tell of them.
var unstableDependency = &Rule{
	ID:       "CPL008",
	Name:     "unstable-dependency",
	Severity: Info,
	Summary:  "A stable module depends to a large part on unstable ones.",
	Params: []Param{
		{
			Name: "share", Default: 30.0, Min: 0, Max: 100,
			Doc:    "The part of a module's dependencies, in percent, from which on unstable ones are reported.",
			Source: "Arcan: degree of unstable dependency",
		},
		{
			Name: "minimum", Default: int64(2), Min: 1,
			Doc:    "The least number of unstable modules that it must depend on.",
			Source: "a choice of this rule: one helper is no pattern",
		},
	},
	Sources: []Source{
		{Title: "Robert C. Martin, OO Design Quality Metrics (1994): instability, stable dependencies principle", URL: "https://linux.ime.usp.br/~joaomm/mac499/arquivos/referencias/oodmetrics.pdf"},
		{Title: "Arcelli Fontana, Pigazzini, Roveda, Zanoni, Automatic Detection of Instability Architectural Smells (ICSME 2016)", URL: "https://doi.org/10.1109/ICSME.2016.33"},
	},
	Run: runUnstableDependency,
}

func runUnstableDependency(p *Pass) {
	a, share, least := p.Analysis, p.Float("share"), p.Int("minimum")
	fans := p.coupling().Fans
	cycle := make([]int32, a.Modules()) // 0: in none; else the number of its cycle
	for n, c := range p.cyclesOfCoupling() {
		for _, m := range c.Members {
			cycle[m] = int32(n + 1)
		}
	}
	for i, out := range fans.Out {
		m := int32(i)
		own := fans.instability(m)
		if own >= 0.5 {
			continue
		}
		var unstable []int32
		for _, t := range out {
			if fans.instability(t) > 0.5 && (cycle[t] == 0 || cycle[t] != cycle[m]) {
				unstable = append(unstable, t)
			}
		}
		if len(unstable) < max(least, 1) || 100*float64(len(unstable)) < share*float64(len(out)) {
			continue
		}
		p.reportUnstable(m, unstable, fans)
	}
}

func (p *Pass) reportUnstable(m int32, unstable []int32, fans *fans) {
	a := p.Analysis
	name := a.Module(m).Name
	f := Finding{
		Subject: Subject{OfModule, name},
		Message: fmt.Sprintf("%s is stable (%s, it depends on %d) but leans on %s, which %s: what changes there reaches all its callers",
			name, dependOnIt(len(fans.In[m])), len(fans.Out[m]), enumerate(moduleNames(a, unstable)), unstableInWords(len(unstable))),
		Location: a.Module(m).Pos,
	}
	for _, t := range unstable[:min(len(unstable), maxShownPlaces)] {
		f.Related = append(f.Related, Related{
			Message:  fmt.Sprintf("%s: %s, it depends on %d", a.Module(t).Name, dependOnIt(len(fans.In[t])), len(fans.Out[t])),
			Location: placeOf(a, m, t),
		})
	}
	f.Suggestions = []string{
		fmt.Sprintf("turn %s round: let %s publish what %s needs, or hand it over with the call", edgeName(name, a.Module(unstable[0]).Name), a.Module(unstable[0]).Name, name),
		fmt.Sprintf("put a small, stable interface before %s", enumerate(moduleNames(a, unstable))),
	}
	p.Report(f)
}

func unstableInWords(n int) string {
	if n == 1 {
		return "depends on more modules than depend on it"
	}
	return "depend on more modules than depend on them"
}
