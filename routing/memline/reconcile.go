package memline

import (
	"context"
	"math"
	"slices"

	"github.com/kohta/kohta/routing"
)

// batch is how many tickets Reconcile looks at before it lets others in.
const batch = 500

// Reconcile implements routing.Line.
func (l *Line) Reconcile(ctx context.Context, slug string, read func(context.Context, func([]routing.Ticket) error) error) (routing.Repairs, error) {
	var r routing.Repairs
	if err := checked(ctx, routing.CheckTeam(slug)); err != nil {
		return r, err
	}
	l.mu.Lock()
	mark := l.turn
	l.mu.Unlock()
	wanted := routing.NewNames()
	err := read(ctx, func(tickets []routing.Ticket) error {
		if err := routing.CheckAll(slug, tickets); err != nil {
			return err
		}
		for some := range slices.Chunk(tickets, batch) {
			if err := ctx.Err(); err != nil {
				return err
			}
			for _, t := range some {
				wanted.Add(t.Conversation)
			}
			l.with(slug, func(t *team, _ int64) { t.mend(some, mark, &r) })
		}
		return nil
	})
	if err := checked(ctx, err); err != nil {
		return r, err
	}
	err = l.dropOthers(ctx, slug, wanted, mark, &r)
	return r, err
}

// mend adds what is missing and replaces what differs, unless it was put or dropped after mark.
func (t *team) mend(tickets []routing.Ticket, mark int64, r *routing.Repairs) {
	for _, ticket := range tickets {
		e := t.entries[ticket.Conversation]
		switch {
		case t.dropped[ticket.Conversation].turn > mark, e != nil && e.put > mark:
		case e == nil:
			t.set(clone(ticket))
			r.Added++
		case !routing.Equal(e.ticket, ticket):
			t.set(clone(ticket))
			r.Changed++
		}
	}
}

// dropOthers takes out what is not wanted and was not put after mark, from first to last.
func (l *Line) dropOthers(ctx context.Context, slug string, wanted *routing.Names, mark int64, r *routing.Repairs) error {
	for at, done := (key{n: math.MinInt64}), false; !done; {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.with(slug, func(t *team, _ int64) {
			var some []key
			some, done = t.all.some(at, batch)
			if len(some) > 0 {
				at = some[len(some)-1] // seen again, or gone: both are well
			}
			r.Dropped += t.outUnless(some, wanted, mark)
		})
	}
	return nil
}

func (t *team) outUnless(keys []key, wanted *routing.Names, mark int64) (out int) {
	for _, k := range keys {
		if !wanted.Has(k.name) && k.of.put <= mark {
			t.out(k.name)
			out++
		}
	}
	return out
}

// some returns up to n keys from k on, and whether those are all.
func (t *tree) some(k key, n int) (keys []key, all bool) {
	t.from(k, func(k key) bool {
		keys = append(keys, k)
		return len(keys) < n
	})
	return keys, len(keys) < n
}
