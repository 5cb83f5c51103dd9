package scene

import "lintel/internal/diagram"

// Width and height of what LegendSample draws.
const (
	LegendSampleWidth  = sampleWidth
	LegendSampleHeight = sampleHeight
)

// LegendSample draws the sign of a legend's entry with its corner at the origin, for legends that are laid out elsewhere.
func LegendSample(e diagram.LegendEntry) *Group {
	return &Group{Class: "sample", Items: sample(e, box(0, 0, sampleWidth, sampleHeight))}
}
