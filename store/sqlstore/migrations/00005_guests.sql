-- +goose Up

-- Which conversations of colleagues an agent is invited to.
CREATE TABLE guests (
    agent        TEXT NOT NULL,
    conversation TEXT NOT NULL,
    PRIMARY KEY (agent, conversation)
) /* clustered */;

CREATE INDEX guests_conversation ON guests (conversation);
