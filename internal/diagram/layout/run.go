package layout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// TimeoutError says that the engine was stopped because it took too long.
type TimeoutError struct{ Limit time.Duration }

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("laying out took longer than %v; try --view overview, --collapse GROUP, another --layout or a larger --layout-timeout", e.Limit)
}

func (e Engine) run(ctx context.Context, dot []byte) ([]byte, error) {
	program, err := e.find()
	if err != nil {
		return nil, err
	}
	limit := e.Timeout
	if limit == 0 {
		limit = 30 * time.Second
	}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	cache = filepath.Join(cache, "lintel", "graphviz")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return nil, err
	}
	layout := e.Layout
	if layout == "" {
		layout = "dot"
	}
	cmd := exec.CommandContext(timed, program, "-K", layout, "-T", "json0")
	cmd.Env = []string{"TMPDIR=" + cache, "TMP=" + cache, "TEMP=" + cache}
	cmd.Stdin = bytes.NewReader(dot)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if errors.Is(timed.Err(), context.DeadlineExceeded) {
			return nil, &TimeoutError{Limit: limit}
		}
		return nil, fmt.Errorf("lintel-graphviz: %w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.Bytes(), nil
}
