package schema

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
)

// LoadOptions steers Load. The zero value reads from the process's working folder.
type LoadOptions struct {
	Dir           string    // the working folder: relative paths start here, and reported ones are relative to it
	Stdin         io.Reader // read for the path "-"; nil means os.Stdin
	StdinFilename string    // the name reported for "-", and the file of a package whose place it takes; its ending says the format; "" means "stdin.cue"

	// FS, where it is not nil, stands in the place of the folder Root and all that lies in it: nothing of that folder is
	// read from the disk. So a design is loaded as it is at another revision, under the names that it has here.
	FS   fs.FS
	Root string // absolute; no folder need be there

	NoneIsFine bool // a pattern such as "./..." under which there is no design is no error
}

// Load reads the designs that paths name: files (CUE, JSON, YAML), folders, CUE packages, "./..."
// patterns, globs and "-". It returns every design that is valid, in order of Path, and, where
// anything is wrong, an error of type Errors that tells all of it; both can be non-empty.
//
// Each CUE package of a folder is one design, and so is each CUE file without a package clause. A
// file that belongs to a package brings the whole package. A file that is named is always a design;
// in folders, patterns and globs a CUE package or file is one when its top level states "system" or
// "modules" or imports the schema, a JSON or YAML file when it states both. A design that is named
// twice is loaded once. Files larger than 16 MB are refused.
//
// Every value has the place where the user states it, as a field or an element: of a reference, an
// interpolation or a computation that is the expression, not what it leads to; of a value that a
// template or an imported package gives, the place there. Where several declarations state a value,
// it is the first that stands in no template, definition or hidden field, in order of files and lines.
func Load(opts LoadOptions, paths ...string) ([]*Design, error) {
	l, err := newLoader(opts)
	if err != nil {
		return nil, err
	}
	return l.load(paths)
}

func (l *loader) load(paths []string) ([]*Design, error) {
	inputs, errs := l.resolve(paths)
	type result struct {
		design *Design
		errs   Errors
		loose  string // the folder of a CUE file without a package
	}
	results := make([]result, len(inputs))
	l.inParallel(len(inputs), func(i int) {
		r := result{}
		r.design, r.errs = l.design(inputs[i])
		if in := inputs[i]; in.pkg == "" && in.files[0].format == cueFormat {
			r.loose = in.dir
		}
		results[i] = r
		inputs[i] = nil // its text and syntax are no longer needed
	})
	var designs []*Design
	for _, r := range results {
		if r.loose != "" {
			l.withPackageHint(r.errs, r.loose)
		}
		errs = append(errs, r.errs...)
		if r.design != nil {
			designs = append(designs, r.design)
		}
	}
	slices.SortStableFunc(designs, func(a, b *Design) int { return cmp.Compare(a.Path, b.Path) })
	if len(errs) > 0 {
		return designs, errs.sorted()
	}
	return designs, nil
}

// design reads one design, or tells all that is wrong with it.
func (l *loader) design(in *input) (d *Design, errs Errors) {
	doc, errs, verify := l.read(in)
	if doc.root != nil {
		var more Errors
		d, more = decode(doc)
		errs = append(without(errs, more), more...)
		if len(errs) == 0 && verify != nil {
			errs = verify()
		}
	}
	if len(errs) > 0 {
		fillSnippets(errs, doc.sources)
		return nil, errs
	}
	return d, nil
}

// without leaves out the errors about places about which the decoder has something to say.
func without(errs, decoder Errors) Errors {
	return slices.DeleteFunc(errs, func(e Error) bool {
		return slices.ContainsFunc(decoder, func(d Error) bool { return d.Pos == e.Pos })
	})
}

// loader holds what one Load shares between its designs.
type loader struct {
	*files
	dir  string // absolute
	opts LoadOptions

	bounds  evalBounds
	runaway atomic.Bool // an evaluation that was given up takes too much memory

	takesPipes bool // what the user names may be a pipe or a device

	changes *changes // where it is not nil, only the designs that it affects are of interest

	mu      sync.Mutex
	folders map[string]*folder // by absolute path
	sources map[string]*source // by absolute path
}

func newLoader(opts LoadOptions) (*loader, error) {
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		return nil, Errors{{Message: "the working folder cannot be found: " + reason(err)}}
	}
	if opts.Stdin == nil {
		opts.Stdin = os.Stdin
	}
	return &loader{files: newFiles(opts), dir: dir, opts: opts, bounds: defaultBounds(), folders: map[string]*folder{}, sources: map[string]*source{}}, nil
}

// inParallel calls f with 0 to n-1, on as many processors as there are. A panic in one of them is passed on to the
// caller, with its own stack.
func (l *loader) inParallel(n int, f func(int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var wg sync.WaitGroup
	next := make(chan int)
	var failure atomic.Pointer[Panic]
	call := func(i int) {
		defer func() {
			if p := recover(); p != nil {
				failure.CompareAndSwap(nil, &Panic{p, debug.Stack()})
			}
		}()
		f(i)
	}
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next { // to the end, whatever happens, so that the sender does not wait for ever
				if failure.Load() == nil {
					call(i)
				}
			}
		}()
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	if p := failure.Load(); p != nil {
		panic(p)
	}
}

// Panic is a bug of lintel that showed in a goroutine of Load: the value of the panic, and its stack. Load panics with
// it in the goroutine of its caller.
type Panic struct {
	Value any
	Stack []byte
}

func (p *Panic) Error() string { return fmt.Sprint(p.Value) }

// longestSnippet is the length from which a source line is left out, in bytes: nobody can read it.
const longestSnippet = 64 << 10

// fillSnippets gives each error its source line.
func fillSnippets(errs Errors, sources map[string][]byte) {
	for i := range errs {
		if len(errs[i].Snippet) > longestSnippet {
			errs[i].Snippet = ""
			continue
		}
		if errs[i].Snippet == "" && errs[i].Pos.IsKnown() {
			if line := lineOf(sources[errs[i].Pos.File], errs[i].Pos.StartLine); len(line) <= longestSnippet {
				errs[i].Snippet = line
			}
		}
	}
}
