package gateway

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
	"github.com/kohta/kohta/wire"
)

// lineShown is how much of a line an agent is shown.
const lineShown = 200

// lines shows agents who waits. Agents of the same teams see the same line, so it is read and encoded once for all of
// them: in full when somebody comes, and after that what has changed.
type lines struct {
	gateway *Gateway
	mu      sync.Mutex
	views   map[string]*lineView // by who sees it
}

// lineView is the line as those of the same teams see it. Its lock is held while it is read anew, so that who joins
// meanwhile gets the whole first, and the next change after it.
type lineView struct {
	mu      sync.Mutex
	agent   staff.Agent // one of those who see it
	sockets []*socket
	shown   []wire.View
	total   atomic.Int64
	version atomic.Int64
	fresh   bool // shown is what was last read; false: something has moved since
	gone    bool // nobody sees it any more, and who comes makes another
	dirty   bool // guarded by lines.mu
}

// agentSocket is what a socket has that is an agent's.
type agentSocket struct {
	id      string
	session string // hash of its token
	mu      sync.Mutex
	now     store.Agent     // as of the last look at the session
	line    *lineView       // set once, at hello
	counted bool            // the desk knows of the socket
	noted   map[string]bool // conversations whose reading stands in the audit
}

func (a *agentSocket) account() store.Agent {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

// audience names who sees the same line as an agent.
func audience(a staff.Agent) string {
	if a.Role != staff.RoleAgent {
		return "*"
	}
	return strings.Join(slices.Sorted(slices.Values(a.Teams)), " ")
}

func (l *lines) view(a staff.Agent) *lineView {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := audience(a)
	v := l.views[key]
	if v == nil {
		v = &lineView{agent: a}
		l.views[key] = v
	}
	return v
}

// locked is the view of an agent, with its lock held.
func (l *lines) locked(a staff.Agent) *lineView {
	for {
		v := l.view(a)
		if v.mu.Lock(); !v.gone {
			return v
		}
		v.mu.Unlock() // the last who saw it has just left
	}
}

// join lets welcome have the line as it is, and sends the socket every change from there on. While the line is away that is
// the line as it was last seen, so that agents come to their conversations all the same; what has changed is shown when it
// can be read.
func (l *lines) join(ctx context.Context, s *socket, welcome func(wire.Line)) error {
	v := l.locked(s.agent.account().Agent)
	defer v.mu.Unlock()
	if !v.fresh || len(v.sockets) == 0 {
		err := l.refresh(ctx, v)
		switch {
		case chat.KindOf(err) == chat.Unavailable:
			v.fresh = false
			l.again(v)
		case err != nil:
			l.forget(v)
			return err
		}
	}
	welcome(wire.Line{Waiting: v.shown, Total: int(v.total.Load()), Version: v.version.Load()})
	v.sockets = append(v.sockets, s)
	s.agent.mu.Lock()
	s.agent.line = v
	s.agent.mu.Unlock()
	return nil
}

// leave ends what join began. A line that nobody sees is forgotten.
func (l *lines) leave(s *socket) {
	s.agent.mu.Lock()
	v := s.agent.line
	s.agent.mu.Unlock()
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.sockets = slices.DeleteFunc(v.sockets, func(other *socket) bool { return other == s })
	l.forget(v)
}

// forget drops a view that nobody sees. The caller holds its lock.
func (l *lines) forget(v *lineView) {
	if len(v.sockets) > 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	v.gone = true
	delete(l.views, audience(v.agent))
}

// moved says that a team's line, or somebody in it, has changed.
func (l *lines) moved(team string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, v := range l.views {
		if team == "" || l.gateway.desk.SeesLine(v.agent, team) {
			v.dirty = true
		}
	}
}

// show reads anew what has moved, and tells who sees it what has changed.
func (l *lines) show(ctx context.Context) {
	l.mu.Lock()
	var todo []*lineView
	for _, v := range l.views {
		if v.dirty {
			v.dirty = false
			todo = append(todo, v)
		}
	}
	l.mu.Unlock()
	for _, v := range todo {
		if err := l.showOne(ctx, v); err != nil && ctx.Err() == nil {
			l.gateway.log.Warn("the line could not be read, will be tried again", zap.Error(err))
			l.again(v)
		}
	}
}

// again has a view read anew by the next show.
func (l *lines) again(v *lineView) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v.dirty = true
}

func (l *lines) showOne(ctx context.Context, v *lineView) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.fresh = false
	if len(v.sockets) == 0 { // and who was in it need not be any more, or may have been erased
		v.shown = nil
		v.total.Store(0)
		return nil
	}
	return l.refresh(ctx, v)
}

