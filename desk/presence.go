package desk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/chat/mask"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/routing"
	"github.com/kohta/kohta/store"
)

// presence is what this node knows of the agents who have a socket here.
type presence struct {
	mu      sync.Mutex
	sockets map[string]int        // by agent
	status  map[string]attendance // that they chose here
	looked  map[string]looked     // agents who are gone: when their conversations were last looked for
	unknown map[string]time.Time  // agents of whom the roster knows nothing: since when
	left    []string              // agents whose last connection here has just ended
	leaving bool                  // this node ends: who is connected here comes back elsewhere

	readableSince time.Time // since when the roster has answered each time
	renewed       time.Time
}

// looked is when the conversations of an agent were looked for who is gone since a time.
type looked struct{ at, since time.Time }

// attendance is how it stands with an agent by their own word, or the house's.
type attendance struct {
	status routing.Status
	reason string
	unsaid bool // the roster has not confirmed it yet
}

// Times of presence. An agent whose connection breaks is gone from then on; one whose node is gone, when the lease ends,
// at most routing.PresenceLease after the last sign of life. plan.Grace later their conversations go back to the line.
const (
	renewEvery = 10 * time.Second
	lookAgain  = 30 * time.Second
)

// Connected says that an agent opened a socket on this node.
func (d *Desk) Connected(agent string) {
	d.presence.mu.Lock()
	defer d.presence.mu.Unlock()
	d.presence.sockets[agent]++
}

// Disconnected says that one of them is closed. The agent has a moment to come back.
func (d *Desk) Disconnected(agent string) {
	d.presence.mu.Lock()
	defer d.presence.mu.Unlock()
	if d.presence.sockets[agent]--; d.presence.sockets[agent] <= 0 {
		delete(d.presence.sockets, agent)
		delete(d.presence.status, agent)
		if !d.presence.leaving {
			d.presence.left = append(d.presence.left, agent)
		}
	}
}

// HandOver says that this node is about to end, and that whoever is connected here will come back on another. Nobody counts
// as gone because of it: each stays as they are for the rest of their lease, and the next node goes on with it.
func (d *Desk) HandOver() {
	d.presence.mu.Lock()
	defer d.presence.mu.Unlock()
	d.presence.leaving = true
}

// SetPresence says whether an agent wants to be given conversations, and why.
func (d *Desk) SetPresence(ctx context.Context, agent store.Agent, status, reason string) error {
	if status == string(routing.Online) && reason == "" { // said again after a break of the network: nothing is forgotten by it
		if p, err := d.roster.Get(ctx, agent.ID); err == nil && p.Reason == missedOne {
			reason = missedOne
		}
	}
	reason, _ = mask.Text(reason)
	chosen := attendance{routing.Status(status), reason, true}
	if err := routing.CheckPresence(agent.ID, chosen.status, reason); err != nil {
		return err
	}
	d.presence.mu.Lock()
	d.presence.status[agent.ID] = chosen // at once: renew, which may be under way, goes by it
	d.presence.mu.Unlock()
	p, err := d.roster.Set(ctx, agent.ID, chosen.status, reason)
	if err != nil {
		d.presence.mu.Lock()
		d.presence.renewed = time.Time{} // which says it as soon as the roster listens
		d.presence.mu.Unlock()
		return err
	}
	d.said(ctx, agent, chosen, p)
	return nil
}

// said notes that the roster has what an agent chose, and tells the others.
func (d *Desk) said(ctx context.Context, agent store.Agent, chosen attendance, p routing.Presence) {
	d.presence.mu.Lock()
	if d.presence.status[agent.ID] == chosen {
		d.presence.status[agent.ID] = attendance{status: p.Status, reason: p.Reason}
	}
	d.presence.mu.Unlock()
	d.tellPresence(ctx, agent, p)
	d.nudgeDispatch()
	if p.Status == routing.Online {
		d.came.Store(true)
	}
}

