package report

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"sort"
	"strings"

	"lintel/rules"
	"lintel/schema"
)

// SARIF 2.1.0, as far as lintel uses it. Section numbers are those of the OASIS standard.

const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://json.schemastore.org/sarif-2.1.0.json"
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool               sarifTool            `json:"tool"`
	Invocations        []sarifInvocation    `json:"invocations"`
	OriginalURIBaseIDs map[string]sarifBase `json:"originalUriBaseIds"`
	ColumnKind         string               `json:"columnKind"`
	Results            []sarifResult        `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name            string      `json:"name"`
	Version         string      `json:"version,omitempty"`
	SemanticVersion string      `json:"semanticVersion,omitempty"`
	Rules           []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string           `json:"id"`
	Name             string           `json:"name"`
	ShortDescription sarifText        `json:"shortDescription"`
	FullDescription  sarifText        `json:"fullDescription"`
	Help             sarifMarkdown    `json:"help"`
	HelpURI          string           `json:"helpUri,omitempty"`
	Default          sarifRuleDefault `json:"defaultConfiguration"`
	Properties       sarifRuleProps   `json:"properties"`
}

type sarifRuleDefault struct {
	Enabled bool   `json:"enabled"`
	Level   string `json:"level"`
}

type sarifRuleProps struct {
	Tags      []string `json:"tags"`
	Precision string   `json:"precision"`
	// Problem is the severity that GitHub shows.
	Problem string `json:"problem.severity"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifMarkdown struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown"`
}

type sarifBase struct {
	Description sarifText `json:"description"`
}

type sarifInvocation struct {
	ExecutionSuccessful bool                `json:"executionSuccessful"`
	Notifications       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
}

type sarifResult struct {
	RuleID    string            `json:"ruleId"`
	RuleIndex int               `json:"ruleIndex"`
	Level     string            `json:"level"`
	Message   sarifText         `json:"message"`
	Locations []sarifLocation   `json:"locations"`
	Related   []sarifLocation   `json:"relatedLocations,omitempty"`
	CodeFlows []sarifCodeFlow   `json:"codeFlows,omitempty"`
	Partial   map[string]string `json:"partialFingerprints"`
	Baseline  string            `json:"baselineState,omitempty"`
}

type sarifLocation struct {
	ID       int            `json:"id,omitempty"`
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	Message  *sarifText     `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI       string `json:"uri"`
	URIBaseID string `json:"uriBaseId,omitempty"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"` // exclusive
}

type sarifLogical struct {
	Name string `json:"name"`
	FQN  string `json:"fullyQualifiedName"`
	Kind string `json:"kind,omitempty"`
}

type sarifCodeFlow struct {
	Message     sarifText         `json:"message"`
	ThreadFlows []sarifThreadFlow `json:"threadFlows"`
}

type sarifThreadFlow struct {
	Locations []sarifFlowStep `json:"locations"`
}

type sarifFlowStep struct {
	Location sarifLocation `json:"location"`
}

// sourceRoot is the base of relative addresses: the root of the repository (3.14.14).
const sourceRoot = "%SRCROOT%"

// SARIF writes the report in the Static Analysis Results Interchange Format, with what GitHub code
// scanning asks for. Waived and known findings are left out.
func SARIF(w io.Writer, r *Report) error {
	s := &sarifWriter{r: r, lines: newLines(r), seen: fingerprints{}}
	run := sarifRun{
		Tool:               sarifTool{sarifDriver{Name: "lintel", Rules: []sarifRule{}}},
		Invocations:        []sarifInvocation{s.invocation()},
		OriginalURIBaseIDs: map[string]sarifBase{sourceRoot: {sarifText{"The root of the repository."}}},
		ColumnKind:         "utf16CodeUnits",
		Results:            []sarifResult{},
	}
	if v, ok := strings.CutPrefix(r.Version, "v"); ok {
		run.Tool.Driver.SemanticVersion = v
	}
	run.Tool.Driver.Version = r.Version
	run.Tool.Driver.Rules, s.index = sarifRules(r)
	for res, f := range r.findings() {
		run.Results = append(run.Results, s.result(res, f))
	}
	return writeJSON(w, sarifLog{sarifSchema, sarifVersion, []sarifRun{run}})
}

