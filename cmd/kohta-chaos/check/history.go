// Package check judges a chaos run: from what every client did and saw, and from what is in the desk when all is over, it
// counts what must never happen. It is pure: a history goes in, a verdict comes out.
package check

// Event is a thing that happened in a conversation, as a participant was told of it.
type Event struct {
	Seq   int64 // in the numbers of who was told
	Kind  string
	Key   string // that it was sent under; "" for what nobody sent
	Role  string // of who did it
	From  string // id of who did it
	Agent string // id of the agent that it is about
	Text  string // of a message
}

// Post is a frame that writes, from the first sending to the last answer. Times count what its sender did and saw, from 1.
type Post struct {
	Key          string
	Text         string // "" for what is no message
	Fence        int64  // that it was sent with; 0: none
	Sent         int64
	Acked        int64 // 0: never acknowledged
	Conversation string
	Seq          int64  // where the first ack says that it stands, in the sender's numbers
	Differs      bool   // a later ack said something else
	Refused      string // code of the error that was its answer; "" if it was not refused
}

// Participant is a customer or an agent.
type Participant struct {
	Name, ID string
	Agent    bool
	Posts    []Post
	// Shown is what it had on the screen at the end, by conversation, from the first position on.
	Shown map[string][]Event
	// Final is what a new connection got that asked for everything from the beginning. Customers alone: what agents
	// would get is History.Logs.
	Final map[string][]Event
	// Current are the conversations of which it must have all: a customer's own, and those an agent has.
	Current []string
	// Owns are the conversations that the desk says are this agent's.
	Owns []string
	// Strays are things it got that it should not have, in words.
	Strays []string
}

// Row is a message as the database holds it.
type Row struct {
	Conversation, Role, From, Key string
}

// History is a run, as seen from its end.
type History struct {
	Participants []Participant
	// Logs are all conversations as agents see them.
	Logs map[string][]Event
	// Rows are all messages of customers and agents in the database.
	Rows []Row
	// Missing is what the desk said is there and did not give, in words.
	Missing []string
	// Waiting are the conversations in the line at the end, while agents were there who had room.
	Waiting []string
}

// Kind is what went wrong.
type Kind string

// What must never happen. Lost: what was acknowledged, or shown, is not there, or does not reach somebody it is for. Doubled: a
// frame had effect twice, or one that was refused had. Reordered: what was sent after an ack stands before it, or two see things in
// different places. Misdelivered: somebody got what is not theirs, or not what was sent. DoubleOwned: two agents had a conversation
// at once. Starved: somebody waits, though there is an agent with room, or never got an answer to a frame.
const (
	Lost         Kind = "lost"
	Doubled      Kind = "doubled"
	Reordered    Kind = "reordered"
	Misdelivered Kind = "misdelivered"
	DoubleOwned  Kind = "double_owned"
	Starved      Kind = "starved"
)

// Counts are how often each happened.
type Counts struct {
	Lost         int `json:"lost"`
	Doubled      int `json:"doubled"`
	Reordered    int `json:"reordered"`
	Misdelivered int `json:"misdelivered"`
	DoubleOwned  int `json:"double_owned"`
	Starved      int `json:"starved"`
}

// Sum is all of them together: 0 for a run that kept every promise.
func (c Counts) Sum() int {
	return c.Lost + c.Doubled + c.Reordered + c.Misdelivered + c.DoubleOwned + c.Starved
}

// Breach is one of them, in words.
type Breach struct {
	Kind  Kind   `json:"kind"`
	Words string `json:"words"`
}

// Verdict is what Judge found. Breaches tells of the first hundred of each kind.
type Verdict struct {
	Counts   Counts
	Breaches []Breach
}
