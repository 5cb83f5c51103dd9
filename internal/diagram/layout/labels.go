package layout

// labelRoom is the room of labels in the middle of their lines, where most of them will stand; it is empty where there
// are none.
func (p *plan) labelRoom(l *Layout) Box {
	room := emptyBox()
	for i, e := range l.Edges {
		size := p.s.Edges[i]
		if len(e.Curve) < 4 || !(size.X > 0) || !(size.Y > 0) {
			continue
		}
		n := len(e.Curve) / 3 // pieces
		middle := e.Curve[n/2*3]
		if n%2 == 1 {
			piece := e.Curve[n/2*3:]
			middle = cubic(piece[0], piece[1], piece[2], piece[3], 0.5)
		}
		b := around(middle, size)
		room.include(b.Min, b.Max)
	}
	return room
}
