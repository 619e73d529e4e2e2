package chat

import "time"

// Envelope is what every command comes with. At is the reference clock's time; ids and keys come in with it, so that
// Decide uses neither clock nor chance.
type Envelope struct {
	At       time.Time
	By       From
	Name     string // of By, as others shall see it; agents only
	Key      string // of the frame, empty for the house's own commands
	Fence    int64  // the assigned event that an agent's frame relies on; 0: none; FenceNobody: that there is none yet
	To       string // the name of the agent whom the command gives to
	Online   bool   // whether the agent is there to whom the command would bring the conversation
	Patience Patience
}

// Share is how busy an agent is when the house gives them a conversation, in hundredths of an ordinary one: what they have,
// what this one adds, and what they may have.
type Share struct{ Load, Weight, Capacity int }

// FenceNobody is the fence of who relies on nobody having been given the conversation so far.
const FenceNobody = -1

// Patience says how long people may be kept waiting before something is done about it.
type Patience struct {
	FirstAnswer time.Duration // of an agent, after the assignment
	NextAnswer  time.Duration // of an agent, after a later word of the customer
	Word        time.Duration // in the line, before the customer is told how things stand
	Offer       time.Duration // for an agent to accept
	Action      time.Duration // beyond an action's own time-outs, before it counts as failed
	Silence     time.Duration // of the customer, after an agent's answer, before they are gently asked
	Close       time.Duration // from then until the conversation is closed
	Cooldown    time.Duration // before who declined, or did not answer, is asked again
	Letter      time.Duration // for the customer to read an answer, before a letter tells of it
}

// Usual is the patience of a team that set none.
var Usual = Patience{
	FirstAnswer: 2 * time.Minute,
	NextAnswer:  5 * time.Minute,
	Word:        3 * time.Minute,
	Offer:       30 * time.Second,
	Action:      2 * time.Second,
	Silence:     15 * time.Minute,
	Close:       time.Hour,
	Cooldown:    2 * time.Minute,
	Letter:      30 * time.Second,
}

// Command is what somebody wants to be done to a conversation.
type Command interface{ command() }

// Commands of the house.
type (
	// Open begins a conversation. Team is who its people are, until somebody says otherwise; Agent is whom the customer knows
	// from before, "" if nobody.
	Open struct{ Site, Visitor, Language, Team, Agent string }
	// Say is a message of the bot.
	Say struct {
		Text     string
		Options  []Option
		Form     *Form
		Because  []Because
		Intent   string
		Language string            // to go on in; empty: as before
		Memory   Memory            // nil: as before
		Fields   map[string]string // known so far
	}
	// Remember stores the bot's memory when it says nothing.
	Remember struct{ Memory Memory }
	// Feel notes the feeling of the message whose agents' seq is Of.
	Feel struct {
		Feeling Feeling
		Of      int64
	}
	// Act says that an outside action is under way.
	Act struct{ Action Action }
	// Finish brings an action's result. It changes nothing when that action is not under way (any more).
	Finish struct{ Result ActionResult }
	// Escalate brings a person in.
	Escalate struct {
		Reason, Quote, Team string
		Skills              []string
		Because             []Because
		Baton               *Baton
		Priority            string
		Wait                *Wait     // told to the customer; nil: none can be
		Closes              time.Time // when people leave; zero: nobody knows
	}
	// Tell says something to a customer who waits or was put off, with buttons or a form.
	Tell struct {
		Text    string
		Options []Option
		Form    *Form
		Wait    *Wait
		Reason  string    // Cancelled, Nobody, Somebody, or ""
		Opens   time.Time // when people are back; zero: they are there, or nobody knows
	}
	// PutOff puts a waiting conversation off until the promise is due.
	PutOff struct{ Promise Promise }
	// Hold offers a waiting conversation to an agent, until a time to come.
	Hold struct {
		Agent, Name string
		Until       time.Time
		Share       Share
	}
	// Assign gives a waiting conversation to an agent.
	Assign struct {
		Agent, Name string
		Share       Share
	}
	// Mailed says what became of the letter about the agent's last word: it went out, or Failed for good.
	Mailed struct{ Failed bool }
	// Lose says that the agent is gone who has it, or to whom it is held out.
	Lose struct{}
	// Erase closes the conversation if it is open, and empties it of what people said and are called.
	Erase struct{}
	// Alarm tells the supervisors of a customer in danger: an agent's, or one who waits.
	Alarm struct{}
	// Overdue carries out the deadline, if it has passed. Words tell the customer how things stand: who waits, or who was
	// silent. Options are what else there is than to wait; Opens, if set, is when people are back, Closes when they leave.
	Overdue struct {
		Words   string
		Options []Option
		Wait    *Wait
		Opens   time.Time
		Closes  time.Time
		Reason  string // Nobody, Somebody, or ""
		Early   bool   // who waits and was told that nobody is there is not left to wait for the word, for somebody has come
		Read    bool   // the customer has read the agent's last word
	}
)

