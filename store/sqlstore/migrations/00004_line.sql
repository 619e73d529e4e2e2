-- +goose Up

-- What teams and sites are told about their line beyond the first settings (opening hours, rings, head starts): JSON, read
-- with its row and never searched.
ALTER TABLE teams ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';
ALTER TABLE sites ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';

-- Whom a waiting conversation is held out to; empty: nobody. With the conversations that an agent has, it is what counts
-- against their capacity.
ALTER TABLE conversations ADD COLUMN offered TEXT NOT NULL DEFAULT '';
CREATE INDEX conversations_offered ON conversations (offered, conversation) WHERE offered <> '';

-- Links that were sent to customers by mail. A live one lets its holder back into the conversations of the visitor.
CREATE TABLE links (
    token_hash   TEXT   NOT NULL PRIMARY KEY,
    visitor      TEXT   NOT NULL,
    conversation TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    revoked_at   BIGINT
) /* clustered */;

CREATE INDEX links_visitor ON links (visitor);
CREATE INDEX links_expires ON links (expires_at);
