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

// Changes mark what became of the parts of a design, which holds those that were removed as well.
type Changes struct {
	Title          string            // "main (3f2c1a9) → the working tree", for the subtitle
	Modules        map[string]Change // by name
	Dependencies   map[string]Change // by "module -> key of dependsOn"
	FailureDomains map[string]Change // by name
	// Notes tell, for modules by name, what changed: "replicas 3 → 1".
	Notes map[string]string
	// NewFindings are the fingerprints of the findings to mark; others are not marked.
	NewFindings map[string]bool
}
