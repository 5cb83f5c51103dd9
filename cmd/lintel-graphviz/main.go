// Command lintel-graphviz lays out a graph: DOT on stdin, the laid-out graph on stdout. lintel starts it
// to draw; it is a program of its own because its engine costs every process that links it time and memory
// at its start, see docs/architecture.md.
package main

func main() {}
