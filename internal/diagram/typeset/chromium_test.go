package typeset

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// texts are names as users of many countries write them, and some that nobody should.
var texts = []string{
	"orders", "orders-db", "PaymentGateway", "AVATAR Type To. LTD", "fi fl ffi office -> => != 3x4 (a) [b] {c}", "10:30 12:45 v1.2.3 #1 @x",
	"database · PostgreSQL 16", "×3 · quorum, 2 needed", "a  b   c", "Überweisung Straße naïve café", "Żółć gęślą jaźń", "Привет, мир", "Καλημέρα κόσμε",
	"Tiếng Việt có dấu", "e\u0301te\u0301 q\u0303 n\u0303o", "x\u0302\u0323 a\u0301\u0323", "→ ← ⇒ ≤ ≥ ≠ ∞ √ ∑ • … – — “x” ‘y’ €£¥₿ № ™ ©",
	"שלום עולם", "שלום 123 abc", "(שלום) [abc]", "שָׁלוֹם", "خدمة الطلبات", "خدمة الطلبات v2 (x)", "می\u200cخواهم", "لا إله 123 ٤٥٦", "مُحَمَّد", "abc (خدمة) def", "السعر 10.5% و 20",
	"ก็กำลังที่ปู่", "ชื่อ service", "日本語サービス", "注文、処理。", "한국어 서비스", "\u1112\u1161\u11ab\u1100\u1173\u11af", "ｆｕｌｌ　ｗｉｄｔｈ", "订单服务-v2",
	"🚀 launch", "👩‍💻 dev", "🇩🇪 🇫🇷", "👍🏽👋", "1️⃣ ❤️ ☁️ ⚙️ ✅", "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F x", "a\u200db\u200cc", "🚀🚀日本🚀",
	"⇄ ∈ ∀ ■ ▶ ─│┌ ░ ⠿ ① ℝ 𝔸 Հայերեն ქართული ߒߞߏ ລາວ ⵣ ѮѰ",
	"कि नमस्ते", "អក្សរ", "\U0001F9FF \U000F0000", "a\u202eb\u202cc", "tab\tnew\nline\x00nul\x7f", "bad\xff\xfeutf8", "\ufeff\u200b\u2060", "\u0301\u0301lone", "<b>&amp;\"'</b>",
	"🏳️‍🌈 👨‍👩‍👧‍👦", "☺ ★ ✓ ✗ ⌘ ⏱ ⚠ ♥", strings.Repeat("very-long-name ", 34),
}

// TestChromium draws the texts in a browser with the fonts of WebFonts and holds what it measures against Width.
func TestChromium(t *testing.T) {
	var styled []StyledText
	for i, s := range texts {
		styled = append(styled, StyledText{s, Style{Size: []float64{9, 11, 13, 14, 22.5}[i%5]}}, StyledText{s, Style{Size: 14, Bold: true}})
	}
	measured := inChromium(t, styled)
	for i, m := range measured.Texts {
		s := styled[i]
		want := Width(s.Text, s.Style)
		if math.Abs(m.Length-want) > 0.005*want+0.02 {
			t.Errorf("%q at %v: %.2f here, %.2f in Chromium", s.Text, s.Style, want, m.Length)
		}
		comparePlaces(t, s, m.X)
	}
	if len(measured.Failed) > 0 || len(measured.Texts) != len(styled) {
		t.Errorf("of %d texts %d were measured; fonts that failed: %q", len(styled), len(measured.Texts), measured.Failed)
	}
}

