package cutsets

import (
	"fmt"
	"io"
	"math/big"
	"strings"

	"lintel/internal/report"
)

// Text writes targets one after the other for people to read.
type Text struct {
	w       io.Writer
	r       Report
	width   int
	palette report.Palette
	flush   func() error
	begun   bool
}

// NewText prepares for writing; width is that of the prose, in columns. flush is called where the reader should see what was written so far; it may be nil.
func NewText(w io.Writer, r Report, width int, color bool, flush func() error) *Text {
	if flush == nil {
		flush = func() error { return nil }
	}
	return &Text{w: w, r: r, width: width, palette: report.NewPalette(color), flush: flush}
}

// Target writes one target. It takes no more of its sets than it shows.
func (t *Text) Target(g *Target) error {
	var b strings.Builder
	if !t.begun {
		t.begun = true
		name := t.r.Path
		if t.r.System != "" {
			name = fmt.Sprintf("%s (%s)", t.r.System, t.r.Path)
		}
		b.WriteString(t.palette.Bold(report.Visible(name)) + "\n")
	}
	b.WriteString("\n")
	t.head(&b, g)
	if _, err := io.WriteString(t.w, b.String()); err != nil {
		return err
	}
	if err := t.flush(); err != nil {
		return err
	}
	return t.sets(g)
}

// End writes what comes after the last target.
func (t *Text) End() error { return t.flush() }

func (t *Text) head(b *strings.Builder, g *Target) {
	count := g.Count()
	upTo := ""
	if t.r.MaxOrder > 0 {
		upTo = fmt.Sprintf(" of at most %s", plural(big.NewInt(int64(t.r.MaxOrder)), "event"))
	}
	say := func(format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		name := title(g) + ":"
		b.WriteString(t.palette.Bold(name) + report.Wrapped(text, report.TextWidth(name)+1, t.width, "  ") + "\n")
	}
	over := "could not be counted within the limits of time and memory"
	if g.TooManyReplicas {
		over = "hold replicas of modules that have too many of them to be told apart"
	}
	switch some := countedBy(g.ByOrder, false); {
	case len(g.ByOrder) > 0 && g.ByOrder[0].Sign() > 0:
		say("down before anything fails")
		return
	case count == nil && g.Counted == 0:
		say("its minimal cut sets %s", over)
	case count == nil && some == "":
		say("no minimal cut set of order %d or less; those of more events %s", g.Counted, over)
	case count == nil:
		say("minimal cut sets: %s; those of more events than %d %s", some, g.Counted, over)
	case count.Sign() == 0 && upTo == "":
		say("nothing that can fail takes it down")
		return
	case count.Sign() == 0:
		say("no minimal cut set%s", upTo)
	default:
		by := countedBy(g.ByOrder, true)
		if t.r.MaxOrder == 1 {
			by = "" // it is said
		}
		say("%s%s%s", plural(count, "minimal cut set"), upTo, by)
	}
	t.probability(b, g)
}

func (t *Text) probability(b *strings.Builder, g *Target) {
	say := func(format string, args ...any) {
		b.WriteString(" " + report.Wrapped(fmt.Sprintf(format, args...), 2, t.width, "    ") + "\n")
	}
	fails := func(p Probability) string {
		return fmt.Sprintf("fails with probability %s (%s available)", p, available(p))
	}
	switch {
	case len(g.Unknown) == 0 && unknown(g.Best.Low):
		say("its probability could not be computed within the limits of time and memory")
	case len(g.Unknown) == 0:
		say("%s", fails(g.Best))
	case g.Kind == Tree:
		say("fails with a probability that is unknown: none is given for %s", listed(g.Unknown, maxPieces))
	case g.AllUnknown:
		say("unknown parts at %g %%: %s", t.r.Pessimistic, fails(g.Worst))
		say("unknown parts: all, as no availability is stated")
	default:
		say("unknown parts perfect: %s", fails(g.Best))
		say("unknown parts at %g %%: %s", t.r.Pessimistic, fails(g.Worst))
		say("unknown parts: %s", listed(g.Unknown, maxPieces))
	}
}

func available(p Probability) string {
	if p.Low == p.High {
		return percent(p.Low)
	}
	least, most := ends(p.High, p.Low, percentIn)
	if least == most { // what is so near to 100 % has no more digits
		return least
	}
	return least + " to " + most
}

func title(g *Target) string {
	if g.Kind == Module {
		return "module " + report.Visible(g.Name)
	}
	return report.Visible(g.Name)
}

// sets writes the sets that are asked for, and how many there are beyond them.
func (t *Text) sets(g *Target) error {
	if t.r.Limit == 0 || g.Sets == nil {
		return nil
	}
	shown, lines, more := new(big.Int), 0, false
	for s := range g.Sets {
		if s.Order == 0 {
			return nil
		}
		if t.r.Limit > 0 && lines == t.r.Limit {
			more = true
			break
		}
		if lines == 0 {
			if err := t.columns(g); err != nil {
				return err
			}
		}
		lines++
		shown.Add(shown, s.Number)
		line := fmt.Sprintf("  %5d  ", s.Order)
		if !g.AllUnknown {
			line += fmt.Sprintf("%11s  ", figure(s.Probability))
		}
		line += phrase(s)
		if s.Number.Cmp(big.NewInt(1)) > 0 {
			line += fmt.Sprintf(" (%s)", grouped(s.Number))
		}
		if _, err := io.WriteString(t.w, line+"\n"); err != nil {
			return err
		}
	}
	left := ""
	switch count := g.Count(); {
	case count != nil && more:
		left = grouped(count.Sub(count, shown)) + " more"
	case more:
		left = "more"
	case g.SetsTo >= 0 && lines > 0:
		left = fmt.Sprintf("those of order %d and more are not known", g.SetsTo+1)
	}
	if left == "" {
		return nil
	}
	_, err := io.WriteString(t.w, "  "+strings.Repeat(" ", 4)+"…  "+left+"\n")
	return err
}

func (t *Text) columns(g *Target) error {
	head := "  order  "
	if !g.AllUnknown {
		head += "probability  "
	}
	_, err := io.WriteString(t.w, t.palette.Rule(head+"what fails together")+"\n")
	return err
}
