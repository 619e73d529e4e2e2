// Package knowledge is the bot's shelf of articles: Markdown files cut into sections, found by the words of a
// question in whatever form they are written. Everything is pure: the same files and question give the same answer.
package knowledge

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Article is one Markdown file.
type Article struct {
	ID       string // the file's name without its ending
	File     string
	Language string
	Title    string
	URL      string // where the whole of it can be read; "" where it cannot
	Keywords []string
	Sections []Section // in order; what stands before the first heading is a section without one
	Links    []Link    // to other places of the shelf
}

// Section is what stands under one heading.
type Section struct {
	Heading string // "" for what stands under the title
	Anchor  string // of the heading, as Markdown pages make it
	Line    int
	Blocks  []string // paragraphs, list items and table rows, as plain text
}

// Link leads from an article to another one, or to a heading.
type Link struct {
	Target string
	Line   int
}

// Problem is something wrong with an article's file. Fatal: the file cannot be used.
type Problem struct {
	Line    int
	Message string
	Advice  string
	Fatal   bool
}

// Parse reads an article. file is its path in the folder, language the one it is written in. It never fails; what is
// wrong comes as problems.
func Parse(file, language, text string) (Article, []Problem) {
	p := parser{a: Article{ID: strings.TrimSuffix(path.Base(file), path.Ext(file)), File: file, Language: language}, lines: strings.Split(text, "\n")}
	p.frontMatter()
	p.body()
	if p.a.Title == "" {
		p.problem(1, true, "Begin it with # and the title.", "the article has no title")
	}
	if len(p.a.Sections) == 0 {
		p.problem(1, true, "Write what customers should read.", "the article is empty")
	}
	return p.a, p.problems
}

type parser struct {
	a        Article
	lines    []string
	at       int // the line that comes next, from 0
	open     bool
	anchors  map[string]int
	problems []Problem
}

func (p *parser) problem(line int, fatal bool, advice, format string, args ...any) {
	p.problems = append(p.problems, Problem{line, fmt.Sprintf(format, args...), advice, fatal})
}

// frontMatter reads "key: value" lines between two lines of three dashes at the top.
func (p *parser) frontMatter() {
	if strings.TrimSpace(p.lines[0]) != "---" {
		return
	}
	for i := 1; i < len(p.lines); i++ {
		line := strings.TrimSpace(p.lines[i])
		if line == "---" {
			p.at = i + 1
			return
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			p.problem(i+1, true, "Write like url: https://…", "this line of the front matter has no key")
			continue
		}
		p.field(i+1, strings.TrimSpace(key), strings.Trim(strings.TrimSpace(value), `"'`))
	}
	p.problem(1, true, "End it with a line of three dashes.", "the front matter does not end")
	p.at = len(p.lines)
}

func (p *parser) field(line int, key, value string) {
	switch key {
	case "title":
		p.a.Title = value
	case "url":
		p.a.URL = value
		if !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "http://") && !strings.HasPrefix(value, "{base}/") || strings.ContainsAny(value, " \t#<>\"") {
			p.problem(line, true, "Begin it with https://, http:// or {base}/, without # and spaces.", "the address %q leads nowhere", value)
		}
	case "keywords":
		for _, k := range strings.Split(strings.Trim(value, "[]"), ",") {
			if k = strings.Trim(strings.TrimSpace(k), `"'`); k != "" {
				p.a.Keywords = append(p.a.Keywords, k)
			}
		}
	default:
		p.problem(line, true, "Known here: title, url, keywords.", "unknown key %q", key)
	}
}

// body cuts the Markdown into sections of blocks.
func (p *parser) body() {
	fenced := false
	for ; p.at < len(p.lines); p.at++ {
		line := strings.TrimSpace(p.lines[p.at])
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
			p.open = false
		case line == "":
			p.open = false
		case !fenced && headingLevel(line) > 0:
			p.heading(line)
		default:
			p.text(line, fenced)
		}
	}
}

func headingLevel(line string) int {
	n := len(line) - len(strings.TrimLeft(line, "#"))
	if n == 0 || n > 6 || len(line) > n && line[n] != ' ' {
		return 0
	}
	return n
}

func (p *parser) heading(line string) {
	p.open = false
	words := p.plain(strings.TrimSpace(strings.Trim(line, "#")))
	if p.a.Title == "" && headingLevel(line) == 1 {
		p.a.Title = words
		return
	}
	p.a.Sections = append(p.a.Sections, Section{Heading: words, Anchor: p.anchor(words), Line: p.at + 1})
}

