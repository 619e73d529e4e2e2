package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/kohta/kohta/cmd/kohta/whatif"
)

// simulateCmd plays what would happen to customers and agents. It asks nothing of a running desk, and changes nothing.
type simulateCmd struct {
	pastFlags
	File    string   `arg:"" optional:"" help:"Scenario, a YAML file; docs/simulate.md describes it."`
	From    bool     `help:"Take customers and agents from what happened lately in the database of --data; by default in the last 28 days."`
	WhatIf  []string `sep:"none" placeholder:"agents=+2" help:"Show beside it what a change would do: agents=+2, agents=-1, only=sv:1, arrivals=+20%, handling=-10%, patience=5m, capacity=3, slower=20, assignment=offer, rest=5m; support/agents=+1 for one team. May be given again: all together."`
	Compare string   `help:"Show beside it another scenario." placeholder:"FILE"`
	Zone    string   `default:"Local" help:"With --from: time zone of the hours of the day." placeholder:"Europe/Helsinki"`

	Arrivals *float64       `placeholder:"N" help:"Customers an hour, at each hour."`
	Handling *time.Duration `placeholder:"8m" help:"How long a conversation takes, on average."`
	Spread   *float64       `placeholder:"1" help:"Standard deviation of that by its mean."`
	Patience *string        `placeholder:"5m" help:"How long customers wait on average before they give up; never: they do not."`
	Agents   *int           `placeholder:"N" help:"How many agents there are, when no file and no database says it."`
	Capacity *int           `placeholder:"N" help:"Conversations that each agent has at once."`
	Start    *string        `placeholder:"8:30" help:"Time of day at which it begins."`
	Length   *time.Duration `placeholder:"8h" help:"How long, of what is counted."`
	WarmUp   *time.Duration `placeholder:"1h" help:"Played before, and not counted; by default as long as a line needs to settle."`
	Target   *time.Duration `placeholder:"2m" help:"A wait within it is good service."`
	Runs     *int           `placeholder:"20" help:"How often it is played, each time by other chance."`
	Seed     *uint64        `placeholder:"1" help:"Where chance begins; the same seed gives the same figures."`

	Print    bool `help:"Print the scenario as YAML, to be changed and played, and play nothing."`
	JSON     bool `name:"json" help:"Print one JSON object."`
	Progress bool `help:"Show progress on standard error, also where that is no terminal."`
}

// Run prints what would happen.
func (c *simulateCmd) Run(ctx context.Context, p program) error {
	s, notes, err := c.scenario(ctx)
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	if c.Print {
		if err := s.Check(); err != nil {
			return fmt.Errorf("simulate: %w", err)
		}
		_, err := p.stdout.Write(s.YAML(notes...))
		return err
	}
	for _, n := range notes {
		fmt.Fprintln(p.stderr, "note:", n)
	}
	all, err := c.beside(s)
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	var results []*whatif.Result
	for _, s := range all {
		r, err := whatif.Run(ctx, s, c.progress(p, len(results), len(all)))
		if err != nil {
			return fmt.Errorf("simulate: %w", err)
		}
		results = append(results, r)
	}
	if c.JSON {
		return whatif.WriteJSON(p.stdout, results...)
	}
	return whatif.Write(p.stdout, results...)
}

// scenario is what is played, from the file, the database or the flags alone, as the flags change it.
func (c *simulateCmd) scenario(ctx context.Context) (s whatif.Scenario, notes []string, err error) {
	switch {
	case c.From && c.File != "":
		return s, nil, errors.New("a file and --from are two scenarios; give one of them, or --from and --compare FILE")
	case c.From:
		s, notes, err = c.past(ctx)
	case c.File != "":
		s, err = readScenario(c.File)
	case c.Arrivals == nil || c.Agents == nil || c.Handling == nil:
		return s, nil, errors.New("what is to be played? Give a scenario file, or --from with --data DIR, or at least --arrivals 30 --handling 8m --agents 5")
	default:
		s = whatif.NewScenario()
		s.Teams = []whatif.Team{whatif.NewTeam("support")}
		s.Customers = []whatif.Customers{whatif.NewCustomers("support")}
		s.Agents = []whatif.Agents{{Name: "agents", There: 1, Teams: []string{"support"}}}
	}
	if err == nil {
		err = c.change(&s)
	}
	return s, notes, err
}

