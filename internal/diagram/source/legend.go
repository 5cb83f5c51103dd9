package source

import (
	"lintel/internal/diagram"
	"lintel/schema"
)

// legendSign draws a legend's sign with characters, and gives its colour.
func legendSign(l diagram.LegendEntry) (sign, color string) {
	switch l.Sign {
	case diagram.SignKind:
		return "■", familyOf(schema.Kind(l.Kind)).line
	case diagram.SignReplicas:
		return "×N", ink
	case diagram.SignSummary:
		return "■", summary.line
	case diagram.SignChoice:
		return "◇", choice.line
	case diagram.SignEntry:
		return "▶", ink
	case diagram.SignSync:
		return "──▶", lineColor
	case diagram.SignAsync:
		return "──＞", lineColor
	case diagram.SignSoft:
		return "- -▶", lineColor
	case diagram.SignPhase:
		return "···▶", lineColor
	case diagram.SignCycle:
		return "──▶", cycleLine
	case diagram.SignError:
		return severitySign("error"), errorLine
	case diagram.SignWarning:
		return severitySign("warning"), warningLine
	case diagram.SignInfo:
		return severitySign("info"), infoLine
	case diagram.SignPath:
		return "━━▶", errorLine
	case diagram.SignFailed:
		return "✖", failed.line
	case diagram.SignDown:
		return "✖", down.line
	case diagram.SignDegraded:
		return "◐", degraded.line
	case diagram.SignFaded:
		return "■", faded.line
	}
	return "·", ink
}
