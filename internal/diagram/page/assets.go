package page

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"lintel/internal/diagram/scene"
	"lintel/internal/diagram/typeset"
)

//go:embed simulate.js app
var assets embed.FS

// The parts of the program, in order; they share one scope.
const programParts = "app/elements.js simulate.js app/state.js app/viewport.js app/pictures.js app/fold.js app/surroundings.js app/panel.js app/search.js app/keys.js app/print.js app/main.js"

// program is the script of the page.
var program = sync.OnceValue(func() string {
	var b strings.Builder
	b.WriteString("(() => {\n'use strict';\n")
	for _, name := range strings.Fields(programParts) {
		b.WriteString(asset(name))
		if name == "simulate.js" {
			b.WriteString("const design = JSON.parse(document.getElementById('design').textContent);\nconst simulator = newSimulator(design);\n")
		}
	}
	b.WriteString("})();\n")
	return b.String()
})

// stylesheet is the style of the page: the inks of the themes as variables, a class for each, and page.css.
var stylesheet = sync.OnceValue(func() string {
	var b strings.Builder
	colors := map[string]string{}
	for _, t := range scene.Themes() {
		var s strings.Builder
		for i := scene.Ink(1); int(i) < scene.Inks; i++ {
			c := t.Color(i)
			fmt.Fprintf(&s, "--ink-%s:#%02x%02x%02x;", i, c.R, c.G, c.B)
		}
		colors[t.Name] = s.String()
	}
	fmt.Fprintf(&b, ":root,:root[data-theme=light]{%s}\n", colors["light"])
	fmt.Fprintf(&b, "@media (prefers-color-scheme:dark){:root[data-theme=auto]{%s}}\n", colors["dark"])
	fmt.Fprintf(&b, ":root[data-theme=dark]{%s}\n:root[data-theme=print]{%s}\n", colors["dark"], colors["print"])
	fmt.Fprintf(&b, "@media print{:root,:root[data-theme]{%s}}\n", colors["print"])
	b.WriteString(".f0{fill:none}.s0{stroke:none}\n")
	for i := scene.Ink(1); int(i) < scene.Inks; i++ {
		fmt.Fprintf(&b, ".f%d{fill:var(--ink-%s)}.s%d{stroke:var(--ink-%s)}", i, i, i, i)
	}
	fmt.Fprintf(&b, "\n:root{--face:%s}\n", typeset.Families())
	b.WriteString(asset("app/page.css"))
	return b.String()
})

// asset reads an embedded file, which is there.
func asset(name string) string {
	text, err := assets.ReadFile(name)
	if err != nil {
		return ""
	}
	return string(text)
}
