package rules

import "lintel/analyzer/change"

// Remedy is a suggestion that is a change of the design.
type Remedy struct {
	Suggestion int // index into Finding.Suggestions; of several that belong together, the last
	// All tells that the remedy is all suggestions up to that one together.
	All     bool
	Changes []change.Change
	// Effect says what the changes achieve, computed on the changed design: "no single point of failure left on
	// checkout". It is "" where Effects did not compute it.
	Effect string
}

// suggest adds a suggestion; changes, where there are any, are what it names.
func (f *Finding) suggest(text string, changes []change.Change) {
	f.Suggestions = append(f.Suggestions, text)
	if len(changes) > 0 {
		f.Remedies = append(f.Remedies, Remedy{Suggestion: len(f.Suggestions) - 1, Changes: changes})
	}
}

// suggestTogether adds suggestions that only help together.
func (f *Finding) suggestTogether(texts []string, changes []change.Change) {
	f.Suggestions = append(f.Suggestions, texts...)
	if n := len(f.Suggestions); len(changes) > 0 && n > 0 {
		f.Remedies = append(f.Remedies, Remedy{Suggestion: n - 1, All: n > 1, Changes: changes})
	}
}

// asRemedy is the remedy that the first suggestion is, where it names changes.
func asRemedy(changes []change.Change) []Remedy {
	if len(changes) == 0 {
		return nil
	}
	return []Remedy{{Changes: changes}}
}

// Effect says what suggestion i achieves, or "" where that is not known.
func (f *Finding) Effect(i int) string {
	for _, r := range f.Remedies {
		switch {
		case r.Suggestion != i || r.Effect == "":
		case r.All:
			return "together: " + r.Effect
		default:
			return r.Effect
		}
	}
	return ""
}

// Advice is suggestion i with its effect, on one line.
func (f *Finding) Advice(i int) string {
	if effect := f.Effect(i); effect != "" {
		return f.Suggestions[i] + " → " + effect
	}
	return f.Suggestions[i]
}
