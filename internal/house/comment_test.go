package house

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// remark is a comment on GitHub, or a note on GitLab.
type remark struct {
	ID     int
	Author string
	Body   string
}

// codeHost plays as much of the interfaces of GitHub and GitLab as the scripts use.
type codeHost struct {
	t        *testing.T
	mu       sync.Mutex
	remarks  []remark
	token    string // the one that may do anything
	readOnly bool   // it may not write
	login    string // whose the token is; "" where it may not ask, as on GitHub Actions
	bot      string // who writes with a token that may not ask; "" is github-actions[bot]
	garbage  string // it answers what has this in "METHOD path" with 200 and no JSON
	loses    string // it does what has this in "METHOD path", and its answer is lost
	calls    []string
}

func (h *codeHost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, r.Method+" "+r.URL.Path)
	answer := func(status int, v any) {
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(v); err != nil {
			h.t.Error(err)
		}
	}
	asked := h.calls[len(h.calls)-1]
	if h.garbage != "" && strings.Contains(asked, h.garbage) {
		fmt.Fprint(w, "<html>Sign in to the proxy</html>")
		return
	}
	if h.loses != "" && strings.Contains(asked, h.loses) {
		inner := answer
		answer = func(_ int, v any) { inner(http.StatusBadGateway, v) }
	}
	gitlab := strings.HasPrefix(r.URL.Path, "/api/v4/")
	who := r.Header.Get("PRIVATE-TOKEN")
	if !gitlab {
		who = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	if who != h.token {
		answer(http.StatusUnauthorized, map[string]string{"message": "Bad credentials"})
		return
	}
	show := func(m remark) map[string]any {
		user := map[string]any{"login": m.Author, "id": len(m.Author), "type": "User"}
		if strings.HasSuffix(m.Author, "[bot]") {
			user["type"] = "Bot"
		}
		return map[string]any{"id": m.ID, "body": m.Body, "user": user, "author": user, "html_url": fmt.Sprintf("https://example.org/%d", m.ID)}
	}
	path := r.URL.Path
	list, one := "/repos/team/shop/issues/7/comments", "/repos/team/shop/issues/comments/"
	change := http.MethodPatch
	if gitlab {
		list, change = "/api/v4/projects/42/merge_requests/7/notes", http.MethodPut
		one = list + "/"
	}
	author := h.login
	if author == "" {
		author = cmp.Or(h.bot, "github-actions[bot]")
	}
	switch {
	case r.Method == http.MethodGet && strings.HasSuffix(path, "/user"):
		if h.login == "" {
			answer(http.StatusForbidden, map[string]string{"message": "Resource not accessible by integration"})
			return
		}
		answer(http.StatusOK, map[string]any{"login": h.login, "id": len(h.login)})
	case r.Method == http.MethodGet && path == list:
		page := []any{}
		size, number := atoi(r.URL.Query(), "per_page", 30), atoi(r.URL.Query(), "page", 1)
		for i, m := range h.remarks {
			if i/size == number-1 {
				page = append(page, show(m))
			}
		}
		answer(http.StatusOK, page)
	case h.readOnly:
		answer(http.StatusForbidden, map[string]string{"message": "Resource not accessible by integration"})
	case r.Method == http.MethodPost && path == list, r.Method == change && strings.HasPrefix(path, one):
		var body struct{ Body string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			answer(http.StatusBadRequest, map[string]string{"message": err.Error()})
			return
		}
		if r.Method == http.MethodPost {
			h.remarks = append(h.remarks, remark{1000 + len(h.remarks), author, body.Body})
			answer(http.StatusCreated, show(h.remarks[len(h.remarks)-1]))
			return
		}
		for i, m := range h.remarks {
			if strconv.Itoa(m.ID) == strings.TrimPrefix(path, one) {
				h.remarks[i].Body = body.Body
				answer(http.StatusOK, show(h.remarks[i]))
				return
			}
		}
		answer(http.StatusNotFound, map[string]string{"message": "Not Found"})
	default:
		answer(http.StatusNotFound, map[string]string{"message": "Not Found"})
	}
}

func atoi(query url.Values, name string, otherwise int) int {
	if n, err := strconv.Atoi(query.Get(name)); err == nil {
		return n
	}
	return otherwise
}

// all gives the remarks as they are now.
func (h *codeHost) all() []remark {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.remarks)
}

