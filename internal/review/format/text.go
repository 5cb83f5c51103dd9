package format

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"lintel/internal/report"
	"lintel/internal/review"
	"lintel/rules"
)

// TextOptions steer Text.
type TextOptions struct {
	Width int // columns; 80 where it is 0
	Color bool
	// Faults adds what otherwise goes to stderr beside the report: the input's errors and the notes.
	Faults bool
}

// Limits of what the text of one design lists. JSON lists everything.
const (
	maxChanges = 40
	maxFixed   = 20
	maxPoints  = 20
	maxModules = 5
)

// Text writes the review for people: what fails first, then what changed and what that does, heaviest first.
func Text(w io.Writer, r *Report, o TextOptions) error {
	if o.Width <= 0 {
		o.Width = 80
	}
	t := &textWriter{r: r, o: o, palette: report.NewPalette(o.Color)}
	if o.Faults {
		t.faults()
	}
	for _, d := range r.Designs {
		if d.Differs() {
			if err := t.design(d); err != nil {
				return err
			}
		}
	}
	t.closing()
	_, err := w.Write(t.out.Bytes())
	return err
}

type textWriter struct {
	out     bytes.Buffer
	r       *Report
	o       TextOptions
	palette report.Palette
}

func (t *textWriter) printf(format string, args ...any) { fmt.Fprintf(&t.out, format, args...) }

// closing writes the line that sums up.
func (t *textWriter) closing() {
	line := report.Wrapped(report.Visible(t.r.summary()+": "+t.r.states()), 0, t.o.Width, "")
	t.printf("%s\n", t.palette.Bold(strings.TrimPrefix(line, " ")))
}

func (t *textWriter) faults() {
	options := report.TextOptions{Width: t.o.Width, Color: t.o.Color}
	if t.r.Strict {
		report.Errors(&t.out, t.r.Old.Errors, options)
	}
	report.Errors(&t.out, t.r.New.Errors, options)
	if t.r.Quiet {
		return
	}
	for _, n := range t.r.Notes {
		t.printf("note: %s\n", report.Visible(n))
	}
}

func (t *textWriter) design(d *Design) error {
	h := d.heading(report.Visible)
	t.printf("%s\n%s\n\n", t.palette.Bold(h), t.palette.Rule(strings.Repeat("=", min(report.TextWidth(h), t.o.Width))))
	if s := d.standing(t.r.Old.Name); s != "" {
		t.paragraph(report.Visible(s))
	}
	if err := t.newFindings(d); err != nil {
		return err
	}
	t.newlyKnown(d)
	t.settings(d)
	t.changes("changes", d.listed())
	t.resilience(d)
	t.figures(d)
	t.changedFindings(d)
	t.waived(d)
	t.list("fixed", d.fixed(), maxFixed)
	return nil
}

func (t *textWriter) paragraph(s string) {
	t.printf("%s\n\n", strings.TrimPrefix(report.Wrapped(s, 0, t.o.Width, ""), " "))
}

// newFindings shows the new findings as lintel check does.
func (t *textWriter) newFindings(d *Design) error {
	one := *t.r
	one.Designs = []*Design{d}
	return report.Findings(&t.out, one.findings(func(d *Design) (*rules.Result, []*rules.Finding) { return d.New, byWeight(d.Findings.New) }),
		report.TextOptions{Width: t.o.Width, Color: t.o.Color})
}

// title starts a section.
func (t *textWriter) title(s string) { t.printf("%s\n", t.palette.Bold(s)) }

// item writes a line of a section, with its sign in colour, wrapped.
func (t *textWriter) item(s review.Status, text string) {
	mark := sign(s)
	paint := t.palette.Changed
	switch s {
	case review.Added:
		paint = t.palette.Good
	case review.Removed:
		paint = t.palette.Bad
	}
	t.printf("  %s%s\n", paint(mark), t.wrapped(text, 4, "      "))
}

// plain writes a line of a section without a sign.
func (t *textWriter) plain(text string) { t.printf(" %s\n", t.wrapped(text, 2, "      ")) }

// wrapped breaks a text to follow a lead of first columns; effects in it are coloured, after the breaking.
func (t *textWriter) wrapped(text string, first int, indent string) string {
	s := report.Wrapped(text, first, t.o.Width, indent)
	s = strings.ReplaceAll(s, "(weaker)", t.palette.Bad("(weaker)"))
	return strings.ReplaceAll(s, "(stronger)", t.palette.Good("(stronger)"))
}

func (t *textWriter) more(n int, what string) {
	if n > 0 {
		t.plain(fmt.Sprintf("and %d more%s; --format json lists all", n, what))
	}
}

func (t *textWriter) changes(title string, list []review.Change) {
	if len(list) == 0 {
		return
	}
	t.title(title)
	for i := range list {
		if i == maxChanges {
			t.more(len(list)-i, "")
			break
		}
		t.change(&list[i])
	}
	t.printf("\n")
}

