package report

import (
	"encoding/xml"
	"io"

	"lintel/schema"
)

type checkstyleReport struct {
	XMLName xml.Name          `xml:"checkstyle"`
	Version string            `xml:"version,attr"`
	Files   []*checkstyleFile `xml:"file"`
}

type checkstyleFile struct {
	Name   string            `xml:"name,attr"`
	Errors []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     int    `xml:"line,attr"`
	Column   int    `xml:"column,attr,omitempty"`
	Severity string `xml:"severity,attr"`
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

// checkstyleVersion is the version of Checkstyle's own report whose form this is.
const checkstyleVersion = "4.3"

// Checkstyle writes the report in the XML form of Checkstyle, which many tools read.
func Checkstyle(w io.Writer, r *Report) error {
	out := checkstyleReport{Version: checkstyleVersion}
	byName := map[string]*checkstyleFile{}
	add := func(at schema.Range, severity, message, source string) {
		name := r.fromRoot(at.File)
		f := byName[name]
		if f == nil {
			f = &checkstyleFile{Name: name}
			byName[name] = f
			out.Files = append(out.Files, f)
		}
		f.Errors = append(f.Errors, checkstyleError{at.StartLine, at.StartColumn, severity, message, source})
	}
	for _, e := range r.Errors {
		add(e.Pos, "error", e.Message, "lintel.invalid-input")
	}
	for res, f := range r.findings() {
		add(place(res, f), f.Severity.String(), visible(f.Message), "lintel."+f.Rule.ID+"."+f.Rule.Name)
	}
	return writeXML(w, out)
}
