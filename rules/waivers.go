package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"lintel/schema"
)

// hyg004 has no Run of its own: what it tells is known only when the other rules have run.
var hyg004 = &Rule{
	ID: "HYG004", Name: "stale-waiver", Severity: Warning,
	Summary: "A waiver is expired, matches nothing or gives no reason.",
	Sources: []Source{
		{"Staticcheck: a linter directive that matches nothing is itself reported", "https://staticcheck.dev/docs/configuration/#ignoring-problems-with-linter-directives"},
	},
}

// waiver is a schema.Waiver at work.
type waiver struct {
	*schema.Waiver
	rule     *Rule // nil where there is none
	at       string
	fromFile bool
	index    int // in its list

	matched bool
}

func newWaivers(list []schema.Waiver, fromFile bool, known policySet) []*waiver {
	out := make([]*waiver, len(list))
	for i := range list {
		w := &waiver{Waiver: &list[i], at: normalizeAt(list[i].At), fromFile: fromFile, index: i}
		w.rule, _ = known.find(w.Rule)
		out[i] = w
	}
	return out
}

var arrow = regexp.MustCompile(`\s*->\s*`)

func normalizeAt(s string) string { return arrow.ReplaceAllString(strings.TrimSpace(s), " -> ") }

// matches reports whether w speaks of f: of its rule, and of its subject by any of its names.
func (w *waiver) matches(f *Finding) bool {
	if w.rule != f.Rule {
		return false
	}
	if matchName(w.at, normalizeAt(f.Subject.Name)) {
		return true
	}
	for _, a := range f.Aliases {
		if matchName(w.at, normalizeAt(a)) {
			return true
		}
	}
	return false
}

// matchName reports whether name is of the form of pattern, in which each * stands for any text.
func matchName(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(name) < len(first)+len(last) || !strings.HasPrefix(name, first) || !strings.HasSuffix(name, last) {
		return false
	}
	name = name[len(first) : len(name)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name = name[i+len(part):]
	}
	return true
}

func (w *waiver) expired(today time.Time) bool {
	if w.Until == nil {
		return false
	}
	y, m, d := today.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).After(*w.Until)
}

func (w *waiver) valid(today time.Time) bool {
	return strings.TrimSpace(w.Reason) != "" && !w.expired(today)
}

// apply sets the Waiver of the findings that the waivers accept. Of several waivers for one
// finding the first valid one waives it; all of them have matched.
func apply(waivers []*waiver, found []*Finding, today time.Time) {
	byRule := map[*Rule][]*waiver{}
	for _, w := range waivers {
		if w.rule != nil {
			byRule[w.rule] = append(byRule[w.rule], w)
		}
	}
	if len(byRule) == 0 {
		return
	}
	for _, f := range found {
		for _, w := range byRule[f.Rule] {
			if !w.matches(f) {
				continue
			}
			w.matched = true
			if f.Waiver == nil && w.valid(today) {
				f.Waiver = w.Waiver
			}
		}
	}
}

// waive sets Waiver in the findings that a waiver accepts and returns them with the findings of
// HYG004 about the design's own waivers. A waiver for HYG004 itself is applied to these last ones.
func (res *Result) waive(found []*Finding, file *schema.Lint, e *effective, today time.Time) []*Finding {
	own := newWaivers(res.Design.Lint.Waivers, false, e.policySet)
	all := own
	if file != nil {
		res.settings = file
		all = append(all[:len(all):len(all)], newWaivers(file.Waivers, true, e.policySet)...)
		res.fileJudged, res.fileUsed = make([]bool, len(file.Waivers)), make([]bool, len(file.Waivers))
	}
	if len(all) == 0 {
		return found
	}
	apply(all, found, today)
	res.matchSilenced(all, e)
	if e.runs(hyg004) {
		p := &Pass{Rule: hyg004, Design: res.Design, settings: e}
		p.judge(own, today, func(w *waiver) bool { return w.rule != hyg004 })
		apply(all, p.findings, today)
		// A stale waiver of HYG004 itself cannot be waived: there would be no end to it.
		p.judge(own, today, func(w *waiver) bool { return w.rule == hyg004 })
		p.keysOnce()
		found = append(found, p.findings...)
	}
	for _, w := range all {
		if w.fromFile {
			res.fileUsed[w.index] = w.matched
			res.fileJudged[w.index] = w.rule != nil && e.runs(w.rule)
		}
	}
	return found
}

