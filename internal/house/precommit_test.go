package house

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	soundShop = "system: \"shop\"\nmodules: {\n\tweb: {entry: true, replicas: 2, dependsOn: [\"orders\"]}\n\torders: replicas: 2\n}\n"
	weakShop  = "system: \"shop\"\nmodules: {\n\tweb: {entry: true, replicas: 2, dependsOn: [\"orders\"]}\n\torders: replicas: 1\n}\n"
)

// TestPreCommit runs the hooks by the real pre-commit, which clones this repository and builds lintel from it.
func TestPreCommit(t *testing.T) {
	needs(t, "pre-commit")
	source := ownSource(t)
	revision := runGit(t, source, "rev-parse", "HEAD")
	home := t.TempDir()

	environment := gitEnvironment(append(goEnvironment(t), "PRE_COMMIT_HOME="+filepath.Join(home, "cache"), "HOME="+home, "NO_COLOR=1", "PRE_COMMIT_COLOR=never")...)
	inCI := func(dir string, args ...string) (string, error) {
		cmd := exec.Command("pre-commit", args...)
		cmd.Dir, cmd.Env = dir, environment
		out, err := cmd.CombinedOutput()
		return string(out), err
	}

	// repository makes one that uses the given hooks on commit.
	repository := func(t *testing.T, hooks string, files map[string]string) (dir string, commit func() (string, bool)) {
		dir = newRepository(t, files)
		writeFiles(t, dir, map[string]string{".pre-commit-config.yaml": "repos:\n  - repo: " + source + "\n    rev: " + revision + "\n    hooks:\n" + hooks})
		run := func(name string, args ...string) (string, error) {
			cmd := exec.Command(name, args...)
			cmd.Dir, cmd.Env = dir, environment
			out, err := cmd.CombinedOutput()
			return string(out), err
		}
		if out, err := run("pre-commit", "install"); err != nil {
			t.Fatalf("pre-commit install: %v\n%s", err, out)
		}
		runGit(t, dir, "add", ".pre-commit-config.yaml")
		return dir, func() (string, bool) {
			out, err := run("git", "commit", "--message", "A change")
			return out, err == nil
		}
	}
	expect := func(t *testing.T, commit func() (string, bool), want bool, texts ...string) {
		t.Helper()
		out, ok := commit()
		if ok != want {
			t.Fatalf("the commit succeeded: %v, want %v\n%s", ok, want, out)
		}
		for _, text := range texts {
			if !strings.Contains(out, text) {
				t.Errorf("the output lacks %q:\n%s", text, out)
			}
		}
	}

	t.Run("lintel", func(t *testing.T) {
		dir, commit := repository(t, "      - id: lintel\n", map[string]string{"shop/design.cue": soundShop, "other/design.cue": strings.ReplaceAll(soundShop, `"shop"`, `"other"`)})
		writeFiles(t, dir, map[string]string{"shop/design.cue": weakShop})
		runGit(t, dir, "add", ".")
		expect(t, commit, false, "lintel", "Failed", "exit code: 1", "RES001", "shop/design.cue:4:10")
		// What is not staged does not count, on either side.
		writeFiles(t, dir, map[string]string{"shop/design.cue": soundShop})
		expect(t, commit, false, "RES001")
		runGit(t, dir, "add", ".")
		writeFiles(t, dir, map[string]string{"shop/design.cue": weakShop, "new/design.cue": weakShop})
		expect(t, commit, true, "Passed")
	})
	t.Run("lintel-changed", func(t *testing.T) {
		dir, commit := repository(t, "      - id: lintel-changed\n", map[string]string{"shop/design.cue": soundShop, "old/design.cue": strings.ReplaceAll(weakShop, `"shop"`, `"old"`)})
		writeFiles(t, dir, map[string]string{"shop/design.cue": soundShop + "// a remark\n"})
		runGit(t, dir, "add", ".")
		expect(t, commit, true, "Passed")
		writeFiles(t, dir, map[string]string{"shop/design.cue": weakShop})
		runGit(t, dir, "add", ".")
		expect(t, commit, false, "RES001", "shop/design.cue")
		runGit(t, dir, "reset", "--quiet", "--hard")
		writeFiles(t, dir, map[string]string{"README.md": "Shops.\n"})
		runGit(t, dir, "add", ".")
		expect(t, commit, true, "Passed")

		// In CI it compares with the revision that pre-commit is told.
		runGit(t, dir, "checkout", "--quiet", "-b", "feature")
		writeFiles(t, dir, map[string]string{"shop/design.cue": weakShop})
		commitAll(t, dir, "Weak")
		for base, want := range map[string]bool{"main": false, "HEAD": true} {
			out, err := inCI(dir, "run", "--from-ref", base, "--to-ref", "HEAD")
			if (err == nil) != want || !want && (!strings.Contains(out, "shop/design.cue") || strings.Contains(out, "old/design.cue")) {
				t.Errorf("from %s: %v\n%s", base, err, out)
			}
		}
	})
	t.Run("lintel-files", func(t *testing.T) {
		dir, commit := repository(t, "      - id: lintel-files\n", map[string]string{"shop/design.cue": soundShop, "old/design.cue": strings.ReplaceAll(weakShop, `"shop"`, `"old"`)})
		writeFiles(t, dir, map[string]string{"shop/design.cue": soundShop + "// a remark\n"})
		runGit(t, dir, "add", ".")
		expect(t, commit, true, "Passed")
		writeFiles(t, dir, map[string]string{"shop/design.cue": weakShop})
		runGit(t, dir, "add", ".")
		expect(t, commit, false, "RES001", "shop/design.cue")
	})
	// pre-commit does not name files that are deleted, and starts no hook for them that does not ask to run always.
	for _, hook := range []string{"lintel", "lintel-changed"} {
		t.Run(hook+"/deleted files", func(t *testing.T) {
			const module = "module: \"example.com/shops\"\nlanguage: version: \"v0.17.0\"\n"
			dir, commit := repository(t, "      - id: "+hook+"\n", map[string]string{
				"cue.mod/module.cue":   module,
				"base/base.cue":        "package base\n\ncopies: 2\n",
				"shop/design.cue":      "package shop\n\nimport \"example.com/shops/base\"\n\nsystem: \"shop\"\nmodules: web: {entry: true, replicas: base.copies}\n",
				"lenient/.lintel.cue":  "lint: rules: RES001: \"off\"\n",
				"lenient/design.cue":   strings.ReplaceAll(weakShop, `"shop"`, `"lenient"`),
				"another/unneeded.cue": "remark: \"nothing\"\n",
			})
			commitAll(t, dir, "Configure the hooks") // reset brings it back
			runGit(t, dir, "rm", "--quiet", "base/base.cue")
			expect(t, commit, false, "exit code: 2", "shop/design.cue")
			runGit(t, dir, "reset", "--quiet", "--hard")
			runGit(t, dir, "rm", "--quiet", "lenient/.lintel.cue")
			expect(t, commit, false, "exit code: 1", "lenient/design.cue:4:10")
			runGit(t, dir, "reset", "--quiet", "--hard")
			runGit(t, dir, "rm", "--quiet", "another/unneeded.cue")
			expect(t, commit, true, "Passed")
			// Nor does a repository that has no design any more hold up commits.
			runGit(t, dir, "rm", "--quiet", "-r", "shop", "lenient")
			expect(t, commit, true, "Passed")
		})
	}
	t.Run("first commit", func(t *testing.T) {
		dir, commit := repository(t, "      - id: lintel-changed\n", nil)
		runGit(t, dir, "checkout", "--quiet", "--orphan", "fresh")
		writeFiles(t, dir, map[string]string{"shop/design.cue": weakShop})
		runGit(t, dir, "add", ".")
		expect(t, commit, false, "RES001")
		writeFiles(t, dir, map[string]string{"shop/design.cue": soundShop})
		runGit(t, dir, "add", ".")
		expect(t, commit, true, "Passed")
	})
	t.Run("lintel-render", func(t *testing.T) {
		hooks := "      - id: lintel-render\n        args: [./..., --output, 'docs/{system}.svg']\n"
		dir, commit := repository(t, hooks, map[string]string{"shop/design.cue": soundShop, "docs/shop.svg": "<svg/>\n"})
		writeFiles(t, dir, map[string]string{"shop/design.cue": weakShop})
		runGit(t, dir, "add", ".")
		expect(t, commit, false, "files were modified by this hook")
		picture, err := os.ReadFile(filepath.Join(dir, "docs/shop.svg"))
		if err != nil || !strings.Contains(string(picture), "</svg>") {
			t.Fatalf("no picture was drawn: %v\n%.200s", err, picture)
		}
		runGit(t, dir, "add", ".")
		expect(t, commit, true, "Passed")
	})
}

