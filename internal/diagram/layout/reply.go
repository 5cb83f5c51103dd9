package layout

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// reply is what is read of the engine's json0 format. Lengths are in points, y grows upwards.
type reply struct {
	BB      string `json:"bb"`
	Objects []struct {
		Name string `json:"name"`
		BB   string `json:"bb"`
		Pos  string `json:"pos"`
	} `json:"objects"`
	Edges []struct {
		I   string `json:"i"`
		Pos string `json:"pos"`
		LP  string `json:"lp"`
	} `json:"edges"`
}

// margin is the room around the drawing, in units.
const margin = 8

func (p *plan) read(out []byte) (*Layout, error) {
	var r reply
	if err := json.Unmarshal(out, &r); err != nil {
		return nil, &EngineError{Program: "lintel-graphviz", Detail: "its output is no drawing: " + oneLine(err.Error())}
	}
	l := &Layout{
		Nodes:  make([]Box, len(p.d.Nodes)),
		Groups: make([]Box, len(p.d.Groups)),
		Edges:  make([]Route, len(p.d.Edges)),
	}
	bb, err := numbers(r.BB)
	if err != nil || len(bb) != 4 {
		return nil, &EngineError{Program: "lintel-graphviz", Detail: "its output is no drawing: no bounding box"}
	}
	l.Size = Point{bb[2] - bb[0] + 2*margin, bb[3] - bb[1] + 2*margin}
	place := func(x, y float64) Point { return Point{x - bb[0] + margin, bb[3] - y + margin} }
	for _, o := range r.Objects {
		if g, ok := index(o.Name, "cluster", len(l.Groups)); ok {
			if b, err := numbers(o.BB); err == nil && len(b) == 4 {
				l.Groups[g] = Box{place(b[0], b[3]), place(b[2], b[1])}
			}
		} else if n, ok := index(o.Name, "n", len(l.Nodes)); ok {
			c, err := numbers(o.Pos)
			if err != nil || len(c) != 2 {
				return nil, fmt.Errorf("lintel-graphviz: its output has no place for node %d", n)
			}
			l.Nodes[n] = around(place(c[0], c[1]), p.s.Nodes[n])
		}
	}
	for _, e := range r.Edges {
		i, ok := index(e.I, "", len(l.Edges))
		if !ok {
			continue
		}
		for k, at := range strings.Fields(strings.SplitN(e.Pos, ";", 2)[0]) {
			if strings.HasPrefix(at, "e,") || strings.HasPrefix(at, "s,") {
				continue
			}
			c, err := numbers(at)
			if err != nil || len(c) != 2 {
				return nil, fmt.Errorf("lintel-graphviz: point %d of edge %d is %q", k, i, at)
			}
			l.Edges[i].Curve = append(l.Edges[i].Curve, place(c[0], c[1]))
		}
		if c, err := numbers(e.LP); err == nil && len(c) == 2 {
			l.Edges[i].Label = around(place(c[0], c[1]), p.s.Edges[i])
		}
	}
	return l, nil
}

func around(c, size Point) Box {
	return Box{Point{c.X - size.X/2, c.Y - size.Y/2}, Point{c.X + size.X/2, c.Y + size.Y/2}}
}

// index reads the number after prefix in name, less than n.
func index(name, prefix string, n int) (int, bool) {
	digits, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(digits)
	return i, err == nil && i >= 0 && i < n
}

// numbers reads numbers between commas.
func numbers(s string) ([]float64, error) {
	var list []float64
	for part := range strings.SplitSeq(s, ",") {
		f, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}
