package page

import (
	"fmt"
	"strings"

	"lintel/internal/diagram/scene"
)

// chrome writes what stands around and holds the drawings.
func (p *page) chrome() {
	p.print(`<a class="skip" href="#canvas" data-to="canvas">Skip to the drawing</a>
<a class="skip" href="#leaf" data-to="leaf">Skip to the details</a>
<header class="bar">
<h1><bdi>`, escape(p.title), `</bdi></h1>
<div class="views live" role="group" aria-label="View">`)
	for i, v := range p.views {
		p.print(fmt.Sprintf(`<button type="button" data-view="%s" aria-pressed="false" title="%s (%d)">%s</button>`, v.data.ID, escape(v.data.Label), i+1, escape(v.data.Label)))
	}
	p.print(`</div>
<label class="pick live"><span>Journey</span><select id="journey"></select></label>
<span class="space"></span>
<button type="button" class="search live" id="open-search" aria-keyshortcuts="/ Control+K">`, icon("M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9ZM10.3 10.3 14 14"), `<span>Search</span><kbd>/</kbd></button>
<label class="pick theme live"><span>Theme</span><select id="theme"><option value="auto">Auto</option><option value="light">Light</option><option value="dark">Dark</option><option value="print">Print</option></select></label>
<button type="button" class="icon live" id="open-help" aria-label="Keys and help" title="Keys and help (?)">?</button>
<button type="button" class="icon live" id="toggle-panel" aria-label="Panel" aria-expanded="false" aria-controls="panel" title="Panel">`, icon("M2 3H14V13H2ZM9.5 3V13"), `</button>
</header>
<main>
<div id="canvas" tabindex="-1" aria-label="Drawing">
<div class="result" id="result-bar" data-still hidden>`, icon("M8 1.5 15 14H1ZM8 6V9.6M8 11.5V12"), `<span id="result" role="status" aria-live="polite"></span><button type="button" id="why">Why</button><button type="button" id="reset" title="Reset (r)">Reset</button></div>
`)
	for _, v := range p.views {
		p.figure(v)
	}
	p.print(`<figure class="view" id="view-around" hidden><svg class="picture" id="svg-around" role="group" aria-label="Neighbours of the chosen module"><defs>`, hatch("around"), `</defs><g class="world"></g></svg></figure>
<div id="cell" hidden></div>
<div class="tools live" data-still role="toolbar" aria-label="Zoom">
<button type="button" class="icon" id="zoom-in" aria-label="Zoom in" title="Zoom in (+)">`, icon("M8 3V13M3 8H13"), `</button>
<button type="button" class="icon" id="zoom-out" aria-label="Zoom out" title="Zoom out (-)">`, icon("M3 8H13"), `</button>
<button type="button" class="icon" id="fit" aria-label="Show all" title="Show all (0)">`, icon("M2.5 6V2.5H6M10 2.5H13.5V6M13.5 10V13.5H10M6 13.5H2.5V10"), `</button>
</div>
<div class="key live" data-still><button type="button" id="show-legend" aria-expanded="false" aria-controls="legend">Legend</button><div id="legend" hidden></div></div>
</div>
<div id="printed-findings"></div>
<aside id="panel" class="live" aria-label="Details">
<div class="tabs" role="tablist">
<button type="button" role="tab" id="tab-details" aria-controls="leaf">Details</button>
<button type="button" role="tab" id="tab-findings" aria-controls="leaf">Findings <span class="number">`, count(len(p.data.Findings)), `</span></button>
<button type="button" role="tab" id="tab-failures" aria-controls="leaf">Failures <span class="number" id="count-failures"></span></button>
</div>
<div id="leaf" role="tabpanel" tabindex="-1"></div>
</aside>
</main>
<dialog id="search" aria-label="Search">
<input id="query" type="search" role="combobox" aria-expanded="true" aria-controls="results" aria-autocomplete="list" aria-label="Search modules" placeholder="Name, kind, team, group or tag" autocomplete="off" spellcheck="false">
<ul id="results" role="listbox" aria-label="Modules"></ul>
<p id="found" role="status" aria-live="polite"></p>
</dialog>
<dialog id="help" aria-labelledby="help-title">
<h2 id="help-title">Keys</h2>
<dl class="keys">
<dt><kbd>/</kbd> <kbd>Ctrl</kbd> <kbd>K</kbd></dt><dd>search</dd>
<dt><kbd>1</kbd> … <kbd>`, fmt.Sprint(len(p.views)), `</kbd></dt><dd>switch the view</dd>
<dt><kbd>+</kbd> <kbd>-</kbd> <kbd>0</kbd></dt><dd>zoom in, out, show all</dd>
<dt><kbd>Tab</kbd>, arrow keys</dt><dd>into the drawing; from module to module</dd>
<dt><kbd>Home</kbd> <kbd>End</kbd></dt><dd>to the first, the last module</dd>
<dt><kbd>g</kbd></dt><dd>from a module to the group around it</dd>
<dt><kbd>Shift</kbd> arrow keys</dt><dd>move the drawing</dd>
<dt><kbd>Enter</kbd></dt><dd>open a module, fold or unfold a group</dd>
<dt><kbd>r</kbd></dt><dd>reset the failures</dd>
<dt><kbd>Esc</kbd></dt><dd>back</dd>
</dl>
<p class="quiet">Drag to move, scroll or pinch to zoom, click a module for its facts, click the name of a group to fold it. The address of the page keeps what is shown: copy it to share.</p>
`)
	for _, n := range p.notes {
		p.print(`<p class="quiet">`, escape(n), "</p>\n")
	}
	if p.stamp != "" {
		p.print(`<p class="quiet">`, escape(p.stamp), "</p>\n")
	}
	p.print(`<button type="button" data-close>Close</button>
</dialog>
<noscript><p class="noscript">Without JavaScript, this page shows the drawings only.</p></noscript>
`)
	for _, v := range p.views {
		p.print(`<template id="legend-`, v.data.ID, `"><ul>`)
		for _, entry := range v.legend {
			p.print(fmt.Sprintf(`<li><svg width="%[1]s" height="%[2]s" viewBox="-1 -1 %[1]s %[2]s" aria-hidden="true">`, decimal(scene.LegendSampleWidth+2), decimal(scene.LegendSampleHeight+2)),
				entry[0], "</svg><span>", escape(entry[1]), "</span></li>")
		}
		p.print("</ul></template>\n")
	}
}

