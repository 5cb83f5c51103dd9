package schema

// standIn is the schema with every definition open to anything: a design evaluated with it holds
// the user's values alone.
func standIn() string {
	return "package schema\n#System: _\n"
}
