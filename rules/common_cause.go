package rules

import (
	"fmt"

	"lintel/analyzer"
	"lintel/schema"
)

// commonCause tells of a configuration, DNS, identity or discovery module of which the loss of one replica stops several
// redundant modules: each of them survives the loss of a replica of its own, and none the loss of this one. What they
// need only to start counts: when it is gone, none of them can be restarted, scaled or moved.
//
// RES001 tells where the one replica takes a journey down as it is lost, REP002 where data exist once, and RES005 of a
// quorum of too few; then this rule keeps silent. REP001 keeps silent about what this rule tells.
var commonCause = &Rule{
	ID:       "RES015",
	Name:     "common-cause",
	Severity: Warning,
	Summary:  "Several redundant modules need one configuration, DNS, identity or discovery module that can lose no replica.",
	Params: []Param{
		{Name: "least", Default: int64(2), Min: 2, Doc: "The number of redundant modules that must at least need it.", Source: "a choice of this rule: from two on, redundancies that look independent are not"},
		{
			Name:    "kinds",
			Default: []string{string(schema.Configuration), string(schema.DNS), string(schema.Identity), string(schema.Discovery)},
			Allowed: kindNames, Doc: "The kinds of modules that are judged.",
		},
	},
	Sources: []Source{
		{Title: "AWS, Resilience Analysis Framework: shared fate", URL: "https://docs.aws.amazon.com/prescriptive-guidance/latest/resilience-analysis-framework/introduction.html"},
		{Title: "Mosleh and others, Procedures for Treating Common Cause Failures in Safety and Reliability Studies (NUREG/CR-4780, 1988)"},
	},
	Run: runCommonCause,
}

// sharedNeed is a module that redundant modules need, with the dependencies by which they do, one of each.
type sharedNeed struct {
	module int32
	by     []*analyzer.Dependency
}

func runCommonCause(p *Pass) {
	a := p.Analysis
	for _, need := range p.commonCauses() {
		m := a.Module(need.module)
		var names []string
		f := Finding{Subject: Subject{OfModule, m.Name}, Location: placeOfFirst(m, replicaField(m)), Aliases: dependencyAliases(a, need.by...)}
		onlyStart := true
		for _, d := range need.by {
			from := a.Module(d.From).Name
			names = append(names, from)
			how := "cannot start without it"
			if d.When == schema.Runtime {
				how, onlyStart = "cannot work without it", false
			}
			if len(f.Related) < maxShownPlaces {
				f.Related = append(f.Related, Related{Message: fmt.Sprintf("%s, which can lose %s of its own, %s", from, counted(a.Spare(d.From), "replica"), how), Location: d.Pos})
			}
		}
		consequence := "stops them all"
		if onlyStart {
			consequence = "keeps all of them from starting, when they are restarted, scaled or moved"
		}
		f.Message = fmt.Sprintf("%s are redundant, each by itself, but all need %s, which can lose no replica: its failure %s", enumerate(names), m.Name, consequence)
		soft := "let them start and work"
		if onlyStart {
			soft = "let them start"
		}
		f.Suggestions = []string{
			moreReplicas(a, m),
			fmt.Sprintf("or %s with what they last had from %s: strength: \"soft\", with that as the fallback", soft, m.Name),
		}
		p.Report(f)
	}
}

// commonCauses lists what RES015 tells, in order of module; nothing where it does not run.
func (p *Pass) commonCauses() []sharedNeed {
	if !p.Runs("RES015") {
		return nil
	}
	a := p.Analysis
	kinds := map[schema.Kind]bool{}
	for _, k := range ParamOf[[]string](p, "RES015", "kinds") {
		kinds[schema.Kind(k)] = true
	}
	judged := make([]bool, a.Modules())
	some := false
	for i, m := range p.Design.Modules {
		judged[i] = kinds[m.Kind] && m.Kind != schema.External && a.Spare(int32(i)) == 0 && !byHand(m)
		some = some || judged[i]
	}
	if !some {
		return nil
	}
	by := map[int32][]*analyzer.Dependency{}
	all := a.Dependencies()
	for i := range all {
		d := &all[i]
		if d.Strength != schema.Hard || !worksOrStarts(d) || hasSpare(d) || a.Module(d.From).Kind == schema.External || a.Spare(d.From) < 1 {
			continue
		}
		for _, t := range d.Targets {
			if !judged[t] || t == d.From {
				continue
			}
			// Dependencies are in order of module. One that is needed at runtime says more than one to start.
			switch list := by[t]; {
			case len(list) == 0 || list[len(list)-1].From != d.From:
				by[t] = append(list, d)
			case d.When == schema.Runtime:
				list[len(list)-1] = d
			}
		}
	}
	points, stores, least := told(p), p.storesInOneCopy(), int(ParamOf[int64](p, "RES015", "least"))
	var out []sharedNeed
	for i, m := range p.Design.Modules {
		id := int32(i)
		if len(by[id]) < least || points.tellsModule(id) || stores[id] || m.Redundancy.Mode == schema.Quorum && p.Runs("RES005") {
			continue
		}
		out = append(out, sharedNeed{id, by[id]})
	}
	return out
}

// tellsCommonCause marks the modules of which RES015 tells.
func (p *Pass) tellsCommonCause() map[int32]bool {
	out := map[int32]bool{}
	for _, need := range p.commonCauses() {
		out[need.module] = true
	}
	return out
}
