package scene

// Ink names a colour by its role.
type Ink uint8

// Color is an opaque colour.
type Color struct{ R, G, B uint8 }

// Theme gives every ink its colour.
type Theme struct {
	Name   string // light, dark or print
	Colors [inks]Color
}

// None is no ink: nothing is drawn. The others follow.
const (
	None Ink = iota
	Paper
	Foreground
	inks
)

// Themes returns the themes: light, dark, print.
func Themes() []Theme { return nil }
