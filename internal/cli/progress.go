package cli

import (
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	clearLine     = "\r\x1b[K"
	progressAfter = time.Second
	progressEvery = 100 * time.Millisecond
)

// progress tells on a terminal what lintel is at, once it has been at it for a second.
type progress struct {
	mu          sync.Mutex
	out         io.Writer
	what        string
	done, total int
	shown       bool
	stop        chan struct{}
	stopped     chan struct{}
}

// startProgress returns a progress that writes nothing where out is no terminal.
func (s *session) startProgress() *progress {
	p := &progress{}
	if _, ok := isTerminal(s.stderr); !ok {
		return p
	}
	p.out, p.stop, p.stopped = s.stderr, make(chan struct{}), make(chan struct{})
	go p.run()
	return p
}

func (p *progress) run() {
	defer close(p.stopped)
	timer := time.NewTimer(progressAfter)
	defer timer.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-timer.C:
			p.show()
			timer.Reset(progressEvery)
		}
	}
}

func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = true
	if p.total > 1 {
		fmt.Fprintf(p.out, "%s%s: %d of %d", clearLine, p.what, p.done, p.total)
		return
	}
	fmt.Fprintf(p.out, "%s%s …", clearLine, p.what)
}

// phase starts a part of the work, of total steps where they can be counted.
func (p *progress) phase(what string, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what, p.done, p.total = what, 0, total
}

// step counts one step of the phase.
func (p *progress) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
}

// end clears the line.
func (p *progress) end() {
	if p.stop == nil {
		return
	}
	close(p.stop)
	<-p.stopped
	p.stop = nil
	if p.shown {
		fmt.Fprint(p.out, clearLine)
	}
}