type sarifWriter struct {
	r     *Report
	lines *lines
	seen  fingerprints
	index map[*rules.Rule]int
}

// sarifRules describes the rules that have findings, in order of id.
func sarifRules(r *Report) ([]sarifRule, map[*rules.Rule]int) {
	index := map[*rules.Rule]int{}
	var used []*rules.Rule
	for _, f := range r.findings() {
		if _, ok := index[f.Rule]; !ok {
			index[f.Rule] = 0
			used = append(used, f.Rule)
		}
	}
	slices.SortFunc(used, func(a, b *rules.Rule) int { return strings.Compare(a.ID, b.ID) })
	out := []sarifRule{}
	for i, rule := range used {
		index[rule] = i
		out = append(out, describeRule(rule))
	}
	return out, index
}

func describeRule(rule *rules.Rule) sarifRule {
	s := sarifRule{
		ID: rule.ID, Name: rule.Name,
		ShortDescription: sarifText{rule.Summary}, FullDescription: sarifText{rule.Summary},
		Help:       sarifMarkdown{Text: rule.Summary, Markdown: rule.Summary},
		Default:    sarifRuleDefault{Enabled: rule.Severity != rules.Off, Level: sarifLevel(rule.Severity)},
		Properties: sarifRuleProps{Tags: []string{"architecture", rule.Category()}, Precision: "high", Problem: problemSeverity(rule.Severity)},
	}
	if len(rule.Sources) > 0 {
		s.HelpURI = rule.Sources[0].URL
	}
	if rule.Policy != nil {
		help := rules.Doc(rule)
		s.Help = sarifMarkdown{Text: help, Markdown: help}
		return s
	}
	page, err := rules.ReadPage(rule)
	if err != nil { // a rule that another program made has no page
		return s
	}
	var help strings.Builder
	fmt.Fprintf(&help, "# %s: %s\n\n%s\n", rule.ID, rule.Name, rule.Summary)
	for i, section := range page.Sections {
		if i == 0 {
			s.FullDescription.Text = rule.Summary + "\n\n" + section.Text
		}
		fmt.Fprintf(&help, "\n## %s\n\n%s\n", section.Title, section.Text)
	}
	s.Help = sarifMarkdown{Text: help.String(), Markdown: help.String()}
	return s
}

func sarifLevel(s rules.Severity) string {
	switch s {
	case rules.Error:
		return "error"
	case rules.Warning:
		return "warning"
	case rules.Info:
		return "note"
	}
	return "none"
}

func problemSeverity(s rules.Severity) string {
	switch s {
	case rules.Error:
		return "error"
	case rules.Warning:
		return "warning"
	}
	return "recommendation"
}

func (s *sarifWriter) invocation() sarifInvocation {
	out := sarifInvocation{ExecutionSuccessful: len(s.r.Errors) == 0}
	for _, e := range s.r.Errors {
		text := e.Message
		if e.Hint != "" {
			text += " (" + e.Hint + ")"
		}
		n := sarifNotification{Level: "error", Message: sarifText{text}}
		if e.Pos.File != "" {
			n.Locations = []sarifLocation{s.location(nil, e.Pos)}
		}
		out.Notifications = append(out.Notifications, n)
	}
	if n := s.r.known(); n > 0 {
		text := plural(n, "finding is", "findings are") + " known to the baseline " + s.r.Baseline.File + " and left out"
		out.Notifications = append(out.Notifications, sarifNotification{Level: "note", Message: sarifText{linkless(text)}})
	}
	return out
}

