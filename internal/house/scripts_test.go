package house

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// shellScripts lists the shell scripts of this repository.
func shellScripts(t *testing.T) []string {
	t.Helper()
	scripts := []string{"../../.ci/run", "../../install.sh"}
	for _, pattern := range []string{"../../ci/*/*.sh"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		scripts = append(scripts, found...)
	}
	if len(scripts) < 10 {
		t.Fatalf("only %d scripts were found", len(scripts))
	}
	return scripts
}

// TestShellScripts checks the scripts of this repository, and those that documents show, for the faults that
// ShellCheck knows.
func TestShellScripts(t *testing.T) {
	needs(t, "shellcheck")
	check := func(args ...string) {
		t.Helper()
		args = append([]string{"--external-sources", "--source-path=SCRIPTDIR", "--format=gcc"}, args...)
		if out, err := exec.Command("shellcheck", args...).CombinedOutput(); err != nil {
			t.Errorf("shellcheck: %v\n%s", err, out)
		}
	}
	check(shellScripts(t)...)

	dir := t.TempDir()
	for _, name := range documents {
		source, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks(source) {
			content := string(source[b.start:b.end])
			if b.file == "" || !strings.HasPrefix(content, "#!") {
				continue
			}
			file := filepath.Join(dir, filepath.Base(b.file))
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			check(file)
		}
	}
}

// TestWorkflows lints the workflows of this repository and those that documents show, as GitHub would read them.
func TestWorkflows(t *testing.T) {
	workflows, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(workflows) == 0 {
		t.Fatalf("no workflow: %v", err)
	}
	lint := func(files ...string) (string, error) {
		args := append([]string{"tool", "actionlint", "-no-color", "-oneline"}, files...)
		cmd := exec.Command("go", args...)
		cmd.Dir = "../.."
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for i := range workflows {
		workflows[i] = strings.TrimPrefix(workflows[i], "../../")
	}
	if out, err := lint(workflows...); err != nil {
		t.Errorf("actionlint: %v\n%s", err, out)
	}

	// The documents name the action as its users do; here it is this folder, so that its inputs are checked, too.
	const asUsersDo = "uses: your-organisation/lintel@"
	found, action := 0, ""
	if text, err := os.ReadFile("../../action.yml"); err != nil {
		t.Fatal(err)
	} else {
		action = string(text)
	}
	project := newRepository(t, map[string]string{"action.yml": action})
	dir := filepath.Join(project, ".github/workflows")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range documents {
		source, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks(source) {
			if !strings.HasPrefix(b.file, ".github/workflows/") {
				continue
			}
			content := string(source[b.start:b.end])
			if before, after, ok := strings.Cut(content, asUsersDo); ok {
				_, after, _ = strings.Cut(after, "\n")
				content = before + "uses: ./\n" + after
				found++
			}
			file := filepath.Join(dir, filepath.Base(b.file))
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := lint(file); err != nil {
				t.Errorf("%s:%d: actionlint: %v\n%s", name, b.line, err, out)
			}
			// That the inputs are really compared with action.yml shows where one is wrong.
			if strings.Contains(content, "uses: ./\n        with:\n") {
				wrong := strings.Replace(content, "uses: ./\n        with:\n", "uses: ./\n        with:\n          pahts: x\n", 1)
				if err := os.WriteFile(file, []byte(wrong), 0o600); err != nil {
					t.Fatal(err)
				}
				if out, err := lint(file); err == nil || !strings.Contains(out, "pahts") {
					t.Errorf("%s:%d: actionlint does not see a wrong input: %v\n%s", name, b.line, err, out)
				}
			}
		}
	}
	if found == 0 {
		t.Errorf("no document shows a workflow with %q", asUsersDo)
	}
}
