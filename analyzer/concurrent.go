package analyzer

import (
	"runtime"
	"sync"
)

// concurrentFrom is the size, in dependencies, from which the preparation of a design is spread over the
// processors: below, starting them costs more than it saves.
const concurrentFrom = 8192

// together runs tasks that share nothing they write, at once where size is large, else one after the other.
func together(size int, tasks ...func()) {
	if size < concurrentFrom || len(tasks) < 2 || runtime.GOMAXPROCS(0) < 2 {
		for _, task := range tasks {
			task()
		}
		return
	}
	var wait sync.WaitGroup
	for _, task := range tasks[1:] {
		wait.Go(task)
	}
	tasks[0]()
	wait.Wait()
}
