package redisline

import (
	"context"
	"slices"

	"github.com/kohta/kohta/routing"
)

// batch keeps every script short: Redis serves nobody else meanwhile. Lua also bounds what one call may be given.
const batch = 500

// Reconcile implements routing.Line.
func (l *Line) Reconcile(ctx context.Context, team string, read func(context.Context, func([]routing.Ticket) error) error) (routing.Repairs, error) {
	var r routing.Repairs
	if err := checked(ctx, routing.CheckTeam(team)); err != nil {
		return r, err
	}
	mark, err := l.run(ctx, l.scripts.mark, team).Text()
	if err != nil {
		return r, failed("mark the line", err)
	}
	wanted := routing.NewNames()
	err = read(ctx, func(tickets []routing.Ticket) error {
		if err := routing.CheckAll(team, tickets); err != nil {
			return err
		}
		for some := range slices.Chunk(tickets, batch) {
			for _, t := range some {
				wanted.Add(t.Conversation)
			}
			if err := l.mend(ctx, team, mark, some, &r); err != nil {
				return err
			}
		}
		return nil
	})
	if err := checked(ctx, err); err != nil {
		return r, err
	}
	over, err := l.run(ctx, l.scripts.over, team, mark, wanted.Len()).Int()
	if err != nil {
		return r, failed("count the line", err)
	}
	if over > 0 {
		err = l.prune(ctx, team, mark, wanted, &r)
	}
	return r, err
}

func (l *Line) mend(ctx context.Context, team, mark string, tickets []routing.Ticket, r *routing.Repairs) error {
	args := make([]any, 0, 1+4*len(tickets))
	args = append(args, mark)
	for _, t := range tickets {
		of, err := valueOf(t)
		if err != nil {
			return err
		}
		args = append(args, t.Conversation, of, t.Class(), t.Score())
	}
	got, err := l.run(ctx, l.scripts.mend, team, args...).Int64Slice()
	if err != nil {
		return failed("mend the line", err)
	}
	r.Added += int(got[0])
	r.Changed += int(got[1])
	return nil
}

// prune walks over all that is in the line: what stands there all the while is seen, whatever moves meanwhile.
func (l *Line) prune(ctx context.Context, team, mark string, wanted *routing.Names, r *routing.Repairs) error {
	line := keys(team)[0]
	for cursor, first := uint64(0), true; first || cursor != 0; first = false {
		var pairs []string // member, score
		var err error
		pairs, cursor, err = l.client.ZScan(ctx, line, cursor, "", batch).Result()
		if err != nil {
			return failed("walk over the line", err)
		}
		args := []any{mark}
		for i := 0; i < len(pairs); i += 2 {
			if !wanted.Has(pairs[i]) {
				args = append(args, pairs[i])
			}
		}
		if len(args) == 1 {
			continue
		}
		n, err := l.run(ctx, l.scripts.prune, team, args...).Int()
		if err != nil {
			return failed("prune the line", err)
		}
		r.Dropped += n
	}
	return nil
}
