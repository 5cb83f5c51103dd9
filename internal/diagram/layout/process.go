package layout

import (
	"bytes"
	"context"
	"os/exec"
	"strings"
	"time"
)

// process is an engine that runs and waits for its graph.
type process struct {
	program, folder string
	graph           chan []byte // gets one
	cmd             *exec.Cmd
	stdout, stderr  *bounded
	stop            context.CancelFunc
	ended           chan error // gets what came of it
	release         func()     // of the cache folder
}

// startProcess starts the engine, which ends itself after limit and a second, should nobody be left to do it.
func (e Engine) startProcess(ctx context.Context, limit time.Duration) (*process, error) {
	program, err := e.find()
	if err != nil {
		return nil, err
	}
	folder, release, err := openCache()
	if err != nil {
		return nil, err
	}
	p := &process{program: program, folder: folder, release: release, graph: make(chan []byte, 1), ended: make(chan error, 1),
		stdout: &bounded{most: mostOutput, refuse: true}, stderr: &bounded{most: mostErrors}}
	ctx, p.stop = context.WithCancel(ctx)
	p.cmd = exec.CommandContext(ctx, program, "-K", e.layout(), "-T", "json0", "-limit", (limit + time.Second).String())
	// The engine lives for one drawing: it need not collect garbage before it has made a lot of it.
	p.cmd.Env = append(systemEnvironment(), "TMPDIR="+folder, "TMP="+folder, "TEMP="+folder, "GOGC=off", "GOMEMLIMIT=1GiB")
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = &late{graph: p.graph}, p.stdout, p.stderr
	p.cmd.WaitDelay = 2 * time.Second // for what it started and that keeps its output open
	killWhole(p.cmd)
	if err := p.cmd.Start(); err != nil {
		p.stop()
		release()
		return nil, &EngineError{Program: program, Err: err}
	}
	go func() { p.ended <- p.cmd.Wait() }()
	return p, nil
}

// run has the engine lay out a graph. It says whether the engine itself broke down, rather than refused its input.
func (p *process) run(ctx context.Context, graph []byte) (out []byte, crashed bool, err error) {
	defer p.stop()
	p.graph <- graph
	select {
	case err = <-p.ended:
	case <-ctx.Done():
		p.stop()
		err = <-p.ended
	}
	if err == nil {
		return p.stdout.kept.Bytes(), false, nil
	}
	said := p.stderr.kept.String()
	crashed = p.cmd.ProcessState != nil && signaled(p.cmd.ProcessState) || strings.Contains(said, "goroutine ")
	if p.stdout.full {
		said, err, crashed = "its output is larger than any drawing", nil, false
	}
	return nil, crashed, &EngineError{Program: p.program, Detail: oneLine(said), Err: err}
}

// end ends an engine that got no graph.
func (p *process) end() {
	p.stop()
	close(p.graph)
	<-p.ended
}

// late reads a graph that comes later; none where the channel is closed.
type late struct {
	graph chan []byte
	text  *bytes.Reader
}

func (l *late) Read(to []byte) (int, error) {
	if l.text == nil {
		l.text = bytes.NewReader(<-l.graph)
	}
	return l.text.Read(to)
}
