package house

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// gitlabJob is as much of a job as the template uses, https://docs.gitlab.com/ci/yaml/.
type gitlabJob struct {
	Extends string
	Image   struct {
		Name       string
		Entrypoint []string
	}
	Stage        string
	Variables    map[string]string
	BeforeScript []string `yaml:"before_script"`
	Script       []string
	Rules        []struct{ If, When string }
	Artifacts    struct {
		When     string
		ExposeAs string `yaml:"expose_as"`
		Paths    []string
		Reports  struct{ Codequality, Junit string }
	}
}

// gitlabTemplate reads ci/gitlab/lintel.yml: its variables, and its jobs with what they extend put in.
func gitlabTemplate(t *testing.T) (variables map[string]string, jobs map[string]gitlabJob) {
	t.Helper()
	text, err := os.ReadFile("../../ci/gitlab/lintel.yml")
	if err != nil {
		t.Fatal(err)
	}
	var nodes map[string]yaml.Node
	if err := yaml.Unmarshal(text, &nodes); err != nil {
		t.Fatal(err)
	}
	jobs = map[string]gitlabJob{}
	for name, node := range nodes {
		if name == "variables" {
			if err := node.Decode(&variables); err != nil {
				t.Fatal(err)
			}
			continue
		}
		part, err := yaml.Marshal(&node)
		if err != nil {
			t.Fatal(err)
		}
		var job gitlabJob
		decoder := yaml.NewDecoder(strings.NewReader(string(part)))
		decoder.KnownFields(true) // a keyword that is written wrongly is none of the above
		if err := decoder.Decode(&job); err != nil {
			t.Errorf("job %s: %v", name, err)
		}
		jobs[name] = job
	}
	for name, job := range jobs {
		if job.Extends != "" {
			base, ok := jobs[job.Extends]
			if !ok {
				t.Fatalf("job %s extends %q, which is not there", name, job.Extends)
			}
			job.Image, job.Stage, job.Variables, job.BeforeScript = base.Image, base.Stage, base.Variables, base.BeforeScript
			jobs[name] = job
		}
	}
	return variables, jobs
}

