package edit

import (
	"io/fs"
	"path/filepath"
	"reflect"
	"testing"

	"lintel/schema"
)

// Whatever a design states is in its tree: what is not could be changed by an edit without being noticed.
func TestTreeHoldsAllOfADesign(t *testing.T) {
	seen := map[string]bool{}
	for _, root := range []string{"../../testdata", "../../schema/testdata", "../../docs"} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			switch filepath.Ext(path) {
			case ".cue", ".json", ".yaml":
			default:
				return nil
			}
			designs, err := schema.Load(schema.LoadOptions{}, path)
			if err != nil {
				return nil // not a design, or a faulty one
			}
			for _, d := range designs {
				again, err := loadTree(tree(d))
				if err != nil {
					t.Errorf("%s: %v", path, err)
					continue
				}
				notEqual(t, path, reflect.ValueOf(*d), reflect.ValueOf(*again), "", seen)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	// These have to have been compared, or the test says little.
	for _, field := range []string{"Modules.Redundancy.Need", "Modules.DependsOn.Retries.Max", "Modules.Placement.Counts.Count", "Journeys.Uses.Name", "Transactions.Spans.Name", "FailureDomains.In.Name", "Modules.Backup.To.Name", "Modules.Session.Kept"} {
		if !seen[field] {
			t.Errorf("no design of the project states %s", field)
		}
	}
}

// notEqual tells of each field in which a and b differ, less places and settings.
func notEqual(t *testing.T, path string, a, b reflect.Value, at string, seen map[string]bool) {
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				t.Errorf("%s: %s is %v and %v", path, at, a, b)
			}
			return
		}
		notEqual(t, path, a.Elem(), b.Elem(), at, seen)
	case reflect.Struct:
		if a.Type() == reflect.TypeFor[schema.Range]() {
			return
		}
		for i := range a.NumField() {
			switch name := a.Type().Field(i).Name; name {
			case "Places", "Sources", "Path", "Files", "Lint":
			default:
				sep := "."
				if at == "" {
					sep = ""
				}
				notEqual(t, path, a.Field(i), b.Field(i), at+sep+name, seen)
			}
		}
	case reflect.Slice:
		if a.Len() != b.Len() {
			t.Errorf("%s: %s has %d and %d elements", path, at, a.Len(), b.Len())
			return
		}
		for i := range a.Len() {
			notEqual(t, path, a.Index(i), b.Index(i), at, seen)
		}
	default:
		seen[at] = true
		if !a.Equal(b) {
			t.Errorf("%s: %s is %v and %v", path, at, a, b)
		}
	}
}

// Fields of the model that the tests of the project do not reach are counted, so that a new one is not forgotten.
func TestTreeKnowsTheModel(t *testing.T) {
	for typ, fields := range map[reflect.Type]int{
		reflect.TypeFor[schema.Module](): 32, reflect.TypeFor[schema.Dependency](): 17, reflect.TypeFor[schema.FailureDomain](): 8,
		reflect.TypeFor[schema.Journey](): 8, reflect.TypeFor[schema.Transaction](): 5, reflect.TypeFor[schema.Redundancy](): 4,
	} {
		if n := typ.NumField(); n != fields {
			t.Errorf("%v has %d fields, and tree was written for %d: add the new ones there and here", typ, n, fields)
		}
	}
}
