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
	palette report.Palette
	flush   func() error
	begun   bool
}

// NewText prepares for writing. flush is called where the reader should see what was written so far; it may be nil.
func NewText(w io.Writer, r Report, color bool, flush func() error) *Text {
	if flush == nil {
		flush = func() error { return nil }
	}
	return &Text{w: w, r: r, palette: report.NewPalette(color), flush: flush}
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
		upTo = fmt.Sprintf(" of order %d or less", t.r.MaxOrder)
	}
	b.WriteString(t.palette.Bold(title(g)) + ": ")
	by := countedBy(g.ByOrder)
	switch {
	case len(g.ByOrder) > 0 && g.ByOrder[0].Sign() > 0:
		b.WriteString(t.palette.Bad("down before anything fails") + "\n")
		return
	case count == nil && by == "" && g.Counted == 0:
		b.WriteString("its minimal cut sets could not be counted within the limits of time and memory\n")
	case count == nil && by == "":
		fmt.Fprintf(b, "no minimal cut sets of order %d or less; more could not be counted within the limits of time and memory\n", g.Counted)
	case count == nil:
		fmt.Fprintf(b, "%s; of order %d and more they could not be counted within the limits of time and memory\n", by, g.Counted+1)
	case count.Sign() == 0 && upTo == "":
		b.WriteString("nothing that can fail takes it down\n")
		return
	case count.Sign() == 0:
		fmt.Fprintf(b, "no minimal cut sets%s\n", upTo)
	default:
		fmt.Fprintf(b, "%s%s", plural(count, "minimal cut set"), upTo)
		if by != grouped(count)+upTo {
			b.WriteString(": " + by)
		}
		b.WriteString("\n")
	}
	t.probability(b, g)
}

func (t *Text) probability(b *strings.Builder, g *Target) {
	worst := fmt.Sprintf("with unknown parts at %s", pessimistic(t.r.Pessimistic))
	switch {
	case len(g.Unknown) == 0 && unknown(g.Best.Low):
		b.WriteString("  its probability could not be computed within the limits of time and memory\n")
	case len(g.Unknown) == 0:
		fmt.Fprintf(b, "  fails with a probability of %s: %s available\n", g.Best, available(g.Best))
	case g.Kind == Tree:
		fmt.Fprintf(b, "  its probability is unknown, as no probability is given for %s\n", listed(g.Unknown, maxPieces))
	case g.AllUnknown:
		fmt.Fprintf(b, "  fails with an unknown probability, as the design states no availability;\n  %s it is %s: %s available\n", worst, g.Worst, available(g.Worst))
	default:
		fmt.Fprintf(b, "  fails with a probability of %s with unknown parts perfect: %s available;\n  %s, of %s: %s available\n", g.Best, available(g.Best), worst, g.Worst, available(g.Worst))
		fmt.Fprintf(b, "  unknown is the availability of %s\n", listed(g.Unknown, maxPieces))
	}
}

func available(p Probability) string {
	if p.Low == p.High {
		return percent(p.Low)
	}
	return percent(p.High) + " to " + percent(p.Low)
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

func pessimistic(percent float64) string {
	return fmt.Sprintf("%g %% each", percent)
}
