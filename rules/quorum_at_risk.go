package rules

import (
	"fmt"

	"lintel/analyzer"
	"lintel/schema"
)

// quorumAtRisk tells of quorums that do not give what a quorum is for:
//
//   - fewer than 3 voters: the loss of any one stops it (where RES001 tells that of a journey, this
//     rule keeps silent);
//   - an even number of voters, as a warning: a split into halves stops both, or, where the stated need
//     is no majority, lets both go on; and one voter fewer survives as many losses;
//   - one failure domain whose loss takes the majority. A region or a provider counts only where the
//     voters stand in several of them, since a quorum within one region is a choice. The rule keeps
//     silent where RES001 tells it of the same domain or one in it, and where no journey is lost or
//     degraded when the whole quorum fails, because another stands in.
var quorumAtRisk = &Rule{
	ID:       "RES005",
	Name:     "quorum-at-risk",
	Severity: Error,
	Summary:  "A quorum has fewer than three voters, an even number of them (a warning), or one failure domain whose loss takes its majority.",
	Params:   []Param{{Name: "domains", Default: append([]string(nil), domainKinds...), Doc: "The kinds of failure domains whose loss counts; region and provider count only for a quorum that stands in several of them.", Allowed: domainKinds}},
	Sources: []Source{
		{Title: "etcd: failure tolerance by cluster size", URL: "https://etcd.io/docs/v3.5/faq/"},
		{Title: "ZooKeeper administrator's guide: deployment", URL: "https://zookeeper.apache.org/doc/current/zookeeperAdmin.html#sc_zkMulitServerSetup"},
		{Title: "PagerDuty, outage post mortem of 13 April 2013", URL: "https://www.pagerduty.com/blog/outage-post-mortem-april-13-2013/"},
	},
	Run: runQuorumAtRisk,
}

func runQuorumAtRisk(p *Pass) {
	a := p.Analysis
	points := told(p)
	counted := countedDomains(a, p.Strings("domains"))
	needed := onTheWay(a)
	type risk struct {
		module  int32
		domains []int32
	}
	var risks []risk
	unplaced := 0
	for i, m := range a.Design.Modules {
		n := m.ReliableReplicas()
		if m.Redundancy.Mode != schema.Quorum || m.Kind == schema.External || a.Spare(int32(i)) < 0 {
			continue
		}
		if n < 3 {
			if !points.tellsModule(int32(i)) {
				p.reportFewVoters(m)
			}
			continue
		}
		if n%2 == 0 {
			p.reportEvenVoters(m)
		}
		switch {
		case a.Spare(int32(i)) == 0:
			// Any one voter takes it down; wherever it stands.
		case m.Placement == nil:
			unplaced++
		default:
			if domains := takesMajority(a, int32(i), counted); len(domains) > 0 && !tellsAll(a, points, int32(i), domains) {
				risks = append(risks, risk{int32(i), domains})
			}
		}
	}
	p.Unchecked(unplaced, "placement")
	modules := make([]int32, len(risks))
	for i, r := range risks {
		modules[i] = r.module
	}
	for i, c := range consequences(a, modules) {
		r := risks[i]
		if !matters(c) && needed[r.module] {
			continue // another stands in for it
		}
		p.reportMajorityIn(r.module, r.domains)
	}
}

// takesMajority lists the innermost failure domains whose loss takes the capacity of quorum i.
func takesMajority(a *analyzer.Analysis, i int32, counted []bool) []int32 {
	m := a.Module(i)
	var out []int32
	all := domainsOf(a, m)
	for k := len(all) - 1; k >= 0; k-- { // innermost first
		d := all[k]
		if !counted[d] || a.SurvivesDomain(i, d) {
			continue
		}
		inner := false
		for _, o := range out {
			inner = inner || a.InDomain(o, d)
		}
		kind := a.Design.FailureDomains[d].Kind
		wide := kind == schema.Region || kind == schema.Provider
		if inner || wide && replicasIn(a, m, d) == m.ReliableReplicas() {
			continue
		}
		out = append(out, d)
	}
	return out
}

