// Command lintel-graphviz lays out a graph: DOT on stdin, the laid-out graph on stdout. lintel starts it
// to draw; it is a program of its own because its engine costs every process that links it time and memory
// at its start, see docs/architecture.md.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

const usage = `lintel-graphviz lays out a graph: DOT on stdin, the laid-out graph on stdout.

lintel starts it to draw. By hand: lintel render -f dot | lintel-graphviz -T svg >picture.svg

  -K LAYOUT    dot (default), neato, fdp, sfdp, circo, twopi, osage or patchwork
  -T FORMAT    json0 (default), json, svg, dot, xdot, plain or plain-ext
  -limit TIME  give up after this long, such as 30s; no limit by default
  --version    print the version
  --help       print this text

It keeps the compiled engine in $TMPDIR/go-graphviz where TMPDIR is a folder that only you
can reach, as it is when lintel starts it. Otherwise it compiles the engine at every start.

Exit codes: 0 done, 1 the graph can't be laid out, 2 a fault in the graph or the flags, 3 a bug.
`

var (
	layouts = []string{"dot", "neato", "fdp", "sfdp", "circo", "twopi", "osage", "patchwork"}
	formats = []string{"json0", "json", "svg", "dot", "xdot", "plain", "plain-ext"}
)

// mostInput is more than any graph that can be laid out.
const mostInput = 64 << 20

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the program; it returns its exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	fail := func(code int, format string, args ...any) int {
		text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
		fmt.Fprintln(stderr, "lintel-graphviz: "+text)
		return code
	}
	defer func() {
		if r := recover(); r != nil {
			code = fail(3, "this is a bug: %.300v", r)
		}
	}()

	flags := flag.NewFlagSet("lintel-graphviz", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	layout := flags.String("K", "dot", "")
	format := flags.String("T", "json0", "")
	limit := flags.Duration("limit", 0, "")
	version := flags.Bool("version", false, "")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		return fail(2, "%v; see --help", err)
	case *version:
		fmt.Fprintln(stdout, "lintel-graphviz "+ownVersion())
		return 0
	case flags.NArg() > 0:
		return fail(2, "it reads the graph from stdin, not %q; see --help", flags.Arg(0))
	case !slices.Contains(layouts, *layout):
		return fail(2, "no layout %q: there are %s", *layout, strings.Join(layouts, ", "))
	case !slices.Contains(formats, *format):
		return fail(2, "no format %q: there are %s", *format, strings.Join(formats, ", "))
	}
	if *limit > 0 {
		// The layout itself can't be stopped, but its process can; this serves when nobody is left to kill it.
		time.AfterFunc(*limit, func() { os.Exit(fail(1, "the layout takes longer than %v", *limit)) })
	}
	graph, err := io.ReadAll(io.LimitReader(stdin, mostInput+1))
	if err != nil {
		return fail(2, "reading stdin: %v", err)
	}
	if len(graph) > mostInput {
		return fail(2, "the graph is larger than %d MiB", mostInput>>20)
	}
	out, err := render(graph, *layout, *format)
	if bad := (*graphError)(nil); errors.As(err, &bad) {
		return fail(2, "%v", err)
	}
	if err != nil {
		return fail(1, "%v", err)
	}
	if _, err := stdout.Write(out); err != nil {
		return fail(2, "writing stdout: %v", err)
	}
	return 0
}

// release is the version that a release sets with the linker's -X, see internal/release; "" in every other build.
var release string

// ownVersion is the version that the program was built from.
func ownVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return cmp.Or(release, "unknown")
	}
	own := cmp.Or(release, info.Main.Version)
	for _, m := range info.Deps {
		if m.Path == "github.com/goccy/go-graphviz" {
			return own + " (go-graphviz " + m.Version + ")"
		}
	}
	return own
}
