package redisline

import (
	"embed"
	"strings"

	"github.com/redis/go-redis/v9"
)

//go:embed *.lua
var lua embed.FS

// scripts are the constant programs that run on Redis. They are called by their hash, and sent once when Redis does not
// know them.
type scripts struct {
	claim, claimBehind, claimTicket, put, renew, release, drop, place, list, heads, mark, mend, over, prune *redis.Script
}

func readScripts() (scripts, error) {
	var s scripts
	for _, of := range []struct {
		script **redis.Script
		parts  []string
	}{
		{&s.claim, []string{"claim"}},
		{&s.claimBehind, []string{"keys", "common", "claim_behind"}},
		{&s.claimTicket, []string{"keys", "common", "claim_ticket"}},
		{&s.put, []string{"keys", "common", "put"}},
		{&s.renew, []string{"keys", "common", "renew"}},
		{&s.release, []string{"keys", "common", "release"}},
		{&s.drop, []string{"keys", "common", "drop"}},
		{&s.place, []string{"keys", "place"}},
		{&s.list, []string{"keys", "common", "list"}},
		{&s.heads, []string{"keys", "common", "heads"}},
		{&s.mark, []string{"keys", "mark"}},
		{&s.mend, []string{"keys", "common", "mend"}},
		{&s.over, []string{"keys", "over"}},
		{&s.prune, []string{"keys", "common", "prune"}},
	} {
		script, err := read(of.parts...)
		if err != nil {
			return s, err
		}
		*of.script = script
	}
	return s, nil
}

// read puts a script together.
func read(parts ...string) (*redis.Script, error) {
	var text strings.Builder
	for _, part := range parts {
		b, err := lua.ReadFile(part + ".lua")
		if err != nil {
			return nil, err
		}
		text.Write(b)
	}
	return redis.NewScript(text.String()), nil
}

// keys of a team, in the order of keys.lua. The braces make them one slot of a cluster.
func keys(team string) []string {
	prefix := "kohta:{" + team + "}:"
	return []string{prefix + "line", prefix + "tickets", prefix + "holders", prefix + "book", prefix + "dropped"}
}
