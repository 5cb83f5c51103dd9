package change_test

import (
	"io"
	"strings"
	"testing"
)

func reader(text string) io.Reader { return strings.NewReader(text) }

// replaced gives text with from, which stands in it once, replaced.
func replaced(t *testing.T, text, from, to string) string {
	t.Helper()
	if strings.Count(text, from) != 1 {
		t.Fatalf("%q stands %d times in the source", from, strings.Count(text, from))
	}
	return strings.Replace(text, from, to, 1)
}
