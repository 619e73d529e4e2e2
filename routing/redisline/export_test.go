package redisline

import "strings"

// Keys are a team's, as the scripts get them.
func Keys(team string) []string { return keys(team) }

// Text is a script put together of its parts.
func Text(parts ...string) string {
	var text strings.Builder
	for _, part := range parts {
		b, err := lua.ReadFile(part + ".lua")
		if err != nil {
			panic(err)
		}
		text.Write(b)
	}
	return text.String()
}
