// Package scenario plays single misfortunes of docs/reliability.md that a random run would seldom hit in the right moment.
package scenario

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/cmd/kohta-chaos/crowd"
	"github.com/kohta/kohta/cmd/kohta-chaos/fleet"
	"github.com/kohta/kohta/wire"
)

// Outcome is what became of one scenario.
type Outcome struct {
	Number  int     `json:"number"` // in the table of what must hold
	Name    string  `json:"name"`
	Figures string  `json:"figures"` // what was measured, in words
	Seconds float64 `json:"seconds"`
	Failed  string  `json:"failed,omitempty"`
}

// scene is one misfortune. play returns what it measured.
type scene struct {
	number int
	name   string
	play   func(ctx context.Context, s *stage) (figures string, err error)
}

// stage is where it is played: three nodes, one supervisor, and whoever the scene lets in. Everything that they did and saw is
// judged at its end.
type stage struct {
	*fleet.Fleet
	*crowd.Crowd
}

const (
	agents   = 4
	capacity = 20
	playIn   = 4 * time.Minute
	// slack is by what "within N seconds" is multiplied: the machine may be busy.
	slack = 5
)

// scenes are those on three nodes; the clock's needs a program whose clock can be set.
func scenes(clocks bool) []scene {
	list := []scene{
		{2, "a crash between commit and ack", crashBeforeAck},
		{3, "a crash between commit and publish", crashBeforePublish},
		{6, "the answer to COMMIT is lost", answerLost},
		{10, "two nodes take the same conversation", takenTwice},
		{10, "a hundred first messages of one visitor at once", firstMessages},
		{12, "a slow reader", slowReader},
	}
	if clocks {
		list = append(list, scene{11, "a node's clock jumps", clockJumps})
	}
	return list
}

// Play plays the scenes on three nodes, one after the other. The error means that there was no stage.
func Play(ctx context.Context, binary string, clocks bool, notes io.Writer) (all []Outcome, err error) {
	dir, err := os.MkdirTemp("", "kohta-scenes")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	f, err := fleet.Start(ctx, fleet.Options{Binary: binary, Nodes: 3, Dir: dir, Agents: agents, Capacity: capacity, Clocks: clocks})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for _, sc := range scenes(clocks) {
		all = append(all, playOne(ctx, f, sc, notes))
		f.Heal()
		for _, n := range f.Nodes {
			if err := n.Ready(ctx); err != nil {
				return all, err
			}
		}
	}
	return all, nil
}

func playOne(ctx context.Context, f *fleet.Fleet, sc scene, notes io.Writer) Outcome {
	ctx, cancel := context.WithTimeout(ctx, playIn)
	defer cancel()
	begun := time.Now()
	o := Outcome{Number: sc.number, Name: sc.name}
	s := &stage{Fleet: f}
	var err error
	s.Crowd, err = crowd.Nobody(ctx, crowd.Options{Address: f.Balancer.Address(), Site: fleet.Site, Watcher: fleet.Watcher, Password: fleet.Password})
	if err == nil {
		o.Figures, err = sc.play(ctx, s)
		err = errors.Join(err, s.judge(ctx))
		s.Leave()
	}
	if err != nil {
		o.Failed = err.Error()
	}
	o.Seconds = time.Since(begun).Seconds()
	o.tell(notes)
	return o
}

func (o *Outcome) tell(notes io.Writer) {
	words := o.Figures
	if o.Failed != "" {
		words = "FAILED: " + o.Failed
	}
	fmt.Fprintf(notes, "scenario %d, %s: %s\n", o.Number, o.Name, words)
}

// judge counts what must never happen among those who were on the stage. What earlier scenes left in the database is not theirs.
func (s *stage) judge(ctx context.Context) error {
	s.Heal()
	if err := s.Connected(); err != nil {
		return err
	}
	if err := s.endAll(ctx); err != nil {
		return err
	}
	s.Settle(ctx, time.Second, 30*time.Second)
	if err := s.Away(); err != nil {
		return err
	}
	all, err := s.Rows(ctx)
	if err != nil {
		return err
	}
	own := map[string]bool{}
	for _, m := range s.All() {
		for _, id := range m.Known() {
			own[id] = true
		}
	}
	var rows []check.Row
	for _, r := range all {
		if own[r.Conversation] {
			rows = append(rows, r)
		}
	}
	h, err := s.History(ctx, rows)
	if err != nil {
		return err
	}
	h.Waiting = nil
	v := check.Judge(h)
	v.Counts.Starved = 0 // nobody was hired to answer
	if v.Counts.Sum() > 0 {
		return fmt.Errorf("%+v: %v", v.Counts, v.Breaches)
	}
	return s.Doctor(ctx)
}

// endAll has every customer end their conversation, so that nobody of the next scene finds it.
func (s *stage) endAll(ctx context.Context) error {
	for _, m := range s.Customers {
		if id := m.Open(); id != "" {
			if _, err := m.Do(ctx, &wire.Frame{Type: wire.End, Conversation: id, Command: chat.End{}}); err != nil {
				return fmt.Errorf("%s cannot end their conversation: %w", m.Name(), err)
			}
		}
	}
	return nil
}

// stored is how often a frame's message is in the database.
func (s *stage) stored(ctx context.Context, key string) (n int, err error) {
	rows, err := s.Rows(ctx)
	for _, r := range rows {
		if r.Key == key {
			n++
		}
	}
	return n, err
}

// acked fails unless a frame was acknowledged, and is stored once.
func (s *stage) acked(ctx context.Context, p check.Post, err error) error {
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	if p.Refused != "" {
		return fmt.Errorf("refused: %s", p.Refused)
	}
	n, err := s.stored(ctx, p.Key)
	if err == nil && n != 1 {
		err = fmt.Errorf("%d rows of a message that was acknowledged", n)
	}
	return err
}

// help has an agent at one node given a customer's conversation, which it returns.
func (s *stage) help(ctx context.Context, customer, agent *crowd.Client) (string, error) {
	p, err := customer.Do(ctx, &wire.Frame{Type: wire.AskHuman, Command: chat.AskHuman{}})
	if err != nil {
		return "", err
	}
	return p.Conversation, agent.Await(ctx, func() bool { return agent.Holds(p.Conversation) })
}

// take has an agent take a customer's conversation, from whoever has it, and returns it when they see all of it.
func (s *stage) take(ctx context.Context, customer, agent *crowd.Client) (string, error) {
	p, err := customer.Say(ctx, "", "Onko siellä joku?")
	if err != nil {
		return "", err
	}
	taken, err := agent.Take(ctx, p.Conversation)
	if err == nil && taken.Refused != "" {
		err = errors.New(taken.Refused)
	}
	if err != nil {
		return "", fmt.Errorf("take: %w", err)
	}
	return p.Conversation, agent.Await(ctx, func() bool {
		return agent.Holds(p.Conversation) && agent.Position(p.Conversation) >= taken.Seq
	})
}

// contains finds a text in an event.
func contains(words string) func(check.Event) bool {
	return func(e check.Event) bool { return strings.Contains(e.Text, words) }
}
