package desk

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/kohta/kohta/bus"
	"github.com/kohta/kohta/chat"
	"github.com/kohta/kohta/outbound/mail"
	"github.com/kohta/kohta/staff"
	"github.com/kohta/kohta/store"
)

// Letters sends mail to customers. An error of the kind invalid will not pass; of any other, the same letter may be
// tried again. See mail.Sender.
type Letters interface {
	Send(ctx context.Context, l mail.Letter) error
}

// Bounds of letters, so that nobody can be flooded through the desk, and of links.
const (
	linkLife      = 14 * 24 * time.Hour
	linkRemember  = 30 * 24 * time.Hour // after it ended, so that who stopped letters is not written to again
	letterEvery   = 10 * time.Minute    // at most one about a conversation
	lettersADay   = 5                   // to a visitor
	lettersAnHour = 20                  // to an address, whoever gave it
	letterWithin  = 30 * time.Second    // of one try
)

// CanMail tells whether customers can be promised a letter.
func (d *Desk) CanMail() bool { return d.letters != nil }

// mail tries to send the letter that a conversation waits for, and notes when it went out, or never will. Whatever else
// happens, it is tried again at the letter's next deadline: also when this process ends in the middle. A second letter
// to the same customer within a short time waits for that deadline, too.
func (d *Desk) mail(ctx context.Context, conversation string) {
	ctx, cancel := context.WithTimeout(ctx, letterWithin)
	defer cancel()
	k, err := d.load(ctx, conversation)
	if err == nil && k.Letter != nil {
		err = d.mailOf(ctx, k.Conversation)
	}
	if err != nil {
		d.log.Warn("a letter will be tried again", zap.String("conversation", conversation), zap.Error(err))
	}
}

func (d *Desk) mailOf(ctx context.Context, c chat.Conversation) error {
	told, err := d.word(ctx, c)
	if err != nil {
		return err
	}
	if read, err := d.reads(ctx, c.ID, told); err != nil || read {
		return err // which the deadline notes
	}
	to := ""
	if c.Contact != nil {
		to = strings.TrimSpace(c.Contact.Email)
	}
	if !d.CanMail() || !mail.Deliverable(to) {
		return d.mailed(ctx, c, true)
	}
	links, err := d.store.LinksOf(ctx, c.Visitor)
	if err != nil {
		return err
	}
	if stopped, err := d.stopped(ctx, c, links); err != nil {
		return err
	} else if stopped {
		return d.mailed(ctx, c, true)
	}
	if wait, err := d.tooMany(ctx, c, to, links); err != nil || wait {
		d.stats.LettersHeld.Add(1)
		return err
	}
	token, link, err := d.makeLink(ctx, c)
	if err != nil {
		return err
	}
	err = d.letters.Send(ctx, d.letter(ctx, c, told, to, token, link))
	after := context.WithoutCancel(ctx)
	if err != nil && !mail.Unsure(err) { // nobody has the link
		d.soft("drop a link that nobody got", d.store.DropLink(after, link.TokenHash))
	}
	if err != nil && chat.KindOf(err) != chat.Invalid {
		d.stats.LettersHeld.Add(1)
		return err
	}
	return d.mailed(after, c, err != nil)
}

// mailed notes what became of a letter, unless a newer word has made it old meanwhile: that has a letter of its own.
func (d *Desk) mailed(ctx context.Context, c chat.Conversation, failed bool) error {
	if failed {
		d.stats.LettersFailed.Add(1)
	} else {
		d.stats.Letters.Add(1)
	}
	return d.step(ctx, c.ID, func(now chat.Conversation) chat.Command {
		if now.Letter != nil && now.Letter.Of != c.Letter.Of {
			return nil
		}
		return chat.Mailed{Failed: failed}
	})
}

// word is the agent's word that a conversation's letter tells of.
func (d *Desk) word(ctx context.Context, c chat.Conversation) (chat.Event, error) {
	list, err := d.store.EventsAfter(ctx, c.ID, store.ForLog, c.Letter.Of-1, 1)
	if err == nil && len(list) == 0 {
		err = chat.Errorf(chat.NotFound, "there is no word that the letter could tell of")
	}
	if err != nil {
		return chat.Event{}, fmt.Errorf("read what a letter tells of: %w", err)
	}
	return list[0], nil
}

func (d *Desk) reads(ctx context.Context, conversation string, told chat.Event) (bool, error) {
	marks, err := d.store.ReadMarks(ctx, []string{conversation})
	return marks[conversation].Visitor >= told.VisitorSeq, err
}

// hasRead tells whether the customer has read in the chat what a letter would tell of.
func (d *Desk) hasRead(ctx context.Context, c chat.Conversation) (bool, error) {
	if c.Letter == nil {
		return true, nil
	}
	told, err := d.word(ctx, c)
	if err != nil {
		return false, err
	}
	return d.reads(ctx, c.ID, told)
}

// stopped tells whether the customer, or somebody for them, has ended letters since the address was given.
func (d *Desk) stopped(ctx context.Context, c chat.Conversation, links []store.Link) (bool, error) {
	end, err := stoppedAt(ctx, d.store, c.Visitor)
	if err != nil {
		return false, err
	}
	for _, l := range links {
		if l.RevokedAt.After(end) {
			end = l.RevokedAt
		}
	}
	if end.IsZero() {
		return false, nil
	}
	given, err := d.addressGiven(ctx, c)
	return !given.After(end), err
}

