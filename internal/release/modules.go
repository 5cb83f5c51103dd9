package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// module is a Go module of which packages are linked into a program, or the standard library.
type module struct {
	path, version string // "std" and "1.26.0" for the standard library
	dir           string
	programs      []string        // that link it, sorted
	direct        map[string]bool // by program: packages of lintel itself import it there
	uses          []string        // paths of the modules whose packages its linked packages import, sorted
	licence       string          // as an SPDX expression
	licenceFiles  []string        // names in dir
}

// modulesOf lists what the programs link on any of the platforms, in order of path; lintel itself is among them.
func modulesOf(root string, on []platform) ([]*module, error) {
	byPath := map[string]*module{}
	for _, p := range on {
		for _, program := range programs {
			if err := addModules(byPath, root, p, program); err != nil {
				return nil, err
			}
		}
	}
	var all []*module
	for _, m := range byPath {
		slices.Sort(m.programs)
		slices.Sort(m.uses)
		m.programs, m.uses = slices.Compact(m.programs), slices.Compact(m.uses)
		if err := m.findLicence(); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *module) int { return strings.Compare(a.path, b.path) })
	return all, nil
}

func addModules(byPath map[string]*module, root string, p platform, program string) error {
	type goPackage struct {
		ImportPath string
		Standard   bool
		Imports    []string
		ImportMap  map[string]string
		Module     *struct{ Path, Version, Dir string }
	}
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports,ImportMap,Module", "./cmd/"+program)
	cmd.Dir, cmd.Env, cmd.Stderr = root, environment(p), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	moduleOf := map[string]*module{} // by the package's path
	var packages []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var g goPackage
		if err := dec.Decode(&g); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		m := &module{path: "std", direct: map[string]bool{}}
		if g.Module != nil {
			m = &module{direct: map[string]bool{}, path: g.Module.Path, version: g.Module.Version, dir: g.Module.Dir}
		} else if !g.Standard {
			return fmt.Errorf("package %s is of no module", g.ImportPath)
		}
		if byPath[m.path] == nil {
			if m.path == "std" {
				if m.version, m.dir, err = standardLibrary(root, p); err != nil {
					return err
				}
			}
			byPath[m.path] = m
		}
		m = byPath[m.path]
		m.programs = append(m.programs, program)
		moduleOf[g.ImportPath] = m
		packages = append(packages, g)
	}
	for _, g := range packages {
		from := moduleOf[g.ImportPath]
		for _, path := range g.Imports {
			if other, ok := g.ImportMap[path]; ok {
				path = other
			}
			if to := moduleOf[path]; to != nil && to != from {
				from.uses = append(from.uses, to.path)
				if from.path == "lintel" {
					to.direct[program] = true
				}
			}
		}
	}
	return nil
}

// standardLibrary gives the version and the folder of the Go that builds.
func standardLibrary(root string, p platform) (version, dir string, err error) {
	cmd := exec.Command("go", "env", "GOVERSION", "GOROOT")
	cmd.Dir, cmd.Env = root, environment(p)
	out, err := cmd.Output()
	if err != nil {
		return "", "", fmt.Errorf("go env: %w", err)
	}
	version, dir, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
	return strings.TrimPrefix(version, "go"), dir, nil
}

// findLicence reads the module's licence files and tells which licences they are.
func (m *module) findLicence() error {
	entries, err := os.ReadDir(m.dir)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, entry := range entries {
		upper := strings.ToUpper(entry.Name())
		isLicence := strings.HasPrefix(upper, "LICENSE") || strings.HasPrefix(upper, "LICENCE") || strings.HasPrefix(upper, "COPYING")
		if entry.IsDir() || !isLicence && !strings.HasPrefix(upper, "NOTICE") && !strings.HasPrefix(upper, "PATENTS") {
			continue
		}
		m.licenceFiles = append(m.licenceFiles, entry.Name())
		if isLicence && upper != "LICENSE.DOCS" { // go-digest: that is for its documents, which are not linked
			content, err := os.ReadFile(filepath.Join(m.dir, entry.Name()))
			if err != nil {
				return err
			}
			text.Write(content)
		}
	}
	if special, ok := specialLicences[m.path]; ok {
		m.licence = special.expression
		m.licenceFiles = append(m.licenceFiles, special.files...)
		return nil
	}
	if m.licence = identify(text.String()); m.licence == "" {
		return fmt.Errorf("module %s: its licence is not known; read %v in %s, and add it to identify or specialLicences", m.path, m.licenceFiles, m.dir)
	}
	return nil
}

// specialLicences are of modules that offer a choice: the licence that is taken, and its file where it lies deeper.
var specialLicences = map[string]struct {
	expression string
	files      []string
}{
	"github.com/golang/freetype":     {"FTL", []string{"licenses/ftl.txt"}}, // or GPL-2.0-or-later
	"github.com/go-text/typesetting": {"BSD-3-Clause", nil},                 // or Unlicense
}

// identify gives the SPDX expression for the text of a licence file, "" where it holds none that may be linked here.
// Texts with several licences, each for a part of a module, give all of them.
func identify(text string) string {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	var found []string
	add := func(id string, phrases ...string) {
		for _, phrase := range phrases {
			if !strings.Contains(text, phrase) {
				return
			}
		}
		found = append(found, id)
	}
	for _, strict := range []string{"general public license", "mozilla public license", "eclipse public license", "server side public", "business source"} {
		if strings.Contains(text, strict) {
			return ""
		}
	}
	add("Apache-2.0", "apache license", "version 2.0")
	add("MIT", "permission is hereby granted, free of charge", "the above copyright notice and this permission notice shall be included")
	add("ISC", "permission to use, copy, modify, and", "distribute this software for any purpose with or without fee")
	if strings.Contains(text, "redistribution and use in source and binary forms") {
		if strings.Contains(text, "may be used to endorse or promote products") {
			found = append(found, "BSD-3-Clause")
		} else {
			found = append(found, "BSD-2-Clause")
		}
	}
	slices.Sort(found)
	return strings.Join(found, " AND ")
}
