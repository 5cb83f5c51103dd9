package cli

import (
	"fmt"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/rules"
	"lintel/schema"
)

var policyCommand = &command{
	name: "policy", summary: "Test and list the team's own rules",
	about: `A policy is a rule of the team's own, in CUE: see docs/policies.md. Policies stand in
lint: policies: {…} of a design or of a .lintel.cue, or in a CUE package of their own
that these import.`,
	parts: []*command{policyTestCommand, policyListCommand},
	examples: []example{
		{"lintel policy test", "run the examples of policies"},
		{"lintel policy list ./...", "all policies below this folder"},
	},
}

const policyPaths = `PATH is a design, a settings file, a CUE package or file of policies, a folder, or a
pattern such as ./...; the working folder if none is given. Of a folder, its .lintel.cue
counts too.`

var policyTestCommand = &command{
	name: "policy test", args: "[PATH…]", takes: path, maxArgs: -1,
	summary: "Run the examples that stand beside policies",
	about: policyPaths + `

Each policy judges its own examples, whatever its severity: with those under ok: it
must find no fault, with those under bad: it must find one. Settings and waivers do not
count. The exit code is 0 when all examples hold, 1 when one does not, 2 for bad input
or usage, 3 for a bug in lintel.`,
	flags: []flagSpec{
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: policyTestFormats, initial: "text", usage: "text, json or junit."},
		{name: "only", value: "POLICIES", many: true, takes: anything, usage: "Test only these policies: names, separated by commas. May be repeated."},
		{name: "quiet", short: "q", usage: "Leave out policies whose examples hold, and the closing notes."},
	},
	examples: []example{
		{"lintel policy test ./policies", "of a package of policies"},
		{"lintel policy test ./... --format junit", "of all below, for a CI run"},
		{"lintel policy test --only pci-needs-three", "of one policy"},
	},
	run: runPolicyTest,
}

var policyListCommand = &command{
	name: "policy list", args: "[PATH…]", takes: path, maxArgs: -1,
	summary: "List policies",
	about: policyPaths + `

Lists every policy with its severity, where it stands, and what it is for.`,
	flags: []flagSpec{
		{name: "format", short: "f", value: "FORMAT", takes: choice, choices: policyListFormats, initial: "text", usage: "text or json."},
	},
	examples: []example{
		{"lintel policy list ./...", "all policies below this folder"},
		{"lintel policy list --format json", "for a program"},
	},
	run: runPolicyList,
}

var (
	policyTestFormats = []string{"text", "json", "junit"}
	policyListFormats = []string{"text", "json"}
)

// loadPolicies reads the policies of the command line and tells what is wrong with them. With faults, those that are
// right are returned, too.
func (s *session) loadPolicies(c *urfave.Context) ([]schema.PolicySet, schema.Errors, error) {
	sets, err := schema.LoadPolicies(s.loadOptions(""), pathsOf(c)...)
	faults, err := asFaults(err)
	if err != nil {
		return nil, nil, err
	}
	for i := range sets {
		if more := rules.CheckSettings(&schema.Lint{Policies: sets[i].Policies}); len(more) > 0 {
			faults = append(faults, withSnippets(more, sets[i].Sources)...)
			sets[i].Policies = nil
		}
	}
	return sets, faults, nil
}

func runPolicyList(s *session, c *urfave.Context) error {
	format := c.String("format")
	if format != "text" && format != "json" {
		return badChoice("--format", format, policyListFormats)
	}
	sets, faults, err := s.loadPolicies(c)
	if err != nil {
		return err
	}
	s.tellErrors(faults)
	text := ""
	if format == "json" {
		if text, err = policyListJSON(sets); err != nil {
			return err
		}
	} else {
		text = s.policyTable(sets)
	}
	if err := s.print(text); err != nil {
		return err
	}
	if len(faults) > 0 {
		return exit(exitInput)
	}
	return nil
}

// policyTable gives two lines or more for each policy: its name, severity and place, and what it is for.
func (s *session) policyTable(sets []schema.PolicySet) string {
	var b strings.Builder
	longest := 0
	for _, set := range sets {
		for _, p := range set.Policies {
			longest = max(longest, min(len(p.Name), 40))
		}
	}
	for _, set := range sets {
		for _, p := range set.Policies {
			r := rules.RuleOf(p)
			fmt.Fprintf(&b, "%-*s  %-7s  %s\n", longest, printable(p.Name), r.Severity, printable(p.Pos.String()))
			b.WriteString("        " + filled(printable(r.Summary), 8, widthOf(s.stdout)) + "\n")
		}
	}
	return b.String()
}

type policyEntry struct {
	Name        string `json:"name"`
	Path        string `json:"path"`
	File        string `json:"file"`
	Line        int    `json:"line"`
	Severity    string `json:"severity"`
	Summary     string `json:"summary"`
	Message     string `json:"message"`
	Description string `json:"description"`
	Link        string `json:"link"`
	OK          int    `json:"ok"`  // examples
	Bad         int    `json:"bad"` // examples
}

func policyListJSON(sets []schema.PolicySet) (string, error) {
	out := struct {
		SchemaVersion int           `json:"schemaVersion"`
		Policies      []policyEntry `json:"policies"`
	}{1, []policyEntry{}}
	for _, set := range sets {
		for _, p := range set.Policies {
			out.Policies = append(out.Policies, entryOf(set.Path, p))
		}
	}
	return indentedJSON(out)
}

func entryOf(path string, p *schema.Policy) policyEntry {
	r := rules.RuleOf(p)
	return policyEntry{p.Name, path, p.Pos.File, p.Pos.StartLine, r.Severity.String(), r.Summary, p.Message, p.Description, p.Link, len(p.OK), len(p.Bad)}
}
