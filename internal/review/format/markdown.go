package format

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"lintel/internal/report"
	"lintel/internal/review"
	"lintel/rules"
	"lintel/schema"
)

// CheckTag tells whether a tag can name a comment.
func CheckTag(tag string) error {
	switch {
	case tag == "":
		return errors.New("it is empty")
	case len(tag) > 100:
		return errors.New("it is longer than 100 characters")
	}
	for _, c := range tag {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_./", c)) || strings.Contains(tag, "--") {
			return errors.New("it is made of letters, digits and single - _ . /")
		}
	}
	return nil
}

// The order in which the parts of a comment get their room.
const (
	first = iota
	newFindings
	weightyChanges
	settings
	resilience
	figures
	fixed
	moreChanges
	overlay
)

// Rows that are shown unfolded.
const (
	openChanges = 12
	maxRows     = 100
)

// Markdown writes the review as a comment for a pull request, of less than 65,000 characters. Its first line is hidden
// and holds the tag, so that the comment is found again and replaced.
func Markdown(w io.Writer, r *Report) error {
	m := &markdownWriter{r: r}
	m.comment.intro = fmt.Sprintf("<!-- lintel-review:%s -->\n## lintel: %s\n\n%s → %s\n", r.Tag, prose(r.summary()), code(r.Old.Name), code(r.New.Name))
	m.faults()
	for i, d := range r.Designs {
		m.comment.headings = append(m.comment.headings, "\n### "+d.heading(code)+"\n")
		if d.Differs() {
			m.design(i, d)
		} else {
			m.comment.headings[i] = ""
		}
	}
	m.comment.outro = m.footer()
	_, err := io.WriteString(w, m.comment.String())
	return err
}

type markdownWriter struct {
	r       *Report
	comment comment
}

func (m *markdownWriter) add(s section) {
	if len(s.rows) == 0 && s.head == "" {
		return
	}
	if s.rest == nil {
		s.rest = func(int) string { return "" }
	}
	m.comment.sections = append(m.comment.sections, &s)
}

// moreRow is the last row of a table of columns columns of which rows are left out.
func moreRow(columns int) func(int) string {
	return func(n int) string {
		return fmt.Sprintf("| … and %d more %s\n", n, strings.Repeat("| ", columns-1)+"|")
	}
}

func moreItem(n int) string { return fmt.Sprintf("- … and %d more\n", n) }

func folded(summary string) (head, foot string) {
	return "\n<details><summary>" + summary + "</summary>\n\n", "\n</details>\n"
}

func (m *markdownWriter) faults() {
	old, new := m.r.faults()
	row := func(e *schema.Error) string {
		s := "- "
		if e.Pos.File != "" {
			s += code(m.place(e.Pos)) + ": "
		}
		s += prose(e.Message)
		if e.Hint != "" {
			s += " (" + prose(e.Hint) + ")"
		}
		return s + "\n"
	}
	list := func(title string, faults schema.Errors) {
		if len(faults) == 0 {
			return
		}
		s := section{design: -1, priority: first, head: "\n" + title + "\n\n", most: 10, rest: moreItem}
		for i := range faults {
			s.rows = append(s.rows, row(&faults[i]))
		}
		m.add(s)
	}
	list("**Not everything was compared:** a design does not load.", new)
	list("A design does not load at "+code(m.r.Old.Name)+":", old)
	if len(m.r.Notes) > 0 && !m.r.Quiet {
		s := section{design: -1, priority: first, head: "\n", most: 10, rest: moreItem}
		for _, n := range m.r.Notes {
			s.rows = append(s.rows, "- "+prose(n)+"\n")
		}
		m.add(s)
	}
}

func (m *markdownWriter) design(i int, d *Design) {
	if s := d.standing(m.r.Old.Name); s != "" {
		m.add(section{design: i, priority: first, head: "\n" + prose(s) + "\n"})
	}
	m.newFindings(i, d)
	m.newlyKnown(i, d)
	m.settings(i, d)
	m.changes(i, d)
	m.resilience(i, d)
	m.figures(i, d)
	m.changedFindings(i, d)
	m.waived(i, d)
	m.findings(i, d)
	m.overlay(i, d)
}

func (m *markdownWriter) newFindings(i int, d *Design) {
	if len(d.Findings.New) == 0 {
		return
	}
	s := section{design: i, priority: newFindings, head: "\n| | New finding | Place |\n| --- | --- | --- |\n", most: maxRows, rest: moreRow(3)}
	for _, f := range byWeight(d.Findings.New) {
		s.rows = append(s.rows, fmt.Sprintf("| **%s** | %s | %s |\n", f.Severity, m.finding(f), code(m.place(report.Place(d.New, f)))))
	}
	m.add(s)
}

