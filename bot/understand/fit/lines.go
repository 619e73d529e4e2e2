package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/kohta/kohta/bot/understand"
)

// makeLines writes the weights that are learned from the labelled lines of each language, and from those of the project's
// own sets of ordinary messages that are not held back.
func makeLines(from, own, out string, log io.Writer) error {
	for _, lang := range []string{"fi", "sv", "en"} {
		text, err := os.ReadFile(filepath.Join(from, lang+".txt"))
		if err != nil {
			return err
		}
		sets := map[string][]string{}
		for _, name := range []string{"intents", "wider", "everyday"} {
			if sets[name], err = forLearning(filepath.Join(own, name+"."+lang+".tsv")); err != nil {
				return err
			}
		}
		weights, err := understand.TeachLines(lang, string(text), append(sets["intents"], sets["wider"]...), sets["everyday"])
		if err != nil {
			return fmt.Errorf("%s: %w", lang, err)
		}
		name := "lines." + lang + ".bin"
		fmt.Fprintf(log, "%s: %d bytes\n", name, len(weights))
		if err := os.WriteFile(filepath.Join(out, name), weights, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// forLearning are the messages of a set that are not held back; none where there is no such set.
func forLearning(path string) (all []string, err error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for l := range strings.Lines(string(raw)) {
		if text, _, ok := strings.Cut(l, "\t"); ok && !understand.Held(text) {
			all = append(all, text)
		}
	}
	return all, nil
}