// Commands of customers and agents; the frames of the same names.
type (
	// Post is a message of a customer or of the owning agent.
	Post struct {
		Text string
		Page *Page // customers only
	}
	// Choose presses a button of the event whose visitor's seq is Seq.
	Choose struct {
		Seq    int64
		Option string
	}
	// Submit answers the form of the event whose visitor's seq is Seq.
	Submit struct {
		Seq    int64
		Fields map[string]string
		Reach  bool // the fields say how to reach the customer, and can be true
	}
	// AskHuman asks for a person. Decide only says whether it may be done or is done already; what follows it, with
	// reason and baton, is an Escalate.
	AskHuman struct{}
	// Rate stores the customer's rating.
	Rate struct {
		Survey  string
		Score   int
		Comment string
	}
	// End closes by the customer.
	End struct{}

	// Take makes the agent the owner, whoever was; or with Waiting, only while nobody is.
	Take struct{ Waiting bool }
	// Accept takes an offer.
	Accept struct{}
	// Decline refuses an offer.
	Decline struct{ Reason string }
	// Note is a word to colleagues.
	Note struct{ Text string }
	// Invite asks a colleague in, who sees and notes; the owner stays.
	Invite struct{ Agent, Note string }
	// Leave ends an invitation, by who was invited.
	Leave struct{}
	// Transfer passes on to a team, or to an agent of it, or both.
	Transfer struct{ Team, Agent, Note string }
	// Release gives back to the line, at the old place.
	Release struct{}
	// ToBot gives back to the bot.
	ToBot struct{}
	// Resolve closes by the agent.
	Resolve struct{}
	// Snooze puts aside until a time.
	Snooze struct {
		Until   time.Time
		Promise *Promise
	}
)

func (Tell) command()     {}
func (PutOff) command()   {}
func (Mailed) command()   {}
func (Alarm) command()    {}
func (Invite) command()   {}
func (Leave) command()    {}
func (Open) command()     {}
func (Say) command()      {}
func (Remember) command() {}
func (Feel) command()     {}
func (Act) command()      {}
func (Finish) command()   {}
func (Escalate) command() {}
func (Hold) command()     {}
func (Assign) command()   {}
func (Lose) command()     {}
func (Erase) command()    {}
func (Overdue) command()  {}
func (Post) command()     {}
func (Choose) command()   {}
func (Submit) command()   {}
func (AskHuman) command() {}
func (Rate) command()     {}
func (End) command()      {}
func (Take) command()     {}
func (Accept) command()   {}
func (Decline) command()  {}
func (Note) command()     {}
func (Transfer) command() {}
func (Release) command()  {}
func (ToBot) command()    {}
func (Resolve) command()  {}
func (Snooze) command()   {}

// Already is the error of a command whose work is done: the caller is answered with the numbers of the event that
// did it.
type Already struct{ Numbers Numbers }

func (*Already) Error() string { return "this is done already" }