func (d *Desk) tellPresence(ctx context.Context, agent store.Agent, p routing.Presence) {
	reason := p.Reason
	if p.Status == routing.Online {
		reason = "" // what the house notes there is nobody else's business
	}
	d.bus.Signal(ctx, bus.Signal{Kind: bus.Presence, From: chat.From{Role: chat.RoleAgent, ID: agent.ID}, Name: agent.Name,
		Status: string(p.Status), Reason: reason, Until: p.RestUntil})
}

// Reasons that the house gives: an agent let one offer pass, or a second one and is away now.
const (
	missedOne  = "missed_offer"
	missedMore = "missed_offers"
)

// missed notes that an agent did not answer an offer. The second time in a row the agent is away, so that nobody waits
// for who is not looking, and is told so.
func (d *Desk) missed(ctx context.Context, agent string) {
	d.stats.Missed.Add(1)
	ctx = context.WithoutCancel(ctx)
	p, err := d.roster.Get(ctx, agent)
	if err != nil || p.Status != routing.Online {
		d.soft("note a missed offer", err)
		return
	}
	status, reason := routing.Online, missedOne
	if p.Reason == missedOne {
		status, reason = routing.Away, missedMore
	}
	d.soft("note a missed offer", d.note(ctx, agent, p.Status, status, reason))
}

// absent sets an agent away who let a customer wait through every reminder, and tells them: nobody else shall wait for them.
func (d *Desk) absent(ctx context.Context, agent string) {
	ctx = context.WithoutCancel(ctx)
	p, err := d.roster.Get(ctx, agent)
	if err == nil && (p.Status == routing.Online || p.Status == routing.Busy) {
		err = d.note(ctx, agent, p.Status, routing.Away, missedMore)
	}
	d.soft("note who is absent", err)
}

// attentive notes that an agent took something: what they missed before counts no more.
func (d *Desk) attentive(ctx context.Context, agent string) {
	p, err := d.roster.Get(ctx, agent)
	if err == nil && p.Status == routing.Online && p.Reason == missedOne {
		err = d.note(ctx, agent, p.Status, routing.Online, "")
	}
	d.soft("note who is attentive", err)
}

// note says how the house finds an agent to stand, unless they have said something else meanwhile. Whoever is gone is not
// kept there by it.
func (d *Desk) note(ctx context.Context, agent string, was, status routing.Status, reason string) error {
	p, ok, err := d.roster.Note(ctx, agent, was, status, reason)
	if err != nil || !ok {
		return err
	}
	d.presence.mu.Lock()
	if stands := d.presence.status[agent]; d.presence.sockets[agent] > 0 && !stands.unsaid {
		d.presence.status[agent] = attendance{status: p.Status, reason: p.Reason}
	}
	d.presence.mu.Unlock()
	if status != was {
		d.tellPresence(ctx, d.people().agents[agent], p)
		d.nudgeDispatch()
	}
	return nil
}

// finished notes that an agent's conversation ended or left them. A hard one is followed by a breather, where the team
// grants one.
func (d *Desk) finished(ctx context.Context, c chat.Conversation) {
	strain := plan.Strain(c, d.now())
	if strain == 0 {
		d.soft("note who is idle", d.roster.Idle(ctx, c.Agent))
		return
	}
	rest := d.people().teams[c.Team].Rest.After
	d.soft("note a hard conversation", d.roster.Finished(ctx, c.Agent, strain, rest))
	if rest <= 0 {
		return
	}
	if p, err := d.roster.Get(ctx, c.Agent); err == nil {
		d.tellPresence(ctx, d.people().agents[c.Agent], p)
	}
}

// Presence returns an agent's status, offline where it is not known.
func (d *Desk) Presence(ctx context.Context, agent string) routing.Status {
	p, err := d.roster.Get(ctx, agent)
	if err != nil {
		return routing.Offline
	}
	return p.Status
}

// there tells whether an agent is at work, and be it that they want nothing new.
func (d *Desk) there(ctx context.Context, agent string) bool {
	s := routing.Offline
	if agent != "" {
		s = d.Presence(ctx, agent)
	}
	return s == routing.Online || s == routing.Busy
}

