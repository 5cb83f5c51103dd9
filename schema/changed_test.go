package schema

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"
)

// outcomes gives what a load says about each design, by its path: the design, or what is wrong with its files.
func outcomes(t *testing.T, dir string) map[string]any {
	t.Helper()
	l, err := newLoader(LoadOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	inputs, _ := l.resolve([]string{"./..."})
	out := map[string]any{}
	for _, in := range inputs {
		list, err := Load(LoadOptions{Dir: dir}, in.path)
		out[in.path] = []any{list, err}
	}
	return out
}

// TestAffectedIsSound changes each file of a repository, and compares the designs that come out differently with those
// that are told to be affected.
func TestAffectedIsSound(t *testing.T) {
	for _, f := range txtar.Parse([]byte(readModuleArchive(t))).Files {
		for _, how := range []string{"shift", "delete", "break"} {
			t.Run(how+" "+f.Name, func(t *testing.T) {
				dir := t.TempDir()
				writeArchive(t, dir, readModuleArchive(t))
				before := outcomes(t, dir)
				name := filepath.Join(dir, filepath.FromSlash(f.Name))
				text := string(f.Data)
				switch {
				case how == "delete":
					if err := os.Remove(name); err != nil {
						t.Fatal(err)
					}
				case how == "break":
					text += "\n}"
				default:
					text = "\n" + text
				}
				if how != "delete" {
					if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
						t.Fatal(err)
					}
				}
				var differ []string
				for path, now := range outcomes(t, dir) {
					if !cmp.Equal(before[path], now, cmpopts.EquateEmpty()) {
						differ = append(differ, path)
					}
				}
				slices.Sort(differ)
				got, _ := Affected(LoadOptions{Dir: dir}, []string{f.Name}, "./...")
				for _, path := range differ {
					if !slices.Contains(got, path) {
						t.Errorf("%s is different now, and is not told to be affected, only %q", path, got)
					}
				}
				if how == "shift" && !strings.HasSuffix(f.Name, "module.cue") && !strings.HasSuffix(f.Name, ".lintel.cue") && len(got) > len(differ) {
					t.Logf("%q are told to be affected, %q are", got, differ)
				}
			})
		}
	}
}
