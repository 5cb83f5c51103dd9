package house

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// markdownFiles lists the documents of the repository, the generated ones included.
func markdownFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"../../*.md", "../../docs/*.md", "../../docs/*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 10 {
		t.Fatalf("only these documents were found: %v", files)
	}
	return files
}

// TestLinks holds that links from one document to another lead to a file and a heading that exist.
func TestLinks(t *testing.T) {
	parser := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()
	links := 0
	for _, name := range markdownFiles(t) {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_ = ast.Walk(parser.Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if !entering {
				return ast.WalkContinue, nil
			}
			var to string
			switch n := n.(type) {
			case *ast.Link:
				to = string(n.Destination)
			case *ast.Image:
				to = string(n.Destination)
			}
			if to == "" || strings.Contains(to, "://") {
				return ast.WalkContinue, nil
			}
			links++
			file, heading, _ := strings.Cut(to, "#")
			target := name
			if file != "" {
				target = filepath.Join(filepath.Dir(name), filepath.FromSlash(file))
			}
			there, err := os.ReadFile(target)
			switch {
			case err != nil:
				if info, statErr := os.Stat(target); statErr != nil || !info.IsDir() {
					t.Errorf("%s: the link to %s leads nowhere", name, to)
				}
			case heading != "" && !anchors(there)[heading]:
				t.Errorf("%s: %s has no heading #%s", name, file, heading)
			}
			return ast.WalkContinue, nil
		})
	}
	if links < 20 {
		t.Errorf("only %d links were found", links)
	}
}

var heading = regexp.MustCompile(`^#{1,6} +(.*)$`)

// anchors returns the names by which code hosts address the headings of a document.
func anchors(source []byte) map[string]bool {
	out := map[string]bool{}
	fenced := false
	for line := range bytes.Lines(source) {
		line = bytes.TrimSpace(line)
		if bytes.HasPrefix(line, []byte("```")) {
			fenced = !fenced
		}
		m := heading.FindSubmatch(line)
		if m == nil || fenced {
			continue
		}
		out[strings.Map(func(r rune) rune {
			switch {
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			case r == ' ':
				return '-'
			}
			return -1
		}, string(m[1]))] = true
	}
	return out
}
