package source

import (
	"lintel/internal/diagram"
	"lintel/schema"
)

// family is what kinds of modules have in common: their colours, as #rrggbb.
type family struct{ name, line, fill string }

// The families, and what else nodes look like, by class.
var (
	compute  = family{"compute", "#2563c9", "#edf3fd"}
	traffic  = family{"traffic", "#6b45c6", "#f3effc"}
	data     = family{"data", "#0b7a66", "#e8f5f2"}
	message  = family{"message", "#a8327e", "#faeef6"}
	platform = family{"platform", "#4b5a6e", "#f0f3f6"}
	external = family{"external", "#7a6240", "#f8f4ec"}
	summary  = family{"summary", "#18212f", "#f5f7fa"}
	choice   = family{"choice", "#4d596b", "#ffffff"}

	failed   = family{"failed", "#9f1239", "#fde3e8"}
	down     = family{"down", "#c62828", "#fff0ee"}
	degraded = family{"degraded", "#946200", "#fff7e0"}
	faded    = family{"faded", "#b3bcc8", "#ffffff"}

	added   = family{"added", "#1a7f37", "#c9f0d3"}
	removed = family{"removed", "#cf222e", "#ffdedb"}
	changed = family{"changed", "#0969da", "#d6e8ff"}

	unchanged = family{"unchanged", frameLine, "#ffffff"} // where changes are told
)

const (
	ink       = "#18212f" // names
	muted     = "#556173" // captions
	fadedInk  = "#687384"
	lineColor = "#4d596b"
	cycleLine = "#a21caf"
	frameLine = "#7b8798"
	frameFill = "#f5f7fa"
	frameDeep = "#ebeff5"

	errorLine   = "#c62828"
	warningLine = "#b35a00"
	infoLine    = "#0a6a8a"
)

func familyOf(k schema.Kind) family {
	switch k {
	case schema.Frontend, schema.Gateway, schema.LoadBalancer, schema.Network, schema.DNS:
		return traffic
	case schema.Database, schema.Cache, schema.ObjectStore, schema.Search:
		return data
	case schema.Queue:
		return message
	case schema.Discovery, schema.Configuration, schema.Identity, schema.Monitoring:
		return platform
	case schema.External:
		return external
	}
	return compute
}

// look returns the colours of a node: those of its state, else of its change, else of its kind, which has none where changes are
// told.
func look(d *diagram.Diagram, n *diagram.Node) family {
	if f, ok := stateLook(n.State); ok {
		return f
	}
	if f, ok := changeLook(n.Change); ok {
		return f
	}
	switch {
	case n.Faded:
		return faded
	case d.Changed:
		return unchanged
	case n.Role == diagram.SummaryNode:
		return summary
	case n.Role == diagram.ChoiceNode:
		return choice
	}
	return familyOf(n.Kind)
}

func stateLook(s diagram.State) (family, bool) {
	switch s {
	case diagram.Failed:
		return failed, true
	case diagram.Down:
		return down, true
	case diagram.Degraded:
		return degraded, true
	}
	return family{}, false
}

func changeLook(c diagram.Change) (family, bool) {
	switch c {
	case diagram.WasAdded:
		return added, true
	case diagram.WasRemoved:
		return removed, true
	case diagram.WasChanged:
		return changed, true
	}
	return family{}, false
}

// frameLook returns the colours of a group that fares badly, came, went or changed.
func frameLook(g *diagram.Group) (family, bool) {
	if f, ok := stateLook(g.State); ok {
		return f, true
	}
	return changeLook(g.Change)
}

// severityLine returns the colour of findings of a severity.
func severityLine(severity string) string {
	switch severity {
	case "error":
		return errorLine
	case "warning":
		return warningLine
	}
	return infoLine
}
