package bench

import (
	"fmt"
	"strconv"
	"time"
)

// talk is one conversation, as its visitor and the agent that watches it see it. The visitor's lock guards it.
type talk struct {
	id       string
	visitor  *visitor
	own      track // in the visitor's numbers
	agents   track // in the agents'
	watched  bool  // the agent has been told that it watches
	closed   bool
	asked    int // the post that the bot is to answer; -1: none
	lastPost int // the post that came last on the visitor's socket; -1: none
}

// post is one message of a visitor, by its number.
type post struct {
	sent     time.Time
	talk     *talk // set by the ack, or by the event
	acked    int64 // position, 0: not yet
	seen     int64 // where it stood on the visitor's own socket
	shown    bool  // to the agent
	answered bool
	failed   bool
	measured bool // sent while the clock ran
	watched  bool // sent when an agent was watching
}

// Keys are made so that the post is found again without a search: the visitor's number, what it is, the post's number.
const (
	keyPost = "0001"
	keyEnd  = "0002"
)

func key(visitor int, kind string, n int) string {
	return fmt.Sprintf("%08x-%s-4000-8000-%012x", visitor, kind, n)
}

// parseKey returns whose key it is, of what, and the number; ok is false for a key that bench did not make.
func parseKey(k []byte) (visitor int, kind string, n int, ok bool) {
	if len(k) != 36 {
		return 0, "", 0, false
	}
	v, err1 := strconv.ParseUint(string(k[:8]), 16, 32)
	p, err2 := strconv.ParseUint(string(k[24:]), 16, 48)
	switch string(k[9:13]) {
	case keyPost:
		kind = keyPost
	case keyEnd:
		kind = keyEnd
	default:
		return 0, "", 0, false
	}
	return int(v), kind, int(p), err1 == nil && err2 == nil
}
