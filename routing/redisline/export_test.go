package redisline

// Keys are a team's, as the scripts get them.
func Keys(team string) []string { return keys(team) }

// AgentsKey is the roster's.
const AgentsKey = agentsKey
