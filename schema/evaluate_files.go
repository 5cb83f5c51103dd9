package schema

import (
	"errors"
	"maps"
	"path/filepath"
	"strings"

	"cuelang.org/go/cue/build"
	cueload "cuelang.org/go/cue/load"
)

// virtualRoot is the folder below which CUE's loader sees the files of a design that does not come from the disk. There is
// no such folder, so what the loader finds there is what it was given. (Its own support of fs.FS does not find
// packages in cue.mod/pkg, in version 0.17.)
func virtualRoot() string {
	root := string(filepath.Separator) + "lintel-reads-no-disk-here.invalid"
	if abs, err := filepath.Abs(root); err == nil { // with a volume
		return abs
	}
	return root
}

// loadVirtual has CUE's loader put a design together below virtualRoot, from all files that the design needs. The overlay
// has texts by absolute path that stand in the place of files; cfg and args name absolute paths outside.
func (ev *evaluation) loadVirtual(cfg cueload.Config, overlay map[string][]byte, args []string) (*build.Instance, error) {
	n := ev.needsOf(ev.in)
	if len(args) == 1 && args[0] == ".:"+ev.in.pkg { // the loader looks for the files of the package by itself
		if rel, ok := below(cfg.ModuleRoot, ev.in.dir); ok {
			n.pkg(cfg.ModuleRoot, rel, ev.in.pkg)
		}
	}
	texts := n.texts()
	maps.Copy(texts, overlay)
	ev.virtualPaths = make(map[string]string, len(texts))
	root := virtualRoot()
	inside := func(abs string) string {
		volume := filepath.VolumeName(abs)
		name := filepath.Join(root, strings.NewReplacer(":", "", `\`, "", "/", "").Replace(volume), abs[len(volume):])
		ev.virtualPaths[name] = abs
		return name
	}
	cfg.Overlay = make(map[string]cueload.Source, len(texts))
	for abs, text := range texts {
		cfg.Overlay[inside(abs)] = cueload.FromBytes(text)
	}
	cfg.Dir, cfg.ModuleRoot = inside(cfg.Dir), inside(cfg.ModuleRoot)
	for i, a := range args {
		if filepath.IsAbs(a) {
			args[i] = inside(a)
		}
	}
	insts := cueload.Instances(args, &cfg)
	if len(insts) != 1 {
		return nil, errors.New("these files are not one CUE package")
	}
	return insts[0], nil
}

// pathOf is the path of a file that CUE names.
func (ev *evaluation) pathOf(name string) string {
	if abs, ok := ev.virtualPaths[name]; ok {
		return abs
	}
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	// CUE names an embedded file as the attribute that embeds it does, from the folder where that stands.
	abs, ok := ev.embedded[name]
	if !ok {
		abs = name
		for _, e := range ev.needsOf(ev.in).embeddings {
			if e.what.Matches(name) {
				abs = filepath.Join(e.dir, filepath.FromSlash(name))
				break
			}
		}
		if ev.embedded == nil {
			ev.embedded = map[string]string{}
		}
		ev.embedded[name] = abs
	}
	return abs
}
