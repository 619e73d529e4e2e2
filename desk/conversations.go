package desk

import (
	"context"
	"hash/maphash"
	"sync"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/desk/plan"
	"github.com/kohta/kohta/store"
)

// conversations remembers the folds that were used last, and lets one step at a time work on each. What it remembers
// may be out of date: a step that was decided on it is then refused by the store, forgotten, and decided again.
type conversations struct {
	folds *lru[string, known]
	open  *lru[seat, string]   // a visitor's open conversation, by site and visitor; "": they have none
	from  *lru[string, origin] // by visitor
	// The conversation of a visitor that this node began last, as long as it has heard of no other of theirs meanwhile: what is
	// remembered with it is all that was before.
	latest *lru[string, string]
	seed   maphash.Seed
	locks  [256]sync.Mutex
}

// origin is what a visitor's new conversation begins with.
type origin struct {
	site, language string
	fresh          bool // made by this node, and nothing was begun yet: there are no earlier visits
}

// known is a conversation with what the store would have to be asked for again.
type known struct {
	chat.Conversation
	visits []chat.Visit // earlier ones of the visitor, latest first; read before the first step on this node
	met    bool         // they were read
}

func newConversations(most int) *conversations {
	return &conversations{
		folds:  newLRU[string, known](most),
		open:   newLRU[seat, string](most),
		from:   newLRU[string, origin](most),
		latest: newLRU[string, string](most),
		seed:   maphash.MakeSeed(),
	}
}

// lock lets the caller work on a conversation alone on this node, until it unlocks what is returned. Two conversations
// may share a lock, so nobody may hold two.
func (c *conversations) lock(id string) *sync.Mutex {
	l := &c.locks[maphash.String(c.seed, id)%uint64(len(c.locks))]
	l.Lock()
	return l
}

// seat is where one conversation of a visitor may be open.
type seat struct{ site, visitor string }

func openKey(site, visitor string) seat { return seat{site, visitor} }

func (c *conversations) remember(k known) {
	c.folds.put(k.ID, k)
	if key := openKey(k.Site, k.Visitor); k.Open() {
		c.open.put(key, k.ID)
	} else if id, ok := c.open.get(key); ok && id == k.ID {
		c.open.put(key, "")
	}
}

// greet remembers of a visitor who has just been made what the store would have to be asked for at their first words.
func (c *conversations) greet(v store.Visitor) {
	c.from.put(v.ID, origin{v.Site, v.Language, true})
	c.open.put(openKey(v.Site, v.ID), "")
}

// first tells, once, whether a visitor has no earlier visits for sure.
func (c *conversations) first(visitor string) bool {
	o, ok := c.from.get(visitor)
	if !ok || !o.fresh {
		return false
	}
	o.fresh = false
	c.from.put(visitor, o)
	return true
}

func (c *conversations) forget(id string) {
	if k, ok := c.folds.get(id); ok {
		c.open.forget(openKey(k.Site, k.Visitor))
	}
	c.folds.forget(id)
}

// load returns a conversation as it is remembered or stored.
func (d *Desk) load(ctx context.Context, id string) (known, error) {
	if k, ok := d.conversations.folds.get(id); ok {
		return k, nil
	}
	c, err := d.store.Conversation(ctx, id)
	if err != nil {
		return known{}, err
	}
	k := known{Conversation: c}
	d.remember(k)
	return k, nil
}

// whose tells whose a conversation is and whether it is open, as it is remembered or stored.
func (d *Desk) whose(ctx context.Context, id string) (s seat, open bool, err error) {
	found := false
	d.conversations.folds.change(id, func(k *known) bool {
		s, open, found = seat{k.Site, k.Visitor}, k.Open(), true
		return true
	})
	if found {
		return s, open, nil
	}
	k, err := d.load(ctx, id)
	return seat{k.Site, k.Visitor}, k.Open(), err
}

// meet adds to a conversation what is known of its visitor from before. Who only looks at it does without.
func (d *Desk) meet(ctx context.Context, k known, visitor string) (known, error) {
	if k.met {
		return k, nil
	}
	visits, err := d.visits(ctx, k.Conversation, visitor)
	if err != nil {
		return known{}, err
	}
	k.visits, k.met = visits, true
	return k, nil
}

// remember keeps a fold, unless the bus has announced a later position: nothing would ever correct it. It stores first and
// checks then, so that no announcement in between is missed.
func (d *Desk) remember(k known) {
	d.conversations.remember(k)
	if pos, ok := d.heard.get(k.ID); ok && pos > k.Pos {
		d.conversations.forget(k.ID)
	}
}

// maxVisits is how many earlier visits a baton tells of.
const maxVisits = 5

// before returns the visits of who begins a conversation, if they follow from the one that they had last.
func (c *conversations) before(visitor string) (visits []chat.Visit, ok bool) {
	id, ok := c.latest.get(visitor)
	if !ok {
		return nil, false
	}
	last, ok := c.folds.get(id)
	if !ok || !last.met || last.Open() {
		return nil, false
	}
	visits = append([]chat.Visit{plan.Visit(last.Conversation)}, last.visits...)
	return visits[:min(len(visits), maxVisits)], true
}

func (d *Desk) visits(ctx context.Context, c chat.Conversation, visitor string) ([]chat.Visit, error) {
	if c.Pos == 0 && d.conversations.first(visitor) {
		return nil, nil
	}
	if c.Pos == 0 {
		if visits, ok := d.conversations.before(visitor); ok {
			return visits, nil
		}
	}
	list, _, err := d.store.LatestOf(ctx, visitor, store.Page{Limit: maxVisits + 1})
	if err != nil {
		return nil, err
	}
	var visits []chat.Visit
	for _, earlier := range list {
		if earlier.ID != c.ID && len(visits) < maxVisits && (c.Pos == 0 || !earlier.OpenedAt.After(c.OpenedAt)) {
			visits = append(visits, plan.Visit(earlier))
		}
	}
	return visits, nil
}

// origin returns what a visitor's new conversation begins with. It may be out of date, as folds may.
func (d *Desk) origin(ctx context.Context, visitor string) (origin, error) {
	if o, ok := d.conversations.from.get(visitor); ok {
		return o, nil
	}
	v, err := d.store.Visitor(ctx, visitor)
	if err == nil && v.Erased {
		err = chat.Errorf(chat.NotFound, "visitor %s was erased", visitor)
	}
	if err != nil {
		return origin{}, err
	}
	o := origin{v.Site, v.Language, false}
	d.conversations.from.put(visitor, o)
	return o, nil
}

// openOf returns the id of a visitor's open conversation, "" if there is none.
func (d *Desk) openOf(ctx context.Context, site, visitor string) (string, error) {
	if id, ok := d.conversations.open.get(openKey(site, visitor)); ok {
		return id, nil
	}
	c, err := d.store.OpenOf(ctx, site, visitor)
	switch chat.KindOf(err) {
	case "":
		return c.ID, err
	case chat.NotFound:
		return "", nil
	}
	return "", err
}
