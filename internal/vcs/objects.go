package vcs

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

// objects is a running "git cat-file --batch": one process answers for all objects.
type objects struct {
	mu     sync.Mutex
	ctx    context.Context
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr bytes.Buffer
	broken error
}

// object is what git has under a name.
type object struct {
	id   string
	kind string // commit, tree, blob, tag
	size int64
	data []byte // nil where it is larger than was asked for
}

var (
	errMissing   = errors.New("git has no such object")
	errAmbiguous = errors.New("several objects are meant")
)

// batch gives the running process, and starts it where there is none. The process keeps to the repository that it was
// started in.
func (r *Repository) batch() (*objects, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.objects != nil && r.objects.broken == nil {
		return r.objects, nil
	}
	if err := r.ctx.Err(); err != nil {
		return nil, context.Cause(r.ctx)
	}
	o := &objects{ctx: r.ctx, cmd: r.git.command(r.ctx, "cat-file", "--batch")}
	in, err := o.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := o.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	o.in, o.out, o.cmd.Stderr = in, bufio.NewReaderSize(out, 64<<10), &o.stderr
	if err := o.cmd.Start(); err != nil {
		return nil, &Error{Message: "git cannot be started: " + err.Error()}
	}
	r.objects = o
	return o, nil
}

func (o *objects) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken == nil {
		o.broken = errors.New("the repository is closed")
		o.in.Close()
		go func() { _ = o.cmd.Wait() }() // it ends by itself
	}
}

// object reads what git has under a name, such as "main^{commit}" or an id. Contents of more than limit bytes are
// left out. The error is errMissing, errAmbiguous, that of the context, or an *Error.
func (r *Repository) object(name string, limit int64) (object, error) {
	if strings.ContainsAny(name, "\n\x00") {
		return object{}, errMissing
	}
	if r.ctx.Err() != nil {
		return object{}, context.Cause(r.ctx)
	}
	o, err := r.batch()
	if err != nil {
		return object{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken != nil {
		return object{}, o.broken
	}
	obj, err := o.ask(name, limit)
	if err != nil && !errors.Is(err, errMissing) && !errors.Is(err, errAmbiguous) {
		err = o.end(err)
	}
	return obj, err
}

// end explains why git does not answer any more.
func (o *objects) end(err error) error {
	o.in.Close()
	_ = o.cmd.Wait()
	if o.ctx.Err() != nil {
		o.broken = context.Cause(o.ctx)
	} else {
		f := failure{stderr: o.stderr.String(), err: err}
		o.broken = &Error{Message: "git cannot read an object: " + f.Error()}
	}
	return o.broken
}

func (o *objects) ask(name string, limit int64) (obj object, err error) {
	if _, err := io.WriteString(o.in, name+"\n"); err != nil {
		return obj, err
	}
	header, err := o.out.ReadString('\n')
	if err != nil {
		return obj, err
	}
	header = strings.TrimSuffix(header, "\n")
	switch {
	case strings.HasSuffix(header, " missing"):
		return obj, errMissing
	case strings.HasSuffix(header, " ambiguous"):
		return obj, errAmbiguous
	}
	fields := strings.Fields(header)
	if len(fields) != 3 {
		return obj, fmt.Errorf("an answer that is not understood: %s", header)
	}
	obj.id, obj.kind = fields[0], fields[1]
	if obj.size, err = strconv.ParseInt(fields[2], 10, 64); err != nil {
		return obj, err
	}
	if obj.size > limit {
		_, err = io.CopyN(io.Discard, o.out, obj.size+1)
		return obj, err
	}
	obj.data = make([]byte, obj.size)
	if _, err = io.ReadFull(o.out, obj.data); err != nil {
		return obj, err
	}
	_, err = o.out.Discard(1)
	return obj, err
}
