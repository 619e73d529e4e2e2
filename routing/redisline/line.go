package redisline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kohta/kohta/routing"
)

// ticket is the part of a ticket that no script looks at.
type ticket struct {
	Also     []string `json:"also,omitempty"`
	Skills   []string `json:"skills,omitempty"`
	Language string   `json:"language,omitempty"`
	Feeling  string   `json:"feeling,omitempty"`
	Priority string   `json:"priority,omitempty"`
	Weight   int      `json:"weight,omitempty"`
	Raised   bool     `json:"raised,omitempty"`
	Prefer   string   `json:"prefer,omitempty"`
	Except   []string `json:"except,omitempty"`

	Asked routing.Asked `json:"asked,omitzero"`
}

// encode is the part of a ticket that no script looks at.
func encode(t routing.Ticket) ([]byte, error) {
	rest, err := json.Marshal(ticket{t.Also, t.Skills, t.Language, t.Feeling, t.Priority, t.Weight, t.Raised, t.Prefer, t.Except, t.AskedFor})
	if err != nil {
		return nil, fmt.Errorf("encode a ticket: %w", err)
	}
	return rest, nil
}

// valueOf is what stands in the hash of tickets behind the time at which it was put.
func valueOf(t routing.Ticket) ([]byte, error) {
	rest, err := encode(t)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, 96+len(rest))
	b = strconv.AppendInt(b, int64(t.Weighs()), 10)
	b = strconv.AppendInt(append(b, ' '), t.Since.UnixMilli(), 10)
	b = strconv.AppendInt(append(b, ' '), t.HeadStart.Milliseconds(), 10)
	b = append(append(b, ' '), t.Class()...)
	b = append(append(b, ' '), words(t.Except)...)
	return append(append(b, ' '), rest...), nil
}

// words is a list in which a script can look for ",word,".
func words(list []string) string {
	var b strings.Builder
	b.WriteByte(',')
	for _, w := range list {
		b.WriteString(routing.Word(w))
		b.WriteByte(',')
	}
	return b.String()
}

const parts = 7 // of the value in tickets

// parse reads what stands in the hash of tickets.
func parse(team, conversation, value string) (routing.Ticket, error) {
	t := routing.Ticket{Conversation: conversation, Team: team}
	part := strings.SplitN(value, " ", parts)
	if len(part) != parts {
		return t, fmt.Errorf("the ticket of %s on Redis reads %q", conversation, value)
	}
	since, err1 := strconv.ParseInt(part[2], 10, 64)
	head, err2 := strconv.ParseInt(part[3], 10, 64)
	var rest ticket
	if err := errors.Join(err1, err2, json.Unmarshal([]byte(part[parts-1]), &rest)); err != nil {
		return t, fmt.Errorf("the ticket of %s on Redis: %w", conversation, err)
	}
	t.Since, t.HeadStart = time.UnixMilli(since).UTC(), time.Duration(head)*time.Millisecond
	t.AskedFor = rest.Asked
	t.Also, t.Skills, t.Language, t.Feeling, t.Priority = rest.Also, rest.Skills, rest.Language, rest.Feeling, rest.Priority
	t.Weight, t.Raised, t.Prefer, t.Except = rest.Weight, rest.Raised, rest.Prefer, rest.Except
	return t, nil
}

