package schema

import "io"

// LoadOptions steers Load. The zero value reads from the process's working folder.
type LoadOptions struct {
	Dir           string    // the working folder: relative paths start here, and reported ones are relative to it
	Stdin         io.Reader // read for the path "-"; nil means os.Stdin
	StdinFilename string    // the name reported for "-"; its ending says the format; "" means "stdin.cue"
}

// Load reads the designs that paths name: files (CUE, JSON, YAML), folders, CUE packages, "./..."
// patterns, globs and "-". It returns every design that is valid, in order of Path, and, where
// anything is wrong, an error of type Errors that tells all of it; both can be non-empty.
func Load(opts LoadOptions, paths ...string) ([]*Design, error) { panic("not yet") }

// FindSettings returns the path of the nearest .lintel.cue in dir or above, or "".
func FindSettings(dir string) (string, error) { panic("not yet") }

// LoadSettings reads the "lint" field of a settings file. The error, if any, is of type Errors.
func LoadSettings(opts LoadOptions, path string) (*Lint, error) { panic("not yet") }
