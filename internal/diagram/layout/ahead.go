package layout

import (
	"context"
	"sync/atomic"
	"time"
)

// Ahead returns the engine with its program already on its way, for the first drawing: it gets ready while the design
// is read and waits for its graph. What hinders it the drawing finds out. Call Dismiss when all is drawn.
func (e Engine) Ahead(ctx context.Context) Engine {
	a := &ahead{process: make(chan *process, 1)}
	e.ahead = a
	go func() {
		p, err := e.startProcess(ctx, limitAhead)
		if err != nil {
			p = nil // the drawing will say why
		}
		a.process <- p
	}()
	return e
}

// Dismiss ends the program that Ahead started, if nothing was drawn with it.
func (e Engine) Dismiss() {
	if p := e.takeAhead(); p != nil {
		p.end()
		p.release()
	}
}

// ahead is a program that was started before there was a graph for it.
type ahead struct {
	taken   atomic.Bool
	process chan *process // gets one; nil where it did not start
}

// limitAhead is the time that the engine gives itself where nobody knows yet how long it waits for its graph: it serves
// only where lintel is gone without closing its input.
const limitAhead = time.Hour

// takeAhead returns the program that was started ahead to the first who asks; nil to others, or where there is none.
func (e Engine) takeAhead() *process {
	if e.ahead == nil || !e.ahead.taken.CompareAndSwap(false, true) {
		return nil
	}
	return <-e.ahead.process
}
