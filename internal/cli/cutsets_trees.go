package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"lintel/analyzer/faulttree"
	"lintel/analyzer/faulttree/openpsa"
	"lintel/internal/report/cutsets"
	"lintel/schema"
)

// faultTreeFile gives the file of fault trees that the command line names, if it names one: by its ending, which
// --stdin-filename gives for stdin.
func (s *session) faultTreeFile(c *urfave.Context) (name string, ok bool) {
	path := pathsOf(c)[0]
	name = path
	if path == "-" {
		name = c.String("stdin-filename")
	}
	return name, strings.EqualFold(filepath.Ext(name), ".xml")
}

// maxTreeFile bounds a file of fault trees, in bytes.
const maxTreeFile = 512 << 20

// readFaultTrees reads a file of fault trees, or stdin. What is wrong in it is told, and ends the command.
func (s *session) readFaultTrees(c *urfave.Context, name string) ([]*faulttree.Tree, error) {
	var in io.Reader = s.stdin
	if path := pathsOf(c)[0]; path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, explained("read", err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, usagef("%s is a folder", path).hint("name a file in it, or a design")
		}
		in = f
	}
	limited := &io.LimitedReader{R: in, N: maxTreeFile}
	trees, err := openpsa.Read(limited)
	if limited.N == 0 {
		return nil, fmt.Errorf("%s is larger than %d MiB", name, maxTreeFile>>20)
	}
	var fault *openpsa.Error
	if errors.As(err, &fault) {
		at := schema.Range{File: filepath.ToSlash(name), StartLine: fault.Line, StartColumn: fault.Column, EndLine: fault.Line, EndColumn: fault.Column}
		s.tellErrors(schema.Errors{{Pos: at, Message: fault.Message, Hint: fault.Hint}})
		return nil, exit(exitInput)
	}
	return trees, explained("read", err)
}

// questionsOfTrees gives what is asked of a file of fault trees.
func (s *session) questionsOfTrees(c *urfave.Context, name string, o cutSetOptions, l *boundedWork) ([]cutSetQuestion, error) {
	if len(o.modules) > 0 {
		return nil, usagef("--module: %s holds fault trees, which have no modules", name).hint("--journey NAME names one of its trees")
	}
	trees, err := s.readFaultTrees(c, name)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(trees))
	for i, t := range trees {
		names[i] = t.Name
	}
	if len(o.journeys) > 0 {
		var chosen []*faulttree.Tree
		for _, name := range o.journeys {
			i, err := indexOfName(name, names, "--journey", "fault tree")
			if err != nil {
				return nil, err
			}
			if !slices.Contains(chosen, trees[i]) {
				chosen = append(chosen, trees[i])
			}
		}
		trees = chosen
	}
	list := make([]cutSetQuestion, len(trees))
	for i, t := range trees {
		list[i] = cutSetQuestion{cutsets.Tree, func() (*cutsets.Target, error) { return cutSetsOfTree(t, o, l) }}
	}
	return list, nil
}
