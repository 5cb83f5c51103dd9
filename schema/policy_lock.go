package schema

import "sync"

// PolicyLock guards the CUE values of policies that were read together.
type PolicyLock struct{ sync.Mutex }
