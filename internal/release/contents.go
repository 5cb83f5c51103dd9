package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
		if name == "README.md" {
			content = standalone(content)
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

var link = regexp.MustCompile(`(!?)\[([^\]]*)\]\(([^)\s]+)\)`)

// standalone makes the README one that stands without the source: pictures are left out, and links to files that the
// archives lack become their names.
func standalone(readme []byte) []byte {
	out := link.ReplaceAllFunc(readme, func(found []byte) []byte {
		parts := link.FindSubmatch(found)
		text, to := parts[2], string(parts[3])
		switch {
		case len(parts[1]) > 0:
			return nil
		case strings.Contains(to, "://"), to == "LICENSE", to == "CHANGELOG.md", strings.HasPrefix(to, "#"):
			return found
		}
		name, _, _ := strings.Cut(to, "#")
		return fmt.Appendf(nil, "%s (`%s`)", text, name)
	})
	return append(out, "\nNames such as `docs/README.md` are those of files in lintel's source.\n"...)
}
