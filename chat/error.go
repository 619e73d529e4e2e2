// Package chat is the domain: a conversation is a log of events and the fold of them. Decide says which events a
// command makes, Apply folds an event in; both are pure. The package knows nothing of sockets, stores or clocks.
package chat

import (
	"errors"
	"fmt"
)

// ErrorKind is how an error is answered, whatever its words.
type ErrorKind string

// The kinds of error. What has none of them is internal, and is shown as such.
const (
	Invalid     ErrorKind = "invalid"     // the request itself is wrong; the same again will fail again
	NotFound    ErrorKind = "not_found"   // is not there, or is not yours
	Forbidden   ErrorKind = "forbidden"   // may be seen but not done
	Conflict    ErrorKind = "conflict"    // things have moved on
	IsClosed    ErrorKind = "closed"      // the conversation is over
	Unavailable ErrorKind = "unavailable" // nothing was stored; the same again may succeed
)

// Error is an error of a kind. Words are for logs, never for the wire.
type Error struct {
	Kind  ErrorKind
	Words string
}

func (e *Error) Error() string { return e.Words }

// Errorf makes an error of a kind. It does not wrap: for an error below, use fmt.Errorf with %w around one of these.
func Errorf(kind ErrorKind, format string, args ...any) error {
	return &Error{Kind: kind, Words: fmt.Sprintf(format, args...)}
}

// KindOf returns the kind of the first Error in err's chain, or "" if there is none.
func KindOf(err error) ErrorKind {
	if err == nil { // as it is nearly always
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