// newlyKnown tells of new findings that the baseline took in with the change.
func (m *markdownWriter) newlyKnown(i int, d *Design) {
	if len(d.Findings.NewlyKnown) == 0 {
		return
	}
	s := section{design: i, priority: newFindings, head: "\n| | New, and held by the baseline since this change | Place |\n| --- | --- | --- |\n", most: maxRows, rest: moreRow(3)}
	for _, f := range byWeight(d.Findings.NewlyKnown) {
		s.rows = append(s.rows, fmt.Sprintf("| **%s** | %s | %s |\n", f.Severity, title(f)+": "+prose(f.Message), code(m.place(report.Place(d.New, f)))))
	}
	m.add(s)
}

// finding gives a finding in one cell: what, the proof, what to do.
func (m *markdownWriter) finding(f *rules.Finding) string {
	lines := []string{title(f) + ": " + prose(f.Message)}
	for _, p := range report.Proofs(f) {
		line := p.Label + ": " + codeList(p.Path, " → ")
		if p.Journeys != "" {
			line += " (" + prose(p.Journeys) + ")"
		}
		lines = append(lines, line)
		if len(lines) > 3 {
			break
		}
	}
	if len(f.Suggestions) > 0 {
		lines = append(lines, "help: "+prose(f.Suggestions[0]))
	}
	return strings.Join(lines, "<br>")
}

// title names the rule of a finding: "RES001 single-point-of-failure", "POL two-replicas".
func title(f *rules.Finding) string {
	if f.Rule.Policy != nil { // its id holds its name
		return prose(f.Rule.Category() + " " + f.Rule.Name)
	}
	return prose(f.Rule.ID + " " + f.Rule.Name)
}

// place gives a place from the root of the repository.
func (m *markdownWriter) place(at schema.Range) string {
	file := at.File
	if m.r.Prefix != "" && file != "" && !path.IsAbs(file) {
		file = path.Join(m.r.Prefix, file)
	}
	if at.StartLine > 0 {
		return fmt.Sprintf("%s:%d", file, at.StartLine)
	}
	return file
}

// settings tells what changed in how the design is judged.
func (m *markdownWriter) settings(i int, d *Design) {
	changes := d.changedSettings()
	if len(changes) == 0 && len(d.Silenced) == 0 && len(d.Brought) == 0 {
		return
	}
	head := "\n**Settings**\n\n"
	s := section{design: i, priority: settings, head: head, most: maxRows, rest: moreItem}
	for k := range changes {
		s.rows = append(s.rows, "- "+changeWords(&changes[k])+"\n")
	}
	for _, w := range d.settingsWords() {
		s.rows = append(s.rows, "- "+prose(w)+"\n")
	}
	for _, f := range byWeight(d.Silenced) {
		s.rows = append(s.rows, fmt.Sprintf("  - %s %s: %s\n", f.Severity, title(f), prose(f.Message)))
	}
	m.add(s)
}

