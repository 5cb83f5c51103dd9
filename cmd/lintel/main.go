// Lintel checks the design of a distributed system for single points of failure, weak replication and
// coupling. See "lintel --help".
package main

import (
	"os"

	"lintel/internal/cli"
)

func main() {
	collectLate()
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