func (d *Desk) online(ctx context.Context, agent string) bool {
	return agent != "" && d.Presence(ctx, agent) == routing.Online
}

// watchAgents keeps the leases of who is connected here, and gives back the conversations of who is gone.
func (d *Desk) watchAgents(ctx context.Context) error {
	there, err := d.lookAround(ctx)
	if err != nil {
		d.presence.mu.Lock()
		d.presence.readableSince = time.Time{}
		d.presence.mu.Unlock()
		return err
	}
	if !d.readable() {
		return nil
	}
	for _, id := range d.people().ids { // both in the order of the ids
		for len(there) > 0 && there[0].Agent < id {
			there = there[1:]
		}
		var p *routing.Presence
		if len(there) > 0 && there[0].Agent == id {
			p = &there[0]
		}
		if d.connected(id) || !plan.Gone(p, d.missing(id, p == nil), d.now()) || !d.timeToLook(id, p) {
			continue
		}
		failed := d.giveBack(ctx, id) // the store's fault; the roster has been read
		if err = errors.Join(err, failed); chat.KindOf(failed) == chat.Unavailable {
			return err
		}
	}
	return err
}

// readable is settled, of a roster that has just been read.
func (d *Desk) readable() bool {
	d.presence.mu.Lock()
	if d.presence.readableSince.IsZero() {
		d.presence.readableSince = d.now()
	}
	d.presence.mu.Unlock()
	return d.settled()
}

// connected tells whether an agent has a socket here and has not said that they are offline.
func (d *Desk) connected(agent string) bool {
	d.presence.mu.Lock()
	defer d.presence.mu.Unlock()
	return d.presence.sockets[agent] > 0 && d.presence.status[agent].status != routing.Offline
}

// missing is since when the roster knows nothing of an agent, as far as this node has seen.
func (d *Desk) missing(agent string, unknown bool) time.Time {
	d.presence.mu.Lock()
	defer d.presence.mu.Unlock()
	since, was := d.presence.unknown[agent]
	switch {
	case !unknown:
		delete(d.presence.unknown, agent)
	case !was:
		since = d.now()
		d.presence.unknown[agent] = since
	}
	return since
}

// timeToLook limits how often the conversations of an agent who stays away are looked for. Who came back and is gone
// again is looked for at once.
func (d *Desk) timeToLook(agent string, p *routing.Presence) bool {
	look := looked{at: d.now()}
	if p != nil {
		look.since = p.Since
	}
	d.presence.mu.Lock()
	defer d.presence.mu.Unlock()
	last, ok := d.presence.looked[agent]
	if ok && last.since.Equal(look.since) && look.at.Sub(last.at) < lookAgain {
		return false
	}
	d.presence.looked[agent] = look
	return true
}

// giveBack returns the conversations of an agent who is gone to the line, and ends what is offered to them, those whose customer
// waits first. What could not be given back is looked for again at once.
func (d *Desk) giveBack(ctx context.Context, agent string) (failed error) {
	defer func() {
		if failed != nil {
			d.presence.mu.Lock()
			delete(d.presence.looked, agent)
			d.presence.mu.Unlock()
		}
	}()
	held, err := d.held(ctx, agent)
	if err != nil {
		return err
	}
	for _, c := range plan.Lost(held) {
		err := d.step(ctx, c.ID, func(c chat.Conversation) chat.Command {
			if has := c.State == chat.WithAgent && c.Agent == agent; !has && (c.Offer == nil || c.Offer.Agent != agent) {
				return nil
			}
			return chat.Lose{}
		})
		if err != nil { // the others go back all the same
			failed = errors.Join(failed, fmt.Errorf("give back %s: %w", c.ID, err))
			continue
		}
		if c.State == chat.WithAgent {
			d.stats.LostAgents.Add(1)
		}
		d.log.Info("an agent is gone, the conversation is back in the line", zap.String("conversation", c.ID), zap.String("agent", agent))
	}
	return failed
}