// TestGitLabTemplate runs the jobs of the template in a merge request that brings an error.
func TestGitLabTemplate(t *testing.T) {
	needs(t, "curl", "jq", "git")
	bin := binaries(t)
	variables, jobs := gitlabTemplate(t)
	for _, name := range []string{"lintel", "lintel-review"} {
		job := jobs[name]
		if job.Image.Name != "$LINTEL_IMAGE" || job.Stage != "test" || job.Variables["GIT_DEPTH"] != "0" || job.Artifacts.When != "always" {
			t.Errorf("job %s is %+v", name, job)
		}
	}
	if rules := jobs["lintel-review"].Rules; len(rules) != 1 || rules[0].If != `$CI_PIPELINE_SOURCE == "merge_request_event"` {
		t.Errorf("the review runs by %+v", rules)
	}

	var when []string
	for _, rule := range jobs["lintel"].Rules {
		when = append(when, rule.If+" "+rule.When)
	}
	if want := []string{`$CI_PIPELINE_SOURCE == "merge_request_event" `, `$CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS never`, `$CI_COMMIT_BRANCH `}; !slices.Equal(when, want) {
		t.Errorf("the check runs by %q, not by %q", when, want)
	}

	dir := newRepository(t, map[string]string{"shop/design.cue": soundShop})
	base := runGit(t, dir, "rev-parse", "HEAD")
	writeFiles(t, dir, map[string]string{"shop/design.cue": weakShop})
	commitAll(t, dir, "The change")

	host := &codeHost{t: t, token: "secret", login: "lintel-bot"}
	server := httptest.NewServer(host)
	defer server.Close()
	share := "/usr/local/share/lintel" // where the image has the scripts
	here := mustAbs(t, "../..")
	run := func(script []string, path string, more ...string) (string, int) {
		text := strings.Join(script, "\n")
		cmd := exec.Command("sh", "-e", "-c", strings.ReplaceAll(text, share, here))
		cmd.Dir = dir
		cmd.Env = gitEnvironment("PATH="+path+":"+os.Getenv("PATH"), "CI_MERGE_REQUEST_DIFF_BASE_SHA="+base,
			"CI_API_V4_URL="+server.URL+"/api/v4", "CI_PROJECT_ID=42", "CI_MERGE_REQUEST_IID=7")
		for key, value := range variables {
			cmd.Env = append(cmd.Env, key+"="+value)
		}
		cmd.Env = append(cmd.Env, more...)
		out, _ := cmd.CombinedOutput()
		return string(out), cmd.ProcessState.ExitCode()
	}
	exists := func(names ...string) {
		t.Helper()
		for _, name := range names {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				t.Error(err)
			}
		}
	}

	check := jobs["lintel"]
	if out, code := run(slices.Concat(check.BeforeScript, check.Script), bin); code != 1 || !strings.Contains(out, "RES001") {
		t.Errorf("lintel: exit code %d\n%s", code, out)
	}
	exists(check.Artifacts.Reports.Codequality, check.Artifacts.Reports.Junit)
	if out, code := run(check.Script, bin, "LINTEL_FAIL_ON=never", "LINTEL_PATHS=shop\nshop/design.cue\r\n"); code != 0 || !strings.Contains(out, "RES001") {
		t.Errorf("lintel that never fails: exit code %d\n%s", code, out)
	}
	// Paths stand one a line, and none is ./... .
	writeFiles(t, dir, map[string]string{"an old shop/*.cue": weakShop})
	if out, code := run(check.Script, bin, "LINTEL_PATHS=an old shop\nan old shop/*.cue"); code != 1 || strings.Contains(out, "no such file") || strings.Contains(out, "shop/design.cue") {
		t.Errorf("lintel of a path with spaces: exit code %d\n%s", code, out)
	}
	if out, code := run(check.Script, bin, "LINTEL_PATHS="); code != 1 || !strings.Contains(out, "shop/design.cue") {
		t.Errorf("lintel without paths: exit code %d\n%s", code, out)
	}
	if err := os.RemoveAll(filepath.Join(dir, "an old shop")); err != nil {
		t.Fatal(err)
	}

	review := jobs["lintel-review"]
	out, code := run(review.Script, bin)
	if code != 1 || !strings.Contains(out, "1 new error") || !strings.Contains(out, "LINTEL_GITLAB_TOKEN is not set") {
		t.Errorf("lintel-review without a token: exit code %d\n%s", code, out)
	}
	exists("review.md", "review.json", "diagrams/shop.svg")
	for range 2 {
		if out, code := run(review.Script, bin, "LINTEL_GITLAB_TOKEN=secret"); code != 1 {
			t.Errorf("lintel-review: exit code %d\n%s", code, out)
		}
	}
	if len(host.remarks) != 1 || !strings.Contains(host.remarks[0].Body, "1 new error") {
		t.Errorf("the notes are %v", host.remarks)
	}
	if out, code := run(review.Script, bin, "LINTEL_REVIEW_FAIL_ON=never"); code != 0 {
		t.Errorf("lintel-review that never fails: exit code %d\n%s", code, out)
	}

	// Two designs of one name cannot be drawn into the same file; they are reviewed all the same.
	writeFiles(t, dir, map[string]string{"copy/design.cue": weakShop})
	commitAll(t, dir, "A copy")
	if out, code := run(review.Script, bin); code != 1 || !strings.Contains(out, "2 new errors") || !strings.Contains(out, "The diagrams could not be drawn.") {
		t.Errorf("lintel-review of two designs of one name: exit code %d\n%s", code, out)
	}

	// The merged result holds what came onto the target meanwhile.
	head := runGit(t, dir, "rev-parse", "HEAD")
	runGit(t, dir, "checkout", "--quiet", "--force", "--detach", base)
	writeFiles(t, dir, map[string]string{"third/design.cue": strings.ReplaceAll(weakShop, `"shop"`, `"third"`)})
	commitAll(t, dir, "Meanwhile")
	target := runGit(t, dir, "rev-parse", "HEAD")
	runGit(t, dir, "merge", "--quiet", "--no-edit", head)
	for _, event := range []string{"merged_result", "merge_train"} {
		out, code := run(review.Script, bin, "CI_MERGE_REQUEST_EVENT_TYPE="+event, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA="+target)
		if code != 1 || !strings.Contains(out, "2 new errors") || strings.Contains(out, "third/") {
			t.Errorf("lintel-review of a %s: exit code %d\n%s", event, code, out)
		}
	}
}

