-- +goose Up

-- The oldest program that may work on this database, by the schema that it knows. A migration that an older program does
-- not survive raises it; one that only adds leaves it, so that nodes of two versions work side by side during an update.
-- While another database is being copied into this one, copying says which; nobody else may work on it then.
CREATE TABLE compatibility (
    oldest  BIGINT NOT NULL,
    copying TEXT   NOT NULL
);
INSERT INTO compatibility (oldest, copying) VALUES (6, '');

-- Where several programs write at once, an event's place in the order of commits: its transaction, and its number in it.
-- postgres: ALTER TABLE events ADD COLUMN place BIGINT NOT NULL;
-- postgres: CREATE UNIQUE INDEX events_place ON events (place);

-- A fold is written anew with each message, in the page where it stands as long as there is room.
-- postgres: ALTER TABLE conversations SET (fillfactor = 50);
