package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"lintel/rules"
)

// Markdown writes the report for a pull request's comment or a job's summary.
func Markdown(w io.Writer, r *Report) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "## lintel: %s\n", r.headline())
	if len(r.Errors) > 0 {
		fmt.Fprintf(&b, "\n### Invalid input\n\n")
		for _, e := range r.Errors {
			b.WriteString("- ")
			if p := e.Pos.String(); p != "" {
				fmt.Fprintf(&b, "%s: ", code(p))
			}
			b.WriteString(prose(e.Message))
			if e.Hint != "" {
				fmt.Fprintf(&b, " (%s)", prose(e.Hint))
			}
			b.WriteString("\n")
		}
	}
	for _, res := range r.Results {
		if len(res.Findings) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n### %s (%s)\n", prose(res.Design.System), code(res.Design.Path))
		for i := range res.Findings {
			markdownFinding(&b, res, &res.Findings[i])
		}
	}
	if len(r.Settings) > 0 {
		fmt.Fprintf(&b, "\n### %s\n", capital(r.besides()))
		for i := range r.Settings {
			markdownFinding(&b, nil, &r.Settings[i])
		}
	}
	for _, note := range ClosingNotes(r) {
		fmt.Fprintf(&b, "\n%s\n", prose(note))
	}
	_, err := w.Write(b.Bytes())
	return err
}

func markdownFinding(b *bytes.Buffer, res *rules.Result, f *rules.Finding) {
	fmt.Fprintf(b, "\n- **%s** %s %s: %s  \n  %s\n", f.Severity, f.Rule.Code(), prose(f.Rule.Name), prose(f.Message), code(place(res, f).String()))
	paths := proofs(f)
	for i, p := range paths {
		if i == maxPaths {
			fmt.Fprintf(b, "  - %s\n", prose(restOf(paths[i:])))
			break
		}
		fmt.Fprintf(b, "  - %s: %s\n", p.label(), markdownPath(p))
	}
	for i, rel := range f.Related {
		if i == maxRelated {
			fmt.Fprintf(b, "  - and %d more\n", len(f.Related)-i)
			break
		}
		fmt.Fprintf(b, "  - %s", prose(rel.Message))
		if p := rel.Location.String(); p != "" {
			fmt.Fprintf(b, ": %s", code(p))
		}
		b.WriteString("\n")
	}
	for i := range f.Suggestions {
		fmt.Fprintf(b, "  - help: %s\n", prose(f.Advice(i)))
	}
}

// markdownPath is proof.String with arrows. A name keeps its "->", which no one but its author may turn into one.
func markdownPath(p proof) string {
	names := make([]string, len(p.path))
	for i, n := range p.path {
		names[i] = prose(n)
	}
	text := strings.Join(names, " → ")
	if p.journeys != "" {
		text += " (" + prose(p.journeys) + ")"
	}
	return text
}

// prose escapes what Markdown or HTML would take for markup, and what a code host would take for a
// mention or a reference.
func prose(s string) string {
	var b strings.Builder
	for _, c := range visible(s) {
		switch c {
		case '\\', '`', '*', '_', '[', ']', '|', '~', '#', '!':
			b.WriteByte('\\')
			b.WriteRune(c)
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '@':
			b.WriteString("@\u200b") // no mention
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// code gives s as a span of code, fenced by more backquotes than it holds.
func code(s string) string {
	s = visible(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
