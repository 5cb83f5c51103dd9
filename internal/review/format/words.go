package format

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"lintel/internal/review"
	"lintel/rules"
	"lintel/schema"
)

// kindWords are what people call the kinds of things.
func kindWord(k review.Kind) string {
	if k == review.OfFailureDomain {
		return "failure domain"
	}
	return string(k)
}

// sign tells at a glance what became of something.
func sign(s review.Status) string {
	switch s {
	case review.Added:
		return "+"
	case review.Removed:
		return "-"
	}
	return "~"
}

// effectWord says in which direction a change works; "" where in none.
func effectWord(e review.Effect) string {
	switch e {
	case review.Weakens:
		return "weaker"
	case review.Strengthens:
		return "stronger"
	}
	return ""
}

// A namer gives a name or a value of the user's the form that a format wants.
type namer func(string) string

// subject gives "module orders-db" or "module payments, was billing".
func subject(c *review.Change, name namer) string {
	s := kindWord(c.Kind) + " " + name(c.Name)
	if c.OldName != "" {
		s += ", was " + name(c.OldName)
	}
	return s
}

// details gives the fields of a change: "replicas 3 → 1 (weaker); timeout not stated → 500ms".
func details(c *review.Change, value namer) string {
	if len(c.Fields) == 0 {
		if w := effectWord(c.Effect); w != "" && c.Status != review.Renamed {
			return "(" + w + ")"
		}
		return ""
	}
	var parts []string
	for i := range c.Fields {
		if i == maxFields {
			parts = append(parts, fmt.Sprintf("and %d more", len(c.Fields)-i))
			break
		}
		parts = append(parts, field(c.Status, &c.Fields[i], value))
	}
	text := strings.Join(parts, "; ")
	if w := effectWord(c.Effect); w != "" && (c.Status == review.Added || c.Status == review.Removed) && !strings.HasSuffix(text, ")") {
		text += " (" + w + ")"
	}
	return text
}

// maxFields is the number of fields of one thing that are told.
const maxFields = 10

// field gives "replicas 3 → 1 (weaker)", and of what came or went only what it states.
func field(s review.Status, f *review.FieldChange, value namer) string {
	switch {
	case s == review.Added && f.Old == "":
		return value(f.Field) + " " + value(f.New)
	case s == review.Removed && f.New == "":
		return value(f.Field) + " " + value(f.Old)
	}
	return fieldChange(f, value)
}

func fieldChange(f *review.FieldChange, value namer) string {
	s := value(f.Field) + " " + stated(f.Old, value) + " → " + stated(f.New, value)
	if w := effectWord(f.Effect); w != "" {
		s += " (" + w + ")"
	}
	return s
}

func stated(v string, value namer) string {
	if v == "" {
		return "not stated"
	}
	return value(v)
}

// journeyWords says how the standing of a journey changed.
func journeyWords(j *review.JourneyChange) string {
	var parts []string
	switch j.Status {
	case review.Added:
		parts = append(parts, fmt.Sprintf("needs %s, has %s", plural(j.NewModules, "module", "modules"), singlePoints(j.NewSinglePoints)))
		if len(j.SurvivesNew) > 0 {
			parts = append(parts, "survives the loss of any one "+joinedOr(j.SurvivesNew))
		}
	case review.Changed:
		switch {
		case j.NewDown && !j.OldDown:
			parts = append(parts, "is down before anything fails (weaker)")
		case j.OldDown && !j.NewDown:
			parts = append(parts, "is no longer down before anything fails (stronger)")
		}
		if j.OldDown || j.NewDown { // nothing takes down what is down, and nothing of it survives
			break
		}
		if j.OldSinglePoints != j.NewSinglePoints {
			word := " (weaker)"
			if j.NewSinglePoints < j.OldSinglePoints {
				word = " (stronger)"
			}
			parts = append(parts, fmt.Sprintf("single points of failure %d → %d%s", j.OldSinglePoints, j.NewSinglePoints, word))
		}
		if j.OldModules != j.NewModules {
			parts = append(parts, fmt.Sprintf("needs %d → %s", j.OldModules, plural(j.NewModules, "module", "modules")))
		}
		if lost := minus(j.SurvivesOld, j.SurvivesNew); len(lost) > 0 {
			parts = append(parts, "no longer survives the loss of any one "+joinedOr(lost)+" (weaker)")
		}
		if gained := minus(j.SurvivesNew, j.SurvivesOld); len(gained) > 0 {
			parts = append(parts, "now survives the loss of any one "+joinedOr(gained)+" (stronger)")
		}
	}
	return strings.Join(parts, "; ")
}

