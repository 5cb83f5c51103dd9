package baseline

import (
	"slices"

	"lintel/rules"
)

// coveredBy gives, by subject, the rules that see something there and leave it to another finding, sorted.
func coveredBy(res *rules.Result) map[rules.Subject][]string {
	told := map[rules.Subject]bool{}
	for i := range res.Findings {
		told[res.Findings[i].Subject] = true
	}
	out := map[rules.Subject][]string{}
	for _, r := range rules.All() {
		silent := res.Silent(r.ID)
		for i := range silent {
			if s := silent[i].Subject; told[s] && !slices.Contains(out[s], r.ID) {
				out[s] = append(out[s], r.ID)
			}
		}
	}
	for _, list := range out {
		slices.Sort(list)
	}
	return out
}

// takeCovered marks as known those open findings that an entry of the same subject covers: one for each rule and entry. The
// entry is kept, whether or not it is found itself.
func (m *matcher) takeCovered(fits func(*occurrence, *Entry) bool) {
	type place struct {
		system string
		rules.Subject
	}
	at := map[place][]int{}
	for i := range m.baseline.Entries {
		if e := &m.baseline.Entries[i]; len(e.Covers) > 0 {
			p := place{e.System, rules.Subject{Kind: rules.SubjectKind(e.Kind), Name: e.Subject}}
			at[p] = append(at[p], i)
		}
	}
	if len(at) == 0 {
		return
	}
	type use struct {
		design string
		place
		rule string
	}
	used := map[use]bool{} // several entries of a subject cover one finding
	m.open = slices.DeleteFunc(m.open, func(o *occurrence) bool {
		if o.result == nil {
			return false
		}
		p := place{o.finding.System, o.finding.Subject}
		u := use{o.design, p, o.finding.Rule.ID}
		if used[u] {
			return false
		}
		for _, i := range at[p] {
			if e := &m.baseline.Entries[i]; slices.Contains(e.Covers, u.rule) && fits(o, e) {
				used[u], m.kept[i], m.Known[o.finding] = true, true, true
			}
		}
		return used[u]
	})
}

// keep finds the entries of which a rule still sees what they tell, and leaves it to another one now: they are not mended.
func (m *matcher) keep() {
	silent := map[*rules.Result]map[string]map[string]bool{} // fingerprints by rule
	for i := range m.baseline.Entries {
		e := &m.baseline.Entries[i]
		if m.matched[i] == e.Findings() {
			continue
		}
		for _, res := range m.run.Results {
			if res.Design.System != e.System {
				continue
			}
			if silent[res] == nil {
				silent[res] = map[string]map[string]bool{}
			}
			prints, asked := silent[res][e.Rule]
			if !asked {
				prints = map[string]bool{}
				for _, f := range res.Silent(e.Rule) {
					prints[f.Fingerprint()] = true
				}
				silent[res][e.Rule] = prints
			}
			m.kept[i] = m.kept[i] || prints[e.Fingerprint]
		}
	}
}

// waived reports whether the run has what an entry tells of, and a waiver accepts it.
func (m *matcher) waived(e *Entry) bool {
	return slices.ContainsFunc(m.run.Results, func(res *rules.Result) bool {
		return slices.ContainsFunc(res.Waived, func(f rules.Finding) bool { return f.Fingerprint() == e.Fingerprint })
	})
}
