//go:build unix

package house

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// instruction is one of a Containerfile, its lines joined.
type instruction struct{ name, args string }

func containerfile(t *testing.T) []instruction {
	t.Helper()
	text, err := os.ReadFile("../../Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	var out []instruction
	joined := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if more, ok := strings.CutSuffix(line, `\`); ok {
			joined += strings.TrimSpace(more) + " "
			continue
		}
		name, args, ok := strings.Cut(joined+line, " ")
		if joined = ""; !ok {
			t.Fatalf("Containerfile: %q is no instruction", line)
		}
		out = append(out, instruction{name, strings.TrimSpace(args)})
	}
	return out
}

// TestContainerfile holds the Containerfile to its form and to the files that it copies.
func TestContainerfile(t *testing.T) {
	stages, user, last := map[string]bool{}, "", ""
	base := regexp.MustCompile(`^docker\.io/library/[a-z]+:[0-9][0-9a-z.-]*( AS [a-z]+)?$`)
	for _, in := range containerfile(t) {
		switch in.name {
		case "FROM":
			if !base.MatchString(in.args) {
				t.Errorf("FROM %s is not pinned to a version", in.args)
			}
			_, name, _ := strings.Cut(in.args, " AS ")
			stages[name], user = true, ""
		case "COPY":
			words := strings.Fields(in.args)
			if from, ok := strings.CutPrefix(words[0], "--from="); ok {
				if !stages[from] {
					t.Errorf("COPY %s: there is no such stage before", in.args)
				}
				continue
			}
			for _, name := range words[:len(words)-1] {
				if _, err := os.Stat(filepath.Join("../..", name)); err != nil {
					t.Errorf("COPY %s: %v", in.args, err)
				}
			}
		case "USER":
			user = in.args
		case "RUN", "ARG", "ENV", "WORKDIR", "ENTRYPOINT", "CMD":
		default:
			t.Errorf("%s is no instruction that this test knows", in.name)
		}
		last = in.name
	}
	if user != "65532:65532" || last != "CMD" {
		t.Errorf("the image runs as %q and ends with %s", user, last)
	}
	// What is left out of the build is nothing that programs are built from.
	ignored, err := os.ReadFile("../../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "list", "-deps", "-f", `{{if and .Module (eq .Module.Path "lintel")}}{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}{{range .EmbedFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}{{end}}`, "./cmd/...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	root := mustAbs(t, "../..")
	files := strings.Fields(string(out))
	if len(files) < 100 {
		t.Fatalf("only %d files make up the programs", len(files))
	}
	for _, file := range append(files, root+"/go.mod", root+"/go.sum", root+"/LICENSE", root+"/ci/gitlab/note.sh") {
		name := strings.TrimPrefix(file, root+"/")
		for pattern := range strings.Lines(string(ignored)) {
			pattern = strings.TrimSpace(pattern)
			folder, anywhere := strings.CutPrefix(pattern, "**/")
			for dir := name; dir != "."; dir = path.Dir(dir) {
				if dir == pattern || anywhere && path.Base(dir) == folder {
					t.Errorf(".dockerignore leaves out %s by %q", name, pattern)
				}
			}
		}
	}
}

// TestContainerBuild runs the build of the Containerfile and what it makes as the image would: as another user, with a HOME
// that cannot be written.
func TestContainerBuild(t *testing.T) {
	build := ""
	for _, in := range containerfile(t) {
		if in.name == "RUN" && strings.Contains(in.args, "go build") {
			build = in.args
		}
	}
	out := t.TempDir()
	if !strings.Contains(build, " -o /out/ ") {
		t.Fatalf("the Containerfile builds by %q", build)
	}
	cmd := exec.Command("sh", "-ec", strings.Replace(build, " -o /out/ ", " -o "+out+"/ ", 1))
	cmd.Dir, cmd.Env = "../..", append(os.Environ(), "VERSION=v1.2.3", "COMMIT=0123456789abcdef0123456789abcdef01234567") // also with the v of a tag
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, program := range []string{"lintel", "lintel-graphviz"} {
		text, err := exec.Command(filepath.Join(out, program), "--version").Output()
		if err != nil || !strings.HasPrefix(string(text), program+" v1.2.3 ") {
			t.Errorf("%s --version: %v, %s", program, err, text)
		}
		if program == "lintel" && !strings.Contains(string(text), "commit 0123456789ab") {
			t.Errorf("%s --version tells no commit: %s", program, text)
		}
	}
	if os.Getuid() != 0 {
		t.Skip("needs root to become another user")
	}

	repository := newRepository(t, map[string]string{"shop/design.cue": soundShop})
	writeFiles(t, repository, map[string]string{"shop/design.cue": weakShop})
	home, system := t.TempDir(), filepath.Join(t.TempDir(), "gitconfig")
	if err := os.Chmod(home, 0o555); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(system, []byte("[safe]\n\tdirectory = *\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	openFolders(t, out, repository, home, system)
	writable := t.TempDir()
	if err := os.Chmod(writable, 0o777); err != nil {
		t.Fatal(err)
	}
	openFolders(t, writable)
	run := func(cache string, args ...string) (string, int) {
		cmd := exec.Command(filepath.Join(out, "lintel"), args...)
		cmd.Dir = repository
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_CACHE_HOME=" + cache, "TMPDIR=" + writable, "GIT_CONFIG_SYSTEM=" + system}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
		text, _ := cmd.CombinedOutput()
		return string(text), cmd.ProcessState.ExitCode()
	}
	if text, code := run(writable, "check", "./..."); code != 1 || !strings.Contains(text, "RES001") {
		t.Errorf("check: exit code %d\n%s", code, text)
	}
	if text, code := run(writable, "review", "main"); code != 1 || !strings.Contains(text, "1 new error") {
		t.Errorf("review: exit code %d\n%s", code, text)
	}
	for _, cache := range []string{writable, "/nonexistent"} {
		if text, code := run(cache, "render", "shop", "--quiet", "-o", filepath.Join(writable, "shop.svg")); code != 0 {
			t.Errorf("render with the cache in %s: exit code %d\n%s", cache, code, text)
		}
	}
	// Without the line about safe.directory git refuses the repository, and lintel says so.
	if err := os.WriteFile(system, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if text, code := run(writable, "review", "main"); code != 2 || !strings.Contains(text, "safe.directory") {
		t.Errorf("review of another user's repository: exit code %d\n%s", code, text)
	}
}

// openFolders lets other users reach the files.
func openFolders(t *testing.T, paths ...string) {
	t.Helper()
	for _, p := range paths {
		for dir := filepath.Dir(p); len(dir) > len(os.TempDir()); dir = filepath.Dir(dir) {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, p := range paths[:1] {
		if info, err := os.Stat(p); err == nil && info.IsDir() && info.Mode().Perm()&0o005 != 0o005 {
			if err := os.Chmod(p, info.Mode().Perm()|0o055); err != nil {
				t.Fatal(err)
			}
		}
	}
}
