package layout

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// MissingError says that lintel-graphviz was not found.
type MissingError struct{ Tried []string }

func (e *MissingError) Error() string {
	return "lintel-graphviz, the program that lays out drawings, was not found beside lintel nor on PATH; " +
		"`go install lintel/cmd/...` or `make build` builds both. The formats dot, mermaid, d2 and plantuml and --view matrix need no layout"
}

// find returns the path of lintel-graphviz: beside the executable, else on PATH.
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
		missing.Tried = append(missing.Tried, beside)
	}
	path, err := exec.LookPath(name)
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return "", missing
	}
	return path, nil
}
