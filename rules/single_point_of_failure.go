package rules

import (
	"fmt"
	"slices"
	"strings"

	"lintel/analyzer"
	"lintel/analyzer/change"
	"lintel/schema"
)

// singlePointOfFailure tells of each single event, the loss of one replica or of one failure domain,
// that brings a journey down: a minimal cut set of one event, by the failure model. External modules
// are RES002's. One cause is one finding: see singlePoints for what is told of nested domains and
// of a module's single replica that stands in one.
var singlePointOfFailure = &Rule{
	ID:       "RES001",
	Name:     "single-point-of-failure",
	Severity: Error,
	Summary:  "The loss of one replica or of one failure domain brings a journey down.",
	Params:   []Param{countedDomainsParam},
	Sources: []Source{
		{Title: "NRC, Fault Tree Handbook, NUREG-0492: a minimal cut set of order 1", URL: "https://www.nrc.gov/reading-rm/doc-collections/nuregs/staff/sr0492/index.html"},
		{Title: "AWS Resilience Analysis Framework: single points of failure", URL: "https://docs.aws.amazon.com/prescriptive-guidance/latest/resilience-analysis-framework/introduction.html"},
	},
	Run: runSinglePointOfFailure,
}

// The ways that are shown and the places that are listed with one finding; the journeys themselves
// are all listed.
const (
	maxShownWays   = 20
	maxShownPlaces = 10
)

func runSinglePointOfFailure(p *Pass) {
	points := singlePointsOf(p)
	callers := hardCallers(p.Analysis)
	for _, s := range points.modules {
		p.reportSingleModule(s, callers)
	}
	for _, s := range points.domains {
		p.reportSingleDomain(s)
	}
}

func (p *Pass) reportSingleModule(s singlePoint, callers [][]int32) {
	a := p.Analysis
	m := a.Module(s.event.Module)
	f := Finding{
		Subject:  Subject{OfModule, m.Name},
		Message:  fmt.Sprintf("%s is a single point of failure: %s %s", m.Name, lossOfReplica(m), takesDown(a, s.lost, s.event.Module)),
		Location: placeOfRedundancy(m),
		Journeys: journeyNames(a, s.lost),
	}
	f.Paths = waysOf(a, s)
	if len(f.Paths) > 0 {
		f.Path = f.Paths[0].Path
	}
	f.suggest(moreReplicas(a, m), oneMoreReplica(a, m))
	if soft, changes := softenCallers(a, s, s.event.Module, callers); soft != "" {
		f.suggest(soft, changes)
	}
	p.Report(f)
}

// failsOverByHand reports whether m has a standby that takes over only by hand.
func failsOverByHand(m *schema.Module) bool {
	return m.Redundancy.Mode == schema.ActivePassive && m.Redundancy.Failover == schema.ManualFailover && m.ReliableReplicas() > 1
}

// needsAll reports whether m has several replicas and none to spare.
func needsAll(m *schema.Module) bool {
	n := m.ReliableReplicas()
	return n > 1 && m.Need() >= n
}

// lossOfReplica says how the loss of one replica deprives m of its capacity, as the subject of a
// sentence.
func lossOfReplica(m *schema.Module) string {
	switch n := m.ReliableReplicas(); {
	case n == 1:
		return "losing its one replica"
	case needsAll(m) && n == 2:
		return "losing either of its 2 replicas, both of which it needs,"
	case needsAll(m):
		return fmt.Sprintf("losing any one of its %d replicas, all of which it needs,", n)
	case n == 2:
		return "its standby takes over only by hand, so losing its primary"
	default:
		return "its standbys take over only by hand, so losing its primary"
	}
}

// takesDown says which journeys are lost, as the predicate of a sentence about module m (or, where m
// is negative, about something else).
func takesDown(a *analyzer.Analysis, lost []int32, m int32) string {
	if len(lost) == 1 {
		if j := a.Journeys()[lost[0]]; j.Stated == nil && j.Entry == m {
			return "takes it down, with nothing to stand in for it"
		}
	}
	return "takes down " + enumerate(journeyNames(a, lost))
}

// placeOfRedundancy is the place of the field that says how many replicas m can lose, or of m.
func placeOfRedundancy(m *schema.Module) schema.Range {
	fields := []string{"replicas"}
	switch {
	case failsOverByHand(m) && !needsAll(m):
		fields = []string{"redundancy.failover", "redundancy", "replicas"}
	case m.Autoscaling != nil:
		fields = []string{"autoscaling.min", "autoscaling"}
	case needsAll(m) && m.Redundancy.Need != nil:
		fields = []string{"redundancy.need", "redundancy", "replicas"}
	}
	return placeOfFirst(m, fields...)
}

