package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/kohta/kohta/bot/understand"
)

// makeLines writes the weights that are learned from the labelled lines of each language.
func makeLines(from, out string, log io.Writer) error {
	for _, lang := range []string{"fi", "sv", "en"} {
		text, err := os.ReadFile(filepath.Join(from, lang+".txt"))
		if err != nil {
			return err
		}
		weights, err := understand.TeachLines(lang, string(text))
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
