package typeset

// Missing returns the characters of s that no face has, in order, as often as they stand there. Boxes are set for them.
func Missing(s string) []rune {
	f := face(latin, false)
	plain := true
	for _, r := range s {
		plain = plain && f.plain(r) != 0
	}
	if plain {
		return nil
	}
	var all []rune
	for _, run := range shapeLine(Clean(s), Style{Size: 1}) {
		if !run.missing {
			continue
		}
		for _, r := range run.Text {
			if run.Face.font.glyph(r) == 0 && !ignorable(r) {
				all = append(all, r)
			}
		}
	}
	return all
}
