package page

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// installed finds a program that a test needs. Where it is absent, the test is skipped, but fails in CI.
func installed(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is not installed", names[0])
	}
	t.Skipf("%s is not installed", names[0])
	return ""
}

// browser is a headless Chromium that is driven over a pipe, by the Chrome DevTools Protocol.
type browser struct {
	t       *testing.T
	in      *os.File
	mutex   sync.Mutex
	next    int
	waiting map[int]chan message
	events  []message
	session string
}

type message struct {
	ID        int             `json:"id"`
	Method    string          `json:"method"`
	Params    json.RawMessage `json:"params"`
	SessionID string          `json:"sessionId"`
	Result    json.RawMessage `json:"result"`
	Error     *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// newBrowser starts Chromium without any way to the network, with one empty page.
func newBrowser(t *testing.T, width, height int) *browser {
	t.Helper()
	path := installed(t, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
	profile, err := os.MkdirTemp("", "lintel-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	fromUs, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, toUs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir="+profile, "--remote-debugging-pipe",
		fmt.Sprintf("--window-size=%d,%d", width, height), "about:blank")
	cmd.ExtraFiles = []*os.File{fromUs, toUs} // descriptors 3 and 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	fromUs.Close()
	toUs.Close()
	b := &browser{t: t, in: in, waiting: map[int]chan message{}}
	read := make(chan struct{})
	go func() {
		defer close(read)
		b.listen(bufio.NewReaderSize(out, 1<<20))
	}()
	t.Cleanup(func() {
		b.mutex.Lock()
		fmt.Fprintf(in, `{"id":%d,"method":"Browser.close"}`+"\x00", 1<<30)
		b.mutex.Unlock()
		ended := make(chan struct{})
		go func() {
			cmd.Wait()
			close(ended)
		}()
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			cmd.Process.Kill()
			<-ended
		}
		in.Close()
		<-read
		out.Close()
		os.RemoveAll(profile)
	})

	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", nil, nil)
	}
	b.resize(width, height, false)
	return b
}

func (b *browser) listen(r *bufio.Reader) {
	for {
		text, err := r.ReadBytes(0)
		var m message
		if err == nil {
			err = json.Unmarshal(bytes.TrimRight(text, "\x00"), &m)
		}
		b.mutex.Lock()
		if err != nil { // the browser is gone
			for id, c := range b.waiting {
				close(c)
				delete(b.waiting, id)
			}
			b.mutex.Unlock()
			return
		}
		if c := b.waiting[m.ID]; c != nil {
			delete(b.waiting, m.ID)
			c <- m
		} else if m.Method != "" {
			b.events = append(b.events, m)
		}
		b.mutex.Unlock()
	}
}

// call sends a command and reads its result into out, if that is not nil.
func (b *browser) call(method string, params, out any) {
	b.t.Helper()
	answer := make(chan message, 1)
	b.mutex.Lock()
	b.next++
	id := b.next
	b.waiting[id] = answer
	m := map[string]any{"id": id, "method": method}
	if params != nil {
		m["params"] = params
	}
	if b.session != "" {
		m["sessionId"] = b.session
	}
	text, err := json.Marshal(m)
	if err == nil {
		_, err = b.in.Write(append(text, 0))
	}
	b.mutex.Unlock()
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	select {
	case m, ok := <-answer:
		if !ok {
			b.t.Fatalf("%s: the browser ended", method)
		}
		if m.Error != nil {
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if out != nil {
			if err := json.Unmarshal(m.Result, out); err != nil {
				b.t.Fatalf("%s: %v", method, err)
			}
		}
	case <-time.After(time.Minute):
		b.t.Fatalf("%s: no answer", method)
	}
}

// open shows a file, from hash on, and waits until the page says that it is ready.
func (b *browser) open(file, hash string) {
	b.t.Helper()
	b.call("Page.navigate", map[string]any{"url": "about:blank"}, nil)
	b.call("Page.navigate", map[string]any{"url": address(b.t, file) + hash}, nil)
	b.wait(`document.readyState === 'complete' && document.documentElement?.dataset.ready === ''`)
}

func address(t *testing.T, file string) string {
	t.Helper()
	path, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}

// wait waits for a condition in the page.
func (b *browser) wait(condition string) {
	b.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok, _ := b.eval(condition).(bool); ok {
			return
		}
	}
	b.t.Fatalf("never: %s", condition)
}

// eval returns the value of an expression.
func (b *browser) eval(expression string) any {
	b.t.Helper()
	var out struct {
		Result struct {
			Value any
		}
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &out)
	if e := out.ExceptionDetails; e != nil {
		b.t.Fatalf("%s: %s %s", expression, e.Text, e.Exception.Description)
	}
	return out.Result.Value
}

func (b *browser) text(expression string) string {
	b.t.Helper()
	s, ok := b.eval(expression).(string)
	if !ok {
		b.t.Fatalf("%s is no text", expression)
	}
	return s
}

