// Command kohta-chaos does harm to a desk of many nodes while customers and agents talk, and counts what must never happen: see
// docs/reliability.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the command line.
type commands struct {
	Run       runCmd       `cmd:"" default:"withargs" help:"One run; prints one JSON object, exit status 1 if a promise was broken."`
	Scenarios scenariosCmd `cmd:"" help:"Single misfortunes, each at its worst moment."`
	Full      fullCmd      `cmd:"" help:"Everything, one part after the other; what make chaos does."`
	Storm     stormCmd     `cmd:"" help:"A node is killed, and all of its clients come back at once; prints one JSON object with times."`
	Servers   serversCmd   `cmd:"" help:"Run a Postgres with an empty database and a Redis until interrupted, and print where they are."`
}

// errBroken ends a command with status 1 without another word: it has said what it found.
var errBroken = errors.New("a promise was broken")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	k := kong.Parse(&commands{}, kong.Name("kohta-chaos"), kong.Vars{"parts": parts},
		kong.Description("Kills, stops and cuts off what a desk of many nodes stands on, and counts what must never happen."))
	k.BindTo(ctx, (*context.Context)(nil))
	err := k.Run()
	stop()
	switch {
	case errors.Is(err, errBroken):
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "kohta-chaos:", err)
		os.Exit(1)
	}
}

// print writes one JSON object.
func print(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
