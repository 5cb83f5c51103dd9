package scene

import (
	"fmt"
	"math"
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"lintel/internal/diagram"
	"lintel/internal/diagram/layout"
)

// luminance is the relative luminance of WCAG 2.
func luminance(c Color) float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// contrast is the contrast ratio of WCAG 2.
func contrast(a, b Color) float64 {
	l, m := luminance(a), luminance(b)
	if l < m {
		l, m = m, l
	}
	return (l + 0.05) / (m + 0.05)
}

func TestContrastOfBlackAndWhite(t *testing.T) {
	if got := contrast(Color{}, Color{255, 255, 255}); math.Abs(got-21) > 0.001 {
		t.Errorf("black on white is %v, want 21", got)
	}
	if got := contrast(Color{0x77, 0x77, 0x77}, Color{255, 255, 255}); math.Abs(got-4.48) > 0.01 {
		t.Errorf("#777 on white is %v, want 4.48", got)
	}
}

// pair is an ink upon another, and the least contrast that they need.
type pair struct {
	ink, ground Ink
	least       float64
}

// decoration says that nothing is lost where an ink can't be seen.
func decoration(i Ink) bool {
	switch i {
	case Rule, Panel, Band, Diagonal, FadedLine, FadedTile, FadedIcon, FailedHatch, DownHatch:
		return true
	}
	return false
}

// pairs finds which inks lie upon which in a scene.
func pairs(s *Scene) map[pair]string {
	type area struct {
		polygons [][]layout.Point
		lo, hi   layout.Point
		ink      Ink
	}
	var areas []area
	found := map[pair]string{}
	ground := func(p layout.Point) Ink {
		for i := len(areas) - 1; i >= 0; i-- {
			a := areas[i]
			if p.X >= a.lo.X && p.X <= a.hi.X && p.Y >= a.lo.Y && p.Y <= a.hi.Y && contains(a.polygons, p) {
				return a.ink
			}
		}
		return None
	}
	var visit func(g *Group)
	visit = func(g *Group) {
		for _, it := range g.Items {
			switch it := it.(type) {
			case *Group:
				visit(it)
			case *Text:
				least := 4.5
				if it.Style.Size >= 24 || it.Style.Bold && it.Style.Size >= 18.66 {
					least = 3
				}
				b := extent(it)
				for _, x := range []float64{b.Min.X + 1, (b.Min.X + b.Max.X) / 2, b.Max.X - 1} {
					found[pair{it.Ink, ground(pt(x, it.At.Y-it.Style.Size*0.3)), least}] = it.String
				}
			case *Path:
				polygons := flatten(it.Segments)
				if len(polygons) == 0 {
					continue
				}
				if it.Stroke != None && !decoration(it.Stroke) {
					for _, poly := range polygons {
						for _, i := range []int{0, len(poly) / 3, 2 * len(poly) / 3} {
							// Lines may run across signs that others are there to see.
							if on := ground(poly[i]); !sign(on) || !sign(it.Stroke) {
								found[pair{it.Stroke, on, 3}] = g.Class
							}
						}
					}
				}
				if it.Fill == None {
					continue
				}
				a := area{polygons: polygons, ink: it.Fill, lo: polygons[0][0], hi: polygons[0][0]}
				for _, poly := range polygons {
					for _, p := range poly {
						a.lo = pt(min(a.lo.X, p.X), min(a.lo.Y, p.Y))
						a.hi = pt(max(a.hi.X, p.X), max(a.hi.Y, p.Y))
					}
				}
				areas = append(areas, a)
				// An area that is a sign of its own, without an outline, must be told from what it lies on.
				if it.Stroke == None && sign(it.Fill) && !decoration(it.Fill) {
					areas = areas[:len(areas)-1]
					if on := ground(polygons[0][0]); !sign(on) {
						found[pair{it.Fill, on, 3}] = g.Class
					}
					areas = append(areas, a)
				}
			}
		}
	}
	visit(&s.Root)
	return found
}

// sign says that areas and lines of an ink mean something by themselves, such as arrowheads and the cells of a matrix.
func sign(i Ink) bool {
	switch i {
	case EdgeLine, FrameLine, ComputeLine, TrafficLine, DataLine, MessageLine, PlatformLine, ExternalLine, GroupLine, CycleLine, FailedLine, DownLine, DegradedLine, AddedLine, RemovedLine, ChangedLine, ErrorLine, WarningLine, InfoLine, FadedLine,
		ErrorFill, WarningFill, InfoFill, FailedFill, DownFill, DegradedFill, AddedFill, RemovedFill, ChangedFill, CellHard, CellSoft, CellCycle:
		return true
	}
	return false
}

