package baseline

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"lintel/rules"
	"lintel/schema"
)

// shapesOf gives the shape of each module of a design that no other module has: its kind, and the names of the modules
// that it depends on and that depend on it. A module without neighbours has none: its kind alone would say too little.
func shapesOf(d *schema.Design) map[string]string {
	neighbours := map[string][]string{}
	for _, m := range d.Modules {
		for _, dep := range m.DependsOn {
			for _, to := range dep.Targets() {
				if to.Name == m.Name {
					neighbours[m.Name] = append(neighbours[m.Name], "itself")
					continue
				}
				neighbours[m.Name] = append(neighbours[m.Name], ">"+to.Name)
				neighbours[to.Name] = append(neighbours[to.Name], "<"+m.Name)
			}
		}
	}
	out, owner := map[string]string{}, map[string]string{}
	for _, m := range d.Modules {
		list := neighbours[m.Name]
		if len(list) == 0 {
			continue
		}
		slices.Sort(list)
		sum := sha256.Sum256([]byte(string(m.Kind) + "\x00" + strings.Join(slices.Compact(list), "\x00")))
		shape := hex.EncodeToString(sum[:4])
		if other, taken := owner[shape]; taken {
			delete(out, other)
			continue
		}
		owner[shape] = m.Name
		out[m.Name] = shape
	}
	return out
}

// arrow stands between the two ends of the name of a dependency.
const arrow = " -> "

// shapeOf gives the shape of a subject: of a module, or of both ends of a dependency.
func shapeOf(s rules.Subject, shapes map[string]string) string {
	switch s.Kind {
	case rules.OfModule:
		return shapes[s.Name]
	case rules.OfDependency:
		from, to, ok := strings.Cut(s.Name, arrow)
		if ok && (shapes[from] != "" || shapes[to] != "") {
			return shapes[from] + arrow + shapes[to]
		}
	}
	return ""
}

// modules gives the modules that an entry speaks of, with the shapes that they had.
func (e *Entry) modules() map[string]string {
	switch rules.SubjectKind(e.Kind) {
	case rules.OfModule:
		return map[string]string{e.Subject: e.Shape}
	case rules.OfDependency:
		from, to, ok := strings.Cut(e.Subject, arrow)
		fromShape, toShape, _ := strings.Cut(e.Shape, arrow)
		if ok && from != to {
			return map[string]string{from: fromShape, to: toShape}
		}
	}
	return nil
}
