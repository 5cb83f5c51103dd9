//go:build !unix

package layout

import (
	"io/fs"
	"os"
	"os/exec"
)

// The user's cache folder is in the user's own part of the system, which others can't reach.
func ours(fs.FileInfo) bool    { return true }
func exposed(fs.FileInfo) bool { return false }

func killWhole(*exec.Cmd) {}

func signaled(*os.ProcessState) bool { return false }

// systemEnvironment is what every program needs of the environment.
func systemEnvironment() []string {
	return []string{"SYSTEMROOT=" + os.Getenv("SYSTEMROOT")}
}
