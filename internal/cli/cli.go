// Package cli is the command line of lintel: commands and flags, nothing else.
package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	urfave "github.com/urfave/cli/v2"

	"lintel/schema"
)

// session is one call of lintel.
type session struct {
	args   []string // as given, the program's name left out
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	color  string // of --color; "" when not given
	// beforeDashes is the number of arguments in front of "--", and -1 where there is none.
	beforeDashes int
	commands     []*command

	ctx    context.Context // ends when the user interrupts lintel
	cancel context.CancelFunc
	busy   sync.WaitGroup // what has to end by itself, such as another program, before lintel does
}

// Main runs lintel with the arguments after the program's name and returns the exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	s := &session{args: args, stdin: stdin, stdout: stdout, stderr: stderr, commands: commands()}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	defer s.cancel()
	stop := s.cleanUpOnSignal()
	defer stop()
	defer func() {
		if p := recover(); p != nil {
			stack := debug.Stack()
			switch t := p.(type) {
			case *taskPanic:
				p, stack = t.value, t.stack
			case *schema.Panic:
				p, stack = t.Value, t.Stack
			}
			s.reportBug(p, stack)
			code = exitBug
		}
	}()
	return s.main()
}

func (s *session) main() int {
	if len(s.args) > 0 && s.args[0] == namesWord {
		s.completeNames(s.args[1:])
		return exitClean
	}
	a, err := arrange(s.args)
	if err != nil {
		return s.fail(err)
	}
	s.color, s.beforeDashes = a.color, a.beforeDashes
	switch {
	case a.help:
		return s.fail(s.help(a.command))
	case a.version:
		return s.fail(s.print(versionOf().String() + "\n"))
	case a.command == nil:
		s.fail(usagef("no command given"))
		var b bytes.Buffer
		writeRootHelp(&b, helpWidth(s.stderr))
		fmt.Fprint(s.stderr, "\n"+b.String())
		return exitInput
	}
	if a.command.run == nil {
		words := make([]string, len(a.command.parts))
		for i, c := range a.command.parts {
			words[i] = c.word()
		}
		return s.fail(usagef("lintel %s wants a command", a.command.name).hint("one of %s; lintel %s --help tells more", strings.Join(words, ", "), a.command.name))
	}
	if max := a.command.maxArgs; max >= 0 && len(a.positional) > max {
		return s.fail(usagef("too many arguments: %s", quoted(a.positional[max:])).hint("usage: %s", a.command.usageLine()))
	}
	if k := a.command.takes; (k == path || k == design || k == folder) && slices.Contains(a.positional, "") {
		return s.fail(usagef("the path is empty").hint("leave it out for the working folder, or check the variable that it came from"))
	}
	app := &urfave.App{
		Name: "lintel", HideHelp: true, HideVersion: true, HideHelpCommand: true, DisableSliceFlagSeparator: true,
		Commands: []*urfave.Command{a.command.urfave(s)},
		Writer:   io.Discard, ErrWriter: io.Discard,
		ExitErrHandler: func(*urfave.Context, error) {},
	}
	line := append([]string{"lintel", a.command.name}, a.flags...)
	return s.fail(app.Run(append(append(line, "--"), a.positional...)))
}

// fail tells an error, if there is one, and returns the exit code for it.
func (s *session) fail(err error) int {
	if err == nil {
		return exitClean
	}
	if code := exit(0); errors.As(err, &code) {
		return int(code)
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			s.fail(e)
		}
		return exitInput
	}
	fmt.Fprintf(s.stderr, "lintel: %s\n", printable(err.Error()))
	if u := (*usageError)(nil); errors.As(err, &u) && u.advice != "" {
		fmt.Fprintf(s.stderr, "  help: %s\n", printable(u.advice))
	}
	return exitInput
}

// print writes to stdout.
func (s *session) print(text string) error {
	_, err := io.WriteString(s.stdout, text)
	return err
}

// reportBug asks for a report of a fault in lintel.
func (s *session) reportBug(p any, stack []byte) {
	v := versionOf()
	command := "lintel"
	if len(s.args) > 0 {
		command += " " + quoted(s.args)
	}
	fmt.Fprintf(s.stderr, `lintel: this is a bug in lintel, not in your design: %v

  Please report it with the lines below and, if you can, the design.

  version: %s
  command: %s

%s`, p, v, command, indented(stack))
}

func indented(text []byte) string {
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		b.WriteString("  " + line)
	}
	return b.String()
}

// quoted joins words as a shell would take them.
func quoted(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		if w == "" || strings.ContainsAny(w, " \t\n'\"\\$`*?[]{}()<>|&;#~!") {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		out[i] = printable(w)
	}
	return strings.Join(out, " ")
}

// printable replaces control characters, which a file's name can hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return '\ufffd'
		}
		return r
	}, s)
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) (*os.File, bool) {
	f, ok := stream.(*os.File)
	if !ok {
		return nil, false
	}
	return f, terminalWidth(f) > 0
}
