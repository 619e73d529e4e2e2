package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

// line is a message and what it means.
type line struct{ text, label string }

const nobody = "oos"

// set is a public set of intents.
type set struct {
	name       string
	train, val []line // in scope
}

type data struct {
	dir        string
	sets       []set
	clincNone  []line // out of scope, of CLINC's training lines
	clincOther []line // out of scope, of CLINC's validation lines and of its further training lines
	small      []line // CLINC's small training set
	missTrain  []line // Banking77-OOS: fifty intents, and near misses of them that are nobody's
	missTry    []line // and its validation lines, with near and far misses
}

func readData(dir string) (*data, error) {
	d := &data{dir: dir}
	for _, name := range []string{"clinc150", "hwu64", "banking77"} {
		train, err := d.read(name + ".train.tsv")
		if err != nil {
			return nil, err
		}
		val, err := d.read(name + ".val.tsv")
		if err != nil {
			return nil, err
		}
		if name == "clinc150" {
			if err := d.readSmall(train); err != nil {
				return nil, err
			}
			further, err := d.read("clinc150.oosplus-extra.tsv")
			if err != nil {
				return nil, err
			}
			d.clincNone = keep(train, func(l line) bool { return l.label == nobody })
			d.clincOther = append(keep(val, func(l line) bool { return l.label == nobody }), further...)
		}
		d.sets = append(d.sets, set{name, keep(train, inScope), keep(val, inScope)})
	}
	return d, d.readMisses()
}

func (d *data) readMisses() error {
	train, err := d.read("banking77oos.train.tsv")
	if err != nil {
		return err
	}
	misses, err := d.read("banking77oos.train-idoos.tsv")
	if err != nil {
		return err
	}
	try, err := d.read("banking77oos.val.tsv")
	if err != nil {
		return err
	}
	d.missTrain = append(train, asNobodys(misses)...)
	for _, l := range try {
		if strings.HasPrefix(l.label, nobody) {
			l.label = nobody
		}
		d.missTry = append(d.missTry, l)
	}
	return nil
}

func (d *data) read(name string) ([]line, error) {
	raw, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil {
		return nil, fmt.Errorf("read the data: %w", err)
	}
	var out []line
	for i, l := range strings.Split(strings.TrimRight(string(raw), "\n"), "\n") {
		f := strings.Split(l, "\t")
		if len(f) < 2 {
			return nil, fmt.Errorf("%s:%d: a text and a label are wanted", name, i+1)
		}
		out = append(out, line{f[0], f[1]})
	}
	return out, nil
}

func (d *data) readSmall(train []line) error {
	raw, err := os.ReadFile(filepath.Join(d.dir, "clinc150.small-lines.txt"))
	if err != nil {
		return fmt.Errorf("read the data: %w", err)
	}
	for _, f := range strings.Fields(string(raw)) {
		n, err := strconv.Atoi(f)
		if err != nil || n < 1 || n > len(train) {
			return fmt.Errorf("clinc150.small-lines.txt: %q is no line of the training set", f)
		}
		d.small = append(d.small, train[n-1])
	}
	return nil
}

// unlabelled are the texts that word vectors are made of. Those of the kind that a bot hears count three times.
func (d *data) unlabelled() ([][]string, error) {
	var out [][]string
	for _, f := range []struct {
		name  string
		times int
	}{
		{"clinc150.train.tsv", 3}, {"clinc150.oosplus-extra.tsv", 3}, {"banking77.train.tsv", 3}, {"hwu64.train.tsv", 3},
		{"goemotions.train.tsv", 1}, {"xed-en.train.tsv", 1},
	} {
		lines, err := d.read(f.name)
		if err != nil {
			return nil, err
		}
		for range f.times {
			for _, l := range lines {
				out = append(out, understand.Words(l.text))
			}
		}
	}
	return out, nil
}

func inScope(l line) bool { return l.label != nobody }

func keep(lines []line, f func(line) bool) []line {
	var out []line
	for _, l := range lines {
		if f(l) {
			out = append(out, l)
		}
	}
	return out
}

// asNobodys are the lines under the label of what is nobody's.
func asNobodys(lines []line) []line {
	out := make([]line, len(lines))
	for i, l := range lines {
		out[i] = line{l.text, nobody}
	}
	return out
}

// most keeps the first n of each label; 0 keeps all.
func most(lines []line, n int) []line {
	seen := map[string]int{}
	return keep(lines, func(l line) bool {
		seen[l.label]++
		return n == 0 || seen[l.label] <= n
	})
}

func intents(lines []line) []understand.Intent {
	at := map[string]int{}
	var out []understand.Intent
	for _, l := range lines {
		i, ok := at[l.label]
		if !ok {
			i = len(out)
			at[l.label] = i
			out = append(out, understand.Intent{Name: l.label})
		}
		out[i].Examples = append(out[i].Examples, l.text)
	}
	return out
}

// hash tells lines and labels apart, the same everywhere.
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h ^ h>>15
}
