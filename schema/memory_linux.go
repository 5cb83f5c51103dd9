package schema

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// availableMemory is the number of bytes that this process may still take before the system refuses, 0 where that is
// not known: the least of the machine's, the control group's and the limit of the address space.
func availableMemory() uint64 {
	least := uint64(0)
	limit := func(n uint64) {
		if n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	text, _ := os.ReadFile("/proc/meminfo")
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) >= 2 && fields[0] == "MemAvailable:" {
			n, _ := strconv.ParseUint(fields[1], 10, 54)
			limit(n << 10)
		}
	}
	for _, name := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if text, err := os.ReadFile(name); err == nil {
			n, _ := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64) // "max" where there is none
			limit(n)
		}
	}
	var space syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &space) == nil {
		limit(uint64(space.Cur))
	}
	return least
}