// comparePlaces holds the place of each group of glyphs that stand for some characters against where Chromium has these.
func comparePlaces(t *testing.T, s StyledText, x [][2]float64) {
	t.Helper()
	runes := []rune(Clean(s.Text))
	unit := make([]int, len(runes)+1) // of UTF-16
	for i, r := range runes {
		unit[i+1] = unit[i] + utf16.RuneLen(r)
	}
	if len(x) != unit[len(runes)] {
		t.Errorf("%q: %d UTF-16 units here, %d in Chromium", s.Text, unit[len(runes)], len(x))
		return
	}
	for _, run := range Shape(s.Text, s.Style) {
		at := run.start
		glyphs := run.Glyphs
		if run.RightToLeft {
			glyphs = slices.Clone(glyphs)
			slices.Reverse(glyphs)
		}
		pen, left, right, group := 0.0, math.Inf(1), math.Inf(-1), ""
		pen = run.X
		if run.RightToLeft {
			pen += run.Width
		}
		flush := func() {
			n := utf8.RuneCountInString(group)
			if n == 0 {
				return
			}
			l, r := math.Inf(1), math.Inf(-1)
			for _, e := range x[unit[at]:unit[at+n]] {
				l, r = min(l, e[0]), max(r, e[1])
			}
			if math.Abs(l-left) > 0.3 || math.Abs(r-right) > 0.3 {
				t.Errorf("%q at %v: %q is at %.2f to %.2f here, at %.2f to %.2f in Chromium", s.Text, s.Style, group, left, right, l, r)
			}
			at += n
			left, right, group = math.Inf(1), math.Inf(-1), ""
		}
		for i, g := range glyphs {
			if !run.RightToLeft && g.Text != "" {
				flush()
			}
			if run.RightToLeft {
				pen -= g.Advance
				left, right = min(left, pen), max(right, pen+g.Advance)
			} else {
				left, right = min(left, pen), max(right, pen+g.Advance)
				pen += g.Advance
			}
			group += g.Text
			if run.RightToLeft && g.Text != "" || i == len(glyphs)-1 {
				flush()
			}
		}
	}
}

type measurements struct {
	Failed []string // fonts that were not loaded
	Texts  []struct {
		Length float64
		X      [][2]float64 // left and right of each character (UTF-16 unit)
	}
}

// page states texts as a picture does.
func page(styled []StyledText) string {
	var b strings.Builder
	b.WriteString("<!doctype html><meta charset=utf-8><style>\n")
	for _, f := range WebFonts(styled) {
		fmt.Fprintf(&b, "@font-face{font-family:'%s';font-weight:%s;src:url(data:font/ttf;base64,%s)}\n",
			f.Family, f.Weight, base64.StdEncoding.EncodeToString(f.Data))
	}
	fmt.Fprintf(&b, "text{font-family:%s;white-space:pre;text-rendering:geometricPrecision}</style>\n", Families())
	y := 0.0
	var body strings.Builder
	for _, s := range styled {
		y += 2 * s.Style.Size
		weight := 400
		if s.Style.Bold {
			weight = 600
		}
		direction := ""
		if RightToLeft(s.Text) {
			direction = " direction='rtl' unicode-bidi='isolate' text-anchor='end'"
		}
		fmt.Fprintf(&body, "<text x='10' y='%g' font-size='%g' font-weight='%d'%s>%s</text>\n", y, s.Style.Size, weight, direction, html.EscapeString(Clean(s.Text)))
	}
	fmt.Fprintf(&b, "<svg width='900' height='%g'>\n%s</svg>\n", y+20, body.String())
	return b.String()
}

const measureScript = `<pre id=out></pre><script>
(async () => {
  const failed = [];
  for (const f of document.fonts) { try { await f.load() } catch (e) { failed.push(f.family + " " + f.weight + ": " + e) } }
  const texts = [...document.querySelectorAll("text")].map(t => {
    const x = [];
    for (let i = 0; i < t.getNumberOfChars(); i++) { const b = t.getExtentOfChar(i); x.push([b.x - 10, b.x + b.width - 10]) }
    return {Length: t.getComputedTextLength(), X: x};
  });
  document.getElementById("out").textContent = "RESULT" + btoa(unescape(encodeURIComponent(JSON.stringify({Failed: failed, Texts: texts})))) + "END";
})();
</script>`

func inChromium(t *testing.T, styled []StyledText) measurements {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("chromium is needed in CI")
		}
		t.Skip("no chromium")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(page(styled)+measureScript), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--virtual-time-budget=20000", "--dump-dom", "file://"+file)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	_, rest, _ := bytes.Cut(out, []byte(">RESULT"))
	coded, _, found := bytes.Cut(rest, []byte("END"))
	if !found {
		t.Fatalf("chromium measured nothing: %.300s", out)
	}
	data, err := base64.StdEncoding.DecodeString(string(coded))
	if err != nil {
		t.Fatal(err)
	}
	var m measurements
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
