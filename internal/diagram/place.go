package diagram

import (
	"fmt"
	"path/filepath"
	"strings"

	"lintel/schema"
)

// PlaceOf names a place of a design for the readers of a drawing: the file and the line, "shop.cue:12". The file is told
// from the design's own folder, lest a drawing say on whose machine and from which folder it was made. Of a file
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
	own := d.Path
	if len(d.Files) > 0 {
		own = d.Files[0]
	}
	from, err1 := filepath.Abs(filepath.Dir(filepath.FromSlash(own)))
	to, err2 := filepath.Abs(filepath.FromSlash(file))
	if err1 != nil || err2 != nil {
		return filepath.Base(file)
	}
	name, err := filepath.Rel(from, to)
	if err == nil && filepath.IsLocal(name) {
		return filepath.ToSlash(name)
	}
	return strings.TrimPrefix(filepath.ToSlash(filepath.Join(filepath.Base(filepath.Dir(to)), filepath.Base(to))), "/")
}
