package schema

import "sync"

// PolicyLock guards the CUE values of policies that were read together.
type PolicyLock struct {
	sync.Mutex
	// Judges is for what the package rules makes of each policy, so that it is made once.
	Judges map[*Policy]any
}
