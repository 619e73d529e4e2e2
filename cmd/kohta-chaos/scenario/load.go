package scenario

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/cmd/kohta-chaos/crowd"
	"github.com/kohta/kohta/cmd/kohta-chaos/fleet"
	"github.com/kohta/kohta/wire/wireclient"
)

// parallel are the first messages of one visitor.
const parallel = 100

// firstMessages: one visitor, known but without a conversation, writes in a hundred windows at once, on all nodes.
func firstMessages(ctx context.Context, s *stage) (string, error) {
	customer := s.Invite(s.Balancer.Address())
	if err := s.Connected(); err != nil {
		return "", err
	}
	windows := make([]*wireclient.Client, parallel)
	defer func() {
		for _, w := range windows {
			if w != nil {
				w.Close()
			}
		}
	}()
	for i := range windows {
		o := customer.Same()
		o.OnFrame = nil
		o.URL = "ws://" + s.Nodes[i%len(s.Nodes)].Door.Address() + "/ws/visitor"
		var err error
		if windows[i], err = wireclient.Dial(ctx, o, nil); err != nil {
			return "", fmt.Errorf("window %d: %w", i, err)
		}
	}
	answers, errs := make([]wireclient.Answer, parallel), make([]error, parallel)
	var all sync.WaitGroup
	for i, w := range windows {
		all.Go(func() {
			text := check.Write("Moi", check.Body{Sender: customer.Name(), Conversation: check.NoTag, Number: 1000 + i})
			answers[i], errs[i] = w.Post(ctx, "", text)
		})
	}
	all.Wait()
	conversations, seqs := map[string]bool{}, map[int64]bool{}
	for i, a := range answers {
		if a.Err != nil {
			errs[i] = a.Err
		}
		conversations[a.Conversation], seqs[a.Seq] = true, true
	}
	if err := errors.Join(errs...); err != nil {
		return "", err
	}
	if len(conversations) != 1 || len(seqs) != parallel {
		return "", fmt.Errorf("%d conversations, %d places of %d", len(conversations), len(seqs), parallel)
	}
	for id := range conversations {
		within, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := customer.Await(within, func() bool { return customer.Messages(id, string(chat.RoleVisitor)) == parallel }); err != nil {
			return "", fmt.Errorf("the first window does not see all: %w", err)
		}
	}
	return fmt.Sprintf("%d first messages on %d nodes, all acknowledged, one conversation", parallel, len(s.Nodes)), nil
}

// What a slow reader is not sent: more than the buffers on the way hold.
const (
	longPosts = 700
	longWords = 14_000
)

// slowReader: a second window of a customer reads nothing while the first writes a great deal. The desk ends its connection, and
// it comes back to everything; others do not notice.
func slowReader(ctx context.Context, s *stage) (string, error) {
	writer, other := s.Invite(s.Balancer.Address()), s.Invite(s.Balancer.Address())
	if err := s.Connected(); err != nil {
		return "", err
	}
	first, err := writer.Say(ctx, "", "Alku")
	if err != nil {
		return "", err
	}
	slow := s.Second(writer, s.Nodes[0].Address)
	if err := s.Connected(); err != nil {
		return "", err
	}
	quiet, err := sayAll(ctx, other, 100, "Rauhassa")
	if err != nil {
		return "", err
	}
	slow.Slow(true)
	var both sync.WaitGroup
	var busy []time.Duration
	var othersErr error
	both.Go(func() { busy, othersErr = sayAll(ctx, other, 300, "Muut eivät huomaa") })
	words := strings.Repeat("pitkä viesti ", longWords/13)
	for range longPosts {
		writer.Post(first.Conversation, words)
		if err := writer.Await(ctx, func() bool { return writer.Unanswered() < 20 }); err != nil {
			return "", err
		}
	}
	both.Wait()
	if othersErr != nil {
		return "", othersErr
	}
	slow.Slow(false)
	if err := writer.Await(ctx, func() bool { return writer.Unanswered() == 0 }); err != nil {
		return "", err
	}
	s.Settle(ctx, time.Second, time.Minute)
	all := int64(len(writer.Shown(first.Conversation)))
	within, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	_ = slow.Await(within, func() bool { return slow.Position(first.Conversation) >= all }) // what is missing is told below
	ends := slow.Stats().Codes
	if len(ends) == 0 {
		return "", errors.New("the slow reader was not ended")
	}
	have, want := slow.Shown(first.Conversation), writer.Shown(first.Conversation)
	if !slices.Equal(have, want) {
		return "", fmt.Errorf("the slow reader has %d events in the end, the other window %d", len(have), len(want))
	}
	if n := writer.Stats().Codes; len(n) > 0 {
		return "", fmt.Errorf("the other window was ended, too: %v", n)
	}
	return fmt.Sprintf("ended with %v and back with all %d events; the acks of others took %.1f ms at p99, before %.1f ms", ends, len(have), p99(busy), p99(quiet)), nil
}

