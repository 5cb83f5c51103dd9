package rules

// catalogue lists every rule in order of id. A rule is added here and nowhere else.
var catalogue = []*Rule{}

// All returns every rule, in the order in which they are documented and run.
func All() []*Rule { return catalogue }

// Find returns a rule by its id or its name.
func Find(idOrName string) (*Rule, bool) {
	for _, r := range catalogue {
		if r.ID == idOrName || r.Name == idOrName {
			return r, true
		}
	}
	return nil, false
}
