package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/kohta/kohta/chat"
)

// maxUnplaced bounds how many are remembered whom the line did not take. Beyond, reconcile finds them, as it does after a
// crash; those who may be in danger have as many places again.
const maxUnplaced = 1024

// unplaced are conversations that wait and do not stand in the line, because the line did not answer when they were put
// there. The zero value is ready for any number of callers at once.
type unplaced struct {
	mu     sync.Mutex
	danger map[string]bool // by conversation: whether somebody may be in danger
}

func (u *unplaced) add(c chat.Conversation) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if n := len(u.danger); n >= maxUnplaced && !(c.InDanger() && n < 2*maxUnplaced) {
		return
	}
	if u.danger == nil {
		u.danger = map[string]bool{}
	}
	u.danger[c.ID] = c.InDanger()
}

func (u *unplaced) drop(conversation string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.danger, conversation)
}

// list is who may be in danger first.
func (u *unplaced) list() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	all := make([]string, 0, len(u.danger))
	for id := range u.danger {
		all = append(all, id)
	}
	rank := func(id string) int {
		if u.danger[id] {
			return 0
		}
		return 1
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a, b)) })
	return all
}

// put stands a waiting conversation in the line. A line that stumbles is asked once more at once, then each half second by
// placeAgain. The caller holds the conversation's lock.
func (d *Desk) put(ctx context.Context, c *chat.Conversation) error {
	t := d.ticketNow(ctx, c)
	err := d.line.Put(ctx, t)
	if chat.KindOf(err) == chat.Unavailable {
		err = d.line.Put(ctx, t)
	}
	if chat.KindOf(err) == chat.Unavailable {
		d.unplaced.add(*c)
	} else {
		d.unplaced.drop(c.ID)
	}
	return err
}

// placeAgain stands those in the line whom it did not take before, until the first that it does not take now.
func (d *Desk) placeAgain(ctx context.Context) {
	for _, id := range d.unplaced.list() {
		if err := d.placeOne(ctx, id); err != nil {
			return // the line has been complained of, and reconcile will mend it at the latest
		}
	}
}

func (d *Desk) placeOne(ctx context.Context, id string) error {
	defer d.conversations.lock(id).Unlock()
	k, err := d.load(ctx, id)
	if err != nil {
		return err
	}
	if k.State != chat.Waiting {
		d.unplaced.drop(id)
		return nil
	}
	if err := d.put(ctx, &k.Conversation); err != nil {
		return err
	}
	d.lineMoved(ctx, k.Team)
	d.nudgeDispatch()
	return nil
}
