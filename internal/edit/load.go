package edit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lintel/schema"
)

// mark is the byte order mark that a file may begin with; schema takes it off.
var mark = []byte("\xef\xbb\xbf")

// loadTree loads plain data as a design.
func loadTree(o object) (*schema.Design, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	root := filepath.FromSlash("/design")
	designs, err := schema.Load(schema.LoadOptions{Dir: root, Root: root, FS: &overlay{texts: map[string][]byte{"design.json": text}}}, "design.json")
	if err != nil {
		return nil, firstOf(err)
	}
	return designs[0], nil
}

// firstOf is the first of the errors of a Load, on one line.
func firstOf(err error) error {
	var all schema.Errors
	if errors.As(err, &all) && len(all) > 0 {
		return errors.New(all[0].Message)
	}
	return err
}

// load loads the design with texts in the place of its files.
func (s *session) load(texts map[string][]byte) (*schema.Design, error) {
	opts, err := s.overlaid(texts)
	if err != nil {
		return nil, err
	}
	designs, err := schema.Load(opts, s.design.Path)
	if err != nil {
		return nil, firstOf(err)
	}
	for _, d := range designs {
		if d.Path == s.design.Path && slices.Equal(d.Files, s.design.Files) {
			return d, nil
		}
	}
	return nil, fmt.Errorf("%s is no longer one design", s.design.Path)
}

// overlaid gives the options of the session with texts laid over its files.
func (s *session) overlaid(texts map[string][]byte) (schema.LoadOptions, error) {
	opts := s.opts
	opts.Stdin, opts.StdinFilename = nil, ""
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		return opts, err
	}
	files := map[string][]byte{} // by absolute path
	for name, text := range texts {
		files[s.absolute(dir, name)] = text
	}
	if opts.FS == nil {
		opts.Root = commonFolder(files)
		opts.FS = os.DirFS(opts.Root)
	}
	o := &overlay{FS: opts.FS, texts: map[string][]byte{}}
	for name, text := range files {
		rel, err := filepath.Rel(opts.Root, name)
		if err != nil || strings.HasPrefix(rel, "..") {
			continue // it lies outside, where nothing is laid over it
		}
		o.texts[filepath.ToSlash(rel)] = text
	}
	opts.FS = o
	return opts, nil
}

func (s *session) absolute(dir, name string) string {
	if name = filepath.FromSlash(name); filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

// hasMark reports whether the file begins with a byte order mark before text.
func (s *session) hasMark(name string, text []byte) bool {
	opts, err := s.overlaid(nil)
	if err != nil {
		return false
	}
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		return false
	}
	var old []byte
	if s.opts.FS == nil {
		old, err = os.ReadFile(s.absolute(dir, name))
	} else if rel, e := filepath.Rel(s.opts.Root, s.absolute(dir, name)); e == nil {
		old, err = fs.ReadFile(s.opts.FS, filepath.ToSlash(rel))
	}
	rest, ok := bytes.CutPrefix(old, mark)
	return err == nil && ok && bytes.Equal(rest, text)
}

// commonFolder is the folder that all files lie in.
func commonFolder(files map[string][]byte) string {
	common := ""
	for name := range files {
		dir := filepath.Dir(name)
		if common == "" {
			common = dir
		}
		for common != dir && !strings.HasPrefix(dir, strings.TrimSuffix(common, string(filepath.Separator))+string(filepath.Separator)) {
			up := filepath.Dir(common)
			if up == common {
				break
			}
			common = up
		}
	}
	return common
}