func tellsAll(a *analyzer.Analysis, points *singlePoints, i int32, domains []int32) bool {
	for _, d := range domains {
		if !points.tells(a, i, d) {
			return false
		}
	}
	return true
}

func (p *Pass) reportFewVoters(m *schema.Module) {
	n := m.ReliableReplicas()
	message := fmt.Sprintf("%s is a quorum of %d: it stops with the loss of one voter", m.Name, n)
	if n-m.Need() > 0 {
		message = fmt.Sprintf("%s is a quorum of %d that works with %d: its halves can go on apart and contradict each other", m.Name, n, m.Need())
	}
	p.Report(Finding{
		Subject:     Subject{OfModule, m.Name},
		Message:     message,
		Location:    placeOfFirst(m, replicaField(m), "redundancy.mode", "redundancy"),
		Suggestions: []string{fmt.Sprintf("%s%s: the smallest quorum that survives a loss", replicasTo(m, 3), whereToSpread(p.Analysis, m, 3))},
		Remedies:    asRemedy(spreadOver(p.Analysis, m, remedy{replicas: 3})),
		Key:         "voters",
	})
}

func (p *Pass) reportEvenVoters(m *schema.Module) {
	n, need := m.ReliableReplicas(), m.Need()
	message := fmt.Sprintf("%s is a quorum of %d, an even number: ", m.Name, n)
	switch {
	case need <= n/2:
		message = fmt.Sprintf("%s is a quorum of %d that works with %d: its halves can go on apart and contradict each other", m.Name, n, need)
	case need == n/2+1:
		message += fmt.Sprintf("it survives the loss of %d, as %d voters would, and a split into halves stops both", n-need, n-1)
	default:
		message += fmt.Sprintf("it needs %d of them, and a split into halves stops both", need)
	}
	// with names the number of voters, with the need of a majority where the need is stated.
	with := func(n int) string {
		if m.Redundancy.Need == nil {
			return replicasTo(m, n)
		}
		return fmt.Sprintf("%s with redundancy.need: %d", replicasTo(m, n), n/2+1)
	}
	p.Report(Finding{
		Severity:    Warning,
		Subject:     Subject{OfModule, m.Name},
		Message:     message,
		Location:    placeOfFirst(m, replicaField(m), "redundancy.mode", "redundancy"),
		Suggestions: []string{fmt.Sprintf("%s, or %s to survive the loss of one more", with(n-1), with(n+1))},
		Key:         "even",
	})
}

func (p *Pass) reportMajorityIn(i int32, domains []int32) {
	a := p.Analysis
	m := a.Module(i)
	n := m.ReliableReplicas()
	d := domains[0]
	kind := a.Design.FailureDomains[d].Kind
	message := fmt.Sprintf("%s has %d of its %d voters in %s and needs %d: losing this %s stops it", m.Name, replicasIn(a, m, d), n, a.Design.FailureDomains[d].Name, m.Need(), kind)
	if len(domains) > 1 {
		message = fmt.Sprintf("%s needs %d of its %d voters: losing any of %s takes more than it can lose", m.Name, m.Need(), n, enumerate(domainNames(a, domains)))
	}
	f := Finding{
		Subject:  Subject{OfModule, m.Name},
		Message:  message,
		Location: placeOfFirst(m, "placement"),
		Key:      "domain",
	}
	f.suggestTogether(survivingBy(a, []int32{i}, d))
	for _, d := range domains[:min(len(domains), maxShownPlaces)] {
		f.Related = append(f.Related, Related{
			Message:  fmt.Sprintf("%s holds %d of the %d voters", a.Design.FailureDomains[d].Name, replicasIn(a, m, d), n),
			Location: a.Design.FailureDomains[d].Pos,
		})
	}
	p.Report(f)
}

// replicaField is the field that gives the number of replicas that can be relied on.
func replicaField(m *schema.Module) string {
	if m.Autoscaling != nil {
		return "autoscaling.min"
	}
	return "replicas"
}