// placeOfFirst is the place of the first of the fields that m states on one line, or of m.
func placeOfFirst(m *schema.Module, fields ...string) schema.Range {
	for _, f := range fields {
		if r, ok := m.Places.Of(f); ok && r.IsKnown() && r.StartLine == r.EndLine {
			return r
		}
	}
	return m.Pos
}

// waysOf gives, for the first journeys that a single event brings down, a shortest way to what it
// deprives of its capacity.
func waysOf(a *analyzer.Analysis, s singlePoint) []JourneyPath {
	var out []JourneyPath
	for _, j := range s.lost[:min(len(s.lost), maxShownWays)] {
		if way := a.Path(s.event, int(j)); len(way) > 0 {
			out = append(out, JourneyPath{a.Journeys()[j].Name, moduleNames(a, way)})
		}
	}
	return out
}

// moreReplicas names the change that lets m lose a replica.
func moreReplicas(a *analyzer.Analysis, m *schema.Module) string {
	if failsOverByHand(m) && !needsAll(m) {
		return fmt.Sprintf(`redundancy.failover: "automatic" for %s, so that a standby takes over by itself`, m.Name)
	}
	n := replicasWithSpare(m)
	text := replicasTo(m, n) + whereToSpread(a, m, n)
	if byHand(m) {
		text += `, with redundancy.failover: "automatic"`
	}
	// One more is enough for the loss of one, but where several are needed a domain holds several.
	if home := homeOf(a, m); home >= 0 && m.Need() > 1 && m.Redundancy.Need != nil {
		if r, ok := tolerating(a, m, home); ok && r.replicas >= n {
			text = r.text(a, m)
		}
	}
	switch {
	case needsAll(m) && m.Redundancy.Mode != schema.Quorum && m.Redundancy.Need != nil:
		text += fmt.Sprintf(", or redundancy.need: %d if that many carry the load", m.Need()-1)
	case byHand(m):
	case m.State == schema.Stateful && m.Redundancy.Mode == schema.ActivePassive:
		text += ", with a standby that takes over by itself"
	case m.State == schema.Stateful && m.ReliableReplicas() == 1 && m.Redundancy.Mode == schema.ActiveActive:
		text += `, as copies of one another or with redundancy.mode: "active-passive"`
	}
	return text
}

// replicasWithSpare is the number of replicas with which m can lose one.
func replicasWithSpare(m *schema.Module) int {
	n := m.Need() + 1
	switch {
	case m.Redundancy.Mode == schema.Quorum && m.Redundancy.Need == nil:
		n = 3
	case m.Redundancy.Mode == schema.Quorum:
		n += 1 - n%2
	}
	return n
}

// oneMoreReplica is what moreReplicas names as a change, the first where it names several; none where it asks for
// more than the design has.
func oneMoreReplica(a *analyzer.Analysis, m *schema.Module) []change.Change {
	if failsOverByHand(m) && !needsAll(m) {
		return []change.Change{remedy{automatic: true}.change(a, m)}
	}
	n := replicasWithSpare(m)
	if home := homeOf(a, m); home >= 0 && m.Need() > 1 && m.Redundancy.Need != nil {
		if r, ok := tolerating(a, m, home); ok && r.replicas >= n {
			return []change.Change{r.change(a, m)}
		}
	}
	return spreadOver(a, m, remedy{replicas: n, automatic: byHand(m)})
}

// spreadOver is a change of the number of replicas with the placement that whereToSpread names; none where
// that asks for a failure domain that the design does not have.
func spreadOver(a *analyzer.Analysis, m *schema.Module, r remedy) []change.Change {
	_, domains, ok := spreading(a, m, r.replicas)
	if !ok {
		return nil
	}
	r.placement = domains
	return []change.Change{r.change(a, m)}
}

// whereToSpread names failure domains for n replicas of m, such as " in zone-a and zone-b" or " in two
// zones of eu-west-1"; "" where the design does not tell of any.
func whereToSpread(a *analyzer.Analysis, m *schema.Module, n int) string {
	text, _, _ := spreading(a, m, n)
	return text
}

