// Command kohta is the desk, its tools and its tests of strength in one program.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // opening hours need time zones, and an empty container has none

	"github.com/alecthomas/kong"
)

// version is set by the build.
var version = "dev"

// commands is the command line. Each field's help is what `kohta --help` prints.
type commands struct {
	Serve    serveCmd    `cmd:"" help:"Run the desk."`
	Ready    readyCmd    `cmd:"" help:"Ask a running desk whether it takes traffic; exit status 1 if it does not."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database up to this version."`
	Backup   backupCmd   `cmd:"" help:"Copy the embedded database, of a desk that runs too, into one file."`
	Agent    agentCmd    `cmd:"" help:"Accounts of agents."`
	Site     siteCmd     `cmd:"" help:"Websites that embed the widget."`
	Team     teamCmd     `cmd:"" help:"Teams that conversations go to."`
	Visitor  visitorCmd  `cmd:"" help:"What is kept of a customer: export and erasure."`
	Bot      botCmd      `cmd:"" help:"Check, try and test a bot folder."`
	Doctor   doctorCmd   `cmd:"" help:"Check a live installation; prints each breach of what Kohta promises, exit status 1 if there is one."`
	Simulate simulateCmd `cmd:"" help:"Play what customers and agents would meet: what if more came, or fewer answered?"`
	Sim      simCmd      `cmd:"" help:"Play the desk itself through made-up misfortunes, and see whether every promise holds."`
	Bench    benchCmd    `cmd:"" help:"Generate load against a running desk; prints one JSON object."`
	Version  struct{}    `cmd:"" help:"Print the version."`
}

// program is what a command works with; tests give it buffers.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := program{os.Stdin, os.Stdout, os.Stderr, os.Getenv}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// errFound ends a command with status 1 without another word: it has said what it found.
var errFound = errors.New("found")

// run returns the exit status: 0, 1 when the command failed, 2 when it was called wrongly.
func (p program) run(ctx context.Context, args []string) int {
	parser, err := p.parser(&commands{})
	if err != nil {
		fmt.Fprintln(p.stderr, "kohta:", err)
		return 2
	}
	k, code, done := p.parse(parser, args)
	if done {
		return code
	}
	if k.Command() == "version" {
		fmt.Fprintln(p.stdout, "kohta", version)
		return 0
	}
	k.BindTo(ctx, (*context.Context)(nil))
	k.Bind(p)
	switch err := k.Run(); {
	case err == nil:
		return 0
	case errors.Is(err, errFound):
		return 1
	default:
		fmt.Fprintln(p.stderr, "kohta:", err)
		return 1
	}
}

func (p program) parser(c *commands) (*kong.Kong, error) {
	return kong.New(c, kong.Name("kohta"), kong.Writers(p.stdout, p.stderr),
		kong.Description("A support desk: a bot answers the routine, people answer what needs a person."),
		kong.Configuration(readConfig(p.env)), kong.Exit(func(int) { panic(exited{}) }))
}

// exited is what kong's wish to end the program becomes: after --help there is nothing left to do.
type exited struct{}

func (p program) parse(parser *kong.Kong, args []string) (k *kong.Context, code int, done bool) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exited:
			done = true
		default:
			panic(r)
		}
	}()
	k, err := parser.Parse(args)
	if err != nil {
		// A file that is not there is the configuration's: the parser opens no other.
		var missing *fs.PathError
		if errors.As(err, &missing) {
			err = configError{fmt.Sprintf("The configuration file %s cannot be opened (%v). Give --config a file that is there, or leave it out.", missing.Path, missing.Err)}
		}
		fmt.Fprintln(p.stderr, "kohta:", err)
		var refused configError
		if errors.As(err, &refused) {
			return nil, 1, true
		}
		return nil, 2, true
	}
	return k, 0, false
}
