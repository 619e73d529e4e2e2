package redisline

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/routing"
)

// Claim implements routing.Line. This node remembers which classes a team's line has, so that a claim can name the sets to
// look at. The script tells when that is out of date.
func (l *Line) Claim(ctx context.Context, team string, by routing.Taker) (routing.Ticket, bool, error) {
	if err := checked(ctx, routing.CheckTeam(team), by.Check()); err != nil {
		return routing.Ticket{}, false, err
	}
	script, to, who := l.scripts.claim, keys(team)[1:4], []any{routing.Word(by.Agent), by.Free, by.For().Milliseconds()}
	var ahead []any
	for range maxTries {
		known := l.classes.of(team)
		got, err := script.Run(ctx, l.client, slices.Concat(to, known.served(by)), slices.Concat(who, []any{known.version}, ahead)...).Slice()
		switch word := first(got); {
		case err == nil && word == "unusual":
			script, to, ahead = l.scripts.claimBehind, keys(team), []any{routing.LookAhead}
		case err == nil && word == "classes" && len(got) == 3:
			l.classes.learn(team, got)
		default:
			return claimed(team, got, err)
		}
	}
	return routing.Ticket{}, false, chat.Errorf(chat.Unavailable, "the line of %s did not stand still", team)
}

// maxTries is more often than new classes come between two calls, even when a lost line is being filled again.
const maxTries = 30

func first(got []any) string {
	if len(got) == 0 {
		return ""
	}
	word, _ := got[0].(string)
	return word
}

// classes are what this node knows of the classes of each team's line.
type classes struct {
	mu     sync.Mutex
	byTeam map[string]known
}

// known are the classes of a line, by the sets of those who wait in them, and when they were so.
type known struct {
	version string
	sets    []string
	asks    []routing.Ticket
}

func (c *classes) of(team string) known {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byTeam[team]
}

const maxTeams = 10_000

// learn takes what a script says: "classes", version, classes.
func (c *classes) learn(team string, got []any) {
	var k known
	k.version, _ = got[1].(string)
	list, _ := got[2].(string)
	for class := range strings.SplitSeq(strings.TrimSuffix(list, "\n"), "\n") {
		if t, ok := routing.ParseClass(class); ok {
			t.Team = team
			k.sets, k.asks = append(k.sets, setOf(team, class)), append(k.asks, t)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byTeam == nil || len(c.byTeam) >= maxTeams {
		c.byTeam = map[string]known{}
	}
	c.byTeam[team] = k
}

// served are the sets of the classes that an agent serves.
func (k known) served(by routing.Taker) (sets []string) {
	for i, t := range k.asks {
		if by.Serves(t) {
			sets = append(sets, k.sets[i])
		}
	}
	return sets
}

// setOf is where those of a class wait.
func setOf(team, class string) string { return keys(team)[0] + ":" + class }
