package typeset

import "testing"

func TestMissing(t *testing.T) {
	for text, want := range map[string]string{
		"":                  "",
		"orders-db é € → Ж": "",
		"订单 注文 한국어 עברית مرحبا": "",
		"🚀 สวัสดี":              "",
		"a\u200Db\uFE0F":        "",
		"हिन्दी":                "हिन्दी",
		"a ក b ក":               "កក",
		"x\U00010330y":          "\U00010330",
	} {
		if got := string(Missing(text)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