// TestPreCommitFiles has pre-commit read the list of hooks, and the configurations that documents show, whose hooks
// have to be in that list.
func TestPreCommitFiles(t *testing.T) {
	needs(t, "pre-commit")
	validate := func(kind, file string) {
		t.Helper()
		cmd := exec.Command("pre-commit", "validate-"+kind, file)
		cmd.Env = append(os.Environ(), "PRE_COMMIT_HOME="+t.TempDir())
		if out, err := cmd.CombinedOutput(); err != nil || len(out) != 0 {
			t.Errorf("%s: %v\n%s", file, err, out)
		}
	}
	validate("manifest", "../../.pre-commit-hooks.yaml")
	manifest, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, name := range documents {
		source, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks(source) {
			if b.file != ".pre-commit-config.yaml" {
				continue
			}
			content := string(source[b.start:b.end])
			file := filepath.Join(t.TempDir(), b.file)
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			validate("config", file)
			if strings.Contains(content, "repo: local") {
				continue
			}
			for _, match := range regexp.MustCompile(`(?m)- id: (\S+)$`).FindAllStringSubmatch(content, -1) {
				shown[match[1]] = true
				if !strings.Contains(string(manifest), "- id: "+match[1]+"\n") {
					t.Errorf("%s:%d: there is no hook %q", name, b.line, match[1])
				}
			}
		}
	}
	for _, match := range regexp.MustCompile(`(?m)^- id: (\S+)$`).FindAllStringSubmatch(string(manifest), -1) {
		if !shown[match[1]] {
			t.Errorf("no document shows the hook %s", match[1])
		}
	}
}
