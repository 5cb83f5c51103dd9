package language

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestReadRefuses: what the reader does not understand is an error, so that the derived forms can't say
// less than the definition.
func TestReadRefuses(t *testing.T) {
	const ok = "// a\n#A: {\n\t// x\n\tx?: int & >=0\n\n\t[!~\"^(x)$\"]: error(\"no\")\n}\n"
	if _, err := Read(files(ok)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"a field without a comment":    strings.Replace(ok, "\t// x\n", "", 1),
		"a definition without comment": strings.Replace(ok, "// a\n", "", 1),
		"an open struct":               strings.Replace(ok, "\t[!~\"^(x)$\"]: error(\"no\")\n", "", 1),
		"a pattern that lacks a field": strings.Replace(ok, "^(x)$", "^(y)$", 1),
		"a regular field":              strings.Replace(ok, "x?:", "x:", 1),
		"an unknown bound":             strings.Replace(ok, ">=0", "!=0", 1),
		"an unknown function":          strings.Replace(ok, "int & >=0", "strings.MinRunes(3)", 1),
		"an unknown type":              strings.Replace(ok, "int & >=0", "bytes", 1),
		"a missing definition":         strings.Replace(ok, "int & >=0", "#B", 1),
		"a list of fixed length":       strings.Replace(ok, "int & >=0", "[int, int]", 1),
		"a loose condition":            strings.Replace(ok, "\t[!~", "\tif x != _|_ {y: 1}\n\t[!~", 1),
		"a regular top-level field":    ok + "x: 3\n",
	} {
		if _, err := Read(files(text)); err == nil {
			t.Errorf("%s is taken:\n%s", name, text)
		}
	}
}

func files(text string) fstest.MapFS {
	return fstest.MapFS{"a.cue": &fstest.MapFile{Data: []byte("package schema\n\n" + text)}}
}