// parseAll reads conversations and their values in turn.
func parseAll(team string, pairs []any) ([]routing.Ticket, error) {
	var all []routing.Ticket
	for i := 0; i+1 < len(pairs); i += 2 {
		conversation, _ := pairs[i].(string)
		value, _ := pairs[i+1].(string)
		if value == "" {
			continue // somebody took a key away; reconcile mends it
		}
		t, err := parse(team, conversation, value)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// run calls a script on a team's keys.
func (l *Line) run(ctx context.Context, script *redis.Script, team string, args ...any) *redis.Cmd {
	return script.Run(ctx, l.client, keys(team), args...)
}

// Put implements routing.Line.
func (l *Line) Put(ctx context.Context, t routing.Ticket) error {
	if err := checked(ctx, t.Check()); err != nil {
		return err
	}
	rest, err := encode(t)
	if err != nil {
		return err
	}
	return done("put into the line", l.run(ctx, l.scripts.put, t.Team, t.Conversation, t.Weighs(),
		t.Since.UnixMilli(), t.HeadStart.Milliseconds(), t.Class(), words(t.Except), rest).Err())
}

// ClaimTicket implements routing.Line.
func (l *Line) ClaimTicket(ctx context.Context, team, conversation string, by routing.Taker) (routing.Ticket, bool, error) {
	if err := checked(ctx, routing.CheckTeam(team), by.Check()); err != nil {
		return routing.Ticket{}, false, err
	}
	got, err := l.run(ctx, l.scripts.claimTicket, team, routing.Word(by.Agent), by.Free, by.For().Milliseconds(), conversation).Slice()
	return claimed(team, got, err)
}

// claimed reads the result of a claim that came to an end.
func claimed(team string, got []any, err error) (routing.Ticket, bool, error) {
	if errors.Is(err, redis.Nil) {
		return routing.Ticket{}, false, nil
	}
	if err != nil {
		return routing.Ticket{}, false, failed("claim from the line", err)
	}
	tickets, err := parseAll(team, got)
	if err != nil || len(tickets) == 0 {
		return routing.Ticket{}, false, err
	}
	return tickets[0], true, nil
}

// Renew implements routing.Line.
func (l *Line) Renew(ctx context.Context, team, conversation, agent string, lease time.Duration) (bool, error) {
	by := routing.Taker{Agent: agent, Lease: lease}
	if err := checked(ctx, routing.CheckTeam(team), by.Check()); err != nil {
		return false, err
	}
	n, err := l.run(ctx, l.scripts.renew, team, conversation, routing.Word(agent), by.For().Milliseconds()).Int()
	return n == 1, done("renew a claim", err)
}

// Release implements routing.Line.
func (l *Line) Release(ctx context.Context, team, conversation, agent string) error {
	if err := checked(ctx, routing.CheckTeam(team), routing.Taker{Agent: agent}.Check()); err != nil {
		return err
	}
	return done("release to the line", l.run(ctx, l.scripts.release, team, conversation, routing.Word(agent)).Err())
}

// Drop implements routing.Line.
func (l *Line) Drop(ctx context.Context, team, conversation string) error {
	if err := checked(ctx, routing.CheckTeam(team)); err != nil {
		return err
	}
	return done("drop from the line", l.run(ctx, l.scripts.drop, team, conversation).Err())
}

// Place implements routing.Line.
func (l *Line) Place(ctx context.Context, team, conversation string) (place, total int, err error) {
	if err := checked(ctx, routing.CheckTeam(team)); err != nil {
		return 0, 0, err
	}
	got, err := l.run(ctx, l.scripts.place, team, conversation).Int64Slice()
	if err != nil {
		return 0, 0, failed("look for a place in the line", err)
	}
	return int(got[0]), int(got[1]), nil
}

// List implements routing.Line.
func (l *Line) List(ctx context.Context, team string, limit int) (first []routing.Ticket, total int, err error) {
	if err := checked(ctx, routing.CheckTeam(team)); err != nil {
		return nil, 0, err
	}
	got, err := l.run(ctx, l.scripts.list, team, max(0, min(limit, routing.MaxList))).Slice()
	if err != nil {
		return nil, 0, failed("list the line", err)
	}
	n, _ := got[0].(int64)
	first, err = parseAll(team, got[1:])
	return first, int(n), err
}

// Heads implements routing.Line.
func (l *Line) Heads(ctx context.Context, team string, n int) ([]routing.Ticket, error) {
	if err := checked(ctx, routing.CheckTeam(team)); err != nil || n <= 0 {
		return nil, err
	}
	got, err := l.run(ctx, l.scripts.heads, team, min(n, routing.MaxList), routing.MaxList).Slice()
	if err != nil {
		return nil, failed("read the heads of the line", err)
	}
	heads, err := parseAll(team, got)
	slices.SortFunc(heads, routing.Compare)
	return heads, err
}

// pingKey is written to. No team's slug has an @.
const pingKey = "kohta:{@ping}:at"

// Ping implements routing.Line. It writes: a Redis that is full, or a replica by now, answers everything else.
func (l *Line) Ping(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return done("write to Redis", l.client.Set(ctx, pingKey, 1, time.Second).Err())
}

// Refusal says in words why a Redis that answers did not do what this error is about; empty for any other error.
func Refusal(err error) string {
	var reply redis.Error
	if !errors.As(err, &reply) || !passing(reply) {
		return ""
	}
	switch code, _, _ := strings.Cut(reply.Error(), " "); code {
	case "OOM":
		return "Redis is full and refuses writes: give it more memory, never eviction"
	case "READONLY":
		return "Redis refuses writes, for it is a replica now: give the address of its primary"
	case "LOADING":
		return "Redis is still loading what it keeps"
	case "MISCONF":
		return "Redis refuses writes, for it cannot save to its disk"
	default:
		return "Redis refuses writes: " + code
	}
}

func done(what string, err error) error {
	if err == nil {
		return nil
	}
	return failed(what, err)
}

// checked is the first reason not to begin.
func checked(ctx context.Context, errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