// anchor is the heading as Markdown pages name it: small letters, digits and dashes, numbered where it comes again.
func (p *parser) anchor(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(heading) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			b.WriteRune(r)
		case r == ' ':
			b.WriteByte('-')
		}
	}
	if p.anchors == nil {
		p.anchors = map[string]int{}
	}
	n := p.anchors[b.String()]
	p.anchors[b.String()]++
	if n > 0 {
		return fmt.Sprintf("%s-%d", b.String(), n)
	}
	return b.String()
}

// text adds a line to the section: as a block of its own where Markdown has one.
func (p *parser) text(line string, fenced bool) {
	begins := !p.open || fenced
	p.open = true
	if item, ok := listItem(line); ok && !fenced {
		line, begins = item, true
	}
	if strings.HasPrefix(line, "|") && !fenced {
		row, ok := tableRow(line)
		if !ok {
			p.dropHeader()
			return
		}
		line, begins = row, true
	}
	line = p.plain(strings.TrimSpace(strings.TrimPrefix(line, ">")))
	if line == "" {
		return
	}
	if len(p.a.Sections) == 0 {
		p.a.Sections = append(p.a.Sections, Section{Line: p.at + 1})
	}
	s := &p.a.Sections[len(p.a.Sections)-1]
	if begins || len(s.Blocks) == 0 {
		s.Blocks = append(s.Blocks, line)
		return
	}
	s.Blocks[len(s.Blocks)-1] += " " + line
}

// listItem writes a list's item the way a chat does.
func listItem(line string) (string, bool) {
	for _, mark := range []string{"- ", "* ", "+ "} {
		if rest, ok := strings.CutPrefix(line, mark); ok {
			return "• " + strings.TrimSpace(rest), true
		}
	}
	digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
	if digits > 0 && digits < 4 && (strings.HasPrefix(line[digits:], ". ") || strings.HasPrefix(line[digits:], ") ")) {
		return line, true
	}
	return line, false
}

// tableRow writes a row as "first: second, third". ok is false for the line under the header.
func tableRow(line string) (row string, ok bool) {
	cells := strings.Split(strings.Trim(line, "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	if strings.Trim(strings.Join(cells, ""), "-: ") == "" {
		return "", false
	}
	if len(cells) == 1 {
		return cells[0], true
	}
	return cells[0] + ": " + strings.Join(cells[1:], ", "), true
}

// dropHeader takes away the row above the line under it: the names of columns say little in a chat.
func (p *parser) dropHeader() {
	if n := len(p.a.Sections); n > 0 {
		if s := &p.a.Sections[n-1]; len(s.Blocks) > 0 {
			s.Blocks = s.Blocks[:len(s.Blocks)-1]
		}
	}
}

// plain takes the marks of emphasis, code and links out of a line, and remembers the links that stay on the shelf.
func (p *parser) plain(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		switch {
		case s[i] == '!' && strings.HasPrefix(s[i:], "!["):
			i++
		case s[i] == '[':
			words, target, n := link(s[i:])
			if n == 0 {
				b.WriteByte('[')
				i++
				continue
			}
			p.follow(target)
			b.WriteString(p.plain(words))
			if strings.HasPrefix(target, "http") && target != words {
				b.WriteString(" " + target)
			}
			i += n
		case s[i] == '`' || s[i] == '*' && !(i > 0 && s[i-1] == ' ' && i+1 < len(s) && s[i+1] == ' '):
			i++
		default:
			_, n := utf8.DecodeRuneInString(s[i:])
			b.WriteString(s[i : i+n])
			i += n
		}
	}
	return b.String()
}

// link reads "[words](target)"; n is its length, 0 where there is none.
func link(s string) (words, target string, n int) {
	middle := strings.Index(s, "](")
	if middle < 0 || strings.ContainsRune(s[1:middle], '[') {
		return "", "", 0
	}
	end := strings.IndexByte(s[middle:], ')')
	if end < 0 {
		return "", "", 0
	}
	return s[1:middle], strings.TrimSpace(s[middle+2 : middle+end]), middle + end + 1
}

func (p *parser) follow(target string) {
	if target != "" && !strings.Contains(target, "://") && !strings.HasPrefix(target, "mailto:") && !strings.HasPrefix(target, "tel:") {
		p.a.Links = append(p.a.Links, Link{target, p.at + 1})
	}
}