// matchSilenced marks the waivers as matched whose rule says nothing only because another one speaks for the same
// cause: REP002 is silent about a store of which RES001 tells. Such a waiver accepts what is there, and holds again
// when the other rule falls silent, so it is not stale. What a rule would say by itself is what it says alone.
func (res *Result) matchSilenced(waivers []*waiver, e *effective) {
	byRule := map[*Rule][]*waiver{}
	for _, w := range waivers {
		if !w.matched && w.at != "" && w.rule != nil && w.rule.Run != nil && w.rule.Policy == nil && e.runs(w.rule) {
			byRule[w.rule] = append(byRule[w.rule], w)
		}
	}
	for r, list := range byRule {
		p := &Pass{Rule: r, Design: res.Design, Analysis: res.Analysis, settings: e.alone(r), shared: &shared{}}
		r.Run(p)
		for i := range p.findings {
			for _, w := range list {
				w.matched = w.matched || w.matches(p.findings[i])
			}
		}
	}
}

// judge reports what is wrong with those waivers that which selects and whose rule took part in the
// run. An unknown rule is told by HYG001.
func (p *Pass) judge(waivers []*waiver, today time.Time, which func(*waiver) bool) {
	for _, w := range waivers {
		if w.rule != nil && which(w) && p.settings.runs(w.rule) {
			p.judgeOne(w, w.matched, today)
		}
	}
}

func (p *Pass) judgeOne(w *waiver, matched bool, today time.Time) {
	name := fmt.Sprintf("the waiver of %s at %q", w.rule.ID, w.At)
	var message, suggestion, field string
	switch {
	case strings.TrimSpace(w.Reason) == "":
		message = name + " gives no reason, so it waives nothing"
		suggestion, field = `say why the finding is accepted: reason: "..."`, "reason"
	case w.expired(today):
		message = fmt.Sprintf("%s expired on %s, so it waives nothing any more", name, w.Until.Format(time.DateOnly))
		suggestion, field = "mend what it accepted and remove it, or decide again and set a later until", "until"
	case !matched && w.at == "":
		message = fmt.Sprintf("the waiver of %s names no place, so it matches nothing", w.rule.ID)
		suggestion, field = `name what it is for: at: "..."`, "at"
	case !matched:
		message = name + " matches no finding"
		suggestion, field = "remove it, or mend its rule or at", "at"
	default:
		return
	}
	location := w.Pos
	if r, ok := w.Places.Of(field); ok {
		location = r
	}
	p.Report(Finding{
		Subject:     Subject{OfSystem, p.Design.System},
		Message:     message,
		Location:    location,
		Suggestions: []string{suggestion},
		Key:         w.rule.ID + " at " + w.at,
		Aliases:     []string{w.at},
	})
}

// StaleWaivers returns the findings about a settings file: HYG004 about its waivers, HYG001 for
// waivers of rules that do not exist, and HYG006 about its policies. Results are those of all runs,
// of which those whose Settings.File was this file count. Whether a waiver matches nothing or a
// policy selects nothing can be judged only when the results are those of all designs that the file
// governs; whole says so. The findings name the settings file as their subject and belong to no
// system.
func StaleWaivers(file *schema.Lint, s Settings, results []*Result, whole bool, today time.Time) []Finding {
	if len(file.Waivers)+len(file.Policies) == 0 {
		return nil
	}
	var governed []*Result
	lists := []*schema.Lint{}
	for _, res := range results {
		if res.settings == file {
			governed = append(governed, res)
			lists = append(lists, &res.Design.Lint)
		}
	}
	s.File = file
	e := resolve(s, schema.Lint{})
	e.policySet = newPolicySet(append(lists, file)...) // a waiver may be for a policy of a design
	waivers := newWaivers(file.Waivers, true, e.policySet)
	judged := make([]bool, len(waivers))
	for _, res := range governed {
		for i, w := range waivers {
			judged[i] = judged[i] || res.fileJudged[i]
			w.matched = w.matched || res.fileUsed[i]
		}
	}
	var idle []*Finding
	if whole {
		idle = idlePoliciesOf(file, e, governed)
		apply(waivers, idle, today)
	}
	nowhere := &schema.Design{}
	stale := &Pass{Rule: hyg004, Design: nowhere, settings: e}
	for i, w := range waivers {
		if judged[i] && e.runs(hyg004) {
			stale.judgeOne(w, w.matched || !whole, today)
		}
	}
	stale.keysOnce()
	unknown := &Pass{Rule: unknownReference, Design: nowhere, settings: e}
	if e.runs(unknownReference) {
		unknown.unknownRulesOfWaivers(file.Waivers, Subject{OfSystem, ""})
		unknown.keysOnce()
	}
	var found []Finding
	for _, f := range slices.Concat(stale.findings, unknown.findings, idle) {
		if f.Waiver == nil {
			found = append(found, *f)
		}
	}
	for i := range found {
		found[i].Subject.Name = found[i].Location.File
	}
	SortFindings(found)
	return found
}