func (t *textWriter) change(c *review.Change) {
	text := subject(c, report.Visible)
	if d := details(c, report.Visible); strings.HasPrefix(d, "(") {
		text += " " + d
	} else if d != "" {
		text += ": " + d
	}
	t.item(c.Status, text)
}

// settings tells what the settings of the two states do to the findings.
func (t *textWriter) settings(d *Design) {
	changes := d.changedSettings()
	if len(changes) == 0 && len(d.Silenced) == 0 && len(d.Brought) == 0 {
		return
	}
	t.title("settings")
	for i := range changes {
		if i == maxChanges {
			t.more(len(changes)-i, "")
			break
		}
		t.change(&changes[i])
	}
	for _, line := range d.settingsWords() {
		t.plain(line)
	}
	for i, f := range byWeight(d.Silenced) {
		if i == maxFixed {
			t.more(len(d.Silenced)-i, "")
			break
		}
		t.item(review.Removed, short(f, report.Visible))
	}
	t.printf("\n")
}

func (t *textWriter) resilience(d *Design) {
	if d.Old == nil || d.New == nil {
		return
	}
	gained, lost := untold(d.Gained, slices.Concat(d.Findings.New, d.Findings.NewlyKnown)), untold(d.Lost, d.Findings.Fixed)
	journeys := d.standingJourneys()
	if len(gained) == 0 && len(lost) == 0 && len(journeys) == 0 {
		return
	}
	t.title("resilience")
	t.points(review.Added, gained)
	t.points(review.Removed, lost)
	for i, j := range journeys {
		if i == maxPoints {
			t.more(len(journeys)-i, " journeys")
			break
		}
		t.item(cmpStatus(j.Status), "journey "+report.Visible(j.Name)+": "+journeyWords(j))
	}
	t.printf("\n")
}

// cmpStatus gives what is neither added nor removed one sign.
func cmpStatus(s review.Status) review.Status {
	if s == review.Added || s == review.Removed {
		return s
	}
	return review.Changed
}

func (t *textWriter) points(s review.Status, list []review.SinglePoint) {
	for i := range list {
		if i == maxPoints {
			t.more(len(list)-i, " single points of failure")
			return
		}
		t.item(s, pointWords(&list[i], s, " -> ", report.Visible))
	}
}

func (t *textWriter) figures(d *Design) {
	figures := d.changedFigures()
	if len(figures) == 0 && (len(d.Modules) == 0 || d.Old == nil || d.New == nil) {
		return
	}
	t.title("figures")
	for _, f := range figures {
		t.plain(figureWords(f))
	}
	shown := 0
	if d.Old != nil && d.New != nil {
		for i := range d.Modules {
			m := &d.Modules[i]
			words := moduleWords(m)
			if words == "" {
				continue
			}
			if shown == maxModules {
				t.more(len(d.Modules)-i, " modules")
				break
			}
			shown++
			t.plain(report.Visible(m.Name) + ": " + words)
		}
	}
	t.printf("\n")
}

// changedFindings tells of findings that are as before, but for what they concern.
func (t *textWriter) changedFindings(d *Design) {
	changed := d.changedFindings()
	if len(changed) == 0 {
		return
	}
	t.title("findings as before, but for")
	for i := range changed {
		if i == maxFixed {
			t.more(len(changed)-i, "")
			break
		}
		c := &changed[i]
		t.item(review.Changed, short(c.New, report.Visible)+": "+d.changeOfFinding(c, report.Visible))
	}
	t.printf("\n")
}

// newlyKnown tells of new findings that the baseline took in with the change.
func (t *textWriter) newlyKnown(d *Design) {
	if len(d.Findings.NewlyKnown) == 0 {
		return
	}
	t.title("newly known: new findings that the baseline holds since this change")
	for i, f := range byWeight(d.Findings.NewlyKnown) {
		if i == maxFixed {
			t.more(len(d.Findings.NewlyKnown)-i, "")
			break
		}
		t.item(review.Added, short(f, report.Visible))
	}
	t.printf("\n")
}

// waived tells of findings that are waived now, and were not before, or not there.
func (t *textWriter) waived(d *Design) {
	waived := d.waived()
	if len(waived) == 0 {
		return
	}
	t.title("newly waived")
	for i, f := range byWeight(waived) {
		if i == maxFixed {
			t.more(len(waived)-i, "")
			break
		}
		t.item(review.Changed, short(f, report.Visible)+" ("+waiverWords(f.Waiver, report.Visible)+")")
	}
	t.printf("\n")
}

func (t *textWriter) list(title string, list []*rules.Finding, most int) {
	if len(list) == 0 {
		return
	}
	t.title(title)
	for i, f := range byWeight(list) {
		if i == most {
			t.more(len(list)-i, "")
			break
		}
		t.item(review.Removed, short(f, report.Visible))
	}
	t.printf("\n")
}
