package bot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/kohta/kohta/bot/understand"
)

// Bounds of a bot folder.
const (
	maxFile     = 4 << 20
	maxFolder   = 20 << 20
	maxFiles    = 2000
	maxExamples = 200_000
	maxAnswer   = 4000 // bytes of one variant
	maxFields   = 8
	maxFaults   = 200
)

// loader reads a folder and gathers faults.
type loader struct {
	fsys   fs.FS
	faults []Fault
	files  map[string][]byte
	parsed map[string]parsed
	unread bool     // a file is no YAML: what it holds is not known
	names  []string // sorted
	bot    *Bot

	sets      map[string]*languageSet
	intents   map[string]bool
	nlu       *nluReader
	variables map[string]bool // names that may stand in a template
	uses      []use
	answersAt map[string]map[string]place
	intentAt  map[string]place // language/intent
	exampleAt map[string]place // language/example
}

type languageSet struct {
	language string
	order    []string
	intents  map[string]*understand.Intent
}

type place struct {
	file string
	line int
}

// use is a reference to something that must exist, checked when all is read.
type use struct {
	place
	what string // answer, form, action, option, entity, intent; and in a condition: value, named intent, feeling
	name string
}

func newLoader(fsys fs.FS) *loader {
	return &loader{
		fsys: fsys, files: map[string][]byte{}, parsed: map[string]parsed{}, sets: map[string]*languageSet{}, intents: map[string]bool{},
		variables: map[string]bool{}, answersAt: map[string]map[string]place{}, intentAt: map[string]place{}, exampleAt: map[string]place{},
		bot: &Bot{
			name: map[string]string{}, answers: map[string]map[string][]template{}, byIntent: map[string][]*rule{},
			forms: map[string]*form{}, days: map[string]bool{understand.EntityDate: true}, actions: map[string]*action{}, options: map[string]*option{},
			thresholds: understand.DefaultThresholds, limits: map[string]understand.Thresholds{}, shortest: map[string]map[string]string{},
		},
	}
}

func (l *loader) fault(file string, line int, advice, format string, args ...any) {
	l.add(Fault{file, line, Error, fmt.Sprintf(format, args...), advice})
}

func (l *loader) warn(file string, line int, advice, format string, args ...any) {
	l.add(Fault{file, line, Warning, fmt.Sprintf(format, args...), advice})
}

func (l *loader) add(f Fault) {
	if len(l.faults) < maxFaults {
		l.faults = append(l.faults, f)
	}
}

func (l *loader) load() *Bot {
	if !l.readFiles() {
		return nil
	}
	l.version()
	l.parseAll()
	l.readBot()
	l.readNLU()
	l.settleLanguages()
	taught := l.teach()
	l.readAnswers()
	l.readRules()
	l.readArticles()
	l.checkTests()
	l.checkUses()
	model := <-taught
	if hasError(l.faults) {
		return nil
	}
	return l.finish(model)
}

// parsed is a file as YAML, or why it is none.
type parsed struct {
	node *node
	err  *yamlError
}

// parseAll reads all YAML files at the same time: a folder has dozens, and a desk is not ready before they are read.
func (l *loader) parseAll() {
	var mu sync.Mutex
	var all sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, name := range l.names {
		if strings.HasSuffix(name, ".md") {
			continue
		}
		all.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			n, err := parseYAML(l.files[name])
			mu.Lock()
			defer mu.Unlock()
			l.parsed[name] = parsed{n, err}
			l.unread = l.unread || err != nil
		})
	}
	all.Wait()
}

// taught is what came of teaching a model.
type taught struct {
	sets  []understand.Set
	model *understand.Model
	err   error
}

// teach begins to teach the model, while the rest of the folder is read. What it gives has to be waited for.
func (l *loader) teach() <-chan taught {
	done := make(chan taught, 1)
	sets, thresholds := l.trainingSets(), l.bot.thresholds
	go func() {
		model, err := understand.Train(sets, thresholds)
		done <- taught{sets, model, err}
	}()
	return done
}

// readable tells whether a file is of a kind that a bot folder is made of.
func readable(name string) bool {
	if strings.HasSuffix(name, ".md") {
		return strings.HasPrefix(name, "articles/")
	}
	return strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".yaml")
}

// readFiles takes all files of the folder into memory, within the bounds.
func (l *loader) readFiles() bool {
	if _, err := fs.Stat(l.fsys, "."); err != nil {
		l.fault(".", 0, "Check the path.", "the folder cannot be read")
		return false
	}
	total := 0
	err := fs.WalkDir(l.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			l.fault(name, 0, "Check that it exists and may be read.", "cannot be read")
			return nil
		case d.IsDir():
			if name != "." && strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		case !readable(name), !l.belongs(name):
			return nil
		case len(l.names) >= maxFiles:
			return fmt.Errorf("there are more than %d files", maxFiles)
		}
		data, err := l.readFile(name)
		if err != nil {
			l.fault(name, badLine(err), "", "%s", err.Error())
			return nil
		}
		if total += len(data); total > maxFolder {
			return fmt.Errorf("the folder is larger than %d MB", maxFolder>>20)
		}
		l.files[name] = data
		l.names = append(l.names, name)
		return nil
	})
	if err != nil {
		l.fault(".", 0, "Split the bot or remove what is not needed.", "%s", err.Error())
		return false
	}
	slices.Sort(l.names)
	if len(l.names) == 0 && !hasError(l.faults) {
		l.fault(".", 0, "A bot folder has bot.yml, or nlu/<language>/*.yml, or both.", "there is no bot in this folder")
	}
	return !hasError(l.faults)
}

