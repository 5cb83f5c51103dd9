package diagram

// Change says what became of a part of the design since another state of it.
type Change uint8

// What becomes of parts.
const (
	NotChanged Change = iota
	WasAdded
	WasRemoved // the design that is drawn still holds it
	WasChanged
)

// String returns "", "added", "removed" or "changed".
func (c Change) String() string {
	switch c {
	case WasAdded:
		return "added"
	case WasRemoved:
		return "removed"
	case WasChanged:
		return "changed"
	}
	return ""
}

// Changes mark what became of the parts of a design, which holds those that were removed as well.
type Changes struct {
	Title          string            // "main (3f2c1a9) → the working tree", for the subtitle
	Modules        map[string]Change // by name
	Dependencies   map[string]Change // by "module -> key of dependsOn"
	FailureDomains map[string]Change // by name
	// Targets are alternatives of dependencies that came or went while the dependency stayed, by
	// "module -> key of dependsOn -> target". Those that went are among its alternatives.
	Targets map[string]Change
	// Elsewhere names what else came, went or changed, and has no place in a picture: "journey checkout (added)".
	Elsewhere []string
	// Notes tell what changed, of modules, dependencies and failure domains by these names: "replicas 3 → 1".
	Notes map[string]string
	// NewFindings are the fingerprints of the findings to mark; others are not marked.
	NewFindings map[string]bool
	// Neighbourhood is how many dependencies away from what was added, removed or changed modules are drawn, in either
	// direction; those further off are left out. 0 draws all, as does a comparison that found no change.
	Neighbourhood int
}

// OfDependency is the change of a module's dependency with a key: where nothing is said of it, it came or went with its
// module.
func (c *Changes) OfDependency(module, key string) Change {
	if own := c.Dependencies[dependencyName(module, key)]; own != NotChanged {
		return own
	}
	if of := c.Modules[module]; of != WasChanged {
		return of
	}
	return NotChanged
}

// OfTarget is the change of what a module's dependency leads to: of an alternative its own, else the dependency's.
func (c *Changes) OfTarget(module, key, target string) Change {
	whole := c.OfDependency(module, key)
	if own := c.Targets[dependencyName(module, key)+" -> "+target]; own != NotChanged && whole != WasAdded && whole != WasRemoved {
		return own
	}
	return whole
}

// dependencyName is how changes name a dependency.
func dependencyName(module, key string) string { return module + " -> " + key }

// together is the change of what stands for parts of which n[c] have the change c.
func together(n [4]int) Change {
	total := n[NotChanged] + n[WasAdded] + n[WasRemoved] + n[WasChanged]
	for c := range n {
		if n[c] == total {
			return Change(c)
		}
	}
	return WasChanged
}

// Sign is the sign of a change: "+", "−" or "~"; "" for none.
func (c Change) Sign() string {
	switch c {
	case WasAdded:
		return "+"
	case WasRemoved:
		return "−"
	case WasChanged:
		return "~"
	}
	return ""
}

// Words says what became of a part, with what is noted of it: "+ added", "~ replicas 3 → 1"; "" for no change.
func (c Change) Words(note string) string {
	switch {
	case c == NotChanged:
		return ""
	case note == "":
		return c.Sign() + " " + c.String()
	case c == WasChanged:
		return c.Sign() + " " + note
	}
	return c.Sign() + " " + c.String() + ": " + note
}
