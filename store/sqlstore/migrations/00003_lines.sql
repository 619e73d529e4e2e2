-- +goose Up

-- The last lines of a conversation are read from its log, and so is the order of commits: a message then changes half as
-- many pages.
DROP INDEX conversations_changed;
ALTER TABLE conversations DROP COLUMN changed;
ALTER TABLE conversations DROP COLUMN lines;
