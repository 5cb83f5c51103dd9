package schema

// decode turns the tree of a document into a design, or tells all that is wrong with it.
func decode(doc *document) (*Design, Errors) { panic("not yet") }

// decodeSettings does the same for a settings file, which has a "lint" field and nothing else.
func decodeSettings(doc *document) (*Lint, Errors) { panic("not yet") }
