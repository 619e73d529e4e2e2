package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/store"
)

// Erase makes a visitor nobody: the name and the token go, and what was said in all of their conversations; an open
// one is closed first. When it returns nil, nothing of it is left, neither in the store's files nor in this desk's
// memory, and the visitor's sockets are being closed. act goes to the audit in the same transaction as the erasure
// itself; what follows it is made up for at the next start, should the process end in between (see EraseLeftovers).
// Doing it again is no harm. Not found: there never was such a visitor.
func (d *Desk) Erase(ctx context.Context, visitor string, act store.Act) error {
	if err := d.store.EraseVisitor(ctx, visitor, act.At, act); err != nil {
		return fmt.Errorf("erase visitor: %w", err)
	}
	d.bus.Signal(ctx, bus.Signal{Kind: bus.Revoked, From: chat.From{Role: chat.RoleVisitor, ID: visitor}})
	var emptied []string
	err := empty(ctx, d.store, visitor, func(ctx context.Context, id string) error {
		emptied = append(emptied, id)
		return d.step(ctx, id, func(chat.Conversation) chat.Command { return chat.Erase{} })
	})
	d.Forget(visitor, emptied...)
	return err
}

// Forget drops what this desk remembers of a visitor and of conversations of theirs.
func (d *Desk) Forget(visitor string, conversations ...string) {
	d.pages.forget(visitor)
	d.conversations.from.forget(visitor)
	d.conversations.latest.forget(visitor)
	for _, id := range conversations {
		d.conversations.forget(id)
	}
}

// Erase is Desk.Erase on a store that no desk serves.
func Erase(ctx context.Context, s store.Store, visitor string, act store.Act) error {
	if err := s.EraseVisitor(ctx, visitor, act.At, act); err != nil {
		return fmt.Errorf("erase visitor: %w", err)
	}
	return empty(ctx, s, visitor, func(ctx context.Context, id string) error { return emptyOne(ctx, s, id, act) })
}

// EraseLeftovers erases what is there again of visitors who were erased: the database was restored from a copy of
// before, or the process ended in the middle. It is for a start, before anybody is let in. It returns whom it erased.
func EraseLeftovers(ctx context.Context, s store.Store, act store.Act) (erased []string, err error) {
	for {
		some, err := s.Leftovers(ctx, store.MaxPage)
		if err != nil || len(some) == 0 {
			return erased, err
		}
		for _, visitor := range some {
			if slices.Contains(erased, visitor) {
				return erased, fmt.Errorf("visitor %s was erased just now, and something of them is still there", visitor)
			}
			act.Object = visitor
			if err := Erase(ctx, s, visitor, act); err != nil {
				return erased, err
			}
			erased = append(erased, visitor)
		}
	}
}

// empty does with each conversation of a visitor what one does, and sees to it that the files have nothing of it left.
func empty(ctx context.Context, s store.Store, visitor string, one func(ctx context.Context, id string) error) error {
	if err := s.DropSetting(ctx, stopSetting(visitor)); err != nil {
		return fmt.Errorf("erase visitor: %w", err)
	}
	for page := (store.Page{Limit: store.MaxPage}); ; {
		list, next, err := s.LatestOf(ctx, visitor, page)
		if err != nil {
			return fmt.Errorf("erase visitor: %w", err)
		}
		for _, c := range list {
			if err := one(ctx, c.ID); err != nil {
				return fmt.Errorf("erase conversation %s: %w", c.ID, err)
			}
		}
		if next == "" {
			break
		}
		page.After = next
	}
	return s.Scrub(ctx)
}

func emptyOne(ctx context.Context, s store.Store, id string, act store.Act) error {
	at := act.At.UTC().Truncate(time.Millisecond) // as events have it, so that the fold is what the log replays to
	for range maxTries {
		c, err := s.Conversation(ctx, id)
		if err != nil {
			return err
		}
		next, events, err := chat.Decide(c, chat.Envelope{At: at, By: chat.From{Role: chat.RoleSystem}}, chat.Erase{})
		if err != nil || len(events) == 0 {
			return err
		}
		err = s.Append(ctx, store.Append{Pos: c.Pos, Next: next, Events: events, At: at})
		if !errors.Is(err, store.ErrMoved) {
			return err
		}
	}
	return chat.Errorf(chat.Unavailable, "conversation %s did not stand still", id)
}