func (b *browser) number(expression string) float64 {
	b.t.Helper()
	f, ok := b.eval(expression).(float64)
	if !ok {
		b.t.Fatalf("%s is no number", expression)
	}
	return f
}

func (b *browser) check(what, condition string) {
	b.t.Helper()
	if ok, _ := b.eval(condition).(bool); !ok {
		b.t.Errorf("%s: not true: %s", what, condition)
	}
}

func (b *browser) resize(width, height int, mobile bool) {
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}, nil)
}

// prefer sets the preferred colour scheme and the medium.
func (b *browser) prefer(scheme, medium string) {
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": medium, "features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

type spot struct{ X, Y float64 }

// middle is the middle of the element that a selector finds.
func (b *browser) middle(selector string) spot {
	b.t.Helper()
	s, err := json.Marshal(selector)
	if err != nil {
		b.t.Fatal(err)
	}
	var at spot
	text := b.text(`(() => { const e = document.querySelector(` + string(s) + `); if (!e) return 'none'; e.scrollIntoView?.({block: 'nearest'}); const r = e.getBoundingClientRect(); return JSON.stringify({X: r.x + r.width / 2, Y: r.y + r.height / 2}); })()`)
	if err := json.Unmarshal([]byte(text), &at); err != nil {
		b.t.Fatalf("nothing is %s", selector)
	}
	return at
}

func (b *browser) mouse(kind string, at spot, more map[string]any) {
	b.t.Helper()
	p := map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "buttons": 1, "clickCount": 1}
	for k, v := range more {
		p[k] = v
	}
	b.call("Input.dispatchMouseEvent", p, nil)
}

func (b *browser) click(selector string) { b.t.Helper(); b.clickAt(b.middle(selector)) }

func (b *browser) clickAt(at spot) {
	b.t.Helper()
	b.mouse("mouseMoved", at, map[string]any{"button": "none", "buttons": 0})
	b.mouse("mousePressed", at, nil)
	b.mouse("mouseReleased", at, map[string]any{"buttons": 0})
}

func (b *browser) drag(from, to spot) {
	b.t.Helper()
	b.mouse("mouseMoved", from, map[string]any{"button": "none", "buttons": 0})
	b.mouse("mousePressed", from, nil)
	for i := 1; i <= 5; i++ {
		f := float64(i) / 5
		b.mouse("mouseMoved", spot{from.X + f*(to.X-from.X), from.Y + f*(to.Y-from.Y)}, nil)
	}
	b.mouse("mouseReleased", to, map[string]any{"buttons": 0})
}

func (b *browser) wheel(at spot, dy float64) {
	b.t.Helper()
	b.mouse("mouseWheel", at, map[string]any{"button": "none", "buttons": 0, "deltaX": 0, "deltaY": dy})
}

// key presses a key: a letter, or a name such as Enter; with ctrl+ or shift+ before it.
func (b *browser) key(name string) {
	b.t.Helper()
	modifiers := 0
	for {
		if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
			modifiers, name = modifiers|2, rest
		} else if rest, ok := strings.CutPrefix(name, "shift+"); ok {
			modifiers, name = modifiers|8, rest
		} else {
			break
		}
	}
	codes := map[string]int{"Enter": 13, "Tab": 9, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, " ": 32, "Home": 36, "End": 35}
	p := map[string]any{"type": "keyDown", "key": name, "modifiers": modifiers}
	if code, ok := codes[name]; ok {
		p["windowsVirtualKeyCode"], p["code"] = code, name
		if name == "Enter" {
			p["text"] = "\r"
		}
		if name == " " {
			p["text"], p["code"] = " ", "Space"
		}
	} else if modifiers&2 == 0 {
		p["text"] = name
	}
	b.call("Input.dispatchKeyEvent", p, nil)
	b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": name, "modifiers": modifiers}, nil)
}

func (b *browser) write(text string) {
	b.t.Helper()
	b.call("Input.insertText", map[string]any{"text": text}, nil)
}

// picture keeps a screenshot where LINTEL_SCREENSHOTS names a folder.
func (b *browser) picture(name string) {
	b.t.Helper()
	folder := os.Getenv("LINTEL_SCREENSHOTS")
	if folder == "" {
		return
	}
	var out struct{ Data []byte }
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &out)
	if err := os.WriteFile(filepath.Join(folder, name+".png"), out.Data, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// complaints lists what went to the console, what was thrown, dialogs, and requests for anything but the page itself and its
// embedded data, since the start.
func (b *browser) complaints() []string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	var out []string
	for _, e := range b.events {
		switch e.Method {
		case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening":
			out = append(out, e.Method+" "+string(e.Params))
		case "Network.requestWillBeSent":
			var p struct{ Request struct{ URL string } }
			if err := json.Unmarshal(e.Params, &p); err != nil {
				out = append(out, err.Error())
			}
			if u := p.Request.URL; u != "about:blank" && !strings.HasPrefix(u, "file:") && !strings.HasPrefix(u, "data:") {
				out = append(out, "request for "+u)
			}
		}
	}
	return out
}