// refresh reads the line and sends the change. The caller holds the view's lock.
func (l *lines) refresh(ctx context.Context, v *lineView) error {
	ctx, cancel := context.WithTimeout(ctx, workWithin)
	defer cancel()
	shown, total, err := l.gateway.desk.Line(ctx, v.agent, lineShown)
	if err != nil {
		return err
	}
	change := changeOf(v.shown, shown)
	v.shown, v.fresh = shown, true
	if len(change.Added) == 0 && len(change.Removed) == 0 && int64(total) == v.total.Load() {
		return nil
	}
	v.total.Store(int64(total))
	change.Total, change.Version = total, v.version.Add(1)
	if len(v.sockets) == 0 {
		return nil
	}
	frame := l.gateway.buffers.text(func(b []byte) []byte { return wire.AppendLineChange(b, change) })
	for _, s := range v.sockets {
		s.send(frame)
	}
	return nil
}

// changeOf is how the line has changed: who is new or different, and who is gone. When somebody stands elsewhere than a
// client would put them (who is left in the old order, who is new behind them), the whole order is told.
func changeOf(before, now []wire.View) wire.LineChange {
	var c wire.LineChange
	old := make(map[string]int, len(before))
	for i := range before {
		old[before[i].Conversation.ID] = i
	}
	inOrder, latest, anyNew := true, -1, false
	for i := range now {
		id := now[i].Conversation.ID
		was, known := old[id]
		if !known {
			c.Added, anyNew = append(c.Added, now[i]), true
			continue
		}
		delete(old, id)
		inOrder = inOrder && !anyNew && was > latest
		latest = was
		if differs(&before[was].Conversation, &now[i].Conversation) {
			c.Added = append(c.Added, now[i])
		}
	}
	for i := range before {
		if _, gone := old[before[i].Conversation.ID]; gone {
			c.Removed = append(c.Removed, before[i].Conversation.ID)
		}
	}
	if !inOrder {
		for i := range now {
			c.Order = append(c.Order, now[i].Conversation.ID)
		}
	}
	return c
}

// differs tells whether a snapshot has to be shown anew. Places alone are no reason: they follow from the order.
func differs(was, is *chat.Conversation) bool {
	return was.AgentSeq != is.AgentSeq || was.Team != is.Team || (was.Offer == nil) != (is.Offer == nil) ||
		was.Offer != nil && *was.Offer != *is.Offer
}

// placeTold is what a waiting visitor was last told.
type placeTold struct {
	place, low, high int
	told             bool
}

func placeOf(place *int, wait *chat.Wait) placeTold {
	p := placeTold{told: true}
	if place != nil {
		p.place = *place
	}
	if wait != nil {
		p.low, p.high = wait.Low, wait.High
	}
	return p
}

// Bounds of telling places: so many visitors at once, so often. Figures that change each second are no comfort: who has
// been told a wait is told another one tellAgain later at the earliest. A wait changes though nobody moves, so it is
// looked at again in any case.
const (
	placesAtOnce = 200
	placesEvery  = time.Second
	tellAgain    = 5 * time.Second
	lookAgain    = 15 * time.Second
)

// lineMoved notes whose place in the line may be another now.
func (h *hub) lineMoved(team, conversation string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if conversation != "" {
		if t := h.topics[conversation]; t != nil {
			t.dirty = t.waiting
		}
		return
	}
	for _, t := range h.topics {
		if t.waiting && (team == "" || t.team == team) {
			t.dirty = true
		}
	}
}

// tellPlaces tells waiting visitors their place, where it is another than they were told.
func (h *hub) tellPlaces(ctx context.Context) {
	for id, visitor := range h.dirtyPlaces() {
		c, err := h.gateway.desk.Conversation(ctx, staff.AsVisitor(visitor), id)
		if err != nil || c.State != chat.Waiting {
			continue
		}
		place, wait := h.gateway.desk.Place(ctx, c)
		h.tellPlace(id, place, wait)
	}
}

// dirtyPlaces takes the next conversations whose visitors are to be told, with the visitors.
func (h *hub) dirtyPlaces() map[string]string {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.gateway.since()
	dirty := map[string]string{}
	for id, t := range h.topics {
		if len(dirty) == placesAtOnce {
			break
		}
		if t.isDue(now) {
			t.dirty, t.looked = false, now
			dirty[id] = t.visitor
		}
	}
	return dirty
}

// isDue tells whether a waiting visitor's place is to be looked at.
func (t *topic) isDue(now time.Duration) bool {
	if !t.waiting || t.place.high > 0 && now-t.toldAt < tellAgain {
		return false
	}
	return t.dirty || now-t.looked >= lookAgain
}

func (h *hub) tellPlace(id string, place *int, wait *chat.Wait) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t, told := h.topics[id], placeOf(place, wait)
	if t == nil || !t.waiting || t.place == told {
		return
	}
	t.place, t.toldAt = told, h.gateway.since()
	frame := h.gateway.buffers.text(func(b []byte) []byte { return wire.AppendPlace(b, id, place, wait) })
	for _, b := range t.subs {
		if b.socket.agent == nil && !b.socket.paused {
			b.socket.send(frame)
		}
	}
}
