package rules

import (
	"fmt"
	"slices"

	"lintel/schema"
)

// hubLikeDependency tells of modules through which everything goes. Arcan calls a component hub-like
// when its fan-in and its fan-out are both above the median of the system and differ by less than a
// quarter of their sum. In a small design nearly everything is above the median, so both must also
// reach a floor. The counts are those of countFans.
var hubLikeDependency = &Rule{
	ID:       "CPL004",
	Name:     "hub-like-dependency",
	Severity: Warning,
	Summary:  "A module has both many dependents and many dependencies.",
	Params: []Param{
		{
			Name: "minimum", Default: int64(5), Min: 1,
			Doc:    "The least fan-in and the least fan-out of a hub, beside being above the medians.",
			Source: "a choice of this rule, since Arcan was made for systems of hundreds of components; below it the medians of a small design decide alone",
		},
		{
			Name: "difference", Default: 25.0, Min: 0, Max: 100,
			Doc:    "Fan-in and fan-out of a hub differ by less than this part of their sum, in percent.",
			Source: "Arcan: a quarter of the component's dependencies",
		},
		{
			Name: "ignoreKinds", Default: hubKinds, Allowed: kindNames,
			Doc: "Kinds of modules that are meant to stand in the middle.",
		},
	},
	Sources: []Source{
		{Title: "Arcelli Fontana, Pigazzini, Roveda, Zanoni, Automatic Detection of Instability Architectural Smells (ICSME 2016)", URL: "https://doi.org/10.1109/ICSME.2016.33"},
		{Title: "Sas, Avgeriou, Arcelli Fontana, Investigating Instability Architectural Smells Evolution (ICSME 2019)", URL: "https://doi.org/10.1109/ICSME.2019.00090"},
	},
	Run: runHubLikeDependency,
}

// hubKinds are the kinds that are meant to stand between many modules.
var hubKinds = []string{
	string(schema.Gateway), string(schema.LoadBalancer), string(schema.Frontend), string(schema.Queue),
	string(schema.Configuration), string(schema.Discovery), string(schema.DNS), string(schema.Identity),
	string(schema.Monitoring), string(schema.Network),
}

func runHubLikeDependency(p *Pass) {
	a := p.Analysis
	fans := p.coupling().Fans
	for _, i := range p.findHubs(fans) {
		m, in, out := a.Module(i), fans.In[i], fans.Out[i]
		f := Finding{
			Subject: Subject{OfModule, m.Name},
			Message: fmt.Sprintf("%s is a hub: %s and it depends on %d, so changes and failures of %s reach %s through it",
				m.Name, dependOnIt(len(in)), len(out), enumerate(moduleNames(a, out)), enumerate(moduleNames(a, in))),
			Location: m.Pos,
			Suggestions: []string{
				fmt.Sprintf("split %s by purpose: a part for each set of callers, with only the dependencies that those need", m.Name),
				fmt.Sprintf("let its callers reach %s themselves where %s only passes the call on", enumerate(moduleNames(a, out)), m.Name),
			},
		}
		for _, c := range in[:min(len(in), 5)] {
			f.Related = append(f.Related, Related{Message: a.Module(c).Name + " depends on " + m.Name, Location: placeOf(a, c, i)})
		}
		for _, t := range out[:min(len(out), 5)] {
			f.Related = append(f.Related, Related{Message: m.Name + " depends on " + a.Module(t).Name, Location: placeOf(a, i, t)})
		}
		p.Report(f)
	}
}

// hubs returns the modules that CPL004 tells of, for the rules about one of the two directions; none
// if it does not run.
func (p *Pass) hubs(fans *fans) map[int32]bool {
	set := map[int32]bool{}
	if p.Runs("CPL004") {
		for _, i := range p.findHubs(fans) {
			set[i] = true
		}
	}
	return set
}

// findHubs returns the hubs in order, by the parameters of CPL004 whichever rule asks.
func (p *Pass) findHubs(fans *fans) []int32 {
	least := int(ParamOf[int64](p, "CPL004", "minimum"))
	difference := ParamOf[float64](p, "CPL004", "difference")
	ignore := ParamOf[[]string](p, "CPL004", "ignoreKinds")
	medianIn, medianOut := medianLength(fans.In), medianLength(fans.Out)
	var hubs []int32
	for i := range fans.In {
		in, out := len(fans.In[i]), len(fans.Out[i])
		switch {
		case in < least || out < least,
			float64(in) <= medianIn || float64(out) <= medianOut,
			100*float64(max(in-out, out-in)) >= difference*float64(in+out),
			slices.Contains(ignore, string(p.Analysis.Module(int32(i)).Kind)):
		default:
			hubs = append(hubs, int32(i))
		}
	}
	return hubs
}

// medianLength is the median of the lengths of the lists; of two middle ones their mean.
func medianLength(lists [][]int32) float64 {
	lengths := make([]int, len(lists))
	for i, l := range lists {
		lengths[i] = len(l)
	}
	if len(lengths) == 0 {
		return 0
	}
	slices.Sort(lengths)
	n := len(lengths)
	return float64(lengths[(n-1)/2]+lengths[n/2]) / 2
}
