-- +goose Up

-- A conversation is a log and its fold. What a query looks for stands in columns; the fold itself is JSON, what people
-- said or are called (contents and lines) apart from the rest, so that erasure can empty it. Large columns come last.
CREATE TABLE conversations (
    conversation TEXT   NOT NULL PRIMARY KEY,
    site         TEXT   NOT NULL,
    visitor      TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    team         TEXT   NOT NULL,
    agent        TEXT   NOT NULL,
    pos          BIGINT NOT NULL,
    agent_seq    BIGINT NOT NULL,
    visitor_seq  BIGINT NOT NULL,
    changed      BIGINT NOT NULL, -- counts appends over all conversations
    opened_at    BIGINT NOT NULL,
    closed_at    BIGINT,
    due_at       BIGINT,
    snapshot     TEXT   NOT NULL,
    contents     TEXT   NOT NULL,
    lines        TEXT   NOT NULL  -- the last things said: number,time,length:role,length:intent,length:text,
);

CREATE UNIQUE INDEX conversations_open ON conversations (site, visitor) WHERE state <> 'closed';
CREATE INDEX conversations_waiting ON conversations (conversation) WHERE state = 'waiting';
CREATE INDEX conversations_owned ON conversations (agent, conversation) WHERE state IN ('agent', 'snoozed');
CREATE INDEX conversations_due ON conversations (due_at, conversation) WHERE due_at IS NOT NULL;
CREATE INDEX conversations_visitor ON conversations (visitor, opened_at, conversation);
CREATE INDEX conversations_changed ON conversations (changed);

-- The logs. A number is 0 for an audience that does not see the event. No number is above pos, so the primary key
-- serves reads by any of the three. The table is not laid out by its key: rows are large and always new, and a commit
-- of many conversations writes half as much when they stand in the order of their coming.
CREATE TABLE events (
    conversation TEXT   NOT NULL,
    pos          BIGINT NOT NULL,
    agent_seq    BIGINT NOT NULL,
    visitor_seq  BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    kind         TEXT   NOT NULL,
    role         TEXT   NOT NULL,
    actor        TEXT   NOT NULL,
    key          TEXT   NOT NULL,
    detail       TEXT   NOT NULL,
    contents     TEXT   NOT NULL,
    PRIMARY KEY (conversation, pos)
);

-- Every frame that was answered, and its ack.
CREATE TABLE keys (
    sender       TEXT   NOT NULL,
    key          TEXT   NOT NULL,
    conversation TEXT   NOT NULL,
    seq          BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (sender, key)
) /* clustered */;

CREATE TABLE read_marks (
    conversation TEXT   NOT NULL,
    role         TEXT   NOT NULL,
    seq          BIGINT NOT NULL,
    PRIMARY KEY (conversation, role)
) /* clustered */;

CREATE TABLE visitors (
    visitor    TEXT   NOT NULL PRIMARY KEY,
    site       TEXT   NOT NULL,
    token_hash TEXT   NOT NULL UNIQUE,
    name       TEXT   NOT NULL,
    language   TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
) /* clustered */;

-- Lists are JSON: they are read with their row and never searched.
CREATE TABLE agents (
    agent         TEXT   NOT NULL PRIMARY KEY,
    email         TEXT   NOT NULL,
    folded_email  TEXT   NOT NULL UNIQUE,
    name          TEXT   NOT NULL,
    role          TEXT   NOT NULL,
    password_hash TEXT   NOT NULL,
    skills        TEXT   NOT NULL,
    teams         TEXT   NOT NULL,
    languages     TEXT   NOT NULL,
    capacity      BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    disabled_at   BIGINT
);

CREATE TABLE teams (
    team       TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    assignment TEXT   NOT NULL,
    capacity   BIGINT NOT NULL,
    first_answer_ms BIGINT NOT NULL,
    next_answer_ms  BIGINT NOT NULL,
    word_ms         BIGINT NOT NULL,
    offer_ms        BIGINT NOT NULL
);

CREATE TABLE sites (
    site     TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    origins  TEXT NOT NULL,
    team     TEXT NOT NULL,
    language TEXT NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    agent      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address    TEXT   NOT NULL,
    user_agent TEXT   NOT NULL
) /* clustered */;

CREATE INDEX sessions_agent ON sessions (agent);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE attempts (
    name     TEXT   NOT NULL PRIMARY KEY,
    count    BIGINT NOT NULL,
    until_at BIGINT NOT NULL
) /* clustered */;

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL -- base64
) /* clustered */;

-- Rows are only ever added.
CREATE TABLE audit (
    n       BIGINT NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT   NOT NULL,
    address TEXT   NOT NULL,
    verb    TEXT   NOT NULL,
    object  TEXT   NOT NULL,
    detail  TEXT   NOT NULL,
    hash    TEXT   NOT NULL
) /* clustered */;
