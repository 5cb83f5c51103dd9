package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// commonFiles are those that the archives of all platforms hold: documents, manual, completions, licences.
func (r *release) commonFiles(work string, linked []*module) ([]file, error) {
	var files []file
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md"} {
		content, err := os.ReadFile(filepath.Join(r.root, name))
		if err != nil {
			return nil, err
		}
		files = append(files, file{name: name, content: content})
	}

	// The manual and the completions are printed by the program itself, built for this machine.
	own := filepath.Join(work, "own", "lintel")
	if err := r.compile(platform{runtime.GOOS, runtime.GOARCH}, "lintel", own); err != nil {
		return nil, err
	}
	for name, args := range map[string][]string{
		"lintel.1":                {"man"},
		"completions/lintel.bash": {"completion", "bash"},
		"completions/_lintel":     {"completion", "zsh"},
		"completions/lintel.fish": {"completion", "fish"},
	} {
		content, err := exec.Command(own, args...).Output()
		if err != nil {
			return nil, fmt.Errorf("lintel %s: %w", strings.Join(args, " "), err)
		}
		files = append(files, file{name: name, content: content})
	}

	licences, err := licenceFiles(r.root, linked)
	return append(files, licences...), err
}

// installScript is install.sh for this version.
func (r *release) installScript() ([]byte, error) {
	script, err := os.ReadFile(filepath.Join(r.root, "install.sh"))
	if err != nil {
		return nil, err
	}
	const open = "\nversion=\n"
	if bytes.Count(script, []byte(open)) != 1 {
		return nil, fmt.Errorf("install.sh has no single line %q for the version", strings.TrimSpace(open))
	}
	return bytes.Replace(script, []byte(open), []byte("\nversion="+r.version+"\n"), 1), nil
}