func singlePoints(n int) string {
	if n == 0 {
		return "no single point of failure"
	}
	return plural(n, "single point of failure", "single points of failure")
}

func minus(a, b []string) []string {
	var out []string
	for _, v := range a {
		if !slices.Contains(b, v) {
			out = append(out, v)
		}
	}
	return out
}

func joinedOr(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}

// shortList joins names, of which it gives no more than six.
func shortList(names []string, name namer) string {
	const most = 6
	var out []string
	for i, n := range names {
		if i == most-1 && len(names) > most {
			break
		}
		out = append(out, name(n))
	}
	if more := len(names) - len(out); more > 0 {
		return strings.Join(out, ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(out, ", ")
}

// figureWords gives a figure before and after: "largest blast radius 2 → 4 (weaker)".
func figureWords(f *review.Figure) string {
	s := f.Name + " " + numberOf(f.Old, f.OldKnown, f.Unit) + " → " + numberOf(f.New, f.NewKnown, f.Unit)
	if f.Unit != "" && f.Unit != "%" {
		s += " " + f.Unit
	}
	if w := figureEffect(f); w != "" {
		s += " (" + w + ")"
	}
	return s
}

func figureEffect(f *review.Figure) string {
	if !f.OldKnown || !f.NewKnown || f.MoreIs == review.Neutral {
		return ""
	}
	if f.New > f.Old == (f.MoreIs == review.Weakens) {
		return "weaker"
	}
	return "stronger"
}

// numberOf gives a figure with its unit where that is one character.
func numberOf(v float64, known bool, unit string) string {
	switch {
	case !known:
		return "–"
	case unit == "%":
		return number(v) + unit
	}
	return number(v)
}

// number gives at most two digits after the point, none that say nothing.
func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

// changed reports whether a figure is another one than before.
func changed(f *review.Figure) bool {
	return f.OldKnown != f.NewKnown || f.OldKnown && number(f.Old) != number(f.New)
}

// changedFigures are the figures of the whole design that differ; none where there is nothing to compare them with.
func (d *Design) changedFigures() []*review.Figure {
	if d.Old == nil || d.New == nil {
		return nil
	}
	var out []*review.Figure
	for i := range d.Figures {
		if changed(&d.Figures[i]) {
			out = append(out, &d.Figures[i])
		}
	}
	return out
}

// moduleRows tells how the figures of a module changed: what, before, after.
func moduleRows(m *review.ModuleFigures) [][3]string {
	var rows [][3]string
	add := func(what string, old, new int) {
		if old != new && max(old, new) > 0 {
			rows = append(rows, [3]string{what, count(old), count(new)})
		}
	}
	add("blast radius", m.OldBlast, m.NewBlast)
	add("fan-in", m.OldFanIn, m.NewFanIn)
	add("fan-out", m.OldFanOut, m.NewFanOut)
	if m.OldInstability >= 0 && m.NewInstability >= 0 && number(m.OldInstability) != number(m.NewInstability) {
		rows = append(rows, [3]string{"instability", number(m.OldInstability), number(m.NewInstability)})
	}
	return rows
}

// moduleWords gives "blast radius 2 → 4, fan-in 3 → 4".
func moduleWords(m *review.ModuleFigures) string {
	var parts []string
	for _, row := range moduleRows(m) {
		parts = append(parts, row[0]+" "+row[1]+" → "+row[2])
	}
	return strings.Join(parts, ", ")
}

func count(n int) string {
	if n < 0 {
		return "–"
	}
	return strconv.Itoa(n)
}

// plural gives "1 error" or "2 errors".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// byWeight gives findings with the gravest first, else in their order.
func byWeight(list []*rules.Finding) []*rules.Finding {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b *rules.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	return out
}

// newCounts gives "2 new errors, 1 new warning"; "" for none.
func newCounts(list []*rules.Finding) string {
	var n [rules.Error + 1]int
	for _, f := range list {
		n[f.Severity]++
	}
	var parts []string
	for _, s := range []rules.Severity{rules.Error, rules.Warning, rules.Info} {
		if n[s] > 0 {
			parts = append(parts, plural(n[s], "new "+s.String(), "new "+s.String()+"s"))
		}
	}
	return strings.Join(parts, ", ")
}

// counts are the numbers of the line that sums up.
type counts struct{ weaker, fixed, waived, newlyKnown, unchanged, known int }

func (c *counts) add(d *Design) {
	c.weaker += d.Weaker()
	c.fixed += len(d.fixed())
	c.waived += len(d.waived())
	c.newlyKnown += len(d.Findings.NewlyKnown)
	c.unchanged += len(d.Findings.Unchanged)
	c.known += len(d.Findings.Known) - len(d.Findings.NewlyKnown)
}

// findingsLine gives "1 new error, 2 weaker, 2 fixed, 3 unchanged"; "no new findings" in front where there are none.
func findingsLine(new []*rules.Finding, c counts) string {
	parts := []string{cmp.Or(newCounts(new), "no new findings")}
	for _, p := range []struct {
		n    int
		what string
	}{{c.newlyKnown, "newly known"}, {c.weaker, "weaker"}, {c.fixed, "fixed"}, {c.waived, "newly waived"}, {c.unchanged, "unchanged"}, {c.known, "known"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

// states gives "main (3f2c1a9) → the working tree".
func (r *Report) states() string { return r.Old.Name + " → " + r.New.Name }

// summary gives the one line that says it all: "1 new error, 2 fixed, 3 unchanged in 2 of 5 designs".
func (r *Report) summary() string {
	var new []*rules.Finding
	var n counts
	differing, faults := 0, len(r.New.Errors)
	if r.Strict {
		faults += len(r.Old.Errors)
	}
	for _, d := range r.Designs {
		new = append(new, d.Findings.New...)
		n.add(d)
		if d.Differs() {
			differing++
		}
	}
	var line string
	switch {
	case len(r.Designs) == 0:
		if n := faults; n > 0 {
			return "nothing was compared; " + plural(n, "fault in the input", "faults in the input")
		}
		line = "nothing to compare"
	case differing == 0:
		line = "no design has changed"
		if len(r.Designs) == 1 {
			line = "the design has not changed"
		}
		if n.unchanged > 0 {
			line += ", " + plural(n.unchanged, "finding is as before", "findings are as before")
		}
		if n.known > 0 {
			line += fmt.Sprintf(", %d known", n.known)
		}
	default:
		line = findingsLine(new, n)
		if len(r.Designs) > 1 {
			line += fmt.Sprintf(" in %d designs, of which %d changed", len(r.Designs), differing)
		}
	}
	if n := faults; n > 0 {
		line += "; " + plural(n, "fault in the input", "faults in the input") + ": not everything was compared"
	}
	return line
}

// heading gives the name of a design: "shop (shop.cue)", "shop, was store (store.cue → shop.cue)".
func (d *Design) heading(name namer) string {
	res := d.result()
	system, path := name(res.Design.System), name(res.Design.Path)
	if d.Old != nil && d.New != nil {
		if o := d.Old.Design; o.System != d.New.Design.System {
			system += ", was " + name(o.System)
		}
		if o := d.Old.Design; o.Path != d.New.Design.Path {
			path = name(o.Path) + " → " + path
		}
	}
	return system + " (" + path + ")"
}

// standing says in a sentence what a design is where it is in one state only; else "".
func (d *Design) standing(old string) string {
	switch {
	case d.Unread:
		return "It does not load at " + old + ": there is nothing to compare it with, and all of its findings count as new."
	case d.Old == nil:
		return "This design is new: " + size(d.New) + "."
	case d.New == nil:
		return "This design is removed: " + size(d.Old) + "."
	case !d.tells():
		return "Nothing else has changed."
	}
	return ""
}

func size(res *rules.Result) string {
	dependencies := 0
	for _, m := range res.Design.Modules {
		dependencies += len(m.DependsOn)
	}
	return plural(len(res.Design.Modules), "module", "modules") + ", " + plural(dependencies, "dependency", "dependencies")
}

// listed are the changes of the design that are told one by one: none where the whole design came or went.
func (d *Design) listed() []review.Change {
	if d.Old == nil || d.New == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(d.Changes), func(c review.Change) bool {
		return ofSettings(c) || c.Kind == review.OfSystem && len(c.Fields) == 0 // that is in the heading
	})
}

// changedSettings are the changes in how the design is judged, by itself or by the settings file that governs it.
func (d *Design) changedSettings() []review.Change {
	out := slices.Clone(d.Settings)
	for _, c := range d.Changes {
		if ofSettings(c) {
			out = append(out, c)
		}
	}
	for i := range out {
		if out[i].Kind == review.OfRule { // a rule is there, stated or not
			out[i].Status = review.Changed
		}
	}
	return out
}

func ofSettings(c review.Change) bool {
	return c.Kind == review.OfRule || c.Kind == review.OfWaiver || c.Kind == review.OfPolicy
}

// short is the line of a finding that is not shown in full: "error RES001 orders is …".
func short(f *rules.Finding, text namer) string {
	return f.Severity.String() + " " + f.Rule.ID + " " + text(f.Message)
}

// pointWords tells of a single point of failure that came or went.
func pointWords(p *review.SinglePoint, s review.Status, arrow string, name namer) string {
	what := "single point of failure "
	switch {
	case p.Kind == rules.OfFailureDomain:
		what += "failure domain "
	case p.External:
		what += "external "
	}
	what += name(p.Name)
	if s == review.Removed {
		return what + ": no longer takes down " + shortList(p.Journeys, name)
	}
	what += ": takes down " + shortList(p.Journeys, name)
	if len(p.Path) > 1 {
		names := make([]string, len(p.Path))
		for i, n := range p.Path {
			names[i] = name(n)
		}
		what += " (" + strings.Join(names, arrow) + ")"
	}
	return what
}

// untold leaves out the single points of failure that a finding of the list tells of.
func untold(points []review.SinglePoint, told []*rules.Finding) []review.SinglePoint {
	subjects := map[rules.Subject]bool{}
	for _, f := range told {
		if f.Rule.ID == "RES001" || f.Rule.ID == "RES002" {
			subjects[f.Subject] = true
		}
	}
	var out []review.SinglePoint
	for _, p := range points {
		if !subjects[rules.Subject{Kind: p.Kind, Name: p.Name}] {
			out = append(out, p)
		}
	}
	return out
}

// changedFindings are the findings that both states have, and of which there is something to tell: those that changed, and
// those that the old state did not tell of.
func (d *Design) changedFindings() []review.FindingChange {
	out := slices.Clone(d.Findings.Changed)
	for _, f := range d.Findings.Revealed {
		if !slices.ContainsFunc(out, func(c review.FindingChange) bool { return c.New == f }) {
			out = append(out, review.FindingChange{Old: d.Findings.Counterparts[f], New: f})
		}
	}
	return out
}

// changeOfFinding tells how a finding that both states have is another one.
func (d *Design) changeOfFinding(c *review.FindingChange, name namer) string {
	var parts []string
	if slices.Contains(d.Findings.Revealed, c.New) {
		parts = append(parts, "it held before, too, when another finding told of the cause")
	}
	if c.Old.Severity != c.New.Severity {
		word := " (weaker)"
		if c.New.Severity < c.Old.Severity {
			word = " (stronger)"
		}
		parts = append(parts, c.Old.Severity.String()+" → "+c.New.Severity.String()+word)
	}
	if len(c.GainedJourneys) > 0 {
		parts = append(parts, "now concerns "+shortList(c.GainedJourneys, name)+", too (weaker)")
	}
	if len(c.LostJourneys) > 0 {
		parts = append(parts, "no longer concerns "+shortList(c.LostJourneys, name)+" (stronger)")
	}
	return strings.Join(parts, "; ")
}

// waiverWords says why a finding is waived.
func waiverWords(w *schema.Waiver, text namer) string {
	if w == nil {
		return ""
	}
	s := text(w.Reason)
	if w.Until != nil {
		s += ", until " + w.Until.Format(time.DateOnly)
	}
	if w.Ticket != "" {
		s += ", " + text(w.Ticket)
	}
	return s
}

// settingsWords says what the change of settings does to the findings.
func (d *Design) settingsWords() []string {
	var out []string
	if n := len(d.Brought); n > 0 {
		them := "they do not count as new"
		if n == 1 {
			them = "it does not count as new"
		}
		out = append(out, fmt.Sprintf("shows %s that the old state has, too; %s", plural(n, "further finding", "further findings"), them))
	}
	if n := len(d.Silenced); n > 0 {
		line := "hides " + plural(n, "finding", "findings") + " that the old settings show"
		if k := len(d.SilencedNew); k > 0 {
			switch {
			case n == 1:
				line += ", a new one (weaker)"
			case k == n:
				line += ", all of them new (weaker)"
			default:
				line += fmt.Sprintf(", %d of them new (weaker)", k)
			}
		}
		out = append(out, line+":")
	}
	return out
}