func changeWords(c *review.Change) string {
	text := sign(c.Status) + " " + subject(c, code)
	if sign(c.Status) != "~" {
		text = `\` + text
	}
	if d := details(c, code); strings.HasPrefix(d, "(") {
		text += " " + d
	} else if d != "" {
		text += ": " + d
	}
	return text
}

func (m *markdownWriter) changes(i int, d *Design) {
	const head = "| | Changed | From → to |\n| --- | --- | --- |\n"
	var rows []string
	listed := d.listed()
	for k := range listed {
		c := &listed[k]
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |\n", sign(c.Status), subject(c, code), details(c, code)))
	}
	if len(rows) == 0 {
		return
	}
	open := len(rows)
	if open > openChanges+openChanges/2 {
		open = openChanges
	}
	m.add(section{design: i, priority: weightyChanges, head: "\n" + head, rows: rows[:open], rest: moreRow(3)})
	if rest := rows[open:]; len(rest) > 0 {
		h, f := folded(plural(len(rest), "more change", "more changes"))
		m.add(section{design: i, priority: moreChanges, head: h + head, foot: f, rows: rest, rest: moreRow(3)})
	}
}

func (m *markdownWriter) resilience(i int, d *Design) {
	if d.Old == nil || d.New == nil {
		return
	}
	s := section{design: i, priority: resilience, head: "\n", most: maxRows, rest: moreItem}
	gained, lost := untold(d.Gained, slices.Concat(d.Findings.New, d.Findings.NewlyKnown)), untold(d.Lost, d.Findings.Fixed)
	for k := range gained {
		s.rows = append(s.rows, "- **gained** "+pointWords(&gained[k], review.Added, " → ", code)+"\n")
	}
	for k := range lost {
		s.rows = append(s.rows, "- lost "+pointWords(&lost[k], review.Removed, " → ", code)+"\n")
	}
	for _, j := range d.standingJourneys() {
		s.rows = append(s.rows, "- "+standingWord(j.Status)+"journey "+code(j.Name)+": "+prose(journeyWords(j))+"\n")
	}
	if len(s.rows) > 0 {
		m.add(s)
	}
}

func standingWord(s review.Status) string {
	if s == review.Added {
		return "new "
	}
	return ""
}

// nameOf gives a figure's name with its unit: "mean blast radius (modules)".
func nameOf(f *review.Figure) string {
	if f.Unit == "" || f.Unit == "%" {
		return f.Name
	}
	return f.Name + " (" + f.Unit + ")"
}

func (m *markdownWriter) figures(i int, d *Design) {
	if d.Old == nil || d.New == nil {
		return
	}
	var rows []string
	for _, f := range d.changedFigures() {
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s |\n", prose(nameOf(f)), numberOf(f.Old, f.OldKnown, f.Unit), numberOf(f.New, f.NewKnown, f.Unit), figureEffect(f)))
	}
	for k := range d.Modules {
		mod := &d.Modules[k]
		for _, row := range moduleRows(mod) {
			rows = append(rows, fmt.Sprintf("| %s %s | %s | %s | |\n", code(mod.Name), row[0], row[1], row[2]))
		}
	}
	if len(rows) == 0 {
		return
	}
	h, f := folded(plural(len(rows), "figure before and after", "figures before and after"))
	m.add(section{design: i, priority: figures, head: h + "| | Before | After | |\n| --- | ---: | ---: | --- |\n", foot: f, rows: rows, most: maxRows, rest: moreRow(4)})
}

// changedFindings tells of findings that are as before, but for what they concern.
func (m *markdownWriter) changedFindings(i int, d *Design) {
	s := section{design: i, priority: resilience, most: maxRows, rest: moreItem}
	changed := d.changedFindings()
	s.head, s.foot = folded(plural(len(changed), "finding as before, but for what it concerns", "findings as before, but for what they concern"))
	for k := range changed {
		c := &changed[k]
		s.rows = append(s.rows, fmt.Sprintf("- %s %s: %s: %s\n", c.New.Severity, title(c.New), prose(c.New.Message), d.changeOfFinding(c, code)))
	}
	if len(s.rows) > 0 {
		m.add(s)
	}
}

// waived tells of findings that are waived now, and were not before, or not there.
func (m *markdownWriter) waived(i int, d *Design) {
	s := section{design: i, priority: settings, most: maxRows, rest: moreItem}
	waived := d.waived()
	s.head, s.foot = folded(plural(len(waived), "newly waived finding", "newly waived findings"))
	for _, f := range byWeight(waived) {
		s.rows = append(s.rows, fmt.Sprintf("- %s %s: %s (%s)\n", f.Severity, title(f), prose(f.Message), waiverWords(f.Waiver, prose)))
	}
	if len(s.rows) > 0 {
		m.add(s)
	}
}

// findings lists what is fixed.
func (m *markdownWriter) findings(i int, d *Design) {
	list := d.fixed()
	if len(list) == 0 {
		return
	}
	h, f := folded(plural(len(list), "fixed finding", "fixed findings"))
	s := section{design: i, priority: fixed, head: h, foot: f, most: maxRows, rest: moreItem}
	for _, found := range byWeight(list) {
		s.rows = append(s.rows, fmt.Sprintf("- %s %s: %s\n", found.Severity, title(found), prose(found.Message)))
	}
	m.add(s)
}

// overlay adds the diagram, whole or not at all.
func (m *markdownWriter) overlay(i int, d *Design) {
	if d.Overlay == "" {
		return
	}
	h, f := folded("The changes as a diagram")
	m.add(section{design: i, priority: overlay, head: h + "```mermaid\n" + strings.TrimRight(d.Overlay, "\n") + "\n```\n", foot: f})
}

func (m *markdownWriter) footer() string {
	version := ""
	if v := m.r.Version; v != "" {
		version = " " + prose(v)
	}
	return "\n<sub>lintel" + version + "; `lintel explain RULE` tells more about a rule</sub>\n"
}