// spreading gives besides the failure domains, nil where the replicas stay where they are; ok is false where the
// design has too few.
func spreading(a *analyzer.Analysis, m *schema.Module, n int) (text string, over []int32, ok bool) {
	if home := homeOf(a, m); home >= 0 {
		domains := append([]int32{home}, elsewhere(a, home)...)
		switch {
		case len(domains) == 1 && m.Placement != nil && len(m.Placement.Spread) == 0:
			return " in " + a.Design.FailureDomains[home].Name, domains, true // its counts no longer add up
		case len(domains) == 1:
			return "", nil, true
		case len(domains) == 2 && n > 2 && m.Redundancy.Mode == schema.Quorum:
			// One of two domains always holds half of the voters or more.
			kind := a.Design.FailureDomains[home].Kind
			return fmt.Sprintf(" in %s and a third %s, which the design does not have", strings.Join(domainNames(a, domains), ", "), kind), nil, false
		}
		over = domains[:min(n, len(domains))]
		return inOrOver(a, domains, n), over, true
	}
	// Nothing says where it stands: speak of zones if one region, or none, holds them all.
	var zones []int32
	for d, f := range a.Design.FailureDomains {
		if f.Kind == schema.Zone {
			zones = append(zones, int32(d))
		}
	}
	if len(zones) < 2 {
		return "", nil, true
	}
	region := enclosing(a, zones[0], schema.Region)
	for _, z := range zones {
		if enclosing(a, z, schema.Region) != region {
			return "", nil, true
		}
	}
	if region >= 0 && len(zones) > n {
		return fmt.Sprintf(" in %s zones of %s", smallNumber(n), a.Design.FailureDomains[region].Name), zones[:n], true
	}
	if len(zones) == 2 && n > 2 && m.Redundancy.Mode == schema.Quorum {
		return fmt.Sprintf(" in %s and a third zone, which the design does not have", strings.Join(domainNames(a, zones), ", ")), nil, false
	}
	return inOrOver(a, zones, n), zones[:min(n, len(zones))], true
}

// homeOf returns the first failure domain in which m stands, or the zone of that where the design has
// others beside it; -1 where nothing says where it stands.
func homeOf(a *analyzer.Analysis, m *schema.Module) int32 {
	for _, s := range stands(a, m) {
		if s.domain < 0 {
			continue
		}
		if z := enclosing(a, s.domain, schema.Zone); z >= 0 && len(elsewhere(a, z)) > 0 {
			return z
		}
		return s.domain
	}
	return -1
}

// inOrOver says that n replicas go to the first n of the domains.
func inOrOver(a *analyzer.Analysis, domains []int32, n int) string {
	return " in " + enumerate(domainNames(a, domains[:min(n, len(domains))]))
}

// smallNumber writes numbers up to ten as words.
func smallNumber(n int) string {
	words := []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}

// hardCallers lists, by module, the hard runtime dependencies on it, by index.
func hardCallers(a *analyzer.Analysis) [][]int32 {
	out := make([][]int32, a.Modules())
	deps := a.Dependencies()
	for i := range deps {
		if deps[i].HardRuntime() {
			for _, t := range deps[i].Targets {
				out[t] = append(out[t], int32(i))
			}
		}
	}
	return out
}

// softenCallers names the dependencies that would have to be soft for the journeys to survive the
// failure of module m: those on it, and in place of those of external modules, which are not the
// design's to change, those on them. It is "" where that is no remedy: where a lost journey enters at m or
// at an external module that needs it, or where many depend on it.
func softenCallers(a *analyzer.Analysis, s singlePoint, m int32, callers [][]int32) (string, []change.Change) {
	const most = 4
	journeys := a.Journeys()
	entry := func(m int32) bool {
		return slices.ContainsFunc(s.lost, func(j int32) bool { return journeys[j].Entry == m })
	}
	if entry(m) {
		return "", nil
	}
	var names, links []string
	var changes []change.Change
	foreign := false
	needed := []int32{m}
	for k := 0; k < len(needed); k++ {
		for _, i := range callers[needed[k]] {
			d := &a.Dependencies()[i]
			if len(d.AnyOf) > 0 && !slices.Contains(s.unsatisfied, i) {
				continue // an alternative stands in
			}
			if !liesOnLostWay(a, s, i, callers) {
				continue // no journey needs m by this way
			}
			from := a.Module(d.From)
			if from.Kind == schema.External {
				if entry(d.From) {
					return "", nil
				}
				foreign = true
				if !slices.Contains(needed, d.From) {
					needed = append(needed, d.From)
				}
				continue
			}
			if !slices.Contains(names, from.Name) {
				names = append(names, from.Name)
			}
			if link := dependencyName(a, d); !slices.Contains(links, link) {
				links = append(links, link)
				changes = append(changes, change.Change{Kind: change.Soften, Module: from.Name, Dependency: d.Key})
			}
			if len(links) > most {
				return "", nil
			}
		}
	}
	text := ""
	switch {
	case len(names) == 0:
		return "", nil
	case foreign && len(names) == 1:
		text = fmt.Sprintf("or make %s soft, if %s can serve its users without", enumerate(links), names[0])
	case foreign:
		text = fmt.Sprintf("or make %s soft, if they can serve their users without", enumerate(links))
	case len(names) == 1:
		text = fmt.Sprintf("or make the dependency from %s soft, if it can serve its users without", names[0])
	default:
		text = fmt.Sprintf("or make the dependencies from %s soft, if they can serve their users without", enumerate(names))
	}
	return text, changes
}

