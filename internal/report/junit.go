package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"

	"lintel/rules"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Error   *junitFailure `xml:"error"`
	Failure *junitFailure `xml:"failure"`
	Skipped *junitSkipped `xml:"skipped"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitSkipped struct {
	Text string `xml:",chardata"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the report as test results: a suite for each design, a case for each finding, and one
// case that passes for a design without findings. Findings below the severity that fails the run pass,
// with their text as output, so that the tests fail when lintel does. What a baseline knows is one skipped case. Faults of the input are errors.
func JUnit(w io.Writer, r *Report) error {
	out := junitSuites{Name: "lintel"}
	if len(r.Errors) > 0 {
		s := junitSuite{Name: "input"}
		for _, e := range r.Errors {
			name := e.Pos.String()
			if name == "" {
				name = "input"
			}
			text := visible(e.Error())
			if e.Hint != "" {
				text += "\nhelp: " + visible(e.Hint)
			}
			s.Cases = append(s.Cases, junitCase{Name: name, Class: "lintel.input", Error: &junitFailure{"invalid-input", visible(e.Message), text}})
		}
		out.add(s)
	}
	for _, res := range r.Results {
		s := junitSuite{Name: visible(res.Design.System + " (" + res.Design.Path + ")")}
		class := "lintel." + visible(res.Design.System)
		for i := range res.Findings {
			s.Cases = append(s.Cases, r.junitCase(class, res, &res.Findings[i]))
		}
		if len(res.Findings) == 0 {
			s.Cases = []junitCase{{Name: "no findings", Class: class}}
		}
		if len(res.Known) > 0 {
			s.Cases = append(s.Cases, r.junitKnown(class, len(res.Known)))
		}
		out.add(s)
	}
	if known := r.knownSettings(); len(r.Settings)+known > 0 {
		s := junitSuite{Name: cmp.Or(r.besides(), "settings")}
		if known > 0 {
			s.Cases = append(s.Cases, r.junitKnown("lintel.settings", known))
		}
		for i := range r.Settings {
			s.Cases = append(s.Cases, r.junitCase("lintel.settings", nil, &r.Settings[i]))
		}
		out.add(s)
	}
	return writeXML(w, out)
}

func (s *junitSuites) add(suite junitSuite) {
	suite.Tests = len(suite.Cases)
	for _, c := range suite.Cases {
		if c.Failure != nil {
			suite.Failures++
		}
		if c.Error != nil {
			suite.Errors++
		}
	}
	s.Tests, s.Failures, s.Errors = s.Tests+suite.Tests, s.Failures+suite.Failures, s.Errors+suite.Errors
	s.Suites = append(s.Suites, suite)
}

func (r *Report) junitKnown(class string, n int) junitCase {
	return junitCase{Name: "known findings", Class: class, Skipped: &junitSkipped{
		visible(plural(n, "finding is", "findings are") + " known to the baseline " + r.Baseline.File)}}
}

func (r *Report) junitCase(class string, res *rules.Result, f *rules.Finding) junitCase {
	text := fmt.Sprintf("%s: %s[%s] %s: %s", visible(place(res, f).String()), f.Severity, f.Rule.Code(), visible(f.Rule.Name), githubMessage(f))
	c := junitCase{Name: title(f.Rule) + ": " + visible(f.Subject.Name), Class: class}
	if r.fails(f) {
		c.Failure = &junitFailure{f.Severity.String(), visible(f.Message), text}
	} else {
		c.Output = text
	}
	return c
}

func writeXML(w io.Writer, v any) error {
	text, err := xml.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}
