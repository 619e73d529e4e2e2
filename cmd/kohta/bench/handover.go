package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/wire"
	"github.com/kohta/kohta/wire/wireclient"
)

// handover has one customer after the other ask for a person, while one agent is online whom the team's conversations are
// given to by themselves, and measures from the customer's frame until the agent's socket has the assignment. The agent
// resolves each at once, so there always is a free one.
func (r *run) handover(ctx context.Context) (Report, error) {
	cookie, err := r.signInOne(ctx, r.Emails[0])
	if err != nil {
		return Report{}, err
	}
	given := make(chan assignment, 16)
	agent, err := wireclient.Dial(ctx, wireclient.Options{
		URL: "ws://" + r.agentsAt + "/ws/agent", Role: chat.RoleAgent, Header: wireclient.AgentHeader(r.origin(), cookie),
		OnFrame: func(_ *wireclient.Client, frame []byte) {
			at := time.Now()
			if f, err := wire.DecodeServer(frame); err == nil && f.Type == "event" && f.Kind == string(chat.KindAssigned) {
				given <- assignment{f.Conversation, at}
			}
		},
	}, r.pool)
	if err != nil {
		return Report{}, err
	}
	defer agent.Close()
	if err := agent.Send(&wire.Frame{Type: wire.Presence, Status: "online"}); err != nil {
		return Report{}, err
	}
	defer agent.Send(&wire.Frame{Type: wire.Presence, Status: "offline"})

	begun := time.Now()
	var took []time.Duration
	for i := range r.Handover {
		d, err := r.handOne(ctx, i, agent, given)
		if err != nil {
			return Report{}, fmt.Errorf("hand over %d: %w", i, err)
		}
		took = append(took, d)
		if err := pause(ctx, betweenHandovers); err != nil {
			return Report{}, err
		}
	}
	report := r.report(time.Since(begun))
	report.Name, report.Conversations, report.HandedOver = fmt.Sprintf("bench/handover/%d", r.Handover), r.Handover, r.Handover
	report.AgentP50, report.AgentP90, report.AgentP99 = spread(took)
	return report, nil
}

// assignment is when the agent's socket had that a conversation is theirs.
type assignment struct {
	conversation string
	at           time.Time
}

// betweenHandovers leaves the desk idle in between, as it is when one customer asks.
const betweenHandovers = 5 * time.Millisecond

func (r *run) handOne(ctx context.Context, i int, agent *wireclient.Client, given <-chan assignment) (time.Duration, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, settleAll, errors.New("nobody was given it; the team must assign by itself (kohta team set --assignment auto)"))
	defer cancel()
	welcomed := make(chan struct{}, 1)
	c, err := wireclient.Dial(ctx, wireclient.Options{
		URL: "ws://" + r.host(i) + "/ws/visitor", Role: chat.RoleVisitor, Dial: r.dialer(i),
		Hello: wire.Greeting{Site: r.Site, Language: "fi"},
		OnFrame: func(_ *wireclient.Client, frame []byte) {
			if f, err := wire.DecodeServer(frame); err == nil && f.Type == "welcome" {
				welcomed <- struct{}{}
			}
		},
	}, r.pool)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	select {
	case <-welcomed:
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	asked := time.Now()
	answer, err := c.Do(ctx, &wire.Frame{Type: wire.AskHuman, Command: chat.AskHuman{}})
	if err == nil && answer.Err != nil {
		err = answer.Err
	}
	if err != nil {
		return 0, err
	}
	for {
		select {
		case a := <-given:
			if a.conversation != answer.Conversation {
				continue
			}
			done, err := agent.Do(ctx, &wire.Frame{Type: wire.Resolve, Conversation: a.conversation, Command: chat.Resolve{}})
			if err == nil && done.Err != nil {
				err = done.Err
			}
			return a.at.Sub(asked), err
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}
