package wire

import (
	"fmt"

	"github.com/kohta/kohta/chat"
)

// Code is one of the protocol's error codes.
type Code string

// The error codes.
const (
	BadFrame     Code = "bad_frame"
	TooLarge     Code = "too_large"
	Unsupported  Code = "unsupported"
	Forbidden    Code = "forbidden"
	NotFound     Code = "not_found"
	Conflict     Code = "conflict"
	IsClosed     Code = "closed"
	HelloFirst   Code = "hello_first"
	Unauthorized Code = "unauthorized"
	RateLimited  Code = "rate_limited"
	Unavailable  Code = "unavailable"
)

// Close codes of the protocol. Up to 3499 the client comes back, above it stays away.
const (
	CloseGoingAway    = 1001
	CloseTooLarge     = 1009
	CloseRestart      = 1012
	CloseDraining     = 3001
	CloseUnavailable  = 3002 // a hello could not be carried out
	CloseTooSlow      = 3008
	CloseSilent       = 3010
	CloseTooMany      = 3029 // more sockets than one visitor may have
	CloseBadFrame     = 3500
	CloseUnauthorized = 3501
	CloseRevoked      = 3503
	CloseNoSite       = 3504
)

// Error is the answer to a frame that could not be carried out. Key and Conversation are the frame's, where it had
// them. Close is the code to close the socket with after the error, 0 to leave it open.
type Error struct {
	Code         Code
	Close        int
	Key          string
	Conversation string
	RetryAfter   int // seconds
	Words        string
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Words) }

// CodeOf is the code that stands for a kind of error. What has no kind is internal and is shown as unavailable: the
// client keeps its frame and tries again.
func CodeOf(kind chat.ErrorKind) Code {
	switch kind {
	case chat.Invalid:
		return BadFrame
	case chat.NotFound:
		return NotFound
	case chat.Forbidden:
		return Forbidden
	case chat.Conflict:
		return Conflict
	case chat.IsClosed:
		return IsClosed
	default:
		return Unavailable
	}
}

// message is what an error says to a developer. It goes by the code alone, so nothing of the house can leak.
func (c Code) message() string {
	switch c {
	case BadFrame:
		return "A field is missing or wrong."
	case TooLarge:
		return "The frame is too large."
	case Unsupported:
		return "This type of frame is not known here."
	case Forbidden:
		return "You may not do this."
	case NotFound:
		return "There is nothing here by that name, or it is not yours."
	case Conflict:
		return "Things have moved on."
	case IsClosed:
		return "The conversation is over."
	case HelloFirst:
		return "The first frame is hello, within five seconds."
	case Unauthorized:
		return "The token is not good."
	case RateLimited:
		return "Too much at once. Nothing was stored; try again later."
	default:
		return "Nothing was stored. Try again in a moment."
	}
}