// belongs tells whether a file is one that a bot folder is made of; others lie beside it undisturbed, but a file that
// looks like a slip is told of.
func (l *loader) belongs(name string) bool {
	top, _, inFolder := strings.Cut(name, "/")
	if !inFolder {
		if name == "bot.yml" {
			return true
		}
		l.warn(name, 0, knownFolders, "this file is not read")
		return false
	}
	switch top {
	case "nlu", "rules", "answers", "tests":
		return true
	case "articles":
		if strings.HasSuffix(name, ".md") {
			return true
		}
	}
	l.warn(name, 0, knownFolders, "this file is not read")
	return false
}

const knownFolders = "A bot folder has bot.yml, nlu/, rules/, answers/, articles/ with Markdown, and tests/."

// noText is the error of a file that is no text from a place on.
type noText struct {
	before []byte
	words  string
}

func (e noText) Error() string { return e.words }

// badLine is the line that an error of readFile is about, 0 if it is about the whole file.
func badLine(err error) int {
	var e noText
	if !errors.As(err, &e) {
		return 0
	}
	return 1 + bytes.Count(e.before, []byte("\n"))
}

// validTo is how far data is UTF-8.
func validTo(data []byte) int {
	if utf8.Valid(data) {
		return len(data)
	}
	i := 0
	for i < len(data) {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size < 2 {
			break
		}
		i += size
	}
	return i
}

func (l *loader) readFile(name string) ([]byte, error) {
	f, err := l.fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("cannot be read")
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot be read to its end")
	case len(data) > maxFile:
		return nil, fmt.Errorf("is larger than %d MB", maxFile>>20)
	case len(bytes.TrimSpace(data)) == 0: // as an editor leaves it for a moment while it saves
		return nil, fmt.Errorf("is empty: write into it, or remove it")
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return nil, noText{data[:i], "holds a NUL byte: it is no text in UTF-8"}
	}
	if i := validTo(data); i < len(data) {
		return nil, noText{data[:i], "is not in UTF-8"}
	}
	return bytes.ReplaceAll(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), []byte("\r\n"), []byte("\n")), nil
}

// version is a hash of names and contents, of tests too: they are part of the folder.
func (l *loader) version() {
	h := sha256.New()
	for _, name := range l.names {
		fmt.Fprintf(h, "%s\x00%d\x00", name, len(l.files[name]))
		h.Write(l.files[name])
	}
	l.bot.version = hex.EncodeToString(h.Sum(nil))[:16]
}

// under returns the files in a folder, in order.
func (l *loader) under(folder string) []string {
	var out []string
	for _, n := range l.names {
		if strings.HasPrefix(n, folder+"/") {
			out = append(out, n)
		}
	}
	return out
}

// parse reads a file as YAML and expects a map, or an empty file.
func (l *loader) parse(name string) *node {
	p, ok := l.parsed[name]
	if !ok {
		p.node, p.err = parseYAML(l.files[name])
	}
	n, err := p.node, p.err
	if err != nil {
		l.fault(name, err.line, "Look at the indentation and quotes there.", "%s", err.message)
		return nil
	}
	if n.kind != mapNode && n.kind != nullNode {
		l.fault(name, n.line, "", "this file must begin with keys, like \"rules:\"")
		return nil
	}
	return n
}

// only reports the keys of n that are not allowed.
func (l *loader) only(file string, n *node, keys ...string) {
	for _, k := range n.keys {
		if !slices.Contains(keys, k.key) {
			l.fault(file, k.line, "Known here: "+strings.Join(keys, ", ")+".", "unknown key %q", k.key)
		}
	}
}

// str returns the text of a key, "" where it is missing. What is no text is a fault.
func (l *loader) str(file string, n *node, key string) string {
	v := n.get(key)
	if v == nil || v.kind == nullNode {
		return ""
	}
	if v.kind != scalarNode {
		l.fault(file, v.line, "", "%s must be a text", key)
		return ""
	}
	return v.text
}

// strs returns a key's list of texts; a single text is a list of one.
func (l *loader) strs(file string, n *node, key string) []string {
	v := n.get(key)
	if v == nil || v.kind == nullNode {
		return nil
	}
	if v.kind == scalarNode {
		return []string{v.text}
	}
	if v.kind != listNode {
		l.fault(file, v.line, "", "%s must be a text or a list of texts", key)
		return nil
	}
	var out []string
	for _, c := range v.list {
		if c.kind != scalarNode || c.text == "" {
			l.fault(file, c.line, "", "%s must hold texts only", key)
			continue
		}
		out = append(out, c.text)
	}
	return out
}

// maps returns a key's list of maps.
func (l *loader) maps(file string, n *node, key string) []*node {
	v := n.get(key)
	if v == nil || v.kind == nullNode {
		return nil
	}
	if v.kind != listNode {
		l.fault(file, v.line, "", "%s must be a list", key)
		return nil
	}
	var out []*node
	for _, c := range v.list {
		if c.kind != mapNode {
			l.fault(file, c.line, "", "each of %s must have keys, like \"id: …\"", key)
			continue
		}
		out = append(out, c)
	}
	return out
}

// languageOf is the language that a file's place says: nlu/fi/any.yml, answers/fi.yml.
func languageOf(name string) string {
	if rest, ok := strings.CutPrefix(name, "nlu/"); ok {
		dir, _, _ := strings.Cut(rest, "/")
		return dir
	}
	return strings.TrimSuffix(path.Base(name), path.Ext(name))
}
