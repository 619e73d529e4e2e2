-- +goose Up

-- Visitors who are nobody any more. What stands here is never filled again, and is emptied anew when a copy of the
-- database from before the erasure was put back.
CREATE TABLE erasures (
    visitor TEXT   NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL
) /* clustered */;