func (p *page) figure(v *view) {
	b := v.data.Box
	p.print(fmt.Sprintf(`<figure class="view" id="view-%s"><svg class="picture" id="svg-%s" viewBox="%s" width="%s" height="%s" role="group" aria-label="`,
		v.data.ID, v.data.ID, around(b, 8), decimal(b[2]+16), decimal(b[3]+16)),
		escape(v.data.Label+": "+v.title), `"><desc>`, escape(v.description), "</desc><defs>", hatch(v.data.ID), `</defs><g class="world">`, v.body, "</g></svg>")
	if len(v.notes) > 0 {
		p.print(`<figcaption>`, escape(strings.Join(v.notes, " ")), "</figcaption>")
	}
	p.print("</figure>\n")
}

// around is the viewBox that shows a box and a margin.
func around(b box, margin float64) string {
	return strings.Join([]string{decimal(b[0] - margin), decimal(b[1] - margin), decimal(b[2] + 2*margin), decimal(b[3] + 2*margin)}, " ")
}

// hatch is the pattern over what does not work.
func hatch(id string) string {
	return `<pattern id="` + id + `-hatch" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatching" d="M0 4.5H9"/></pattern>`
}

func icon(d string) string {
	return `<svg class="glyph" viewBox="0 0 16 16" aria-hidden="true"><path d="` + d + `"/></svg>`
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
