package eval

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

// Line is a message with its label.
type Line struct{ Text, Label string }

// nobody labels what is out of scope.
const nobody = "oos"

// Data reads the development files and keeps the models that several parts use. Not for use by several at once.
type Data struct {
	fsys   fs.FS
	models map[string]*trained
}

// Raw is a file's content.
func (d *Data) Raw(name string) ([]byte, error) {
	raw, err := fs.ReadFile(d.fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read the data: %w", err)
	}
	return raw, nil
}

// Lines reads a file of a text, a tab and a label a line; further columns are left out.
func (d *Data) Lines(name string) ([]Line, error) {
	raw, err := d.Raw(name)
	if err != nil {
		return nil, err
	}
	var out []Line
	for i, l := range strings.Split(strings.TrimRight(string(raw), "\n"), "\n") {
		f := strings.Split(strings.TrimSuffix(l, "\r"), "\t")
		if len(f) < 2 {
			return nil, fmt.Errorf("%s:%d: a text, a tab and a label are wanted", name, i+1)
		}
		out = append(out, Line{f[0], f[1]})
	}
	return out, nil
}

// picked are the lines of a file of line numbers.
func (d *Data) picked(name string, of []Line) ([]Line, error) {
	raw, err := d.Raw(name)
	if err != nil {
		return nil, err
	}
	var out []Line
	for _, f := range strings.Fields(string(raw)) {
		n, err := strconv.Atoi(f)
		if err != nil || n < 1 || n > len(of) {
			return nil, fmt.Errorf("%s: %q is no line number", name, f)
		}
		out = append(out, of[n-1])
	}
	return out, nil
}

// intents groups lines by label, in the order of their first occurrence.
func intents(lines []Line) []understand.Intent {
	at := map[string]int{}
	var out []understand.Intent
	for _, l := range lines {
		i, ok := at[l.Label]
		if !ok {
			i = len(out)
			at[l.Label] = i
			out = append(out, understand.Intent{Name: l.Label})
		}
		out[i].Examples = append(out[i].Examples, l.Text)
	}
	return out
}

// trained is a model with what it cost.
type trained struct {
	model   *understand.Model
	seconds float64 // of processor time
	bytes   int
}

// english trains a model with default settings, once for each name.
func (d *Data) english(name string, in []understand.Intent) (*trained, error) {
	if t := d.models[name]; t != nil {
		return t, nil
	}
	before := processorSeconds()
	m, err := understand.Train([]understand.Set{{Language: "en", Intents: in}}, understand.DefaultThresholds)
	if err != nil {
		return nil, err
	}
	t := &trained{m, processorSeconds() - before, m.Bytes("en")}
	d.models[name] = t
	return t, nil
}
