package house

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestActionIsSafe holds that nothing that comes from outside becomes part of a script, and that every input is used.
func TestActionIsSafe(t *testing.T) {
	a := loadAction(t)
	if a.Runs.Using != "composite" || len(a.Runs.Steps) < 5 {
		t.Fatalf("the action is %+v", a)
	}
	text, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range a.Inputs {
		if in.Description == "" {
			t.Errorf("input %s has no description", name)
		}
		if !strings.Contains(string(text), "inputs."+name) {
			t.Errorf("input %s is not used", name)
		}
	}
	for _, step := range a.Runs.Steps {
		if strings.Contains(step.Run, "${{") {
			t.Errorf("step %q has an expression in its script: %s", step.Name, step.Run)
		}
		if step.Run == "" {
			continue
		}
		if step.Shell != "bash" {
			t.Errorf("step %q runs in %q", step.Name, step.Shell)
		}
		_, name, _ := strings.Cut(strings.Trim(step.Run, `"`), "$GITHUB_ACTION_PATH/")
		script, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Errorf("step %q: %v", step.Name, err)
			continue
		}
		shared, err := os.ReadFile("../../ci/github/arguments.sh")
		if err != nil {
			t.Fatal(err)
		}
		for variable := range step.Env {
			if !strings.Contains(string(script)+string(shared), variable) {
				t.Errorf("step %q sets %s, which %s does not read", step.Name, variable, name)
			}
		}
	}
}

