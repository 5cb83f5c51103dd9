package rules

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"lintel/analyzer"
	"lintel/schema"
)

// sloInversion tells of a promise of availability (of a module or a journey) that rests on a lesser one: a module that it
// cannot work without promises less. A module without a promise passes on the least of what it needs itself. Each promise is held
// against the least that it rests on, and there is one finding for each of these, with all that promise more.
//
// An inversion is told where it arises: who relies on a module that promises enough is not blamed for what that one
// rests on. Where RES012 runs, an external module's availability is part of what it computes, so what falls short of one is
// left to it.
var sloInversion = &Rule{
	ID:       "RES013",
	Name:     "slo-inversion",
	Severity: Warning,
	Summary:  "A module or journey promises more availability than a module that it cannot work without.",
	Needs:    []string{"slo"},
	Params: []Param{{
		Name: "extraNines", Default: 0.0, Min: 0, Max: 3,
		Doc:    "How many more nines the promise of what is needed must have: with 1, what promises 99.9 % may rest on 99.99 % and more; with 0, on nothing less than its own.",
		Source: "a choice of this rule: what promises less than its caller is certainly wrong; Treynor and others ask for one more nine of what many depend on",
	}},
	Sources: []Source{
		{Title: "Treynor, Dahlin, Rau, Beyer, The Calculus of Service Availability (ACM Queue, 2017): the rule of the extra 9", URL: "https://queue.acm.org/detail.cfm?id=3096459"},
	},
	Run: runSLOInversion,
}

// promiser is a module or journey that promises more than what it rests on is good for.
type promiser struct {
	subject Subject
	share   float64
	place   schema.Range
	way     []int32 // the modules from it to what it rests on, itself (of a journey, its entry) the first
}

// lesserPromise is what promisers rest on: a module, or a dependency with alternatives (by).
type lesserPromise struct {
	module  int32 // -1 where by is set
	by      *analyzer.Dependency
	offered float64
	of      []promiser
}

func runSLOInversion(p *Pass) {
	a := p.Analysis
	promises := a.Promises()
	unchecked := 0
	var found []*lesserPromise
	add := func(module int32, by *analyzer.Dependency, offered float64, who promiser) {
		for _, l := range found {
			if l.module == module && l.by == by {
				l.of = append(l.of, who)
				return
			}
		}
		found = append(found, &lesserPromise{module, by, offered, []promiser{who}})
	}
	judge := func(m int32, ignored []int32, who promiser) {
		d, offered := p.leastOf(promises, m, ignored, who.share)
		if d == nil {
			if promises.Open[m] {
				unchecked++
			}
			return
		}
		way, by := promises.Way(d)
		who.way = append([]int32{m}, way...)
		if by != nil {
			add(-1, by, offered, who)
		} else {
			add(way[len(way)-1], nil, offered, who)
		}
	}
	for i, m := range p.Design.Modules {
		if m.SLO.Availability != nil && m.Kind != schema.External {
			judge(int32(i), nil, promiser{subject: Subject{OfModule, m.Name}, share: promises.Of[i], place: placeOfFirst(m, "slo.availability")})
		}
	}
	for _, j := range a.Journeys() {
		if j.Entry < 0 || j.Stated == nil || j.Stated.SLO.Availability == nil {
			continue
		}
		who := promiser{subject: Subject{OfJourney, j.Name}, share: *j.Stated.SLO.Availability / 100, place: j.Stated.At("slo.availability")}
		switch offered := promises.Of[j.Entry]; {
		case !promises.Stated[j.Entry]:
			judge(j.Entry, j.Ignored, who)
		case p.tooLittle(who.share, offered) && !p.leftToComputation(j.Entry, who.share, offered):
			who.way = []int32{j.Entry}
			add(j.Entry, nil, offered, who)
		}
	}
	p.Unchecked(unchecked, "slo")
	for _, l := range found {
		p.reportLesserPromise(l)
	}
}

// promiseTolerance is the share by which promises may differ by the rounding of floating-point numbers.
const promiseTolerance = 1e-12

// tooLittle reports whether a promise cannot rest on a share of offered.
func (p *Pass) tooLittle(promised, offered float64) bool {
	return 1-offered > (1-promised)*math.Pow(10, -p.Float("extraNines"))+promiseTolerance
}

// leftToComputation reports whether RES012 tells that a promise falls short of the availability of external module m, which
// is part of what it computes.
func (p *Pass) leftToComputation(m int32, promised, offered float64) bool {
	last := p.Analysis.Module(m)
	return last.Kind == schema.External && last.SLO.Availability == nil && offered < promised && p.Runs("RES012")
}

// leastOf returns the hard dependency of module m that is good for the least, of those that are good for too little; nil where
// none is.
func (p *Pass) leastOf(promises *analyzer.Promises, m int32, ignored []int32, share float64) (least *analyzer.Dependency, offered float64) {
	ignored = slices.Clone(ignored)
	for {
		d, offered := promises.Least(m, ignored)
		if d == nil || !p.tooLittle(share, offered) {
			return nil, 1
		}
		way, by := promises.Way(d)
		if by == nil && len(way) == 0 {
			return nil, 1
		}
		if by != nil || !p.leftToComputation(way[len(way)-1], share, offered) {
			return d, offered
		}
		all := p.Analysis.Dependencies()
		ignored = append(ignored, int32(slices.IndexFunc(all, func(o analyzer.Dependency) bool { return o.Dependency == d.Dependency })))
	}
}

