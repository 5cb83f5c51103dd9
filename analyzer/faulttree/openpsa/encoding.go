package openpsa

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// watched keeps the error of a reader, so that it is told from those of the text.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// charset reads the encodings that files state beside UTF-8.
func charset(name string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(name) {
	case "us-ascii", "ascii", "iso-8859-1", "latin1":
		return &latin1{in: bufio.NewReader(in)}, nil
	}
	return nil, fmt.Errorf("the encoding %s is not supported: UTF-8 and ISO-8859-1 are", name)
}

// latin1 gives ISO-8859-1 as UTF-8.
type latin1 struct {
	in   *bufio.Reader
	rest []byte
}

func (l *latin1) Read(b []byte) (int, error) {
	if len(l.rest) == 0 {
		c, err := l.in.ReadByte()
		if err != nil {
			return 0, err
		}
		l.rest = []byte(string(rune(c)))
	}
	n := copy(b, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}
