package routing

import (
	"context"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// How long the roster believes and remembers.
const (
	PresenceLease  = 30 * time.Second // present after the last sign of life
	PresenceMemory = time.Hour        // known in List after going offline
	StrainHalves   = time.Hour        // in which half of a strain has gone
	MaxStrain      = 10_000
)

// Status is whether an agent is there.
type Status string

// The statuses. Only who is Online is given anything; Busy and Away keep what they have.
const (
	Online  Status = "online"
	Busy    Status = "busy" // there, and wants nothing more for now
	Away    Status = "away"
	Offline Status = "offline"
)

// Ready is the reason of who says that they want the next conversation now: it ends their breather, and is not kept. Who
// comes back after a break of the network says Online, too, and rests on.
const Ready = "ready"

// Presence is what the roster knows of an agent. How many conversations they have is the store's to say.
type Presence struct {
	Agent     string
	Status    Status
	Reason    string    // in the agent's own or the house's words; empty: none was given
	Since     time.Time // since when the status holds; zero for an agent never seen
	IdleSince time.Time // the latest of coming online and of Idle; zero for an agent never seen online
	Lost      bool      // Offline because the signs of life ended, not because they said so
	Strain    int       // what hard conversations have left in them, halved each hour
	RestUntil time.Time // end of the breather; zero or past: none
}

// Roster is who is present, on any node. It may lose everything at any time: then all are offline until they show life
// again. Times go by the roster's own clock. All methods may be called at once. Errors are of kind Invalid or
// Unavailable.
type Roster interface {
	// Set says how it stands with an agent, and why, and counts as a sign of life. The same status again moves no Since.
	// Who is Online for the reason Ready rests no more.
	Set(ctx context.Context, agent string, status Status, reason string) (Presence, error)

	// Note sets status and reason on the house's behalf, if the status is still was. It is no sign of life. It does nothing,
	// and ok is false, when the status is another by now; who is Offline is not noted at all.
	Note(ctx context.Context, agent string, was, status Status, reason string) (p Presence, ok bool, err error)

	// Renew is a sign of life of all the agents who have a socket on a node, sent every 10 s. It keeps everybody as
	// they are; unknown names the agents of whom the roster does not know that they are there: they were lost
	// or the roster was emptied, and the caller must Set them again.
	Renew(ctx context.Context, agents []string) (unknown []string, err error)

	// Lose says that an agent's last connection on a node has ended. Unless a sign of life follows they are gone from now
	// on, as if their lease had just ended; one from another node, which Renew then tells that they are unknown, brings
	// them back. It does nothing for who is offline or was never seen.
	Lose(ctx context.Context, agent string) error

	// Idle says that an agent was given or finished a conversation: their idle time begins anew.
	Idle(ctx context.Context, agent string) error

	// Finished says that an agent's conversation ended: their idle time begins anew, strain is added to what is left of
	// theirs, at most MaxStrain in all, and they rest for a while from now on (0: no longer than they do already). It
	// does nothing for an agent whom the roster does not know.
	Finished(ctx context.Context, agent string, strain int, rest time.Duration) error

	// Get returns an agent's presence; an agent never seen is Offline since the zero time.
	Get(ctx context.Context, agent string) (Presence, error)

	// List returns all who are online or away, and who went offline or were lost within PresenceMemory, by id.
	List(ctx context.Context) ([]Presence, error)

	// Ping tells whether the roster can be reached.
	Ping(ctx context.Context) error
}

const maxReason = 100 // characters

// CheckPresence refuses, with an error of kind Invalid, what cannot be Set.
func CheckPresence(agent string, status Status, reason string) error {
	if agent == "" || len(agent) > maxID {
		return chat.Errorf(chat.Invalid, "who is present is an agent's id of 1 to %d bytes, not %q", maxID, agent)
	}
	if status != Online && status != Busy && status != Away && status != Offline {
		return chat.Errorf(chat.Invalid, "a status is online, busy, away or offline, not %q", status)
	}
	if !utf8.ValidString(reason) || utf8.RuneCountInString(reason) > maxReason {
		return chat.Errorf(chat.Invalid, "a reason is at most %d characters", maxReason)
	}
	for _, r := range reason {
		if unicode.IsControl(r) {
			return chat.Errorf(chat.Invalid, "a reason is one line of text, not %q", reason)
		}
	}
	return nil
}

// CheckNote refuses, with an error of kind Invalid, what the house cannot Note.
func CheckNote(agent string, was, status Status, reason string) error {
	if was == Offline || status == Offline {
		return chat.Errorf(chat.Invalid, "the house notes nothing of who is offline")
	}
	if err := CheckPresence(agent, was, ""); err != nil {
		return err
	}
	return CheckPresence(agent, status, reason)
}

// CheckFinished refuses, with an error of kind Invalid, what cannot be left of a conversation.
func CheckFinished(strain int, rest time.Duration) error {
	if strain < 0 || strain > MaxStrain {
		return chat.Errorf(chat.Invalid, "a strain is from 0 to %d, not %d", MaxStrain, strain)
	}
	if rest < 0 || rest > staff.MaxRest {
		return chat.Errorf(chat.Invalid, "a breather is from 0 to %s, not %s", staff.MaxRest, rest)
	}
	return nil
}
