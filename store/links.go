package store

import (
	"context"
	"time"
)

// Link leads whoever holds its token back into the conversations of a visitor, for a time. It is sent by mail.
type Link struct {
	TokenHash    string // hex of SHA-256; the token itself is never stored
	Visitor      string
	Conversation string // that it was sent about
	CreatedAt    time.Time
	ExpiresAt    time.Time
	RevokedAt    time.Time // zero: it was not revoked
}

// Live tells whether a link leads anywhere at a time.
func (l Link) Live(at time.Time) bool { return l.RevokedAt.IsZero() && at.Before(l.ExpiresAt) }

// Links are the links of visitors. They go with the visitor (see EraseVisitor).
type Links interface {
	// PutLink stores a new link, not revoked. Conflict: there is one with this token. Not found: there is no such
	// visitor, or they were erased.
	PutLink(ctx context.Context, l Link) error

	// Link returns the link whose token has this hash, also when it has expired or was revoked.
	Link(ctx context.Context, tokenHash string) (Link, error)

	// LinksOf returns a visitor's links that are not forgotten, the latest first.
	LinksOf(ctx context.Context, visitor string) ([]Link, error)

	// DropLink removes a link that was given to nobody. One that is not there is no error.
	DropLink(ctx context.Context, tokenHash string) error

	// RevokeLinks ends the links of a visitor, in one transaction with the acts, and returns how many of them had not
	// been revoked before.
	RevokeLinks(ctx context.Context, visitor string, at time.Time, acts ...Act) (int, error)

	// ForgetLinks removes the links that expired before a time, and returns how many there were.
	ForgetLinks(ctx context.Context, before time.Time) (int, error)
}
