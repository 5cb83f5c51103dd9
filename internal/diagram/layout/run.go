package layout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	standardLimit = 30 * time.Second
	mostOutput    = 128 << 20 // bytes; 2,000 nodes need 2 MB
	mostErrors    = 8 << 10   // bytes of the engine's stderr that are kept
)

// TimeoutError says that the engine was stopped because it took too long.
type TimeoutError struct{ Limit time.Duration }

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("laying out the drawing takes longer than %v: try --view overview, --collapse GROUP, "+
		"another --layout such as sfdp, or a larger --layout-timeout", e.Limit)
}

// EngineError says that the engine failed.
type EngineError struct {
	Program string
	Detail  string // what it said, or what is wrong with its output; one line
	Err     error  // how it ended; or nil
}

func (e *EngineError) Error() string {
	text := e.Program + ", the program that lays out drawings, failed"
	if e.Err != nil {
		text += " (" + e.Err.Error() + ")"
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}

func (e *EngineError) Unwrap() error { return e.Err }

// run has the engine lay out a graph and returns it in the json0 format. The time limit is for all of it.
func (e Engine) run(ctx context.Context, graph []byte) ([]byte, error) {
	limit := e.Timeout
	if limit <= 0 {
		limit = standardLimit
	}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, crashed, err := e.try(timed, limit, graph)
	if crashed && timed.Err() == nil {
		out, _, err = e.try(timed, limit, graph)
	}
	switch {
	case err == nil:
		return out, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(timed.Err(), context.DeadlineExceeded):
		return nil, &TimeoutError{Limit: limit}
	}
	return nil, err
}

// try runs the engine once, the one that was started ahead where there is one. Code that may be damaged is gone from
// the cache afterwards: the disk was full, or the machine went down.
func (e Engine) try(timed context.Context, limit time.Duration, graph []byte) (out []byte, crashed bool, err error) {
	p := e.takeAhead()
	if p == nil {
		if p, err = e.startProcess(timed, limit); err != nil {
			return nil, false, err
		}
	}
	defer p.release()
	out, crashed, err = p.run(timed, graph)
	if crashed && timed.Err() == nil || err != nil && errors.Is(timed.Err(), context.DeadlineExceeded) {
		emptyCache(p.folder) // damaged code can also run for ever; and its next start may as well take longer
	}
	return out, crashed, err
}

func (e Engine) layout() string {
	if e.Layout == "" {
		return "dot"
	}
	return e.Layout
}

// oneLine returns what a program said on its way out, shortened.
func oneLine(said string) string {
	text := strings.Join(strings.Fields(strings.ToValidUTF8(said, "?")), " ")
	if r := []rune(text); len(r) > 300 {
		text = string(r[:300]) + " …"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, text)
}

// bounded keeps the first bytes written to it. It drops the rest or, where it shall refuse, fails.
type bounded struct {
	kept   bytes.Buffer // not embedded: its ReadFrom knows no bounds
	most   int
	refuse bool
	full   bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if room := b.most - b.kept.Len(); len(p) > room {
		b.full = true
		if b.refuse {
			return 0, errors.New("too much output")
		}
		b.kept.Write(p[:room])
		return len(p), nil
	}
	return b.kept.Write(p)
}
