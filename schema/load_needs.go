package schema

import (
	"path/filepath"
	"regexp"
	"strings"

	"bytes"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/inject/embed"
	"cuelang.org/go/cue/parser"
)

// needs are the files that a design takes in besides those that state it: the packages that it imports, directly and by way of
// others, and the files that it embeds. They are found without evaluating anything. What a registry of CUE modules holds
// is not among them.
type needs struct {
	l      *loader
	root   string // of the CUE module that the design lies in; "" without one
	module string // its path

	folders    []string // of packages, absolute, in the order in which they are met; some may not exist
	embeddings []embedding
	files      []*source // the CUE files of the folders
	replaced   bool      // the module takes other modules from folders, which are not looked for
	others     bool      // something of other modules is imported

	seen map[string]bool // folders, and packages in folders
}

// embedding is an attribute that takes in files.
type embedding struct {
	dir  string // absolute, from which it counts
	what *embed.Embed
}

// needsOf finds what a design needs.
func (l *loader) needsOf(in *input) *needs {
	n := &needs{l: l, root: l.moduleRoot(in.dir), seen: map[string]bool{}}
	if n.root != "" {
		n.module = l.moduleName(n.root)
		_, err := l.stat(filepath.Join(n.root, "cue.mod", "local-module.cue"))
		n.replaced = err == nil
	}
	for _, f := range in.files {
		f.parse()
		n.file(f, f.syntax)
	}
	return n
}

// file adds what a CUE file asks for.
func (n *needs) file(f *source, syntax *ast.File) {
	if syntax == nil {
		return
	}
	for spec := range syntax.ImportSpecs() {
		n.imported(importPath(spec))
	}
	if !bytes.Contains(f.text, []byte("@embed")) {
		return
	}
	list, _ := embed.EmbeddedPaths(filepath.Base(f.abs), syntax)
	for _, e := range list {
		n.embeddings = append(n.embeddings, embedding{filepath.Dir(f.abs), e})
	}
}

// imported adds the folders in which an imported package may lie.
func (n *needs) imported(path string) {
	first, _, _ := strings.Cut(path, "/")
	if path == ImportPath || !strings.Contains(first, ".") || n.root == "" {
		return // of lintel, of CUE itself
	}
	path, name, _ := strings.Cut(path, ":")
	path, _, _ = strings.Cut(path, "@")
	if name == "" {
		name = path[strings.LastIndexByte(path, '/')+1:]
	}
	if n.module != "" && (path == n.module || strings.HasPrefix(path, n.module+"/")) {
		n.pkg(n.root, path[len(n.module):], name)
	} else {
		n.others = true
	}
	for _, d := range []string{"gen", "usr", "pkg"} {
		n.pkg(filepath.Join(n.root, "cue.mod", d), path, name)
	}
}

// pkg adds a package with the folders above it, whose files of the same package are part of it.
func (n *needs) pkg(base, below, name string) {
	for dir := filepath.Join(base, filepath.FromSlash(below)); ; dir = filepath.Dir(dir) {
		key := dir + "\x00" + name
		if n.seen[key] {
			return
		}
		n.seen[key] = true
		n.folder(dir, name)
		if dir == base || len(dir) < len(base) {
			return
		}
	}
}

func (n *needs) folder(dir, name string) {
	var list []string
	entries, _ := n.l.readDir(dir)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".cue") && !e.IsDir() {
			list = append(list, filepath.Join(dir, e.Name()))
		}
	}
	n.l.prefetch(list)
	first := !n.seen[dir]
	if first {
		n.seen[dir] = true
		n.folders = append(n.folders, dir)
	}
	for _, abs := range list {
		f := n.l.source(abs)
		if first {
			n.files = append(n.files, f)
		}
		if packageOf(f) != name {
			continue
		}
		mode := parser.ImportsOnly
		if bytes.Contains(f.text, []byte("@embed")) {
			mode = parser.ParseComments
		}
		syntax, _ := parser.ParseFile(abs, f.text, mode)
		n.file(f, syntax)
	}
}

// texts gives the contents of all that the design needs, and of the files of the CUE module, by absolute path.
func (n *needs) texts() map[string][]byte {
	texts := map[string][]byte{}
	read := func(abs string) {
		if text, err := n.l.readFile(abs); err == nil {
			texts[abs] = text
		}
	}
	inModules := map[string]bool{}
	modulesAbove := func(dir string) {
		for ; n.root != "" && !inModules[dir]; dir = filepath.Dir(dir) {
			inModules[dir] = true
			if at := filepath.Join(dir, "cue.mod"); n.l.isDir(at) {
				texts[filepath.Join(at, ".keep")] = nil // so that there is a folder
				read(filepath.Join(at, "module.cue"))
				read(filepath.Join(at, "local-module.cue"))
			}
			if dir == n.root || dir == filepath.Dir(dir) {
				return
			}
		}
	}
	if n.root != "" {
		modulesAbove(n.root)
	}
	for _, dir := range n.folders {
		modulesAbove(dir)
	}
	for _, f := range n.files {
		if texts[f.abs] = f.text; f.text == nil {
			read(f.abs)
		}
	}
	for _, e := range n.embeddings {
		found, _ := e.what.FindAll(under{n.l.files, e.dir})
		for _, name := range found {
			abs := filepath.Join(e.dir, filepath.FromSlash(name))
			read(abs)
			modulesAbove(filepath.Dir(abs))
		}
	}
	if n.replaced {
		n.replacedModules(read, modulesAbove)
	}
	return texts
}

var replaceWith = regexp.MustCompile(`replaceWith:\s*"(\.[^"@]*)"`)

// replacedModules reads the CUE files of the folders that stand in the place of other modules.
func (n *needs) replacedModules(read, modulesAbove func(string)) {
	text, _ := n.l.readFile(filepath.Join(n.root, "cue.mod", "local-module.cue"))
	for _, m := range replaceWith.FindAllSubmatch(text, -1) {
		var walk func(dir string)
		walk = func(dir string) {
			modulesAbove(dir)
			entries, _ := n.l.readDir(dir)
			for _, e := range entries {
				at := filepath.Join(dir, e.Name())
				switch {
				case e.IsDir():
					walk(at)
				case strings.HasSuffix(e.Name(), ".cue"):
					read(at)
				}
			}
		}
		walk(filepath.Join(n.root, filepath.FromSlash(string(m[1]))))
	}
}
