//go:build !linux

package schema

// availableMemory is 0: how much memory this process may still take is not known.
func availableMemory() uint64 { return 0 }