func sayAll(ctx context.Context, m *crowd.Client, n int, words string) (took []time.Duration, err error) {
	for range n {
		begun := time.Now()
		if _, err := m.Say(ctx, "", words); err != nil {
			return took, err
		}
		took = append(took, time.Since(begun))
	}
	return took, nil
}

func p99(l []time.Duration) float64 {
	if len(l) == 0 {
		return math.NaN()
	}
	slices.Sort(l)
	return float64(l[len(l)*99/100].Microseconds()) / 1000
}

// clockWithin is by how much the desk's time may be off.
const clockWithin = time.Second

// clockJumps: each node's wall clock jumps by minutes and by an hour, either way, while a customer and an agent talk there. Nothing
// is over too early, and what is written has the right time.
func clockJumps(ctx context.Context, s *stage) (string, error) {
	jumps := 0
	for i, n := range s.Nodes {
		customer := s.Invite(n.Door.Address())
		agent, err := s.Hire(n.Door.Address(), fleet.Agent(i))
		if err != nil {
			return "", err
		}
		id, err := s.take(ctx, customer, agent)
		if err != nil {
			return "", err
		}
		given := len(agent.Shown(id))
		for _, by := range []time.Duration{time.Hour, -time.Hour, 10 * time.Minute, -10 * time.Minute} {
			if err := n.Step(by); err != nil {
				return "", err
			}
			if err := clockIs(ctx, n, by); err != nil {
				return "", err
			}
			jumps++
			for range 5 {
				if _, err := customer.Say(ctx, id, "Mitä kello on?"); err != nil {
					return "", err
				}
				if _, err := agent.Answer(ctx, id, "En katso kelloa."); err != nil {
					return "", err
				}
			}
			select { // the sweep of deadlines comes by
			case <-time.After(2 * time.Second):
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}
		if err := n.Step(0); err != nil {
			return "", err
		}
		for _, e := range agent.Shown(id)[given:] {
			switch e.Kind {
			case "assigned", "nudged", "unassigned", "closed", "snoozed", "promised":
				return "", fmt.Errorf("%s: %s at %d, which no time that passed brings about", n.Name, e.Kind, e.Seq)
			}
		}
	}
	var skew time.Duration
	for _, m := range s.All() {
		skew = max(skew, m.Stats().Skew)
	}
	if skew > slack*clockWithin {
		return "", fmt.Errorf("the desk's time was off by %v", skew)
	}
	return fmt.Sprintf("%d jumps, nothing over too early, the desk's time off by %d ms at most", jumps, skew.Milliseconds()), nil
}

// clockIs waits until a node's wall clock is off by so much, as the date of its answers says.
func clockIs(ctx context.Context, n *fleet.Node, by time.Duration) error {
	within, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for within.Err() == nil {
		r, err := http.NewRequestWithContext(within, http.MethodGet, "http://"+n.Address+"/healthz", nil)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		answer.Body.Close()
		date, err := http.ParseTime(answer.Header.Get("Date"))
		if err != nil {
			return err
		}
		if off := time.Until(date) - by; off.Abs() < 30*time.Second {
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-within.Done():
		}
	}
	return fmt.Errorf("the clock of %s does not follow: is the program built for it?", n.Name)
}
