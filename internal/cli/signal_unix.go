//go:build unix

package cli

import (
	"os"
	"syscall"
)

var interrupts = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}

// raise sends the process the signal that it has caught, so that the shell sees how it ended.
func raise(sig os.Signal) {
	if s, ok := sig.(syscall.Signal); ok {
		syscall.Kill(os.Getpid(), s)
		select {} // until it arrives
	}
	os.Exit(exitInput)
}
