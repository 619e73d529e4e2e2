// Command fit makes the files that the house ships in bot/understand/shipped from public data, which are no part of the
// project: docs/data.md says what they are and where to get them.
//
//	go run ./bot/understand/fit --data DIR [--out bot/understand/shipped]
//	go run ./bot/understand/fit --lines     after a change of bot/understand/lines: needs no data
//
// The same data give the same files, byte for byte.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/kohta/kohta/bot/understand"
)

func main() {
	data := flag.String("data", "", "folder of the public data")
	lines := flag.Bool("lines", false, "make only the weights of the lines, which needs no data")
	out := flag.String("out", "bot/understand/shipped", "folder to write to")
	flag.Parse()
	if *lines {
		if err := makeLines("bot/understand/lines", "bot/understand/testdata", *out, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "fit:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(*data, *out, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fit:", err)
		os.Exit(1)
	}
}

// run makes the files in their order: the confidence is fitted to engines that have the new vectors.
func run(data, out string, log io.Writer) error {
	d, err := readData(data)
	if err != nil {
		return err
	}
	write := func(name string, content []byte) error {
		fmt.Fprintf(log, "%s: %d bytes\n", name, len(content))
		return os.WriteFile(filepath.Join(out, name), content, 0o644)
	}
	texts, err := d.unlabelled()
	if err != nil {
		return err
	}
	if err := write("vectors.en.kv", makeVectors(texts)); err != nil {
		return err
	}
	for _, language := range []string{"en", "fi"} {
		lines, err := d.mooded(language, "xed-"+language+".train.tsv")
		if err != nil {
			return err
		}
		if err := write("moods."+language+".km", makeMoods(lines)); err != nil {
			return err
		}
	}
	shipped, err := understand.ReadShipped(os.DirFS(out))
	if err != nil {
		return err
	}
	text, err := makeTrust(d, shipped, log)
	if err != nil {
		return err
	}
	return write("confidence.txt", text)
}
