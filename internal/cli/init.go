package cli

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"cuelang.org/go/cue/literal"
	urfave "github.com/urfave/cli/v2"

	"lintel/schema"
)

var initCommand = &command{
	name: "init", args: "[DIR]", takes: folder, maxArgs: 1,
	summary: "Write a small design to start from",
	about: `Writes into DIR, the working folder if none is given: a small design with
comments, settings in .lintel.cue, and the schema under cue.mod, where the cue
tool and its language server find it; that is the cue.mod of the CUE module in
which DIR lies, if there is one. Files that are there already are left alone.
Lintel itself needs none but the design.`,
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
	path string
	text []byte
}

func runInit(s *session, c *urfave.Context) error {
	dir := "."
	if c.Args().Len() > 0 {
		dir = c.Args().First()
	}
	root := moduleFolder(dir)
	files, err := initFiles(dir, root)
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
		if filepath.Base(f.path) == designFile && len(designs) > 0 {
			if err := s.print(fmt.Sprintf("left out %s: %s is there\n", f.path, designs[0])); err != nil {
				return err
			}
			continue
		}
		verb, err := createFile(f.path, f.text)
		if err != nil {
			return err
		}
		if err := s.print(fmt.Sprintf("%s %s\n", verb, f.path)); err != nil {
			return err
		}
	}
	if warning := languageWarning(filepath.Join(root, moduleFile)); warning != "" {
		fmt.Fprintf(s.stderr, "lintel: %s\n", printable(warning))
	}
	return nil
}

const designFile = "design.cue"

// initFiles lists what init writes for a design in dir, which belongs to the CUE module in root.
func initFiles(dir, root string) ([]newFile, error) {
	names := strings.NewReplacer("SYSTEM", literal.String.Quote(systemName(dir)), "PACKAGE", packageName(dir, root),
		"MODULE", moduleName(root), "LANGUAGE", schemaLanguage)
	var files []newFile
	for _, t := range []struct{ from, to string }{
		{"template/design.cue.tmpl", filepath.Join(dir, designFile)},
		{"template/settings.cue.tmpl", filepath.Join(dir, ".lintel.cue")},
		{"template/module.cue.tmpl", filepath.Join(root, moduleFile)},
	} {
		text, err := templates.ReadFile(t.from)
		if err != nil {
			return nil, err
		}
		files = append(files, newFile{t.to, []byte(names.Replace(string(text)))})
	}
	definition := schema.Files()
	list, err := fs.Glob(definition, "*.cue")
	if err != nil {
		return nil, err
	}
	for _, name := range list {
		text, err := fs.ReadFile(definition, name)
		if err != nil {
			return nil, err
		}
		files = append(files, newFile{filepath.Join(root, "cue.mod", "pkg", filepath.FromSlash(schema.ImportPath), name), text})
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

// folderName returns the name of a folder, "" for the root of a file system.
func folderName(dir string) string {
	full, err := filepath.Abs(dir)
	if err != nil || filepath.Dir(full) == full {
		return ""
	}
	return filepath.Base(full)
}

// systemName makes a name for a system of a folder's name: the same, where the language allows it as a name.
func systemName(dir string) string {
	name := strings.TrimFunc(folderName(dir), unicode.IsSpace)
	bad := func(c rune) bool { return unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp) }
	if name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name, bad) {
		return moduleName(dir)
	}
	return name
}

// escapeGlob gives a pattern that matches only the path itself.
func escapeGlob(path string) string {
	return strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`).Replace(path)
}