func (p *Pass) reportLesserPromise(l *lesserPromise) {
	a := p.Analysis
	f := Finding{Path: moduleNames(a, l.of[0].way)}
	name, good := "", ""
	offered := percentOf(l.offered)
	for _, who := range l.of {
		if l.offered < who.share && percentOf(who.share) == offered {
			offered = percentAtMost(l.offered, func(share float64) bool { return share < who.share })
		}
	}
	if l.by != nil {
		name = dependencyName(a, l.by)
		good = fmt.Sprintf("the alternatives of %s are good for %s together", name, offered)
		f.Subject, f.Location, f.Aliases = Subject{OfDependency, edgeName(a.Module(l.by.From).Name, l.by.Key)}, l.by.Pos, dependencyAliases(a, l.by)
	} else {
		m := a.Module(l.module)
		name = m.Name
		good = fmt.Sprintf("%s promises %s", name, offered)
		f.Subject, f.Location = Subject{OfModule, m.Name}, placeOfFirst(m, "slo.availability", "availability", "mtbf")
	}
	highest, without := 0.0, "it"
	if l.by != nil {
		without = "them"
	}
	var names []string
	for _, who := range l.of {
		highest = max(highest, who.share)
		names = append(names, fmt.Sprintf("%s (%s)", who.subject.Name, percentOf(who.share)))
		if who.subject.Kind == OfJourney {
			f.Journeys = append(f.Journeys, who.subject.Name)
		}
		if len(f.Related) < maxShownPlaces && who.place.IsKnown() {
			f.Related = append(f.Related, Related{Message: fmt.Sprintf("%s promises %s", who.subject.Name, percentOf(who.share)), Location: who.place})
		}
	}
	enough := roundedPercent(1-(1-highest)*math.Pow(10, -p.Float("extraNines")), math.Ceil, func(share float64) bool { return !p.tooLittle(highest, share) })
	switch more := ""; {
	case len(l.of) == 1:
		if l.offered >= highest {
			more = " and so asks for " + enough
		}
		f.Message = fmt.Sprintf("%s, but %s, which cannot work without %s, promises %s%s", good, l.of[0].subject.Name, without, percentOf(highest), more)
	default:
		what := "promise more"
		if p.Float("extraNines") > 0 {
			what = "promise too much for that"
		}
		f.Message = fmt.Sprintf("%s, but %s, which cannot work without %s, %s", good, enumerate(names), without, what)
	}
	for _, who := range l.of {
		if link := firstOwnLink(a, who.way); link != "" {
			f.Suggestions = append(f.Suggestions, fmt.Sprintf("make %s soft, with a fallback, or give it an alternative", link))
			break
		}
	}
	if l.by != nil && len(f.Suggestions) == 0 {
		f.Suggestions = append(f.Suggestions, fmt.Sprintf("give %s one more alternative, or make it soft, with a fallback", name))
	}
	whose := name
	if l.by != nil {
		whose = "the alternatives"
	}
	f.Suggestions = append(f.Suggestions, orElse(f.Suggestions, fmt.Sprintf("agree with those behind %s on %s or more", whose, enough)))
	who := l.of[0].subject.Name
	if len(l.of) > 1 {
		who = "those that rest on it"
	}
	// Where nines are added, what is offered may be too little for any promise.
	if most := 1 - (1-l.offered)*math.Pow(10, p.Float("extraNines")); most > 0 {
		f.Suggestions = append(f.Suggestions, fmt.Sprintf("or let %s promise no more than %s", who,
			roundedPercent(most, math.Floor, func(share float64) bool { return !p.tooLittle(share, l.offered) })))
	}
	p.Report(f)
}

// orElse puts an "or" before a suggestion that is not the first.
func orElse(before []string, suggestion string) string {
	if len(before) == 0 {
		return suggestion
	}
	return "or " + suggestion
}

// roundedPercent writes a share in percent so that, read again, it holds what holds asks of it: as percentOf does where that serves,
// and otherwise rounded to one side.
func roundedPercent(share float64, round func(float64) float64, holds func(float64) bool) string {
	for decimals := 8; decimals <= 12; decimals++ {
		scale := math.Pow(10, float64(decimals))
		for _, percent := range []float64{math.Round(share*100*scale) / scale, round(share*100*scale) / scale} {
			if s := strconv.FormatFloat(percent, 'f', -1, 64); percent <= 100 && holds(percent/100) {
				return s + " %"
			}
		}
	}
	return percentOf(share)
}

// percentOf writes a share from 0 to 1 in percent, with no more digits than tell it from certainty, and at most ten.
func percentOf(share float64) string {
	s := strconv.FormatFloat(share*100, 'f', 8, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s + " %"
}
