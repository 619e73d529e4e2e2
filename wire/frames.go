// Package wire is the socket protocol kohta.v1, both halves: what a frame may hold, how it is read and how it is
// written. It knows nothing of sockets. docs/protocol.md tells the protocol in prose; testdata has a golden file for
// every frame, which the Go and the TypeScript tests both read.
package wire

import (
	"time"

	"github.com/kohta/kohta/chat"
)

// Protocol is the name of the subprotocol.
const Protocol = "kohta.v1"

// Sizes in bytes, counted after any decompression, and what a hello may name at most.
const (
	MaxVisitorFrame = 16_384
	MaxAgentFrame   = 65_536
	MaxVisitorHello = 4 << 10
	MaxAgentHello   = 16 << 10
	MaxVisitorSince = 50
	MaxAgentSince   = 300
	MaxPageField    = 1000 // of a page's url, title and referrer; what is longer is cut
)

// Times of the protocol.
const (
	HelloWithin = 5 * time.Second
	Heartbeat   = 20 * time.Second
	Silence     = 30 * time.Second // nothing heard for so long: the other side is gone
	TypingFor   = 6 * time.Second
)

// Audience is who reads a frame of the server's: each sees its own events, under its own numbers.
type Audience uint8

// The audiences.
const (
	ToVisitor Audience = iota
	ToAgent
	Audiences = 2 // how many there are
)

// Type is what a frame of a client is.
type Type string

// Types of a client's frames.
const (
	Hello    Type = "hello"
	Post     Type = "post"
	Typing   Type = "typing"
	Read     Type = "read"
	Sync     Type = "sync"
	Ping     Type = "ping"
	Choose   Type = "choose"
	AskHuman Type = "ask_human"
	Submit   Type = "submit"
	Rate     Type = "rate"
	End      Type = "end"
	Page     Type = "page"
	Presence Type = "presence"
	Watch    Type = "watch"
	Unwatch  Type = "unwatch"
	Take     Type = "take"
	Accept   Type = "accept"
	Decline  Type = "decline"
	Invite   Type = "invite"
	Leave    Type = "leave"
	Note     Type = "note"
	Transfer Type = "transfer"
	Release  Type = "release"
	ToBot    Type = "to_bot"
	Resolve  Type = "resolve"
	Snooze   Type = "snooze"
)

// Frame is a client's frame, read and checked. Which fields are set goes by the type; Command is set for the types
// that write, and for those alone.
type Frame struct {
	Type         Type
	Key          string
	Conversation string // "" stands for null
	Fence        int64  // 0: none; chat.FenceNobody for a fence of 0
	Command      chat.Command
	Seq          int64  // of read; the after of sync and watch
	Status       string // of presence: online, away, busy or offline
	Reason       string // of presence; "" for none
	Page         *chat.Page
	Hello        *Greeting
}

// Greeting is what a hello says. Site, Token, Link, Language and Page are a visitor's.
type Greeting struct {
	Site     string // "" with a link alone, which says it
	Token    string // "" for a new visitor
	Link     string // the token of a link from a letter, in place of Token
	Language string // fi, sv, en, or "" for any other
	Page     *chat.Page
	Since    map[string]int64 // position by conversation
}

// View is all that a snapshot can need. Read marks are in both audiences' numbers, so that each is told its own.
type View struct {
	Conversation chat.Conversation
	Place        *int       // in the line, from 1; nil where it cannot honestly be told
	Wait         *chat.Wait // nil where it cannot honestly be told
	ReadVisitor  chat.Numbers
	ReadAgent    chat.Numbers
	VisitorName  string
	FirstSeen    time.Time
	HeadStart    *time.Duration // in the line; nil where it is not told
}

// Greeted is a visitor who said hello: recognised, or new. The token is the visitor's whole identity.
type Greeted struct {
	Visitor, Site, Token string
}

// Visited is a conversation of the past with what is told of it in short.
type Visited struct {
	Conversation chat.Conversation
	Visit        chat.Visit
}

// Seq is the event's number for an audience; 0 where it does not see the event.
func Seq(to Audience, e *chat.Event) int64 {
	if to == ToAgent {
		return e.AgentSeq
	}
	return e.VisitorSeq
}

// Head is the last number of a conversation for an audience.
func Head(to Audience, c *chat.Conversation) int64 {
	if to == ToAgent {
		return c.AgentSeq
	}
	return c.VisitorSeq
}
