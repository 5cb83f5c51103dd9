package cli

import (
	"slices"
	"strings"

	"lintel/rules"
	"lintel/schema"
)

// ruleNames returns the ids and names of all rules.
func ruleNames() []string {
	var out []string
	for _, r := range rules.All() {
		out = append(out, r.ID, r.Name)
	}
	return out
}

// categories returns the categories of all rules, in the order of the catalogue.
func categories() []string {
	var out []string
	for _, r := range rules.All() {
		if c := r.Category(); len(out) == 0 || out[len(out)-1] != c {
			out = append(out, c)
		}
	}
	return out
}

// findRule returns a rule by id or name.
func findRule(name string) (*rules.Rule, error) {
	if r, ok := rules.Find(name); ok {
		return r, nil
	}
	if r, ok := rules.Find(strings.ToUpper(name)); ok {
		return r, nil
	}
	e := usagef("there is no rule %q", name)
	if r, ok := ruleMeant(name); ok {
		return nil, e.hint("did you mean %s (%s)?", r.ID, r.Name)
	}
	return nil, e.hint("lintel rules lists them")
}

// ruleMeant returns the rule that a user most likely meant: by another word for it, by a slip of the pen, or by a part
// of its name.
func ruleMeant(name string) (*rules.Rule, bool) {
	word := strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(strings.TrimSpace(name)))
	for rule, words := range ruleSynonyms {
		if slices.Contains(words, word) {
			return rules.Find(rule)
		}
	}
	if near, ok := nearest(name, ruleNames()); ok {
		return rules.Find(near)
	}
	if len(word) >= 4 {
		for _, r := range rules.All() {
			if strings.Contains(r.Name, word) {
				return r, true
			}
		}
	}
	return nil, false
}

// ruleSynonyms are other words for rules, each for one rule only.
var ruleSynonyms = map[string][]string{
	"single-point-of-failure":          {"spof", "spofs", "cut-set"},
	"shared-failure-domain":            {"common-mode", "correlated-failure"},
	"under-replicated":                 {"replicas", "replication", "redundancy"},
	"no-backup":                        {"backup", "backups"},
	"quorum-at-risk":                   {"split-brain", "even-quorum"},
	"dependency-cycle":                 {"cycle", "cycles", "circular-dependency", "cyclic-dependency", "acyclic"},
	"hub-like-dependency":              {"hub", "god-service", "god-component", "bottleneck"},
	"high-fan-out":                     {"efferent", "ce"},
	"high-fan-in":                      {"afferent", "ca"},
	"unstable-dependency":              {"sdp", "instability", "stable-dependencies"},
	"isolated-module":                  {"orphan", "orphans", "dead-module", "unused-module"},
	"coupled-deployment":               {"lockstep"},
	"shared-database":                  {"shared-db", "integration-database", "shared-persistency"},
	"unguarded-call":                   {"timeout", "timeouts", "no-timeout", "circuit-breaker"},
	"retry-amplification":              {"retry-storm", "retries"},
	"retry-without-backoff":            {"backoff", "jitter"},
	"uncoordinated-transaction":        {"saga", "tcc", "distributed-transaction"},
	"two-phase-commit-across-services": {"2pc", "xa"},
	"dual-write":                       {"outbox"},
	"slo-inversion":                    {"slo", "sla", "extra-nine"},
	"availability-inversion":           {"availability"},
	"common-cause":                     {"shared-fate"},
	"latency-budget-exceeded":          {"latency", "critical-path"},
	"bypassed-gateway":                 {"api-gateway", "no-gateway"},
	"mega-or-nano-module":              {"mega-service", "nano-service", "granularity"},
	"redundant-statement":              {"default", "defaults"},
	"unowned-module":                   {"owner", "ownership", "no-owner", "team"},
	"stale-waiver":                     {"waiver", "waivers", "suppression"},
	"unknown-reference":                {"typo", "undefined-reference", "dangling-reference"},
}

// ruleSet reads --only and --skip: ids, names and categories, in lists with commas; it returns ids and
// categories.
func ruleSet(flag string, values []string) ([]string, error) {
	var out []string
	for _, name := range commaLists(values) {
		s, err := rules.ParseSelector(name)
		if err != nil {
			return nil, usagef("%s: %v", flag, err).hint("%s", hintOfRules())
		}
		out = append(out, s)
	}
	if len(values) > 0 && len(out) == 0 {
		return nil, usagef("%s names no rule", flag)
	}
	return out, nil
}

// refuseUnknownRules fails where a flag names a rule that is neither in the catalogue nor a policy of the designs or
// settings files that were read. It is asked when these are known.
func refuseUnknownRules(s rules.Settings, lists []*schema.Lint) error {
	for _, f := range []struct {
		flag  string
		named rules.Settings
	}{{"--rule", rules.Settings{Override: s.Override}}, {"--only", rules.Settings{Only: s.Only}}, {"--skip", rules.Settings{Skip: s.Skip}}} {
		if err := rules.CheckNames(f.named, lists...); err != nil {
			e := usagef("%s: %v", f.flag, err)
			if f.flag == "--rule" {
				return e.hint("for example --rule single-point-of-failure=warning")
			}
			return e.hint("%s", hintOfRules())
		}
	}
	return nil
}

func hintOfRules() string {
	return "a rule's id or name, a policy's name, or one of the categories " + strings.Join(append(categories(), "POL"), ", ") + "; lintel rules lists them"
}

// ruleSeverities reads --rule: RULE=SEVERITY, in lists with commas.
func ruleSeverities(values []string) (map[string]rules.Severity, error) {
	out := map[string]rules.Severity{}
	for _, v := range commaLists(values) {
		id, severity, err := rules.ParseOverride(v)
		if err != nil {
			return nil, usagef("--rule: %v", err).hint("for example --rule single-point-of-failure=warning")
		}
		out[id] = severity
	}
	return out, nil
}

var severities = []string{"off", "info", "warning", "error"}

func commaLists(values []string) []string {
	var out []string
	for _, v := range values {
		for _, part := range strings.Split(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}
