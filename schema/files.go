package schema

import "embed"

//go:embed *.cue
var definition embed.FS

// File is one file of the definition of the language.
type File struct {
	Name string // "module.cue"
	Text []byte
}

// Files returns the CUE files that define the language, the package lintel.arch/schema, in order of
// name.
func Files() []File {
	entries, err := definition.ReadDir(".")
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	out := make([]File, len(entries))
	for i, e := range entries {
		text, err := definition.ReadFile(e.Name())
		if err != nil {
			panic(err)
		}
		out[i] = File{e.Name(), text}
	}
	return out
}
