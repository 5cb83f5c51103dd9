package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cuelang.org/go/cue/parser"
	"cuelang.org/go/mod/modfile"
	"golang.org/x/mod/semver"
)

// schemaLanguage is the version of CUE that the definition of the design language needs.
const schemaLanguage = "v0.14.0"

// moduleFile is the file that makes a folder a CUE module.
var moduleFile = filepath.Join("cue.mod", "module.cue")

// moduleFolder returns the root of the CUE module that a folder belongs to, or would belong to if it were there: the
// nearest folder with a cue.mod, else the folder itself. A module within a module would hide the outer one's packages.
func moduleFolder(dir string) string {
	up := dir
	for full, err := filepath.Abs(dir); err == nil; full = filepath.Dir(full) {
		if info, err := os.Stat(filepath.Join(full, "cue.mod")); err == nil && info.IsDir() {
			return up
		}
		if filepath.Dir(full) == full {
			break
		}
		if base := filepath.Base(up); base == "." || base == ".." {
			up = filepath.Join(up, "..")
		} else {
			up = filepath.Dir(up)
		}
	}
	return dir
}

// moduleName makes a name for a CUE module of a folder's name: lower-case letters, digits and hyphens, from a letter
// on.
func moduleName(dir string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(folderName(dir)) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9' && b.Len() > 0:
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if name := strings.Trim(b.String(), "-"); name != "" {
		return name
	}
	return "example"
}

// packageName makes a name for the CUE package of a folder: design, unless a folder above in the module has a package
// of that name. Within a module, a package takes in the files of its namesakes in the folders above.
func packageName(dir, root string) string {
	taken := map[string]bool{}
	top := resolved(root)
	for above := resolved(dir); above != top && above != filepath.Dir(above); {
		above = filepath.Dir(above)
		files, err := filepath.Glob(filepath.Join(escapeGlob(above), "*.cue"))
		if err != nil {
			continue
		}
		for _, name := range files {
			if f, err := parser.ParseFile(name, nil, parser.PackageClauseOnly); err == nil {
				taken[f.PackageName()] = true
			}
		}
	}
	name, own := "design", strings.ReplaceAll(moduleName(dir), "-", "_")
	for n := 1; taken[name]; n++ {
		if name = own; n > 1 {
			name = fmt.Sprintf("%s_%d", own, n)
		}
	}
	return name
}

// languageWarning tells that the cue tool cannot read the schema within a module, because the module asks for an older
// language, or returns "". What else may be wrong with the file the cue tool tells.
func languageWarning(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	change := fmt.Sprintf("; write language: version: %q there, or run: cue mod edit --language-version %s", schemaLanguage, schemaLanguage)
	module, err := modfile.ParseNonStrict(text, file)
	switch {
	case errors.Is(err, modfile.ErrNoLanguageVersion):
		return fmt.Sprintf("warning: %s states no language version, and the schema needs %s%s", file, schemaLanguage, change)
	case err != nil || module.Language == nil:
		return ""
	case semver.IsValid(module.Language.Version) && semver.Compare(module.Language.Version, schemaLanguage) < 0:
		return fmt.Sprintf("warning: %s is for language version %s, and the schema needs %s for the cue tool to read it%s", file, module.Language.Version, schemaLanguage, change)
	}
	return ""
}
