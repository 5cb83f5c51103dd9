package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lintel/rules"
)

// plural gives "1 error" or "2 errors".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// counts gives "2 errors, 1 warning", or "no findings".
func counts(s Summary) string {
	var parts []string
	if s.Errors > 0 {
		parts = append(parts, plural(s.Errors, "error", "errors"))
	}
	if s.Warnings > 0 {
		parts = append(parts, plural(s.Warnings, "warning", "warnings"))
	}
	if s.Infos > 0 {
		parts = append(parts, plural(s.Infos, "info", "infos"))
	}
	if len(parts) == 0 {
		return "no findings"
	}
	return strings.Join(parts, ", ")
}

// summaryLine gives "2 errors, 1 warning in 2 of 5 designs (1 waived, 3 known)". What was found in settings files lies in
// no design: "1 warning in the settings", "1 error, 1 warning in 1 of 5 designs and the settings".
func (r *Report) summaryLine() string {
	s, withFindings := r.Summary(), 0
	for _, res := range r.Results {
		if len(res.Findings) > 0 {
			withFindings++
		}
	}
	line := counts(s)
	switch {
	case withFindings == 0 && len(r.Settings) > 0:
		line += " in the " + r.besides()
	case s.Total() == 0 && len(r.Results) > 1:
		line += fmt.Sprintf(" in %d designs", len(r.Results))
	case len(r.Results) > 1:
		line += fmt.Sprintf(" in %d of %d designs", withFindings, len(r.Results))
		if len(r.Settings) > 0 {
			line += " and the " + r.besides()
		}
	}
	var accepted []string
	if s.Waived > 0 {
		accepted = append(accepted, fmt.Sprintf("%d waived", s.Waived))
	}
	if s.Known > 0 {
		accepted = append(accepted, fmt.Sprintf("%d known", s.Known))
	}
	if len(accepted) > 0 {
		line += " (" + strings.Join(accepted, ", ") + ")"
	}
	return line
}

// headline is summaryLine for a report that tells the faults of the input, too: what could not be read was not
// checked, and "no findings" alone would say otherwise.
func (r *Report) headline() string {
	if len(r.Errors) == 0 {
		return r.summaryLine()
	}
	faults := plural(len(r.Errors), "fault in the input", "faults in the input")
	if len(r.Results) == 0 {
		return faults + ", nothing was checked"
	}
	return faults + ", not everything was checked; in the rest: " + r.summaryLine()
}

// ClosingNotes returns the lines that close a report, none where it is quiet: that all that was found is waived or
// known, what the baseline holds beside, and which checks could not be made.
func ClosingNotes(r *Report) []string {
	if r.Quiet {
		return nil
	}
	var out []string
	if s := r.Summary(); s.Total() == 0 && s.Waived > 0 {
		out = append(out, "note: "+plural(s.Waived, "finding is waived", "findings are waived"))
	}
	out = append(out, r.baselineNotes()...)
	for _, remark := range r.Remarks {
		out = append(out, visible("note: "+remark))
	}
	if note := uncheckedNote(r); note != "" {
		out = append(out, note)
	}
	return append(out, tooMuchNotes(r)...)
}

// tooMuchNotes gives a line for each rule that did not make all checks because of a bound to its work:
//
//	note: RES012 left 281 checks out, which are more work than lint.rules.RES012.work allows; 0 allows all
func tooMuchNotes(r *Report) (notes []string) {
	type bound struct{ rule, param string }
	var order []bound
	count := map[bound]int{}
	for _, res := range r.Results {
		for _, u := range res.Unchecked {
			b := bound{u.Rule.ID, u.Bound}
			if u.Bound == "" {
				continue
			}
			if count[b] == 0 {
				order = append(order, b)
			}
			count[b] += u.Count
		}
	}
	for _, b := range order {
		notes = append(notes, fmt.Sprintf("note: %s left out %s: more work than lint.rules.%s.%s allows; 0 allows all", b.rule, plural(count[b], "check", "checks"), b.rule, b.param))
	}
	return notes
}

// maxUncheckedRules is the number of rules up to which the line about checks that could not be made
// names, for each field, those that need it.
const maxUncheckedRules = 4

// uncheckedNote gives the line about checks that could not be made because the designs do not state
// what they need, or "" where all could be made. It names each field once, the one that most checks
// lack first, with the number of these; a check that lacks several fields counts for each:
//
//	note: 7 checks could not be made; not stated: placement (5: RES003, RES004), timeout (2: INT002)
func uncheckedNote(r *Report) string {
	type lack struct {
		field string
		rules []string
		count int
	}
	var lacks []*lack
	byField := map[string]*lack{}
	var all []string
	total := 0
	for _, res := range r.Results {
		for _, u := range res.Unchecked {
			if u.Bound != "" {
				continue
			}
			total += u.Count
			if !contains(all, u.Rule) {
				all = append(all, u.Rule.ID)
			}
			for _, field := range u.Fields {
				x := byField[field]
				if x == nil {
					x = &lack{field: field}
					byField[field] = x
					lacks = append(lacks, x)
				}
				if !contains(x.rules, u.Rule) {
					x.rules = append(x.rules, u.Rule.ID)
				}
				x.count += u.Count
			}
		}
	}
	if total == 0 {
		return ""
	}
	slices.SortStableFunc(lacks, func(x, y *lack) int { return cmp.Compare(y.count, x.count) })
	parts := make([]string, len(lacks))
	for i, x := range lacks {
		parts[i] = fmt.Sprintf("%s (%d)", x.field, x.count)
		if len(all) <= maxUncheckedRules {
			parts[i] = fmt.Sprintf("%s (%d: %s)", x.field, x.count, strings.Join(x.rules, ", "))
		}
	}
	return visible(fmt.Sprintf("note: %s could not be made; not stated: %s", plural(total, "check", "checks"), strings.Join(parts, ", ")))
}

func contains(ids []string, r *rules.Rule) bool {
	for _, id := range ids {
		if id == r.ID {
			return true
		}
	}
	return false
}
