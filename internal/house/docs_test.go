package house

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

var update = flag.Bool("update", false, "write what the commands print into the documents and golden files")

// documents are those whose examples are executed. The pages of the rules are held by package rules,
// the examples of docs/language.md and docs/metrics.md by packages schema and analyzer.
var documents = []string{
	"README.md",
	"docs/tutorial.md",
	"docs/output.md",
	"docs/baseline.md",
	"docs/settings.md",
	"docs/ci.md",
	"docs/render.md",
	"docs/policies.md",
	"docs/review.md",
	"docs/resilience.md",
	"docs/whatif.md",
	"docs/availability.md",
	"docs/improve.md",
}

// binaries builds the commands once and returns the folder that holds them.
func binaries(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "./cmd/...")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return dir
}

// block is a fenced code block of a document.
type block struct {
	language, file string // "cue shop.cue" gives both
	start, end     int    // the content's bytes in the document
	line           int
}

func blocks(source []byte) []block {
	var out []block
	doc := goldmark.DefaultParser().Parse(text.NewReader(source))
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		fence, ok := n.(*ast.FencedCodeBlock)
		if !ok || !entering || fence.Lines().Len() == 0 || fence.Info == nil {
			return ast.WalkContinue, nil
		}
		language, file, _ := strings.Cut(string(fence.Info.Segment.Value(source)), " ")
		lines := fence.Lines()
		start, end := lines.At(0).Start, lines.At(lines.Len()-1).Stop
		out = append(out, block{language, file, start, end, 1 + bytes.Count(source[:start], []byte("\n"))})
		return ast.WalkContinue, nil
	})
	return out
}

// TestDocuments runs every example of the documents in order: a block "cue shop.cue" is a file that
// the reader saves, a block "console" is what the reader types after "$ " and then sees (standard
// output and standard error together). Blocks of "sh" are commands for the reader's own machine and
// are held by TestShellBlocks.
func TestDocuments(t *testing.T) {
	bin := binaries(t)
	for _, name := range documents {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("../..", name)
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			var updated bytes.Buffer
			last, ran := 0, 0
			for _, b := range blocks(source) {
				content := source[b.start:b.end]
				switch {
				case b.file != "":
					file := filepath.Join(dir, b.file)
					if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, content, 0o666); err != nil {
						t.Fatal(err)
					}
				case b.language == "console":
					ran++
					got := runConsole(t, bin, dir, string(content))
					if got != string(content) && !*update {
						t.Errorf("%s:%d: the document shows\n%s\nthe commands print\n%s", name, b.line, content, got)
					}
					updated.Write(source[last:b.start])
					updated.WriteString(got)
					last = b.end
				}
			}
			if ran == 0 {
				t.Errorf("%s has no example", name)
			}
			if *update {
				updated.Write(source[last:])
				if err := os.WriteFile(path, updated.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// runConsole runs the commands of a console block and returns the block as it should stand.
func runConsole(t *testing.T, bin, dir, content string) string {
	t.Helper()
	var out strings.Builder
	for line := range strings.Lines(content) {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		cmd := exec.Command("sh", "-c", command)
		cmd.Dir = dir
		root, err := filepath.Abs("../..")
		if err != nil {
			t.Fatal(err)
		}
		cmd.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + dir, "COLUMNS=80", "LC_ALL=C.UTF-8", "LINTEL_SOURCE=" + root,
			// Commits have the same ids everywhere.
			"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=A",
			"GIT_COMMITTER_EMAIL=a@example.org", "GIT_AUTHOR_DATE=2026-01-01T12:00:00Z", "GIT_COMMITTER_DATE=2026-01-01T12:00:00Z"}
		printed, _ := cmd.CombinedOutput() // the exit code is shown by the document where it matters
		fmt.Fprintf(&out, "$ %s", command)
		out.Write(printed)
		if len(printed) > 0 && !bytes.HasSuffix(printed, []byte("\n")) {
			out.WriteString("\n")
		}
	}
	return out.String()
}

// shellLines are the commands that documents show for the reader's own machine, each with what holds it.
var shellLines = map[string]string{
	"make demo":                  "TestMakeTargets",
	"make test":                  "it is what runs this test in CI",
	"make bench":                 "TestMakeTargets",
	"make docs":                  "TestMakeTargets",
	"make test-long":             "TestMakeTargets",
	"make release VERSION=1.2.3": "TestRelease",
	"go install ./cmd/...":       "binaries builds the same packages",
	"go test ./... -update":      "the tests that take the flag",
	"sh install.sh --from https://files.example.com/lintel/{version} --version 1.2.3 --prefix ~/.local": "TestRelease",
	`podman build --build-arg VERSION=1.2.3 --build-arg COMMIT="$(git rev-parse HEAD)" -t lintel .`:     "TestContainerBuild",
	`podman run --rm --read-only --tmpfs /tmp -v "$PWD:/work:ro" lintel check ./...`:                    "TestContainerBuild",
}

// TestShellBlocks holds the commands that documents show but that no test can run inside itself.
func TestShellBlocks(t *testing.T) {
	all := append(slices.Clone(documents), "CONTRIBUTING.md", "docs/architecture.md")
	for _, name := range all {
		source, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks(source) {
			if b.language != "sh" || b.file != "" {
				continue
			}
			for line := range strings.Lines(string(source[b.start:b.end])) {
				line = strings.TrimSpace(strings.SplitN(line, " #", 2)[0])
				if line == "" || strings.HasPrefix(line, "git clone ") || strings.HasPrefix(line, "cd ") {
					continue
				}
				if _, ok := shellLines[line]; !ok {
					t.Errorf("%s:%d: no test holds the command %q", name, b.line, line)
				}
			}
		}
	}
}

// TestMakeTargets holds that the make targets the documents name exist, and runs the demonstration.
func TestMakeTargets(t *testing.T) {
	for _, target := range []string{"demo", "test", "test-long", "bench", "docs", "build", "release"} {
		cmd := exec.Command("make", "--dry-run", target)
		cmd.Dir = "../.."
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("make %s: %v\n%s", target, err, out)
		}
	}
	cmd := exec.Command("make", "demo")
	cmd.Dir = "../.."
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("make demo: %v\n%s", err, out)
	}
	if !bytes.Contains(out, []byte("RES001")) {
		t.Errorf("make demo shows no finding:\n%s", out)
	}
	if picture, err := os.ReadFile("../../bin/online-boutique.svg"); err != nil || !bytes.Contains(picture, []byte("</svg>")) {
		t.Errorf("make demo draws no picture: %v\n%s", err, out)
	}
}
