//go:build unix && !linux

package main

// maxrssUnit is the unit of Rusage.Maxrss in bytes, as on macOS.
const maxrssUnit = 1
