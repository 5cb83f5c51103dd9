//go:build !unix

package cli

import "io/fs"

// umask returns the permissions that new files of this process must not have.
func umask() fs.FileMode { return 0 }