// liesOnLostWay reports whether a lost journey gets to dependency i along hard runtime dependencies
// that no alternative saves. Where the search would grow beyond a bound, it says yes: it only
// leaves out of a suggestion what is surely no part of it.
func liesOnLostWay(a *analyzer.Analysis, s singlePoint, i int32, callers [][]int32) bool {
	const bound = 100
	journeys, deps := a.Journeys(), a.Dependencies()
	seen := map[int32]bool{}
	for queue := []int32{i}; len(queue) > 0; queue = queue[1:] {
		i, from := queue[0], deps[queue[0]].From
		for _, j := range s.lost {
			if journeys[j].Entry == from && !slices.Contains(journeys[j].Ignored, i) {
				return true
			}
		}
		if seen[from] {
			continue
		}
		if seen[from] = true; len(seen) > bound {
			return true
		}
		for _, up := range callers[from] {
			if len(deps[up].AnyOf) == 0 || slices.Contains(s.unsatisfied, up) {
				queue = append(queue, up)
			}
		}
	}
	return false
}

func (p *Pass) reportSingleDomain(s singlePoint) {
	a := p.Analysis
	d := s.event.Domain
	domain := a.Design.FailureDomains[d]
	f := Finding{
		Subject:  Subject{OfFailureDomain, domain.Name},
		Message:  fmt.Sprintf("%s is a single point of failure: losing this %s %s, because %s", domain.Name, domain.Kind, takesDown(a, s.lost, -1), whyLostWith(a, s.named, d)),
		Location: domain.Pos,
		Journeys: journeyNames(a, s.lost),
	}
	for _, m := range s.named[:min(len(s.named), maxShownPlaces)] {
		f.Related = append(f.Related, Related{
			Message:  lostWith(a, m, d),
			Location: placeOfFirst(a.Module(m), "placement"),
		})
	}
	f.Paths = waysOf(a, s)
	if len(f.Paths) > 0 {
		f.Path = f.Paths[0].Path
	}
	texts, changes := survivingBy(a, s.named, d)
	f.suggestTogether(texts, changes)
	p.Report(f)
}

// lostWith says how module m loses its capacity with failure domain d, as a sentence.
func lostWith(a *analyzer.Analysis, m, d int32) string {
	mod := a.Module(m)
	name := a.Design.FailureDomains[d].Name
	in := replicasIn(a, mod, d)
	n := mod.ReliableReplicas()
	switch {
	case in == n && n == 1:
		return fmt.Sprintf("the one replica of %s stands in %s", mod.Name, name)
	case in == n:
		return fmt.Sprintf("all %d replicas of %s stand in %s", n, mod.Name, name)
	case losesPrimaryOnly(a, mod, d):
		return fmt.Sprintf("the primary of %s, which fails over by hand, stands in %s", mod.Name, name)
	}
	return fmt.Sprintf("%d of the %d replicas of %s, which needs %d, stand in %s", in, n, mod.Name, mod.Need(), name)
}

// whyLostWith says in one clause why the modules lose their capacity with failure domain d.
func whyLostWith(a *analyzer.Analysis, modules []int32, d int32) string {
	var only []string
	var parts []string
	for _, m := range modules {
		if mod := a.Module(m); replicasIn(a, mod, d) == mod.ReliableReplicas() {
			only = append(only, mod.Name)
		} else {
			parts = append(parts, strings.TrimSuffix(lostWith(a, m, d), " in "+a.Design.FailureDomains[d].Name)+" there")
		}
	}
	switch len(only) {
	case 0:
	case 1:
		parts = append([]string{only[0] + " stands only there"}, parts...)
	default:
		parts = append([]string{enumerate(only) + " stand only there"}, parts...)
	}
	switch len(parts) {
	case 0:
		return "of what stands there"
	case 1:
		return parts[0]
	case 2, 3:
		return strings.Join(parts[:len(parts)-1], ", ") + ", and " + parts[len(parts)-1]
	}
	return fmt.Sprintf("%s, and so for %d more modules", strings.Join(parts[:2], ", "), len(parts)-2)
}

// orNames joins names as enumerate does, with "or".
func orNames(names []string) string {
	if n := len(names); n > 1 && n <= 4 {
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return enumerate(names)
}