// TestAction runs the action as GitHub does, on a push and on pull requests.
func TestAction(t *testing.T) {
	needs(t, "bash", "curl", "jq", "git")
	built := binaries(t)
	a := loadAction(t)

	// A pull request as GitHub checks it out: the merge of its branch into main, without history.
	start := func(t *testing.T, change map[string]string) *runner {
		origin := newRepository(t, map[string]string{"shop/design.cue": soundShop, "old/design.cue": strings.ReplaceAll(weakShop, `"shop"`, `"old"`)})
		runGit(t, origin, "config", "uploadpack.allowAnySHA1InWant", "true")
		base := runGit(t, origin, "rev-parse", "HEAD")
		runGit(t, origin, "checkout", "--quiet", "-b", "feature")
		for _, message := range []string{"One", "Two", "Three"} {
			commitAll(t, origin, message)
		}
		writeFiles(t, origin, change)
		commitAll(t, origin, "The change")
		runGit(t, origin, "checkout", "--quiet", "main")
		// main went on meanwhile, with a fault of its own that the pull request is not to blame for.
		writeFiles(t, origin, map[string]string{"third/design.cue": strings.ReplaceAll(weakShop, `"shop"`, `"third"`)})
		commitAll(t, origin, "Meanwhile")
		runGit(t, origin, "checkout", "--quiet", "--detach")
		runGit(t, origin, "merge", "--quiet", "--no-edit", "feature")
		runGit(t, origin, "update-ref", "refs/pull/7/merge", "HEAD")
		runGit(t, origin, "checkout", "--quiet", "main")

		workspace := t.TempDir()
		runGit(t, workspace, "init", "--quiet", "--initial-branch=main", ".")
		runGit(t, workspace, "remote", "add", "origin", "file://"+origin)
		runGit(t, workspace, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", "+refs/pull/7/merge:refs/remotes/pull/7/merge")
		runGit(t, workspace, "checkout", "--quiet", "--detach", "refs/remotes/pull/7/merge")

		temp := t.TempDir()
		if err := os.MkdirAll(filepath.Join(temp, "lintel"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(built, filepath.Join(temp, "lintel/bin")); err != nil { // as the cache would bring it
			t.Fatal(err)
		}
		return &runner{
			t: t, workspace: workspace, temp: temp, path: os.Getenv("PATH"),
			env: map[string]string{"GITHUB_SHA": runGit(t, workspace, "rev-parse", "HEAD")},
			github: map[string]any{
				"action_path": mustAbs(t, "../.."), "event_name": "pull_request", "repository": "team/shop", "token": "secret",
				"event": map[string]any{"pull_request": map[string]any{
					"number": 7, "base": map[string]any{"sha": base}, "head": map[string]any{"repo": map[string]any{"full_name": "team/shop"}},
				}},
			},
		}
	}
	withHost := func(t *testing.T, r *runner, h *codeHost) {
		h.t, h.token = t, "secret"
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		r.env["GITHUB_API_URL"] = server.URL
	}
	uses := func(r *runner) []string {
		var out []string
		for _, u := range r.used {
			name, _, _ := strings.Cut(u.action, "@")
			out = append(out, name)
		}
		return out
	}
	contains := func(t *testing.T, what, text string, wanted ...string) {
		t.Helper()
		for _, w := range wanted {
			if !strings.Contains(text, w) {
				t.Errorf("%s lacks %q:\n%s", what, w, text)
			}
		}
	}

	t.Run("a new error", func(t *testing.T) {
		r, h := start(t, map[string]string{"shop/design.cue": weakShop}), &codeHost{}
		withHost(t, r, h)
		r.run(a, map[string]string{"sarif": "true"})
		if !r.failed {
			t.Errorf("the action does not fail\n%s", r.log)
		}
		if len(h.remarks) != 1 {
			t.Fatalf("%d comments\n%s", len(h.remarks), r.log)
		}
		contains(t, "the comment", h.remarks[0].Body, "<!-- lintel-review:lintel -->", "1 new error", "shop/design.cue")
		contains(t, "the summary", r.summary, "1 new error")
		contains(t, "the log", r.log, "::error file=shop/design.cue,line=4")
		if strings.Contains(r.log, "::error file=old/") || strings.Contains(r.log, "::error file=third/") || strings.Contains(h.remarks[0].Body, "third") {
			t.Errorf("faults of others are told\n%s\n%s", r.log, h.remarks[0].Body)
		}
		if r.result["check-code"] != "0" || r.result["review-code"] != "1" {
			t.Errorf("the outputs are %v", r.result)
		}
		for _, name := range []string{"review.md", "review.json", "check.md", "lintel.sarif", "diagrams/shop.svg"} {
			if _, err := os.Stat(filepath.Join(r.result["results"], name)); err != nil {
				t.Error(err)
			}
		}
		if got := uses(r); !slices.Equal(got, []string{"actions/cache", "github/codeql-action/upload-sarif", "actions/upload-artifact"}) {
			t.Errorf("it uses %v", got)
		}
	})
	t.Run("from a fork", func(t *testing.T) {
		r, h := start(t, map[string]string{"shop/design.cue": weakShop}), &codeHost{readOnly: true}
		withHost(t, r, h)
		r.github["event"].(map[string]any)["pull_request"].(map[string]any)["head"] = map[string]any{"repo": map[string]any{"full_name": "someone/shop"}}
		r.run(a, map[string]string{"sarif": "true"})
		if !r.failed || len(h.remarks) != 0 {
			t.Errorf("failed: %v, comments: %v\n%s", r.failed, h.remarks, r.log)
		}
		contains(t, "the log", r.log, "::notice title=lintel::No comment was written")
		contains(t, "the summary", r.summary, "1 new error")
		if got := uses(r); slices.Contains(got, "github/codeql-action/upload-sarif") {
			t.Errorf("it uses %v", got)
		}
	})
	t.Run("nothing to do with designs", func(t *testing.T) {
		r, h := start(t, map[string]string{"README.md": "Shops.\n"}), &codeHost{}
		withHost(t, r, h)
		r.run(a, nil)
		if r.failed || len(h.remarks) != 0 || r.result["review-code"] != "0" {
			t.Errorf("failed: %v, comments: %v, outputs %v\n%s", r.failed, h.remarks, r.result, r.log)
		}
	})
	t.Run("stricter, elsewhere, without a comment", func(t *testing.T) {
		r := start(t, map[string]string{"README.md": "Shops.\n"})
		r.run(a, map[string]string{"fail-on": "error", "working-directory": "old", "paths": "design.cue\n", "comment": "false", "diagrams": "", "artefact": ""})
		if !r.failed || r.result["check-code"] != "1" {
			t.Errorf("failed: %v, outputs %v\n%s", r.failed, r.result, r.log)
		}
	})
	t.Run("a design that does not load", func(t *testing.T) {
		r, h := start(t, map[string]string{"shop/design.cue": soundShop + "modules: web: replcas: 3\n"}), &codeHost{}
		withHost(t, r, h)
		r.run(a, nil)
		if !r.failed || r.result["check-code"] != "2" || r.result["review-code"] != "2" {
			t.Errorf("failed: %v, outputs %v\n%s", r.failed, r.result, r.log)
		}
		contains(t, "the log", r.log, "replcas")
	})
	t.Run("a push", func(t *testing.T) {
		r := start(t, nil)
		r.github["event_name"], r.github["event"] = "push", map[string]any{}
		r.run(a, map[string]string{"paths": "shop\nold/design.cue\n", "diagrams": "svg mermaid"})
		if !r.failed || r.result["check-code"] != "1" || r.result["review-code"] != "" {
			t.Errorf("failed: %v, outputs %v\n%s", r.failed, r.result, r.log)
		}
		contains(t, "the log", r.log, "::error file=old/design.cue")
		contains(t, "the summary", r.summary, "RES001")
		for _, name := range []string{"diagrams/shop.svg", "diagrams/old.svg", "diagrams/old.mermaid"} {
			if _, err := os.Stat(filepath.Join(r.result["results"], name)); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("another base", func(t *testing.T) {
		r := start(t, map[string]string{"shop/design.cue": weakShop})
		r.run(a, map[string]string{"base": "HEAD^2", "comment": "false"})
		contains(t, "the summary", r.summary, "third/design.cue") // what main brought is new, seen from the branch
		if strings.Contains(r.summary, "shop/design.cue") {
			t.Errorf("the base is not the one that was asked for:\n%s", r.summary)
		}
	})
	t.Run("two designs of one name", func(t *testing.T) {
		r, h := start(t, map[string]string{"shop/design.cue": weakShop, "copy/design.cue": weakShop}), &codeHost{}
		withHost(t, r, h)
		r.run(a, nil)
		if !r.failed || r.result["check-code"] != "0" || r.result["review-code"] != "1" || len(h.remarks) != 1 {
			t.Errorf("failed: %v, outputs %v, comments %v\n%s", r.failed, r.result, h.remarks, r.log)
		}
		contains(t, "the log", r.log, "::error file=shop/design.cue,line=4", "::warning title=lintel::The diagrams could not be drawn")
		// So it is on a push.
		r = start(t, map[string]string{"copy/design.cue": soundShop})
		r.github["event_name"], r.github["event"] = "push", map[string]any{}
		r.run(a, map[string]string{"paths": "shop\ncopy"})
		if r.failed || r.result["check-code"] != "0" {
			t.Errorf("failed: %v, outputs %v\n%s", r.failed, r.result, r.log)
		}
		contains(t, "the log", r.log, "::warning title=lintel::The diagrams could not be drawn")
	})
	t.Run("used twice in a job", func(t *testing.T) {
		r, h := start(t, map[string]string{"shop/design.cue": weakShop}), &codeHost{}
		withHost(t, r, h)
		r.run(a, map[string]string{"tag": "first", "fail-on": "never", "review-fail-on": "never"})
		first := r.result["results"]
		// The second one cannot review, and has nothing to say.
		r.run(a, map[string]string{"tag": "second", "review-fail-on": "nonsense"})
		if len(h.remarks) != 1 || !r.failed || r.result["results"] == first || r.result["results"] == "" {
			t.Errorf("failed: %v, results in %q and %q, comments %v\n%s", r.failed, first, r.result["results"], h.remarks, r.log)
		}
		if _, err := os.Stat(filepath.Join(r.result["results"], "review.md")); err == nil {
			t.Error("the results of the second use hold a review, which is that of the first")
		}
		if last := r.used[len(r.used)-1]; last.with["path"] != r.result["results"] {
			t.Errorf("the artefact is of %q", last.with["path"])
		}
	})
	t.Run("a report that is too long for a summary", func(t *testing.T) {
		files := map[string]string{}
		var modules strings.Builder
		for i := range 4000 {
			fmt.Fprintf(&modules, "\ta%0150d: entry: true\n", i)
		}
		files["shop/design.cue"] = "system: \"shop\"\nmodules: {\n" + modules.String() + "}\n"
		r := start(t, files)
		r.github["event_name"], r.github["event"] = "push", map[string]any{}
		r.run(a, map[string]string{"paths": "shop", "diagrams": ""})
		report := r.read(filepath.Join(r.result["results"], "check.md"))
		if len(report) < 1<<20 {
			t.Fatalf("the report has only %d bytes", len(report))
		}
		if len(r.summary) > 1<<20 || len(r.summary) < 900_000 {
			t.Errorf("the summary has %d bytes", len(r.summary))
		}
		contains(t, "the summary's start", r.summary[:200], "All of it is `check.md`")
	})
	t.Run("no paths", func(t *testing.T) {
		r := start(t, nil)
		r.run(a, map[string]string{"paths": " \r\n", "fail-on": "error", "comment": "false", "diagrams": ""})
		if r.result["check-code"] != "1" || r.result["review-code"] != "0" {
			t.Errorf("outputs %v\n%s", r.result, r.log)
		}
		r.failed = false
		r.run(a, map[string]string{"paths": "  old \r\n", "fail-on": "error", "comment": "false", "diagrams": ""})
		if r.result["check-code"] != "1" || r.result["review-code"] != "0" {
			t.Errorf("outputs %v\n%s", r.result, r.log)
		}
	})
	t.Run("a version without a release", func(t *testing.T) {
		r := start(t, nil)
		r.run(a, map[string]string{"version": "1.2.3"})
		if !r.failed {
			t.Error("the action does not fail")
		}
		contains(t, "the log", r.log, `::error title=lintel::the input "version" needs the input "release"`)
	})
	t.Run("hostile designs", func(t *testing.T) {
		hostile := strings.ReplaceAll(weakShop, `"shop"`, `"::error::pwn1 ##[error]pwn2"`) + "modules: \"::error::pwn3\": {entry: true}\n"
		files := map[string]string{"::error::pwn4/design.cue": hostile, "::error::pwn5 ##[error]pwn6/design.cue": "system: 1\nmodules: x: {}\n"}
		// What comes from a design stands in no place of a command but its values.
		ours := regexp.MustCompile(`^::(error|warning) (file=[^:]*,)?title=[^:]*::`)
		for _, event := range []string{"pull_request", "push"} {
			for _, paths := range []string{"./...", "::error::pwn4"} {
				r := start(t, files)
				if event == "push" {
					r.github["event_name"], r.github["event"] = "push", map[string]any{}
				}
				r.run(a, map[string]string{"comment": "false", "paths": paths})
				contains(t, "the log", r.log, "pwn4")
				commands := 0
				for _, line := range obeyed(r.log) {
					commands++
					if !ours.MatchString(line) {
						t.Errorf("%s of %s: GitHub obeys %q", event, paths, line)
					}
				}
				if commands == 0 {
					t.Errorf("%s of %s: GitHub obeys no command at all\n%s", event, paths, r.log)
				}
			}
		}
	})
	t.Run("hostile inputs", func(t *testing.T) {
		r := start(t, nil)
		mark := filepath.Join(r.temp, "mark")
		evil := "$(touch " + mark + ")`touch " + mark + "`\"; touch " + mark + "; #\n--config=/etc/passwd\n*\n"
		for _, name := range []string{"paths", "baseline", "base", "tag", "diagrams", "fail-on", "review-fail-on"} {
			r.failed = false
			r.run(a, map[string]string{name: evil, "comment": "false", "artefact": ""})
			if !r.failed {
				t.Errorf("%s: the action does not fail\n%s", name, r.log)
			}
		}
		if _, err := os.Stat(mark); err == nil {
			t.Errorf("an input was run\n%s", r.log)
		}
	})
}

// obeyed lists the lines of a log that GitHub's runner takes for commands, in either form that it knows,
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs.
func obeyed(log string) []string {
	var out []string
	stopped := ""
	for line := range strings.Lines(log) {
		line = strings.TrimSpace(line)
		switch {
		case stopped != "":
			if line == "::"+stopped+"::" {
				stopped = ""
			}
		case strings.HasPrefix(line, "::stop-commands::"):
			stopped = strings.TrimPrefix(line, "::stop-commands::")
		case strings.HasPrefix(line, "::"), strings.Contains(line, "##["):
			out = append(out, line)
		}
	}
	return out
}
