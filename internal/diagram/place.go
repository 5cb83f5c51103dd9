package diagram

import (
	"fmt"
	"path/filepath"
	"strings"

	"lintel/schema"
)

// PlaceOf names a place in the files of d as file:line. Files are named from the folder that holds all files of the
// design, with slashes: so a picture is the same wherever the design lies, and tells nothing of the machine. The
// place of no file is "".
func PlaceOf(d *schema.Design, r schema.Range) string {
	if r.File == "" {
		return ""
	}
	name := filepath.ToSlash(fromFolder(folderOf(d), r.File))
	if !r.IsKnown() {
		return name
	}
	return fmt.Sprintf("%s:%d", name, r.StartLine)
}

// folderOf is the deepest folder that holds all files of d; "" where it has none.
func folderOf(d *schema.Design) string {
	if d == nil || len(d.Files) == 0 {
		return ""
	}
	folder := filepath.Dir(d.Files[0])
	for _, f := range d.Files[1:] {
		for !isWithin(folder, f) && folder != filepath.Dir(folder) {
			folder = filepath.Dir(folder)
		}
	}
	return folder
}

func isWithin(folder, file string) bool {
	rel, err := filepath.Rel(folder, file)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

func fromFolder(folder, file string) string {
	if folder != "" {
		if rel, err := filepath.Rel(folder, file); err == nil {
			return rel
		}
	}
	if filepath.IsAbs(file) {
		return filepath.Base(file)
	}
	return file
}
