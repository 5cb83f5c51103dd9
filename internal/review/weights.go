package review

import (
	"cmp"
	"slices"

	"lintel/schema"
)

// Weights order changes. Each field has one, which says how much a change of it can matter: about 25 and more for what
// decides whether something fails, 10 to 20 for what guards or loads it, single digits for who owns it. What weakens
// counts twice. A change weighs what its weightiest field does, and, where it is about a module or a dependency of one,
// the more the more critical the module is.
const (
	descriptive = 1 // for people only; not weighed by criticality

	// Of what comes and goes.
	moduleAdded, moduleRemoved           = 20, 30
	dependencyAdded, dependencyRemoved   = 15, 15
	domainAdded, domainRemoved           = 15, 20
	journeyAdded, journeyRemoved         = 20, 35
	transactionAdded, transactionRemoved = 10, 10
	renamed                              = 8
	waiverAdded, waiverRemoved           = 15, 10
	policyAdded, policyRemoved           = 15, 20

	// Of what a design says about the checks.
	settingSeverity, settingParam = 20, 10
	policyTerm                    = 20
)

// weigh gives the weight of a field or of a coming or going.
func weigh(weight int, e Effect) int {
	if e == Weakens {
		return 2 * weight
	}
	return weight
}

// critical weighs a change of module m, by its tier; without one it is as tier 2.
func critical(weight int, m *schema.Module) int {
	if weight <= descriptive {
		return weight
	}
	percent := 100
	if m.Tier != nil {
		percent = [...]int{200, 150, 100, 75}[min(max(*m.Tier, 0), 3)]
	}
	return weight * percent / 100
}

// gravest is the effect that a reader has to know of first.
func gravest(a, b Effect) Effect {
	if a == Weakens || b == Weakens {
		return Weakens
	}
	return cmp.Or(a, b)
}

// sortChanges puts the weightiest first; of equal ones, by kind and name.
func sortChanges(list []Change) {
	slices.SortStableFunc(list, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Status, b.Status))
	})
}
