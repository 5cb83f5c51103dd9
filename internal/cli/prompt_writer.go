package cli

import (
	"io"
	"sync"
	"time"
)

// promptWriter gathers what is written into few large writes, but keeps nothing from the reader for longer than
// promptAfter. An error of the stream shows in the next call.
type promptWriter struct {
	mu      sync.Mutex
	w       io.Writer
	buffer  []byte
	waiting bool // a timer is set
	err     error
}

const (
	promptAfter = 20 * time.Millisecond
	promptSize  = 1 << 16
)

func (p *promptWriter) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.buffer = append(p.buffer, b...)
	switch {
	case len(p.buffer) >= promptSize:
		p.write()
	case !p.waiting:
		p.waiting = true
		time.AfterFunc(promptAfter, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.waiting = false
			p.write()
		})
	}
	return len(b), p.err
}

// Flush writes what is gathered.
func (p *promptWriter) Flush() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.write()
	return p.err
}

func (p *promptWriter) write() {
	if len(p.buffer) > 0 && p.err == nil {
		_, p.err = p.w.Write(p.buffer)
	}
	p.buffer = p.buffer[:0]
}
