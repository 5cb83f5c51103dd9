package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The bill of materials is CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/; only what is used of it stands here.

type bom struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	SerialNumber string       `json:"serialNumber"`
	Version      int          `json:"version"`
	Metadata     bomMetadata  `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type bomMetadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type       string      `json:"type"`
	Ref        string      `json:"bom-ref"`
	Name       string      `json:"name"`
	Version    string      `json:"version,omitempty"`
	Licenses   []licence   `json:"licenses"`
	PURL       string      `json:"purl,omitempty"`
	References []reference `json:"externalReferences,omitempty"`
	Components []component `json:"components,omitempty"`
}

// licence is one of SPDX's, or an expression of several.
type licence struct {
	License    *licenceID `json:"license,omitempty"`
	Expression string     `json:"expression,omitempty"`
}

type licenceID struct {
	ID string `json:"id"`
}

func licences(expression string) []licence {
	if strings.Contains(expression, " ") {
		return []licence{{Expression: expression}}
	}
	return []licence{{License: &licenceID{expression}}}
}

type reference struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn,omitempty"`
}

// bill lists the programs, the modules that are linked into them on any platform, and what those carry.
func (r *release) bill(linked []*module) ([]byte, error) {
	program := func(name string) component {
		return component{Type: "application", Ref: "program:" + name, Name: name, Version: r.version, Licenses: licences("Apache-2.0")}
	}
	whole := program("lintel")
	whole.Ref, whole.PURL = "lintel", "pkg:generic/lintel@"+r.version
	for _, name := range programs {
		whole.Components = append(whole.Components, program(name))
	}

	var components []component
	uses := map[string][]string{}
	ref := func(path string) string {
		for _, m := range linked {
			if m.path == path {
				return m.purl()
			}
		}
		for _, p := range parts {
			if p.name == path {
				return "part:" + path
			}
		}
		return "program:" + path
	}
	for _, name := range programs {
		uses[whole.Ref] = append(uses[whole.Ref], "program:"+name)
	}
	for _, m := range linked {
		if m.path == "lintel" { // what our own packages import is what the programs depend on
			continue
		}
		components = append(components, component{
			Type: "library", Ref: m.purl(), Name: m.path, Version: m.version, Licenses: licences(m.licence), PURL: m.purl(),
		})
		for _, path := range m.uses {
			uses[m.purl()] = append(uses[m.purl()], ref(path))
		}
		for _, name := range m.programs {
			if m.direct[name] {
				uses["program:"+name] = append(uses["program:"+name], m.purl())
			}
		}
	}
	for _, p := range parts {
		c := component{Type: "library", Ref: "part:" + p.name, Name: p.name, Version: p.version, Licenses: licences(p.licence)}
		if p.font {
			c.Type = "file"
		} else {
			c.PURL = "pkg:generic/" + p.name + "@" + p.version
		}
		if p.source != "" {
			c.References = []reference{{"website", p.source}}
		}
		components = append(components, c)
		inside := ref(p.inside)
		if slices.Contains(programs, p.inside) {
			inside = "program:" + p.inside
		}
		uses[inside] = append(uses[inside], c.Ref)
	}

	refs := []string{whole.Ref}
	for _, c := range slices.Concat(whole.Components, components) {
		refs = append(refs, c.Ref)
	}
	var dependencies []dependency
	for _, name := range refs {
		on := uses[name]
		slices.Sort(on)
		dependencies = append(dependencies, dependency{name, slices.Compact(on)})
	}
	sum := sha256.Sum256([]byte("lintel " + r.version + " " + r.commit))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // a UUID of version 8, made from our own data: RFC 9562
	text, err := json.MarshalIndent(bom{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		SerialNumber: fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16]),
		Metadata:     bomMetadata{r.date.Format(time.RFC3339), whole},
		Components:   components, Dependencies: dependencies,
	}, "", "  ")
	return append(text, '\n'), err
}

// purl is the module's package URL, https://github.com/package-url/purl-spec.
func (m *module) purl() string { return "pkg:golang/" + m.path + "@" + m.version }
