package cli

import (
	"errors"
	"runtime/debug"
	"sync/atomic"
	"time"

	urfave "github.com/urfave/cli/v2"

	"lintel/analyzer/faulttree"
	"lintel/analyzer/resilience"
	"lintel/schema"
)

// oneDesignFlags are those of the commands that look at one design.
var oneDesignFlags = []flagSpec{
	{name: "stdin-filename", value: "NAME", takes: path, usage: "The name to report for -; its ending says the format."},
}

// limitFlags bound exact computation.
var limitFlags = []flagSpec{
	{name: "timeout", value: "TIME", takes: anything, initial: "30s", usage: "Stop exact computation after this time (such as 500ms or 2m) and give an interval or an estimate that says so; 0 sets no limit."},
	{name: "memory", value: "SIZE", takes: anything, initial: "1GB", usage: "The same for the memory that it takes, such as 600MB."},
}

// oneDesign loads the design that a command names: the one in this folder where it names none. An error that has been told
// is an exit.
func (s *session) oneDesign(c *urfave.Context) (*schema.Design, error) {
	p := s.startProgress()
	defer p.end()
	p.phase("reading the design", 0)
	designs, err := schema.Load(s.loadOptions(c.String("stdin-filename")), pathsOf(c)...)
	var faults schema.Errors
	if err != nil && !errors.As(err, &faults) {
		return nil, err
	}
	p.end()
	if len(faults) > 0 {
		s.tellErrors(faults)
		return nil, exit(exitInput)
	}
	if len(designs) != 1 {
		e := usagef("%d designs are named, and lintel %s looks at one", len(designs), c.Command.Name)
		if len(designs) > 1 {
			e = e.hint("name one of them, such as %s", designs[0].Path)
		}
		return nil, e
	}
	return designs[0], nil
}

// limits reads the flags of limitFlags. The clock starts at once; done ends it.
func limits(c *urfave.Context) (l resilience.Limits, done func(), err error) {
	timeout, err := time.ParseDuration(c.String("timeout"))
	if err != nil && c.String("timeout") != "0" || timeout < 0 {
		return l, nil, usagef("--timeout %s is no time", c.String("timeout")).hint("write it like 500ms, 30s or 2m")
	}
	bytes, ok := parseSize(c.String("memory"))
	if !ok {
		return l, nil, usagef("--memory %s is no size", c.String("memory")).hint("write it like 600MB or 2GB")
	}
	l.Nodes = faulttree.NodesWithin(bytes)
	// Garbage counts, too: it is collected sooner near the limit.
	debug.SetMemoryLimit(max(bytes, 64<<20))
	done = func() {}
	if timeout > 0 {
		l.Stop = new(atomic.Bool)
		timer := time.AfterFunc(timeout, func() { l.Stop.Store(true) })
		done = func() { timer.Stop() }
	}
	return l, done, nil
}
