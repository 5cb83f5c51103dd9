package diagram

import (
	"cmp"
	"slices"

	"lintel/rules"
	"lintel/schema"
)

// FindingsInOrder lists the findings that are not waived in the order in which drawings number them: the gravest first,
// then by place. As PlaceOf does, it takes files as the design's folder has them.
func FindingsInOrder(d *schema.Design, r *rules.Result) []*rules.Finding {
	var out []*rules.Finding
	files := make(map[string]string) // as PlaceOf tells them
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Waiver != nil {
			continue
		}
		out = append(out, f)
		if _, ok := files[f.Location.File]; !ok && f.Location.File != "" {
			files[f.Location.File] = fileInDesign(d, f.Location.File)
		}
	}
	slices.SortStableFunc(out, func(x, y *rules.Finding) int {
		if c := cmp.Or(cmp.Compare(y.Severity, x.Severity), cmp.Compare(files[x.Location.File], files[y.Location.File])); c != 0 {
			return c
		}
		return cmp.Or(x.Location.Compare(y.Location),
			cmp.Compare(x.Rule.ID, y.Rule.ID), cmp.Compare(x.Subject.Name, y.Subject.Name), cmp.Compare(x.Key, y.Key))
	})
	return out
}
