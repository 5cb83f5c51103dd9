package cli

import "fmt"

// The exit codes, the same for every command and format.
const (
	exitClean    = 0 // nothing found at or above --fail-on
	exitFindings = 1
	exitInput    = 2 // bad input, settings or usage, or failed I/O
	exitBug      = 3 // a fault of lintel itself
)

// usageError is a fault of the command line.
type usageError struct{ message, advice string }

func usagef(format string, args ...any) *usageError {
	return &usageError{message: fmt.Sprintf(format, args...)}
}

func (e *usageError) hint(format string, args ...any) *usageError {
	e.advice = fmt.Sprintf(format, args...)
	return e
}

func (e *usageError) Error() string { return e.message }

// exit ends a command with a code and without a message: what there is to say has been said.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }
