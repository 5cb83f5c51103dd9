package layout

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// MissingError says that lintel-graphviz was not found.
type MissingError struct {
	Looked string // the path beside the executable where it was not; "" where the executable is unknown
}

func (e *MissingError) Error() string {
	where := "on PATH"
	if e.Looked != "" {
		where = "at " + e.Looked + " nor on PATH"
	}
	return "lintel-graphviz, the program that lays out drawings, is not " + where + ": " +
		"`go install lintel/cmd/...` and `make build` put it beside lintel. " +
		"The formats dot, mermaid, d2 and plantuml and the matrix view do without it"
}

// find returns the path of lintel-graphviz: beside the executable, else on PATH, and nowhere else. In
// particular not in the working folder, which may be anyone's.
func (e Engine) find() (string, error) {
	if e.Program != "" {
		return e.Program, nil
	}
	name := "lintel-graphviz"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	missing := &MissingError{}
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		beside := filepath.Join(filepath.Dir(exe), name)
		if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() {
			return beside, nil
		}
		missing.Looked = beside
	}
	// LookPath finds programs in relative folders, too, but tells so by an error.
	path, err := exec.LookPath(name)
	if err != nil {
		return "", missing
	}
	return path, nil
}
