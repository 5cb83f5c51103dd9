package house

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/encoding/yaml"
)

// TestRecipes parses the YAML that the documents show and runs the commands of lintel in it, on a
// design without findings.
func TestRecipes(t *testing.T) {
	bin := binaries(t)
	ran := 0
	for _, name := range []string{"README.md", "docs/ci.md", "docs/render.md"} {
		source, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks(source) {
			if b.language != "yaml" {
				continue
			}
			file, err := yaml.Extract(b.file, source[b.start:b.end])
			if err != nil {
				t.Errorf("%s:%d: %v", name, b.line, err)
				continue
			}
			var recipe any
			if err := cuecontext.New().BuildFile(file).Decode(&recipe); err != nil {
				t.Errorf("%s:%d: %v", name, b.line, err)
				continue
			}
			for _, command := range lintelCommands(recipe, false) {
				ran++
				dir := t.TempDir()
				design := "system: \"shop\"\nmodules: web: {entry: true, replicas: 2}\n"
				if err := os.WriteFile(filepath.Join(dir, "shop.cue"), []byte(design), 0o666); err != nil {
					t.Fatal(err)
				}
				runGit(t, dir, "init", "--quiet", ".") // hooks read what is staged
				runGit(t, dir, "add", ".")
				cmd := exec.Command("sh", "-c", command)
				cmd.Dir = dir
				cmd.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + dir}
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s:%d: %s: %v\n%s", name, b.line, command, err, out)
				}
				for _, word := range strings.Fields(command) {
					if _, file, ok := strings.Cut(word, "="); ok {
						if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
							t.Errorf("%s:%d: %s: %v", name, b.line, command, err)
						}
					}
				}
			}
		}
	}
	if ran < 4 {
		t.Errorf("only %d commands of lintel were found in recipes", ran)
	}
}

// lintelCommands lists the lines that start with "lintel " in the values of run, script and entry
// below v.
func lintelCommands(v any, script bool) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			out = append(out, lintelCommands(value, key == "run" || key == "script" || key == "entry")...)
		}
	case []any:
		for _, value := range v {
			out = append(out, lintelCommands(value, script)...)
		}
	case string:
		for line := range strings.Lines(v) {
			if line = strings.TrimSpace(line); script && strings.HasPrefix(line, "lintel ") {
				out = append(out, line)
			}
		}
	}
	return out
}
