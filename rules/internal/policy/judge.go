package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lintel/schema"
)

// Violation is one thing at fault.
type Violation struct {
	Kind        string // "module", "dependency", "group", "journey" or "system"
	Name        string // of the thing; "a -> b"
	Message     string
	Location    schema.Range
	Related     []Step
	Path        []string
	Journeys    []string
	Suggestions []string
	Key         string
	Aliases     []string

	at       *subject
	edge     *edge    // of a dependency
	selected []string // of a demand on all that is selected
	whole    bool     // the fault is about all that is selected
	counted  bool     // it is about their number
	wanted   string   // the demand in the words of CUE
	several  bool     // there are further faults of the same demand in the same thing
}

// Step is a further place of a violation.
type Step struct {
	Message  string
	Location schema.Range
}

// Verdict is what a policy has to say about a design.
type Verdict struct {
	Violations []Violation
	Selected   int // how many things were selected
	// Idle tells that the policy has nothing to judge in the design: nothing is selected or, of dependencies that are
	// forbidden, one of the two ends is not there.
	Idle string // what there is none of, "" where all is there
}

// Judge applies the policy to a design. The policy's lock must be held.
func (p *Policy) Judge(f *Facts) *Verdict {
	j := &judge{Policy: p, facts: f, verdict: &Verdict{}}
	all := f.subjects(p.Selector)
	for i := range all {
		s := &all[i]
		if !p.selects.matches(s) {
			continue
		}
		j.matched++
		if !slices.ContainsFunc(p.excepts, func(e *pattern) bool { return e.matches(s) }) {
			j.selected = append(j.selected, s)
		}
	}
	j.verdict.Selected = len(j.selected)
	for _, s := range j.selected {
		if p.forbid {
			j.forbidden(s)
		}
		if p.require != nil {
			j.required(s)
		}
	}
	if p.count != nil {
		j.counted()
	}
	if p.Selector == modulesSelector {
		j.dependencies()
	}
	j.verdict.Idle = cmp.Or(j.idle(), j.aimless)
	for i := range j.verdict.Violations {
		v := &j.verdict.Violations[i]
		v.Message = j.message(v)
	}
	return j.verdict
}

// judge is one policy at work on one design.
type judge struct {
	*Policy
	facts    *Facts
	verdict  *Verdict
	selected []*subject
	matched  int    // things that the selector selects, those that are excepted too
	isChosen []bool // by module: it is selected
	aimless  string // what a demand on dependencies speaks of that the design has none of; "" where it has some
}

// idle tells what a policy needs that the design has none of.
func (j *judge) idle() string {
	switch {
	case len(j.selected) > 0 || j.count != nil:
		return ""
	case j.matched == len(j.facts.subjects(j.Selector)) && j.matched > 0:
		return "selects nothing but what it excepts"
	case !j.forbid:
		return "selects nothing"
	case j.Selector != dependenciesSelector || len(j.selects.fields) == 0:
		return "" // that there is none is what it is for
	}
	for _, end := range []string{"from", "to"} {
		k := slices.IndexFunc(j.selects.fields, func(f fieldPattern) bool { return f.field.name == end })
		if k < 0 || j.selects.fields[k].sub == nil {
			continue
		}
		found := false
		for m := range j.facts.analysis.Modules() {
			if found = j.selects.fields[k].sub.matches(&subject{facts: j.facts, module: int32(m)}); found {
				break
			}
		}
		if !found {
			return "forbids dependencies " + end + " modules of which there are none"
		}
	}
	return ""
}

// violation starts a violation about a thing that is selected.
func (j *judge) violation(s *subject) Violation {
	a := j.facts.analysis
	v := Violation{at: s}
	switch j.Selector {
	case modulesSelector:
		v.Kind, v.Name, v.Location = "module", s.m().Name, s.m().Pos
	case dependenciesSelector:
		return j.ofEdge(s, s.edge)
	case groupsSelector:
		g := &j.facts.groups()[s.group]
		first := a.Module(g.members[0])
		v.Kind, v.Name, v.Location = "group", g.name, first.At("group")
		v.Aliases = slices.Clone(g.modules)
	case journeysSelector:
		jo := j.facts.journeyOf(s)
		v.Kind, v.Name, v.Journeys = "journey", jo.Name, []string{jo.Name}
		switch {
		case jo.Stated != nil:
			v.Location = jo.Stated.Pos
		case jo.Entry >= 0:
			v.Location = a.Module(jo.Entry).Pos
		}
		if jo.Entry >= 0 {
			v.Aliases = []string{a.Module(jo.Entry).Name}
		}
	default:
		v.Kind, v.Name, v.Location = "system", a.Design.System, a.Design.Pos
		v.whole = true
	}
	return v
}

// ofEdge starts a violation about a dependency of what is selected.
func (j *judge) ofEdge(s *subject, e edge) Violation {
	a := j.facts.analysis
	d := &a.Dependencies()[e.dependency]
	from, to := a.Module(e.from).Name, a.Module(e.to).Name
	v := Violation{at: s, edge: &e, Kind: "dependency", Name: from + " -> " + to, Location: d.Pos, Path: []string{from, to}}
	for _, r := range d.AnyOf {
		if r.Name == to && r.Pos.IsKnown() {
			v.Location = r.Pos
		}
	}
	v.Aliases = []string{from}
	if d.Key != to {
		v.Aliases = append(v.Aliases, from+" -> "+d.Key)
		v.Key = d.Key // a module may depend on another in several ways
	}
	return v
}

func (j *judge) report(v Violation) { j.verdict.Violations = append(j.verdict.Violations, v) }

