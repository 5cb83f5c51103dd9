package layout

import (
	"errors"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

func TestAheadDrawsTheSame(t *testing.T) {
	want, err := computePair(t.Context(), Engine{Program: engine})
	if err != nil {
		t.Fatal(err)
	}
	e := Engine{Program: engine}.Ahead(t.Context())
	defer e.Dismiss()
	for i := range 2 { // the second drawing starts an engine of its own
		got, err := computePair(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("drawing %d differs: %v, %v", i, got, want)
		}
	}
}

// A program that nothing was drawn with is ended, once and for all.
func TestAheadIsDismissed(t *testing.T) {
	note := filepath.Join(t.TempDir(), "pid")
	e := Engine{Program: fake(t, "echo $$ >"+note+"; exec sleep 60")}.Ahead(t.Context())
	for range 100 {
		if len(files(t, filepath.Dir(note))) > 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond)
	start := time.Now()
	e.Dismiss()
	e.Dismiss()
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if !gone(t, note) {
		t.Error("the engine still runs")
	}
}

func TestAheadFails(t *testing.T) {
	t.Run("missing", func(t *testing.T) {
		e := Engine{Program: filepath.Join(t.TempDir(), "none")}.Ahead(t.Context())
		defer e.Dismiss()
		var failed *EngineError
		if _, err := computePair(t.Context(), e); !errors.As(err, &failed) {
			t.Errorf("%v, want an *EngineError", err)
		}
	})
	t.Run("refuses", func(t *testing.T) {
		e := Engine{Program: fake(t, "cat >/dev/null; echo no such graph >&2; exit 2")}.Ahead(t.Context())
		defer e.Dismiss()
		var failed *EngineError
		if _, err := computePair(t.Context(), e); !errors.As(err, &failed) || failed.Detail != "no such graph" {
			t.Errorf("%v", err)
		}
	})
	t.Run("crashes once", func(t *testing.T) {
		mark := filepath.Join(t.TempDir(), "mark")
		e := Engine{Program: fake(t, "if [ ! -e "+mark+" ]; then : >"+mark+"; kill -9 $$; fi; exec "+engine+` "$@"`)}.Ahead(t.Context())
		defer e.Dismiss()
		if _, err := computePair(t.Context(), e); err != nil {
			t.Error(err)
		}
	})
	t.Run("hangs", func(t *testing.T) {
		note := filepath.Join(t.TempDir(), "pid")
		e := Engine{Program: fake(t, "echo $$ >"+note+"; exec sleep 60"), Timeout: 300 * time.Millisecond}.Ahead(t.Context())
		defer e.Dismiss()
		var late *TimeoutError
		if _, err := computePair(t.Context(), e); !errors.As(err, &late) {
			t.Errorf("%v, want a *TimeoutError", err)
		}
		if !gone(t, note) {
			t.Error("the engine still runs")
		}
	})
}

// The time that a design takes to be read does not count as the layout's.
func TestAheadWaits(t *testing.T) {
	e := Engine{Program: engine, Timeout: 20 * time.Second}.Ahead(t.Context())
	defer e.Dismiss()
	time.Sleep(1500 * time.Millisecond)
	if _, err := computePair(t.Context(), e); err != nil {
		t.Error(err)
	}
}
