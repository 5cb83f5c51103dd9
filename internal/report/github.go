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
	annotate(&b, r)
	var text bytes.Buffer
	if err := Text(&text, r, TextOptions{}); err != nil {
		return err
	}
	if err := WithoutCommands(&b, text.Bytes()); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// annotate writes a workflow command for each fault and finding.
func annotate(b *bytes.Buffer, r *Report) {
	a := &annotations{out: b, r: r, lines: newLines(r)}
	for _, e := range r.Errors {
		text := e.Message
		if e.Hint != "" {
			text += "\nhelp: " + e.Hint
		}
		a.add(nil, "error", e.Pos, "lintel: invalid input", text)
	}
	for res, f := range r.findings() {
		a.add(res, githubLevel(f.Severity), place(res, f), title(f.Rule), githubMessage(f))
	}
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
		lines = append(lines, visible(p.label()+": "+p.String()))
	}
	for i := range f.Suggestions {
		lines = append(lines, "help: "+visible(f.Advice(i)))
	}
	return strings.Join(lines, "\n")
}

// annotations writes workflow commands.
type annotations struct {
	out   *bytes.Buffer
	r     *Report
	lines *lines
}

func (a *annotations) add(res *rules.Result, level string, at schema.Range, title, message string) {
	var props []string
	if at.File != "" {
		props = append(props, "file="+githubProperty(a.r.fromRoot(at.File)))
	}
	if at.IsKnown() {
		props = append(props, fmt.Sprintf("line=%d", at.StartLine), fmt.Sprintf("endLine=%d", max(at.EndLine, at.StartLine)))
		if at.EndLine <= at.StartLine { // columns count only within one line
			from := a.lines.utf16Column(res, at.File, at.StartLine, at.StartColumn)
			to := a.lines.utf16Column(res, at.File, at.StartLine, at.EndColumn)
			props = append(props, fmt.Sprintf("col=%d", from), fmt.Sprintf("endColumn=%d", max(from, to)))
		}
	}
	props = append(props, "title="+githubProperty(title))
	fmt.Fprintf(a.out, "::%s %s::%s\n", level, strings.Join(props, ","), githubData(message))
}

var (
	githubDataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubPropertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubData(s string) string     { return githubDataEscapes.Replace(s) }
func githubProperty(s string) string { return githubPropertyEscapes.Replace(s) }
