package baseline

import (
	"bytes"
	"encoding/json"
)

const about = "Findings that lintel check --baseline counts and does not fail for. Written by lintel baseline write. Each stands on a line of its own with a comma behind, and a null ends the list, so that git merges them."

// Format gives the text of the file: an entry a line, each with a comma behind it, so that no change touches another
// entry's line.
func (b *Baseline) Format() []byte {
	var out bytes.Buffer
	out.WriteString("{\n\"schemaVersion\": ")
	line := json.NewEncoder(&out)
	line.SetEscapeHTML(false)
	end := func(text string) { // in the place of the encoder's line end
		out.Truncate(out.Len() - 1)
		out.WriteString(text)
	}
	// Strings and numbers have a form in JSON: the encoder does not fail.
	_ = line.Encode(Version)
	end(",\n\"about\": ")
	_ = line.Encode(about)
	end(",\n\"findings\": [\n")
	for i := range b.Entries {
		_ = line.Encode(b.Entries[i])
		end(",\n")
	}
	out.WriteString("null\n]\n}\n")
	return out.Bytes()
}
