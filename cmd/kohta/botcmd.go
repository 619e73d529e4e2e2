package main

import (
	"errors"
	"fmt"
	"os"

	"go.uber.org/zap"

	"github.com/kohta/kohta/bot"
)

// botCmd has the tools of those who write bots.
type botCmd struct {
	Check      botCheckCmd      `cmd:"" help:"Report every fault of a bot folder with file and line; exit status 1 if there is one."`
	Classify   botClassifyCmd   `cmd:"" help:"Say of each line of standard input what the bot understands, a line of JSON each."`
	Test       botTestCmd       `cmd:"" help:"Run the folder's own conversation tests."`
	Talk       botTalkCmd       `cmd:"" help:"Speak with the bot: standard input is the customer, a figure presses a button."`
	Replay     botReplayCmd     `cmd:"" help:"Say what the bot folder would have done in past conversations, beside what was done, the worst first."`
	Candidates botCandidatesCmd `cmd:"" help:"List messages of past conversations that could teach the bot, as training data to choose from."`
	Eval       botEvalCmd       `cmd:"" help:"Measure what bots understand on development data, beside the targets."`
}

// botDir is the folder that a bot command works on.
type botDir struct {
	Dir string `arg:"" help:"The bot folder." placeholder:"DIR"`
}

func (d botDir) open() (*folder, error) {
	return folderAt(d.Dir, zap.NewNop(), "name the folder that holds bot.yml and nlu/")
}

func (d botDir) load() (*bot.Bot, error) {
	f, err := d.open()
	if err != nil {
		return nil, err
	}
	if err := f.load(); err != nil {
		return nil, err
	}
	return f.bot.Load(), nil
}

type botCheckCmd struct{ botDir }

// Run prints a fault a line.
func (c *botCheckCmd) Run(p program) error {
	f, err := c.open()
	if err != nil {
		return err
	}
	bad := 0
	for _, fault := range bot.Check(f.fsys) {
		fmt.Fprintln(p.stdout, fault)
		if fault.Severity == bot.Error {
			bad++
		}
	}
	if bad > 0 {
		return errFound
	}
	return nil
}

type botClassifyCmd struct{ botDir }

// Run answers a line for a line.
func (c *botClassifyCmd) Run(p program) error {
	b, err := c.load()
	if err != nil {
		return err
	}
	return bot.Classify(b, p.stdin, p.stdout)
}

type botTestCmd struct{ botDir }

// Run prints what failed and a summary.
func (c *botTestCmd) Run(p program) error {
	b, err := c.load()
	if err != nil {
		return err
	}
	report, err := bot.Test(b, os.DirFS(c.Dir))
	if err != nil {
		return err
	}
	for _, f := range report.Failed {
		fmt.Fprintln(p.stdout, f)
	}
	fmt.Fprintf(p.stdout, "%d conversations, %d steps, %d not as expected\n", report.Tests, report.Steps, len(report.Failed))
	if len(report.Failed) > 0 {
		return errFound
	}
	if report.Tests == 0 {
		return errors.New("the folder has no tests; write some into tests/*.yml")
	}
	return nil
}