func (c *simulateCmd) past(ctx context.Context) (s whatif.Scenario, notes []string, err error) {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return s, nil, fmt.Errorf("--zone %s is no time zone; write one like Europe/Helsinki", c.Zone)
	}
	now := time.Now().In(zone)
	if c.Since == "" {
		c.Since = "28d"
	}
	since, err := c.moment(now)
	if err != nil {
		return s, nil, err
	}
	db, err := c.look(ctx)
	if err != nil {
		return s, nil, err
	}
	defer db.Close()
	return whatif.Past(ctx, db, since, now, zone)
}

// change sets what flags say.
func (c *simulateCmd) change(s *whatif.Scenario) (err error) {
	set(&s.Length, c.Length)
	set(&s.WarmUp, c.WarmUp)
	set(&s.Target, c.Target)
	set(&s.Runs, c.Runs)
	set(&s.Seed, c.Seed)
	if c.WarmUp != nil && *c.WarmUp < 0 {
		return errors.New("--warm-up cannot be negative")
	}
	if c.Start != nil {
		if s.Start, err = whatif.ParseClock(*c.Start); err != nil {
			return fmt.Errorf("--start: %w", err)
		}
	}
	if err := c.changeCustomers(s); err != nil {
		return err
	}
	if c.Agents != nil {
		if len(s.Agents) != 1 {
			return errors.New("--agents says nothing of which of several groups; write --what-if agents=+1, or change the file")
		}
		s.Agents[0].Count = *c.Agents
	}
	for i := range s.Agents {
		set(&s.Agents[i].Capacity, c.Capacity)
		if c.Capacity != nil && *c.Capacity < 1 {
			return fmt.Errorf("with --capacity %d nobody could be given anything; it is at least 1", *c.Capacity)
		}
	}
	return nil
}

func (c *simulateCmd) changeCustomers(s *whatif.Scenario) error {
	if len(s.Customers) != 1 && c.Arrivals != nil {
		return errors.New("--arrivals says nothing of which of several groups; write --what-if arrivals=+20%, or change the file")
	}
	for i := range s.Customers {
		g := &s.Customers[i]
		if c.Arrivals != nil {
			g.Steadily(*c.Arrivals)
		}
		set(&g.Handling.Mean, c.Handling)
		set(&g.Handling.Spread, c.Spread)
		if c.Spread != nil {
			g.Handling.Exponential = false
		}
		if c.Patience == nil {
			continue
		}
		changed, err := s.Change("patience=" + *c.Patience)
		if err != nil {
			return err
		}
		s.Customers = changed.Customers
	}
	return nil
}

// beside are the scenario and what it is held against.
func (c *simulateCmd) beside(s whatif.Scenario) ([]whatif.Scenario, error) {
	if c.Compare != "" && len(c.WhatIf) > 0 {
		return nil, errors.New("--compare and --what-if are two things to show beside it; give one of them")
	}
	all := []whatif.Scenario{s}
	if c.Compare != "" {
		other, err := readScenario(c.Compare)
		if err != nil {
			return nil, err
		}
		all = append(all, other)
	}
	if len(c.WhatIf) > 0 {
		other, err := s, error(nil)
		name := ""
		for _, words := range c.WhatIf {
			if other, err = other.Change(words); err != nil {
				return nil, err
			}
			name += ", " + words
		}
		if other.Name = "what if " + name[2:]; all[0].Name == "" {
			all[0].Name = "as it is"
		}
		all = append(all, other)
	}
	for i := range all {
		if err := all[i].Check(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func readScenario(path string) (s whatif.Scenario, err error) {
	file, err := os.Open(path)
	if err != nil {
		return s, fmt.Errorf("the scenario %s cannot be read (%w)", path, plain(err))
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, whatif.MaxFile+1))
	if err != nil {
		return s, fmt.Errorf("the scenario %s cannot be read (%w)", path, plain(err))
	}
	if s, err = whatif.Read(text); err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// progress shows the share that is done where somebody looks at it, for runs that take a while.
func (c *simulateCmd) progress(p program, before, of int) func(float64) {
	if !c.Progress && !isTerminal(p.stderr) {
		return nil
	}
	began, shown := time.Now(), time.Time{}
	return func(done float64) {
		now := time.Now()
		if now.Sub(began) < time.Second && !c.Progress || now.Sub(shown) < 100*time.Millisecond && done < 1 {
			return
		}
		shown = now
		fmt.Fprintf(p.stderr, "\r%3.0f %% ", 100*(float64(before)+done)/float64(of))
		if done >= 1 && before+1 == of {
			fmt.Fprint(p.stderr, "\r       \r")
		}
	}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
