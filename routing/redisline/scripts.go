package redisline

import (
	"embed"

	"github.com/redis/go-redis/v9"
)

//go:embed *.lua
var lua embed.FS

// scripts are the constant programs that run on Redis. They are called by their hash, and sent once when Redis does not
// know them.
type scripts struct {
	put, claim, claimTicket, renew, release, drop, place, list, heads, mark, mend, over, prune *redis.Script
}

func readScripts() (scripts, error) {
	var s scripts
	common, err := lua.ReadFile("common.lua")
	if err != nil {
		return s, err
	}
	for name, script := range map[string]**redis.Script{
		"put": &s.put, "claim": &s.claim, "claim_ticket": &s.claimTicket, "renew": &s.renew, "release": &s.release,
		"drop": &s.drop, "place": &s.place, "list": &s.list, "heads": &s.heads,
		"mark": &s.mark, "mend": &s.mend, "over": &s.over, "prune": &s.prune,
	} {
		text, err := lua.ReadFile(name + ".lua")
		if err != nil {
			return s, err
		}
		*script = redis.NewScript(string(common) + string(text))
	}
	return s, nil
}

// keys of a team, in the order of common.lua. The braces make them one slot of a cluster.
func keys(team string) []string {
	prefix := "kohta:{" + team + "}:"
	return []string{
		prefix + "waiting", prefix + "held", prefix + "tickets",
		prefix + "holders", prefix + "holds", prefix + "dropped", prefix + "heads",
	}
}
