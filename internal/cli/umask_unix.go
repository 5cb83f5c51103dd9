//go:build unix

package cli

import (
	"io/fs"
	"sync"
	"syscall"
)

// umask returns the permissions that new files of this process must not have. Reading it means setting
// it, so it is read once.
var umask = sync.OnceValue(func() fs.FileMode {
	m := syscall.Umask(0o022)
	syscall.Umask(m)
	return fs.FileMode(m)
})
