package cli

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	urfave "github.com/urfave/cli/v2"

	"lintel/analyzer"
	"lintel/internal/report"
	"lintel/rules"
	"lintel/schema"
)

// policyResult is what became of the examples of one policy.
type policyResult struct {
	path     string
	policy   *schema.Policy
	sources  map[string][]byte
	examples []exampleResult
}

// exampleResult is what became of one example.
type exampleResult struct {
	bad      bool // stands under bad:
	name     string
	example  *schema.PolicyExample
	findings []rules.Finding
}

// holds reports whether the policy says of the example what it should.
func (e *exampleResult) holds() bool { return e.bad == (len(e.findings) > 0) }

func (r *policyResult) failures() int {
	n := 0
	for i := range r.examples {
		if !r.examples[i].holds() {
			n++
		}
	}
	return n
}

func runPolicyTest(s *session, c *urfave.Context) error {
	format := c.String("format")
	if !slices.Contains(policyTestFormats, format) {
		return badChoice("--format", format, policyTestFormats)
	}
	sets, faults, err := s.loadPolicies(c)
	if err != nil {
		return err
	}
	only, err := namedPolicies(c.StringSlice("only"), sets)
	if err != nil {
		return err
	}
	results, more := testPolicies(sets, only)
	faults = append(faults, more...)
	s.tellErrors(faults)
	switch format {
	case "json":
		err = s.printed(policyTestJSON(results))
	case "junit":
		err = s.printed(policyTestJUnit(results))
	default:
		if len(results) > 0 || len(faults) == 0 {
			err = s.tellPolicyTests(results, c.Bool("quiet"))
		}
	}
	if err != nil {
		return err
	}
	switch {
	case len(faults) > 0:
		return exit(exitInput)
	case slices.ContainsFunc(results, func(r policyResult) bool { return r.failures() > 0 }):
		return exit(exitFindings)
	}
	return nil
}

func (s *session) printed(text string, err error) error {
	if err != nil {
		return err
	}
	return s.print(text)
}

// namedPolicies reads --only: nil is every policy.
func namedPolicies(values []string, sets []schema.PolicySet) (map[string]bool, error) {
	if len(values) == 0 {
		return nil, nil
	}
	var names []string
	for _, set := range sets {
		for _, p := range set.Policies {
			names = append(names, p.Name)
		}
	}
	only := map[string]bool{}
	for _, v := range values {
		for name := range strings.SplitSeq(v, ",") {
			name = strings.TrimSpace(name)
			if !slices.Contains(names, name) {
				e := usagef("--only: there is no policy %q", name)
				if n, ok := nearest(name, names); ok {
					e = e.hint("did you mean %s?", n)
				}
				return nil, e
			}
			only[name] = true
		}
	}
	return only, nil
}

// testPolicies judges the examples of each policy, in order of path and name. Policies of which an example is wrong are
// left out.
func testPolicies(sets []schema.PolicySet, only map[string]bool) ([]policyResult, schema.Errors) {
	var out []policyResult
	for i := range sets {
		for _, p := range sets[i].Policies {
			if only == nil || only[p.Name] {
				out = append(out, policyResult{path: sets[i].Path, policy: p, sources: sets[i].Sources})
			}
		}
	}
	errs, wrong := make([]error, len(out)), make([]schema.Errors, len(out))
	eachOnAllCores(len(out), func(i int) {
		r := &out[i]
		for _, bad := range []bool{false, true} {
			list, word := r.policy.OK, "ok"
			if bad {
				list, word = r.policy.Bad, "bad"
			}
			for k := range list {
				e := exampleResult{bad: bad, example: &list[k], name: word + " example " + strconv.Itoa(k+1)}
				if list[k].Name != "" {
					e.name = word + " example " + strconv.Quote(list[k].Name)
				}
				found, err := rules.TestPolicy(r.policy, list[k].Design)
				if err != nil {
					errs[i] = err
					return
				}
				wrong[i] = append(wrong[i], withSnippets(e.contradictions(r), r.sources)...)
				e.findings = found
				r.examples = append(r.examples, e)
			}
		}
	})
	faults, sound := slices.Concat(wrong...), out[:0:0]
	for i := range out {
		if len(wrong[i]) == 0 {
			sound = append(sound, out[i])
		}
	}
	for _, err := range errs {
		if list, other := asFaults(err); other == nil {
			faults = append(faults, list...)
		} else {
			faults = append(faults, schema.Error{Message: other.Error()})
		}
	}
	return sound, faults
}

