package rules

import (
	"fmt"

	"lintel/analyzer"
)

// Silent returns what the rule with this id sees in the design and does not tell, since another finding tells of the same
// cause: REP002 is silent about a store of which RES001 tells, and RES001 about a failure domain that takes down no more
// than the single replica of a module that stands in it. It is what the rule says alone, without what it has said; none
// for a rule that took no part in the run. Who compares two runs needs it: what one of them has and the other is silent
// about did neither come nor go.
func (res *Result) Silent(id string) []Finding {
	if res.effective == nil {
		return nil
	}
	r, ok := Find(id)
	if !ok || r.Run == nil || !res.effective.runs(r) {
		return nil
	}
	p := &Pass{Rule: r, Design: res.Design, Analysis: res.Analysis, settings: res.effective.alone(r), shared: &shared{}}
	r.Run(p)
	if r == singlePointOfFailure {
		p.reportCoveredDomains()
	}
	told := map[string]int{}
	for _, list := range [][]Finding{res.Findings, res.Waived, res.Known} {
		for i := range list {
			if list[i].Rule.ID == id {
				told[list[i].Fingerprint()]++
			}
		}
	}
	var out []Finding
	for _, f := range p.findings {
		if print := f.Fingerprint(); told[print] > 0 {
			told[print]--
			continue
		}
		out = append(out, *f)
	}
	SortFindings(out)
	return out
}

// reportCoveredDomains reports the failure domains that bring journeys down and that RES001 leaves to the modules and
// inner domains that it tells of.
func (p *Pass) reportCoveredDomains() {
	a := p.Analysis
	counted := countedDomains(a, p.Strings("domains"))
	points := singlePointsOf(p)
	f := a.Failures()
	for i, e := range f.Events {
		lost := f.Outcomes[i].Lost
		if e.Kind != analyzer.DomainEvent || len(lost) == 0 || !counted[e.Domain] {
			continue
		}
		if _, told := points.byDomain[e.Domain]; told {
			continue
		}
		d := a.Design.FailureDomains[e.Domain]
		p.Report(Finding{
			Subject:  Subject{OfFailureDomain, d.Name},
			Message:  fmt.Sprintf("%s is a single point of failure: losing this %s %s", d.Name, d.Kind, takesDown(a, lost, -1)),
			Location: d.Pos,
			Journeys: journeyNames(a, lost),
		})
	}
}
