package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"lintel/rules"
	"lintel/schema"
)

// GitHub writes workflow commands, which GitHub Actions shows as annotations in the pull request, and
// then the text report, since only ten annotations of a kind are shown. The text stands between
// commands that stop the reading of commands, so that no name in a design is taken for one.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func GitHub(w io.Writer, r *Report) error {
	var b bytes.Buffer
	for _, e := range r.Errors {
		text := e.Message
		if e.Hint != "" {
			text += "\nhelp: " + e.Hint
		}
		annotation(&b, "error", r, e.Pos, "lintel: invalid input", text)
	}
	for res, f := range r.findings() {
		annotation(&b, githubLevel(f.Severity), r, place(res, f), title(f.Rule), githubMessage(f))
	}
	var text bytes.Buffer
	if err := Text(&text, r, TextOptions{}); err != nil {
		return err
	}
	if text.Len() > 0 {
		token := "lintel-" + hashed(text.String())
		fmt.Fprintf(&b, "::stop-commands::%s\n%s::%s::\n", token, text.Bytes(), token)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func githubLevel(s rules.Severity) string {
	switch s {
	case rules.Error:
		return "error"
	case rules.Warning:
		return "warning"
	}
	return "notice"
}

func githubMessage(f *rules.Finding) string {
	lines := []string{visible(f.Message)}
	for _, p := range proofs(f) {
		line := "path: " + strings.Join(p.Path, " -> ")
		if p.Journey != "" {
			line += " (" + p.Journey + ")"
		}
		lines = append(lines, visible(line))
	}
	for _, s := range f.Suggestions {
		lines = append(lines, "help: "+visible(s))
	}
	return strings.Join(lines, "\n")
}

func annotation(b *bytes.Buffer, level string, r *Report, at schema.Range, title, message string) {
	var props []string
	if at.File != "" {
		props = append(props, "file="+githubProperty(r.fromRoot(at.File)))
	}
	if at.IsKnown() {
		props = append(props, fmt.Sprintf("line=%d", at.StartLine), fmt.Sprintf("endLine=%d", max(at.EndLine, at.StartLine)))
		if at.EndLine <= at.StartLine { // columns count only within one line
			props = append(props, fmt.Sprintf("col=%d", at.StartColumn), fmt.Sprintf("endColumn=%d", max(at.EndColumn, at.StartColumn)))
		}
	}
	props = append(props, "title="+githubProperty(title))
	fmt.Fprintf(b, "::%s %s::%s\n", level, strings.Join(props, ","), githubData(message))
}

var (
	githubDataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubPropertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubData(s string) string     { return githubDataEscapes.Replace(s) }
func githubProperty(s string) string { return githubPropertyEscapes.Replace(s) }
