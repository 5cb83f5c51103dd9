package schema_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lintel/schema"
)

// TestLanguagePage loads each design of docs/language.md.
func TestLanguagePage(t *testing.T) {
	page, err := os.ReadFile("../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```cue\n")[1:]
	if len(blocks) < 6 {
		t.Fatalf("only %d designs", len(blocks))
	}
	for i, block := range blocks {
		text, _, ok := strings.Cut(block, "```")
		if !ok {
			t.Fatal("a block without an end")
		}
		dir := t.TempDir()
		name := fmt.Sprintf("design%d.cue", i+1)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		list, err := schema.Load(schema.LoadOptions{Dir: dir}, name)
		if err != nil || len(list) != 1 {
			t.Errorf("%v\n%s", err, text)
		}
	}
}
