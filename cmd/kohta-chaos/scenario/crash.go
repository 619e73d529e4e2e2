package scenario

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kohta/kohta/cmd/kohta-chaos/check"
	"github.com/kohta/kohta/cmd/kohta-chaos/crowd"
	"github.com/kohta/kohta/cmd/kohta-chaos/fleet"
	"github.com/kohta/kohta/cmd/kohta-chaos/nemesis"
	"github.com/kohta/kohta/cmd/kohta-chaos/proxy"
)

// rounds is how often a crash is tried.
const rounds = 5

// crashBeforeAck: the node that has committed dies with its ack unsent. The client sends again, elsewhere, and gets the place that
// the message has.
func crashBeforeAck(ctx context.Context, s *stage) (string, error) {
	customer := s.Invite(s.Balancer.Address())
	if err := s.Connected(); err != nil {
		return "", err
	}
	if _, err := customer.Say(ctx, "", "Ensimmäinen"); err != nil {
		return "", err
	}
	crashes := 0
	for range rounds {
		var crash sync.WaitGroup
		var dead atomic.Pointer[fleet.Node]
		for _, n := range s.Nodes {
			n.Door.Look(&proxy.Hook{Swallow: func(answer []byte) bool {
				if !bytes.Contains(answer, []byte(`"type":"ack"`)) || !dead.CompareAndSwap(nil, n) {
					return false
				}
				crash.Go(n.Kill)
				return true
			}})
		}
		p, err := customer.Say(ctx, "", "Tallessa, mutta vastaus ei tule perille")
		crash.Wait()
		s.Heal()
		if err := s.acked(ctx, p, err); err != nil {
			return "", err
		}
		if dead.Load() != nil {
			crashes++
		}
		if err := s.restart(ctx); err != nil {
			return "", err
		}
	}
	if crashes != rounds {
		return "", fmt.Errorf("%d crashes of %d", crashes, rounds)
	}
	return fmt.Sprintf("%d crashes, each message once, where its second ack says", crashes), nil
}

// restart starts the nodes that were killed.
func (s *stage) restart(ctx context.Context) error {
	for _, n := range s.Nodes {
		if n.Dead() {
			if err := n.Start(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// seenWithin is how soon the other side has what was committed and never published.
const seenWithin = 2 * time.Second

// crashBeforePublish: the node dies when the database has committed, before it hears so. The agent, on another node, is shown the
// message though nobody does anything.
func crashBeforePublish(ctx context.Context, s *stage) (string, error) {
	var longest time.Duration
	customer := s.Invite(s.Nodes[0].Door.Address())
	agent, err := s.Hire(s.Nodes[1].Door.Address(), fleet.Agent(0))
	if err != nil {
		return "", err
	}
	if err := s.Connected(); err != nil {
		return "", err
	}
	id, err := s.help(ctx, customer, agent)
	if err != nil {
		return "", err
	}
	for round := range rounds {
		words := fmt.Sprintf("Kirjattu vaan ei kerrottu %d", round)
		var died atomic.Pointer[time.Time]
		var crash sync.WaitGroup
		s.Nodes[0].ToPostgres.Look(nemesis.Committing(words, once(func() {
			now := time.Now()
			died.Store(&now)
			crash.Go(s.Nodes[0].Kill)
		})))
		customer.Post(id, words)
		within, cancel := context.WithTimeout(ctx, slack*seenWithin+playIn/8)
		err := agent.Sees(within, id, contains(words))
		seen := time.Now()
		cancel()
		crash.Wait()
		s.Heal()
		if died.Load() == nil {
			return "", fmt.Errorf("round %d: the node did not die in between", round)
		}
		if err != nil || seen.Sub(*died.Load()) > slack*seenWithin {
			return "", fmt.Errorf("round %d: the agent saw it %v after the crash: %w", round, seen.Sub(*died.Load()), err)
		}
		longest = max(longest, seen.Sub(*died.Load()))
		if err := s.restart(ctx); err != nil {
			return "", err
		}
		if _, err := customer.Say(ctx, id, "Jatketaan"); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%d crashes, the agent on another node saw it after %d ms at the latest", rounds, longest.Milliseconds()), nil
}

// once does something the first time that it is asked.
func once(do func()) func() bool {
	var done atomic.Bool
	return func() bool {
		if !done.CompareAndSwap(false, true) {
			return false
		}
		do()
		return true
	}
}

// answerLost: the database has committed, and its answer goes astray with the connection. The client is told nothing false, and
// gets its ack in the end; no transaction stays open.
func answerLost(ctx context.Context, s *stage) (string, error) {
	var longest time.Duration
	customer := s.Invite(s.Nodes[0].Door.Address())
	if err := s.Connected(); err != nil {
		return "", err
	}
	for round := range rounds {
		words := fmt.Sprintf("Vastaus katoaa matkalla %d", round)
		var lost atomic.Bool
		s.Nodes[0].ToPostgres.Look(nemesis.Committing(words, once(func() { lost.Store(true) })))
		begun := time.Now()
		p, err := customer.Say(ctx, "", words)
		s.Heal()
		if err := s.acked(ctx, p, err); err != nil {
			return "", fmt.Errorf("round %d: %w", round, err)
		}
		if !lost.Load() {
			return "", fmt.Errorf("round %d: no answer was lost", round)
		}
		longest = max(longest, time.Since(begun))
	}
	open, err := s.OpenTransactions(ctx)
	if err == nil && open > 0 {
		err = fmt.Errorf("%d transactions are left open", open)
	}
	return fmt.Sprintf("%d answers lost, the ack came after %d ms at the latest, no transaction left open", rounds, longest.Milliseconds()), err
}

// contested are conversations that two agents take at once.
const contested = 20

// takenTwice: two agents at two nodes take the same conversation in the same moment, again and again.
func takenTwice(ctx context.Context, s *stage) (string, error) {
	one, err := s.Hire(s.Nodes[0].Door.Address(), fleet.Agent(0))
	if err != nil {
		return "", err
	}
	other, err := s.Hire(s.Nodes[1].Door.Address(), fleet.Agent(1))
	if err != nil {
		return "", err
	}
	var answers []check.Post
	for range contested {
		customer := s.Invite(s.Balancer.Address())
		p, err := customer.Say(ctx, "", "Kuka ottaa?")
		if err != nil {
			return "", err
		}
		var both sync.WaitGroup
		got := make([]check.Post, 2)
		for i, agent := range []*crowd.Client{one, other} {
			both.Go(func() { got[i], _ = agent.Take(ctx, p.Conversation) })
		}
		both.Wait()
		answers = append(answers, got...)
	}
	s.Settle(ctx, time.Second, 30*time.Second)
	acks := 0
	for _, p := range answers {
		if p.Acked > 0 {
			acks++
		}
	}
	first, second := one.Has(), other.Has()
	for id := range first {
		if _, both := second[id]; both {
			return "", fmt.Errorf("conversation %s is with both", id)
		}
	}
	if len(first)+len(second) != contested || acks < contested {
		return "", fmt.Errorf("%d and %d conversations of %d, %d acks", len(first), len(second), contested, acks)
	}
	return fmt.Sprintf("%d conversations taken by two at once, %d acks, %d and %d owned at the end, none by both", contested, acks, len(first), len(second)), nil
}
