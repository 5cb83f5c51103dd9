package diagram

import (
	"fmt"
	"path/filepath"
	"strings"

	"lintel/schema"
)

// PlaceOf names a place of a design for the readers of a drawing: the file and the line, "shop.cue:12". The file is told
// from the folder that holds all files of the design, lest a drawing say on whose machine and from which folder it was made. Of a file
// outside, such as an imported package's, only its folder's name is told. It is "" where r names no file.
func PlaceOf(d *schema.Design, r schema.Range) string {
	if r.File == "" {
		return ""
	}
	name := fileInDesign(d, r.File)
	if !r.IsKnown() {
		return name
	}
	return fmt.Sprintf("%s:%d", name, r.StartLine)
}

func fileInDesign(d *schema.Design, file string) string {
	if d.Path == "" && len(d.Files) == 0 { // built in memory
		if filepath.IsAbs(file) {
			return filepath.Base(file)
		}
		return filepath.ToSlash(file)
	}
	to, err := filepath.Abs(filepath.FromSlash(file))
	if err != nil {
		return filepath.Base(file)
	}
	if name, err := filepath.Rel(folderOf(d), to); err == nil && filepath.IsLocal(name) {
		return filepath.ToSlash(name)
	}
	return strings.TrimPrefix(filepath.ToSlash(filepath.Join(filepath.Base(filepath.Dir(to)), filepath.Base(to))), "/")
}

// folderOf is the deepest folder that holds all files of d; that of a design from no file is the working folder.
func folderOf(d *schema.Design) string {
	files := d.Files
	if len(files) == 0 {
		files = []string{d.Path}
	}
	folder := ""
	for i, f := range files {
		f, err := filepath.Abs(filepath.FromSlash(f))
		if err != nil {
			return ""
		}
		if i == 0 {
			folder = filepath.Dir(f)
		}
		for folder != filepath.Dir(folder) {
			if name, err := filepath.Rel(folder, f); err == nil && filepath.IsLocal(name) {
				break
			}
			folder = filepath.Dir(folder)
		}
	}
	return folder
}
