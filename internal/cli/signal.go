package cli

import (
	"fmt"
	"os"
	"os/signal"
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
