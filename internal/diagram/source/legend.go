package source

import (
	"strings"

	"lintel/internal/diagram"
	"lintel/schema"
)

// legendEntry is a legend's entry drawn with characters.
type legendEntry struct{ sign, color, text string }

// legend returns what the legend of d explains. Kinds that have one colour make one entry.
func legend(d *diagram.Diagram) []legendEntry {
	var entries []legendEntry
	for _, l := range d.Legend() {
		if l.Grey && (l.Sign == diagram.SignKind || l.Sign == diagram.SignSummary) {
			continue // they have no colour, and are called what they are
		}
		sign, color := legendSign(l)
		e := legendEntry{sign, color, plain(l.Text)}
		if l.Sign == diagram.SignKind {
			merged := false
			for i := range entries {
				if entries[i].sign == sign && entries[i].color == color {
					entries[i].text += ", " + e.text
					merged = true
				}
			}
			if merged {
				continue
			}
		}
		entries = append(entries, e)
	}
	return entries
}

// legendSign draws a legend's sign with characters, and gives its colour.
func legendSign(l diagram.LegendEntry) (sign, color string) {
	line := lineColor
	if l.Grey {
		line = unchanged.line
	}
	switch l.Sign {
	case diagram.SignKind:
		return "■", familyOf(schema.Kind(l.Kind)).line
	case diagram.SignReplicas:
		return "□×N", ink
	case diagram.SignSummary:
		return "■", summary.line
	case diagram.SignChoice:
		return "◇", choice.line
	case diagram.SignEntry:
		return entrySign, muted
	case diagram.SignSync:
		return "──▶", line
	case diagram.SignAsync:
		return "──▷", line
	case diagram.SignSoft:
		return "- -▶", line
	case diagram.SignPhase:
		return "···▶", line
	case diagram.SignCycle:
		return "━━▶", cycleLine
	case diagram.SignError:
		return severitySign("error"), errorLine
	case diagram.SignWarning:
		return severitySign("warning"), warningLine
	case diagram.SignInfo:
		return severitySign("info"), infoLine
	case diagram.SignPath:
		if l.Grey {
			return "━━▶", ink
		}
		return "━━▶", errorLine
	case diagram.SignFailed:
		return stateSign(diagram.Failed), failed.line
	case diagram.SignDown:
		return stateSign(diagram.Down), down.line
	case diagram.SignDegraded:
		return stateSign(diagram.Degraded), degraded.line
	case diagram.SignLost:
		return "□, N lost", ink
	case diagram.SignCount:
		return "─×N▶", line
	case diagram.SignBroken:
		return "─" + stateSign(diagram.Down) + "─▶", down.line
	case diagram.SignWeakened:
		return "─" + stateSign(diagram.Degraded) + "─▶", degraded.line
	case diagram.SignFaded:
		return "■", faded.line
	case diagram.SignAdded:
		return diagram.WasAdded.Sign(), added.line
	case diagram.SignRemoved:
		return diagram.WasRemoved.Sign(), removed.line
	case diagram.SignChanged:
		return diagram.WasChanged.Sign(), changed.line
	}
	return "·", ink
}

// stateSign returns the first word of a state, its sign.
func stateSign(s diagram.State) string {
	sign, _, _ := strings.Cut(stateWord(s), " ")
	return sign
}

// remarks returns what stands below the picture: what fails, the findings and the notes, a paragraph each.
func remarks(d *diagram.Diagram) []remark {
	var all []remark
	for _, l := range failureLines(d.Failure) {
		all = append(all, remark{l, ink})
	}
	for _, f := range d.Findings {
		all = append(all, remark{findingLine(f), severityLine(f.Severity)})
	}
	for _, n := range d.Notes {
		if n = strings.TrimSpace(plain(n)); n != "" {
			all = append(all, remark{n, muted})
		}
	}
	return all
}

// remark is a paragraph, plain, and its colour.
type remark struct{ text, color string }
