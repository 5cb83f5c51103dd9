package rules

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed pages/*.md
var pages embed.FS

// Page is the hand-written part of a rule's documentation, in Markdown.
type Page struct {
	Sections []Section // the same five, in the same order, for every rule
	Bad      string    // the design of the section "A bad design": the rule has a finding in it
	Good     string    // the design of "A good design": no rule has an error or warning in it
}

// Section is one section of a page.
type Section struct{ Title, Text string }

const badSection, goodSection = "A bad design", "A good design"

var sectionTitles = []string{"What it means", "Why it matters", badSection, goodSection, "How to fix"}

// ReadPage returns the page of a rule, or tells what it lacks.
func ReadPage(r *Rule) (*Page, error) {
	name := "pages/" + r.ID + ".md"
	text, err := pages.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("no page %s", name)
	}
	page, err := parsePage(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return page, nil
}

func parsePage(text string) (*Page, error) {
	page := &Page{}
	fenced := false
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		switch title, ok := strings.CutPrefix(line, "## "); {
		case ok && !fenced:
			page.Sections = append(page.Sections, Section{Title: title})
		case len(page.Sections) > 0:
			page.Sections[len(page.Sections)-1].Text += line + "\n"
		case strings.TrimSpace(line) != "":
			return nil, fmt.Errorf("line %d: text before the first section", i+1)
		}
	}
	if fenced {
		return nil, fmt.Errorf("a block of code has no end")
	}
	if len(page.Sections) != len(sectionTitles) {
		return nil, fmt.Errorf("has %d sections, want %q", len(page.Sections), sectionTitles)
	}
	for i := range page.Sections {
		s := &page.Sections[i]
		s.Text = strings.TrimSpace(s.Text)
		if s.Title != sectionTitles[i] {
			return nil, fmt.Errorf("section %d is %q, want %q", i+1, s.Title, sectionTitles[i])
		}
		if s.Text == "" {
			return nil, fmt.Errorf("section %q is empty", s.Title)
		}
		var err error
		switch s.Title {
		case badSection:
			page.Bad, err = onlyDesign(s)
		case goodSection:
			page.Good, err = onlyDesign(s)
		}
		if err != nil {
			return nil, err
		}
	}
	return page, nil
}

// onlyDesign returns the one block of CUE in a section.
func onlyDesign(s *Section) (string, error) {
	_, rest, found := strings.Cut(s.Text, "```cue\n")
	design, rest, closed := strings.Cut(rest, "```")
	if !found || !closed || strings.Contains(rest, "```") {
		return "", fmt.Errorf("section %q does not hold just one block of CUE", s.Title)
	}
	return design, nil
}
