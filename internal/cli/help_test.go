package cli

import (
	"bytes"
	"strings"
	"testing"
)

// TestHelpFitsTerminal holds every line of every help text, but for commands to copy, to the width asked for.
func TestHelpFitsTerminal(t *testing.T) {
	for _, width := range []int{40, 59, 60, 80} {
		texts := map[string]*bytes.Buffer{"": {}}
		writeRootHelp(texts[""], width)
		for _, c := range withParts(commands()) {
			texts[c.name] = &bytes.Buffer{}
			writeHelp(texts[c.name], c, width)
		}
		for name, text := range texts {
			previous := ""
			for line := range strings.Lines(text.String()) {
				line = strings.TrimSuffix(line, "\n")
				if n := len([]rune(line)); n > width && !strings.HasPrefix(previous, "  # ") {
					t.Errorf("lintel %s --help at %d columns: %d in %q", name, width, n, line)
				}
				previous = line
			}
		}
	}
}