// tellPolicyTests prints a line for each policy, below it what does not hold, and the sum.
func (s *session) tellPolicyTests(results []policyResult, quiet bool) error {
	longest, examples, failed := 0, 0, 0
	var none, unproved []string
	for i := range results {
		r := &results[i]
		longest = max(longest, min(len(r.policy.Name), 40))
		examples += len(r.examples)
		failed += r.failures()
		switch {
		case len(r.examples) == 0:
			none = append(none, r.policy.Name)
		case len(r.policy.Bad) == 0:
			unproved = append(unproved, r.policy.Name)
		}
	}
	var b strings.Builder
	for i := range results {
		r := &results[i]
		verdict, tail := "pass", countOf(len(r.examples), "example")
		switch n := r.failures(); {
		case len(r.examples) == 0:
			verdict, tail = "none", "no examples"
		case n > 0:
			verdict, tail = "FAIL", fmt.Sprintf("%d of %s", n, countOf(len(r.examples), "example"))
		case quiet:
			continue
		}
		if quiet && len(r.examples) == 0 {
			continue
		}
		fmt.Fprintf(&b, "%s  %-*s  %s\n", verdict, longest, printable(r.policy.Name), tail)
		if r.failures() > 0 {
			b.WriteByte('\n')
			for k := range r.examples {
				if e := &r.examples[k]; !e.holds() {
					if err := report.Errors(&b, withSnippets(schema.Errors{e.fault(r)}, r.sources), report.TextOptions{Width: widthOf(s.stdout), Color: s.colored(s.stdout)}); err != nil {
						return err
					}
					b.WriteByte('\n')
				}
			}
		}
	}
	if len(results) == 0 {
		b.WriteString("no policies\n")
	} else if !quiet || failed > 0 {
		verb := "all hold"
		switch {
		case failed == 1:
			verb = "1 does not hold"
		case failed > 1:
			verb = fmt.Sprintf("%d do not hold", failed)
		case examples == 0:
			verb = "nothing was tested"
		}
		if !strings.HasSuffix(b.String(), "\n\n") {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s, %s: %s\n", countOf(len(results), "policy"), countOf(examples, "example"), verb)
	}
	if err := s.print(b.String()); err != nil || quiet {
		return err
	}
	for _, note := range []struct {
		names []string
		text  string
	}{
		{none, "without examples, so that nothing shows what it does: "},
		{unproved, "without a bad example, so that nothing shows that it ever finds fault: "},
	} {
		if len(note.names) > 0 {
			fmt.Fprintf(s.stderr, "warning: %s %s%s\n", countOf(len(note.names), "policy"), note.text, printable(strings.Join(note.names, ", ")))
		}
	}
	return nil
}

func countOf(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		noun = stem + "ie"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// fault says why an example does not hold.
func (e *exampleResult) fault(r *policyResult) schema.Error {
	subject := "policy " + r.policy.Name + ": " + e.name
	if e.bad {
		return schema.Error{Pos: e.example.Pos, Message: subject + " is not found at fault",
			Hint:    "the policy finds nothing that it selects and that breaks its demand",
			Related: []schema.Related{{Message: "the policy", Pos: r.policy.Pos}}}
	}
	out := schema.Error{Pos: e.example.Pos, Message: subject + " is found at fault"}
	for i := range e.findings {
		const most = 5
		f := &e.findings[i]
		if i == most {
			out.Related = append(out.Related, schema.Related{Message: fmt.Sprintf("and %d more", len(e.findings)-most)})
			break
		}
		out.Related = append(out.Related, schema.Related{Message: f.Subject.Name + ": " + f.Message, Pos: f.Location})
	}
	return out
}

// contradictions tells what the design of an example refers to and does not have, and where it contradicts itself. Such an
// example shows nothing: what a policy looks for may not be there at all.
func (e *exampleResult) contradictions(r *policyResult) schema.Errors {
	only := rules.Settings{Only: []string{"HYG001", "HYG002"}}
	var out schema.Errors
	for _, f := range rules.Run(analyzer.New(e.example.Design), only, time.Time{}).Findings {
		fault := schema.Error{Pos: f.Location, Message: fmt.Sprintf("policy %s: %s: %s", r.policy.Name, e.name, f.Message)}
		if len(f.Suggestions) > 0 {
			fault.Hint = f.Suggestions[0]
		}
		for _, rel := range f.Related {
			fault.Related = append(fault.Related, schema.Related{Message: rel.Message, Pos: rel.Location})
		}
		out = append(out, fault)
	}
	return out
}

type policyTestEntry struct {
	policyEntry
	Examples []exampleEntry `json:"examples"`
}

type exampleEntry struct {
	Kind     string         `json:"kind"` // ok or bad
	Name     string         `json:"name"` // "" in a list
	File     string         `json:"file"`
	Line     int            `json:"line"`
	Pass     bool           `json:"pass"`
	Findings []exampleFault `json:"findings"`
}

type exampleFault struct {
	Subject string `json:"subject"`
	Message string `json:"message"`
}

func policyTestJSON(results []policyResult) (string, error) {
	out := struct {
		SchemaVersion int               `json:"schemaVersion"`
		Pass          bool              `json:"pass"`
		Policies      []policyTestEntry `json:"policies"`
	}{1, true, []policyTestEntry{}}
	for i := range results {
		r := &results[i]
		entry := policyTestEntry{entryOf(r.path, r.policy), []exampleEntry{}}
		for k := range r.examples {
			e := &r.examples[k]
			one := exampleEntry{Kind: "ok", Name: e.example.Name, File: e.example.Pos.File, Line: e.example.Pos.StartLine, Pass: e.holds(), Findings: []exampleFault{}}
			if e.bad {
				one.Kind = "bad"
			}
			for _, f := range e.findings {
				one.Findings = append(one.Findings, exampleFault{f.Subject.Name, f.Message})
			}
			out.Pass = out.Pass && one.Pass
			entry.Examples = append(entry.Examples, one)
		}
		out.Policies = append(out.Policies, entry)
	}
	return indentedJSON(out)
}

type policySuites struct {
	XMLName  xml.Name      `xml:"testsuites"`
	Name     string        `xml:"name,attr"`
	Tests    int           `xml:"tests,attr"`
	Failures int           `xml:"failures,attr"`
	Suites   []policySuite `xml:"testsuite"`
}

type policySuite struct {
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Cases    []policyCase `xml:"testcase"`
}

type policyCase struct {
	Name    string       `xml:"name,attr"`
	Class   string       `xml:"classname,attr"`
	Failure *policyFault `xml:"failure"`
}

type policyFault struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// policyTestJUnit gives a suite for each policy and a case for each example.
func policyTestJUnit(results []policyResult) (string, error) {
	out := policySuites{Name: "lintel policies"}
	for i := range results {
		r := &results[i]
		suite := policySuite{Name: printable(r.policy.Name), Tests: len(r.examples), Failures: r.failures()}
		for k := range r.examples {
			e := &r.examples[k]
			one := policyCase{Name: printable(e.name), Class: "lintel.policy." + printable(r.policy.Name)}
			if !e.holds() {
				fault := e.fault(r)
				text := fault.Pos.String()
				for _, rel := range fault.Related {
					text += "\n" + rel.Message
				}
				one.Failure = &policyFault{"example", printable(fault.Message), printable(text)}
			}
			suite.Cases = append(suite.Cases, one)
		}
		out.Tests += suite.Tests
		out.Failures += suite.Failures
		out.Suites = append(out.Suites, suite)
	}
	text, err := xml.MarshalIndent(out, "", "  ")
	return xml.Header + string(text) + "\n", err
}
