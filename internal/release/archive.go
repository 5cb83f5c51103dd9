package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"io"
	"slices"
	"strings"
	"time"
)

// file is one file in an archive; its name has slashes and no leading one.
type file struct {
	name       string
	content    []byte
	executable bool
}

func (f file) mode() int64 {
	if f.executable {
		return 0o755
	}
	return 0o644
}

// pack writes the files in order of name below a folder called top: as zip for Windows, else as tar.gz. It gives the
// archive and its ending. Nothing of this machine gets into it: no owner, and every file has the one date.
func pack(p platform, top string, files []file, date time.Time) (archive []byte, ending string, err error) {
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	var b bytes.Buffer
	if p.os == "windows" {
		err = packZip(&b, top, files, date)
		return b.Bytes(), ".zip", err
	}
	err = packTar(&b, top, files, date)
	return b.Bytes(), ".tar.gz", err
}

func packTar(w io.Writer, top string, files []file, date time.Time) error {
	zipped, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	out := tar.NewWriter(zipped)
	for _, f := range files {
		header := &tar.Header{
			Typeflag: tar.TypeReg, Name: top + "/" + f.name, Size: int64(len(f.content)), Mode: f.mode(), ModTime: date,
			Format: tar.FormatUSTAR,
		}
		if err := out.WriteHeader(header); err != nil {
			return err
		}
		if _, err := out.Write(f.content); err != nil {
			return err
		}
	}
	if err := out.Close(); err != nil {
		return err
	}
	return zipped.Close()
}

func packZip(w io.Writer, top string, files []file, date time.Time) error {
	out := zip.NewWriter(w)
	out.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, f := range files {
		header := &zip.FileHeader{Name: top + "/" + f.name, Method: zip.Deflate, Modified: date}
		header.SetMode(0o644)
		if f.executable {
			header.SetMode(0o755)
		}
		entry, err := out.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := entry.Write(f.content); err != nil {
			return err
		}
	}
	return out.Close()
}
