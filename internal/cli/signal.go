package cli

import (
	"fmt"
	"os"
	"os/signal"
	"time"
)

// cleanUpOnSignal removes half-written files and the progress line when the user interrupts lintel, and
// then ends the process as the signal does by itself. A broken pipe on stdout ends the process without a
// word, as Go does by default.
func (s *session) cleanUpOnSignal() (stop func()) {
	signals := make(chan os.Signal, 1)
	done := make(chan struct{})
	for _, sig := range interrupts {
		if !signal.Ignored(sig) { // as nohup asks
			signal.Notify(signals, sig)
		}
	}
	go func() {
		select {
		case sig := <-signals:
			temporary.Lock() // held: no file is renamed into place from here on
			for name := range temporary.names {
				os.Remove(name)
			}
			s.cancel()
			s.waitForOthers()
			if _, ok := isTerminal(s.stderr); ok {
				fmt.Fprint(s.stderr, clearLine)
			}
			signal.Reset(interrupts...)
			raise(sig)
		case <-done:
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}

// graceTime is how long an interrupted lintel waits for the programs that it has started to end.
const graceTime = 2 * time.Second

func (s *session) waitForOthers() {
	ended := make(chan struct{})
	go func() {
		s.busy.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(graceTime):
	}
}

// interruptible starts a part of the work that ends by itself when s.ctx does; done ends it. After an interruption done
// does not return: the process is about to end as the signal says, and there is nothing more to tell.
func (s *session) interruptible() (done func()) {
	s.busy.Add(1)
	return func() {
		interrupted := s.ctx.Err() != nil
		s.busy.Done()
		if interrupted {
			select {}
		}
	}
}
