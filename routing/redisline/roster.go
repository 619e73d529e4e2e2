package redisline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/routing"
)

var _ routing.Roster = (*Roster)(nil)

// Roster implements routing.Roster, shared by any number of nodes. Every method is one script on one key, so it is atomic,
// and its leases go by Redis' clock alone.
type Roster struct {
	client                                 redis.UniversalClient
	set, note, renew, lose, finished, list *redis.Script
}

// agentsKey is the roster's one key. No team's slug has an @, so the hash tag is its own.
const agentsKey = "kohta:{@roster}:agents"

// NewRoster checks Redis as Open does and returns the roster on it. client stays the caller's to close.
func NewRoster(ctx context.Context, client redis.UniversalClient) (*Roster, error) {
	r, err := readRoster(client)
	if err != nil {
		return nil, err
	}
	return r, check(ctx, client)
}

func readRoster(client redis.UniversalClient) (*Roster, error) {
	r := &Roster{client: client}
	for name, script := range map[string]**redis.Script{
		"roster_set": &r.set, "roster_note": &r.note, "roster_renew": &r.renew, "roster_lose": &r.lose,
		"roster_finished": &r.finished, "roster_list": &r.list,
	} {
		s, err := read("roster", name)
		if err != nil {
			return nil, fmt.Errorf("read the roster's scripts: %w", err)
		}
		*script = s
	}
	return r, nil
}

func (r *Roster) run(ctx context.Context, script *redis.Script, args ...any) *redis.Cmd {
	return script.Run(ctx, r.client, []string{agentsKey}, args...)
}

// Set implements routing.Roster.
func (r *Roster) Set(ctx context.Context, agent string, status routing.Status, reason string) (routing.Presence, error) {
	if err := checked(ctx, routing.CheckPresence(agent, status, reason)); err != nil {
		return routing.Presence{}, err
	}
	got, err := r.run(ctx, r.set, agent, string(status), ms(routing.PresenceLease), ms(routing.StrainHalves), reason).Result()
	if err != nil {
		return routing.Presence{}, failed("say who is present", err)
	}
	return presence(got)
}

// Note implements routing.Roster.
func (r *Roster) Note(ctx context.Context, agent string, was, status routing.Status, reason string) (p routing.Presence, ok bool, err error) {
	if err := checked(ctx, routing.CheckNote(agent, was, status, reason)); err != nil {
		return p, false, err
	}
	got, err := r.run(ctx, r.note, agent, string(was), string(status), ms(routing.StrainHalves), reason).Slice()
	if err != nil || len(got) == 0 {
		return p, false, done("note how an agent stands", err)
	}
	p, err = presence(any(got))
	return p, err == nil, err
}

// Renew implements routing.Roster.
func (r *Roster) Renew(ctx context.Context, agents []string) (unknown []string, err error) {
	for some := range slices.Chunk(agents, batch) {
		args := []any{ms(routing.PresenceLease)}
		for _, agent := range some {
			args = append(args, agent)
		}
		got, err := r.run(ctx, r.renew, args...).StringSlice()
		if err != nil {
			return nil, failed("renew who is present", err)
		}
		unknown = append(unknown, got...)
	}
	return unknown, ctx.Err()
}

// Lose implements routing.Roster.
func (r *Roster) Lose(ctx context.Context, agent string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return done("note who is lost", r.run(ctx, r.lose, agent).Err())
}

// Idle implements routing.Roster.
func (r *Roster) Idle(ctx context.Context, agent string) error { return r.Finished(ctx, agent, 0, 0) }

// Finished implements routing.Roster.
func (r *Roster) Finished(ctx context.Context, agent string, strain int, rest time.Duration) error {
	if err := checked(ctx, routing.CheckFinished(strain, rest)); err != nil {
		return err
	}
	return done("note what an agent finished",
		r.run(ctx, r.finished, agent, strain, routing.MaxStrain, ms(routing.StrainHalves), ms(rest)).Err())
}

// Get implements routing.Roster.
func (r *Roster) Get(ctx context.Context, agent string) (routing.Presence, error) {
	all, err := r.read(ctx, agent)
	if err != nil || len(all) == 0 {
		return routing.Presence{Agent: agent, Status: routing.Offline}, err
	}
	return all[0], nil
}

// List implements routing.Roster.
func (r *Roster) List(ctx context.Context) ([]routing.Presence, error) {
	all, err := r.read(ctx)
	slices.SortFunc(all, func(a, b routing.Presence) int { return strings.Compare(a.Agent, b.Agent) })
	return all, err
}

func (r *Roster) read(ctx context.Context, agent ...any) ([]routing.Presence, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	got, err := r.run(ctx, r.list, append([]any{ms(routing.StrainHalves), ms(routing.PresenceMemory)}, agent...)...).Slice()
	if err != nil {
		return nil, failed("read who is present", err)
	}
	var all []routing.Presence
	for _, row := range got {
		p, err := presence(row)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Ping implements routing.Roster.
func (r *Roster) Ping(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return done("ping Redis", r.client.Ping(ctx).Err())
}

// presence reads what told in roster.lua returns.
func presence(row any) (p routing.Presence, err error) {
	list, _ := row.([]any)
	if len(list) != 8 {
		return p, fmt.Errorf("presence on Redis reads %v", row)
	}
	text := func(i int) string { s, _ := list[i].(string); return s }
	number := func(i int) int64 { n, _ := list[i].(int64); return n }
	return routing.Presence{
		Agent: text(0), Status: routing.Status(text(1)), Since: when(number(2)), IdleSince: when(number(3)),
		Lost: number(4) == 1, Strain: int(number(5)), RestUntil: when(number(6)), Reason: text(7),
	}, nil
}

// when is a time of milliseconds; 0 is the zero time.
func when(millis int64) time.Time {
	if millis == 0 {
		return time.Time{}
	}
	return time.UnixMilli(millis).UTC()
}

func ms(d time.Duration) int64 { return d.Milliseconds() }
