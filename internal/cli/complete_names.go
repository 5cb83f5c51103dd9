package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"lintel/analyzer"
	"lintel/schema"
)

// namesWord is the command that completion scripts call for names in designs. It stands in no help.
//
//	lintel __names KIND PREFIX WORDS…
//
// prints the names of a kind (journeys, modules or events) that begin with PREFIX, one a line, of the design that WORDS, the
// command line after the program's name, speaks of. It says nothing of errors, and its exit code is 0: who completes a line
// has not finished it.
const namesWord = "__names"

// patience is how long somebody waits for names. Designs that take longer to read are left alone.
const patience = time.Second

// kindOfNames gives the word by which a script asks for what a flag takes, or "".
func kindOfNames(kind argKind) string {
	switch kind {
	case journeyOfDesign:
		return "journeys"
	case moduleOfDesign:
		return "modules"
	case eventOfDesign:
		return "events"
	}
	return ""
}

// completeNames prints names for args, which stand after namesWord.
func (s *session) completeNames(args []string) {
	if len(args) < 2 {
		return
	}
	kind, prefix, paths := args[0], args[1], pathsIn(args[2:])
	if slices.Contains(paths, "-") {
		return // stdin belongs to the shell
	}
	found := make(chan []string, 1)
	go func() {
		defer func() {
			if recover() != nil {
				found <- nil
			}
		}()
		designs, _ := schema.Load(schema.LoadOptions{Stdin: strings.NewReader("")}, paths...)
		var names []string
		for _, d := range designs {
			names = append(names, namesOf(d, kind, prefix)...)
		}
		slices.Sort(names)
		found <- slices.Compact(names)
	}()
	select {
	case names := <-found:
		for _, name := range names {
			if strings.HasPrefix(name, prefix) && !strings.ContainsAny(name, "\n\r\x00") {
				_, _ = io.WriteString(s.stdout, name+"\n")
			}
		}
	case <-time.After(patience):
	}
}

// pathsIn gives the paths of a command line that is not finished, the working folder where there is none.
func pathsIn(words []string) []string {
	var paths []string
	var list []string // of commands
	for _, c := range withParts(commands()) {
		list = append(list, c.word())
	}
	inCommand := true
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "--":
			paths = append(paths, words[i+1:]...)
			i = len(words)
		case len(w) > 1 && w[0] == '-':
			if _, g := cluster(w); !g.hasValue && takesValue(g) {
				i++
			}
		case inCommand && slices.Contains(list, w):
		case w != "":
			inCommand = false
			paths = append(paths, w)
		}
	}
	if len(paths) == 0 {
		return []string{"."}
	}
	return paths
}

// namesOf gives the names of a kind in a design. What is typed so far says which events are worth offering: the replicas of a
// module behind its name and a slash, its dependencies behind an arrow.
func namesOf(d *schema.Design, kind, prefix string) (names []string) {
	a := analyzer.New(d)
	switch kind {
	case "journeys":
		for i := range a.Journeys() {
			names = append(names, a.Journeys()[i].Name)
		}
	case "modules":
		for _, m := range d.Modules {
			names = append(names, m.Name)
		}
	case "events":
		for i := range d.FailureDomains {
			names = append(names, a.EventName(analyzer.Event{Kind: analyzer.DomainEvent, Module: -1, Domain: int32(i)}))
		}
		for i := range d.Modules {
			names = append(names, a.ModuleEventName(int32(i)))
		}
		if at := strings.LastIndexByte(prefix, '/'); at > 0 {
			if m, ok := a.ModuleIndex(prefix[:at]); ok {
				const most = 20
				for r := range min(a.Module(m).ReliableReplicas(), most) {
					names = append(names, fmt.Sprintf("%s/%d", prefix[:at], r+1))
				}
			}
		}
		if from, _, ok := strings.Cut(prefix, " -"); ok {
			if m, ok := a.ModuleIndex(from); ok {
				for _, dep := range a.DependenciesOf(m) {
					text := from + " -> " + dep.Key
					if _, _, err := a.ParseEvents(text); err == nil {
						names = append(names, text)
					}
				}
			}
		}
	}
	return names
}
