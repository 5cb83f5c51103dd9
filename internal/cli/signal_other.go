//go:build !unix

package cli

import "os"

var interrupts = []os.Signal{os.Interrupt}

// raise ends the process as an interrupted one.
func raise(os.Signal) { os.Exit(130) }
