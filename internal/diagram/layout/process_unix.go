//go:build unix

package layout

import (
	"io/fs"
	"os"
	"os/exec"
	"syscall"
)

// ours reports whether the file belongs to this user.
func ours(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(stat.Uid) == os.Geteuid()
}

// exposed reports whether others can reach the file.
func exposed(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }

// killWhole has cmd, and all that it starts, killed when its context ends.
func killWhole(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if err == syscall.ESRCH {
			return os.ErrProcessDone
		}
		return err
	}
}

// signaled reports whether the process was ended by a signal.
func signaled(state *os.ProcessState) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	return ok && status.Signaled()
}

// systemEnvironment is what every program needs of the environment.
func systemEnvironment() []string { return nil }