// asked gives the requests so far.
func (h *codeHost) asked() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.calls)
}

// by lists the bodies of the remarks of one author.
func (h *codeHost) by(author string) []string {
	var out []string
	for _, m := range h.all() {
		if m.Author == author {
			out = append(out, m.Body)
		}
	}
	return out
}

// TestComments runs the scripts that comment on pull and merge requests against a server that plays the code host.
func TestComments(t *testing.T) {
	needs(t, "curl", "jq")
	type writer struct {
		name   string
		author string // who the comment is from
		login  string
		run    func(t *testing.T, server, dir string, more ...string) string // gives what the script prints
	}
	script := func(t *testing.T, dir string, env []string, args ...string) string {
		t.Helper()
		cmd := exec.Command("sh", args...)
		cmd.Dir = dir
		cmd.Env = append(append([]string{"PATH=" + os.Getenv("PATH")}, env...), "LINTEL_TAG=shop")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	abs := func(name string) string {
		path, err := filepath.Abs("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	writers := []writer{
		{"github", "github-actions[bot]", "", func(t *testing.T, server, dir string, more ...string) string {
			env := []string{
				"GITHUB_API_URL=" + server, "GITHUB_REPOSITORY=team/shop", "LINTEL_PULL_REQUEST=7", "LINTEL_TOKEN=secret",
				"RUNNER_TEMP=" + dir, "LINTEL_RESULTS=" + dir + "/lintel-results", "GITHUB_OUTPUT=" + dir + "/output", "GITHUB_STEP_SUMMARY=" + dir + "/summary",
			}
			return script(t, dir, append(env, more...), abs("ci/github/comment.sh"))
		}},
		{"gitlab", "lintel-bot", "lintel-bot", func(t *testing.T, server, dir string, more ...string) string {
			env := []string{"CI_API_V4_URL=" + server + "/api/v4", "CI_PROJECT_ID=42", "CI_MERGE_REQUEST_IID=7", "LINTEL_GITLAB_TOKEN=secret"}
			return script(t, dir, append(env, more...), abs("ci/gitlab/note.sh"), "lintel-results/review.md", "lintel-results/review.json")
		}},
	}
	const tag = "<!-- lintel-review:shop -->\n"
	changed := `{"designs": [{"status": "changed"}]}`
	same := `{"designs": [{"status": "unchanged"}]}`
	review := func(t *testing.T, dir, body, comparison string) {
		writeFiles(t, dir, map[string]string{"lintel-results/review.md": body, "lintel-results/review.json": comparison})
	}
	for _, w := range writers {
		start := func(t *testing.T, h *codeHost) (dir, server string) {
			h.t, h.token, h.login = t, "secret", w.login
			s := httptest.NewServer(h)
			t.Cleanup(s.Close)
			return t.TempDir(), s.URL
		}
		t.Run(w.name+"/once and then again", func(t *testing.T) {
			h := &codeHost{}
			for i := range 230 { // more than two pages of talk
				h.remarks = append(h.remarks, remark{i, "someone", "I like it"})
			}
			// Neither the tag of another one's comment nor another tag of our own counts.
			h.remarks[3].Body = tag + "I pretend"
			h.remarks[5] = remark{5, w.author, "<!-- lintel-review:another -->\nanother"}
			h.remarks[7] = remark{7, "quoting[bot]", "Somebody wrote: " + tag}
			dir, server := start(t, h)
			first := tag + "**One** \"new\" error: `a` → b \\ $(id) \u2028 </details>\n"
			review(t, dir, first, changed)
			w.run(t, server, dir)
			second := tag + "Nothing new.\n"
			review(t, dir, second, changed)
			if got := h.by(w.author); len(got) != 2 || got[1] != first {
				t.Fatalf("after the first run there are %q", got)
			}
			w.run(t, server, dir)
			if got := h.by(w.author); len(got) != 2 || got[1] != second {
				t.Errorf("after the second run there are %q", got)
			}
			// Also where nothing is changed any more.
			review(t, dir, tag+"As before.\n", same)
			w.run(t, server, dir)
			if got := h.by(w.author); len(got) != 2 || got[1] != tag+"As before.\n" {
				t.Errorf("after the third run there are %q", got)
			}
			if all := h.all(); len(all) != 231 || all[3].Body != tag+"I pretend" {
				t.Errorf("%d comments, that of another one is %q", len(all), all[3].Body)
			}
		})
		t.Run(w.name+"/nothing to say", func(t *testing.T) {
			h := &codeHost{}
			dir, server := start(t, h)
			review(t, dir, tag+"As before.\n", same)
			w.run(t, server, dir)
			if all := h.all(); len(all) != 0 {
				t.Errorf("there is a comment: %v", all)
			}
		})
		t.Run(w.name+"/may not write", func(t *testing.T) {
			h := &codeHost{readOnly: true}
			dir, server := start(t, h)
			review(t, dir, tag+"One new error.\n", changed)
			out := w.run(t, server, dir)
			if !strings.Contains(out, "answered 403 to writing") {
				t.Errorf("it says %q", out)
			}
		})
		t.Run(w.name+"/wrong token", func(t *testing.T) {
			h := &codeHost{}
			dir, server := start(t, h)
			h.token = "another"
			review(t, dir, tag+"One new error.\n", changed)
			if out := w.run(t, server, dir); !strings.Contains(out, "answered 401 to") {
				t.Errorf("it says %q", out)
			}
		})
		t.Run(w.name+"/answers that are no JSON", func(t *testing.T) {
			for _, what := range []string{"/user", "GET", "POST", "PATCH", "PUT"} {
				h := &codeHost{garbage: what}
				dir, server := start(t, h)
				if what != "POST" {
					h.remarks = []remark{{3, w.author, tag + "before"}}
				}
				review(t, dir, tag+"One new error.\n", changed)
				out := w.run(t, server, dir)                                                    // which fails the test where the script fails
				asks := what == "/user" || what == "GET" || w.name == "github" && what != "PUT" // GitLab's answers to changes are not read
				if said := strings.Contains(out, "no such JSON"); said != asks {
					t.Errorf("%s: it says %q", what, out)
				}
			}
		})
		t.Run(w.name+"/an answer that is lost", func(t *testing.T) {
			h := &codeHost{loses: "POST"}
			dir, server := start(t, h)
			review(t, dir, tag+"One new error.\n", changed)
			if out := w.run(t, server, dir); !strings.Contains(out, "answered 502 to writing") || len(h.all()) != 1 {
				t.Errorf("there are %d comments, it says %q", len(h.all()), out)
			}
		})
		t.Run(w.name+"/no server", func(t *testing.T) {
			dir := t.TempDir()
			review(t, dir, tag+"One new error.\n", changed)
			if out := w.run(t, "http://127.0.0.1:1", dir); !strings.Contains(out, "answered 000 to") {
				t.Errorf("it says %q", out)
			}
		})
		t.Run(w.name+"/no review", func(t *testing.T) {
			h := &codeHost{}
			dir, server := start(t, h)
			w.run(t, server, dir)
			if calls := h.asked(); len(calls) != 0 {
				t.Errorf("without a review it calls %v", calls)
			}
		})
	}
}

// TestCommentOfApp holds that a GitHub App, which may not ask who it is, writes over its own comment.
func TestCommentOfApp(t *testing.T) {
	needs(t, "curl", "jq")
	const tag = "<!-- lintel-review:shop -->\n"
	h := &codeHost{t: t, token: "secret", bot: "our-app[bot]", remarks: []remark{{1, "someone", tag + "I pretend"}}}
	server := httptest.NewServer(h)
	defer server.Close()
	dir := t.TempDir()
	for _, body := range []string{"first", "second"} {
		writeFiles(t, dir, map[string]string{"review.md": tag + body, "review.json": `{"designs": [{"status": "changed"}]}`})
		cmd := exec.Command("sh", mustAbs(t, "../../ci/github/comment.sh"))
		cmd.Env = []string{
			"PATH=" + os.Getenv("PATH"), "GITHUB_API_URL=" + server.URL, "GITHUB_REPOSITORY=team/shop", "LINTEL_PULL_REQUEST=7", "LINTEL_TOKEN=secret",
			"LINTEL_TAG=shop", "LINTEL_RESULTS=" + dir, "RUNNER_TEMP=" + dir,
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if got := h.by("our-app[bot]"); len(got) != 1 || got[0] != tag+"second" {
		t.Errorf("the app's comments are %q", got)
	}
	// Nothing but the reports is left for the artefact.
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Errorf("in the folder of the results are %v, %v", left, err)
	}
}