func (s *sarifWriter) result(res *rules.Result, f *rules.Finding) sarifResult {
	fp := s.seen.of(f)
	main := s.location(res, place(res, f))
	main.Logical = []sarifLogical{{f.Subject.Name, f.System + "/" + f.Subject.Name, string(f.Subject.Kind)}}
	out := sarifResult{
		RuleID: f.Rule.ID, RuleIndex: s.index[f.Rule], Level: sarifLevel(f.Severity),
		Locations: []sarifLocation{main},
		// A fingerprint for the one that GitHub would else compute from the line's text.
		Partial:  map[string]string{"lintel/v1": fp, "primaryLocationLineHash": fp[:16] + ":1"},
		Baseline: s.r.BaselineState,
	}
	var b strings.Builder
	b.WriteString(linkless(f.Message))
	for _, p := range proofs(f) {
		fmt.Fprintf(&b, "\n%s: %s", strings.ToUpper(p.label()[:1])+p.label()[1:], linkless(p.String()))
		if flow, ok := s.codeFlow(res, p); ok {
			out.CodeFlows = append(out.CodeFlows, flow)
		}
	}
	for i, rel := range f.Related {
		if rel.Location.File == "" {
			fmt.Fprintf(&b, "\nSee also: %s", linkless(rel.Message))
			continue
		}
		fmt.Fprintf(&b, "\nSee also: [%s](%d)", linkless(rel.Message), i+1)
		l := s.location(res, rel.Location)
		l.ID, l.Message = i+1, &sarifText{linkless(rel.Message)}
		out.Related = append(out.Related, l)
	}
	for i := range f.Suggestions {
		fmt.Fprintf(&b, "\nHelp: %s", linkless(f.Advice(i)))
	}
	out.Message.Text = b.String()
	return out
}

// linkless escapes what would start a link in a message (3.11.6).
func linkless(s string) string {
	return strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`).Replace(visible(s))
}

// codeFlow gives a path as the places of its modules; it fails where one of them has none.
func (s *sarifWriter) codeFlow(res *rules.Result, p proof) (sarifCodeFlow, bool) {
	flow := sarifCodeFlow{Message: sarifText{linkless(p.String())}, ThreadFlows: []sarifThreadFlow{{}}}
	for _, name := range p.path {
		m := moduleOf(res, name)
		if m == nil || !m.Pos.IsKnown() {
			return flow, false
		}
		l := s.location(res, m.Pos)
		l.Message = &sarifText{linkless(name)}
		flow.ThreadFlows[0].Locations = append(flow.ThreadFlows[0].Locations, sarifFlowStep{l})
	}
	return flow, len(p.path) > 1
}

func moduleOf(res *rules.Result, name string) *schema.Module {
	if res == nil {
		return nil
	}
	m := res.Design.Modules
	i := sort.Search(len(m), func(i int) bool { return m[i].Name >= name })
	if i < len(m) && m[i].Name == name {
		return m[i]
	}
	return nil
}

func (s *sarifWriter) location(res *rules.Result, at schema.Range) sarifLocation {
	out := sarifLocation{Physical: sarifPhysical{Artifact: artifact(s.r.fromRoot(at.File))}}
	if !at.IsKnown() {
		return out
	}
	out.Physical.Region = &sarifRegion{
		StartLine: at.StartLine, StartColumn: s.lines.utf16Column(res, at.File, at.StartLine, at.StartColumn),
		EndLine: max(at.EndLine, at.StartLine), EndColumn: s.lines.utf16Column(res, at.File, max(at.EndLine, at.StartLine), at.EndColumn),
	}
	return out
}

// artifact gives a file's address: below the root of the repository where the path is relative.
func artifact(file string) sarifArtifact {
	if strings.HasPrefix(file, "/") {
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: file}).String()}
	}
	return sarifArtifact{URI: (&url.URL{Path: file}).String(), URIBaseID: sourceRoot}
}
