package store

import (
	"context"
	"time"

	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/staff"
)

// Visitor is a customer as one site knows them. It belongs to that site for good.
type Visitor struct {
	ID        string
	Site      string
	TokenHash string // hex of SHA-256; the token itself is never stored
	Name      string
	Language  string
	CreatedAt time.Time
	SeenAt    time.Time
	Erased    bool // by EraseVisitor, which alone sets it
}

// Recent is a conversation that a visitor comes back to, without its Lines, with how far each side has read it.
type Recent struct {
	chat.Conversation
	Read  Marks
	Shown int64 // Read.Agent in the visitor's numbers: the last event that both see and the agents have read
}

// Visitors are the customers.
type Visitors interface {
	// PutVisitor stores a visitor, or what is new about one who is there: token, name, language and a later SeenAt.
	// Site and CreatedAt stay as they were. It shares its commit with the appends. Conflict: the token is another's.
	// Not found: the visitor was erased.
	PutVisitor(ctx context.Context, v Visitor) error

	// Visitor returns a visitor by id.
	Visitor(ctx context.Context, id string) (Visitor, error)

	// VisitorByToken returns the visitor whose token has this hash, or a link of theirs that is live now, and at most
	// two of their conversations, latest opened first: in one read, for ten thousand may come back at once.
	VisitorByToken(ctx context.Context, tokenHash string, now time.Time) (Visitor, []Recent, error)

	// TouchVisitor says that a visitor was seen. SeenAt never goes back; a visitor who is not there is no error.
	TouchVisitor(ctx context.Context, id string, seen time.Time) error

	// EraseVisitor makes a visitor nobody, in one transaction with the acts: name, token and links go for good, and no
	// new conversation can begin. The id, the site, the language and the times stay. What was said goes with the erased
	// events of the conversations (see Append), which are the caller's to append. Doing it again changes nothing but
	// for the acts. Not found: there never was such a visitor.
	EraseVisitor(ctx context.Context, id string, at time.Time, acts ...Act) error

	// Erasures lists the visitors who were erased, by id, with the cursor of the next part: empty at the end.
	Erasures(ctx context.Context, page Page) ([]string, string, error)

	// Leftovers lists some of the visitors who stand in the list of erasures and of whom there is something again, at
	// most limit (1 to MaxPage).
	Leftovers(ctx context.Context, limit int) ([]string, error)

	// Scrub returns when what was erased so far can no longer be read out of the store's files either; of a database
	// server's files, which are not the store's, it does what a client can have done there. Kind
	// unavailable: somebody read for so long that it could not be seen to; what is erased stays so, and Scrub may be
	// called again.
	Scrub(ctx context.Context) error
}

// Agent is a person who answers, with what only the store knows. PasswordHash leaves the store only here, and never
// goes out in JSON. E-mail addresses are unique when case and surrounding space are set aside. Disabled follows
// DisabledAt, whatever it is put as.
type Agent struct {
	staff.Agent
	PasswordHash string     `json:"-"`
	Capacity     int        `json:"capacity,omitempty"` // how many conversations at once; 0: as the team says
	CreatedAt    time.Time  `json:"created_at"`
	DisabledAt   *time.Time `json:"disabled_at,omitempty"`
}

// IsDisabled tells whether the agent may not come in any more, also of one who was made and not read from a store.
func (a Agent) IsDisabled() bool { return a.Disabled || a.DisabledAt != nil }

// Staff are the people who answer and what they are organised in. Each Put stores the acts that it is given in the
// same transaction.
type Staff interface {
	// PutAgent stores an agent, whole, by id. Conflict: the e-mail address is another's.
	PutAgent(ctx context.Context, a Agent, acts ...Act) error

	// Agent returns an agent by id, disabled ones too.
	Agent(ctx context.Context, id string) (Agent, error)

	// AgentByEmail returns an agent by e-mail address, whatever its case, disabled ones too.
	AgentByEmail(ctx context.Context, email string) (Agent, error)

	// Agents returns all of them by name, disabled ones too.
	Agents(ctx context.Context) ([]Agent, error)

	// PutTeam stores a team, whole, by slug.
	PutTeam(ctx context.Context, t staff.Team, acts ...Act) error

	// Team returns a team by slug.
	Team(ctx context.Context, slug string) (staff.Team, error)

	// Teams returns all of them by slug.
	Teams(ctx context.Context) ([]staff.Team, error)

	// PutSite stores a site, whole, by slug.
	PutSite(ctx context.Context, s staff.Site, acts ...Act) error

	// Site returns a site by slug.
	Site(ctx context.Context, slug string) (staff.Site, error)

	// Sites returns all of them by slug.
	Sites(ctx context.Context) ([]staff.Site, error)
}

// Session is an agent's signed-in browser.
type Session struct {
	TokenHash string // hex of SHA-256
	Agent     string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	Address   string
	UserAgent string
}

// SignedIn is a session with whose it is.
type SignedIn struct {
	Session Session
	Agent   Agent
}

// Sessions are the agents' sessions, and the count of their attempts to sign in.
type Sessions interface {
	// PutSession stores a new session. Conflict: there is one with this token.
	PutSession(ctx context.Context, s Session, acts ...Act) error

	// Session returns the session whose token has this hash, also when it has expired: who asks has the clock.
	Session(ctx context.Context, tokenHash string) (Session, error)

	// SessionsOf returns an agent's sessions, the latest first.
	SessionsOf(ctx context.Context, agent string) ([]Session, error)

	// SignedIn returns those sessions that are there of the tokens with these hashes, each with its agent as of now, in no
	// order; expired ones and those of disabled agents, too. It costs a few reads, however many there are.
	SignedIn(ctx context.Context, tokenHashes []string) ([]SignedIn, error)

	// TouchSession says that a session was used and until when it holds now. One that is not there stays so: not
	// found.
	TouchSession(ctx context.Context, tokenHash string, seen, expires time.Time) error

	// AnySessionUsed tells whether any agent's session was used last at a time from one time on and before another.
	AnySessionUsed(ctx context.Context, from, before time.Time) (bool, error)

	// EndSession removes a session. One that is not there is no error.
	EndSession(ctx context.Context, tokenHash string, acts ...Act) error

	// EndSessionsOf removes all sessions of an agent but the one with the token hash except (empty: all), and returns
	// how many there were.
	EndSessionsOf(ctx context.Context, agent, except string, acts ...Act) (int, error)

	// ForgetSessions removes the sessions that expired, and the counts of attempts whose window ended, before a time.
	// It returns how many sessions there were.
	ForgetSessions(ctx context.Context, before time.Time) (int, error)

	// Attempt counts one attempt under a name (an account, an address) and returns how many there were within the
	// window that the first of them opened, this one included, and when that window ends. It counts before anything
	// is evaluated: of many at once, each gets a number of its own.
	Attempt(ctx context.Context, name string, now time.Time, window time.Duration) (count int, until time.Time, err error)

	// ForgetAttempts clears the count of a name.
	ForgetAttempts(ctx context.Context, name string) error
}

// Settings are small values by name: secrets, versions, choices.
type Settings interface {
	// Setting returns a value by name.
	Setting(ctx context.Context, name string) ([]byte, error)

	// PutSetting stores a value.
	PutSetting(ctx context.Context, name string, value []byte, acts ...Act) error

	// DropSetting removes a value. One that is not there is no error.
	DropSetting(ctx context.Context, name string) error

	// SettingOrPut stores a value if there is none yet, and returns the one that stands: all who ask at once get the
	// same.
	SettingOrPut(ctx context.Context, name string, value []byte) ([]byte, error)
}
