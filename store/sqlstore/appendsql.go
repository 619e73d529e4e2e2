package sqlstore

// The two statements store steps whose conditions hold, all of each or nothing, and return their conversations. The
// conditions are those of step.write: no key is known, the conversation stands where it should, the visitor has no other
// open one and was not erased, the agent holds as many as the step was decided on.
//
// All parts see the database as it was when the statement began, but for the rows that they lock: of those the newest. A
// key or an open conversation that somebody else stores meanwhile is an error of its unique index.
//
// The lists are as long as the batch, which the server does not know when it plans. What is written as "(… IN (SELECT …))
// IS TRUE" it looks up in a hash table whatever it believes; as a join it would go through one list for each row of the
// other.
const (
	appendMessages = steps + possibleSteps + storedSteps + `SELECT conversation FROM stored`
	appendSteps    = steps + possibleSteps + ofAgents + storedSteps + follow + `SELECT conversation FROM stored`

	steps = `WITH
key AS MATERIALIZED (
	SELECT * FROM unnest($20::text[], $21::text[], $22::text[], $23::text[], $24::bigint[], $25::bigint[])
	AS k (of_conversation, sender, key, conversation, seq, at)
),
possible AS MATERIALIZED (
	SELECT * FROM unnest($1::text[], $2::bigint[], $3::boolean[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
		$10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::text[], $17::text[], $18::text[], $19::bigint[])
	AS s (conversation, pos, bare, site, visitor, state, team, agent, offered,
		next, agent_seq, visitor_seq, opened_at, closed_at, due_at, snapshot, contents, holder, held)
`

	possibleSteps = `	WHERE (s.conversation IN (SELECT k.of_conversation FROM key AS k JOIN keys AS known ON known.sender = k.sender AND known.key = k.key)) IS NOT TRUE
`

	ofAgents = `	AND (s.holder = '' OR s.held = (SELECT count(*) FROM conversations AS c WHERE c.agent = s.holder AND c.state IN ('agent', 'snoozed') AND c.state = 'agent')
		+ (SELECT count(*) FROM conversations AS c WHERE c.offered <> '' AND c.offered = s.holder))
`

	storedSteps = `),
begun AS (
	INSERT INTO conversations (conversation, site, visitor, state, team, agent, offered, pos, agent_seq, visitor_seq,
		opened_at, closed_at, due_at, snapshot, contents)
	SELECT conversation, site, visitor, state, team, agent, offered, next, agent_seq, visitor_seq, opened_at, closed_at, due_at, snapshot, contents
	FROM possible AS s
	WHERE s.pos = 0 AND NOT EXISTS (SELECT 1 FROM erasures AS e WHERE e.visitor = s.visitor)
	ORDER BY site, visitor, conversation
	ON CONFLICT DO NOTHING RETURNING conversation
),
stands AS MATERIALIZED (
	SELECT c.conversation, s.bare FROM possible AS s JOIN conversations AS c ON c.conversation = s.conversation AND c.pos = s.pos
	WHERE s.pos > 0 AND (s.bare OR s.state = 'closed' OR c.state <> 'closed' OR NOT EXISTS (SELECT 1 FROM conversations AS other
		WHERE other.site = s.site AND other.visitor = s.visitor AND other.state <> 'closed' AND other.conversation <> s.conversation))
	ORDER BY c.conversation FOR NO KEY UPDATE OF c
),
went_on AS (
	UPDATE conversations AS c SET pos = s.next, agent_seq = s.agent_seq, visitor_seq = s.visitor_seq, team = s.team, closed_at = s.closed_at,
		due_at = s.due_at, snapshot = s.snapshot, contents = s.contents, state = s.state, agent = s.agent, offered = s.offered
	FROM possible AS s
	WHERE c.conversation = s.conversation AND c.pos = s.pos AND (s.conversation IN (SELECT conversation FROM stands WHERE NOT bare)) IS TRUE
	RETURNING c.conversation
),
stored AS MATERIALIZED (
	SELECT conversation FROM begun UNION ALL SELECT conversation FROM went_on UNION ALL SELECT conversation FROM stands WHERE bare
),
put_keys AS (
	INSERT INTO keys (sender, key, conversation, seq, at)
	SELECT k.sender, k.key, k.conversation, k.seq, k.at FROM key AS k WHERE (k.of_conversation IN (SELECT conversation FROM stored)) IS TRUE
	ORDER BY k.sender, k.key
),
put_events AS (
	INSERT INTO events (conversation, pos, agent_seq, visitor_seq, at, kind, role, actor, key, detail, contents, place)
	SELECT e.conversation, e.pos, e.agent_seq, e.visitor_seq, e.at, e.kind, e.role, e.actor, e.key, e.detail, e.contents,
		(SELECT pg_current_xact_id()::text::bigint << 20) + e.n
	FROM unnest($26::text[], $27::bigint[], $28::bigint[], $29::bigint[], $30::bigint[], $31::text[], $32::text[], $33::text[], $34::text[], $35::text[], $36::text[])
		WITH ORDINALITY AS e (conversation, pos, agent_seq, visitor_seq, at, kind, role, actor, key, detail, contents, n)
	WHERE (e.conversation IN (SELECT conversation FROM stored)) IS TRUE
)
`

	follow = `, emptied AS (
	UPDATE events SET contents = '' FROM unnest($37::text[], $38::bigint[]) AS e (conversation, pos)
	WHERE events.conversation = e.conversation AND events.pos < e.pos AND events.contents <> '' AND (e.conversation IN (SELECT conversation FROM stored)) IS TRUE
),
gone_guests AS (
	DELETE FROM guests USING unnest($39::text[], $40::text[]) AS g (conversation, agent)
	WHERE guests.conversation = g.conversation AND (g.agent = '*' OR guests.agent = g.agent) AND (g.conversation IN (SELECT conversation FROM stored)) IS TRUE
		AND NOT EXISTS (SELECT 1 FROM unnest($41::text[], $42::text[]) AS i (conversation, agent)
			WHERE i.conversation = guests.conversation AND i.agent = guests.agent)
),
new_guests AS (
	INSERT INTO guests (agent, conversation)
	SELECT g.agent, g.conversation FROM unnest($41::text[], $42::text[]) AS g (conversation, agent) WHERE (g.conversation IN (SELECT conversation FROM stored)) IS TRUE
	ON CONFLICT DO NOTHING
)
`
)
