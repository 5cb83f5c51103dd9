package report

import (
	"fmt"
	"io"

	"lintel/rules"
	"lintel/schema"
)

// gitlabIssue is one entry of a GitLab code quality report.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
type gitlabIssue struct {
	Type        string         `json:"type"`
	CheckName   string         `json:"check_name"`
	Description string         `json:"description"`
	Categories  []string       `json:"categories"`
	Severity    string         `json:"severity"`
	Fingerprint string         `json:"fingerprint"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

// GitLab writes a code quality report for GitLab.
func GitLab(w io.Writer, r *Report) error {
	issues, seen := []gitlabIssue{}, fingerprints{}
	for _, e := range r.Errors {
		issues = append(issues, gitlabIssue{
			Type: "issue", CheckName: "lintel/invalid-input", Description: "invalid input: " + e.Message, Categories: []string{"Bug Risk"},
			Severity: "blocker", Fingerprint: seen.unique(hashed("invalid input", e.Pos.File, e.Message)), Location: r.gitlabLocation(e.Pos),
		})
	}
	for res, f := range r.findings() {
		issues = append(issues, gitlabIssue{
			Type: "issue", CheckName: "lintel/" + f.Rule.Name, Description: fmt.Sprintf("%s %s: %s", f.Rule.Code(), visible(f.Rule.Name), visible(f.Message)),
			Categories: []string{gitlabCategory(f.Rule)}, Severity: gitlabSeverity(f.Severity), Fingerprint: seen.of(f), Location: r.gitlabLocation(place(res, f)),
		})
	}
	return writeJSON(w, issues)
}

func (r *Report) gitlabLocation(at schema.Range) gitlabLocation {
	begin := max(at.StartLine, 1)
	return gitlabLocation{r.fromRoot(at.File), gitlabLines{begin, max(at.EndLine, begin)}}
}

func gitlabSeverity(s rules.Severity) string {
	switch s {
	case rules.Error:
		return "critical"
	case rules.Warning:
		return "major"
	}
	return "info"
}

// gitlabCategory gives the category of the Code Climate specification, from which the format comes.
func gitlabCategory(r *rules.Rule) string {
	switch r.Category() {
	case "CPL":
		return "Complexity"
	case "HYG":
		return "Clarity"
	}
	return "Bug Risk"
}