func TestContrast(t *testing.T) {
	found := map[pair]string{}
	collect := func(s *Scene) {
		for p, where := range pairs(s) {
			found[p] = where
		}
	}
	s, _ := drawn(t, gallery())
	collect(s)
	for _, state := range []diagram.State{diagram.Works, diagram.Degraded, diagram.Down, diagram.Failed} {
		s, _ := drawn(t, fadedInFrames(state))
		collect(s)
	}
	for _, a := range []Ink{AddedTint, RemovedTint, ChangedTint} {
		if found[pair{Foreground, a, 4.5}] == "" {
			t.Errorf("no text on %v is found", a)
		}
	}
	for _, ground := range []Ink{FrameFill, FrameFillDeep, Surface} {
		if found[pair{FadedText, ground, 4.5}] == "" {
			t.Errorf("no faded text on %v is found", ground)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := diagrams().Draw(t, "diagram")
		for i, g := range d.Groups { // grounds as the layout places them
			g.Parent = i - 1
		}
		s, _ := drawn(t, d)
		collect(s)
	})
	for _, n := range []int{30, 400, 900} {
		d := &diagram.Diagram{Title: "m", View: diagram.ViewMatrix, Matrix: &diagram.Matrix{}}
		for i := range n {
			d.Matrix.Rows = append(d.Matrix.Rows, diagram.MatrixRow{Name: "x", Kind: kinds[i%len(kinds)]})
			d.Matrix.Cells = append(d.Matrix.Cells, diagram.MatrixCell{Row: i, Column: (i * 7) % n, Count: 1 + i%3, Hard: i%2 == 0, InCycle: i%3 == 0, Change: diagram.Change(i / 6 % 4)})
			d.Matrix.Rows[i].Change = diagram.Change(i % 4)
		}
		d.Matrix.Bands = []diagram.MatrixBand{{Kind: "group", First: 0, End: 9}, {Kind: "cycle", First: 2, End: 5}}
		s, _ := drawn(t, d)
		collect(s)
	}
	if len(found) < 60 {
		t.Fatalf("found only %d pairs of inks", len(found))
	}
	// What text lies on besides areas.
	found[pair{Foreground, FailedHatch, 4.5}] = "hatch"
	found[pair{Foreground, DownHatch, 4.5}] = "hatch"
	for _, theme := range Themes() {
		for p, where := range found {
			if got := contrast(theme.Color(p.ink), theme.Color(p.ground)); got < p.least {
				t.Errorf("%s: %v on %v is %.2f, want %v (%.40q)", theme.Name, p.ink, p.ground, got, p.least, where)
			}
		}
	}
}

func TestInksHaveNamesAndColours(t *testing.T) {
	seen := map[string]bool{}
	for i := Ink(1); i < inks; i++ {
		name := i.String()
		if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(name) || seen[name] {
			t.Errorf("ink %d has the name %q", i, name)
		}
		seen[name] = true
	}
	names := ""
	for _, theme := range Themes() {
		names += theme.Name + " "
		black := 0
		for i := Ink(1); i < inks; i++ {
			if theme.Color(i) == (Color{}) {
				black++
				if theme.Name != "print" {
					t.Errorf("%s: %v has no colour", theme.Name, i)
				}
			}
		}
	}
	if names != "light dark print " {
		t.Errorf("themes are %s", names)
	}
}

// In print, nothing has a colour.
func TestPrintIsGrey(t *testing.T) {
	print := Themes()[2]
	for i := Ink(1); i < inks; i++ {
		if c := print.Color(i); c.R != c.G || c.G != c.B {
			t.Errorf("%v is %s", i, fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B))
		}
	}
}

// fadedInFrames is a diagram whose parts are all faint, in frames within frames that fare in a way.
func fadedInFrames(state diagram.State) *diagram.Diagram {
	d := &diagram.Diagram{Title: "faint", Flow: diagram.FlowDown}
	for i := range 3 {
		d.Groups = append(d.Groups, &diagram.Group{Name: "frame", Kind: "zone", Parent: i - 1, Faded: true, State: state})
		for replicas := range 3 {
			d.Nodes = append(d.Nodes, &diagram.Node{Name: "orders", Kind: kinds[replicas], Technology: "Go", Group: i, Replicas: replicas, Of: replicas, Faded: true})
		}
		d.Nodes = append(d.Nodes, &diagram.Node{Role: diagram.ChoiceNode, Name: "one", Group: i, Need: 1, Alternatives: 2, Faded: true})
	}
	for i := range len(d.Nodes) - 1 {
		d.Edges = append(d.Edges, &diagram.Edge{From: i, To: i + 1, Mode: "sync", Strength: "hard", Count: 1, Protocol: "http", Faded: true})
	}
	return d
}
