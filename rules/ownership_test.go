package rules

import "testing"

// TestCompareOwners compares the verdict on all sets of up to three owners with one by pairs.
func TestCompareOwners(t *testing.T) {
	var all []owner
	for _, g := range []string{"", "g", "h"} {
		for _, team := range []string{"", "t", "u"} {
			all = append(all, owner{g, team})
		}
	}
	pair := func(x, y owner) verdict {
		switch {
		case x.group != "" && y.group != "":
			if x.group != y.group {
				return differentOwners
			}
			return sameOwner
		case x.team == "" || y.team == "":
			return unknownOwners
		case x.team != y.team:
			return differentOwners
		}
		return sameOwner
	}
	slow := func(owners []owner) verdict {
		v := sameOwner
		for i := range owners {
			for k := range i {
				switch pair(owners[i], owners[k]) {
				case differentOwners:
					return differentOwners
				case unknownOwners:
					v = unknownOwners
				}
			}
		}
		return v
	}
	check := func(owners ...owner) {
		if got, want := compareOwners(owners), slow(owners); got != want {
			t.Errorf("%v: got %d, want %d", owners, got, want)
		}
	}
	check()
	for _, x := range all {
		check(x)
		for _, y := range all {
			check(x, y)
			for _, z := range all {
				check(x, y, z)
			}
		}
	}
}
