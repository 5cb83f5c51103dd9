package change

import (
	"encoding/json"
	"fmt"
)

// Plain gives a value as encoding/json reads it: maps by name, lists of any, texts, numbers.
func Plain(v Value) any {
	switch v := v.(type) {
	case []string:
		out := []any{}
		for _, s := range v {
			out = append(out, s)
		}
		return out
	case []Field:
		out := map[string]any{}
		for _, f := range v {
			out[f.Path[0]] = Plain(f.Value)
		}
		return out
	}
	return v
}

// Text writes a value for people, as JSON does.
func Text(v Value) string {
	text, err := json.Marshal(Plain(v))
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