// addressGiven is when the customer last gave an address in a conversation.
func (d *Desk) addressGiven(ctx context.Context, c chat.Conversation) (at time.Time, err error) {
	for after := int64(0); ; {
		list, err := d.store.EventsAfter(ctx, c.ID, store.ForVisitor, after, exportAtOnce)
		if err != nil || len(list) == 0 {
			return at, err
		}
		for _, e := range list {
			after = e.VisitorSeq
			if e.Detail.Reach && e.Contents.Fields["email"] != "" {
				at = e.At
			}
		}
	}
}

// tooMany tells whether a letter has to wait, because the conversation, the visitor or the address had enough of them
// lately. The links that went out are the count.
func (d *Desk) tooMany(ctx context.Context, c chat.Conversation, to string, links []store.Link) (bool, error) {
	now, today := d.now(), 0
	for _, l := range links {
		if l.Conversation == c.ID && now.Sub(l.CreatedAt) < letterEvery {
			return true, nil
		}
		if now.Sub(l.CreatedAt) < 24*time.Hour {
			today++
		}
	}
	if today >= lettersADay {
		return true, nil
	}
	count, _, err := d.store.Attempt(ctx, "letters "+hashToken(store.FoldEmail(to)), now, time.Hour)
	return count > lettersAnHour, err
}

// makeLink stores a new link into a conversation, and returns its token: 128 bits, of which the store has the hash
// alone.
func (d *Desk) makeLink(ctx context.Context, c chat.Conversation) (token string, l store.Link, err error) {
	token = d.newToken()
	now := d.now()
	l = store.Link{TokenHash: hashToken(token), Visitor: c.Visitor, Conversation: c.ID, CreatedAt: now, ExpiresAt: now.Add(linkLife)}
	return token, l, d.store.PutLink(ctx, l)
}

func (d *Desk) newToken() string {
	b := make([]byte, 16)
	d.random(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// letter says who answered, and where.
func (d *Desk) letter(ctx context.Context, c chat.Conversation, told chat.Event, to, token string, link store.Link) mail.Letter {
	l := mail.Letter{
		ID: fmt.Sprintf("%s.%d", c.ID, told.Pos), To: to, Language: c.Language, Who: cmp.Or(told.Contents.Name, c.Names[told.From.ID]),
		Link: d.public() + "/chat/?site=" + url.QueryEscape(c.Site) + "#" + token, At: told.At,
	}
	site, err := d.site(ctx, c.Site)
	if err != nil {
		site = staff.Site{} // a letter without a name is better than none
	}
	team := d.people().teams[c.Team]
	l.House = cmp.Or(site.Name, team.Name)
	l.Until = link.ExpiresAt.In(staff.HoursOf(site, team).Location())
	return l
}

// StopLink ends the links of the visitor whose link this is, and letters to them until they give an address anew; it is
// for whoever got a letter. address is where it was asked from, for the audit. A token that is no link is no error, so
// that nobody learns which there are.
func (d *Desk) StopLink(ctx context.Context, token, address string) error {
	l, err := d.store.Link(ctx, hashToken(token))
	if chat.KindOf(err) == chat.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return d.endLinks(ctx, l.Visitor, store.Act{At: d.now(), Actor: "visitor", Address: address, Verb: "stop_links", Object: l.Visitor})
}

// RevokeLinks ends the links of a visitor, and letters as StopLink does. Who may see one of their conversations may do
// so, and who may manage what is kept of people; not found for anybody else, and where there is no such visitor.
func (d *Desk) RevokeLinks(ctx context.Context, by staff.Principal, visitor string, act store.Act) error {
	if staff.Can(by, staff.ManageData, staff.Object{}) == "" {
		if _, err := d.store.Visitor(ctx, visitor); err != nil {
			return err
		}
	} else if _, _, err := d.Visits(ctx, by, visitor, store.Page{Limit: store.MaxPage}); err != nil {
		return err
	}
	return d.endLinks(ctx, visitor, act)
}

// endLinks ends links. The visitor's sockets are sent away for a moment: those that came by a link are not let in again.
func (d *Desk) endLinks(ctx context.Context, visitor string, act store.Act) error {
	if _, err := d.store.RevokeLinks(ctx, visitor, act.At, act); err != nil {
		return fmt.Errorf("revoke links: %w", err)
	}
	if err := d.store.PutSetting(ctx, stopSetting(visitor), []byte(act.At.UTC().Format(time.RFC3339Nano))); err != nil {
		return fmt.Errorf("remember that letters are stopped: %w", err)
	}
	d.bus.Signal(ctx, bus.Signal{Kind: bus.Revoked, From: chat.From{Role: chat.RoleVisitor, ID: visitor}, Reason: bus.Links})
	return nil
}

// stopSetting keeps when somebody stopped a visitor's letters for longer than the links are kept: until the visitor is
// erased. An address that is given later counts for more.
func stopSetting(visitor string) string { return "letters.stopped." + visitor }

// stoppedAt is when a visitor's letters were stopped last; zero if they never were.
func stoppedAt(ctx context.Context, s store.Store, visitor string) (time.Time, error) {
	b, err := s.Setting(ctx, stopSetting(visitor))
	if chat.KindOf(err) == chat.NotFound {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read whether letters are stopped: %w", err)
	}
	return time.Parse(time.RFC3339Nano, string(b))
}
