package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/kohta/kohta/cmd/kohta/bench"
)

// benchCmd generates load.
type benchCmd struct {
	URL      []string      `default:"http://127.0.0.1:8080" help:"Address of the desk; of several nodes, visitors come to each in turn. Loopback alone. Run it with --limits off."`
	AgentsAt string        `help:"Address of the node that agents come to; by default the first." placeholder:"URL"`
	Site     string        `default:"demo" help:"Site that the visitors come to."`
	Visitors int           `default:"100" help:"Visitors who talk with the bot."`
	Agents   int           `default:"1" help:"Agents' sockets that watch the conversations; one for each 250 visitors at least."`
	Email    []string      `default:"aino@demo.example,ville@demo.example,sari@demo.example" help:"Accounts of the agents, in turn; by default the demo's." placeholder:"EMAIL"`
	Password string        `default:"kohta-demo" help:"Password of all these accounts."`
	Rate     float64       `default:"100" help:"Posts a second, whatever comes back."`
	Closed   bool          `help:"In the place of --rate: each visitor has one post in flight, until it is acknowledged and answered."`
	Duration time.Duration `default:"10s" help:"How long they talk, or stay idle; at most 5m."`
	Count    int           `help:"Stop after so many posts; at most 5,000,000."`
	Posts    int           `default:"20" help:"Posts in a conversation; then it is ended and another begun. 0: never."`
	Script   string        `help:"File with what the visitors say, one message a line, in turn; by default questions that the demo's bot answers." placeholder:"FILE"`
	Handover int           `help:"Instead: so many customers ask for a person, one after the other, and one agent is given them; from the frame to the agent's socket. The team must assign by itself." placeholder:"N"`
	Idle     int           `help:"Instead: so many visitors say one thing each and stay. With --pid: resident memory a connection." placeholder:"N"`
	PID      int           `name:"pid" help:"Process of the desk, whose resident memory is measured." placeholder:"PID"`
	Storm    int           `help:"Instead: so many visitors come back at once after the desk was killed and started again." placeholder:"N"`
	Serve    string        `help:"Command that runs the desk at --url, for --storm to start, kill and start again; split at spaces, no shell. Without it, do that by hand." placeholder:"COMMAND"`
}

// Run prints one JSON object. It fails when something was lost, doubled, reordered, refused or not acknowledged.
func (c *benchCmd) Run(ctx context.Context, p program) error {
	script, err := readScript(c.Script)
	if err != nil {
		return err
	}
	o := bench.Options{
		URL: c.URL[0], Others: c.URL[1:], AgentsURL: c.AgentsAt, Site: c.Site, Visitors: c.Visitors, Agents: c.Agents, Emails: c.Email, Password: c.Password,
		Rate: c.Rate, Closed: c.Closed, Duration: c.Duration, Count: c.Count, Posts: c.Posts, Script: script,
		Handover: c.Handover, Idle: c.Idle, Storm: c.Storm, Serve: strings.Fields(c.Serve), PID: c.PID, Notes: p.stderr,
	}
	if err := o.Check(); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	fmt.Fprintf(p.stderr, "At most %d connections, by the limit of open files\n", maxConnections())
	if n := o.Clients(); n > maxConnections() {
		return fmt.Errorf("bench: %d connections are more than the limit of open files allows; raise it with ulimit -n", n)
	}
	debug.SetGCPercent(400) // it shares the processors with the desk that it measures, and has memory to spare
	report, err := bench.Run(ctx, o)
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	if err := json.NewEncoder(p.stdout).Encode(report); err != nil {
		return err
	}
	if !report.Sound() {
		return errFound
	}
	return nil
}

// maxScript is how long a script may be.
const maxScript = 1 << 20

func readScript(path string) (lines []string, err error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("bench: the script cannot be read (%w)", plain(err))
	}
	defer file.Close()
	in := bufio.NewScanner(io.LimitReader(file, maxScript))
	for in.Scan() {
		if line := strings.TrimSpace(in.Text()); line != "" {
			lines = append(lines, line)
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("bench: the script cannot be read: %w", err)
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("bench: the script %s says nothing", path)
	}
	return lines, nil
}
