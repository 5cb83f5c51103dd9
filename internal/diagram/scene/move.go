package scene

// move shifts all items of a group.
func move(g *Group, dx, dy float64) {
	for _, it := range g.Items {
		switch it := it.(type) {
		case *Group:
			move(it, dx, dy)
		case *Text:
			it.At.X, it.At.Y = it.At.X+dx, it.At.Y+dy
		case *Path:
			transform(it.Segments, 1, dx, dy)
		}
	}
}

// transform scales segments and then shifts them.
func transform(segs []Segment, k, dx, dy float64) {
	for i := range segs {
		s := &segs[i]
		s.C1.X, s.C1.Y = s.C1.X*k+dx, s.C1.Y*k+dy
		s.C2.X, s.C2.Y = s.C2.X*k+dx, s.C2.Y*k+dy
		s.P.X, s.P.Y = s.P.X*k+dx, s.P.Y*k+dy
	}
}

// resize scales all items of a group about the origin.
func resize(g *Group, k float64) {
	if k == 1 {
		return
	}
	for _, it := range g.Items {
		switch it := it.(type) {
		case *Group:
			resize(it, k)
		case *Text:
			it.At.X, it.At.Y, it.Style.Size = it.At.X*k, it.At.Y*k, it.Style.Size*k
		case *Path:
			transform(it.Segments, k, 0, 0)
			it.Width *= k
			dash := make([]float64, 0, len(it.Dash))
			for _, d := range it.Dash {
				dash = append(dash, d*k)
			}
			if len(dash) > 0 {
				it.Dash = dash // strokes share theirs
			}
		}
	}
}
