package rules

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	idForm    = regexp.MustCompile(`^[A-Z]{3}[0-9]{3}$`)
	nameForm  = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	paramForm = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
)

// Validate tells, in one error, all that is missing or wrong in a list of rules: ids and names that
// are malformed, repeated or out of order, undocumented rules and parameters, and pages with gaps.
// A test holds the catalogue to it.
func Validate(list []*Rule) error {
	var errs []error
	names := map[string]bool{}
	for i, r := range list {
		for _, fault := range r.faults() {
			errs = append(errs, fmt.Errorf("%s: %s", r.ID, fault))
		}
		for _, name := range []string{r.ID, r.Name} {
			if names[name] {
				errs = append(errs, fmt.Errorf("%s: %q is taken", r.ID, name))
			}
			names[name] = true
		}
		if i > 0 && idForm.MatchString(r.ID) && idForm.MatchString(list[i-1].ID) && r.order() < list[i-1].order() {
			errs = append(errs, fmt.Errorf("%s: stands after %s", r.ID, list[i-1].ID))
		}
	}
	return errors.Join(errs...)
}

// order is a string that sorts rules as the catalogue does: by category, then number.
func (r *Rule) order() string {
	return fmt.Sprintf("%d%s", slices.Index(categories, r.Category()), r.ID[3:])
}

func (r *Rule) faults() []string {
	var out []string
	fault := func(bad bool, format string, args ...any) {
		if bad {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	if !idForm.MatchString(r.ID) || !slices.Contains(categories, r.Category()) {
		return []string{"the id is not a category and three digits"}
	}
	fault(!nameForm.MatchString(r.Name), "the name %q is not of the form like-this", r.Name)
	fault(int(r.Severity) >= len(severityNames), "unknown severity %d", r.Severity)
	fault(!isSentence(r.Summary), "the summary %q is not one sentence on one line", r.Summary)
	fault(r.Run == nil && r != hyg004 && r != idlePolicy, "no Run")
	fault(len(r.Sources) == 0, "no sources")
	for _, s := range r.Sources {
		fault(s.Title == "" || strings.ContainsAny(s.Title, "[]\n"), "a source has no title that a link can carry: %q", s.Title)
		fault(s.URL != "" && !strings.HasPrefix(s.URL, "https://") && !strings.HasPrefix(s.URL, "http://"), "source %q: %q is no URL", s.Title, s.URL)
	}
	for _, n := range r.Needs {
		fault(strings.TrimSpace(n) == "", "an empty field among those needed")
	}
	seen := map[string]bool{"severity": true}
	for i := range r.Params {
		p := &r.Params[i]
		fault(!paramForm.MatchString(p.Name) || seen[p.Name], "the parameter's name %q is malformed, taken or reserved", p.Name)
		seen[p.Name] = true
		fault(!isSentence(p.Doc), "parameter %s: %q is not one sentence on one line", p.Name, p.Doc)
		fault(p.isNumber() && p.Source == "", "parameter %s: a threshold without a source", p.Name)
		fault(!p.isKnownType(), "parameter %s: a default of type %T", p.Name, p.Default)
		if p.isKnownType() {
			_, err := p.read(p.Default)
			fault(err != nil, "parameter %s: its own default is refused: %v", p.Name, err)
		}
	}
	if _, err := ReadPage(r); err != nil {
		out = append(out, err.Error())
	}
	return out
}

func isSentence(s string) bool {
	return strings.HasSuffix(s, ".") && !strings.Contains(s, "\n") && strings.TrimSpace(s) == s && len(s) > 1
}

func (p *Param) isNumber() bool {
	switch p.Default.(type) {
	case int64, float64:
		return true
	}
	return false
}

func (p *Param) isKnownType() bool {
	switch p.Default.(type) {
	case int64, float64, bool, string, []string:
		return true
	}
	return false
}
