// Command generate writes what derives from the CUE definition of the language. It runs in the
// folder schema of the module.
package main

import (
	"fmt"
	"os"

	"lintel/schema/internal/language"
)

func main() {
	l, err := language.Read(os.DirFS("."))
	if err == nil {
		err = language.WriteAll(l, ".")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}
