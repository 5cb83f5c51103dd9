package report

import (
	"fmt"
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

// summaryLine gives "2 errors, 1 warning in 2 of 5 designs (1 waived)".
func summaryLine(s Summary, withFindings, designs int) string {
	line := counts(s)
	if designs > 1 {
		line += fmt.Sprintf(" in %d of %d designs", withFindings, designs)
	}
	if s.Waived > 0 {
		line += fmt.Sprintf(" (%d waived)", s.Waived)
	}
	return line
}

// maxUncheckedReasons bounds the line about checks that could not be made.
const maxUncheckedReasons = 6

// UncheckedNote gives the line about checks that could not be made because the designs do not state
// what they need, or "" where all could be made:
//
//	note: 7 checks could not be made; not stated: placement (RES003, RES004: 5); timeout (INT002: 2)
func UncheckedNote(r *Report) string {
	type reason struct {
		fields string
		rules  []string
		count  int
	}
	var reasons []*reason
	byFields := map[string]*reason{}
	total := 0
	for _, res := range r.Results {
		for _, u := range res.Unchecked {
			fields := enumerated(u.Fields)
			x := byFields[fields]
			if x == nil {
				x = &reason{fields: fields}
				byFields[fields] = x
				reasons = append(reasons, x)
			}
			if !contains(x.rules, u.Rule) {
				x.rules = append(x.rules, u.Rule.ID)
			}
			x.count += u.Count
			total += u.Count
		}
	}
	if total == 0 {
		return ""
	}
	more := len(reasons) - maxUncheckedReasons
	if more > 0 {
		reasons = reasons[:maxUncheckedReasons]
	}
	parts := make([]string, len(reasons))
	for i, x := range reasons {
		parts[i] = fmt.Sprintf("%s (%s: %d)", x.fields, strings.Join(x.rules, ", "), x.count)
	}
	if more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return visible(fmt.Sprintf("note: %s could not be made; not stated: %s", plural(total, "check", "checks"), strings.Join(parts, "; ")))
}

// enumerated gives "peak, calls and capacity".
func enumerated(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

func contains(ids []string, r *rules.Rule) bool {
	for _, id := range ids {
		if id == r.ID {
			return true
		}
	}
	return false
}
