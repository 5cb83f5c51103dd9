package openpsa

import "strings"

// maxIdentifier bounds the names that are written, in bytes.
const maxIdentifier = 100

// identifier makes a name that the format takes: letters, digits, "_" and single "-" within.
func identifier(kind, name string) string {
	var s strings.Builder
	dash := false // what was written last
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_':
			s.WriteRune(r)
			dash = false
		case s.Len() > 0 && !dash:
			s.WriteByte('-')
			dash = true
		}
		if s.Len() >= maxIdentifier {
			break
		}
	}
	id := strings.Trim(s.String(), "-_")
	if id == "" || id[0] >= '0' && id[0] <= '9' {
		id = strings.TrimSuffix(kind+"-"+id, "-")
	}
	return id
}

// madeFrom reports whether Write may have made an identifier from a name, which it then gives as the label.
func madeFrom(kind, name, id string) bool {
	if name == "" {
		return false
	}
	rest, ok := strings.CutPrefix(id, identifier(kind, name))
	number, numbered := strings.CutPrefix(rest, "-")
	return ok && (rest == "" || numbered && number != "" && strings.Trim(number, "0123456789") == "")
}
