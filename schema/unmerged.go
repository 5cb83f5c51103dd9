package schema

import "bytes"

// unmerged tells of the marks that git leaves in a CUE file that does not parse, where it could not merge. What the parser says of
// such a file is about the marks, and misleads.
func unmerged(f *source) Errors {
	var list Errors
	at, offset, ours := -1, 0, false
	for line := range bytes.Lines(f.text) {
		switch {
		case bytes.HasPrefix(line, []byte("<<<<<<< ")):
			at, ours = offset, true
		case at >= 0 && ours && bytes.HasPrefix(line, []byte("=======")):
			ours = false
		case at >= 0 && !ours && bytes.HasPrefix(line, []byte(">>>>>>> ")):
			first, _, _ := bytes.Cut(f.text[at:], []byte("\n"))
			list = append(list, Error{Pos: offsetRange(f, at, len(bytes.TrimRight(first, "\r"))), Message: "git could not merge this file here",
				Hint: "keep what holds of both sides, and take out the lines that start with <<<<<<<, |||||||, ======= and >>>>>>>"})
			at = -1
		}
		offset += len(line)
	}
	return list
}
