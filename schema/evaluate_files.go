package schema

import (
	"maps"
	"path/filepath"
	"strings"

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

// virtual moves the reading of a design below virtualRoot, with all files that it needs. The overlay has texts by
// absolute path that stand in the place of files.
func (ev *evaluation) virtual(cfg *cueload.Config, overlay map[string][]byte, args []string) {
	all := ev.needsOf(ev.in).texts()
	maps.Copy(all, overlay)
	ev.virtualPaths = make(map[string]string, len(all))
	root := virtualRoot()
	inside := func(abs string) string {
		volume := filepath.VolumeName(abs)
		name := filepath.Join(root, strings.NewReplacer(":", "", `\`, "", "/", "").Replace(volume), abs[len(volume):])
		ev.virtualPaths[name] = abs
		return name
	}
	cfg.Overlay = make(map[string]cueload.Source, len(all))
	for abs, text := range all {
		cfg.Overlay[inside(abs)] = cueload.FromBytes(text)
	}
	cfg.Dir, cfg.ModuleRoot = inside(cfg.Dir), inside(cfg.ModuleRoot)
	for i, a := range args {
		if filepath.IsAbs(a) {
			args[i] = inside(a)
		}
	}
}

// pathOf is the path of a file that CUE names.
func (ev *evaluation) pathOf(name string) string {
	if abs, ok := ev.virtualPaths[name]; ok {
		return abs
	}
	return name
}
