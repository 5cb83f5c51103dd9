package layout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
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
	program, err := e.find()
	if err != nil {
		return nil, err
	}
	folder, release, err := openCache()
	if err != nil {
		return nil, err
	}
	defer release()
	limit := e.Timeout
	if limit <= 0 {
		limit = standardLimit
	}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, crashed, err := e.start(timed, program, folder, limit, graph)
	if crashed && timed.Err() == nil {
		// The code in the cache may be damaged: the disk was full, or the machine went down.
		emptyCache(folder)
		out, _, err = e.start(timed, program, folder, limit, graph)
	}
	switch {
	case err == nil:
		return out, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(timed.Err(), context.DeadlineExceeded):
		// Damaged code can also run for ever. Its next start may as well take longer.
		emptyCache(folder)
		return nil, &TimeoutError{Limit: limit}
	}
	return nil, err
}

// start runs the engine once. It says whether the engine itself broke down, rather than refused its input.
func (e Engine) start(ctx context.Context, program, folder string, limit time.Duration, graph []byte) (out []byte, crashed bool, err error) {
	cmd := exec.CommandContext(ctx, program, "-K", e.layout(), "-T", "json0", "-limit", (limit + time.Second).String())
	// The engine lives for one drawing: it need not collect garbage before it has made a lot of it.
	cmd.Env = append(systemEnvironment(), "TMPDIR="+folder, "TMP="+folder, "TEMP="+folder, "GOGC=off", "GOMEMLIMIT=1GiB")
	cmd.Stdin = bytes.NewReader(graph)
	stdout, stderr := &bounded{most: mostOutput, refuse: true}, &bounded{most: mostErrors}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = 2 * time.Second // for what it started and that keeps its output open
	killWhole(cmd)
	err = cmd.Run()
	if err == nil {
		return stdout.kept.Bytes(), false, nil
	}
	said := stderr.kept.String()
	crashed = cmd.ProcessState != nil && signaled(cmd.ProcessState) || strings.Contains(said, "goroutine ")
	if stdout.full {
		said, err, crashed = "its output is larger than any drawing", nil, false
	}
	return nil, crashed, &EngineError{Program: program, Detail: oneLine(said), Err: err}
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
