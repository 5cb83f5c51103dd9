package schema_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"lintel/schema/internal/language"
)

// TestGenerated holds the files that derive from the CUE definition to it.
func TestGenerated(t *testing.T) {
	l, err := language.Read(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	want, err := language.Derived(l, ".")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, text) {
			t.Errorf("%s is out of date: go generate ./schema", name)
		}
	}
}
