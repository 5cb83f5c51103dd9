// Package codecache keeps other users' machine code out of the process. The engine, when its package is
// initialised, loads compiled code from a fixed name in the temporary folder, so that folder must be the
// user's own.
//
// It works because Go initialises packages in the order of their import paths as soon as what they
// import is ready: this package needs nothing but os, the engine also path/filepath, which comes later. A test holds it.
package codecache

import "os"

func init() {
	if !private(os.TempDir()) {
		// A place that takes no files: the engine then compiles its code anew, in memory.
		os.Setenv("TMPDIR", os.DevNull)
	}
}
