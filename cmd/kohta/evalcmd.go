package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/kohta/kohta/cmd/kohta/eval"
)

type botEvalCmd struct {
	Data   string `required:"" help:"Folder of the development data; docs/data.md says what belongs there." placeholder:"DIR"`
	Output string `default:"docs/understanding.md" help:"Page to write; - writes none." placeholder:"FILE"`
}

// Run prints the table and writes it. Missed targets are told, and are no failure.
func (c *botEvalCmd) Run(ctx context.Context, p program) error {
	if info, err := os.Stat(c.Data); err != nil || !info.IsDir() {
		return fmt.Errorf("%s is no folder; give --data the folder of the development data", c.Data)
	}
	sections, err := eval.Run(ctx, beside{os.DirFS(c.Data), os.DirFS(eval.OwnFolder)}, eval.Parts(), func(part string) { fmt.Fprintln(p.stderr, "measuring:", part) })
	if err != nil {
		return fmt.Errorf("bot eval: %w", err)
	}
	var page bytes.Buffer
	if err := eval.Write(&page, sections); err != nil {
		return err
	}
	if _, err := p.stdout.Write(page.Bytes()); err != nil {
		return err
	}
	if c.Output == "-" {
		return nil
	}
	return os.WriteFile(c.Output, page.Bytes(), 0o644)
}

// beside is a folder with what it lacks out of another.
type beside struct{ first, second fs.FS }

func (b beside) Open(name string) (fs.File, error) {
	f, err := b.first.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return b.second.Open(name)
	}
	return f, err
}