func (j *judge) forbidden(s *subject) {
	v := j.violation(s)
	v.wanted = "forbid: true"
	switch j.Selector {
	case dependenciesSelector:
		v.Message = fmt.Sprintf("%s must not depend on %s", j.facts.analysis.Module(s.edge.from).Name, j.facts.analysis.Module(s.edge.to).Name)
	case designSelector:
		v.Message = v.Name + " is what the policy forbids: " + j.selects.text()
	default:
		v.Message = v.Name + " is what the policy forbids: " + j.selects.text()
	}
	j.report(v)
}

// required tells of each field that is not as required on its own, so that one more is a new fault, and one less is not.
func (j *judge) required(s *subject) {
	if j.require.matches(s) {
		return
	}
	missed := j.require.missed(s, "")
	if len(missed) == 0 {
		missed = []miss{{either: j.texts["require"]}}
	}
	for _, m := range missed {
		v := j.violation(s)
		v.wanted, v.several = j.texts["require"], len(missed) > 1
		v.Message = v.Name + ": " + m.String()
		if fix := m.suggestion(); fix != "" {
			v.Suggestions = []string{fix}
		}
		v.Location = j.placeOf(s, m.path, v.Location)
		v.Key = strings.TrimSpace(v.Key + " " + m.path)
		j.report(v)
	}
}

// placeOf gives the place where a thing states a field, or where it is stated itself.
func (j *judge) placeOf(s *subject, field string, or schema.Range) schema.Range {
	var places schema.Places
	switch j.Selector {
	case modulesSelector:
		places = s.m().Places
	case dependenciesSelector:
		if strings.HasPrefix(field, "from.") || strings.HasPrefix(field, "to.") {
			return or
		}
		places = s.d().Places
	case journeysSelector:
		if st := j.facts.journeyOf(s).Stated; st != nil {
			places = st.Places
		}
	}
	for field != "" {
		if r, ok := places.Of(field); ok && r.IsKnown() {
			return r
		}
		i := strings.LastIndexByte(field, '.')
		if i < 0 {
			break
		}
		field = field[:i]
	}
	return or
}

// counted demands a number of things.
func (j *judge) counted() {
	if j.count.matches(len(j.selected)) {
		return
	}
	a := j.facts.analysis
	v := Violation{Kind: "system", Name: a.Design.System, Location: a.Design.Pos, at: &subject{facts: j.facts}, whole: true, counted: true, wanted: j.count.text}
	for i, s := range j.selected {
		one := j.violation(s)
		v.selected = append(v.selected, one.Name)
		if i < maxRelated && one.Location.IsKnown() {
			v.Related = append(v.Related, Step{one.Name + " is one of them", one.Location})
		}
	}
	v.Key = keyed("count", fmt.Sprint(len(j.selected))) // to be further off is another fault
	v.Message = fmt.Sprintf("%s, where the policy wants %s", j.selectedInWords(v.selected), j.count.text)
	j.report(v)
}

// maxRelated bounds the further places of one violation.
const maxRelated = 10

func (j *judge) selectedInWords(names []string) string {
	noun := j.shape.noun
	verb := "are"
	if len(names) == 1 {
		verb = "is"
	}
	text := fmt.Sprintf("%s %s such as %s", counted(len(names), noun), verb, j.selects.text())
	if len(names) > 0 {
		text += " (" + enumerate(names) + ")"
	}
	return text
}

// message gives the message of a violation: the team's own words where there are any. Words that name nothing get the
// name of what they are about, and what is wrong with it.
func (j *judge) message(v *Violation) string {
	plain := strings.Join(strings.Fields(v.Message), " ")
	if j.template == nil {
		return plain
	}
	text, ok := j.template.fill(j.Policy, v)
	if text == "" || !ok { // what it names is empty here, or is no part of such a fault
		return plain
	}
	detail, hasDetail := strings.CutPrefix(v.Message, v.Name+": ")
	if hasDetail && (!j.template.names || v.several) {
		text += " (" + detail + ")"
	}
	switch {
	case v.whole && j.Selector != designSelector:
		if !j.template.names {
			text += " (" + v.Message + ")"
		}
	case !j.template.subject && (j.Selector != designSelector || !j.template.names):
		text = v.Name + ": " + text
	}
	return text
}

// Demand says in one line what the policy demands of what.
func (p *Policy) Demand() string {
	var parts []string
	for _, name := range slices.Concat(demandsOfAll, demandsOfModules) {
		if text, ok := p.texts[name]; ok {
			parts = append(parts, name+": "+text)
		}
	}
	return fmt.Sprintf("Of %s such as %s: %s.", p.Selector, p.selects.text(), strings.Join(parts, ", "))
}

// Statement gives the selection and the demands of the policy in CUE, one line each.
func (p *Policy) Statement() []string {
	lines := []string{p.Selector + ": " + p.selects.text()}
	if len(p.excepts) == 1 {
		lines = append(lines, "except: "+p.excepts[0].text())
	} else if len(p.excepts) > 1 {
		parts := make([]string, len(p.excepts))
		for i, e := range p.excepts {
			parts[i] = e.text()
		}
		lines = append(lines, "except: ["+strings.Join(parts, ", ")+"]")
	}
	for _, name := range slices.Concat(demandsOfAll, demandsOfModules) {
		if text, ok := p.texts[name]; ok {
			lines = append(lines, name+": "+text)
		}
	}
	if p.via != nil {
		lines = append(lines, "via: "+p.via.text())
	}
	if p.strict {
		lines = append(lines, "strict: true")
	}
	return lines
}