// TestGitLabInstall runs what gets lintel where the image has none.
func TestGitLabInstall(t *testing.T) {
	_, jobs := gitlabTemplate(t)
	text := strings.Join(jobs["lintel"].BeforeScript, "\n")
	at := filepath.Join(t.TempDir(), "lintel")
	text = strings.ReplaceAll(text, "/tmp/lintel", at)
	bin := filepath.Join(t.TempDir(), "bin") + "/"
	text = strings.ReplaceAll(text, "/usr/local/bin/", bin)

	origin := newRepository(t, map[string]string{"go.mod": "module lintel\n", "cmd/lintel/main.go": "package main\n\nfunc main() { println(\"the tag\") }\n"})
	runGit(t, origin, "tag", "v1")
	writeFiles(t, origin, map[string]string{"cmd/lintel/main.go": "package main\n\nfunc main() { println(\"the head\") }\n"})
	commitAll(t, origin, "The next one")
	run := func(more ...string) (string, error) {
		cmd := exec.Command("sh", "-e", "-c", text)
		cmd.Env = gitEnvironment(append(goEnvironment(t), more...)...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for ref, want := range map[string]string{"HEAD": "the head", "v1": "the tag", "main": "the head", "": "the head"} {
		if out, err := run("LINTEL_REPOSITORY=file://"+origin, "LINTEL_REF="+ref); err != nil {
			t.Fatalf("%s: %v\n%s", ref, err, out)
		}
		if out, err := exec.Command(bin + "lintel").CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("of %q it builds %q, %v", ref, out, err)
		}
		if err := os.RemoveAll(at); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := run("LINTEL_REPOSITORY="); err == nil || !strings.Contains(out, "set LINTEL_REPOSITORY") {
		t.Errorf("without a repository: %v\n%s", err, out)
	}
}

// TestJenkinsfile runs the commands of the Jenkinsfile, and compares it with the one in the documents.
func TestJenkinsfile(t *testing.T) {
	bin := binaries(t)
	text, err := os.ReadFile("../../ci/jenkins/Jenkinsfile")
	if err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := slices.ContainsFunc(blocks(document), func(b block) bool {
		return b.file == "Jenkinsfile" && string(document[b.start:b.end]) == string(text)
	})
	if !shown {
		t.Error("docs/ci.md does not show the Jenkinsfile as it is")
	}
	if strings.Count(string(text), "{") != strings.Count(string(text), "}") {
		t.Error("the braces do not match")
	}

	origin := newRepository(t, map[string]string{"shop/design.cue": soundShop})
	dir := filepath.Join(t.TempDir(), "clone")
	runGit(t, origin, "clone", "--quiet", origin, dir)
	writeFiles(t, dir, map[string]string{"shop/design.cue": weakShop})
	commitAll(t, dir, "The change")
	codes := map[string]int{}
	for _, match := range regexp.MustCompile(`(?m)^\s*sh '([^']*)'$`).FindAllStringSubmatch(string(text), -1) {
		cmd := exec.Command("sh", "-xe", "-c", match[1])
		cmd.Dir, cmd.Env = dir, gitEnvironment("PATH="+bin+":"+os.Getenv("PATH"), "CHANGE_TARGET=main")
		out, err := cmd.CombinedOutput()
		program := strings.Join(strings.Fields(match[1])[:2], " ")
		if codes[program] = cmd.ProcessState.ExitCode(); codes[program] > 1 {
			t.Errorf("%s: %v\n%s", match[1], err, out)
		}
	}
	if codes["lintel check"] != 0 || codes["git fetch"] != 0 || codes["lintel review"] != 1 || len(codes) != 3 {
		t.Errorf("the exit codes are %v", codes)
	}
	for _, name := range []string{"junit.xml", "checkstyle.xml", "review.md"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil || !strings.Contains(string(text), "'"+name+"'") {
			t.Errorf("%s: %v, or the Jenkinsfile does not keep it", name, err)
		}
	}
}

// TestReviewScript runs the script for other CI, in a clone without history.
func TestReviewScript(t *testing.T) {
	bin := binaries(t)
	document, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	all := blocks(document)
	i := slices.IndexFunc(all, func(b block) bool { return b.file == "review.sh" })
	if i < 0 {
		t.Fatal("docs/ci.md shows no review.sh")
	}
	origin := newRepository(t, map[string]string{"shop/design.cue": soundShop})
	runGit(t, origin, "checkout", "--quiet", "-b", "feature")
	writeFiles(t, origin, map[string]string{"shop/design.cue": weakShop})
	commitAll(t, origin, "The change")
	runGit(t, origin, "checkout", "--quiet", "main")
	writeFiles(t, origin, map[string]string{"README.md": "Shops.\n"})
	commitAll(t, origin, "Meanwhile")
	dir := filepath.Join(t.TempDir(), "clone")
	runGit(t, origin, "clone", "--quiet", "--depth=1", "--branch=feature", "file://"+origin, dir)
	script := filepath.Join(t.TempDir(), "review.sh")
	if err := os.WriteFile(script, document[all[i].start:all[i].end], 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", script, "main")
	cmd.Dir, cmd.Env = dir, gitEnvironment("PATH="+bin+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "1 new error") {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "review.md")); err != nil {
		t.Error(err)
	}
}
