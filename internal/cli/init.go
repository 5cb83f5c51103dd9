package cli

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/schema"
)

var initCommand = &command{
	name: "init", args: "[DIR]", takes: folder, maxArgs: 1,
	summary: "Write a small design to start from",
	about: `Writes into DIR, the working folder if none is given: a small design with
comments, settings in .lintel.cue, and the schema under cue.mod, where the cue
tool and its language server find it. Files that are there already are left
alone. Lintel itself needs none but the design.`,
	examples: []example{
		{"lintel init", "in this folder"},
		{"lintel init shop && lintel check shop", "in a new one"},
	},
	run: runInit,
}

//go:embed template
var templates embed.FS

// newFile is a file that init writes.
type newFile struct {
	name string // slash-separated, below DIR
	text []byte
}

func runInit(s *session, c *urfave.Context) error {
	dir := "."
	if c.Args().Len() > 0 {
		dir = c.Args().First()
	}
	name := systemName(dir)
	files, err := initFiles(name)
	if err != nil {
		return err
	}
	designs, err := filepath.Glob(filepath.Join(escapeGlob(dir), "[^.]*.cue"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return explained("create", err)
	}
	for _, f := range files {
		target := filepath.Join(dir, filepath.FromSlash(f.name))
		if f.name == designFile && len(designs) > 0 {
			if err := s.print(fmt.Sprintf("left out %s: %s is there\n", target, designs[0])); err != nil {
				return err
			}
			continue
		}
		verb, err := createFile(target, f.text)
		if err != nil {
			return err
		}
		if err := s.print(fmt.Sprintf("%s %s\n", verb, target)); err != nil {
			return err
		}
	}
	return nil
}

const designFile = "design.cue"

// initFiles lists what init writes for a system of this name.
func initFiles(system string) ([]newFile, error) {
	var files []newFile
	for _, t := range []struct{ from, to string }{
		{"template/design.cue.tmpl", designFile},
		{"template/settings.cue.tmpl", ".lintel.cue"},
		{"template/module.cue.tmpl", "cue.mod/module.cue"},
	} {
		text, err := templates.ReadFile(t.from)
		if err != nil {
			return nil, err
		}
		files = append(files, newFile{t.to, []byte(strings.ReplaceAll(string(text), "SYSTEM", system))})
	}
	definition := schema.Files()
	names, err := fs.Glob(definition, "*.cue")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(definition, name)
		if err != nil {
			return nil, err
		}
		files = append(files, newFile{"cue.mod/pkg/" + schema.ImportPath + "/" + name, text})
	}
	return files, nil
}

// createFile writes a file that is not there yet, and its folders.
func createFile(name string, text []byte) (verb string, err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return "", explained("create", err)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return "kept ", nil
	}
	if err != nil {
		return "", explained("create", err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(name)
		return "", explained("write", err)
	}
	return "wrote", nil
}

// systemName makes a name for a system, and for a CUE module and package, of a folder's name: lower-case
// letters, digits and hyphens, from a letter on.
func systemName(dir string) string {
	full, err := filepath.Abs(dir)
	if err != nil {
		return "example"
	}
	var b strings.Builder
	for _, c := range strings.ToLower(filepath.Base(full)) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9' && b.Len() > 0:
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if name := strings.Trim(b.String(), "-"); name != "" {
		return name
	}
	return "example"
}

// escapeGlob gives a pattern that matches only the path itself.
func escapeGlob(path string) string {
	return strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`).Replace(path)
}
