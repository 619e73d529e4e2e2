package routing

import (
	"context"
	"time"

	"github.com/kohta/kohta/chat"
)

// How long the roster believes and remembers.
const (
	PresenceLease  = 30 * time.Second // present after the last sign of life
	PresenceMemory = time.Hour        // known in List after going offline
)

// Status is whether an agent is there.
type Status string

// The statuses.
const (
	Online  Status = "online"
	Away    Status = "away"
	Offline Status = "offline"
)

// Presence is what the roster knows of an agent. How many conversations they have is the store's to say.
type Presence struct {
	Agent     string
	Status    Status
	Since     time.Time // since when the status holds; zero for an agent never seen
	IdleSince time.Time // the latest of coming online and of Idle; zero for an agent never seen online
	Lost      bool      // Offline because the signs of life ended, not because they said so
}

// Roster is who is present, on any node. It may lose everything at any time: then all are offline until they show life
// again. Times go by the roster's own clock. All methods may be called at once. Errors are of kind Invalid or
// Unavailable.
type Roster interface {
	// Set says how it stands with an agent and counts as a sign of life. The same status again moves no Since.
	Set(ctx context.Context, agent string, status Status) (Presence, error)

	// Renew is a sign of life of all the agents who have a socket on a node, sent every 10 s. It keeps who is online or
	// away as they are; unknown names the agents of whom the roster does not know that they are there: they were lost
	// or the roster was emptied, and the caller must Set them again.
	Renew(ctx context.Context, agents []string) (unknown []string, err error)

	// Idle says that an agent was given or finished a conversation: their idle time begins anew.
	Idle(ctx context.Context, agent string) error

	// Get returns an agent's presence; an agent never seen is Offline since the zero time.
	Get(ctx context.Context, agent string) (Presence, error)

	// List returns all who are online or away, and who went offline or were lost within PresenceMemory, by id.
	List(ctx context.Context) ([]Presence, error)

	// Ping tells whether the roster can be reached.
	Ping(ctx context.Context) error
}

// CheckPresence refuses, with an error of kind Invalid, what cannot be Set.
func CheckPresence(agent string, status Status) error {
	if agent == "" || len(agent) > maxID {
		return chat.Errorf(chat.Invalid, "who is present is an agent's id of 1 to %d bytes, not %q", maxID, agent)
	}
	if status != Online && status != Away && status != Offline {
		return chat.Errorf(chat.Invalid, "a status is online, away or offline, not %q", status)
	}
	return nil
}
