package scene

import (
	"strconv"
	"strings"

	"lintel/internal/diagram/layout"
	"lintel/schema"
)

// iconGrid is the width and height of the square that icons are drawn on.
const iconGrid = 24.0

// iconOf returns the icon of a kind as path data on a grid of 24 by 24: M, L, C and Z as in SVG, each with
// its letter, and O for a circle of centre and radius. "" stands for a group.
func iconOf(k schema.Kind) string {
	switch k {
	case schema.Frontend: // a window
		return "M 4 5 L 20 5 L 20 19 L 4 19 Z M 4 9.5 L 20 9.5 M 7 7.3 L 7.1 7.3 M 9.6 7.3 L 9.7 7.3"
	case schema.Gateway: // a gate that one arrow passes
		return "M 7 3.5 L 4 3.5 L 4 20.5 L 7 20.5 M 17 3.5 L 20 3.5 L 20 20.5 L 17 20.5 M 7.5 12 L 16.5 12 M 13 8.5 L 16.5 12 L 13 15.5"
	case schema.LoadBalancer: // one becomes three
		return "O 5 12 2 O 19 5 2 O 19 12 2 O 19 19 2 M 7 12 L 17 12 M 7 11 L 17.2 6 M 7 13 L 17.2 18"
	case schema.Worker: // a cog
		return "O 12 12 3 O 12 12 6.2 M 12 5.8 L 12 2.8 M 12 18.2 L 12 21.2 M 5.8 12 L 2.8 12 M 18.2 12 L 21.2 12 " +
			"M 7.6 7.6 L 5.5 5.5 M 16.4 16.4 L 18.5 18.5 M 16.4 7.6 L 18.5 5.5 M 7.6 16.4 L 5.5 18.5"
	case schema.Job: // a clock
		return "O 12 12 8.5 M 12 7 L 12 12 L 15.5 14.2"
	case schema.Function: // a flash
		return "M 13.5 3 L 5.5 13.5 L 11.5 13.5 L 10.5 21 L 18.5 10.5 L 12.5 10.5 Z"
	case schema.Database:
		return "M 4.5 6 C 4.5 2.7 19.5 2.7 19.5 6 C 19.5 9.3 4.5 9.3 4.5 6 Z M 4.5 6 L 4.5 18 C 4.5 21.3 19.5 21.3 19.5 18 L 19.5 6 " +
			"M 4.5 12 C 4.5 15.3 19.5 15.3 19.5 12"
	case schema.Cache: // a memory chip
		return "M 7 7 L 17 7 L 17 17 L 7 17 Z M 10.5 13.5 L 12 10 L 13.5 13.5 M 9.5 7 L 9.5 4 M 14.5 7 L 14.5 4 M 9.5 17 L 9.5 20 M 14.5 17 L 14.5 20 " +
			"M 7 9.5 L 4 9.5 M 7 14.5 L 4 14.5 M 17 9.5 L 20 9.5 M 17 14.5 L 20 14.5"
	case schema.Queue: // things in line
		return "M 3 8 L 7 8 L 7 16 L 3 16 Z M 10 8 L 14 8 L 14 16 L 10 16 Z M 17 12 L 21.5 12 M 19 9.2 L 21.5 12 L 19 14.8"
	case schema.ObjectStore: // a bucket
		return "M 4 6 C 4 3.3 20 3.3 20 6 C 20 8.7 4 8.7 4 6 Z M 4 6 L 6.5 19 C 7 21 17 21 17.5 19 L 20 6"
	case schema.Search: // a lens
		return "O 10.5 10.5 6 M 15 15 L 20.5 20.5"
	case schema.Discovery: // a compass
		return "O 12 12 8.5 M 15.8 8.2 L 13.5 13.5 L 8.2 15.8 L 10.5 10.5 Z"
	case schema.Configuration: // sliders
		return "M 3.5 7 L 12.5 7 M 17.5 7 L 20.5 7 O 15 7 2.3 M 3.5 17 L 6.5 17 M 11.5 17 L 20.5 17 O 9 17 2.3"
	case schema.DNS: // a globe
		return "O 12 12 8.5 M 3.5 12 L 20.5 12 M 12 3.5 C 7.2 8 7.2 16 12 20.5 M 12 3.5 C 16.8 8 16.8 16 12 20.5"
	case schema.Identity: // a key
		return "O 8 15.5 4 M 11 12.7 L 19.5 4.2 M 16 7.7 L 19 10.7 M 13.5 10.2 L 15.7 12.4"
	case schema.Monitoring: // a pulse
		return "M 2.5 13 L 7 13 L 9.5 5.5 L 14 19 L 16.5 13 L 21.5 13"
	case schema.Network: // what hangs together
		return "O 12 5 2.2 O 5 18 2.2 O 19 18 2.2 M 11 7 L 6 16 M 13 7 L 18 16 M 7.2 18 L 16.8 18"
	case schema.External: // out of the box
		return "M 11 5 L 5 5 L 5 19 L 19 19 L 19 13 M 14 4 L 20 4 L 20 10 M 20 4 L 11.5 12.5"
	case "": // layers
		return "M 12 4 L 20.5 8.5 L 12 13 L 3.5 8.5 Z M 3.5 12.5 L 12 17 L 20.5 12.5 M 3.5 16.5 L 12 21 L 20.5 16.5"
	}
	// service: a cube
	return "M 12 3 L 20 7.5 L 20 16.5 L 12 21 L 4 16.5 L 4 7.5 Z M 4 7.5 L 12 12 L 20 7.5 M 12 12 L 12 21"
}

// icon draws path data within b.
func icon(data string, b layout.Box) []Segment {
	f := strings.Fields(data)
	k := width(b) / iconGrid
	num := func(i int) float64 {
		v, _ := strconv.ParseFloat(f[i], 64)
		return v * k
	}
	x := func(i int) float64 { return b.Min.X + num(i) }
	y := func(i int) float64 { return b.Min.Y + num(i) }
	var o outline
	for i := 0; i < len(f); {
		switch f[i] {
		case "M":
			o.move(x(i+1), y(i+2))
			i += 3
		case "L":
			o.line(x(i+1), y(i+2))
			i += 3
		case "C":
			o.curve(x(i+1), y(i+2), x(i+3), y(i+4), x(i+5), y(i+6))
			i += 7
		case "O":
			o.ellipse(x(i+1), y(i+2), num(i+3), num(i+3))
			i += 4
		default:
			o.close()
			i++
		}
	}
	return o
}
