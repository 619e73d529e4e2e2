package main

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheOperatorsCommands reads each command that the operator's manuals give, in whatever line it stands: the program knows it,
// and its flags. `desk` gives every command the desk's file.
func TestTheOperatorsCommands(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kohta.yml")
	write(t, file, "data: /var/lib/kohta\nlisten: 127.0.0.1:8080\n")
	var said bytes.Buffer
	p := program{strings.NewReader(""), &said, &said, func(string) string { return "" }}
	parser, err := p.parser(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range parser.Model.Children {
		names = append(names, regexp.QuoteMeta(c.Name))
	}
	given := regexp.MustCompile(`\b(desk|kohta) ((?:` + strings.Join(names, "|") + `)\b[^` + "`" + `|;&()#']*)`)
	substitution, printed := regexp.MustCompile(`\$\([^)]*\)`), regexp.MustCompile(`(?s)\x60\x60\x60.*?\x60\x60\x60|\x60[^\x60\n]+\x60`)
	found := 0
	for _, name := range []string{"docs/operating.md", "docs/running.md"} {
		for _, code := range printed.FindAllString(repository(t, name), -1) {
			for line := range strings.Lines(substitution.ReplaceAllString(code, "x")) {
				for _, m := range given.FindAllStringSubmatch(line, -1) {
					text, _, _ := strings.Cut(m[2], " 2>")
					args := words(strings.ReplaceAll(text, "…", "x"))
					if m[1] == "desk" {
						args = append(args, "--config", file)
					}
					for i := range args {
						if i > 0 && args[i-1] == "--config" {
							args[i] = file
						}
					}
					said.Reset()
					parser, err := p.parser(&commands{})
					if err != nil {
						t.Fatal(err)
					}
					if _, code, _ := p.parse(parser, args); code != 0 {
						t.Errorf("%s: %s: %s", name, strings.TrimSpace(m[0]), said.String())
					}
					found++
				}
			}
		}
	}
	if found < 25 {
		t.Errorf("only %d commands were found", found)
	}
}
