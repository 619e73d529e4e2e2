package sqlstore

// table is how a table is copied: all its columns, of which the first key are its primary key; a page of its rows, by the
// key, after one; and the last key.
type table struct {
	name    string
	columns []string
	key     int
	page    string // the key that it begins after, then how many rows
	last    string
	all     string // counts the rows
}

// tables are all that an installation keeps, what others refer to first. What goose and the schema keep of themselves is
// not among them.
var tables = []table{
	{"settings", []string{"name", "value"}, 1,
		`SELECT name, value FROM settings WHERE name > $1 ORDER BY name LIMIT $2`,
		`SELECT name FROM settings ORDER BY name DESC LIMIT 1`,
		`SELECT count(*) FROM settings`},
	{"teams", []string{"team", "name", "assignment", "capacity", "first_answer_ms", "next_answer_ms", "word_ms", "offer_ms", "rules"}, 1,
		`SELECT team, name, assignment, capacity, first_answer_ms, next_answer_ms, word_ms, offer_ms, rules FROM teams WHERE team > $1 ORDER BY team LIMIT $2`,
		`SELECT team FROM teams ORDER BY team DESC LIMIT 1`,
		`SELECT count(*) FROM teams`},
	{"sites", []string{"site", "name", "origins", "team", "language", "rules"}, 1,
		`SELECT site, name, origins, team, language, rules FROM sites WHERE site > $1 ORDER BY site LIMIT $2`,
		`SELECT site FROM sites ORDER BY site DESC LIMIT 1`,
		`SELECT count(*) FROM sites`},
	{"agents", []string{"agent", "email", "folded_email", "name", "role", "password_hash", "skills", "teams", "languages", "capacity", "created_at", "disabled_at"}, 1,
		`SELECT agent, email, folded_email, name, role, password_hash, skills, teams, languages, capacity, created_at, disabled_at
			FROM agents WHERE agent > $1 ORDER BY agent LIMIT $2`,
		`SELECT agent FROM agents ORDER BY agent DESC LIMIT 1`,
		`SELECT count(*) FROM agents`},
	{"sessions", []string{"token_hash", "agent", "created_at", "seen_at", "expires_at", "address", "user_agent"}, 1,
		`SELECT token_hash, agent, created_at, seen_at, expires_at, address, user_agent FROM sessions WHERE token_hash > $1 ORDER BY token_hash LIMIT $2`,
		`SELECT token_hash FROM sessions ORDER BY token_hash DESC LIMIT 1`,
		`SELECT count(*) FROM sessions`},
	{"attempts", []string{"name", "count", "until_at"}, 1,
		`SELECT name, count, until_at FROM attempts WHERE name > $1 ORDER BY name LIMIT $2`,
		`SELECT name FROM attempts ORDER BY name DESC LIMIT 1`,
		`SELECT count(*) FROM attempts`},
	{"audit", []string{"n", "at", "actor", "address", "verb", "object", "detail", "hash"}, 1,
		`SELECT n, at, actor, address, verb, object, detail, hash FROM audit WHERE n > $1 ORDER BY n LIMIT $2`,
		`SELECT n FROM audit ORDER BY n DESC LIMIT 1`,
		`SELECT count(*) FROM audit`},
	{"visitors", []string{"visitor", "site", "token_hash", "name", "language", "created_at", "seen_at"}, 1,
		`SELECT visitor, site, token_hash, name, language, created_at, seen_at FROM visitors WHERE visitor > $1 ORDER BY visitor LIMIT $2`,
		`SELECT visitor FROM visitors ORDER BY visitor DESC LIMIT 1`,
		`SELECT count(*) FROM visitors`},
	{"erasures", []string{"visitor", "at"}, 1,
		`SELECT visitor, at FROM erasures WHERE visitor > $1 ORDER BY visitor LIMIT $2`,
		`SELECT visitor FROM erasures ORDER BY visitor DESC LIMIT 1`,
		`SELECT count(*) FROM erasures`},
	{"links", []string{"token_hash", "visitor", "conversation", "created_at", "expires_at", "revoked_at"}, 1,
		`SELECT token_hash, visitor, conversation, created_at, expires_at, revoked_at FROM links WHERE token_hash > $1 ORDER BY token_hash LIMIT $2`,
		`SELECT token_hash FROM links ORDER BY token_hash DESC LIMIT 1`,
		`SELECT count(*) FROM links`},
	{"conversations", []string{"conversation", "site", "visitor", "state", "team", "agent", "pos", "agent_seq", "visitor_seq", "opened_at", "closed_at", "due_at",
		"snapshot", "contents", "offered"}, 1,
		`SELECT conversation, site, visitor, state, team, agent, pos, agent_seq, visitor_seq, opened_at, closed_at, due_at, snapshot, contents, offered
			FROM conversations WHERE conversation > $1 ORDER BY conversation LIMIT $2`,
		`SELECT conversation FROM conversations ORDER BY conversation DESC LIMIT 1`,
		`SELECT count(*) FROM conversations`},
	{"events", []string{"conversation", "pos", "agent_seq", "visitor_seq", "at", "kind", "role", "actor", "key", "detail", "contents"}, 2,
		`SELECT conversation, pos, agent_seq, visitor_seq, at, kind, role, actor, key, detail, contents
			FROM events WHERE (conversation, pos) > ($1, $2) ORDER BY conversation, pos LIMIT $3`,
		`SELECT conversation, pos FROM events ORDER BY conversation DESC, pos DESC LIMIT 1`,
		`SELECT count(*) FROM events`},
	{"keys", []string{"sender", "key", "conversation", "seq", "at"}, 2,
		`SELECT sender, key, conversation, seq, at FROM keys WHERE (sender, key) > ($1, $2) ORDER BY sender, key LIMIT $3`,
		`SELECT sender, key FROM keys ORDER BY sender DESC, key DESC LIMIT 1`,
		`SELECT count(*) FROM keys`},
	{"read_marks", []string{"conversation", "role", "seq"}, 2,
		`SELECT conversation, role, seq FROM read_marks WHERE (conversation, role) > ($1, $2) ORDER BY conversation, role LIMIT $3`,
		`SELECT conversation, role FROM read_marks ORDER BY conversation DESC, role DESC LIMIT 1`,
		`SELECT count(*) FROM read_marks`},
	{"guests", []string{"agent", "conversation"}, 2,
		`SELECT agent, conversation FROM guests WHERE (agent, conversation) > ($1, $2) ORDER BY agent, conversation LIMIT $3`,
		`SELECT agent, conversation FROM guests ORDER BY agent DESC, conversation DESC LIMIT 1`,
		`SELECT count(*) FROM guests`},
}

// first is the key that comes before all others.
func (t table) first() []any {
	switch {
	case t.name == "audit":
		return []any{int64(0)}
	case t.name == "events":
		return []any{"", int64(0)}
	case t.key == 2:
		return []any{"", ""}
	}
	return []any{""}
}
