package main

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed licenses
var embeddedLicences embed.FS

// fontsFolder holds the fonts that lintel draws with, and their licences.
const fontsFolder = "internal/diagram/typeset/fonts"

// part is something in the programs that is no Go module.
type part struct {
	name, version string
	licence       string // as an SPDX expression
	file          string // its licence: in licenses/ beside this file, or of a font in fontsFolder/licenses
	inside        string // what holds it: a Go module's path, another part, or a program
	font          bool
	source        string // where it comes from
}

// parts are all of those. go-graphviz carries Graphviz, and that Expat, as WebAssembly; lintel carries fonts. Tests
// compare the versions with go-graphviz and the fonts with their folder.
var parts = []part{
	{name: "graphviz", version: "12.1.2", licence: "EPL-1.0", file: "graphviz.txt", inside: "github.com/goccy/go-graphviz", source: "https://graphviz.org"},
	{name: "expat", version: "2.6.3", licence: "MIT", file: "expat.txt", inside: "graphviz", source: "https://libexpat.github.io"},
	{name: "Inter", version: "4.001", licence: "OFL-1.1", file: "Inter.txt", inside: "lintel", font: true, source: "https://github.com/rsms/inter"},
	{name: "NotoSansHebrew", licence: "OFL-1.1", file: "NotoSansHebrew.txt", inside: "lintel", font: true, source: "https://github.com/notofonts/hebrew"},
	{name: "NotoSansArabic", licence: "OFL-1.1", file: "NotoSansArabic.txt", inside: "lintel", font: true, source: "https://github.com/notofonts/arabic"},
	{name: "NotoSansThai", version: "2.002", licence: "OFL-1.1", file: "NotoSansThai.txt", inside: "lintel", font: true, source: "https://github.com/notofonts/thai"},
	{name: "NotoEmoji", version: "3.006", licence: "OFL-1.1", file: "NotoEmoji.txt", inside: "lintel", font: true, source: "https://github.com/googlefonts/noto-emoji"},
	{name: "DejaVuSans", version: "2.37", licence: "Bitstream-Vera", file: "DejaVuSans.txt", inside: "lintel", font: true, source: "https://dejavu-fonts.github.io"},
	{name: "NanumGothic", licence: "OFL-1.1", file: "NanumGothic.txt", inside: "lintel", font: true, source: "https://hangeul.naver.com"},
	{name: "DroidSansFallback", version: "1.00c", licence: "Apache-2.0", file: "DroidSansFallback.txt", inside: "lintel", font: true},
}

// licenceFiles gives the licences of all that is linked, below "licenses/", and an index of them.
func licenceFiles(root string, linked []*module) ([]file, error) {
	var files []file
	var index strings.Builder
	index.WriteString("# Licences\n\nlintel is licensed under the [Apache License 2.0](../LICENSE). Its programs contain:\n\n")
	index.WriteString("| what | version | licence |\n| --- | --- | --- |\n")
	row := func(name, version, licence string, paths ...string) {
		var links []string
		for _, path := range paths {
			links = append(links, fmt.Sprintf("[%s](%s)", filepath.Base(path), path))
		}
		fmt.Fprintf(&index, "| %s | %s | %s: %s |\n", name, version, licence, strings.Join(links, ", "))
	}
	for _, m := range linked {
		if m.path == "lintel" {
			continue
		}
		var paths []string
		for _, name := range m.licenceFiles {
			content, err := os.ReadFile(filepath.Join(m.dir, name))
			if err != nil {
				return nil, err
			}
			path := m.path + "/" + filepath.Base(name)
			paths = append(paths, path)
			files = append(files, file{name: "licenses/" + path, content: content})
		}
		name := m.path
		if name == "std" {
			name = "the standard library of Go"
		}
		row(name, m.version, m.licence, paths...)
	}
	for _, p := range parts {
		var content []byte
		var err error
		path := p.file
		if p.font {
			path = "fonts/" + p.file
			content, err = os.ReadFile(filepath.Join(root, fontsFolder, "licenses", p.file))
		} else {
			content, err = embeddedLicences.ReadFile("licenses/" + p.file)
		}
		if err != nil {
			return nil, err
		}
		files = append(files, file{name: "licenses/" + path, content: content})
		row(p.name, p.version, p.licence, path)
	}
	return append(files, file{name: "licenses/README.md", content: []byte(index.String())}), nil
}
