package report

import (
	"github.com/fatih/color"

	"lintel/rules"
)

// palette colours the parts of a text, or leaves them as they are.
type palette struct {
	bold, gutter, underline, help, error func(a ...any) string
	severity                             map[rules.Severity]func(a ...any) string
}

func newPalette(on bool) *palette {
	paint := func(attrs ...color.Attribute) func(a ...any) string {
		c := color.New(attrs...)
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c.SprintFunc()
	}
	return &palette{
		bold:      paint(color.Bold),
		gutter:    paint(color.FgBlue, color.Bold),
		underline: paint(color.FgBlue, color.Bold),
		help:      paint(color.FgCyan, color.Bold),
		error:     paint(color.FgRed, color.Bold),
		severity: map[rules.Severity]func(a ...any) string{
			rules.Error:   paint(color.FgRed, color.Bold),
			rules.Warning: paint(color.FgYellow, color.Bold),
			rules.Info:    paint(color.FgGreen, color.Bold),
		},
	}
}
