package bot

import (
	"fmt"
	"regexp"
	"strings"
)

// template is a text with places for values: "Tilaus {order_number} lähti." A brace that is meant is doubled.
type template struct {
	parts []part
}

type part struct {
	text string
	name string // of a variable; then text is empty
}

var variableName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

func parseTemplate(s string) (template, error) {
	var t template
	var text strings.Builder
	for i := 0; i < len(s); {
		switch {
		case strings.HasPrefix(s[i:], "{{"), strings.HasPrefix(s[i:], "}}"):
			text.WriteByte(s[i])
			i += 2
		case s[i] == '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				return t, fmt.Errorf("a { is not closed")
			}
			name := s[i+1 : i+end]
			if !variableName.MatchString(name) {
				return t, fmt.Errorf("{%s} is no name of a variable", name)
			}
			if text.Len() > 0 {
				t.parts = append(t.parts, part{text: text.String()})
				text.Reset()
			}
			t.parts = append(t.parts, part{name: name})
			i += end + 1
		default:
			text.WriteByte(s[i])
			i++
		}
	}
	if text.Len() > 0 {
		t.parts = append(t.parts, part{text: text.String()})
	}
	return t, nil
}

// render fills in the values, each changed by escape where that is given. ok is false when one is not known.
func (t template) render(values map[string]string, escape func(name, value string) string) (s string, ok bool) {
	var b strings.Builder
	for _, p := range t.parts {
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		v, known := values[p.name]
		if !known || v == "" {
			return "", false
		}
		if escape != nil {
			v = escape(p.name, v)
		}
		b.WriteString(v)
	}
	return b.String(), true
}

// words is the text where it has no variables.
func (t *template) words() (string, bool) {
	if len(t.parts) == 1 && t.parts[0].name == "" {
		return t.parts[0].text, true
	}
	return "", false
}

// plain is a text without variables.
func plain(s string) template { return template{parts: []part{{text: s}}} }

// escapeURL writes a value so that it stays one value in a path or a query. The desk's own address stays a mark that
// the desk fills in.
func escapeURL(name, s string) string {
	if name == "base" {
		return baseMark
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '~' || c == '.' && !dotsOnly(s) {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

// dotsOnly tells whether s would climb in a path: "." and "..".
func dotsOnly(s string) bool { return strings.Trim(s, ".") == "" }
